/* SPDX-License-Identifier: MIT */
/* kms_target: which of five places is in effect, and a set that clears no more than what shadows. */
#include "kinds/licensing/kms_srv.h"
#include "kinds/licensing/kms_target.h"
#include "kinds_fixture.h"
#include "unit.h"

#define SPP "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"
#define APPLICATION SPP "\\\\55c92734-d682-4d71-983e-d6ec3f16059f"
#define SKU APPLICATION "\\\\ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define OFFICE SPP "\\\\0ff1ce15-a989-479d-af46-f275c6370663"
#define NAME(host) "\"KeyManagementServiceName\": \"" host "\""
#define PORT(port) "\"KeyManagementServicePort\": " port
#define INTERFACES "\"HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\\\\Interfaces"
#define INTERFACE INTERFACES "\": {}, " INTERFACES "\\\\{1}\""

#define GOOD_LICENSING                                                                                                 \
    "\"version\": \"10.0\", \"products\": [{\"id\": \"ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03\","                         \
    " \"partialKey\": \"6VM33\", \"status\": 1}]"
#define GONE "\"error\": \"0x80041010\""

#define MACHINE(registry, licensing, servers)                                                                          \
    "{\"machine\": \"azmend.machine/1\", \"about\": \"test\","                                                         \
    " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 3600},"                                        \
    " \"system\": {\"elevated\": true, \"assetTag\": \"7783-7084-3265-9085-8269-3286-77\","                            \
    " \"dnsSuffixes\": [\"corp.example\"]},"                                                                           \
    " \"services\": {\"sppsvc\": {\"state\": \"stopped\", \"start\": \"automatic\"}},"                                 \
    " \"licensing\": {" licensing "}, \"registry\": {" registry "},"                                                   \
    " \"network\": {\"resolve\": {" servers "}}}"

#define AZURE_DNS INTERFACE ": {\"DhcpNameServer\": \"168.63.129.16\"}"
#define CORP_DNS INTERFACE ": {\"NameServer\": \"10.0.0.4,10.0.0.5\", \"DhcpNameServer\": \"168.63.129.16\"}"
#define CORP_SRV "\"SRV _vlmcs._tcp.corp.example\": [{\"target\": \"kms01.corp.example\", \"port\": 1689}]"
#define SILENT "\"SRV _vlmcs._tcp.corp.example\": \"timeout\""
#define NO_SRV "\"SRV _vlmcs._tcp.corp.example\": \"no_name\""

struct target_case {
    const char *name, *document;
    struct expected_cell cells[8];
};

static void run_looks(const struct target_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_kms_target));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_kms_target, cases[i].cells));
        ROW_ASSERT(cases[i].name, sim_unscripted(fixture.sim) == NULL);
    }
}

static void test_stored_scopes(void)
{
    const struct target_case cases[] = {
        {"the root alone",
         MACHINE("\"" SPP "\": {" NAME("azkms.core.windows.net") "}", GOOD_LICENSING, ""),
         {{"host", "azkms.core.windows.net"},
          {"port", "1688"},
          {"scope", "root"},
          {"isLiteral", "false"},
          {"isLoopback", "false"},
          {"rootPort", "absent"}}},
        {"the application over the root",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" APPLICATION
                                                    "\": {" NAME("23.102.135.246") ", " PORT("\"1700\"") "}",
                 GOOD_LICENSING, ""),
         {{"host", "23.102.135.246"},
          {"port", "1700"},
          {"scope", "application"},
          {"isLiteral", "true"},
          {"rootHost", "a.example"}}},
        {"the product over both",
         MACHINE("\"" SPP "\": {" NAME("a.example") ", " PORT("\"1700\"") "}, \"" APPLICATION "\": {" NAME(
                     "b.example") "}, \"" SKU "\": {" NAME("127.0.0.2") "}",
                 GOOD_LICENSING, ""),
         {{"host", "127.0.0.2"},
          {"port", "1688"},
          {"scope", "sku"},
          {"isLoopback", "true"},
          {"applicationHost", "b.example"}}},
        {"a port of a scope without a name shadows nothing",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" SKU "\": {" PORT("\"9\"") "}", GOOD_LICENSING, ""),
         {{"host", "a.example"}, {"port", "1688"}, {"scope", "root"}, {"skuPort", "9"}}},
        {"an empty name sets nothing",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" APPLICATION "\": {" NAME("") "}", GOOD_LICENSING, ""),
         {{"scope", "root"}, {"applicationHost", "absent"}}},
        {"the scope of Office is not ours",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" OFFICE "\": {" NAME("127.0.0.2") "}", GOOD_LICENSING, ""),
         {{"host", "a.example"}, {"scope", "root"}}},
        {"a name without its NUL",
         MACHINE("\"" SPP "\": {\"KeyManagementServiceName\": {\"type\": 1, \"hex\": \"61002e006200\"}}",
                 GOOD_LICENSING, ""),
         {{"host", "a.b"}, {"scope", "root"}}},
        {"a name that is a number",
         MACHINE("\"" SPP "\": {\"KeyManagementServiceName\": {\"dword\": 1}}", GOOD_LICENSING, ""),
         {{"host", "unknown"}, {"scope", "unknown"}, {"isLoopback", "unknown"}}},
        {"a key that may not be read",
         MACHINE("\"" SPP "\": {\"denied\": true}", GOOD_LICENSING, ""),
         {{"host", "unknown"}, {"scope", "unknown"}}},
    };
    run_looks(cases, COUNT_OF(cases));
}

static void test_ports(void)
{
    const struct {
        const char *stored, *shown;
    } cases[] = {{"\"1688\"", "1688"},
                 {"{\"dword\": 1689}", "1689"},
                 {"\"\"", "1688"},
                 {"\"abc\"", "0"},
                 {"\" 1688\"", "0"},
                 {"\"0\"", "0"},
                 {"\"65536\"", "0"},
                 {"\"-1\"", "0"},
                 {"{\"qword\": 70000}", "0"},
                 {"{\"type\": 3, \"hex\": \"98060000\"}", "0"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        char document[2048];
        (void)snprintf(document, sizeof document,
                       MACHINE("\"" SPP "\": {" NAME("a.example") ", " PORT("%s") "}", GOOD_LICENSING, ""),
                       cases[i].stored);
        fixture_machine(&fixture, document);
        ROW_ASSERT(cases[i].stored, fixture_look(&fixture, &kind_kms_target));
        ROW_ASSERT(cases[i].stored, text_same(shown(&fixture, &kind_kms_target, "port"), cases[i].shown));
    }
}

static void test_provider_gone(void)
{
    const struct target_case cases[] = {
        {"no product has a name: its scope does not matter",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" SKU "\": {" PORT("\"9\"") "}", GONE, ""),
         {{"host", "a.example"}, {"scope", "root"}, {"skuId", "unknown"}, {"skuHost", "absent"}}},
        {"some product has one: nobody knows",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" SKU "\": {" NAME("b.example") "}", GONE, ""),
         {{"host", "unknown"}, {"scope", "unknown"}, {"skuHost", "unknown"}, {"productHosts", "b.example"}}},
        {"no product with a key is no different",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" SKU "\": {" NAME("b.example") "}",
                 "\"version\": \"1\", \"products\": []", ""),
         {{"host", "unknown"}, {"skuId", "unknown"}}},
    };
    run_looks(cases, COUNT_OF(cases));
}

static void test_discovery(void)
{
    const struct target_case cases[] = {
        {"nobody says",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS, GOOD_LICENSING, "\"168.63.129.16\": {" NO_SRV "}"),
         {{"host", "absent"}, {"scope", "none"}, {"port", "absent"}, {"isLoopback", "absent"}}},
        {"a company's record, at the company's server",
         MACHINE("\"" SPP "\": {}, " CORP_DNS, GOOD_LICENSING,
                 "\"10.0.0.4\": {" SILENT "}, \"10.0.0.5\": {" CORP_SRV "}"),
         {{"host", "kms01.corp.example"}, {"port", "1689"}, {"scope", "srv"}, {"srvHost", "kms01.corp.example"}}},
        {"one server settles that there is none",
         MACHINE("\"" SPP "\": {}, " CORP_DNS, GOOD_LICENSING,
                 "\"10.0.0.4\": {" SILENT "}, \"10.0.0.5\": {" NO_SRV "}"),
         {{"scope", "none"}}},
        {"silence settles nothing",
         MACHINE("\"" SPP "\": {}, " CORP_DNS, GOOD_LICENSING,
                 "\"10.0.0.4\": {" SILENT "}, \"10.0.0.5\": {" SILENT "}"),
         {{"host", "unknown"}, {"scope", "unknown"}, {"srvHost", "unknown"}}},
        {"a record that says there is none",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS, GOOD_LICENSING,
                 "\"168.63.129.16\": {\"SRV _vlmcs._tcp.corp.example\": [{\"target\": \".\", \"port\": 0}]}"),
         {{"scope", "none"}}},
        {"a lookup domain goes before the suffixes",
         MACHINE(
             "\"" SPP "\": {\"KeyManagementServiceLookupDomain\": \"hq.example\"}, " AZURE_DNS, GOOD_LICENSING,
             "\"168.63.129.16\": {\"SRV _vlmcs._tcp.hq.example\": [{\"target\": \"kms.hq.example\", \"port\": 1688}]}"),
         {{"host", "kms.hq.example"}, {"scope", "lookup_domain"}, {"lookupDomain", "hq.example"}}},
        {"a lookup domain that is silent is still in effect",
         MACHINE("\"" SPP "\": {\"KeyManagementServiceLookupDomain\": \"hq.example\"}, " AZURE_DNS, GOOD_LICENSING,
                 "\"168.63.129.16\": {\"SRV _vlmcs._tcp.hq.example\": \"timeout\"}"),
         {{"host", "unknown"}, {"scope", "lookup_domain"}}},
    };
    run_looks(cases, COUNT_OF(cases));
}

#define DISCOVERED                                                                                                     \
    "\"version\": \"10.0\", \"products\": [{\"id\": \"ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03\","                         \
    " \"partialKey\": \"6VM33\", \"status\": 1, \"discoveredHost\": \"kms01.corp.example\", \"discoveredPort\": %s}]"
#define MACHINE_LIST "\"HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\""
#define POLICY_LIST "\"HKLM\\\\SOFTWARE\\\\Policies\\\\Microsoft\\\\Windows NT\\\\DNSClient\""
#define HQ_SRV "\"SRV _vlmcs._tcp.hq.example\": [{\"target\": \"kms.hq.example\", \"port\": 1688}]"
#define NO_OLD "\"SRV _vlmcs._tcp.old.example\": \"no_name\""

/* KB 275553: the suffix search list; ADMX DNSClient: that of group policy. */
static void test_search_lists(void)
{
    const struct target_case cases[] = {
        {"the search list, behind the primary suffix",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS ", " MACHINE_LIST ": {\"SearchList\": \"old.example,hq.example\"}",
                 GOOD_LICENSING, "\"168.63.129.16\": {" NO_SRV ", " NO_OLD ", " HQ_SRV "}"),
         {{"host", "kms.hq.example"}, {"scope", "srv"}}},
        {"that of group policy",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS ", " POLICY_LIST ": {\"SearchList\": \"old.example, hq.example\"}",
                 GOOD_LICENSING, "\"168.63.129.16\": {" NO_SRV ", " NO_OLD ", " HQ_SRV "}"),
         {{"host", "kms.hq.example"}, {"scope", "srv"}}},
        {"the primary suffix goes first",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS ", " MACHINE_LIST ": {\"SearchList\": \"hq.example\"}", GOOD_LICENSING,
                 "\"168.63.129.16\": {" CORP_SRV ", " HQ_SRV "}"),
         {{"host", "kms01.corp.example"}, {"port", "1689"}}},
        {"a list that cannot be read may name one",
         MACHINE("\"" SPP "\": {}, " AZURE_DNS ", " POLICY_LIST ": {\"denied\": true}", GOOD_LICENSING,
                 "\"168.63.129.16\": {" NO_SRV "}"),
         {{"host", "unknown"}, {"scope", "unknown"}}},
    };
    run_looks(cases, COUNT_OF(cases));
}

/* More suffixes than are asked: that nobody is named cannot be told. */
static void test_search_list_is_cut(void)
{
    char list[1024] = "hq.example";
    char document[4096];
    struct fixture fixture AUTO(fixture_close);
    size_t at = strlen(list);
    for (int i = 0; i < KMS_SRV_NAMES; i++) {
        at += (size_t)snprintf(list + at, sizeof list - at, ",d%d.example", i);
    }
    (void)snprintf(document, sizeof document,
                   MACHINE("\"" SPP "\": {}, " AZURE_DNS ", " MACHINE_LIST ": {\"SearchList\": \"%s\"}", GOOD_LICENSING,
                           "\"168.63.129.16\": \"no_name\""),
                   list);
    fixture_machine(&fixture, document);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_target));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_target, "scope"), "unknown");
}

static void test_discovered(void)
{
    static const struct {
        const char *stored, *shown;
    } ports[] = {{"1700", "1700"}, {"0", "1688"}, {"4294967295", "1688"}};
    for (size_t i = 0; i < COUNT_OF(ports); i++) {
        struct fixture fixture AUTO(fixture_close);
        char document[4096];
        (void)snprintf(document, sizeof document,
                       MACHINE("\"" SPP "\": {}, " AZURE_DNS, DISCOVERED, "\"168.63.129.16\": {" NO_SRV "}"),
                       ports[i].stored);
        fixture_machine(&fixture, document);
        ROW_ASSERT(ports[i].stored, fixture_look(&fixture, &kind_kms_target));
        ROW_ASSERT(ports[i].stored, text_same(shown(&fixture, &kind_kms_target, "scope"), "discovered"));
        ROW_ASSERT(ports[i].stored, text_same(shown(&fixture, &kind_kms_target, "port"), ports[i].shown));
        ROW_ASSERT(ports[i].stored, text_same(shown(&fixture, &kind_kms_target, "srvHost"), "absent"));
    }
}

/* What a set leaves in the registry; "absent" for a value that is gone. */
struct set_case {
    const char *name, *document;
    struct value host, port, scope;
    bool done;
    struct expected_cell cells[8];
    size_t changes;
};

static void run_sets(const struct set_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS] = {
            [TARGET_HOST] = cases[i].host, [TARGET_PORT] = cases[i].port, [TARGET_SCOPE] = cases[i].scope};
        fixture_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_set(&fixture, &kind_kms_target, wanted) == cases[i].done);
        ROW_ASSERT(cases[i].name, fixture.host.changes == cases[i].changes);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_kms_target));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_kms_target, cases[i].cells));
        ROW_ASSERT(cases[i].name, !cases[i].done || (fixture_set(&fixture, &kind_kms_target, wanted) &&
                                                     fixture.host.changes == cases[i].changes));
    }
}

#define NEW value_text("azkms.core.windows.net")
#define KMS value_int(1688)
#define IN(scope) value_text(scope)
#define ALL_THREE                                                                                                      \
    "\"" SPP "\": {" NAME("23.102.135.246") "}, \"" APPLICATION                                                        \
                                            "\": {" NAME("b.example") ", " PORT("\"9\"") "}, \"" SKU                   \
                                                                                         "\": {" NAME("c.example") "}"

static void test_set_through_the_provider(void)
{
    const struct set_case cases[] = {
        {"a name, and no port where none is needed",
         MACHINE("\"" SPP "\": {" NAME("23.102.135.246") "}", GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("root"),
         true,
         {{"host", "azkms.core.windows.net"}, {"scope", "root"}, {"rootPort", "absent"}},
         1},
        {"a right port that is stored stays",
         MACHINE("\"" SPP "\": {" NAME("23.102.135.246") ", " PORT("\"1688\"") "}", GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("root"),
         true,
         {{"host", "azkms.core.windows.net"}, {"rootPort", "1688"}},
         1},
        {"a port that is no number is written by itself, so that it can come back",
         MACHINE("\"" SPP "\": {" NAME("23.102.135.246") ", " PORT("\"abc\"") "}", GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("root"),
         true,
         {{"host", "azkms.core.windows.net"}, {"port", "1688"}},
         2},
        {"the port alone, where it is",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}, \"" APPLICATION
                                                    "\": {" NAME("kms.core.windows.net") ", " PORT("\"1700\"") "}",
                 GOOD_LICENSING, ""),
         value_absent(),
         KMS,
         IN("application"),
         true,
         {{"host", "kms.core.windows.net"}, {"port", "1688"}, {"scope", "application"}, {"rootHost", "a.example"}},
         1},
    };
    run_sets(cases, COUNT_OF(cases));
}

static void test_set_clears_what_shadows(void)
{
    const struct set_case cases[] = {
        {"everything above the root is cleared",
         MACHINE(ALL_THREE, GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("root"),
         true,
         {{"host", "azkms.core.windows.net"},
          {"scope", "root"},
          {"skuHost", "absent"},
          {"applicationHost", "absent"},
          {"applicationPort", "absent"}},
         4},
        {"with Office the application's scope is set and the root is left",
         MACHINE(ALL_THREE, GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("application"),
         true,
         {{"host", "azkms.core.windows.net"},
          {"scope", "application"},
          {"skuHost", "absent"},
          {"rootHost", "23.102.135.246"}},
         3},
        {"nowhere to store it",
         MACHINE(ALL_THREE, GOOD_LICENSING, ""),
         NEW,
         KMS,
         IN("srv"),
         false,
         {{"host", "c.example"}},
         0},
    };
    run_sets(cases, COUNT_OF(cases));
}

static void test_set_through_the_registry(void)
{
    const struct set_case cases[] = {
        {"the provider is gone",
         MACHINE("\"" SPP "\": {" NAME("23.102.135.246") ", " PORT("\"1700\"") "}", GONE, ""),
         NEW,
         KMS,
         IN("root"),
         true,
         {{"host", "azkms.core.windows.net"}, {"port", "1688"}, {"scope", "root"}},
         2},
        {"the scope of a product nobody knows is not touched",
         MACHINE("\"" SPP "\": {" NAME("a.example") "}", GONE, ""),
         NEW,
         KMS,
         IN("sku"),
         false,
         {{"host", "a.example"}, {"skuHost", "absent"}},
         0},
    };
    run_sets(cases, COUNT_OF(cases));
}

void suite_kinds_kms_target(void);
void suite_kinds_kms_target(void)
{
    UNIT_SUITE("kinds: kms_target", UNIT_TEST(test_stored_scopes), UNIT_TEST(test_ports), UNIT_TEST(test_provider_gone),
               UNIT_TEST(test_discovery), UNIT_TEST(test_search_lists), UNIT_TEST(test_search_list_is_cut),
               UNIT_TEST(test_discovered), UNIT_TEST(test_set_through_the_provider),
               UNIT_TEST(test_set_clears_what_shadows), UNIT_TEST(test_set_through_the_registry));
}
