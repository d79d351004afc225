/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/net/net_private.h"
#include "unit.h"

void suite_net_hosts(void);

#define KMS "kms.core.windows.net"
#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct {
    const char *name;
    const char *bytes;
    size_t size;
    const char *wanted;
    const char *found; /* addresses, in order, each with a blank behind */
} rows[] = {
    {"one line", BYTES("20.118.99.224 " KMS "\n"), KMS, "20.118.99.224 "},
    {"no newline at the end", BYTES("20.118.99.224 " KMS), KMS, "20.118.99.224 "},
    {"tabs, blanks and CRLF", BYTES(" \t20.118.99.224\t \t" KMS " \r\n"), KMS, "20.118.99.224 "},
    {"alias", BYTES("1.2.3.4 a b " KMS " c\n"), KMS, "1.2.3.4 "},
    {"case", BYTES("1.2.3.4 KMS.Core.Windows.NET\n"), KMS, "1.2.3.4 "},
    {"root's dot in the file", BYTES("1.2.3.4 " KMS ".\n"), KMS, "1.2.3.4 "},
    {"root's dot in the question", BYTES("1.2.3.4 " KMS "\n"), KMS ".", "1.2.3.4 "},
    {"byte order mark",
     BYTES("\xEF\xBB\xBF"
           "1.2.3.4 " KMS "\n"),
     KMS, "1.2.3.4 "},
    {"several lines", BYTES("9.9.9.9 " KMS "\n1.2.3.4 x\n::1 " KMS "\n"), KMS, "9.9.9.9 ::1 "},
    {"IPv6 made canonical", BYTES("2001:DB8:0:0:0:0:0:1 " KMS "\n"), KMS, "2001:db8::1 "},
    {"named twice in a line", BYTES("1.2.3.4 " KMS " " KMS "\n"), KMS, "1.2.3.4 "},
    {"comment line", BYTES("# 1.2.3.4 " KMS "\n"), KMS, ""},
    {"comment behind", BYTES("1.2.3.4 a # " KMS "\n"), KMS, ""},
    {"comment touching", BYTES("1.2.3.4 " KMS "#x\n"), KMS, "1.2.3.4 "},
    {"part of a name", BYTES("1.2.3.4 x" KMS " " KMS "x core.windows.net\n"), KMS, ""},
    {"no address", BYTES(KMS " 1.2.3.4\n"), KMS, ""},
    {"bad addresses", BYTES("1.2.3 " KMS "\n1.2.3.256 " KMS "\n1.2.3.4.5 " KMS "\nfe80::1%1 " KMS "\n"), KMS, ""},
    {"address alone", BYTES("1.2.3.4\n1.2.3.4   \n"), KMS, ""},
    {"name on the next line", BYTES("1.2.3.4\n" KMS "\n"), KMS, ""},
    {"NUL in a name", BYTES("1.2.3.4 kms\0 " KMS "\n"), KMS, "1.2.3.4 "},
    {"NUL instead of a blank", BYTES("1.2.3.4\0" KMS "\n"), KMS, ""},
    {"UTF-16",
     BYTES("\xFF\xFE"
           "1\0.\0"
           "2\0"),
     KMS, ""},
    {"UTF-16 without a mark", BYTES("1\0.\0002\0.\0003\0.\0004\0 \0k\0m\0s\0"), "kms", ""},
    {"a comment of a code page", BYTES("# caf\xE9 \x83\x7C\n1.2.3.4 " KMS " # \xFF\xC3\n"), KMS, "1.2.3.4 "},
    {"a name of a code page", BYTES("1.2.3.4 caf\xE9 " KMS "\n5.6.7.8 \x83" KMS "\n"), KMS, "1.2.3.4 "},
    {"empty file", BYTES(""), KMS, ""},
    {"empty name", BYTES("1.2.3.4  .\n"), "", ""},
    {"the root alone", BYTES("1.2.3.4 x\n"), ".", ""},
};

static void test_lines(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_addresses found;
        struct buf joined AUTO(buf_clear);
        buf_init(&joined, sizeof found.texts);
        hosts_find(rows[i].bytes, rows[i].size, rows[i].wanted, &found);
        for (size_t k = 0; k < found.count; k++) {
            buf_format(&joined, "%s ", found.texts[k]);
        }
        ROW_ASSERT(rows[i].name, text_same(buf_string(&joined), rows[i].found));
    }
}

static void test_bounds(void)
{
    struct port_addresses found;
    struct buf file AUTO(buf_clear);
    buf_init(&file, 65536);
    for (unsigned i = 0; i < 1000; i++) {
        buf_format(&file, "10.0.%u.%u %s\n", i / 256, i % 256, KMS);
    }
    hosts_find(file.bytes, file.size, KMS, &found);
    CU_ASSERT_EQUAL(found.count, LIMIT_ADDRESSES);
    CU_ASSERT_STRING_EQUAL(found.texts[LIMIT_ADDRESSES - 1], "10.0.0.31");

    char word[4096];
    memset(word, 'a', sizeof word);
    hosts_find(word, sizeof word, KMS, &found);
    CU_ASSERT_EQUAL(found.count, 0);
    word[sizeof word - 1] = '\0';
    hosts_find("1.2.3.4 a\n", 10, word, &found);
    CU_ASSERT_EQUAL(found.count, 0);
}

static void test_addresses_sorted_once(void)
{
    struct port_addresses addresses = {.count = 4, .texts = {"9.9.9.9", "1.1.1.1", "9.9.9.9", "1.1.1.1"}};
    net_addresses_sort(&addresses);
    CU_ASSERT_EQUAL_FATAL(addresses.count, 2);
    CU_ASSERT_STRING_EQUAL(addresses.texts[0], "1.1.1.1");
    CU_ASSERT_STRING_EQUAL(addresses.texts[1], "9.9.9.9");
}

static void test_socket_errors(void)
{
    static const struct {
        const char *name;
        uint32_t os;
        enum net_outcome outcome;
    } cases[] = {
        {"no number", 0, NET_FAILED},
        {"WSAECONNREFUSED", 10061, NET_REFUSED},
        {"WSAECONNRESET", 10054, NET_RESET},
        {"WSAETIMEDOUT", 10060, NET_TIMEOUT},
        {"WSAENETUNREACH", 10051, NET_UNREACHABLE},
        {"WSAEHOSTUNREACH", 10065, NET_UNREACHABLE},
        {"WSAEACCES", 10013, NET_DENIED},
        {"WSAEMFILE", 10024, NET_FAILED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].name, net_outcome_of(cases[i].os) == cases[i].outcome);
    }
}

static void test_every_outcome_has_its_word(void)
{
    for (size_t i = 0; i < NET_OUTCOME_COUNT; i++) {
        CU_ASSERT_FATAL(net_outcome_names[i] != NULL);
        CU_ASSERT_EQUAL(text_word(net_outcome_names, net_outcome_names[i]), (int)i);
    }
    CU_ASSERT_PTR_NULL(net_outcome_names[NET_OUTCOME_COUNT]);
}

void suite_net_hosts(void)
{
    UNIT_SUITE("net_hosts", UNIT_TEST(test_lines), UNIT_TEST(test_bounds), UNIT_TEST(test_addresses_sorted_once),
               UNIT_TEST(test_socket_errors), UNIT_TEST(test_every_outcome_has_its_word));
}
