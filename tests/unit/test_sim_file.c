/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_file(void);

static const char machine[] = SIM_DOCUMENT(
    ", 'clock': {'utc': '2026-01-15T08:00:00Z'},"
    " 'files': {'%SystemRoot%\\\\System32\\\\hosts': {'text': 'a b', 'changedAt': '2025-01-01T00:00:00Z'},"
    " 'C:\\\\Raw': {'hex': '00ff', 'createdAt': '2024-01-01T00:00:00Z'}, 'C:\\\\Big': {'size': 99},"
    " 'C:\\\\Pipe': {'other': true}, 'C:\\\\Shut': {'text': 'x', 'denied': true},"
    " 'C:\\\\Gone': false, 'C:\\\\Store': {'folder': true}, 'C:\\\\Store\\\\tokens.dat': {'text': 'T'},"
    " 'C:\\\\Store\\\\cache\\\\cache.dat': {'text': 'C'}, 'C:\\\\Fixed': {'folder': true, 'readOnly': true},"
    " 'C:\\\\Fixed\\\\f': {'text': 'f', 'readOnly': true}}");

enum seen { ABSENT, REGULAR, FOLDER, OTHER, UNSCRIPTED, INVALID };

static const struct {
    const char *name, *path;
    enum seen seen;
    int64_t size;
} looks[] = {
    {"by variable", "%windir%\\system32\\HOSTS", REGULAR, 3},
    {"by drive and slash", "c:/windows/System32/hosts", REGULAR, 3},
    {"bytes", "C:\\Raw", REGULAR, 2},
    {"size alone", "C:\\Big", REGULAR, 99},
    {"no plain file", "C:\\Pipe", OTHER, 0},
    {"said to be absent", "C:\\Gone", ABSENT, 0},
    {"below what is absent", "C:\\Gone\\x", ABSENT, 0},
    {"folder", "C:\\Store", FOLDER, 0},
    {"not listed in a listed folder", "C:\\Store\\other", ABSENT, 0},
    {"folder between", "C:\\Store\\cache", FOLDER, 0},
    {"folder above", "C:\\Windows", FOLDER, 0},
    {"below a file", "C:\\Raw\\x", ABSENT, 0},
    {"not mentioned", "C:\\Else", UNSCRIPTED, 0},
    {"other drive", "D:\\Store", UNSCRIPTED, 0},
    {"no drive", "Store\\x", INVALID, 0},
    {"climbs", "C:\\Store\\..\\Raw", INVALID, 0},
    {"stands still", "C:\\.\\Raw", INVALID, 0},
    {"stream", "C:\\Raw:s", INVALID, 0},
    {"empty part", "C:\\Store\\\\x", INVALID, 0},
};

static enum seen see(struct sim *sim, const char *path, struct file_facts *ret_facts)
{
    static const enum seen forms[] = {[FILE_IS_REGULAR] = REGULAR, [FILE_IS_FOLDER] = FOLDER, [FILE_IS_OTHER] = OTHER};
    struct err err = {0};
    if (!sim_ops.file->query(sim, path, &sim_arena, ret_facts, &err)) {
        return err.code == ERR_UNSCRIPTED ? UNSCRIPTED : INVALID;
    }
    return ret_facts->exists ? forms[ret_facts->form] : ABSENT;
}

static void a_closed_world_knows_what_is_listed(void)
{
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct sim *sim = sim_make(machine);
        struct file_facts facts = {0};
        ROW_ASSERT(looks[i].name, see(sim, looks[i].path, &facts) == looks[i].seen);
        ROW_ASSERT(looks[i].name, facts.size_bytes == looks[i].size);
        sim_close(sim);
    }
}

static void contents_are_read_within_their_limit(void)
{
    static const struct {
        const char *path;
        size_t limit;
        const char *bytes;
        enum err_code code;
    } rows[] = {
        {"C:\\Windows\\System32\\hosts", 3, "a b", ERR_NONE},
        {"C:\\Windows\\System32\\hosts", 2, NULL, ERR_LIMIT},
        {"C:\\Gone", 9, NULL, ERR_NONE},
        {"C:\\Big", 999, NULL, ERR_UNSCRIPTED},
        {"C:\\Shut", 9, NULL, ERR_DENIED},
        {"C:\\Pipe", 9, NULL, ERR_INVALID},
        {"C:\\Store", 9, NULL, ERR_INVALID},
        {"C:\\Else", 9, NULL, ERR_UNSCRIPTED},
    };
    struct sim *sim = sim_make(machine);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct file_bytes bytes = {0};
        struct err err = {0};
        bool is_read = sim_ops.file->read(sim, rows[i].path, rows[i].limit, &sim_arena, &bytes, &err);
        ROW_ASSERT(rows[i].path, is_read == (rows[i].code == ERR_NONE) && err.code == rows[i].code);
        const char *text = bytes.exists ? arena_copy(&sim_arena, bytes.bytes, bytes.size) : NULL;
        ROW_ASSERT(rows[i].path, text_same(text, rows[i].bytes));
    }
    sim_close(sim);
}

static const char *list(struct sim *sim, const char *folder)
{
    struct file_names names = {0};
    struct err err = {0};
    if (!sim_ops.file->list(sim, folder, &sim_arena, &names, &err)) {
        return err_code_name(err.code);
    }
    const char *listed = names.exists ? "" : "absent";
    for (size_t i = 0; i < names.count; i++) {
        listed = arena_format(&sim_arena, "%s%s ", listed, names.items[i]);
    }
    return listed;
}

static void a_folder_holds_what_is_listed(void)
{
    struct sim *sim = sim_make(machine);
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Store"), "cache tokens.dat ");
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Store\\cache"), "cache.dat ");
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Store\\none"), "absent");
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Raw"), err_code_name(ERR_INVALID));
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Windows"), err_code_name(ERR_UNSCRIPTED));
    sim_close(sim);
}

#define FILES(members) SIM_DOCUMENT(", 'files': {" members "}")

static void changes_are_saved_in_the_notation_of_the_document(void)
{
    struct sim *sim =
        sim_make(FILES("'C:\\\\a': {'text': 'old', 'changedAt': '2025-01-01T00:00:00Z'}, 'C:\\\\d': {'folder': true},"
                       " 'C:\\\\d\\\\x': {'text': 'x', 'createdAt': '2025-01-01T00:00:00Z'}"));
    struct err err = {0};
    CU_ASSERT(sim_ops.file->write(sim, "c:\\A", "new", 3, &err) &&
              sim_ops.file->write(sim, "C:\\d\\Bin", "\0\1", 2, &err));
    CU_ASSERT(sim_ops.file->rename(sim, "C:\\d\\x", "C:\\d\\y", &err));
    CU_ASSERT(sim_ops.file->write(sim, "C:\\d\\brief", "", 0, &err) && sim_ops.file->remove(sim, "C:\\d\\brief", &err));
    CU_ASSERT(sim_is(
        sim, FILES("'C:\\\\a': {'text': 'new'}, 'C:\\\\d': {'folder': true}, 'C:\\\\d\\\\Bin': {'hex': '0001'},"
                   " 'C:\\\\d\\\\x': false, 'C:\\\\d\\\\y': {'text': 'x', 'createdAt': '2025-01-01T00:00:00Z'}")));
    sim_close(sim);
}

static void what_is_put_back_is_saved_as_it_was(void)
{
    struct sim *sim = sim_make(machine);
    struct err err = {0};
    CU_ASSERT(sim_ops.file->write(sim, "C:\\Raw", "other", 5, &err) && sim_ops.file->remove(sim, "C:\\Raw", &err));
    CU_ASSERT(sim_ops.file->write(sim, "C:\\RAW", "\0\xff", 2, &err));
    CU_ASSERT(sim_ops.file->rename(sim, "C:\\Store", "C:\\Gone", &err));
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Gone"), "cache tokens.dat ");
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Store"), "absent");
    CU_ASSERT(sim_ops.file->rename(sim, "C:\\Gone", "C:\\Store", &err));
    CU_ASSERT(sim_is(sim, machine));
    sim_close(sim);
}

static void time_of_a_change_is_the_virtual_one(void)
{
    struct sim *sim = sim_make(machine);
    struct file_facts facts = {0};
    struct err err = {0};
    sim_ops.clock->sleep_ms(sim, 2000);
    CU_ASSERT(sim_ops.file->write(sim, "C:\\Raw", "n", 1, &err) && see(sim, "C:\\Raw", &facts) == REGULAR);
    CU_ASSERT(facts.changed_at == 1768464002 && facts.created_at == 1704067200);
    sim_close(sim);
}

enum change { WRITE, DELETE, RENAME };

static const struct {
    const char *name;
    enum change change;
    const char *path, *to;
    enum err_code code;
    uint32_t os;
} refusals[] = {
    {"write where no folder is", WRITE, "C:\\Store\\none\\x", NULL, ERR_NOT_FOUND, 3},
    {"write over a folder", WRITE, "C:\\Store", NULL, ERR_INVALID, 0},
    {"write into a fixed folder", WRITE, "C:\\Fixed\\new", NULL, ERR_DENIED, 5},
    {"write a fixed file", WRITE, "C:\\Fixed\\f", NULL, ERR_DENIED, 5},
    {"write what is not mentioned", WRITE, "C:\\Else", NULL, ERR_UNSCRIPTED, 0},
    {"delete a folder", DELETE, "C:\\Store", NULL, ERR_INVALID, 0},
    {"delete a fixed file", DELETE, "C:\\Fixed\\f", NULL, ERR_DENIED, 5},
    {"delete what is absent", DELETE, "C:\\Gone", NULL, ERR_NONE, 0},
    {"rename what is absent", RENAME, "C:\\Gone", "C:\\Store\\x", ERR_NOT_FOUND, 3},
    {"rename over a file", RENAME, "C:\\Raw", "C:\\Big", ERR_IO, 183},
    {"rename into no folder", RENAME, "C:\\Raw", "C:\\Store\\none\\x", ERR_NOT_FOUND, 3},
    {"rename to what is not mentioned", RENAME, "C:\\Raw", "C:\\Else", ERR_UNSCRIPTED, 0},
    {"rename a fixed file", RENAME, "C:\\Fixed\\f", "C:\\Store\\f", ERR_DENIED, 5},
};

static bool change(struct sim *sim, size_t row, struct err *err)
{
    switch (refusals[row].change) {
    case WRITE:
        return sim_ops.file->write(sim, refusals[row].path, "x", 1, err);
    case DELETE:
        return sim_ops.file->remove(sim, refusals[row].path, err);
    case RENAME:
        return sim_ops.file->rename(sim, refusals[row].path, refusals[row].to, err);
    }
    return false;
}

static void a_refused_change_changes_nothing(void)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct sim *sim = sim_make(machine);
        struct err err = {0};
        ROW_ASSERT(refusals[i].name, change(sim, i, &err) == (refusals[i].code == ERR_NONE));
        ROW_ASSERT(refusals[i].name, err.code == refusals[i].code && err.os == refusals[i].os);
        ROW_ASSERT(refusals[i].name, sim_is(sim, machine));
        sim_close(sim);
    }
}

/* --- real files, under a fileRoot --- */

static struct sim *open_root(void)
{
    struct err err = {0};
    struct sim *sim = NULL;
    CU_ASSERT_FATAL(port_folder_create_private(sim_temporary("/root/C/Windows/Sub"), &err));
    CU_ASSERT_FATAL(port_file_replace(sim_temporary("/root/C/Windows/real.txt"), "real", 4, &err));
    CU_ASSERT_FATAL(port_file_replace(sim_temporary("/secret.txt"), "secret", 6, &err));
    CU_ASSERT_FATAL(sim_try(SIM_DOCUMENT(", 'fileRoot': 'root', 'files': {'C:\\\\Windows\\\\listed': {'text': 'l'},"
                                         " 'C:\\\\Closed': {'folder': true}}"),
                            sim_temporary("/machine.json"), &sim, &err));
    return sim;
}

static void close_root(struct sim *sim)
{
    static const char *const files[] = {"/root/C/Windows/real.txt", "/secret.txt", NULL};
    static const char *const folders[] = {"/root/C/Windows/Sub", "/root/C/Windows", "/root/C", "/root", "", NULL};
    sim_close(sim);
    sim_temporary_clear(files, folders);
}

static const char *read(struct sim *sim, const char *path)
{
    struct file_bytes bytes = {0};
    struct err err = {0};
    if (!sim_ops.file->read(sim, path, 100, &sim_arena, &bytes, &err)) {
        return err_code_name(err.code);
    }
    return bytes.exists ? arena_copy(&sim_arena, bytes.bytes, bytes.size) : "absent";
}

static void unlisted_files_lie_under_the_file_root(void)
{
    struct sim *sim = open_root();
    struct err err = {0};
    CU_ASSERT_STRING_EQUAL(read(sim, "%SystemRoot%\\real.txt"), "real");
    CU_ASSERT_STRING_EQUAL(read(sim, "c:\\WINDOWS\\Real.TXT"), "real");
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Windows\\listed"), "l");
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Windows\\none"), "absent");
    CU_ASSERT_STRING_EQUAL(read(sim, "D:\\Windows\\none"), "absent");
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Closed\\none"), "absent");
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Windows"), err_code_name(ERR_INVALID));
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\..\\..\\secret.txt"), err_code_name(ERR_INVALID));
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Windows"), "Sub real.txt ");
    CU_ASSERT(sim_ops.file->write(sim, "C:\\Windows\\Sub\\new.txt", "n", 1, &err));
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Windows\\Sub\\new.txt"), "n");
    CU_ASSERT(sim_ops.file->rename(sim, "C:\\Windows\\Sub\\new.txt", "C:\\Closed\\in", &err));
    CU_ASSERT_STRING_EQUAL(read(sim, "C:\\Closed\\in"), "n");
    CU_ASSERT_STRING_EQUAL(list(sim, "C:\\Windows\\Sub"), "");
    CU_ASSERT(!sim_ops.file->write(sim, "C:\\Windows\\None\\x", "n", 1, &err) && err.code == ERR_NOT_FOUND);
    CU_ASSERT(sim_unscripted(sim) == NULL);
    close_root(sim);
}

void suite_sim_file(void)
{
    SIM_SUITE("sim_file", UNIT_TEST(a_closed_world_knows_what_is_listed),
              UNIT_TEST(contents_are_read_within_their_limit), UNIT_TEST(a_folder_holds_what_is_listed),
              UNIT_TEST(changes_are_saved_in_the_notation_of_the_document),
              UNIT_TEST(what_is_put_back_is_saved_as_it_was), UNIT_TEST(time_of_a_change_is_the_virtual_one),
              UNIT_TEST(a_refused_change_changes_nothing), UNIT_TEST(unlisted_files_lie_under_the_file_root));
}
