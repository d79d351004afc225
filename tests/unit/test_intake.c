/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
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
    put("set/b.json", "B", 1);
    put("set/a.json", "A", 1);
    put("set/x.schema.json", "S", 1);
    put("set/readme.md", "R", 1);
    put("set/tables/t.json", "T", 1);
    put("set/tables/kms-endpoints.json", "mine", 4);
    return 0;
}

static int tear_down(void)
{
    static const char *const names[] = {"own.json",      "big.json",          "fifo.json",
                                        "set/b.json",    "set/a.json",        "set/x.schema.json",
                                        "set/readme.md", "set/tables/t.json", "set/tables/kms-endpoints.json"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        (void)unlink(path_of(names[i]));
    }
    (void)rmdir(path_of("set/tables"));
    (void)rmdir(path_of("set"));
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

static void without_a_name_all_built_in_ones_run(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){0}, &arena, &intake, &err));
    const struct plan_source *sources = intake.playbooks.items;
    CU_ASSERT_EQUAL(intake.playbooks.count, embedded_count(embedded_playbooks));
    CU_ASSERT_EQUAL(intake.tables.count, embedded_count(embedded_tables));
    for (size_t i = 0; i < intake.playbooks.count; i++) {
        CU_ASSERT(sources[i].selected && sources[i].size > 0);
    }
}

static void an_id_selects_one_and_keeps_the_rest_at_hand(void)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    const char *names[] = {"kms-target", "kms-target"};
    CU_ASSERT_FATAL(intake_collect(&(struct intake_request){.names = names, .count = 2}, &arena, &intake, &err));
    const struct plan_source *sources = intake.playbooks.items;
    CU_ASSERT_EQUAL(intake.playbooks.count, embedded_count(embedded_playbooks));
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

static void embedded_bytes_are_those_of_the_tree(void)
{
    for (const struct embedded *file = embedded_playbooks; file->name != NULL; file++) {
        struct buf bytes AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&bytes, LIMIT_PLAYBOOK_BYTES);
        const char *path = arena_format(&arena, "%s/playbooks/%s", AZMEND_SOURCE_DIR, file->name);
        CU_ASSERT_FATAL(port_file_read(path, LIMIT_PLAYBOOK_BYTES, &bytes, &err));
        ROW_ASSERT(file->name, bytes.size == file->size && memcmp(bytes.bytes, file->bytes, file->size) == 0);
        ROW_ASSERT(file->name, file->bytes[file->size] == '\0');
    }
}

void suite_intake(void);
void suite_intake(void)
{
    static CU_TestInfo tests[] = {UNIT_TEST(what_is_no_playbook_is_refused),
                                  UNIT_TEST(without_a_name_all_built_in_ones_run),
                                  UNIT_TEST(an_id_selects_one_and_keeps_the_rest_at_hand),
                                  UNIT_TEST(a_folder_brings_its_tables),
                                  UNIT_TEST(a_copy_under_another_name_stands_in),
                                  UNIT_TEST(embedded_bytes_are_those_of_the_tree),
                                  CU_TEST_INFO_NULL};
    CU_SuiteInfo suites[] = {{.pName = "intake", .pInitFunc = set_up, .pCleanupFunc = tear_down, .pTests = tests},
                             CU_SUITE_INFO_NULL};
    if (CU_register_suites(suites) != CUE_SUCCESS) {
        fprintf(stderr, "cannot register suite %s\n", suites[0].pName);
    }
}
