/* SPDX-License-Identifier: MIT */
/* Every row of the precedence: explicit block, explicit allow, default; whose rules count; what may hold or not. */
#include "base/text.h"
#include "host/nouns/firewall/verdict.h"
#include "unit.h"

void suite_firewall_verdict(void);

#define CLIENT "%SystemRoot%\\System32\\SppExtComObj.exe"
#define KMS "20.118.99.224"

/* A rule by what is special about it; what is not said is any. */
struct sketch {
    const char *name;
    bool allows, off, inbound, package, narrower;
    enum firewall_store store;
    int64_t protocol;
    const char *ports, *addresses, *application, *service, *interfaces;
    unsigned profiles;
};

#define ALLOW(title, ...)                                                                                              \
    {                                                                                                                  \
        .name = (title), .allows = true, __VA_ARGS__                                                                   \
    }
#define BLOCK(title, ...)                                                                                              \
    {                                                                                                                  \
        .name = (title), __VA_ARGS__                                                                                   \
    }
#define LOCAL .store = FIREWALL_LOCAL
#define POLICY .store = FIREWALL_POLICY

#define OPEN                                                                                                           \
    {                                                                                                                  \
        .enabled = true, .merges_local_rules = true                                                                    \
    }
#define SHUT                                                                                                           \
    {                                                                                                                  \
        .enabled = true, .merges_local_rules = true, .blocks_outbound = true                                           \
    }
#define SHUT_BY_POLICY                                                                                                 \
    {                                                                                                                  \
        .enabled = true, .merges_local_rules = true, .blocks_outbound = true, .decided_by = FIREWALL_POLICY            \
    }
#define SHUT_UNMERGED                                                                                                  \
    {                                                                                                                  \
        .enabled = true, .blocks_outbound = true, .decided_by = FIREWALL_MDM                                           \
    }
#define OPEN_UNMERGED                                                                                                  \
    {                                                                                                                  \
        .enabled = true, .decided_by = FIREWALL_POLICY                                                                 \
    }
#define OFF                                                                                                            \
    {                                                                                                                  \
        .merges_local_rules = true, .blocks_outbound = true                                                            \
    }

static const struct {
    const char *name;
    struct firewall_profile_facts profile;
    struct sketch rules[3]; /* up to the first without a name */
    enum firewall_effect effect;
    const char *by; /* rule, NULL: the default */
    enum firewall_store store;
} cases[] = {
    {"nothing set", OPEN, {{0}}, FIREWALL_ALLOWED, NULL, FIREWALL_LOCAL},
    {"default blocks", SHUT, {{0}}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"default of policy blocks", SHUT_BY_POLICY, {{0}}, FIREWALL_BLOCKED, NULL, FIREWALL_POLICY},
    {"profile off", OFF, {BLOCK("b", LOCAL)}, FIREWALL_ALLOWED, NULL, FIREWALL_LOCAL},
    {"block", OPEN, {BLOCK("b", LOCAL)}, FIREWALL_BLOCKED, "b", FIREWALL_LOCAL},
    {"block of policy", OPEN, {BLOCK("b", POLICY)}, FIREWALL_BLOCKED, "b", FIREWALL_POLICY},
    {"allow over default", SHUT, {ALLOW("a", LOCAL)}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"allow over default of policy", SHUT_BY_POLICY, {ALLOW("a", LOCAL)}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"block before allow", OPEN, {BLOCK("b", LOCAL), ALLOW("a", LOCAL)}, FIREWALL_BLOCKED, "b", FIREWALL_LOCAL},
    {"block after allow", SHUT, {ALLOW("a", LOCAL), BLOCK("b", LOCAL)}, FIREWALL_BLOCKED, "b", FIREWALL_LOCAL},
    {"local block over allow of policy", SHUT, {ALLOW("a", POLICY), BLOCK("b", LOCAL)}, FIREWALL_BLOCKED, "b", 0},
    {"local allow does not count", SHUT_UNMERGED, {ALLOW("a", LOCAL)}, FIREWALL_BLOCKED, NULL, FIREWALL_MDM},
    {"allow of policy counts", SHUT_UNMERGED, {ALLOW("a", POLICY)}, FIREWALL_ALLOWED, "a", FIREWALL_POLICY},
    {"local block does not count", OPEN_UNMERGED, {BLOCK("b", LOCAL)}, FIREWALL_ALLOWED, NULL, FIREWALL_POLICY},
    /* what a rule holds for */
    {"rule off", SHUT, {ALLOW("a", .off = true)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"inbound rule", SHUT, {ALLOW("a", .inbound = true)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"any protocol", SHUT, {ALLOW("a", .protocol = FIREWALL_PROTOCOL_ANY)}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"UDP", SHUT, {ALLOW("a", .protocol = 17)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"another port", SHUT, {ALLOW("a", .ports = "443")}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"a range of ports", SHUT, {ALLOW("a", .ports = "1000-2000")}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"any port", OPEN, {BLOCK("b", .ports = "*")}, FIREWALL_BLOCKED, "b", FIREWALL_LOCAL},
    {"another profile", SHUT, {ALLOW("a", .profiles = FIREWALL_PRIVATE)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"this profile among others", SHUT, {ALLOW("a", .profiles = 6)}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"the client", SHUT, {ALLOW("a", .application = CLIENT)}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    {"the client, read back",
     SHUT,
     {ALLOW("a", .application = "C:\\WINDOWS\\system32\\sppextcomobj.exe")},
     FIREWALL_ALLOWED,
     "a",
     FIREWALL_LOCAL},
    {"the client, windir", SHUT, {ALLOW("a", .application = "%windir%\\System32\\SppExtComObj.exe")}, 0, "a", 0},
    {"the service's program is not the client",
     SHUT,
     {ALLOW("a", .application = "%SystemRoot%\\System32\\sppsvc.exe")},
     FIREWALL_BLOCKED,
     NULL,
     FIREWALL_LOCAL},
    {"the same name elsewhere",
     SHUT,
     {ALLOW("a", .application = "C:\\Temp\\System32\\SppExtComObj.exe")},
     FIREWALL_BLOCKED,
     NULL,
     FIREWALL_LOCAL},
    {"the address", SHUT, {ALLOW("a", .addresses = KMS "/255.255.255.255")}, FIREWALL_ALLOWED, "a", 0},
    {"another address", SHUT, {ALLOW("a", .addresses = "10.0.0.0/255.0.0.0")}, FIREWALL_BLOCKED, NULL, 0},
    {"blocked address", OPEN, {BLOCK("b", .addresses = KMS "/255.255.255.255")}, FIREWALL_BLOCKED, "b", 0},
    {"a network without it", OPEN, {BLOCK("b", .addresses = "10.0.0.0/255.0.0.0")}, FIREWALL_ALLOWED, NULL, 0},
    {"a store app", SHUT, {ALLOW("a", .package = true)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"a cable", SHUT, {ALLOW("a", .interfaces = "Lan")}, FIREWALL_ALLOWED, "a", FIREWALL_LOCAL},
    /* what may hold */
    {"a user may be allowed", SHUT, {ALLOW("a", .narrower = true)}, FIREWALL_UNCERTAIN, "a", FIREWALL_LOCAL},
    {"a user may be blocked", OPEN, {BLOCK("b", .narrower = true)}, FIREWALL_UNCERTAIN, "b", FIREWALL_LOCAL},
    {"of policy", OPEN, {BLOCK("b", POLICY, .narrower = true)}, FIREWALL_UNCERTAIN, "b", FIREWALL_POLICY},
    {"may be blocked, though allowed",
     SHUT,
     {BLOCK("b", .narrower = true), ALLOW("a", LOCAL)},
     FIREWALL_UNCERTAIN,
     "b",
     FIREWALL_LOCAL},
    {"blocked either way", SHUT, {BLOCK("b", .narrower = true)}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"blocked for certain, allowed perhaps",
     SHUT,
     {ALLOW("a", .narrower = true), BLOCK("b", LOCAL)},
     FIREWALL_BLOCKED,
     "b",
     FIREWALL_LOCAL},
    {"allowed for certain, allowed perhaps",
     SHUT,
     {ALLOW("p", .narrower = true), ALLOW("a", LOCAL)},
     FIREWALL_ALLOWED,
     "a",
     FIREWALL_LOCAL},
    {"allowed either way", OPEN, {ALLOW("a", .narrower = true)}, FIREWALL_ALLOWED, NULL, FIREWALL_LOCAL},
    {"WMI's service", SHUT, {ALLOW("a", .service = "Winmgmt")}, FIREWALL_UNCERTAIN, "a", FIREWALL_LOCAL},
    {"WMI's service and the client",
     SHUT,
     {ALLOW("a", .service = "WinMgmt", .application = CLIENT)},
     FIREWALL_UNCERTAIN,
     "a",
     FIREWALL_LOCAL},
    {"WMI's service in its own program",
     SHUT,
     {ALLOW("a", .service = "Winmgmt", .application = "%SystemRoot%\\System32\\svchost.exe")},
     FIREWALL_BLOCKED,
     NULL,
     FIREWALL_LOCAL},
    {"the service and the client", SHUT, {ALLOW("a", .service = "sppsvc", .application = CLIENT)}, 0, "a", 0},
    {"the service of any program", SHUT, {ALLOW("a", .service = "SppSvc")}, 0, "a", 0},
    {"the service and its own program",
     SHUT,
     {ALLOW("a", .service = "sppsvc", .application = "%SystemRoot%\\System32\\sppsvc.exe")},
     FIREWALL_BLOCKED,
     NULL,
     FIREWALL_LOCAL},
    {"the service blocked", OPEN, {BLOCK("b", .service = "sppsvc", .application = CLIENT)}, FIREWALL_BLOCKED, "b", 0},
    {"another service", SHUT, {ALLOW("a", .service = "Spooler")}, FIREWALL_BLOCKED, NULL, FIREWALL_LOCAL},
    {"any service", OPEN, {BLOCK("b", .service = "*")}, FIREWALL_UNCERTAIN, "b", FIREWALL_LOCAL},
    {"a variable of another name",
     SHUT,
     {ALLOW("a", .application = "%ComSpecs%\\SppExtComObj.exe")},
     FIREWALL_UNCERTAIN,
     "a",
     FIREWALL_LOCAL},
    {"no cable", SHUT, {ALLOW("a", .interfaces = "Wireless")}, FIREWALL_UNCERTAIN, "a", FIREWALL_LOCAL},
    {"the local subnet", SHUT, {ALLOW("a", .addresses = "LocalSubnet")}, FIREWALL_UNCERTAIN, "a", 0},
};

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static struct firewall_rule rule_of(const struct sketch *sketch)
{
    return (struct firewall_rule){
        .store = sketch->store,
        .name = sketch->name,
        .enabled = !sketch->off,
        .outbound = !sketch->inbound,
        .allows = sketch->allows,
        .for_package = sketch->package,
        .is_narrower = sketch->narrower,
        .protocol = sketch->protocol != 0 ? sketch->protocol : FIREWALL_PROTOCOL_TCP,
        .remote_ports = text_or(sketch->ports, "1688"),
        .remote_addresses = text_or(sketch->addresses, "*"),
        .application = sketch->application,
        .service = sketch->service,
        .interface_types = text_or(sketch->interfaces, "All"),
        .profiles = sketch->profiles != 0 ? sketch->profiles : FIREWALL_ALL,
    };
}

static void test_precedence(void)
{
    const struct connection connection = {.program = CLIENT, .service = "sppsvc", .port = 1688, .address = KMS};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct firewall_rule rules[COUNT_OF(cases[i].rules)];
        struct firewall_facts facts = {.running = true, .active = FIREWALL_PUBLIC, .rules = rules};
        facts.profiles[2] = cases[i].profile;
        for (; facts.rule_count < COUNT_OF(rules) && cases[i].rules[facts.rule_count].name != NULL;
             facts.rule_count++) {
            rules[facts.rule_count] = rule_of(&cases[i].rules[facts.rule_count]);
        }
        struct firewall_verdict verdict = firewall_evaluate_active(&facts, &connection);
        ROW_ASSERT(cases[i].name, verdict.effect == cases[i].effect);
        ROW_ASSERT(cases[i].name, text_same(verdict.rule != NULL ? verdict.rule->name : NULL, cases[i].by));
        ROW_ASSERT(cases[i].name, verdict.store == cases[i].store && verdict.profile == 2);
        facts.running = false;
        ROW_ASSERT(cases[i].name, firewall_evaluate_active(&facts, &connection).effect == FIREWALL_ALLOWED);
    }
}

static void test_any_address(void)
{
    static const struct sketch block = BLOCK("b", .addresses = "10.0.0.0/255.0.0.0");
    const struct firewall_rule rule = rule_of(&block);
    const struct connection connection = {.program = CLIENT, .port = 1688};
    struct firewall_facts facts = {.running = true, .active = FIREWALL_PUBLIC, .rules = &rule, .rule_count = 1};
    facts.profiles[2] = (struct firewall_profile_facts)OPEN;
    CU_ASSERT(firewall_evaluate_active(&facts, &connection).effect == FIREWALL_UNCERTAIN);
    facts.rule_count = 0;
    CU_ASSERT(firewall_evaluate_active(&facts, &connection).effect == FIREWALL_ALLOWED);
}

/* A list that is cut: what it lacks may be there. */
static void test_cut_list(void)
{
    static const struct {
        const char *name;
        struct firewall_profile_facts profile;
        struct sketch rule;
        enum firewall_effect effect;
    } rows[] = {
        {"nothing seen", OPEN, {0}, FIREWALL_UNCERTAIN},
        {"no allow seen", SHUT, {0}, FIREWALL_UNCERTAIN},
        {"an allow seen", SHUT, ALLOW("a", LOCAL), FIREWALL_UNCERTAIN},
        {"a block seen", OPEN, BLOCK("b", LOCAL), FIREWALL_BLOCKED},
        {"the profile is off", OFF, {0}, FIREWALL_ALLOWED},
    };
    const struct connection connection = {.program = CLIENT, .service = "sppsvc", .port = 1688, .address = KMS};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct firewall_rule rule = rule_of(&rows[i].rule);
        struct firewall_facts facts = {.running = true, .active = FIREWALL_PUBLIC, .rules = &rule, .is_cut = true};
        facts.rule_count = rows[i].rule.name != NULL ? 1 : 0;
        facts.profiles[2] = rows[i].profile;
        ROW_ASSERT(rows[i].name, firewall_evaluate_active(&facts, &connection).effect == rows[i].effect);
    }
}

static void test_what_counts(void)
{
    static const struct {
        const char *name;
        struct sketch rule;
        bool is_own, counts;
    } rows[] = {
        {"TCP", ALLOW("a", LOCAL), false, true},
        {"any protocol", ALLOW("a", .protocol = FIREWALL_PROTOCOL_ANY), false, true},
        {"UDP", ALLOW("a", .protocol = 17), false, false},
        {"off", BLOCK("b", .off = true), false, false},
        {"a store app", BLOCK("b", .package = true), false, false},
        {"inbound", ALLOW("a", .inbound = true), false, false},
        {"our own, off", ALLOW("a", .off = true), true, true},
        {"our own, inbound", ALLOW("a", .inbound = true), true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct firewall_rule rule = rule_of(&rows[i].rule);
        rule.group = rows[i].is_own ? "azmend" : NULL;
        ROW_ASSERT(rows[i].name, firewall_rule_counts(&rule) == rows[i].counts);
    }
}

static void test_active_profiles(void)
{
    static const struct {
        const char *name;
        unsigned active;
        struct firewall_profile_facts profiles[3];
        enum firewall_effect effect;
        unsigned profile;
    } rows[] = {
        {"only the active one", FIREWALL_PRIVATE, {SHUT, OPEN, SHUT}, FIREWALL_ALLOWED, 1},
        {"one of two blocks", FIREWALL_DOMAIN | FIREWALL_PUBLIC, {OPEN, OPEN, SHUT}, FIREWALL_BLOCKED, 2},
        {"the first that blocks", FIREWALL_ALL, {OPEN, SHUT, SHUT}, FIREWALL_BLOCKED, 1},
        {"the managed one that blocks", FIREWALL_ALL, {SHUT, OPEN, SHUT_BY_POLICY}, FIREWALL_BLOCKED, 2},
        {"all open", FIREWALL_ALL, {OPEN, OPEN, OPEN}, FIREWALL_ALLOWED, 0},
    };
    const struct connection connection = {.program = CLIENT, .port = 1688, .address = KMS};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct firewall_facts facts = {.running = true, .active = rows[i].active};
        for (size_t p = 0; p < COUNT_OF(rows[i].profiles); p++) {
            facts.profiles[p] = rows[i].profiles[p];
        }
        struct firewall_verdict verdict = firewall_evaluate_active(&facts, &connection);
        ROW_ASSERT(rows[i].name, verdict.effect == rows[i].effect && verdict.profile == rows[i].profile);
    }
}

void suite_firewall_verdict(void)
{
    UNIT_SUITE("firewall verdict", UNIT_TEST(test_precedence), UNIT_TEST(test_any_address), UNIT_TEST(test_cut_list),
               UNIT_TEST(test_what_counts), UNIT_TEST(test_active_profiles));
}
