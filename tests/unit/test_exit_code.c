/* SPDX-License-Identifier: MIT */
#include "channel/options/exit_code.h"
#include "unit.h"

/* Written out from the design, on purpose apart from the tables they test. */
static const struct {
    const char *name;
    enum verdict verdict;
    int codes[EXIT_STYLE_COUNT]; /* plain, always-zero, completed, cloudbase */
} rows[] = {
    {"healthy", VERDICT_HEALTHY, {0, 0, 0, 0}},
    {"off", VERDICT_OFF, {5, 0, 0, 0}},
    {"fixed", VERDICT_FIXED, {0, 0, 0, 0}},
    {"would_fix", VERDICT_WOULD_FIX, {10, 0, 0, 10}},
    {"needs_reboot", VERDICT_NEEDS_REBOOT, {11, 0, 0, 1001}},
    {"needs_azure_change", VERDICT_NEEDS_AZURE_CHANGE, {12, 0, 0, 12}},
    {"needs_decision", VERDICT_NEEDS_DECISION, {13, 0, 0, 13}},
    {"not_fixed", VERDICT_NOT_FIXED, {14, 0, 0, 14}},
    {"undetermined", VERDICT_UNDETERMINED, {15, 0, 0, 15}},
    {"failed", VERDICT_FAILED, {1, 0, 1, 1}},
};

static const struct {
    const char *name;
    enum ending ending;
    int codes[EXIT_STYLE_COUNT];
} early_rows[] = {
    {"failed", ENDING_FAILED, {1, 0, 1, 1}},
    {"usage", ENDING_USAGE, {2, 0, 2, 2}},
    {"not elevated", ENDING_NOT_ELEVATED, {3, 0, 3, 3}},
    {"busy", ENDING_BUSY, {4, 0, 4, 4}},
};

static void every_ending_has_its_code(void)
{
    CU_ASSERT_EQUAL(COUNT_OF(early_rows) + 1, ENDING_COUNT); /* none for ENDING_NONE */
    for (size_t i = 0; i < COUNT_OF(early_rows); i++) {
        for (int style = 0; style < EXIT_STYLE_COUNT; style++) {
            ROW_ASSERT(early_rows[i].name,
                       exit_code_early(early_rows[i].ending, (enum exit_style)style) == early_rows[i].codes[style]);
        }
    }
}

static void every_verdict_has_its_code(void)
{
    CU_ASSERT_EQUAL(COUNT_OF(rows), VERDICT_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int style = 0; style < EXIT_STYLE_COUNT; style++) {
            ROW_ASSERT(rows[i].name, exit_code(rows[i].verdict, (enum exit_style)style) == rows[i].codes[style]);
        }
    }
}

void suite_exit_code(void);
void suite_exit_code(void)
{
    UNIT_SUITE("exit_code", UNIT_TEST(every_verdict_has_its_code), UNIT_TEST(every_ending_has_its_code));
}
