/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/smbios.h"
#include "unit.h"

#define AZURE_TAG "7783-7084-3265-9085-8269-3286-77"
/* A structure with its end: formatted part, strings. */
#define BIOS                                                                                                           \
    "\x00\x05\x00\x00\x01"                                                                                             \
    "vendor\0\0"
#define SYSTEM                                                                                                         \
    "\x01\x04\x01\x00"                                                                                                 \
    "\0\0"
#define CHASSIS(tag) "\x03\x09\x02\x00\x01\x03\x02\x03" tag
#define END "\x7F\x04\xFF\x00\0\0"
#define TABLE(literal) .table = (literal), .size = sizeof(literal) - 1, .claimed = sizeof(literal) - 1

void suite_smbios(void);

static const struct {
    const char *name;
    const char *table;
    size_t size;
    uint32_t claimed; /* length in the raw header */
    const char *tag;  /* NULL: refused */
    enum err_code code;
} rows[] = {
    {"Azure", TABLE(BIOS SYSTEM CHASSIS("\x04") "maker\0v\0sn\0" AZURE_TAG "\0\0" END), AZURE_TAG, ERR_NONE},
    {"first string", TABLE(CHASSIS("\x01") "tag\0\0" END), "tag", ERR_NONE},
    {"no tag", TABLE(CHASSIS("\x00") "maker\0\0" END), "", ERR_NONE},
    {"no tag and no strings", TABLE(CHASSIS("\x00") "\0\0" END), "", ERR_NONE},
    {"the first of two chassis", TABLE(CHASSIS("\x01") "one\0\0" CHASSIS("\x01") "two\0\0" END), "one", ERR_NONE},
    {"longer formatted part",
     TABLE("\x03\x0B\0\0\0\0\0\0\x01\0\0"
           "tag\0\0" END),
     "tag", ERR_NONE},
    {"without an end structure", TABLE(CHASSIS("\x01") "tag\0\0"), "tag", ERR_NONE},
    {"unprintable bytes", TABLE(CHASSIS("\x01") "a\x07\xE9z\0\0" END), "a??z", ERR_NONE},
    {"string missing", TABLE(CHASSIS("\x03") "one\0two\0\0" END), NULL, ERR_INVALID},
    {"strings missing", TABLE(CHASSIS("\x01") "\0\0" END), NULL, ERR_INVALID},
    {"chassis of version 2.0's first part",
     TABLE("\x03\x08\0\0\0\0\0\0"
           "\0\0" END),
     NULL, ERR_INVALID},
    {"chassis behind the end", TABLE(END CHASSIS("\x01") "tag\0\0"), NULL, ERR_NOT_FOUND},
    {"no chassis", TABLE(BIOS SYSTEM END), NULL, ERR_NOT_FOUND},
    {"empty", TABLE(""), NULL, ERR_NOT_FOUND},
    {"zero length", TABLE("\x00\x00\x00\x00\0\0" CHASSIS("\x01") "tag\0\0"), NULL, ERR_INVALID},
    {"length below the header", TABLE("\x00\x03\x00\x00\0\0" CHASSIS("\x01") "tag\0\0"), NULL, ERR_INVALID},
    {"length over the table", TABLE("\x03\xFF\x00\x00\0\0"), NULL, ERR_INVALID},
    {"cut in the header", TABLE("\x03\x09\x02"), NULL, ERR_INVALID},
    {"strings without end", TABLE(CHASSIS("\x01") "tag"), NULL, ERR_INVALID},
    {"strings with half an end", TABLE(CHASSIS("\x01") "tag\0"), NULL, ERR_INVALID},
    {"claims more than there is", .table = CHASSIS("\x01") "tag\0\0", .size = 14, .claimed = 15, NULL, ERR_INVALID},
    {"claims four gigabytes", .table = "", .size = 0, .claimed = UINT32_MAX, NULL, ERR_INVALID},
    {"claims less than there is", .table = END CHASSIS("\x01") "tag\0\0", .size = 20, .claimed = 6, NULL,
     ERR_NOT_FOUND},
};

static bool parse(const char *table, size_t size, uint32_t claimed, struct arena *arena, const char **ret_tag,
                  struct err *err)
{
    uint8_t *raw = arena_alloc(arena, size + 8);
    for (unsigned i = 0; i < 4; i++) {
        raw[4 + i] = (uint8_t)(claimed >> (8 * i));
    }
    memcpy(raw + 8, table, size);
    return smbios_asset_tag(raw, size + 8, arena, ret_tag, err);
}

static void test_tables(void)
{
    struct err err;
    struct arena arena AUTO(arena_close) = {0};
    CU_ASSERT_FATAL(arena_open(&arena, (size_t)1024 * 1024, &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *tag = NULL;
        err = (struct err){0};
        bool read = parse(rows[i].table, rows[i].size, rows[i].claimed, &arena, &tag, &err);
        ROW_ASSERT(rows[i].name, read == (rows[i].tag != NULL));
        ROW_ASSERT(rows[i].name, text_same(tag, rows[i].tag));
        ROW_ASSERT(rows[i].name, err.code == rows[i].code);
    }
}

/* Every prefix of a good table and every byte of it changed to every value: an answer, never a read beyond the end. */
static void test_every_prefix_and_byte(void)
{
    static const char good[] = BIOS SYSTEM CHASSIS("\x02") "maker\0" AZURE_TAG "\0\0" END;
    struct err err;
    struct arena arena AUTO(arena_close) = {0};
    CU_ASSERT_FATAL(arena_open(&arena, (size_t)1024 * 1024, &err));
    const char *tag = NULL;
    for (size_t size = 0; size < sizeof good; size++) {
        (void)parse(good, size, (uint32_t)size, &arena, &tag, &err);
        arena_release(&arena, 0);
    }
    for (size_t at = 0; at + 1 < sizeof good; at++) {
        char changed[sizeof good];
        memcpy(changed, good, sizeof good);
        for (unsigned byte = 0; byte < 256; byte++) {
            changed[at] = (char)byte;
            (void)parse(changed, sizeof good - 1, sizeof good - 1, &arena, &tag, &err);
            arena_release(&arena, 0);
        }
    }
    bool read = smbios_asset_tag((const uint8_t *)good, 7, &arena, &tag, &err);
    CU_ASSERT(!read && err.code == ERR_INVALID);
}

void suite_smbios(void)
{
    UNIT_SUITE("smbios", UNIT_TEST(test_tables), UNIT_TEST(test_every_prefix_and_byte));
}
