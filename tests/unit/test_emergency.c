/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "channel/run/emergency.h"
#include "json/json.h"
#include "report/result_fields.h"
#include "unit.h"

static const struct {
    const char *name, *what, *run_id;
} rows[] = {
    {"plain", "out of memory", "20260115T080000Z-00000000"},
    {"no run yet", "out of memory", NULL},
    {"hostile", "\"}\n\\ \x01 \xff", "\"\\\n"},
    {"long",
     "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
     "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
     "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
     "0123456789012345678901234567890123456789012345678901234567890123456789"},
};

static void the_last_word_is_a_result(void)
{
    static const struct json_source source = {.file = "line", .limit = LIMIT_STDOUT_BYTES};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena AUTO(arena_close) = {0};
        const struct json *document = NULL;
        union result_slot slot = {0};
        struct err err = {0};
        char line[1024];
        CU_ASSERT_FATAL(arena_open(&arena, 1 << 20, &err));
        emergency_arm(MODE_FIX, rows[i].run_id);
        size_t size = emergency_line(rows[i].what, line, sizeof(line));
        emergency_disarm();
        ROW_ASSERT(rows[i].name, size > 0 && line[size - 1] == '\n');
        ROW_ASSERT(rows[i].name, json_load(line, size, &source, &arena, &document, &err));
        ROW_ASSERT(rows[i].name,
                   document != NULL && fields_decode(&result_fields, document, "line", &arena, &slot, &err));
    }
    must_on_failure(NULL);
}

void suite_emergency(void);
void suite_emergency(void)
{
    UNIT_SUITE("emergency", UNIT_TEST(the_last_word_is_a_result));
}
