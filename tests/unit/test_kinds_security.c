/* SPDX-License-Identifier: MIT */
/* Security descriptors, sound and otherwise, and DCOM's default permission made of them. */
#include "kinds/windows/security.h"
#include "licensing_fixture.h"
#include "unit.h"

void suite_kinds_security(void);

/* Bytes as the registry has them, in hexadecimal. The list of entries begins at 20. */
#define HEAD                                                                                                           \
    "01000480"                                                                                                         \
    "00000000"                                                                                                         \
    "00000000"                                                                                                         \
    "00000000"                                                                                                         \
    "14000000"
#define SELF                                                                                                           \
    "010100000000000"                                                                                                  \
    "50a000000" /* S-1-5-10 */
#define SYSTEM                                                                                                         \
    "010100000000000"                                                                                                  \
    "512000000" /* S-1-5-18 */
#define ADMINISTRATORS                                                                                                 \
    "010200000000000"                                                                                                  \
    "52000000020020000"                         /* S-1-5-32-544 */
#define ALLOW_12(mask, sid) "00001400" mask sid /* a SID of 12 bytes */
#define DENY_12(mask, sid) "01001400" mask sid
#define ALLOW_16(mask, sid) "00001800" mask sid
#define ALL_COM "07000000"

static const struct {
    const char *name, *hex;
    bool is_sound, allows_self, allows_system;
} rows[] = {
    {"SELF, SYSTEM, Administrators",
     HEAD "0200480003000000" ALLOW_12(ALL_COM, SELF) ALLOW_12(ALL_COM, SYSTEM) ALLOW_16(ALL_COM, ADMINISTRATORS), true,
     true, true},
    {"without SELF", HEAD "0200340002000000" ALLOW_12(ALL_COM, SYSTEM) ALLOW_16(ALL_COM, ADMINISTRATORS), true, false,
     true},
    {"SELF denied first", HEAD "0200300002000000" DENY_12("01000000", SELF) ALLOW_12(ALL_COM, SELF), true, false,
     false},
    {"SELF denied too late", HEAD "0200300002000000" ALLOW_12(ALL_COM, SELF) DENY_12("01000000", SELF), true, true,
     false},
    {"SELF denied something else", HEAD "0200300002000000" DENY_12("04000000", SELF) ALLOW_12("03000000", SELF), true,
     true, false},
    {"all rights at once", HEAD "02001c0001000000" ALLOW_12("00000010", SELF), true, true, false},
    {"remote only", HEAD "02001c0001000000" ALLOW_12("04000000", SELF), true, false, false},
    {"for things below only",
     HEAD "02001c0001000000"
          "00081400" ALL_COM SELF,
     true, false, false},
    {"an entry of another type",
     HEAD "0200240002000000"
          "11000800aabbccdd" ALLOW_12(ALL_COM, SELF),
     true, true, false},
    {"an empty list", HEAD "0200080000000000", true, false, false},
    {"a list at nowhere",
     "01000480"
     "00000000"
     "00000000"
     "00000000"
     "00000000",
     true, true, true},
    {"no list",
     "01000080"
     "00000000"
     "00000000"
     "00000000"
     "14000000",
     true, true, true},
    {"nothing", "", false, false, false},
    {"19 bytes",
     "01000480"
     "00000000"
     "00000000"
     "00000000"
     "140000",
     false, false, false},
    {"revision 2",
     "02000480"
     "00000000"
     "00000000"
     "00000000"
     "14000000"
     "0200080000000000",
     false, false, false},
    {"with pointers",
     "01000400"
     "00000000"
     "00000000"
     "00000000"
     "14000000"
     "0200080000000000",
     false, false, false},
    {"a list inside its own head",
     "01000480"
     "00000000"
     "00000000"
     "00000000"
     "04000000"
     "0200080000000000",
     false, false, false},
    {"a list behind the end",
     "01000480"
     "00000000"
     "00000000"
     "00000000"
     "15000000",
     false, false, false},
    {"a list at the end of memory",
     "01000480"
     "00000000"
     "00000000"
     "00000000"
     "ffffffff"
     "0200080000000000",
     false, false, false},
    {"half a list", HEAD "02000800", false, false, false},
    {"a list of revision 9", HEAD "0900080000000000", false, false, false},
    {"a list that is too long", HEAD "0200090000000000", false, false, false},
    {"a list shorter than itself", HEAD "0200070000000000", false, false, false},
    {"more entries than there are", HEAD "02001c0002000000" ALLOW_12(ALL_COM, SELF), false, false, false},
    {"65535 entries in no room", HEAD "02000800ffff0000", false, false, false},
    {"an entry of no length",
     HEAD "02000c0001000000"
          "00000000",
     false, false, false},
    {"an entry over the end",
     HEAD "02001c0001000000"
          "00001500" ALL_COM SELF,
     false, false, false},
    {"an entry without a SID",
     HEAD "0200100001000000"
          "00000800" ALL_COM,
     false, false, false},
    {"a SID with 255 parts",
     HEAD "02001c0001000000"
          "00001400" ALL_COM "01ff00000000000"
          "50a000000",
     false, false, false},
    {"a SID with a part too many",
     HEAD "02001c0001000000"
          "00001400" ALL_COM "010200000000000"
          "50a000000",
     false, false, false},
    {"a SID of revision 2",
     HEAD "02001c0001000000"
          "00001400" ALL_COM "020100000000000"
          "50a000000",
     false, false, false},
};

static size_t from_hex(const char *hex, uint8_t *bytes)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return size;
}

static void every_length_is_checked(void)
{
    static const char *const self[] = {"S-1-5-10", NULL};
    static const char *const system[] = {"S-1-5-18", NULL};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct security_list list = {0};
        fixture_open(&fixture);
        /* Exactly as many bytes as there are, so that a read over the end is seen. */
        uint8_t kept[512];
        size_t size = from_hex(rows[i].hex, kept);
        uint8_t *bytes = malloc(size > 0 ? size : 1);
        CU_ASSERT_FATAL(bytes != NULL);
        memcpy(bytes, kept, size);
        bool parsed = security_parse(bytes, size, &fixture.arena, &list, &fixture.err);
        free(bytes);
        ROW_ASSERT(rows[i].name, parsed == rows[i].is_sound);
        ROW_ASSERT(rows[i].name, !parsed || security_allows(&list, self, 1) == rows[i].allows_self);
        ROW_ASSERT(rows[i].name, !parsed || security_allows(&list, system, 1) == rows[i].allows_system);
    }
}

/* Each prefix of a sound one is refused or says less; none is read over its end. */
static void every_cut_is_survived(void)
{
    struct fixture fixture AUTO(fixture_close);
    uint8_t kept[512];
    fixture_open(&fixture);
    size_t size = from_hex(rows[0].hex, kept);
    for (size_t cut = 0; cut < size; cut++) {
        struct security_list list = {0};
        uint8_t *bytes = malloc(cut > 0 ? cut : 1);
        CU_ASSERT_FATAL(bytes != NULL);
        memcpy(bytes, kept, cut);
        CU_ASSERT(!security_parse(bytes, cut, &fixture.arena, &list, &fixture.err));
        free(bytes);
    }
}

static void several_together_may_do_what_none_may_alone(void)
{
    static const char *const both[] = {"S-1-5-10", "S-1-5-18", NULL};
    const struct security_entry items[] = {{true, 1, "S-1-5-10"}, {true, 2, "S-1-5-18"}};
    const struct security_list list = {.items = items, .count = COUNT_OF(items)};
    CU_ASSERT(security_allows(&list, both, 3));
    CU_ASSERT(!security_allows(&list, both + 1, 3));
}

#define OLE(value) "{'machine': 'azmend.machine/1', 'registry': {'HKLM\\\\SOFTWARE\\\\Microsoft\\\\Ole': {" value "}}}"

static void dcom_is_judged_by_its_bytes(void)
{
    static const struct {
        const char *name, *document;
        struct expected_cell cells[3];
    } cases[] = {
        {"the defaults", OLE("'EnableDCOM': 'Y'"), {{"exists", "false"}, {"allowsSelf", "absent"}}},
        {"SELF is in",
         OLE("'DefaultAccessPermission': {'type': 3, 'hex': '" HEAD "02001c0001000000" ALLOW_12(ALL_COM, SELF) "'}"),
         {{"exists", "true"}, {"allowsSelf", "true"}}},
        {"SELF is not in",
         OLE("'DefaultAccessPermission': {'type': 3, 'hex': '" HEAD "02001c0001000000" ALLOW_12(ALL_COM, SYSTEM) "'}"),
         {{"exists", "true"}, {"allowsSelf", "false"}}},
        {"cut off",
         OLE("'DefaultAccessPermission': {'type': 3, 'hex': '0100'}"),
         {{"exists", "true"}, {"allowsSelf", "unknown"}}},
        {"a text", OLE("'DefaultAccessPermission': 'O:BAG:BA'"), {{"exists", "true"}, {"allowsSelf", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_dcom_permission));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_dcom_permission, cases[i].cells));
    }
}

void suite_kinds_security(void)
{
    UNIT_SUITE("kinds: security", UNIT_TEST(every_length_is_checked), UNIT_TEST(every_cut_is_survived),
               UNIT_TEST(several_together_may_do_what_none_may_alone), UNIT_TEST(dcom_is_judged_by_its_bytes));
}
