/* SPDX-License-Identifier: MIT */
/*
 * Every prefix of each shipped playbook and of its texts is refused, and every one-byte change of them refused or
 * loaded: always with file and line, never with a crash. Usage: shipped STRIDE (1: all). Ends with 'N passed, N
 * failed'.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "host/port.h"
#include "intake/embedded.h"
#include "intake/texts.h"
#include "plan/plan.h"

enum { SOURCES_MAX = 32, ID_SIZE = 64, FAILURES_SHOWN = 10, NAMES_BYTES = 1024 * 1024 };

struct tally {
    unsigned passed, failed;
};

static struct plan_source tables[SOURCES_MAX], playbooks[SOURCES_MAX];
static size_t table_count, playbook_count;

/* A document of a playbook: its logic, or its texts in one language. */
struct document {
    const char *name, *bytes;
    size_t size;
    struct plan_source *of;
    struct plan_text *text; /* NULL: the logic */
};

/* The document as these bytes, the other playbooks at hand for `requires`. */
static bool load(const struct document *document, const char *bytes, size_t size, struct err *err)
{
    struct plan_source *changed = document->of;
    const struct plan_source kept = *changed;
    const struct plan *plan = NULL;
    changed->selected = true;
    changed->id = NULL;
    if (document->text == NULL) {
        changed->document = NULL;
        changed->bytes = bytes;
        changed->size = size;
    } else {
        *document->text = (struct plan_text){document->name, bytes, size, NULL};
    }
    bool loaded = plan_load(tables, table_count, playbooks, playbook_count, NULL, 0, fuzz_arena(), &plan, err);
    *changed = kept;
    return loaded;
}

/* ids: one a source, the file's name without ".json". */
static size_t take_all(const struct embedded *shipped, struct plan_source *sources, char (*ids)[ID_SIZE])
{
    size_t count = 0;
    for (; shipped[count].name != NULL; count++) {
        must(count < SOURCES_MAX);
        (void)snprintf(ids[count], ID_SIZE, "%.*s", (int)(strlen(shipped[count].name) - strlen(".json")),
                       shipped[count].name);
        sources[count] =
            (struct plan_source){.file = shipped[count].name, .document = shipped[count].document, .id = ids[count]};
    }
    return count;
}

static void count(struct tally *tally, bool holds, const char *what, size_t at, const struct err *err)
{
    tally->passed += holds ? 1 : 0;
    tally->failed += holds ? 0 : 1;
    if (!holds && tally->failed <= FAILURES_SHOWN) {
        printf("FAIL %s at %zu: %s\n", what, at, err->text);
    }
}

static bool begins_with_place(const char *text, const char *file)
{
    return text_starts(text, file) && text[strlen(file)] == ':';
}

/* "kms-target.json:12: ...", or the same of one of its texts: an id that changed belongs to both. */
static bool names_place(const struct err *err, const struct document *document)
{
    bool named = begins_with_place(err->text, document->of->file);
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        named = named || begins_with_place(err->text, document->of->texts[language].file);
    }
    return (err->code == ERR_INVALID || err->code == ERR_LIMIT) && named;
}

static void try_prefix(const struct document *playbook, size_t size, struct tally *tally)
{
    struct err err = {0};
    bool refused = !load(playbook, playbook->bytes, size, &err);
    count(tally, refused && names_place(&err, playbook), "a prefix", size, &err);
}

static void try_change(const struct document *playbook, char *copy, size_t at, struct tally *tally)
{
    static const char changes[] = {'\\', '"', '{', '}', ',', ':', '0', ' ', '\n', '\0', '\x80', '\xff'};
    struct err err = {0};
    char kept = copy[at];
    copy[at] = changes[at % sizeof changes];
    bool loaded = load(playbook, copy, playbook->size, &err);
    count(tally, loaded || names_place(&err, playbook), "a change", at, &err);
    copy[at] = kept;
}

/* Once whole: else every row above fails for another reason. */
static void try_document(const struct document *playbook, size_t stride, struct tally *tally)
{
    struct buf copy AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&copy, LIMIT_PLAYBOOK_BYTES);
    buf_add(&copy, playbook->bytes, playbook->size);
    (void)buf_whole(&copy);
    count(tally, load(playbook, copy.bytes, copy.size, &err), playbook->name, 0, &err);
    size_t end = playbook->size;
    while (end > 0 && strchr("\r\n ", playbook->bytes[end - 1]) != NULL) {
        end--;
    }
    for (size_t at = 0; at < end; at += stride) {
        try_prefix(playbook, at, tally);
        try_change(playbook, copy.bytes, at, tally);
    }
}

/* As it stands in the tree: the program has only what it reads as. */
static void try_file(const char *file, struct plan_source *of, struct plan_text *text, size_t stride,
                     struct tally *tally)
{
    char path[4096];
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    (void)snprintf(path, sizeof path, "%s/playbooks/%s", AZMEND_SOURCE_DIR, file);
    buf_init(&bytes, LIMIT_PLAYBOOK_BYTES);
    must(port_file_read(path, LIMIT_PLAYBOOK_BYTES, &bytes, &err));
    try_document(&(struct document){file, buf_string(&bytes), bytes.size, of, text}, stride, tally);
}

int main(int argument_count, char **arguments)
{
    static char table_ids[SOURCES_MAX][ID_SIZE], playbook_ids[SOURCES_MAX][ID_SIZE];
    int64_t stride = 1;
    struct tally tally = {0};
    struct arena texts = {0};
    struct err err = {0};
    must(arena_open(&texts, NAMES_BYTES, &err));
    if (argument_count > 1 && (!text_to_int(arguments[1], &stride) || stride < 1)) {
        return 2;
    }
    table_count = take_all(embedded_tables, tables, table_ids);
    playbook_count = take_all(embedded_playbooks, playbooks, playbook_ids);
    must(playbook_count < SOURCES_MAX);
    (void)take_all(embedded_common, &playbooks[playbook_count], &playbook_ids[playbook_count]);
    playbooks[playbook_count++].is_common = true;
    for (size_t i = 0; i < playbook_count; i++) {
        texts_of_embedded(playbooks[i].id, &texts, playbooks[i].texts);
    }
    for (size_t i = 0; i < playbook_count; i++) {
        struct plan_source *of = &playbooks[i];
        try_file(of->file, of, NULL, (size_t)stride, &tally);
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            try_file(of->texts[language].file, of, &of->texts[language], (size_t)stride, &tally);
        }
    }
    arena_close(&texts);
    printf("%u passed, %u failed\n", tally.passed, tally.failed);
    return tally.failed == 0 ? 0 : 1;
}
