/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "channel/handler/place.h"
#include "unit.h"

void suite_handler_place(void);

enum { ARENA_BYTES = 4 * 1024 * 1024 };

#define FOLDERS "\"logFolder\": \"L\", \"configFolder\": \"C\", \"statusFolder\": \"S\", \"heartbeatFile\": \"H\""
#define WHOLE "[{\"name\": \"n\", \"version\": 1.0, \"handlerEnvironment\": {" FOLDERS "}}]"

static const struct {
    const char *name, *text;
    const char *error; /* NULL: taken */
} rows[] = {
    {"as the Linux agent writes it", WHOLE, NULL},
    {"with a byte order mark", "\xEF\xBB\xBF" WHOLE, NULL},
    {"as Arc writes it",
     "[{\"version\": 1.0, \"handlerEnvironment\": {" FOLDERS ", \"deploymentid\": \"\", \"rolename\": "
     "\"\", \"instance\": \"\", \"hostResolverAddress\": \"\"}}]",
     NULL},
    {"with members that nobody knows", "[{\"new\": [1e9, {}], \"handlerEnvironment\": {" FOLDERS ", \"x\": 2.5}}]",
     NULL},
    {"without a log folder", "[{\"handlerEnvironment\": {\"configFolder\": \"C\", \"statusFolder\": \"S\"}}]", NULL},
    {"two of them", "[{\"handlerEnvironment\": {" FOLDERS "}}, {}]", NULL},
    {"nothing", "", "found the end"},
    {"a mark alone", "\xEF\xBB\xBF", "found the end"},
    {"half-written", "[{\"name\": \"n\", \"handlerEnvironment\": {\"logFol", "expected"},
    {"UTF-16", "\xFF\xFE[", "UTF-16"},
    {"a bare object", "{\"handlerEnvironment\": {" FOLDERS "}}", "expected array"},
    {"an empty array", "[]", "handlerEnvironment"},
    {"no environment in it", "[{}]", "handlerEnvironment"},
    {"no object", "[{\"handlerEnvironment\": 1}]", "handlerEnvironment"},
    {"no status folder", "[{\"handlerEnvironment\": {\"configFolder\": \"C\"}}]", "no statusFolder"},
    {"an empty folder", "[{\"handlerEnvironment\": {\"configFolder\": \"\", \"statusFolder\": \"S\"}}]",
     "configFolder"},
    {"a folder of the wrong type", "[{\"handlerEnvironment\": {\"configFolder\": 1, \"statusFolder\": \"S\"}}]",
     "configFolder"},
    {"twice the same", "[{\"handlerEnvironment\": {" FOLDERS ", " FOLDERS "}}]", "stands twice"},
};

static void the_environment_is_read_for_its_folders(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena AUTO(arena_close) = {0};
        struct handler_place place = {0};
        struct err err = {0};
        CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
        bool is_taken = handler_place_read(rows[i].text, strlen(rows[i].text), "e.json", &arena, &place, &err);
        ROW_ASSERT(rows[i].name, is_taken == (rows[i].error == NULL));
        ROW_ASSERT(rows[i].name, !is_taken || (text_same(place.config, "C") && text_same(place.status, "S")));
        ROW_ASSERT(rows[i].name, is_taken || strstr(err.text, rows[i].error) != NULL);
    }
}

/* The agent may be at any byte of it. */
static void no_part_of_it_is_taken_for_the_whole(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    for (size_t size = 0; size < strlen(WHOLE); size++) {
        struct handler_place place = {0};
        size_t mark = arena_mark(&arena);
        CU_ASSERT(!handler_place_read(WHOLE, size, "e.json", &arena, &place, &err) && place.config == NULL);
        arena_release(&arena, mark);
    }
}

static const struct {
    const char *name;
    int64_t number; /* -1: none */
} names[] = {
    {"0.settings", 0},
    {"7.settings", 7},
    {"2147483647.settings", INT32_MAX},
    {"012.settings", 12},
    {"2147483648.settings", -1},
    {"99999999999999999999.settings", -1},
    {"-1.settings", -1},
    {".settings", -1},
    {"settings", -1},
    {"a.7.settings", -1},
    {"7.settings.bak", -1},
    {"7 .settings", -1},
    {"+7.settings", -1},
    {"7.status", -1},
    {"7..settings", -1},
    {"", -1},
    {"0x7.settings", -1},
};

static void settings_are_known_by_their_number(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        int64_t number = -1;
        bool is_one = handler_number(names[i].name, HANDLER_SETTINGS_SUFFIX, &arena, &number);
        ROW_ASSERT(names[i].name, is_one == (names[i].number >= 0));
        ROW_ASSERT(names[i].name, !is_one || number == names[i].number);
    }
}

void suite_handler_place(void)
{
    UNIT_SUITE("handler place", UNIT_TEST(the_environment_is_read_for_its_folders),
               UNIT_TEST(no_part_of_it_is_taken_for_the_whole), UNIT_TEST(settings_are_known_by_their_number));
}
