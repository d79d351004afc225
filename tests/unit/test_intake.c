/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/port.h"
#include "intake/embedded.h"
#include "intake/intake.h"
#include "unit.h"

static struct arena arena;
static char folder[] = "/tmp/azmend-intake-XXXXXX";

static const char *path_of(const char *name)
{
    return arena_format(&arena, "%s/%s", folder, name);
}

static void put(const char *name, const char *text, size_t size)
{
    struct err err = {0};
    if (!port_file_replace(path_of(name), text, size, &err)) {
        fprintf(stderr, "%s\n", err.text);
    }
}

/*
 * set/{b,a}.json, set/x.schema.json, set/readme.md, set/tables/t.json and set/deep/er.json as a zip, stored, made by
 * Python's zipfile; the second one holds a readme alone.
 */
static const char archive_hex[] =
    "504b03041400000000000000210031cfd04a01000000010000000a0000007365742f622e6a736f6e42504b030414000000000000002100"
    "8b9ed9d301000000010000000a0000007365742f612e6a736f6e41504b030414000000000000002100c3ef602001000000010000001100"
    "00007365742f782e736368656d612e6a736f6e53504b03041400000000000000210055df675701000000010000000d0000007365742f72"
    "6561646d652e6d6452504b030414000000000000002100607a04be0100000001000000110000007365742f7461626c65732f742e6a736f"
    "6e54504b030414000000000000002100046ab3a30100000001000000100000007365742f646565702f65722e6a736f6e44504b01021403"
    "1400000000000000210031cfd04a01000000010000000a00000000000000000000008001000000007365742f622e6a736f6e504b010214"
    "03140000000000000021008b9ed9d301000000010000000a00000000000000000000008001290000007365742f612e6a736f6e504b0102"
    "140314000000000000002100c3ef602001000000010000001100000000000000000000008001520000007365742f782e736368656d612e"
    "6a736f6e504b010214031400000000000000210055df675701000000010000000d00000000000000000000008001820000007365742f72"
    "6561646d652e6d64504b0102140314000000000000002100607a04be01000000010000001100000000000000000000008001ae00000073"
    "65742f7461626c65732f742e6a736f6e504b0102140314000000000000002100046ab3a301000000010000001000000000000000000000"
    "008001de0000007365742f646565702f65722e6a736f6e504b05060000000006000600670100000d0100000000";
static const char empty_hex[] =
    "504b03041400000000000000210055df6757010000000100000009000000726561646d652e6d6452504b01021403140000000000000021"
    "0055df67570100000001000000090000000000000000000000800100000000726561646d652e6d64504b05060000000001000100370000"
    "00280000000000";
#define ARCHIVE_SHA256 "bbeb1848b26e6ec5a510aa11a40abc8d9bdf3733a30a967954a445879cdbff73"
#define NO_SHA256 "0000000000000000000000000000000000000000000000000000000000000000"

static int digit_of(char letter)
{
    return letter <= '9' ? letter - '0' : letter - 'a' + 10;
}

static void put_hex(const char *name, const char *hex)
{
    size_t size = strlen(hex) / 2;
    char *bytes = arena_alloc(&arena, size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(digit_of(hex[2 * i]) * 16 + digit_of(hex[2 * i + 1]));
    }
    put(name, bytes, size);
}

static int set_up(void)
{
    struct err err = {0};
    static char twenty_megabytes[20 * 1024 * 1024];
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err) || mkdtemp(folder) == NULL) {
        return 1;
    }
    (void)mkdir(path_of("set"), 0700);
    (void)mkdir(path_of("set/tables"), 0700);
    (void)mkdir(path_of("empty"), 0700);
    (void)mkfifo(path_of("fifo.json"), 0600);
    put("own.json", "{}", 2);
    put("big.json", twenty_megabytes, sizeof(twenty_megabytes));
    put_hex("bundle", archive_hex);
    put_hex("readme.zip", empty_hex);
    put("plain.tar", "x", 1);
    put("set/b.json", "B", 1);
    put("set/a.json", "A", 1);
    put("set/x.schema.json", "S", 1);
    put("set/readme.md", "R", 1);
    (void)mkdir(path_of("set/texts"), 0700);
    put("set/texts/a.ja.json", "a in Japanese", 13);
    put("set/texts/a.en.json", "a in English", 12);
    (void)mkdir(path_of("stray"), 0700);
    (void)mkdir(path_of("stray/texts"), 0700);
    put("stray/a.json", "A", 1);
    put("set/tables/t.json", "T", 1);
    put("set/tables/kms-endpoints.json", "mine", 4);
    (void)mkdir(path_of("pins"), 0700);
    (void)mkdir(path_of("pins/tables"), 0700);
    put("pins/tables/t.json", "T", 1);
    return 0;
}

static int tear_down(void)
{
    static const char *const names[] = {"own.json",
                                        "bundle",
                                        "readme.zip",
                                        "plain.tar",
                                        "big.json",
                                        "fifo.json",
                                        "set/b.json",
                                        "set/a.json",
                                        "set/x.schema.json",
                                        "set/readme.md",
                                        "set/tables/t.json",
                                        "set/tables/kms-endpoints.json",
                                        "pins/tables/t.json",
                                        "set/texts/a.en.json",
                                        "set/texts/a.ja.json",
                                        "stray/a.json"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        (void)unlink(path_of(names[i]));
    }
    (void)rmdir(path_of("set/tables"));
    (void)rmdir(path_of("set/texts"));
    (void)rmdir(path_of("stray/texts"));
    (void)rmdir(path_of("stray"));
    (void)rmdir(path_of("set"));
    (void)rmdir(path_of("pins/tables"));
    (void)rmdir(path_of("pins"));
    (void)rmdir(path_of("empty"));
    (void)rmdir(folder);
    arena_close(&arena);
    return 0;
}

static size_t embedded_count(const struct embedded *list)
{
    size_t count = 0;
    while (list[count].name != NULL) {
        count++;
    }
    return count;
}

static const struct {
    const char *name;
    enum err_code code;
    const char *text;
} refused[] = {
    {"absent.json", ERR_NOT_FOUND, "neither a built-in playbook (azmend list) nor a file or folder"},
    {"fifo.json", ERR_NONE, "--playbook: "},
    {"/dev/zero", ERR_NONE, "--playbook: "},
    {"big.json", ERR_LIMIT, "--playbook: "},
    {"empty", ERR_NOT_FOUND, "no playbook (*.json) in this folder"},
    {"readme.zip", ERR_NOT_FOUND, "no playbook (*.json) in this archive"},
    {"x.zip", ERR_NOT_FOUND, "neither a built-in playbook"},
    {"https://example.test/x.json?sig=secret", ERR_INVALID, "x.json: a URL needs --sha256"},
    {"http://example.test/x.json", ERR_INVALID, "a URL needs --sha256"},
};

static void what_is_no_playbook_is_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct intake intake AUTO(intake_clear) = {0};
        struct err err = {0};
        bool is_plain = strchr(refused[i].name, '/') == NULL;
        const char *name = is_plain ? path_of(refused[i].name) : refused[i].name;
        ROW_ASSERT(refused[i].name,
                   !intake_collect(&(struct intake_request){.names = &name, .count = 1}, &arena, &intake, &err));
        ROW_ASSERT(refused[i].name, refused[i].code == ERR_NONE || err.code == refused[i].code);
        ROW_ASSERT(refused[i].name, strstr(err.text, refused[i].text) != NULL);
    }
}

/* Newer tables must not leave a run with nothing to do. */
static void with_tables_alone_all_built_in_ones_run(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *name = path_of("pins");
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){.names = &name, .count = 1}, &arena, &intake, &err));
    const struct plan_source *sources = intake.playbooks.items;
    CU_ASSERT_EQUAL(intake.playbooks.count, embedded_count(embedded_playbooks) + 1);
    CU_ASSERT_EQUAL(intake.tables.count, embedded_count(embedded_tables) + 1);
    for (size_t i = 0; i < intake.playbooks.count; i++) {
        CU_ASSERT(sources[i].selected != sources[i].is_common);
    }
}

static void without_a_name_all_built_in_ones_run(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){0}, &arena, &intake, &err));
    const struct plan_source *sources = intake.playbooks.items;
    CU_ASSERT_EQUAL(intake.playbooks.count, embedded_count(embedded_playbooks) + 1);
    CU_ASSERT_EQUAL(intake.tables.count, embedded_count(embedded_tables));
    for (size_t i = 0; i < intake.playbooks.count; i++) {
        CU_ASSERT(sources[i].selected != sources[i].is_common && sources[i].document != NULL);
    }
}

static void an_id_selects_one_and_keeps_the_rest_at_hand(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *names[] = {"kms-target", "kms-target"};
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){.names = names, .count = 2}, &arena, &intake, &err));
    const struct plan_source *sources = intake.playbooks.items;
    CU_ASSERT_EQUAL(intake.playbooks.count, embedded_count(embedded_playbooks) + 1);
    CU_ASSERT_STRING_EQUAL(sources[0].file, "kms-target.json");
    CU_ASSERT(sources[0].selected);
    for (size_t i = 1; i < intake.playbooks.count; i++) {
        CU_ASSERT(!sources[i].selected);
    }
}

static size_t count_named(const struct arena_list *sources, const char *end)
{
    const struct plan_source *items = sources->items;
    size_t count = 0;
    for (size_t i = 0; i < sources->count; i++) {
        count += text_ends(items[i].file, end) ? 1 : 0;
    }
    return count;
}

static void a_folder_brings_its_tables(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *name = path_of("set");
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){.names = &name, .count = 1}, &arena, &intake, &err));
    const struct plan_source *playbooks = intake.playbooks.items;
    const struct plan_source *tables = intake.tables.items;
    CU_ASSERT_FATAL(intake.playbooks.count >= 2 && intake.tables.count >= 2);
    CU_ASSERT(text_ends(playbooks[0].file, "set/a.json") && text_ends(playbooks[1].file, "set/b.json"));
    CU_ASSERT(playbooks[0].selected && playbooks[0].bytes[0] == 'A' && playbooks[0].size == 1);
    CU_ASSERT(intake.playbooks.count == 2 || !playbooks[2].selected);
    CU_ASSERT_EQUAL(count_named(&intake.tables, "kms-endpoints.json"), 1); /* the given one wins */
    CU_ASSERT(text_ends(tables[0].file, "tables/kms-endpoints.json") && tables[0].bytes[0] == 'm');
}

static void texts_come_with_their_playbook(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *name = path_of("set");
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){.names = &name, .count = 1}, &arena, &intake, &err));
    const struct plan_source *playbooks = intake.playbooks.items;
    CU_ASSERT(text_ends(playbooks[0].texts[LANGUAGE_EN].file, "texts/a.en.json"));
    CU_ASSERT(playbooks[0].texts[LANGUAGE_EN].size == 12 && playbooks[0].texts[LANGUAGE_JA].size == 13);
    CU_ASSERT(playbooks[1].texts[LANGUAGE_EN].bytes == NULL && playbooks[1].texts[LANGUAGE_JA].bytes == NULL);
    for (size_t i = 2; i < intake.playbooks.count; i++) { /* built in: every language */
        ROW_ASSERT(playbooks[i].file, playbooks[i].texts[LANGUAGE_EN].document != NULL &&
                                          playbooks[i].texts[LANGUAGE_JA].document != NULL);
    }
}

/* Another playbook's, no language that this program speaks, no language at all. */
static void texts_without_a_playbook_are_refused(void)
{
    static const char *const names[] = {"b.en.json", "a.tlh.json", "a.json", "a.en.ja.json", "aa.en.json"};
    const char *folder_name = path_of("stray");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct intake intake AUTO(intake_clear) = {0};
        struct err err = {0};
        const char *stray = arena_format(&arena, "stray/texts/%s", names[i]);
        put(stray, "{}", 2);
        ROW_ASSERT(names[i],
                   !intake_collect(&(struct intake_request){.names = &folder_name, .count = 1}, &arena, &intake, &err));
        ROW_ASSERT(names[i], err.code == ERR_INVALID && strstr(err.text, "expected PLAYBOOK.LANGUAGE.json") != NULL &&
                                 strstr(err.text, names[i]) != NULL);
        (void)unlink(path_of(stray));
    }
}

static void an_archive_is_a_folder_whatever_its_name(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *name = path_of("bundle");
    const struct intake_request request = {.names = &name, .count = 1, .sha256 = ARCHIVE_SHA256};
    CU_ASSERT_FATAL(intake_collect(&request, &arena, &intake, &err));
    const struct plan_source *playbooks = intake.playbooks.items;
    const struct plan_source *tables = intake.tables.items;
    CU_ASSERT_EQUAL_FATAL(intake.playbooks.count, 3 + embedded_count(embedded_playbooks));
    CU_ASSERT_EQUAL_FATAL(intake.tables.count, 1 + embedded_count(embedded_tables));
    CU_ASSERT(text_ends(playbooks[0].file, "bundle/set/b.json") && playbooks[0].bytes[0] == 'B');
    CU_ASSERT(text_ends(playbooks[1].file, "bundle/set/a.json") && playbooks[1].selected && !playbooks[2].selected);
    CU_ASSERT(text_ends(tables[0].file, "bundle/set/tables/t.json") && tables[0].size == 1);
}

static const struct {
    const char *name, *sha256, *text;
} pins[] = {
    {"bundle", ARCHIVE_SHA256, NULL},
    {"bundle", NO_SHA256, "bundle: its SHA-256 is " ARCHIVE_SHA256 ", not " NO_SHA256},
    {"plain.tar", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", NULL},
    {"plain.tar", "2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881", NULL},
    {"plain.tar", NO_SHA256, "plain.tar: its SHA-256 is 2d711642"},
    {"set", NO_SHA256, "--sha256 is for a file, an archive or a URL"},
};

static void what_was_pinned_is_what_is_taken(void)
{
    for (size_t i = 0; i < COUNT_OF(pins); i++) {
        struct intake intake AUTO(intake_clear) = {0};
        struct err err = {0};
        const char *name = path_of(pins[i].name);
        const struct intake_request request = {.names = &name, .count = 1, .sha256 = pins[i].sha256};
        bool is_taken = intake_collect(&request, &arena, &intake, &err);
        ROW_ASSERT(pins[i].name, is_taken == (pins[i].text == NULL));
        ROW_ASSERT(pins[i].name, is_taken || strstr(err.text, pins[i].text) != NULL);
    }
    const char *built_in = "kms-target";
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const struct intake_request request = {.names = &built_in, .count = 1, .sha256 = NO_SHA256};
    CU_ASSERT(!intake_collect(&request, &arena, &intake, &err));
}

static const struct {
    const char *name, *text;
    size_t built_in; /* how many of kms-target.json remain */
} copies[] = {
    {"the same id", "{\"id\": \"kms-target\"}", 0},
    {"spread over lines", "{\"version\": \"1\",\r\n \"id\"\t:\n  \"kms-target\"}", 0},
    {"no blanks", "{\"id\":\"kms-target\"}", 0},
    {"another id", "{\"id\": \"kms-target-2\"}", 1},
    {"the word elsewhere", "{\"after\": [\"kms-target\"], \"id\": \"x\"}", 1},
    {"the word alone", "\"kms-target\"", 1},
    {"another member", "{\"grid\": \"kms-target\"}", 1},
};

static void a_copy_under_another_name_stands_in(void)
{
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        struct intake intake AUTO(intake_clear) = {0};
        struct err err = {0};
        const char *name = path_of("own.json");
        put("own.json", copies[i].text, strlen(copies[i].text));
        ROW_ASSERT(copies[i].name,
                   intake_collect(&(struct intake_request){.names = &name, .count = 1}, &arena, &intake, &err));
        ROW_ASSERT(copies[i].name, count_named(&intake.playbooks, "kms-target.json") == copies[i].built_in);
    }
}

static void read_shipped(const char *name, struct buf *bytes)
{
    struct err err = {0};
    const char *path = arena_format(&arena, "%s/playbooks/%s", AZMEND_SOURCE_DIR, name);
    buf_init(bytes, LIMIT_PLAYBOOK_BYTES);
    CU_ASSERT_FATAL(port_file_read(path, LIMIT_PLAYBOOK_BYTES, bytes, &err));
}

/* Down to the line of every value, its name and its container. */
static bool same_tree(const struct json *one, const struct json *other)
{
    bool same = one->type == other->type && one->line == other->line && one->count == other->count &&
                text_same(one->name != NULL ? one->name : "", other->name != NULL ? other->name : "") &&
                (one->name == NULL) == (other->name == NULL);
    switch (one->type) {
    case JSON_NULL:
        return same;
    case JSON_BOOL:
        return same && one->as.boolean == other->as.boolean;
    case JSON_INT:
        return same && one->as.integer == other->as.integer;
    case JSON_TEXT:
        return same && text_same(one->as.text, other->as.text);
    case JSON_ARRAY:
    case JSON_OBJECT:
        for (uint32_t i = 0; same && i < one->count; i++) {
            const struct json *item = &one->as.items[i];
            same = item->parent == one && other->as.items[i].parent == other && same_tree(item, &other->as.items[i]);
        }
        return same;
    }
    return false;
}

static void embedded_trees_are_what_the_files_read_as(void)
{
    const struct {
        const struct embedded *list;
        const char *folder;
    } lists[] = {
        {embedded_playbooks, ""}, {embedded_common, ""}, {embedded_texts, "texts/"}, {embedded_tables, "tables/"}};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        CU_ASSERT_PTR_NOT_NULL(lists[i].list->name);
        for (const struct embedded *file = lists[i].list; file->name != NULL; file++) {
            const struct json_source source = {.file = file->name, .limit = LIMIT_PLAYBOOK_BYTES};
            const struct json *document = NULL;
            struct buf bytes AUTO(buf_clear) = {0};
            struct err err = {0};
            read_shipped(arena_format(&arena, "%s%s", lists[i].folder, file->name), &bytes);
            CU_ASSERT_FATAL(json_load(buf_string(&bytes), bytes.size, &source, &arena, &document, &err));
            ROW_ASSERT(file->name, file->document->parent == NULL && same_tree(file->document, document));
        }
    }
}

static void built_in_playbooks_are_named_by_their_bytes(void)
{
    for (const struct embedded *file = embedded_playbooks; file->name != NULL; file++) {
        uint8_t digest[PORT_SHA256_BYTES];
        struct buf bytes AUTO(buf_clear) = {0};
        struct err err = {0};
        read_shipped(file->name, &bytes);
        CU_ASSERT_FATAL(port_sha256(buf_string(&bytes), bytes.size, digest, &err));
        const char *told = embedded_sha256(file->name);
        ROW_ASSERT(file->name, told != NULL && text_same(told, hex_encode(&arena, digest, sizeof(digest))));
    }
    CU_ASSERT_PTR_NULL(embedded_sha256("nothing.json"));
}

void suite_intake(void);
void suite_intake(void)
{
    OPENED_SUITE("intake", set_up, tear_down, UNIT_TEST(what_is_no_playbook_is_refused),
                 UNIT_TEST(without_a_name_all_built_in_ones_run), UNIT_TEST(with_tables_alone_all_built_in_ones_run),
                 UNIT_TEST(an_id_selects_one_and_keeps_the_rest_at_hand), UNIT_TEST(a_folder_brings_its_tables),
                 UNIT_TEST(an_archive_is_a_folder_whatever_its_name), UNIT_TEST(texts_come_with_their_playbook),
                 UNIT_TEST(texts_without_a_playbook_are_refused), UNIT_TEST(what_was_pinned_is_what_is_taken),
                 UNIT_TEST(a_copy_under_another_name_stands_in), UNIT_TEST(embedded_trees_are_what_the_files_read_as),
                 UNIT_TEST(built_in_playbooks_are_named_by_their_bytes));
}
