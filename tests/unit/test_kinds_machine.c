/* SPDX-License-Identifier: MIT */
/* os, license, registry_value, service, file on the simulated machine: what they see and what they make so. */
#include "kinds_fixture.h"
#include "unit.h"

#define NT "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion"
#define MACHINE(system, registry, rest)                                                                                \
    "{\"machine\": \"azmend.machine/1\", \"about\": \"test\","                                                         \
    " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 3600},"                                        \
    " \"system\": {" system "}, \"registry\": {" registry "}" rest "}"
#define SYSTEM                                                                                                         \
    "\"name\": \"vm\", \"elevated\": true, \"bootId\": \"b1\", \"memoryBytes\": 1024, \"productType\": 3, \"sku\": 8," \
    " \"domainRole\": 2, \"major\": 10, \"minor\": 0, \"build\": 20348"
#define NO_OFFICE "\"" NT "\\\\SoftwareProtectionPlatform\": {}, \"HKLM\\\\SOFTWARE\\\\Microsoft\\\\Office\": false"

static void test_os(void)
{
    const struct {
        const char *name, *document;
        struct expected_cell cells[7];
    } cases[] = {
        {"a server",
         MACHINE(SYSTEM, "\"" NT "\": {\"EditionID\": \"ServerDatacenter\", \"UBR\": {\"dword\": 2402}}, " NO_OFFICE,
                 ""),
         {{"family", "windows"},
          {"editionId", "ServerDatacenter"},
          {"productType", "server"},
          {"ubr", "2402"},
          {"uptimeSeconds", "3600"},
          {"officeKmsClient", "false"}}},
        {"an Office scope",
         MACHINE(SYSTEM,
                 "\"" NT "\": {\"UBR\": \"text\"}, \"" NT
                 "\\\\SoftwareProtectionPlatform\\\\0ff1ce15-a989-479d-af46-f275c6370663\": {}",
                 ""),
         {{"editionId", "absent"}, {"ubr", "unknown"}, {"officeKmsClient", "true"}}},
        {"a volume product of Click-to-Run",
         MACHINE(SYSTEM,
                 "\"" NT "\": {}, \"" NT "\\\\SoftwareProtectionPlatform\": {},"
                 " \"HKLM\\\\SOFTWARE\\\\Microsoft\\\\Office\\\\ClickToRun\\\\Configuration\":"
                 " {\"ProductReleaseIds\": \"ProPlus2021Volume,VisioStd2021Retail\"}",
                 ""),
         {{"officeKmsClient", "true"}}},
        {"nothing said about the system",
         MACHINE("", "\"" NT "\": {}, " NO_OFFICE, ""),
         {{"build", "unknown"}, {"productType", "unknown"}, {"bootId", "unknown"}, {"arch", "unknown"}}},
        {"Windows on Arm64", MACHINE("\"arch\": \"arm64\"", "\"" NT "\": {}, " NO_OFFICE, ""), {{"arch", "arm64"}}},
        {"an architecture that nobody knows",
         MACHINE("\"arch\": \"riscv\"", "\"" NT "\": {}, " NO_OFFICE, ""),
         {{"arch", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_os));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_os, cases[i].cells));
    }
}

#define PRODUCT(fields) "{\"id\": \"ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03\", \"partialKey\": \"6VM33\", " fields "}"
#define ADDON "{\"id\": \"11111111-8c5d-44ac-9aad-de6a2ea0ae03\", \"partialKey\": \"AAAAA\", \"addon\": true}"
#define LICENSED_BY(products)                                                                                          \
    MACHINE(SYSTEM, "\"" NT "\": {}, \"" NT "\\\\SoftwareProtectionPlatform\": {}",                                    \
            ", \"services\": {\"sppsvc\": {\"state\": \"stopped\", \"start\": \"automatic\"}},"                        \
            " \"licensing\": {\"version\": \"10.0\", \"products\": [" products "]}")

static void test_license(void)
{
    const struct {
        const char *name, *products;
        bool known;
        struct expected_cell cells[8];
    } cases[] = {
        {"a KMS client, with an add-on beside it",
         LICENSED_BY(ADDON
                     ", " PRODUCT("\"description\": \"Windows(R), VOLUME_KMSCLIENT channel\", \"status\": 1,"
                                  " \"reason\": \"0x4004F040\", \"graceMinutes\": 250000, \"activationType\": 2")),
         true,
         {{"exists", "true"},
          {"status", "licensed"},
          {"reason", "0x4004F040"},
          {"channel", "VOLUME_KMSCLIENT"},
          {"expiresInDays", "174"},
          {"renewalAgeDays", "6"},
          {"activationType", "kms"}}},
        {"a KMS host is no client",
         LICENSED_BY(PRODUCT("\"description\": \"Windows, VOLUME_KMS_WS22 channel\", \"status\": 1")),
         true,
         {{"channel", "VOLUME_KMS"}, {"expiresInDays", "absent"}, {"renewalAgeDays", "absent"}}},
        {"a retail key for good",
         LICENSED_BY(PRODUCT("\"description\": \"Windows, RETAIL channel\", \"status\": 1")),
         true,
         {{"channel", "RETAIL"}, {"expiresInDays", "absent"}, {"activationType", "unknown"}}},
        {"run out",
         LICENSED_BY(PRODUCT("\"description\": \"Windows, OEM_SLP channel\", \"status\": 5")),
         true,
         {{"status", "notification"}, {"channel", "OEM"}, {"expiresInDays", "0"}}},
        {"no key at all",
         LICENSED_BY(ADDON),
         true,
         {{"exists", "false"}, {"status", "absent"}, {"lastCode", "absent"}}},
        {"two keys", LICENSED_BY(PRODUCT("\"status\": 1") ", " PRODUCT("\"status\": 0")), false, {{0}}},
        {"the provider is gone",
         MACHINE(SYSTEM, "",
                 ", \"services\": {\"sppsvc\": {\"state\": \"stopped\", \"start\": \"automatic\"}},"
                 " \"licensing\": {\"error\": \"0x80041010\"}"),
         false,
         {{0}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, cases[i].products);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_license) == cases[i].known);
        ROW_ASSERT(cases[i].name, !cases[i].known || cells_match(&fixture, &kind_license, cases[i].cells));
    }
}

enum { WANT_EXISTS, WANT_TYPE, WANT_TEXT, WANT_NUMBER };

static void test_registry_value(void)
{
    static const char document[] = MACHINE(
        SYSTEM,
        "\"HKLM\\\\SOFTWARE\\\\A\": {\"Plain\": \"old\", \"Expand\": {\"expand\": \"%A%\"}, \"Number\": {\"dword\": 4},"
        " \"Long\": {\"qword\": 9}, \"Short\": {\"type\": 4, \"hex\": \"01\"}}",
        "");
    const struct {
        const char *name, *value;
        struct value wanted[8];
        bool done;
        struct expected_cell cells[5];
    } cases[] = {
        {"look only: a short dword",
         "Short",
         {[WANT_NUMBER] = {0}},
         false,
         {{"exists", "true"}, {"type", "dword"}, {"number", "absent"}, {"sizeBytes", "1"}}},
        {"text over text", "Plain", {[WANT_TEXT] = value_text("new")}, true, {{"type", "sz"}, {"text", "new"}}},
        {"the type is kept",
         "Expand",
         {[WANT_TEXT] = value_text("%B%")},
         true,
         {{"type", "expand_sz"}, {"text", "%B%"}}},
        {"a number over text", "Plain", {[WANT_NUMBER] = value_int(7)}, true, {{"type", "dword"}, {"number", "7"}}},
        {"qword is kept",
         "Long",
         {[WANT_NUMBER] = value_int(1LL << 40)},
         true,
         {{"type", "qword"}, {"number", "1099511627776"}}},
        {"too large for a dword", "Number", {[WANT_NUMBER] = value_int(1LL << 40)}, false, {{"number", "4"}}},
        {"made where nothing was", "New", {[WANT_TEXT] = value_text("x")}, true, {{"exists", "true"}, {"type", "sz"}}},
        {"taken away", "Plain", {[WANT_EXISTS] = value_bool(false)}, true, {{"exists", "false"}, {"text", "absent"}}},
        {"a wish for a type that holds no text",
         "Plain",
         {[WANT_TYPE] = value_text("dword"), [WANT_TEXT] = value_text("x")},
         false,
         {{"text", "old"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, document);
        fixture.params[0] = value_text("HKLM\\SOFTWARE\\A");
        fixture.params[1] = value_text(cases[i].value);
        ROW_ASSERT(cases[i].name, fixture_set(&fixture, &kind_registry_value, cases[i].wanted) == cases[i].done);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_registry_value));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_registry_value, cases[i].cells));
    }
}

static void test_service(void)
{
    static const char document[] = MACHINE(
        SYSTEM, "", ", \"services\": {\"sppsvc\": {\"state\": \"stopped\", \"start\": \"disabled\"}, \"Gone\": false}");
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[8] = {[1] = value_text("running"), [2] = value_text("automatic"), [3] = value_bool(true)};
    fixture_machine(&fixture, document);
    fixture.params[0] = value_text("sppsvc");
    CU_ASSERT(fixture_set(&fixture, &kind_service, wanted));
    CU_ASSERT(fixture_look(&fixture, &kind_service));
    const struct expected_cell after[] = {{"state", "running"}, {"start", "automatic"}, {"delayed", "true"}, {0}};
    CU_ASSERT(cells_match(&fixture, &kind_service, after));
    size_t changes = fixture.host.changes;
    CU_ASSERT(fixture_set(&fixture, &kind_service, wanted));
    CU_ASSERT(fixture.host.changes == changes);
    wanted[1] = value_text("paused");
    CU_ASSERT(!fixture_set(&fixture, &kind_service, wanted));
    fixture.params[0] = value_text("Gone");
    CU_ASSERT(fixture_look(&fixture, &kind_service));
    const struct expected_cell gone[] = {{"exists", "false"}, {"state", "absent"}, {0}};
    CU_ASSERT(cells_match(&fixture, &kind_service, gone));
}

static void test_file(void)
{
    static const char document[] = MACHINE(
        SYSTEM, "",
        ", \"files\": {\"C:\\\\a\": {\"folder\": true}, \"C:\\\\a\\\\t.txt\": {\"text\": \"Alpha\\n\"},"
        " \"C:\\\\a\\\\big.bin\": {\"size\": 5000}, \"C:\\\\a\\\\raw.bin\": {\"hex\": \"4100ff00ff0000\"},"
        " \"C:\\\\a\\\\oem.txt\": {\"hex\": \"636166e9\"}, \"C:\\\\a\\\\wide.txt\": {\"hex\": \"fffe610062000d00\"}}");
    const struct {
        const char *name, *path;
        struct expected_cell cells[6];
    } cases[] = {
        {"a text",
         "C:\\a\\t.txt",
         {{"exists", "true"}, {"form", "regular"}, {"sizeBytes", "6"}, {"text", "Alpha\n"}, {"containsText", "true"}}},
        {"no text", "C:\\a\\raw.bin", {{"text", "unknown"}, {"containsText", "false"}}},
        {"the code page of consoles", "C:\\a\\oem.txt", {{"text", "caf\xCE\x98"}, {"containsText", "false"}}},
        {"UTF-16", "C:\\a\\wide.txt", {{"text", "ab\r"}, {"containsText", "false"}}},
        {"too long for a text", "C:\\a\\big.bin", {{"sizeBytes", "5000"}, {"text", "unknown"}}},
        {"a folder", "C:\\a", {{"form", "folder"}, {"text", "absent"}}},
        {"nothing there", "C:\\a\\none", {{"exists", "false"}, {"form", "absent"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_machine(&fixture, document);
        fixture.params[0] = value_text(cases[i].path);
        fixture.params[1] = value_text("ALPHA");
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_file));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_file, cases[i].cells));
    }
}

static void test_file_set(void)
{
    static const char document[] = MACHINE(SYSTEM, "", ", \"files\": {\"C:\\\\a\": {\"folder\": true}}");
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[8] = {[5] = value_text("beta")};
    struct value none[8] = {value_bool(false)};
    fixture_machine(&fixture, document);
    fixture.params[0] = value_text("C:\\a\\b.txt");
    CU_ASSERT(fixture_set(&fixture, &kind_file, wanted));
    CU_ASSERT(fixture_look(&fixture, &kind_file));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_file, "text"), "beta");
    CU_ASSERT(fixture_set(&fixture, &kind_file, none));
    CU_ASSERT(fixture_look(&fixture, &kind_file));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_file, "exists"), "false");
}

void suite_kinds_machine(void);
void suite_kinds_machine(void)
{
    UNIT_SUITE("kinds: machine", UNIT_TEST(test_os), UNIT_TEST(test_license), UNIT_TEST(test_registry_value),
               UNIT_TEST(test_service), UNIT_TEST(test_file), UNIT_TEST(test_file_set));
}
