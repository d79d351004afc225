/* SPDX-License-Identifier: MIT */
/* Playbooks for tests, written with ' for " so that they can be read; loaded into an arena of their own. */
#ifndef AZMEND_TESTS_PLAN_FIXTURE_H
#define AZMEND_TESTS_PLAN_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "plan/plan.h"
#include "unit.h"

enum { PLAN_ARENA = 32 * 1024 * 1024, PLAN_PLAYBOOKS = 4 };

struct plan_fixture {
    struct arena arena;
    const struct plan *plan;
    struct err err;
};

static inline void plan_open(struct plan_fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    if (!arena_open(&fixture->arena, PLAN_ARENA, &fixture->err)) {
        abort();
    }
}

static inline void plan_close(struct plan_fixture *fixture)
{
    arena_close(&fixture->arena);
}

/* The text with every ' made a ". */
static inline char *plan_quoted(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *letter = copy; *letter != '\0'; letter++) {
        *letter = *letter == '\'' ? '"' : *letter;
    }
    return copy;
}

static inline struct plan_source plan_document(struct arena *arena, const char *file, const char *text)
{
    const char *bytes = plan_quoted(arena, text);
    return (struct plan_source){.file = file, .bytes = bytes, .size = strlen(bytes), .selected = true};
}

/* What a test loads: NULL-ended texts; file names are t0.json, ... and p0.json, ... */
struct plan_texts {
    const char *tables[2], *playbooks[PLAN_PLAYBOOKS];
    struct plan_parameter given[2];
    bool unselected[PLAN_PLAYBOOKS];
    const char *apart[LANGUAGE_COUNT]; /* texts beside the first playbook: p0.en.json, ... */
};

/* What stands behind the first 'id', as every test writes it. */
static inline const char *plan_id(struct arena *arena, const char *text)
{
    static const char head[] = "{'id':'";
    bool has_id = strncmp(text, head, sizeof(head) - 1) == 0;
    return has_id ? arena_copy(arena, text + sizeof(head) - 1, strcspn(text + sizeof(head) - 1, "'")) : NULL;
}

static inline bool plan_try(struct plan_fixture *fixture, const struct plan_texts *texts)
{
    struct plan_source tables[COUNT_OF(texts->tables)];
    struct plan_source playbooks[PLAN_PLAYBOOKS];
    size_t table_count = 0;
    size_t count = 0;
    size_t given = 0;
    struct arena *arena = &fixture->arena;
    for (; table_count < COUNT_OF(texts->tables) && texts->tables[table_count] != NULL; table_count++) {
        const char *file = arena_format(arena, "t%zu.json", table_count);
        tables[table_count] = plan_document(arena, file, texts->tables[table_count]);
    }
    for (; count < PLAN_PLAYBOOKS && texts->playbooks[count] != NULL; count++) {
        playbooks[count] = plan_document(arena, arena_format(arena, "p%zu.json", count), texts->playbooks[count]);
        playbooks[count].selected = !texts->unselected[count];
        playbooks[count].id = plan_id(arena, texts->playbooks[count]);
    }
    for (int language = 0; language < LANGUAGE_COUNT && texts->apart[language] != NULL; language++) {
        const char *file = arena_format(arena, "p0.%s.json", language_names[language]);
        const char *bytes = plan_quoted(arena, texts->apart[language]);
        playbooks[0].texts[language] = (struct plan_text){.file = file, .bytes = bytes, .size = strlen(bytes)};
    }
    while (given < COUNT_OF(texts->given) && texts->given[given].name != NULL) {
        given++;
    }
    return plan_load(tables, table_count, playbooks, count, texts->given, given, arena, &fixture->plan, &fixture->err);
}

/* Refused, and the message holds this part. */
static inline bool plan_refused(struct plan_fixture *fixture, const struct plan_texts *texts, const char *part)
{
    if (plan_try(fixture, texts)) {
        printf("\n    loaded, expected \"%s\"", part);
        return false;
    }
    if (fixture->err.code == ERR_NONE || strstr(fixture->err.text, part) == NULL) {
        printf("\n    %s\n    expected \"%s\"", fixture->err.text, part);
        return false;
    }
    return true;
}

/* With AZMEND_PLAYBOOKS naming a folder: what the loader takes goes there, for tests/golden/kinds to hold the schema to
 * it. */
static inline void plan_keep(struct plan_fixture *fixture, const struct plan_texts *texts)
{
    static size_t number;
    const char *folder = getenv("AZMEND_PLAYBOOKS");
    for (size_t i = 0; folder != NULL && i < PLAN_PLAYBOOKS && texts->playbooks[i] != NULL; i++) {
        FILE *file = fopen(arena_format(&fixture->arena, "%s/%zu.json", folder, ++number), "wb");
        if (file != NULL) {
            fputs(plan_quoted(&fixture->arena, texts->playbooks[i]), file);
            fclose(file);
        }
    }
}

static inline bool plan_accepted(struct plan_fixture *fixture, const struct plan_texts *texts)
{
    bool loaded = plan_try(fixture, texts);
    if (loaded) {
        plan_keep(fixture, texts);
    } else {
        printf("\n    %s", fixture->err.text);
    }
    return loaded;
}

/* The members that every playbook has and no test is about. */
#define PLAN_HEAD(id) "{'id':'" id "','version':'1','title':{'en':'t'},'source':'s'"
/* A finding that stands when `when` is true; more: further members, each with a comma before it. */
#define PLAN_FINDING(id, when, more)                                                                                   \
    "{'id':'" id "','severity':'error','when':" when ",'title':{'en':'t'},'detail':{'en':'d'}" more "}"

#endif
