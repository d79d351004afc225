/* SPDX-License-Identifier: MIT */
/* Damage by code only, evidence that ages, and the way back: whole, cut off anywhere, begun too late. */
#include "base/limits.h"
#include "host/group.h"
#include "kinds/licensing/license_store.h"
#include "license_store_fixture.h"
#include "unit.h"

void suite_kinds_license_store(void);

static const struct value *code_row(const struct fixture *fixture, size_t index)
{
    const struct value *codes = cell_named(fixture, &kind_license_store, "codes");
    bool is_there = codes->state == VALUE_KNOWN && index < codes->as.list.count;
    return is_there ? codes->as.list.items[index].as.row.cells : NULL;
}

static const struct {
    const char *name, *document, *code, *from; /* the first code; NULL: none */
    struct expected_cell cells[8];
} rows[] = {
    {"sound",
     MACHINE("", FILES(SERVICE_ACL), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"path", "%SystemRoot%\\System32\\spp\\store\\2.0"},
      {"exists", "true"},
      {"createdAt", "1768003200"},
      {"aclOk", "true"},
      {"memoryAtCap", "false"},
      {"rebuildPending", "false"},
      {"rebuilt", "false"}}},
    {"a code from a query",
     MACHINE("", FILES(SERVICE_ACL), DAMAGED),
     "0xC004E015",
     "query",
     {{"rebuildPending", "false"}}},
    {"a code in the status dump",
     MACHINE(SPP_EVENT("1003", "2026-01-14T08:00:00.000", STATUS_DUMP("0xC004E002")), FILES(""), KMS_CLIENT("1")),
     "0xC004E002",
     "dump",
     {{"aclOk", "unknown"}}},
    {"a code that no playbook calls damage",
     MACHINE(SPP_EVENT("1003", "2026-01-14T08:00:00.000", STATUS_DUMP("0xC004E003")), FILES(""), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"exists", "true"}}},
    {"a code that is older than the store",
     MACHINE(SPP_EVENT("1003", "2026-01-09T08:00:00.000", STATUS_DUMP("0xC004E002")), FILES(""), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"exists", "true"}}},
    {"a code of the network's family",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0xC004F074"), FILES(""), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"exists", "true"}}},
    {"the service cannot be asked",
     MACHINE("", FILES(""), "'error': '0x80041010'"),
     NULL,
     NULL,
     {{"rebuildPending", "false"}, {"exists", "true"}}},
    {"rights without the service",
     MACHINE("", FILES(", 'acl': ['system', 'administrators']"), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"aclOk", "false"}}},
    {"rights of the account it runs as",
     MACHINE("", FILES(", 'acl': ['network_service']"), KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"aclOk", "true"}}},
    {"no store at all",
     MACHINE("", "'" STORE "': {'folder': true}", "'products': []"),
     NULL,
     NULL,
     {{"exists", "false"}, {"createdAt", "absent"}, {"rebuildPending", "false"}}},
    {"a rebuild that was begun",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768464000': {'size': 1}",
             "'products': [], 'store': {'lacks': 1}"),
     NULL,
     NULL,
     {{"rebuildPending", "true"}, {"createdAt", "1768464000"}}},
    {"a rebuild of long ago",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1700000000': {'size': 1}", KMS_CLIENT("1")),
     NULL,
     NULL,
     {{"rebuildPending", "false"}, {"createdAt", "1768003200"}}},
    {"damaged again after a rebuild",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1700000000': {'size': 1}", DAMAGED),
     "0xC004E015",
     "query",
     {{"rebuildPending", "false"}}},
    {"a rebuild, and a service that cannot be asked",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768464000': {'size': 1}", "'error': '0x80041010'"),
     NULL,
     NULL,
     {{"rebuildPending", "unknown"}}},
    {"cut off before there was a new store, and a service that cannot be asked",
     MACHINE("", "'" STORE "': {'folder': true}, '" STORE "\\\\tokens.dat.azmend-1768464000': {'size': 1}",
             "'error': '0x80041010'"),
     NULL,
     NULL,
     {{"rebuildPending", "true"}}},
    {"rebuilt since the start",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768460500': {'size': 1}", DAMAGED),
     "0xC004E015",
     "query",
     {{"rebuildPending", "false"}, {"rebuiltSinceStart", "true"}}},
    {"rebuilt before the start",
     MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768460300': {'size': 1}", DAMAGED),
     "0xC004E015",
     "query",
     {{"rebuildPending", "false"}, {"rebuiltSinceStart", "false"}}},
    {"rebuilt, and nobody tells when it started",
     NO_START(FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768460500': {'size': 1}", DAMAGED),
     "0xC004E015",
     "query",
     {{"rebuiltSinceStart", "unknown"}}},
};

/* A machine, and what shows damage on it. */
static void the_store_is_judged_by_its_own_codes(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, rows[i].document);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_license_store));
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_license_store, rows[i].cells));
        const struct value *code = code_row(&fixture, 0);
        ROW_ASSERT(rows[i].name, (code != NULL) == (rows[i].code != NULL));
        ROW_ASSERT(rows[i].name, code == NULL || text_same(code[0].as.text, rows[i].code));
        ROW_ASSERT(rows[i].name, code == NULL || text_same(code[3].as.text, rows[i].from));
        ROW_ASSERT(rows[i].name, code_row(&fixture, 1) == NULL);
    }
}

#define FAILED(time) SPP_EVENT("8198", time, DATA("hr=0xC004E015") DATA("RuleId=...;0xC004E015"))
#define OFFICE_DUMP DATA("0ff1ce15-a989-479d-af46-f275c6370663") DATA("1: x, 1, 1 [(0 [0xC004E002, 0, 0]")

/* How often, how often within a day, and since when: a proof of soundness ends what was before it. */
static void damage_is_counted_since_the_last_proof(void)
{
    static const struct {
        const char *name, *document, *sound_at, *row; /* the first row as shown; NULL: none */
    } cases[] = {
        {"three within a day, one long before",
         MACHINE(FAILED("2026-01-10T01:00:00.000") ", " FAILED("2026-01-13T01:00:00.000") ", " FAILED(
                     "2026-01-13T09:00:00.000") ", " FAILED("2026-01-14T00:59:59.000"),
                 FILES(""), KMS_CLIENT("5")),
         "absent", "0xC004E015 1768352399 111601 event 4 3"},
        {"a day apart to the second",
         MACHINE(FAILED("2026-01-12T01:00:00.000") ", " FAILED("2026-01-13T01:00:00.000"), FILES(""), KMS_CLIENT("5")),
         "absent", "0xC004E015 1768266000 198000 event 2 1"},
        {"answered and activated since",
         MACHINE(FAILED("2026-01-12T01:00:00.000") ", " REQUEST("2026-01-12T02:00:00.000", "0x00000000") ", " RESPONSE(
                     "2026-01-12T02:00:01.000", "0x00000000", "1"),
                 FILES(""), KMS_CLIENT("5")),
         "1768183200", NULL},
        {"answered and not activated",
         MACHINE(FAILED("2026-01-12T01:00:00.000") ", " REQUEST("2026-01-12T02:00:00.000", "0x00000000") ", " RESPONSE(
                     "2026-01-12T02:00:01.000", "0xC004F042", "0"),
                 FILES(""), KMS_CLIENT("5")),
         "absent", "0xC004E015 1768179600 284400 event 1 1"},
        {"renewed three days ago",
         MACHINE(FAILED("2026-01-12T07:00:00.000"), FILES(""),
                 "'products': [{'id': '" SKU "', 'description': 'Windows, VOLUME_KMSCLIENT channel', 'partialKey':"
                 " '6VM33', 'status': 1, 'graceMinutes': 254880}]"),
         "1768204800", NULL},
        {"the newest dump of Windows is sound, the one before was not",
         MACHINE(SPP_EVENT("1003", "2026-01-13T08:00:00.000", STATUS_DUMP("0xC004E002")) ", " SPP_EVENT(
                     "1003", "2026-01-14T08:00:00.000", STATUS_DUMP("0x00000000")),
                 FILES(""), KMS_CLIENT("5")),
         "absent", NULL},
        {"a dump of another application",
         MACHINE(SPP_EVENT("1003", "2026-01-14T08:00:00.000",
                           STATUS_DUMP("0x00000000")) ", " SPP_EVENT("1003", "2026-01-14T09:00:00.000", OFFICE_DUMP),
                 FILES(""), KMS_CLIENT("5")),
         "absent", NULL},
        {"the reason of the status",
         MACHINE("", FILES(""),
                 "'products': [{'id': '" SKU "', 'description': 'Windows, VOLUME_KMSCLIENT channel',"
                 " 'partialKey': '6VM33', 'status': 5, 'reason': '0xC004E015'}]"),
         "absent", "0xC004E015 1768464000 0 reason 1 1"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_license_store));
        ROW_ASSERT(cases[i].name, text_same(shown(&fixture, &kind_license_store, "soundAt"), cases[i].sound_at));
        const struct value *code = code_row(&fixture, 0);
        ROW_ASSERT(cases[i].name, (code != NULL) == (cases[i].row != NULL));
        if (code != NULL) {
            const char *row =
                arena_format(&fixture.arena, "%s %lld %lld %s %lld %lld", code[0].as.text,
                             (long long)code[1].as.integer, (long long)code[2].as.integer, code[3].as.text,
                             (long long)code[4].as.integer, (long long)code[5].as.integer);
            ROW_ASSERT(row, text_same(row, cases[i].row));
        }
    }
}

/* Office and add-ons keep their licences in the same store, and Office's product is not Windows'. */
static void what_else_is_in_the_store(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture,
                 MACHINE("", FILES(""),
                         "'products': [{'id': 'a', 'name': 'Office 16', 'application': '0ff1ce15-a989-479d-af46-"
                         "f275c6370663', 'description': 'Office, VOLUME_KMSCLIENT channel', 'partialKey': 'WFG99',"
                         " 'status': 5, 'reason': '0xC004E015'},"
                         " {'id': 'b', 'description': 'ESU', 'partialKey': 'QYRGJ', 'addon': true, 'status': 1},"
                         " {'id': '" SKU "', 'description': 'Windows, VOLUME_KMSCLIENT channel', 'partialKey': '6VM33',"
                         " 'status': 1, 'graceMinutes': 230400}]"));
    CU_ASSERT(fixture_look(&fixture, &kind_license_store));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license_store, "otherProducts"),
                           "Office 16 (key ending in WFG99), ESU (key ending in QYRGJ)");
    CU_ASSERT_PTR_NULL(code_row(&fixture, 0)); /* the reason is that of Office's status */
    CU_ASSERT(fixture_look(&fixture, &kind_license));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license, "partialKey"), "6VM33");
}

static void what_is_no_code_is_refused(void)
{
    static const struct value damage = {.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "C004E015"};
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    fixture.params[0] = value_list(TYPE_TEXT, &damage, 1);
    CU_ASSERT(!fixture_look(&fixture, &kind_license_store) && fixture.err.code == ERR_INVALID);
    CU_ASSERT_STRING_EQUAL(fixture.err.text, "C004E015 is no HRESULT");
}

/* Where the registry says, else where the version has it. */
static void the_folder_is_found(void)
{
    static const struct {
        const char *name, *system, *registry, *path;
    } cases[] = {
        {"2022", "'major': 10, 'minor': 0, 'build': 20348", "", "%SystemRoot%\\System32\\spp\\store\\2.0"},
        {"2012 R2", "'major': 6, 'minor': 3, 'build': 9600", "", "%SystemRoot%\\System32\\spp\\store\\2.0"},
        {"2012", "'major': 6, 'minor': 2, 'build': 9200", "", "%SystemRoot%\\System32\\spp\\store"},
        {"2008 R2", "'major': 6, 'minor': 1, 'build': 7601", "",
         "%windir%\\ServiceProfiles\\NetworkService\\AppData\\Roaming\\Microsoft\\SoftwareProtectionPlatform"},
        {"said", "'major': 6, 'minor': 1, 'build': 7601", "'TokenStore': {'expand': '%WINDIR%\\\\x'}", "%WINDIR%\\x"},
        {"said as nothing", "'major': 10, 'minor': 0, 'build': 20348", "'TokenStore': ''",
         "%SystemRoot%\\System32\\spp\\store\\2.0"},
        {"said as a number", "'major': 10, 'minor': 0, 'build': 20348", "'TokenStore': 1", NULL},
        {"not said, version not known", "", "", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_MACHINE_BYTES);
        buf_format(
            &document,
            "{'machine': 'azmend.machine/1', 'system': {%s}, 'registry': {'" SPP "': {%s}}, 'files':"
            " {'C:\\\\Windows': {'folder': true}}, 'events': {'Application': []}, 'licensing': {'products': []}}",
            cases[i].system, cases[i].registry);
        open_machine(&fixture, buf_string(&document));
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_license_store) == (cases[i].path != NULL));
        ROW_ASSERT(cases[i].name,
                   cases[i].path == NULL || text_same(shown(&fixture, &kind_license_store, "path"), cases[i].path));
    }
}

/* --- the rebuild --- */

static const char *verbs(struct fixture *fixture)
{
    struct buf text AUTO(buf_clear);
    buf_init(&text, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < host_op_count(&fixture->host); i++) {
        const struct op *op = host_op(&fixture->host, i);
        buf_format(&text, "%s%s%s", i > 0 ? " " : "", op->verb, op->outcome == OP_FAILED ? "!" : "");
    }
    return arena_text(&fixture->arena, buf_string(&text));
}

static void the_store_is_made_anew(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES(SERVICE_ACL), DAMAGED));
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    CU_ASSERT_STRING_EQUAL(verbs(&fixture), "rename start install_licenses");
    CU_ASSERT(fixture_look(&fixture, &kind_license_store));
    const struct expected_cell after[] = {{"exists", "true"},          {"createdAt", "1768464000"}, {"aclOk", "true"},
                                          {"rebuildPending", "false"}, {"rebuilt", "true"},         {0}};
    CU_ASSERT(cells_match(&fixture, &kind_license_store, after));
    CU_ASSERT_PTR_NULL(code_row(&fixture, 0));
    CU_ASSERT(fixture_set(&fixture, &kind_license, (struct value[FIXTURE_CELLS]){{0}}));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license, "exists"), "false"); /* a key comes next */
}

static void a_running_service_is_stopped_first(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    CU_ASSERT(sim_ops.service->start(fixture.sim, "sppsvc", &fixture.err));
    host_sleep_ms(&fixture.host, 1000);
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    CU_ASSERT_STRING_EQUAL(verbs(&fixture), "stop rename start install_licenses");
}

/* Any call may fail: before the service has started on the new store all is as it was, later the next try goes forward.
 */
static void it_ends_well_wherever_it_is_cut(void)
{
    for (uint64_t call = 1; call < 60; call++) {
        struct fixture fixture AUTO(fixture_close);
        const char *row = "cut off";
        open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
        sim_fail_call(fixture.sim, call);
        bool done = fixture_set(&fixture, &kind_license_store, rebuilt);
        sim_fail_call(fixture.sim, 0);
        bool looked = fixture_look(&fixture, &kind_license_store);
        bool is_pending = text_same(shown(&fixture, &kind_license_store, "rebuildPending"), "true");
        bool is_damaged = code_row(&fixture, 0) != NULL;
        bool is_sound = text_same(shown(&fixture, &kind_license_store, "rebuilt"), "true");
        ROW_ASSERT(row, looked && is_pending + is_damaged + is_sound == 1);
        ROW_ASSERT(row, is_sound == done);
        ROW_ASSERT(row, done || fixture_set(&fixture, &kind_license_store, rebuilt));
        ROW_ASSERT(row, fixture_look(&fixture, &kind_license_store));
        ROW_ASSERT(row,
                   text_same(shown(&fixture, &kind_license_store, "rebuilt"), "true") && code_row(&fixture, 0) == NULL);
    }
}

/* Stopped once it is lost: then nothing is known of the store any more, and no later run tries again. */
static void what_cannot_start_is_put_back(void)
{
    static const struct {
        const char *name, *service, *verbs;
    } cases[] = {
        {"was stopped", "'state': 'stopped'", "rename start! rename"},
        {"was running", "'state': 'running'", "stop rename start! rename start!"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_TEXT_BYTES);
        buf_text(&document, "{'machine': 'azmend.machine/1', 'system': {'major': 10, 'minor': 0, 'build': 20348},"
                            " 'registry': {'" SPP "': {}}, 'services': {'sppsvc': {'start': 'automatic',"
                            " 'starts': 'dies', ");
        buf_text(&document, cases[i].service);
        buf_text(&document, "}}, 'files': {" FILES("") "}, 'events': {'Application': []}, 'licensing': {" DAMAGED "}}");
        open_machine(&fixture, buf_string(&document));
        ROW_ASSERT(cases[i].name, !fixture_set(&fixture, &kind_license_store, rebuilt));
        ROW_ASSERT(verbs(&fixture), text_same(verbs(&fixture), cases[i].verbs));
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_license_store));
        const struct expected_cell after[] = {
            {"createdAt", "1768003200"}, {"rebuildPending", "false"}, {"rebuilt", "false"}, {0}};
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_license_store, after));
        ROW_ASSERT(cases[i].name, code_row(&fixture, 0) == NULL);
    }
}

/* A service that will not stop, and a file that will not be moved: what was begun is taken back, and that is said. */
static void what_does_not_give_way_is_left(void)
{
    static const struct {
        const char *name, *service, *store, *verbs;
        enum err_code code;
    } cases[] = {
        {"never stops", "'state': 'running', 'stops': 'never'", "", "stop start!", ERR_TIMEOUT},
        {"held open", "'state': 'stopped'", ", 'readOnly': true", "rename! rename! rename!", ERR_DENIED},
        {"held open, was running", "'state': 'running'", ", 'readOnly': true", "stop rename! rename! rename! start",
         ERR_DENIED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_TEXT_BYTES);
        const char *parts[] = {"{'machine': 'azmend.machine/1', 'system': {'major': 10, 'minor': 0, 'build': 20348},"
                               " 'registry': {'" SPP "': {}}, 'services': {'sppsvc': {'start': 'automatic', ",
                               cases[i].service,
                               "}}, 'files': {'" STORE "': {'folder': true}, '" STORE
                               "\\\\tokens.dat': {'size': 9, 'createdAt': '2026-01-10T00:00:00Z'",
                               cases[i].store, "}}, 'events': {'Application': []}, 'licensing': {" DAMAGED "}}"};
        for (size_t part = 0; part < COUNT_OF(parts); part++) {
            buf_text(&document, parts[part]);
        }
        open_machine(&fixture, buf_string(&document));
        ROW_ASSERT(cases[i].name, !fixture_set(&fixture, &kind_license_store, rebuilt));
        ROW_ASSERT(cases[i].name, fixture.err.code == cases[i].code);
        ROW_ASSERT(verbs(&fixture), text_same(verbs(&fixture), cases[i].verbs));
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_license_store));
        ROW_ASSERT(cases[i].name, text_same(shown(&fixture, &kind_license_store, "createdAt"), "1768003200"));
    }
}

static void it_is_not_begun_too_late(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    host_sleep_ms(&fixture.host, LIMIT_RUN_MS - LIMIT_REBUILD_MS + 1);
    CU_ASSERT(!fixture_set(&fixture, &kind_license_store, rebuilt) && fixture.err.code == ERR_REFUSED);
    CU_ASSERT(host_op_count(&fixture.host) == 0);
}

/* One that was begun is carried on, however little time is left, and nothing is moved again. */
static void it_is_carried_on(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES("") ", '" STORE "\\\\tokens.dat.azmend-1768460000': {'size': 1}",
                                   "'products': [], 'store': {'lacks': 1}, " KEYS));
    host_sleep_ms(&fixture.host, LIMIT_RUN_MS - 60000);
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    CU_ASSERT_STRING_EQUAL(verbs(&fixture), "start install_licenses");
    CU_ASSERT(fixture_look(&fixture, &kind_license_store));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license_store, "rebuildPending"), "false");
}

static void a_dry_run_moves_nothing(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    fixture.host.mode = GATE_PLAN;
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    CU_ASSERT_STRING_EQUAL(verbs(&fixture), "rename start install_licenses");
    CU_ASSERT(fixture.host.changes == 0 && host_now_ms(&fixture.host) == 0);
    CU_ASSERT(fixture_look(&fixture, &kind_license_store));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license_store, "rebuilt"), "false");
}

void suite_kinds_license_store(void)
{
    UNIT_SUITE("kinds: license_store", UNIT_TEST(the_store_is_judged_by_its_own_codes),
               UNIT_TEST(damage_is_counted_since_the_last_proof), UNIT_TEST(what_else_is_in_the_store),
               UNIT_TEST(what_is_no_code_is_refused), UNIT_TEST(the_folder_is_found), UNIT_TEST(the_store_is_made_anew),
               UNIT_TEST(a_running_service_is_stopped_first), UNIT_TEST(it_ends_well_wherever_it_is_cut),
               UNIT_TEST(what_cannot_start_is_put_back), UNIT_TEST(what_does_not_give_way_is_left),
               UNIT_TEST(it_is_not_begun_too_late), UNIT_TEST(it_is_carried_on), UNIT_TEST(a_dry_run_moves_nothing));
}
