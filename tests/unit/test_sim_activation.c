/* SPDX-License-Identifier: MIT */
/* Each outer code of Activate with the inner one in the log, and how long it takes. */
#include <stdlib.h>

#include "events_given.h"
#include "sim_fixture.h"

void suite_sim_activation(void);

#define PLATFORM "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"
#define WINDOWS PLATFORM "\\\\55c92734-d682-4d71-983e-d6ec3f16059f"
#define SKU "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define HOST(name) "{'KeyManagementServiceName': '" name "'}"
#define KMS_CLIENT "Windows(R) Operating System, VOLUME_KMSCLIENT channel"

static const char document[] = SIM_DOCUMENT(
    ", 'clock': {'utc': '2026-01-15T08:00:00Z'%s}, 'system': {'name': 'vm<&>', 'dnsSuffixes': ['example']},"
    " 'registry': {'" PLATFORM "': %s, '" WINDOWS "': %s, '" WINDOWS "\\\\" SKU "': %s},"
    " 'events': {'Application': []},"
    " 'licensing': {'products': [{'id': '" SKU "', 'description': '%s', 'status': 5}]%s},"
    " 'network': {'resolve': {'system': {'kms.example': ['10.0.0.1'], 'two.example': ['10.0.0.9', '10.0.0.1'],"
    "  'gone.example': 'no_name', 'empty.example': 'no_data', 'sick.example': 'server_failure', 'lost.example': "
    "'timeout',"
    "  'filtered.example': ['10.0.0.9'], 'refused.example': ['10.0.0.8'], 'odd.example': ['10.0.0.7'],"
    "  'denied.example': ['10.0.0.6'], 'srv.example': ['10.0.0.1']},"
    "  '168.63.129.16': {'SRV _vlmcs._tcp.example': %s}},"
    "  'tcp': {'10.0.0.9:1688': 'timeout', '10.0.0.8:1688': 'refused', '10.0.0.6:1688': 'denied'},"
    "  'kms': {'10.0.0.1:1688': {'ms': 40}, '10.0.0.7:1688': 'rejected', '10.0.0.1:99': 'accepted'}}");

#define NO_SRV "'no_name'"
#define SILENT 0xFFFFFFFFU /* no such event */

static const struct {
    const char *name, *clock, *root, *application, *sku, *description, *licensing, *srv;
    uint32_t code, sent, answer;
    int64_t ms;
} rows[] = {
    {"served", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0, 0, 0, 40},
    {"the product's host goes first", "", HOST("gone.example"), HOST("gone.example"), HOST("kms.example"), KMS_CLIENT,
     "", NO_SRV, 0, 0, 0, 40},
    {"then the application's", "", HOST("gone.example"), HOST("kms.example"), "{}", KMS_CLIENT, "", NO_SRV, 0, 0, 0,
     40},
    {"a port of its own", "", "{'KeyManagementServiceName': 'kms.example', 'KeyManagementServicePort': '99'}", "{}",
     "{}", KMS_CLIENT, "", NO_SRV, 0, 0, 0, 0},
    {"found by SRV", "", "{}", "{}", "{}", KMS_CLIENT, "", "[{'target': 'srv.example', 'port': 1688}]", 0, 0, 0, 40},
    {"nobody to ask", "", "{}", "{}", "{}", KMS_CLIENT, "", NO_SRV, 0x8007232B, SILENT, SILENT, 0},
    {"a second address listens", "", HOST("two.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0, 0, 0, 21040},
    {"no such name", "", HOST("gone.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0x8007232B, SILENT, 0},
    {"a name without address", "", HOST("empty.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0x8007251D,
     SILENT, 0},
    {"a resolver that fails", "", HOST("sick.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0x8007232A,
     SILENT, 0},
    {"a resolver that is silent", "", HOST("lost.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0xC004F074,
     SILENT, 12000},
    {"a dropped port", "", HOST("filtered.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0xC004F074, SILENT,
     21000},
    {"a closed port", "", HOST("refused.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0xC0020017, SILENT,
     0},
    {"a guest firewall", "", HOST("denied.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0xC0020017, SILENT,
     0},
    {"somebody who is no KMS", "", HOST("odd.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074, 0xC004F074,
     SILENT, 0},
    {"a clock ahead", ", 'skewSeconds': 14401", HOST("kms.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074,
     0xC004F06C, SILENT, 40},
    {"a clock behind", ", 'skewSeconds': -14401", HOST("kms.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0xC004F074,
     0xC004F06C, SILENT, 40},
    {"a clock four hours off", ", 'skewSeconds': 14400", HOST("kms.example"), "{}", "{}", KMS_CLIENT, "", NO_SRV, 0, 0,
     0, 40},
    {"another source address", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT, ", 'kmsServes': false", NO_SRV,
     0xC004F074, 0xC004F074, SILENT, 40},
    {"an overloaded KMS", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT, ", 'kmsServes': ['0xC0020017', true]",
     NO_SRV, 0xC004F074, 0xC0020017, SILENT, 40},
    {"too few clients", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT, ", 'kmsServes': '0xC004F038'", NO_SRV,
     0xC004F038, 0, 0xC004F038, 40},
    {"a KMS of another product", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT, ", 'kmsServes': ['0xC004F042']",
     NO_SRV, 0xC004F042, 0, 0xC004F042, 40},
    {"a virtual machine's key", "", "{}", "{}", "{}", "Windows, VIRTUAL_MACHINE_ACTIVATION channel", "", NO_SRV,
     0xC004FD01, SILENT, SILENT, 0},
    {"an evaluation", "", "{}", "{}", "{}", "Windows, TIMEBASED_EVAL channel", "", NO_SRV, 0xC004F009, SILENT, SILENT,
     0},
    {"a retail key", "", "{}", "{}", "{}", "Windows, RETAIL channel", "", NO_SRV, 0xC004C003, SILENT, SILENT, 0},
    {"a damaged store", "", "{}", "{}", "{}", KMS_CLIENT, ", 'store': {'damaged': '0xC004E015'}", NO_SRV, 0xC004E015,
     SILENT, SILENT, 0},
    {"a store without products", "", "{}", "{}", "{}", KMS_CLIENT, ", 'store': {'damaged': 'no_products'}", NO_SRV,
     0xC004F015, SILENT, SILENT, 0},
    {"a product of another edition", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT "', 'reason': '0xC004F069", "",
     NO_SRV, 0xC004F069, SILENT, SILENT, 0},
    {"a damaged store that lists products", "", HOST("kms.example"), "{}", "{}", KMS_CLIENT,
     ", 'store': {'damaged': '0xC004E015', 'lists': true}", NO_SRV, 0xC004E015, SILENT, SILENT, 0},
    {"a broken provider", "", "{}", "{}", "{}", KMS_CLIENT, ", 'error': '0x80041013'", NO_SRV, 0x80041013, SILENT,
     SILENT, 0},
};

/* First field of the one event with this id; SILENT: none. */
static uint32_t logged(struct sim *sim, const char *row, const char *xpath)
{
    struct event_query query = {.channel = "Application", .xpath = xpath, .most = 10};
    struct events_given given = {.arena = &sim_arena};
    struct event_record record = {0};
    struct err err = {0};
    ROW_ASSERT(row, events_ask(&sim_ops, sim, &query, &given, &err) && given.items.count <= 1);
    if (given.items.count == 0) {
        return SILENT;
    }
    ROW_ASSERT(row, event_parse(events_at(&given, 0), strlen(events_at(&given, 0)), &sim_arena, &record, &err));
    ROW_ASSERT(row, record.data_count == 1); /* one Data, fields separated by commas */
    return record.data_count == 1 ? (uint32_t)strtoul(record.data[0], NULL, 16) : SILENT;
}

static void activation_ends_as_documented(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, document, rows[i].clock, rows[i].root, rows[i].application,
                                                rows[i].sku, rows[i].description, rows[i].licensing, rows[i].srv));
        struct err err = {0};
        bool activated = sim_ops.licensing->activate(sim, SKU, 120000, &err);
        ROW_ASSERT(rows[i].name, activated == (rows[i].code == 0) && err.os == rows[i].code);
        ROW_ASSERT(rows[i].name, logged(sim, rows[i].name, "*[System[EventID=12288]]") == rows[i].sent);
        ROW_ASSERT(rows[i].name, logged(sim, rows[i].name, "*[System[EventID=12289]]") == rows[i].answer);
        ROW_ASSERT(rows[i].name, sim_ops.clock->now_ms(sim) == rows[i].ms);
        ROW_ASSERT(rows[i].name, strstr(sim_text(sim), "259200") == NULL || activated);
        sim_close(sim);
    }
}

static struct sim *make(const char *root, const char *licensing)
{
    return sim_make(arena_format(&sim_arena, document, "", root, "{}", "{}", KMS_CLIENT, licensing, NO_SRV));
}

static void served_it_is_licensed(void)
{
    struct sim *sim = make(HOST("kms.example"), "");
    struct licensing_products products = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.licensing->activate(sim, SKU, 1000, &err));
    CU_ASSERT_FATAL(sim_ops.licensing->products(sim, &sim_arena, &products, &err) && products.count == 1);
    CU_ASSERT(products.items[0].status == 1 && products.items[0].reason == 0x4004F040);
    CU_ASSERT(products.items[0].grace_minutes == 259200 && products.items[0].activation_type == 2);
    struct sim *again = sim_make(sim_text(sim));
    CU_ASSERT_STRING_EQUAL(sim_text(again), sim_text(sim));
    CU_ASSERT(strstr(sim_text(sim), "12288") == NULL); /* the log is not saved */
    sim_close(again);
    sim_close(sim);
}

static void what_takes_too_long_is_abandoned(void)
{
    struct sim *sim = make(HOST("kms.example"), ", 'activateMs': 150000");
    const char *before = sim_text(sim);
    struct err err = {0};
    CU_ASSERT(!sim_ops.licensing->activate(sim, SKU, 120000, &err) && err.code == ERR_TIMEOUT);
    CU_ASSERT(sim_ops.clock->now_ms(sim) == 120000);
    CU_ASSERT_STRING_EQUAL(sim_text(sim), before);
    sim_close(sim);
}

static void a_kms_recovers(void)
{
    struct sim *sim = make(HOST("kms.example"), ", 'kmsServes': [false, '0xC004F038', true]");
    const uint32_t codes[] = {0xC004F074, 0xC004F038, 0, 0};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct err err = {0};
        CU_ASSERT(sim_ops.licensing->activate(sim, SKU, 1000, &err) == (codes[i] == 0) && err.os == codes[i]);
    }
    sim_close(sim);
}

static void hostile_names_stay_inside_their_event(void)
{
    struct sim *sim = make("{'KeyManagementServiceName': '</Data><Data>&.example'}", "");
    struct err err = {0};
    CU_ASSERT(!sim_ops.licensing->activate(sim, SKU, 1000, &err) && err.code == ERR_UNSCRIPTED);
    sim_close(sim);
    sim = make(HOST("kms.example"), "");
    CU_ASSERT(sim_ops.licensing->activate(sim, SKU, 1000, &err));
    CU_ASSERT(logged(sim, "computer name", "*[System[EventID=12288]]") == 0);
    sim_close(sim);
}

/* --- keys --- */

#define GVLK "WX4NM-KYWYW-QJJR4-XV3QB-6VM33"
#define KEYS(products)                                                                                                 \
    SIM_DOCUMENT(", 'registry': {'" PLATFORM "': {}}, 'licensing': {'products': [" products                            \
                 "], 'keys': [{'key': '" GVLK "', 'id': 'new', 'description': '" KMS_CLIENT                            \
                 "', 'family': 'ServerDatacenter'},"                                                                   \
                 " {'key': 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', 'id': 'retail', 'description': 'RETAIL channel'}]}")
#define OLD "{'id': 'old', 'description': 'RETAIL channel', 'partialKey': 'XXXXX', 'status': 1}"
#define ADDON "{'id': 'esu', 'partialKey': 'YYYYY', 'addon': true}"

static void a_key_makes_a_new_product(void)
{
    struct sim *sim = sim_make(KEYS(OLD ", " ADDON));
    struct err err = {0};
    CU_ASSERT(sim_ops.licensing->install_key(sim, GVLK, &err));
    CU_ASSERT(
        sim_is(sim, KEYS("{'id': 'new', 'description': '" KMS_CLIENT "', 'family': 'ServerDatacenter', 'partialKey':"
                         " '6VM33', 'status': 5, 'reason': '0xC004F056', 'activationType': 0,"
                         " 'activationEnabled': 0}, " ADDON)));
    CU_ASSERT(sim_ops.licensing->install_key(sim, "aaaaa-AAAAA-AAAAA-AAAAA-AAAAA", &err));
    CU_ASSERT(strstr(sim_text(sim), "0xC004F034") != NULL);
    sim_close(sim);
}

static void a_key_that_does_not_fit_changes_nothing(void)
{
    static const struct {
        const char *name, *document, *key;
        uint32_t code;
    } cases[] = {
        {"of another edition", KEYS(OLD), "N69G4-B89J2-4G8F4-WWYCC-J464C", 0xC004F069},
        {"on an evaluation", KEYS("{'id': 'eval', 'description': 'TIMEBASED_EVAL channel', 'partialKey': 'ZZZZZ'}"),
         GVLK, 0xC004F069},
        {"keys not scripted", SIM_DOCUMENT(", 'licensing': {'products': []}"), GVLK, 0},
        {"a damaged store",
         SIM_DOCUMENT(", 'registry': {'" PLATFORM
                      "': {}}, 'licensing': {'store': {'damaged': '0xC004D301'}, 'keys': []}"),
         GVLK, 0xC004D301},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sim *sim = sim_make(cases[i].document);
        const char *before = sim_text(sim);
        struct err err = {0};
        ROW_ASSERT(cases[i].name, !sim_ops.licensing->install_key(sim, cases[i].key, &err) && err.os == cases[i].code);
        ROW_ASSERT(cases[i].name, text_same(sim_text(sim), before));
        sim_close(sim);
    }
}

void suite_sim_activation(void)
{
    SIM_SUITE("sim_activation", UNIT_TEST(activation_ends_as_documented), UNIT_TEST(served_it_is_licensed),
              UNIT_TEST(what_takes_too_long_is_abandoned), UNIT_TEST(a_kms_recovers),
              UNIT_TEST(hostile_names_stay_inside_their_event), UNIT_TEST(a_key_makes_a_new_product),
              UNIT_TEST(a_key_that_does_not_fit_changes_nothing));
}
