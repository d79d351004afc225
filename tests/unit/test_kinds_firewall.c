/* SPDX-License-Identifier: MIT */
/* outbound_firewall on the simulated machine: what is told, what is done, what is left to others, what undo would see.
 */
#include "base/limits.h"
#include "host/nouns/firewall/firewall.h"
#include "host/restore.h"
#include "kinds_fixture.h"
#include "unit.h"

void suite_kinds_firewall(void);

#define OPEN "{'enabled': true, 'blocksOutbound': false}"
#define SHUT "{'enabled': true, 'blocksOutbound': true}"
#define SHUT_BY(who) "{'enabled': true, 'blocksOutbound': true, 'decidedBy': '" who "'}"
#define UNMERGED "{'enabled': true, 'blocksOutbound': true, 'mergesLocalRules': false, 'decidedBy': 'mdm'}"
#define MACHINE(public, rules)                                                                                         \
    "{'machine': 'azmend.machine/1', 'firewall': {'running': true, 'active': ['public'], 'profiles': {'domain': " OPEN \
    ", 'private': " OPEN ", 'public': " public "}, 'rules': [" rules "]}}"
#define STOPPED "{'machine': 'azmend.machine/1', 'firewall': {'running': false}}"
#define BLOCK "{'name': 'No KMS', 'allows': false, 'protocol': 6, 'remotePorts': '1688'}"
#define RULE(name, program, ports)                                                                                     \
    "{'store': 'local', 'name': '" name "', 'group': 'azmend', 'enabled': true, 'allows': true, 'protocol': 6,"        \
    " 'remotePorts': '" ports "', 'remoteAddresses': '*'" program ", 'interfaceTypes': 'All', 'profiles': ['public']}"
#define CLIENT ", 'application': '%SystemRoot%\\\\System32\\\\SppExtComObj.exe'"
#define SELF ", 'application': 'C:\\\\azmend\\\\azmend.exe'"
#define OWN(ports) RULE("azmend KMS client", CLIENT, ports)
#define BROAD RULE("azmend KMS outbound", "", "1688")
#define PROBE RULE("azmend probe (temporary)", SELF, "1688")
#define LOCAL "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
#define GROUP_POLICY "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"

enum { ALLOWED = 2 };

/* Documents are written with ' for ". */
static void open_machine(struct fixture *fixture, const char *document)
{
    char json[4096];
    size_t size = strlen(document);
    must(size < sizeof json);
    for (size_t i = 0; i <= size; i++) {
        json[i] = document[i] == '\'' ? '"' : document[i];
    }
    fixture_machine(fixture, json);
}

static void test_look(void)
{
    const struct {
        const char *name, *document;
        struct expected_cell cells[8];
    } cases[] = {
        {"open",
         MACHINE(OPEN, ""),
         {{"running", "true"},
          {"blocks", "false"},
          {"allowed", "true"},
          {"blockedBy", "absent"},
          {"decidedBy", "local"},
          {"ownRuleHelps", "absent"},
          {"ruleExists", "false"}}},
        {"default",
         MACHINE(SHUT, ""),
         {{"blocks", "true"},
          {"blockedBy", "default"},
          {"managed", "false"},
          {"place", LOCAL "\\PublicProfile"},
          {"ownRuleHelps", "true"}}},
        {"default of policy",
         MACHINE(SHUT_BY("policy"), ""),
         {{"blocks", "true"},
          {"decidedBy", "policy"},
          {"managed", "true"},
          {"place", GROUP_POLICY "\\PublicProfile"},
          {"ownRuleHelps", "false"}}},
        {"local rules do not count",
         MACHINE(UNMERGED, OWN("1688")),
         {{"blocks", "true"},
          {"decidedBy", "mdm"},
          {"place", LOCAL "\\Mdm\\PublicProfile"},
          {"ownRuleHelps", "false"},
          {"ruleExists", "true"}}},
        {"a rule",
         MACHINE(OPEN, BLOCK),
         {{"blocks", "true"},
          {"blockedBy", "No KMS"},
          {"managed", "false"},
          {"place", LOCAL "\\FirewallRules"},
          {"ownRuleHelps", "false"}}},
        {"our own", MACHINE(SHUT, OWN("1688")), {{"blocks", "false"}, {"ruleExists", "true"}, {"allowed", "true"}}},
        {"our own, changed by somebody", MACHINE(SHUT, OWN("80")), {{"ruleExists", "false"}, {"ruleIsBroad", "false"}}},
        {"may hold",
         MACHINE(OPEN, "{'name': 'n', 'allows': false, 'narrower': true}"),
         {{"blocks", "unknown"}, {"allowed", "unknown"}, {"blockedBy", "unknown"}, {"ruleExists", "false"}}},
        {"stopped", STOPPED, {{"running", "false"}, {"blocks", "false"}, {"allowed", "true"}, {"decidedBy", "absent"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_outbound_firewall));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_outbound_firewall, cases[i].cells));
    }
}

/* The rules of our own, for the KMS client and for this program. */
static void test_own_rules(void)
{
    const struct {
        const char *name, *document;
        struct expected_cell cells[8];
    } cases[] = {
        {"of an earlier version", MACHINE(SHUT, BROAD), {{"ruleExists", "false"}, {"ruleIsBroad", "true"}}},
        {"a broad one of the administrator",
         MACHINE(SHUT, "{'name': 'n', 'allows': true}"),
         {{"ruleIsBroad", "false"}}},
        {"profiles that block", MACHINE(SHUT, ""), {{"profiles", "public"}}},
        {"none blocks", MACHINE(OPEN, ""), {{"profiles", "domain,private,public"}}},
        {"our own program",
         MACHINE(SHUT, OWN("1688")),
         {{"blocks", "false"}, {"probeBlocked", "true"}, {"probeAllowed", "false"}, {"probeRuleLeft", "false"}}},
        {"the client alone is blocked",
         MACHINE(OPEN, "{'name': 'n', 'allows': false" CLIENT "}"),
         {{"blocks", "true"}, {"probeBlocked", "false"}, {"probeAllowed", "true"}}},
        {"our own program, perhaps",
         MACHINE(OPEN, "{'name': 'n', 'allows': false, 'narrower': true}"),
         {{"probeBlocked", "false"}, {"probeAllowed", "unknown"}}},
        {"left by a run that was killed",
         MACHINE(SHUT, PROBE),
         {{"probeBlocked", "false"}, {"probeAllowed", "true"}, {"probeRuleLeft", "true"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, cases[i].document);
        ROW_ASSERT(cases[i].name, fixture_look(&fixture, &kind_outbound_firewall));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_outbound_firewall, cases[i].cells));
    }
}

static void test_look_by_address(void)
{
    struct value addresses[] = {value_text("20.118.99.224"), value_text("40.83.235.53")};
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE(OPEN, "{'name': 'one', 'allows': false, 'remoteAddresses': '40.83.235.53'}"));
    CU_ASSERT(fixture_look(&fixture, &kind_outbound_firewall));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "blocks"), "unknown");
    fixture.params[2] = value_list(TYPE_TEXT, addresses, 1);
    CU_ASSERT(fixture_look(&fixture, &kind_outbound_firewall));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "blocks"), "false");
    fixture.params[2] = value_list(TYPE_TEXT, addresses, 2);
    CU_ASSERT(fixture_look(&fixture, &kind_outbound_firewall));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "blockedBy"), "one");
}

static bool want(struct fixture *fixture, const char *property, bool wanted)
{
    struct value cells[FIXTURE_CELLS] = {0};
    int index = columns_find(&kind_outbound_firewall.properties, property);
    must(index >= 0);
    cells[index] = value_bool(wanted);
    return fixture_set(fixture, &kind_outbound_firewall, cells);
}

static void test_set(void)
{
    static const struct {
        const char *name, *document, *property;
        bool wanted;
        enum err_code code;
        size_t changes;
        const char *before, *after; /* of the op: what the state contains; NULL: absent */
    } cases[] = {
        {"default", MACHINE(SHUT, ""), "allowed", true, ERR_NONE, 1, NULL, "\"remotePorts\":\"1688\""},
        {"our own, damaged", MACHINE(SHUT, OWN("80")), "allowed", true, ERR_NONE, 1, "\"80\"", "\"1688\""},
        {"narrowed", MACHINE(SHUT, BROAD), "ruleIsBroad", false, ERR_NONE, 2, "\"1688\"", "SppExtComObj.exe"},
        {"narrow as it is", MACHINE(SHUT, OWN("1688")), "ruleIsBroad", false, ERR_NONE, 0, NULL, NULL},
        {"never to widen", MACHINE(SHUT, OWN("1688")), "ruleIsBroad", true, ERR_INVALID, 0, NULL, NULL},
        {"never to leave", MACHINE(SHUT, ""), "probeRuleLeft", true, ERR_INVALID, 0, NULL, NULL},
        {"our own, there", MACHINE(SHUT, OWN("1688")), "ruleExists", true, ERR_NONE, 0, NULL, NULL},
        {"removed", MACHINE(SHUT, OWN("1688")), "ruleExists", false, ERR_NONE, 1, "azmend KMS client", NULL},
        {"nothing to remove", MACHINE(SHUT, ""), "ruleExists", false, ERR_NONE, 0, NULL, NULL},
        {"policy decides", MACHINE(SHUT_BY("policy"), ""), "allowed", true, ERR_REFUSED, 0, NULL, NULL},
        {"device management decides", MACHINE(SHUT_BY("mdm"), ""), "allowed", true, ERR_REFUSED, 0, NULL, NULL},
        {"local rules do not count", MACHINE(UNMERGED, ""), "allowed", true, ERR_REFUSED, 0, NULL, NULL},
        {"an explicit block", MACHINE(SHUT, BLOCK), "allowed", true, ERR_REFUSED, 0, NULL, NULL},
        {"it may be blocked", MACHINE(SHUT, "{'name': 'n', 'allows': false, 'narrower': true}"), "allowed", true,
         ERR_REFUSED, 0, NULL, NULL},
        {"two of our name", MACHINE(SHUT, OWN("80") "," OWN("443")), "allowed", true, ERR_REFUSED, 0, NULL, NULL},
        {"stopped", STOPPED, "ruleExists", true, ERR_REFUSED, 0, NULL, NULL},
        {"never to block", MACHINE(OPEN, ""), "allowed", false, ERR_INVALID, 0, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, cases[i].document);
        bool done = want(&fixture, cases[i].property, cases[i].wanted);
        ROW_ASSERT(cases[i].name, done == (cases[i].code == ERR_NONE) && fixture.err.code == cases[i].code);
        ROW_ASSERT(cases[i].name, fixture.host.changes == cases[i].changes);
        if (host_op_count(&fixture.host) == 1) {
            const struct op *op = host_op(&fixture.host, 0);
            ROW_ASSERT(cases[i].name, op->class == OP_REVERSIBLE && op->outcome == OP_DONE);
            ROW_ASSERT(cases[i].name, text_contains(op->before, cases[i].before != NULL ? cases[i].before : "null"));
            ROW_ASSERT(cases[i].name, text_contains(op->after, cases[i].after != NULL ? cases[i].after : "null"));
        }
        bool again = !done || want(&fixture, cases[i].property, cases[i].wanted);
        ROW_ASSERT(cases[i].name, again && fixture.host.changes == cases[i].changes);
    }
}

/* More rules that may decide than are read: what is missing is not known to be, and nothing is added beside it. */
static void test_cut_list(void)
{
    struct buf document AUTO(buf_clear) = {0};
    struct fixture fixture AUTO(fixture_close);
    buf_init(&document, LIMIT_MACHINE_BYTES);
    buf_text(&document,
             "{'machine': 'azmend.machine/1', 'firewall': {'running': true, 'active': ['public'], 'profiles':"
             " {'domain': " OPEN ", 'private': " OPEN ", 'public': " SHUT "}, 'rules': [");
    for (int i = 0; i < LIMIT_FIREWALL_RULES; i++) {
        buf_format(&document, "{'name': '%d', 'allows': true, 'protocol': 6, 'remotePorts': '%d'}, ", i, 2000 + i);
    }
    buf_text(&document, "{'name': 'off', 'allows': true, 'enabled': false}, {'name': 'the last', 'allows': true}]}}");
    fixture_quoted(&fixture, buf_string(&document));
    CU_ASSERT(fixture_look(&fixture, &kind_outbound_firewall));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "blocks"), "unknown");
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "ruleExists"), "unknown");
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "ruleIsBroad"), "unknown");
    CU_ASSERT(!want(&fixture, "allowed", true) && fixture.err.code == ERR_REFUSED && fixture.host.changes == 0);
}

static const char *saved(struct fixture *fixture)
{
    struct buf bytes AUTO(buf_clear);
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    sim_save(fixture->sim, &bytes);
    return arena_text(&fixture->arena, buf_string(&bytes));
}

/* Put back as it was, the machine is written as it was, short notation included. */
static void test_put_back(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE(SHUT, "{'name': 'azmend KMS client', 'allows': true}, " BLOCK));
    const char *before = saved(&fixture);
    struct firewall_facts facts = {0};
    CU_ASSERT_FATAL(host_firewall_query(&fixture.host, &facts, &fixture.err) && facts.rule_count == 2);
    struct firewall_rule found = facts.rules[0], other = found;
    other.remote_ports = "443, 80";
    CU_ASSERT(host_firewall_set_rule(&fixture.host, &other, &fixture.err));
    CU_ASSERT(text_contains(saved(&fixture), "\"80,443\""));
    CU_ASSERT(host_firewall_set_rule(&fixture.host, &found, &fixture.err));
    CU_ASSERT_STRING_EQUAL(saved(&fixture), before);
    CU_ASSERT(fixture.host.changes == 2);
}

/* For the run: it counts as no change, ends although the deadline has passed, and the machine is as it was. */
static void test_probe_rule(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE(SHUT, OWN("1688")));
    const char *before = saved(&fixture);
    CU_ASSERT(want(&fixture, "probeAllowed", true) && fixture.host.has_probe_rule);
    CU_ASSERT(text_contains(saved(&fixture), "azmend probe (temporary)"));
    CU_ASSERT(fixture_look(&fixture, &kind_outbound_firewall));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "probeBlocked"), "false");
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_outbound_firewall, "probeRuleLeft"), "false");
    fixture.host.deadline_ms = 0;
    CU_ASSERT(host_firewall_end_probe(&fixture.host, &fixture.err) && !fixture.host.has_probe_rule);
    CU_ASSERT_STRING_EQUAL(saved(&fixture), before);
    CU_ASSERT(host_op_count(&fixture.host) == 2 && fixture.host.changes == 0);
    CU_ASSERT(host_is_passing(host_op(&fixture.host, 0)) && host_is_passing(host_op(&fixture.host, 1)));
    CU_ASSERT(!want(&fixture, "ruleExists", false) && fixture.err.code == ERR_REFUSED);
}

/* The old rule is gone when the new one cannot be made: it is put back. */
static void test_failing_exchange(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE(SHUT, OWN("80")));
    const char *before = saved(&fixture);
    struct firewall_facts facts = {0};
    CU_ASSERT_FATAL(host_firewall_query(&fixture.host, &facts, &fixture.err));
    struct firewall_rule other = facts.rules[0];
    other.remote_ports = "1688";
    sim_fail_call(fixture.sim, 3); /* look, remove, add */
    CU_ASSERT(!host_firewall_set_rule(&fixture.host, &other, &fixture.err));
    CU_ASSERT_STRING_EQUAL(saved(&fixture), before);
    CU_ASSERT(host_op(&fixture.host, 0)->outcome == OP_FAILED && fixture.host.changes == 0);
}

static void test_refused_documents(void)
{
    static const char *const documents[] = {
        "{'machine': 'azmend.machine/1', 'firewall': {}}",
        "{'machine': 'azmend.machine/1', 'firewall': {'running': true}}",
        "{'machine': 'azmend.machine/1', 'firewall': {'running': false, 'active': ['home']}}",
        MACHINE("{'enabled': true, 'blocksOutbound': true, 'mergesLocalRules': false}", ""),
        MACHINE(OPEN, "{'name': 'n', 'allows': true, 'remotePorts': '70000'}"),
        MACHINE(OPEN, "{'name': 'n', 'allows': true, 'profiles': ['home']}"),
        MACHINE(OPEN, "{'name': 'n'}"),
    };
    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        struct fixture fixture AUTO(fixture_close);
        char json[2048];
        fixture_open(&fixture);
        (void)snprintf(json, sizeof json, "%s", documents[i]);
        for (char *at = json; *at != '\0'; at++) {
            *at = *at == '\'' ? '"' : *at;
        }
        bool opened = sim_open(json, strlen(json), "machine", &fixture.arena, &fixture.sim, &fixture.err);
        ROW_ASSERT(documents[i], !opened && fixture.err.code == ERR_INVALID);
    }
}

void suite_kinds_firewall(void)
{
    UNIT_SUITE("outbound_firewall", UNIT_TEST(test_look), UNIT_TEST(test_own_rules), UNIT_TEST(test_look_by_address),
               UNIT_TEST(test_set), UNIT_TEST(test_cut_list), UNIT_TEST(test_put_back), UNIT_TEST(test_probe_rule),
               UNIT_TEST(test_failing_exchange), UNIT_TEST(test_refused_documents));
}
