/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "host/base64.h"
#include "sim_fixture.h"

/* RFC 4648, section 10, and what is none. bytes NULL: refused. */
static const struct {
    const char *name, *text, *bytes;
    size_t size;
} rows[] = {
    {"empty", "", "", 0},
    {"one byte", "Zg==", "f", 1},
    {"two bytes", "Zm8=", "fo", 2},
    {"three bytes", "Zm9v", "foo", 3},
    {"six bytes", "Zm9vYmFy", "foobar", 6},
    {"all bits", "//79/A==", "\xFF\xFE\xFD\xFC", 4},
    {"NUL inside", "AAA=", "\0\0", 2},
    {"line ends and blanks", " Zm9v\r\nYm Fy\n", "foobar", 6},
    {"blanks in the padding", "Zg=\n=\n", "f", 1},
    {"one digit over", "Zm9vY", NULL, 0},
    {"padding left out", "Zg", NULL, 0},
    {"padding too short", "Zg=", NULL, 0},
    {"padding too long", "Zm8==", NULL, 0},
    {"padding alone", "====", NULL, 0},
    {"padding within", "Zg==Zg==", NULL, 0},
    {"bits left over", "Zh==", NULL, 0},
    {"another alphabet", "_-79_A==", NULL, 0},
    {"not a digit", "Zm9v!", NULL, 0},
    {"not ASCII", "Zm9v\xC3\xA4", NULL, 0},
};

static void decodes(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        bool is_base64 = base64_decode(&sim_arena, rows[i].text, &bytes, &size);
        ROW_ASSERT(rows[i].name, is_base64 == (rows[i].bytes != NULL));
        if (is_base64 && rows[i].bytes != NULL) {
            ROW_ASSERT(rows[i].name, size == rows[i].size && memcmp(bytes, rows[i].bytes, size) == 0);
        }
    }
}

static void comes_back(void)
{
    uint8_t source[300];
    for (size_t size = 0; size <= sizeof source; size++) {
        const uint8_t *bytes = NULL;
        size_t found = 0;
        for (size_t i = 0; i < size; i++) {
            source[i] = (uint8_t)(i * 37 + size);
        }
        const char *text = base64_encode(&sim_arena, source, size);
        CU_ASSERT(strlen(text) == (size + 2) / 3 * 4);
        CU_ASSERT(base64_decode(&sim_arena, text, &bytes, &found));
        CU_ASSERT(found == size && memcmp(bytes, source, size) == 0);
    }
}

void suite_base64(void);
void suite_base64(void)
{
    SIM_SUITE("base64", UNIT_TEST(decodes), UNIT_TEST(comes_back));
}
