/* SPDX-License-Identifier: MIT */
/* The class of an address literal: edges of every range, and what is none. */
#include "base/address.h"
#include "base/attr.h"
#include "unit.h"

static void test_classes(void)
{
    static const struct {
        const char *literal;
        enum address_class class;
    } cases[] = {
        {"127.0.0.1", ADDRESS_LOOPBACK},
        {"127.255.255.254", ADDRESS_LOOPBACK},
        {"0.0.0.0", ADDRESS_LOOPBACK},
        {"128.0.0.1", ADDRESS_PUBLIC},
        {"10.0.0.1", ADDRESS_PRIVATE},
        {"11.0.0.1", ADDRESS_PUBLIC},
        {"172.15.0.1", ADDRESS_PUBLIC},
        {"172.16.0.1", ADDRESS_PRIVATE},
        {"172.31.255.1", ADDRESS_PRIVATE},
        {"172.32.0.1", ADDRESS_PUBLIC},
        {"192.168.1.1", ADDRESS_PRIVATE},
        {"192.169.1.1", ADDRESS_PUBLIC},
        {"100.63.0.1", ADDRESS_PUBLIC},
        {"100.64.0.1", ADDRESS_PRIVATE},
        {"100.127.255.1", ADDRESS_PRIVATE},
        {"100.128.0.1", ADDRESS_PUBLIC},
        {"169.254.0.1", ADDRESS_LINK_LOCAL},
        {"169.253.0.1", ADDRESS_PUBLIC},
        {"20.118.99.224", ADDRESS_PUBLIC},
        {"::", ADDRESS_LOOPBACK},
        {"::1", ADDRESS_LOOPBACK},
        {"0:0:0:0:0:0:0:1", ADDRESS_LOOPBACK},
        {"::2", ADDRESS_PUBLIC},
        {"::11", ADDRESS_PUBLIC},
        {"fe80::1", ADDRESS_LINK_LOCAL},
        {"FEBF::1", ADDRESS_LINK_LOCAL},
        {"fec0::1", ADDRESS_PUBLIC},
        {"fc00::1", ADDRESS_PRIVATE},
        {"fd00:ec2::250", ADDRESS_PRIVATE},
        {"fe00::1", ADDRESS_PUBLIC},
        {"2001:db8::1", ADDRESS_PUBLIC},
        {"::ffff:10.1.2.3", ADDRESS_PRIVATE},
        {"::FFFF:127.0.0.1", ADDRESS_LOOPBACK},
        {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
        {"127.corp.example", ADDRESS_NONE},
        {"10.0.0", ADDRESS_NONE},
        {"", ADDRESS_NONE},
        {NULL, ADDRESS_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].literal, address_class_of(cases[i].literal) == cases[i].class);
    }
}

void suite_address(void);
void suite_address(void)
{
    UNIT_SUITE("address", UNIT_TEST(test_classes));
}
