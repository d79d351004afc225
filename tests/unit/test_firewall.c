/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "unit.h"

void suite_firewall(void);

enum { ARENA_BYTES = 4 * 1024 * 1024 };

/* wanted NULL: not valid. */
struct form {
    const char *name, *given, *wanted;
};

static const struct form port_forms[] = {
    {"none is any", NULL, "*"},
    {"empty is any", "", "*"},
    {"any", "*", "*"},
    {"any among others", "80,*", "*"},
    {"one", "1688", "1688"},
    {"blanks", " 443 , 80 ", "80,443"},
    {"sorted", "1688,80", "80,1688"},
    {"twice", "80,80", "80"},
    {"a range", "1600-1700", "1600-1700"},
    {"a range of one", "80-80", "80"},
    {"a port inside a range", "1600-1700,1688", "1600-1700"},
    {"overlapping", "10-20,15-30", "10-30"},
    {"adjacent", "10-20,21-30", "10-30"},
    {"inside and after", "10-30,12-13,40", "10-30,40"},
    {"leading zeros", "0080", "80"},
    {"the last one", "65535", "65535"},
    {"the first one", "0", "0"},
    {"too large", "65536", NULL},
    {"far too large", "99999999999999999999", NULL},
    {"backwards", "20-10", NULL},
    {"a word", "RPC", NULL},
    {"nothing between commas", "80,,443", NULL},
    {"half a range", "80-", NULL},
    {"a sign", "-80", NULL},
    {"something behind", "80x", NULL},
};

static const struct form address_forms[] = {
    {"none is any", NULL, "*"},
    {"one", "20.118.99.224", "20.118.99.224/255.255.255.255"},
    {"one, read back", "20.118.99.224/255.255.255.255", "20.118.99.224/255.255.255.255"},
    {"a prefix", "10.0.0.0/8", "10.0.0.0/255.0.0.0"},
    {"a prefix with host bits", "10.1.2.3/8", "10.0.0.0/255.0.0.0"},
    {"everything by prefix", "0.0.0.0/0", "0.0.0.0/0.0.0.0"},
    {"a mask", "192.168.4.0/255.255.255.0", "192.168.4.0/255.255.255.0"},
    {"a mask with a hole", "192.168.4.0/255.0.255.0", NULL},
    {"a prefix too long", "10.0.0.0/33", NULL},
    {"a range", "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"},
    {"a range that is a network", "10.0.0.0-10.0.0.255", "10.0.0.0/255.255.255.0"},
    {"a range of one", "10.0.0.1-10.0.0.1", "10.0.0.1/255.255.255.255"},
    {"neighbours merge", "10.0.0.0,10.0.0.1", "10.0.0.0/255.255.255.254"},
    {"sorted", "40.83.235.53,20.118.99.224", "20.118.99.224/255.255.255.255,40.83.235.53/255.255.255.255"},
    {"up to the last one", "255.255.255.254,255.255.255.255", "255.255.255.254/255.255.255.254"},
    {"a word", "LocalSubnet", "LocalSubnet"},
    {"words behind, sorted", "LocalSubnet,10.0.0.1,DNS", "10.0.0.1/255.255.255.255,DNS,LocalSubnet"},
    {"a word twice", "DNS,dns", "DNS"},
    {"IPv6", "fe80::/64", "fe80::/64"},
    {"IPv6 range", "2001:db8::1-2001:db8::9", "2001:db8::1-2001:db8::9"},
    {"three octets", "10.0.0", NULL},
    {"an octet too large", "10.0.0.256", NULL},
    {"backwards", "10.0.0.9-10.0.0.1", NULL},
    {"nothing between commas", "10.0.0.1,", NULL},
    {"no address", "10.0.0.1;rm", NULL},
};

static void check_forms(const struct form *forms, size_t count,
                        const char *(*normal)(struct arena *arena, const char *text))
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    for (size_t i = 0; i < count; i++) {
        const char *found = normal(&arena, forms[i].given);
        ROW_ASSERT(forms[i].name, text_same(found, forms[i].wanted));
        ROW_ASSERT(forms[i].name, found == NULL || text_same(normal(&arena, found), found));
    }
}

static void test_ports(void)
{
    check_forms(port_forms, COUNT_OF(port_forms), firewall_normal_ports);
}

static void test_addresses(void)
{
    check_forms(address_forms, COUNT_OF(address_forms), firewall_normal_addresses);
}

static void test_ports_hold(void)
{
    static const struct {
        const char *ports;
        int64_t port;
        bool holds;
    } cases[] = {
        {"*", 1688, true},          {"1688", 1688, true},       {"80,443", 1688, false},   {"80,1600-1700", 1688, true},
        {"1600-1687", 1688, false}, {"1689-1700", 1688, false}, {"1688-1688", 1688, true}, {"16880", 1688, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].ports, firewall_ports_hold(cases[i].ports, cases[i].port) == cases[i].holds);
    }
}

static void test_addresses_hold(void)
{
    static const struct {
        const char *addresses, *address;
        enum firewall_match match;
    } cases[] = {
        {"*", "20.118.99.224", FIREWALL_YES},
        {"*", NULL, FIREWALL_YES},
        {"20.118.99.224/255.255.255.255", "20.118.99.224", FIREWALL_YES},
        {"20.118.99.224/255.255.255.255", "40.83.235.53", FIREWALL_NO},
        {"20.118.99.224/255.255.255.255", NULL, FIREWALL_MAYBE},
        {"10.0.0.0/255.0.0.0,20.118.99.0-20.118.99.255", "20.118.99.224", FIREWALL_YES},
        {"10.0.0.0/255.0.0.0", "20.118.99.224", FIREWALL_NO},
        {"LocalSubnet", "20.118.99.224", FIREWALL_MAYBE},
        {"20.118.99.224/255.255.255.255,LocalSubnet", "20.118.99.224", FIREWALL_YES},
        {"fe80::/64", "20.118.99.224", FIREWALL_NO},
        {"fe80::/64", "fe80::1", FIREWALL_MAYBE},
        {"10.0.0.0/255.0.0.0", "fe80::1", FIREWALL_NO},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].addresses, firewall_addresses_hold(cases[i].addresses, cases[i].address) == cases[i].match);
    }
}

static void test_programs(void)
{
    static const struct form forms[] = {
        {"none", NULL, NULL},
        {"by the variable", "%systemroot%\\System32\\a.exe", "%SystemRoot%\\System32\\a.exe"},
        {"by the older variable", "%windir%\\a.exe", "%SystemRoot%\\a.exe"},
        {"expanded", "C:\\WINDOWS\\System32\\a.exe", "%SystemRoot%\\System32\\a.exe"},
        {"elsewhere", "C:\\Windows2\\a.exe", "C:\\Windows2\\a.exe"},
        {"another variable", "%ProgramFiles%\\a.exe", "%ProgramFiles%\\a.exe"},
        {"no path", "System", "System"},
        {"empty", "", ""},
    };
    check_forms(forms, COUNT_OF(forms), firewall_normal_program);
}

void suite_firewall(void)
{
    UNIT_SUITE("firewall notation", UNIT_TEST(test_programs), UNIT_TEST(test_ports), UNIT_TEST(test_addresses),
               UNIT_TEST(test_ports_hold), UNIT_TEST(test_addresses_hold));
}
