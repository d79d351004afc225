/* SPDX-License-Identifier: MIT */
/* What a stored KMS host means, whether it is this machine, and one KMS host by its name, addresses and bind. */
#include "kinds/licensing/kms_name.h"
#include "kinds/licensing/own_host.h"
#include "kinds_fixture.h"
#include "unit.h"

static void test_what_is_meant(void)
{
    static const struct {
        const char *stored, *meant;
    } cases[] = {
        {"azkms.core.windows.net", "azkms.core.windows.net"},
        {"azkms.core.windows.net.", "azkms.core.windows.net"},
        {"azkms.core.windows.net..", "azkms.core.windows.net"},
        {"azkms.core.windows.net:1688", "azkms.core.windows.net"},
        {"azkms.core.windows.net.:1688", "azkms.core.windows.net"},
        {" \tazkms.core.windows.net\r\n", "azkms.core.windows.net"},
        {"\"azkms.core.windows.net\"", "azkms.core.windows.net"},
        {"https://azkms.core.windows.net:1688/x", "azkms.core.windows.net"},
        {"kms://20.118.99.224", "20.118.99.224"},
        {"20.118.99.224:1688", "20.118.99.224"},
        {"fd00::1", "fd00::1"},
        {"[fd00::1]:1688", "fd00::1"},
        {"[fd00::1]", "fd00::1"},
        {"Kms.Corp.Example", "Kms.Corp.Example"},
        {"kms", "kms"},
        {":1688", ":1688"},
        {" ", " "},
        {"", ""},
        {".", "."},
        {"://", "://"},
        {"[", "["},
    };
    struct fixture fixture AUTO(fixture_close);
    fixture_open(&fixture);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].stored, text_same(kms_name_meant(&fixture.arena, cases[i].stored), cases[i].meant));
    }
}

#define TCPIP "HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters"
/* 10.0.0.4 by DHCP; 10.1.0.4 and 10.1.0.5 typed in, as REG_MULTI_SZ. */
#define MULTI "310030002e0031002e0030002e0034000000310030002e0031002e0030002e00350000000000"
#define MACHINE(network)                                                                                               \
    "{\"machine\": \"azmend.machine/1\", \"about\": \"test\","                                                         \
    " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 3600},"                                        \
    " \"system\": {\"name\": \"vm-web-01\", \"elevated\": true, \"assetTag\": \"" AZURE_TAG "\","                      \
    " \"dnsSuffixes\": [\"corp.example\"]},"                                                                           \
    " \"registry\": {\"" TCPIP "\": {\"Domain\": \"corp.example\"}, \"" TCPIP "\\\\Interfaces\": {},"                  \
    " \"" TCPIP "\\\\Interfaces\\\\{1}\": {\"DhcpIPAddress\": \"10.0.0.4\"},"                                          \
    " \"" TCPIP "\\\\Interfaces\\\\{2}\": {\"IPAddress\": {\"type\": 7, \"hex\": \"" MULTI "\"}}},"                    \
    " \"network\": {" network "}}"

static void test_this_machine(void)
{
    static const struct {
        const char *name;
        bool is_own;
    } cases[] = {
        {"vm-web-01", true},
        {"VM-WEB-01.corp.example", true},
        {"vm-web-01.other.example", false},
        {"vm-web-010", false},
        {"localhost", true},
        {"127.0.0.9", true},
        {"10.0.0.4", true},
        {"10.1.0.4", true},
        {"10.1.0.5", true},
        {"10.1.0.6", false},
        {"kms01.corp.example", false},
        {"::1", true},
    };
    struct own_host own;
    struct fixture fixture AUTO(fixture_close);
    fixture_machine(&fixture, MACHINE(""));
    own_host_look_names(&own, &fixture.host);
    own_host_look_addresses(&own, &fixture.arena, &fixture.host);
    CU_ASSERT(own.why == NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].name, own_host_is(&own, &fixture.arena, cases[i].name) == cases[i].is_own);
    }
}

#define RESOLVED(name, answer) "\"resolve\": {\"system\": {\"" name "\": " answer "}}"
#define BOUND(host, answer) "\"kms\": {\"" host ":1688\": \"" answer "\"}"

static void test_one_host(void)
{
    static const struct {
        const char *name, *host, *document;
        struct expected_cell cells[8];
    } cases[] = {
        {"a private one in the own domain",
         "kms01.corp.example.",
         MACHINE(RESOLVED("kms01.corp.example", "[\"10.20.0.5\"]") ", " BOUND("kms01.corp.example", "accepted")),
         {{"name", "kms01.corp.example"},
          {"resolution", "resolved"},
          {"isPrivate", "true"},
          {"isSelf", "false"},
          {"inOwnDomain", "true"},
          {"bind", "accepted"},
          {"port", "1688"}}},
        {"a public one",
         "kms.elsewhere.example",
         MACHINE(RESOLVED("kms.elsewhere.example",
                          "[\"10.20.0.5\", \"203.0.113.77\"]") ", " BOUND("kms.elsewhere.example", "refused")),
         {{"places", "private, public"}, {"isPrivate", "false"}, {"inOwnDomain", "false"}, {"bind", "refused"}}},
        {"no such name is an answer",
         "kms.elsewhere.example",
         MACHINE(RESOLVED("kms.elsewhere.example", "\"no_name\"")),
         {{"resolution", "no_name"},
          {"addresses", ""},
          {"isPrivate", "false"},
          {"isSelf", "false"},
          {"bind", "no_name"}}},
        {"silence is none",
         "kms.elsewhere.example",
         MACHINE(RESOLVED("kms.elsewhere.example", "\"timeout\"")),
         {{"resolution", "failed"}, {"addresses", "unknown"}, {"isPrivate", "unknown"}, {"isSelf", "unknown"}}},
        {"an alias of this machine",
         "kms.elsewhere.example",
         MACHINE(RESOLVED("kms.elsewhere.example", "[\"10.1.0.5\"]") ", " BOUND("kms.elsewhere.example", "accepted")),
         {{"isSelf", "true"}, {"isPrivate", "true"}}},
        {"an address",
         "10.20.0.5:1688",
         MACHINE(BOUND("10.20.0.5", "timeout")),
         {{"resolution", "address"}, {"addresses", "10.20.0.5"}, {"isPrivate", "true"}, {"bind", "timeout"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, cases[i].document);
        fixture.params[0] = value_text(cases[i].host);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_kms_host));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_kms_host, cases[i].cells));
        ROW_ASSERT(cases[i].name, sim_unscripted(fixture.sim) == NULL);
    }
}

void suite_kinds_kms_host(void);
void suite_kinds_kms_host(void)
{
    UNIT_SUITE("kinds: kms_host", UNIT_TEST(test_what_is_meant), UNIT_TEST(test_this_machine),
               UNIT_TEST(test_one_host));
}
