/* SPDX-License-Identifier: MIT */
/* What follows a failed replacement: every end that ReplaceFileW documents, and every other one. */
#include "base/err.h"
#include "host/replacing.h"
#include "unit.h"

void suite_replacing(void);

enum { DENIED = 5, SHARING = 32, INVALID = 87, DISK_FULL = 112, REMOVE = 1175, MOVE = 1176, MOVE_2 = 1177 };

/* Source: https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew, "Return value" */
static const struct {
    const char *name;
    uint32_t failure;
    struct replacing_names names; /* file, backup, replacement */
    enum replacing_step step;
} rows[] = {
    {"the old file could not be deleted", REMOVE, {true, false, true}, REPLACING_AGAIN},
    {"the new file could not be renamed, with a backup name", MOVE, {true, false, true}, REPLACING_AGAIN},
    {"the new file could not be renamed, without one", MOVE, {false, false, true}, REPLACING_MOVE_IN},
    {"the new file could not be moved", MOVE_2, {false, true, true}, REPLACING_PUT_BACK},
    {"the new file could not be moved, and the old one is back", MOVE_2, {true, false, true}, REPLACING_AGAIN},
    {"another process holds it", SHARING, {true, false, true}, REPLACING_AGAIN},
    {"it is being scanned", DENIED, {true, false, true}, REPLACING_AGAIN},
    {"a backup of an earlier one is left", SHARING, {true, true, true}, REPLACING_AGAIN},
    {"any other code", INVALID, {true, false, true}, REPLACING_GIVE_UP},
    {"a full disk", DISK_FULL, {true, false, true}, REPLACING_GIVE_UP},
    {"no code says that the old file is gone: it is seen", INVALID, {false, true, true}, REPLACING_PUT_BACK},
    {"nor that the new one is left alone", SHARING, {false, false, true}, REPLACING_MOVE_IN},
    {"the old file is kept before the new one is thought of", MOVE_2, {false, true, false}, REPLACING_PUT_BACK},
    {"nothing is left", MOVE, {false, false, false}, REPLACING_LOST},
};

static void what_follows_is_decided_by_what_stands(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].name, replacing_next(rows[i].failure, &rows[i].names) == rows[i].step);
    }
}

/* Whatever the code: one more try or an end only while the old file has its name. */
static void no_end_leaves_a_name_empty(void)
{
    for (uint32_t failure = 0; failure < 2000; failure++) {
        for (unsigned bits = 0; bits < 8; bits++) {
            const struct replacing_names names = {(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0};
            enum replacing_step step = replacing_next(failure, &names);
            bool is_settled = step == REPLACING_AGAIN || step == REPLACING_GIVE_UP;
            CU_ASSERT(is_settled == names.file);
            CU_ASSERT((step == REPLACING_PUT_BACK) == (!names.file && names.backup));
            CU_ASSERT((step == REPLACING_LOST) == (bits == 0));
        }
    }
}

void suite_replacing(void)
{
    UNIT_SUITE("replacing", UNIT_TEST(what_follows_is_decided_by_what_stands), UNIT_TEST(no_end_leaves_a_name_empty));
}
