/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "unit.h"

static void keeps_code_and_number(void)
{
    struct err err = {0};
    CU_ASSERT_FALSE(err_set(&err, ERR_DENIED, 5, "opening %s", "sppsvc"));
    CU_ASSERT_FALSE(err_context(&err, "look %d", 3));
    CU_ASSERT_EQUAL(err.code, ERR_DENIED);
    CU_ASSERT_EQUAL(err.os, 5);
    CU_ASSERT_STRING_EQUAL(err.text, "look 3: opening sppsvc");
}

static void text_may_come_from_itself(void)
{
    struct err err = {0};
    err_set(&err, ERR_IO, 0, "inner");
    err_set(&err, ERR_INVALID, 0, "outer (%s)", err.text);
    CU_ASSERT_STRING_EQUAL(err.text, "outer (inner)");
}

static void stays_one_line(void)
{
    struct err err = {0};
    err_set(&err, ERR_INVALID, 0, "name \"%s\"", "a\r\nb\x1b[2J\x7f");
    CU_ASSERT_STRING_EQUAL(err.text, "name \"a  b [2J \"");
}

/* Wherever the cut falls, no half of a UTF-8 sequence is left and the buffer ends. */
static void cuts_between_characters(void)
{
    for (int lead = 0; lead < 4; lead++) {
        struct buf text AUTO(buf_clear) = {0};
        struct err err = {0};
        size_t bad = 0;
        buf_init(&text, 4096);
        buf_format(&text, "%.*s", lead, "xxx");
        while (text.size < ERR_TEXT_SIZE + 8) {
            buf_text(&text, "\xE3\x82\xA2");
        }
        err_set(&err, ERR_INVALID, 0, "%s", buf_string(&text));
        CU_ASSERT(strlen(err.text) > ERR_TEXT_SIZE - 5 && strlen(err.text) < ERR_TEXT_SIZE);
        CU_ASSERT(text_is_utf8(err.text, strlen(err.text), &bad));
        err_context(&err, "%s", buf_string(&text));
        CU_ASSERT(text_is_utf8(err.text, strlen(err.text), &bad));
    }
}

static void every_code_has_its_own_word(void)
{
    for (int i = 0; i < ERR_CODE_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            CU_ASSERT_STRING_NOT_EQUAL(err_code_name((enum err_code)i), err_code_name((enum err_code)j));
        }
    }
    CU_ASSERT_STRING_EQUAL(err_code_name(ERR_NOT_FOUND), "not_found");
}

void suite_err(void);
void suite_err(void)
{
    UNIT_SUITE("err", UNIT_TEST(keeps_code_and_number), UNIT_TEST(text_may_come_from_itself), UNIT_TEST(stays_one_line),
               UNIT_TEST(cuts_between_characters), UNIT_TEST(every_code_has_its_own_word));
}
