/* SPDX-License-Identifier: MIT */
/* Each way of changing a thing: made, seen, put back. What somebody else did in between is seen too. */
#include "host/gate.h"
#include "host/restore.h"
#include "sim_fixture.h"

void suite_restore(void);

static struct host host;
static struct err err;

static struct sim *open_host(const char *document)
{
    struct sim *sim = sim_make(document);
    host_init(&host, &sim_ops, sim, &sim_arena, GATE_CHANGE, LIMIT_RUN_MS);
    host.on_azure = true;
    return sim;
}

#define KEY "HKLM\\SOFTWARE\\K"
#define REGISTRY(values) SIM_DOCUMENT(", 'registry': {'HKLM\\\\SOFTWARE\\\\K': {" values "}}")

static bool set_text(void)
{
    struct registry_value value = registry_from_text(&sim_arena, "new");
    return host_registry_set(&host, KEY, "V", &value, &err);
}

static bool delete_value(void)
{
    return host_registry_delete(&host, KEY, "V", &err);
}

#define SERVICE(members) SIM_DOCUMENT(", 'services': {'svc': {" members "}}")

static bool set_start(void)
{
    return host_service_set_start(&host, "svc", SERVICE_STARTS_AUTOMATIC, true, &err);
}

static bool start(void)
{
    return host_service_start(&host, "svc", &err);
}

static bool stop(void)
{
    return host_service_stop(&host, "svc", &err);
}

#define FILES(members) SIM_DOCUMENT(", 'files': {'C:\\\\F': {'folder': true}" members "}")

static bool write_file(void)
{
    return host_file_write(&host, "C:\\F\\a", "new", 3, &err);
}

static bool delete_file(void)
{
    return host_file_delete(&host, "C:\\F\\a", &err);
}

static bool rename_file(void)
{
    return host_file_rename(&host, "C:\\F\\a", "C:\\F\\b", OP_REVERSIBLE, &err);
}

#define PLATFORM "'HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform': "
#define LICENSING(values)                                                                                              \
    SIM_DOCUMENT(", 'registry': {" PLATFORM "{" values                                                                 \
                 "}}, 'services': {'sppsvc': {'state': 'running', 'start': 'automatic'}}, "                            \
                 "'licensing': {'version': '10.0', 'products': []}")

static bool set_kms(void)
{
    return host_licensing_set_kms(&host, NULL, "new.example", 1689, &err);
}

#define PROFILE "{'enabled': true, 'blocksOutbound': false}"
#define FIREWALL(rules)                                                                                                \
    SIM_DOCUMENT(", 'firewall': {'running': true, 'active': ['public'], 'profiles': {'domain': " PROFILE               \
                 ", 'private': " PROFILE ", 'public': " PROFILE "}, 'rules': [" rules "]}")
#define OLD_RULE                                                                                                       \
    "{'store': 'local', 'name': 'R', 'group': 'azmend', 'enabled': false, 'allows': false, 'protocol': 17, "           \
    "'remotePorts': '80,443', 'remoteAddresses': '10.0.0.0/255.0.0.0', 'application': 'C:\\\\a.exe', "                 \
    "'service': 's', 'interfaceTypes': 'Lan', 'profiles': ['domain', 'public']}"

static bool set_rule(void)
{
    const struct firewall_rule rule = {.name = "R",
                                       .enabled = true,
                                       .outbound = true,
                                       .allows = true,
                                       .protocol = FIREWALL_PROTOCOL_TCP,
                                       .remote_ports = "1688",
                                       .remote_addresses = "*",
                                       .interface_types = "All",
                                       .profiles = FIREWALL_ALL};
    return host_firewall_set_rule(&host, &rule, &err);
}

static bool remove_rule(void)
{
    return host_firewall_remove_rule(&host, "R", &err);
}

static bool enable_task(void)
{
    return host_task_set_enabled(&host, "\\T", true, &err);
}

static const struct {
    const char *name, *before;
    bool (*change)(void);
    const char *stays; /* the machine when it is put back, where it is not `before` */
} ways[] = {
    {"a text", REGISTRY("'V': 'old'"), set_text, NULL},
    {"a number", REGISTRY("'V': {'dword': 7}"), set_text, NULL},
    {"bytes of no known type", REGISTRY("'V': {'type': 77, 'hex': '00ff01'}"), set_text, NULL},
    {"no bytes", REGISTRY("'V': {'type': 3, 'hex': ''}"), set_text, NULL},
    {"a value that was not there", REGISTRY(""), set_text, NULL},
    {"a value that goes", REGISTRY("'V': 'old'"), delete_value, NULL},
    {"a key that was not there: it stays, empty", SIM_DOCUMENT(", 'registry': {'HKLM\\\\SOFTWARE': {}}"), set_text,
     SIM_DOCUMENT(", 'registry': {'HKLM\\\\SOFTWARE': {}, 'HKLM\\\\SOFTWARE\\\\K': {}}")},
    {"a start type", SERVICE("'state': 'stopped', 'start': 'disabled'"), set_start, NULL},
    {"a delayed start", SERVICE("'state': 'stopped', 'start': 'automatic', 'delayed': false"), set_start, NULL},
    {"a start", SERVICE("'state': 'stopped', 'start': 'manual'"), start, NULL},
    {"a stop", SERVICE("'state': 'running', 'start': 'manual'"), stop, NULL},
    {"a file", FILES(", 'C:\\\\F\\\\a': {'hex': '00ff0a'}"), write_file, NULL},
    {"an empty file", FILES(", 'C:\\\\F\\\\a': {'text': ''}"), write_file, NULL},
    {"a file that was not there", FILES(""), write_file, NULL},
    {"a file that goes", FILES(", 'C:\\\\F\\\\a': {'text': 'old'}"), delete_file, NULL},
    {"a name", FILES(", 'C:\\\\F\\\\a': {'text': 'old'}"), rename_file, NULL},
    {"a KMS", LICENSING("'KeyManagementServiceName': 'old.example', 'KeyManagementServicePort': '1688'"), set_kms,
     NULL},
    {"a KMS without a port", LICENSING("'KeyManagementServiceName': 'old.example'"), set_kms, NULL},
    {"no KMS", LICENSING(""), set_kms, NULL},
    {"a rule", FIREWALL(OLD_RULE), set_rule, NULL},
    {"a rule that was not there", FIREWALL(""), set_rule, NULL},
    {"a rule that goes", FIREWALL(OLD_RULE), remove_rule, NULL},
    {"a task", SIM_DOCUMENT(", 'tasks': {'\\\\T': {'enabled': false}}"), enable_task, NULL},
};

static bool stands_as(const struct op *op, const char *wanted)
{
    const char *state = NULL;
    return host_state(&host, op, &state, &err) && text_same(state, wanted);
}

static void what_was_changed_is_put_back(void)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct sim *sim = open_host(ways[i].before);
        ROW_ASSERT(ways[i].name, ways[i].change() && host_op_count(&host) == 1);
        const struct op op = *host_op(&host, 0);
        ROW_ASSERT(ways[i].name, stands_as(&op, op.after) && !text_same(op.before, op.after));
        err = (struct err){0};
        ROW_ASSERT(ways[i].name, host_restore(&host, &op, &err));
        ROW_ASSERT(err.text, err.code == ERR_NONE);
        ROW_ASSERT(ways[i].name, stands_as(&op, op.before));
        ROW_ASSERT(ways[i].name, sim_is(sim, ways[i].stays != NULL ? ways[i].stays : ways[i].before));
        const struct op *back = host_op(&host, 1);
        ROW_ASSERT(ways[i].name, host_op_count(&host) == 2 && back->undoes == 1 && text_same(back->before, op.after) &&
                                     text_same(back->after, op.before));
        sim_close(sim);
    }
}

/* Whether the op says what was made, and the machine can be given back by what it says. */
static void check_failed_late(const char *name, const char *before)
{
    const struct op op = *host_op(&host, 0);
    const char *state = NULL;
    bool is_counted = host.changes == 1 && op.outcome == OP_UNKNOWN;
    ROW_ASSERT(name, op.err.code == ERR_IO && host_state(&host, &op, &state, &err));
    ROW_ASSERT(name, is_counted == !text_same(state, op.before) && is_counted == (op.outcome != OP_FAILED));
    if (is_counted) {
        ROW_ASSERT(name, text_same(state, op.after) || text_same(state, op.stands));
        ROW_ASSERT(name, host_restore(&host, &op, &err) && stands_as(&op, op.before));
    }
    ROW_ASSERT(before, err.code == ERR_NONE);
}

/* Answered as failed at each point behind the change and between its parts: seen, counted, put back. */
static void what_was_made_and_answered_as_failed_is_owned(void)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        uint64_t points = 1;
        for (uint64_t point = 1; point <= points; point++) {
            struct sim *sim = open_host(ways[i].before);
            err = (struct err){0};
            sim_fail_late(sim, point);
            bool is_made = ways[i].change();
            points = sim_late_points(sim) > points ? sim_late_points(sim) : points;
            ROW_ASSERT(ways[i].name, host_op_count(&host) >= 1);
            ROW_ASSERT(ways[i].name, is_made == text_same(host_op(&host, 0)->stands, host_op(&host, 0)->after));
            err = (struct err){0};
            check_failed_late(ways[i].name, ways[i].before);
            ROW_ASSERT(ways[i].name, sim_is(sim, ways[i].stays != NULL ? ways[i].stays : ways[i].before));
            sim_close(sim);
        }
    }
}

/* What changes nothing has failed, whatever there would have been to change. */
static void what_failed_before_its_effect_is_no_change(void)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct sim *sim = open_host(ways[i].before);
        err = (struct err){0};
        ROW_ASSERT(ways[i].name, ways[i].change());
        uint64_t calls = sim_calls(sim);
        sim_close(sim);
        for (uint64_t call = 1; call <= calls; call++) {
            sim = open_host(ways[i].before);
            err = (struct err){0};
            sim_fail_call(sim, call);
            (void)ways[i].change();
            bool is_failed = host_op_count(&host) == 1 && host_op(&host, 0)->outcome == OP_FAILED;
            ROW_ASSERT(ways[i].name, !is_failed || (host.changes == 0 && sim_is(sim, ways[i].before)));
            sim_close(sim);
        }
    }
}

/* It has grown beyond what can be kept, or is a folder now: another one than was left, which is told. */
static void a_file_that_is_another_one_has_diverged(void)
{
    const struct op op = {
        .noun = NOUN_FILE, .verb = "write", .target = "C:\\F\\a", .before = "null", .after = "{\"hex\":\"61\"}"};
    static const char *const others[] = {FILES(", 'C:\\\\F\\\\a': {'text': 'x'}"),
                                         FILES(", 'C:\\\\F\\\\a': {'folder': true}")};
    static const char grown[70000];
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        const char *state = NULL;
        struct sim *sim = open_host(others[i]);
        err = (struct err){0};
        ROW_ASSERT(others[i], i > 0 || sim_ops.file->write(sim, op.target, grown, sizeof(grown), &err));
        ROW_ASSERT(others[i], host_state(&host, &op, &state, &err));
        ROW_ASSERT(others[i], state != NULL && !text_same(state, op.before) && !text_same(state, op.after));
        sim_close(sim);
    }
}

/* What somebody made of it since: neither as before nor as it was left, so that undo leaves it (engine/past.c). */
static const struct {
    const char *name, *before;
    bool (*change)(void);
    const char *others[4]; /* machines, NULL-ended */
} divergences[] = {
    {"a text",
     REGISTRY("'V': 'old'"),
     set_text,
     {REGISTRY("'V': 'theirs'"), REGISTRY("'V': {'expand': 'new'}"), REGISTRY("")}},
    {"a value that was not there", REGISTRY(""), set_text, {REGISTRY("'V': 'theirs'"), REGISTRY("'V': 'NEW'")}},
    {"a value that goes", REGISTRY("'V': 'old'"), delete_value, {REGISTRY("'V': 'theirs'"), REGISTRY("'V': ''")}},
    {"a start type",
     SERVICE("'state': 'stopped', 'start': 'disabled'"),
     set_start,
     {SERVICE("'state': 'stopped', 'start': 'manual'"), SERVICE("'state': 'stopped', 'start': 'automatic'"),
      SIM_DOCUMENT(", 'services': {'svc': false}")}},
    {"a start",
     SERVICE("'state': 'stopped', 'start': 'manual'"),
     start,
     {SERVICE("'state': 'paused', 'start': 'manual'"), SIM_DOCUMENT(", 'services': {'svc': false}")}},
    {"a stop",
     SERVICE("'state': 'running', 'start': 'manual'"),
     stop,
     {SERVICE("'state': 'stop_pending', 'start': 'manual'"), SIM_DOCUMENT(", 'services': {'svc': false}")}},
    {"a file",
     FILES(", 'C:\\\\F\\\\a': {'text': 'old'}"),
     write_file,
     {FILES(", 'C:\\\\F\\\\a': {'text': 'theirs'}"), FILES(", 'C:\\\\F\\\\a': {'text': 'new '}"), FILES("")}},
    {"a file that goes",
     FILES(", 'C:\\\\F\\\\a': {'text': 'old'}"),
     delete_file,
     {FILES(", 'C:\\\\F\\\\a': {'text': 'theirs'}")}},
    {"a name",
     FILES(", 'C:\\\\F\\\\a': {'text': 'old'}"),
     rename_file,
     {FILES(", 'C:\\\\F\\\\a': {'text': 'x'}, 'C:\\\\F\\\\b': {'text': 'y'}"), FILES("")}},
    {"a KMS",
     LICENSING("'KeyManagementServiceName': 'old.example', 'KeyManagementServicePort': '1688'"),
     set_kms,
     {LICENSING("'KeyManagementServiceName': 'theirs.example', 'KeyManagementServicePort': '1689'"),
      LICENSING("'KeyManagementServiceName': 'new.example'"), LICENSING("")}},
    {"a rule",
     FIREWALL(OLD_RULE),
     set_rule,
     {FIREWALL("{'store': 'local', 'name': 'R', 'allows': true, 'protocol': 6, 'remotePorts': '1-65535'}"),
      FIREWALL("")}},
    {"a rule that was not there",
     FIREWALL(""),
     set_rule,
     {FIREWALL("{'store': 'local', 'name': 'R', 'group': 'azmend', 'enabled': false, 'allows': true, 'protocol': 6, "
               "'remotePorts': '1688'}")}},
    {"a rule that goes",
     FIREWALL(OLD_RULE),
     remove_rule,
     {FIREWALL("{'store': 'local', 'name': 'R', 'allows': true, 'protocol': 6, 'remotePorts': '1688'}")}},
    {"a task",
     SIM_DOCUMENT(", 'tasks': {'\\\\T': {'enabled': false}}"),
     enable_task,
     {SIM_DOCUMENT(", 'tasks': {'\\\\T': false}")}},
};

static void what_somebody_changed_since_is_told(void)
{
    for (size_t i = 0; i < COUNT_OF(divergences); i++) {
        const char *const *others = divergences[i].others;
        for (size_t j = 0; j < COUNT_OF(divergences[i].others) && others[j] != NULL; j++) {
            struct sim *sim = open_host(divergences[i].before);
            ROW_ASSERT(divergences[i].name, divergences[i].change() && host_op_count(&host) == 1);
            const struct op op = *host_op(&host, 0);
            sim_close(sim);
            const char *state = NULL;
            sim = open_host(others[j]);
            err = (struct err){0};
            ROW_ASSERT(divergences[i].name, host_state(&host, &op, &state, &err));
            ROW_ASSERT(others[j], state != NULL && !text_same(state, op.before) && !text_same(state, op.after));
            sim_close(sim);
        }
    }
}

/* What a journal could hold and no gate has written, or nothing gives back: nothing is changed. */
static const struct {
    const char *name;
    struct op op;
} refused[] = {
    {"one-way", {.noun = NOUN_REGISTRY, .class = OP_ONE_WAY, .verb = "set", .target = KEY "|V", .before = "null"}},
    {"a key", {.noun = NOUN_LICENSING, .verb = "install_key", .target = "SoftwareLicensingService", .before = "null"}},
    {"an unknown verb", {.noun = NOUN_REGISTRY, .verb = "grow", .target = KEY "|V", .before = "null"}},
    {"a noun without ways", {.noun = NOUN_CLOCK, .verb = "set", .target = "", .before = "null"}},
    {"no bar", {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY, .before = "null"}},
    {"two bars", {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|A|V", .before = "null"}},
    {"no JSON", {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|V", .before = "{\"type\":1"}},
    {"half a digit",
     {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|V", .before = "{\"type\":1,\"hex\":\"0\"}"}},
    {"no digits", {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|V", .before = "{\"type\":1,\"hex\":\"xy\"}"}},
    {"a type over its range",
     {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|V", .before = "{\"type\":4294967296,\"hex\":\"\"}"}},
    {"another noun's state",
     {.noun = NOUN_REGISTRY, .verb = "set", .target = KEY "|V", .before = "{\"state\":\"running\"}"}},
    {"a service that shall be gone", {.noun = NOUN_SERVICE, .verb = "set_start", .target = "svc", .before = "null"}},
    {"a service that shall be on its way",
     {.noun = NOUN_SERVICE, .verb = "stop", .target = "svc", .before = "{\"state\":\"start_pending\"}"}},
    {"a rename without a name", {.noun = NOUN_FILE, .verb = "rename", .target = "x", .before = "1", .after = "2"}},
    {"a task that shall be gone", {.noun = NOUN_TASK, .verb = "set_enabled", .target = "\\T", .before = "null"}},
    {"a run", {.noun = NOUN_PROCESS, .class = OP_ONE_WAY, .verb = "run", .target = "C:\\p.exe", .before = "null"}},
    {"another rule's name", {.noun = NOUN_FIREWALL, .verb = "set", .target = "rule|R", .before = "null"}},
};

static void what_has_no_way_back_changes_nothing(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct sim *sim = open_host(REGISTRY("'V': 'old'"));
        err = (struct err){0};
        ROW_ASSERT(refused[i].name, !host_restore(&host, &refused[i].op, &err) && err.code != ERR_NONE);
        ROW_ASSERT(refused[i].name, host_op_count(&host) == 0 && host.undoing == 0);
        sim_close(sim);
    }
}

static const struct {
    const struct noun_gate *noun;
    const char *target;
    bool is_one;
} targets[] = {
    {&registry_gate, KEY "|V", true},
    {&registry_gate, "HKU\\.DEFAULT\\K|", true},
    {&registry_gate, "HKCR\\K|V", false},
    {&registry_gate, KEY, false},
    {&registry_gate, KEY "|V\n", false},
    {&service_gate, "sppsvc", true},
    {&service_gate, "sppsvc\\Parameters", false},
    {&service_gate, "", false},
    {&file_gate, "C:\\Windows\\System32\\a.cer", true},
    {&file_gate, "%SystemRoot%\\System32\\spp\\tokens.dat", true},
    {&file_gate, "C:\\F\\..\\a", false},
    {&file_gate, "C:\\F\\a:stream", false},
    {&file_gate, "\\\\server\\share\\a", false},
    {&file_gate, "\\\\.\\PhysicalDrive0", false},
    {&file_gate, "a", false},
    {&licensing_gate, "SoftwareLicensingService", true},
    {&licensing_gate, "SoftwareLicensingProduct|55c92734-d682-4d71-983e-d6ec3f16059f", true},
    {&licensing_gate, "SoftwareLicensingProduct|..\\x", false},
    {&firewall_gate, "firewall rule|R", true},
    {&firewall_gate, "R", false},
    {&certificate_gate, "certificate|CA|0123456789ABCDEF0123456789ABCDEF01234567", true},
    {&certificate_gate, "certificate|CA|0123", false},
    {&task_gate, "\\Microsoft\\Windows\\T", true},
    {&task_gate, "\\..\\T", false},
    {&process_gate, "C:\\p.exe", false},
};

static void a_target_looks_like_its_noun(void)
{
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        ROW_ASSERT(targets[i].target, gate_is_target(targets[i].noun, targets[i].target) == targets[i].is_one);
    }
}

/* A journal that says one thing and holds another. */
static void what_is_written_is_what_was_named(void)
{
    struct sim *sim = open_host(FILES(", 'C:\\\\F\\\\b': {'text': 'theirs'}"));
    const struct op rename = {.noun = NOUN_FILE,
                              .verb = "rename",
                              .target = "C:\\F\\x",
                              .before = "\"C:\\\\F\\\\a\"",
                              .after = "\"C:\\\\F\\\\b\""};
    CU_ASSERT(!host_restore(&host, &rename, &err) && host_op_count(&host) == 0);
    sim_close(sim);
    sim = open_host(FIREWALL(""));
    const struct firewall_rule rule = {.name = "R",
                                       .remote_ports = "1688",
                                       .remote_addresses = "*",
                                       .interface_types = "All",
                                       .protocol = FIREWALL_PROTOCOL_TCP,
                                       .profiles = FIREWALL_ALL};
    const struct op set = {.noun = NOUN_FIREWALL,
                           .verb = "set",
                           .target = "firewall rule|S",
                           .before = firewall_rule_json(&sim_arena, &rule)};
    CU_ASSERT(!host_restore(&host, &set, &err) && host_op_count(&host) == 0);
    sim_close(sim);
}

/* A product goes with its key. What it was told stays in the registry, and so that can be put back. */
#define GONE "00000000-0000-0000-0000-00000000000a"
#define GONE_KEY                                                                                                       \
    "'HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"                     \
    "\\\\55c92734-d682-4d71-983e-d6ec3f16059f\\\\" GONE "': "
#define WITH_GONE(values)                                                                                              \
    SIM_DOCUMENT(", 'registry': {" PLATFORM "{}, " GONE_KEY "{" values                                                 \
                 "}}, 'services': {'sppsvc': {'state': 'running', 'start': 'automatic'}}, "                            \
                 "'licensing': {'version': '10.0', 'products': []}")
#define NAMED "'KeyManagementServiceName': 'old.example'"

static const struct {
    const char *name, *document, *before;
    bool is_told;      /* how it stands can be told, and is as it was left: nothing set */
    const char *after; /* the machine; NULL: nothing is put back */
} gone[] = {
    {"a name", WITH_GONE(""), "{\"host\":\"old.example\",\"port\":0}", true, WITH_GONE(NAMED)},
    {"a name and a port", WITH_GONE(""), "{\"host\":\"old.example\",\"port\":1689}", true,
     WITH_GONE(NAMED ", 'KeyManagementServicePort': '1689'")},
    {"somebody set another", WITH_GONE("'KeyManagementServiceName': 'their.example'"), NULL, false, NULL},
    {"a name that is a number", WITH_GONE("'KeyManagementServiceName': {'dword': 1}"), NULL, false, NULL},
    {"a port that is none", WITH_GONE(NAMED ", 'KeyManagementServicePort': '16x'"), NULL, false, NULL},
};

static void a_product_that_is_gone_keeps_its_scope(void)
{
    for (size_t i = 0; i < COUNT_OF(gone); i++) {
        struct sim *sim = open_host(gone[i].document);
        const struct op op = {.noun = NOUN_LICENSING,
                              .verb = "set_kms",
                              .target = "SoftwareLicensingProduct|" GONE,
                              .before = gone[i].before,
                              .after = "{\"host\":null,\"port\":0}"};
        ROW_ASSERT(gone[i].name, stands_as(&op, op.after) == gone[i].is_told);
        err = (struct err){0};
        ROW_ASSERT(gone[i].name, gone[i].after == NULL || host_restore(&host, &op, &err));
        ROW_ASSERT(gone[i].name, gone[i].after == NULL || (stands_as(&op, op.before) && sim_is(sim, gone[i].after)));
        sim_close(sim);
    }
}

/* The id of a product becomes a part of a key. */
static void a_product_that_is_no_id_is_left_alone(void)
{
    struct sim *sim = open_host(WITH_GONE(""));
    const struct op op = {.noun = NOUN_LICENSING,
                          .verb = "set_kms",
                          .target = "SoftwareLicensingProduct|" GONE "\\x",
                          .before = gone[0].before};
    CU_ASSERT(!stands_as(&op, "{\"host\":null,\"port\":0}") && err.code == ERR_UNSUPPORTED);
    CU_ASSERT(!host_restore(&host, &op, &err) && sim_is(sim, WITH_GONE("")));
    sim_close(sim);
}

void suite_restore(void)
{
    SIM_SUITE("restore", UNIT_TEST(what_was_changed_is_put_back), UNIT_TEST(what_somebody_changed_since_is_told),
              UNIT_TEST(what_was_made_and_answered_as_failed_is_owned),
              UNIT_TEST(what_failed_before_its_effect_is_no_change), UNIT_TEST(a_file_that_is_another_one_has_diverged),
              UNIT_TEST(a_product_that_is_gone_keeps_its_scope), UNIT_TEST(a_product_that_is_no_id_is_left_alone),
              UNIT_TEST(what_has_no_way_back_changes_nothing), UNIT_TEST(a_target_looks_like_its_noun),
              UNIT_TEST(what_is_written_is_what_was_named));
}
