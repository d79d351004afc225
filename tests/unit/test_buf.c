/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "unit.h"

static void grows_to_its_limit_and_no_further(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 1000);
    for (int i = 0; i < 1000; i++) {
        buf_add(&buf, "x", 1);
    }
    CU_ASSERT_FALSE(buf.failed);
    CU_ASSERT_EQUAL(buf.size, 1000);
    CU_ASSERT_EQUAL(strlen(buf_string(&buf)), 1000);
    buf_add(&buf, "y", 1);
    CU_ASSERT(buf.failed);
    CU_ASSERT_EQUAL(buf.size, 1000);
}

static void adds_whole_or_not_at_all(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 4);
    buf_text(&buf, "abc");
    buf_format(&buf, "%d", 12);
    CU_ASSERT(buf.failed);
    buf_text(&buf, "d");
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "abc");
}

static void formats(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 4096);
    buf_format(&buf, "%s", "");
    CU_ASSERT_PTR_NULL(buf.bytes);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "");
    buf_format(&buf, "%*s|", 300, "wide");
    CU_ASSERT_EQUAL(buf.size, 301);
    CU_ASSERT_EQUAL(buf.bytes[300], '|');
}

static void clear_makes_it_usable_again(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 2);
    buf_text(&buf, "abc");
    buf_clear(&buf);
    buf_text(&buf, "ab");
    CU_ASSERT_FALSE(buf.failed);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "ab");
}

static void zeroed_takes_nothing(void)
{
    struct buf buf = {0};
    buf_add(&buf, NULL, 0);
    CU_ASSERT_FALSE(buf.failed);
    buf_text(&buf, "a");
    CU_ASSERT(buf.failed);
    buf_clear(&buf);
}

void suite_buf(void);
void suite_buf(void)
{
    UNIT_SUITE("buf", UNIT_TEST(grows_to_its_limit_and_no_further), UNIT_TEST(adds_whole_or_not_at_all),
               UNIT_TEST(formats), UNIT_TEST(clear_makes_it_usable_again), UNIT_TEST(zeroed_takes_nothing));
}
