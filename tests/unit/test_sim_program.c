/* SPDX-License-Identifier: MIT */
/* Scheduled tasks and programs of the simulated machine, through the gate. */
#include "events_given.h"
#include "host/nouns/event/event.h"
#include "host/nouns/process/process.h"
#include "host/nouns/task/task.h"
#include "sim_fixture.h"

void suite_sim_program(void);

static struct host host;

static struct sim *open_host(const char *document)
{
    struct sim *sim = sim_make(document);
    host_init(&host, &sim_ops, sim, &sim_arena, GATE_CHANGE, LIMIT_RUN_MS);
    host.on_azure = true;
    return sim;
}

static const struct {
    const char *name, *entry;
    bool wanted;
    enum err_code code;
    size_t ops;
    const char *after;
} switches[] = {
    {"off to on", "{'enabled': false}", true, ERR_NONE, 1, "{'enabled': true}"},
    {"on to off", "{'enabled': true, 'lastResult': '0x00000001'}", false, ERR_NONE, 1,
     "{'enabled': false, 'lastResult': '0x00000001'}"},
    {"as it is", "{'enabled': true}", true, ERR_NONE, 0, "{'enabled': true}"},
    {"denied", "{'enabled': false, 'readOnly': true}", true, ERR_DENIED, 1, "{'enabled': false, 'readOnly': true}"},
    {"absent", "false", true, ERR_NOT_FOUND, 0, "false"},
};

static void tasks_are_switched(void)
{
    for (size_t i = 0; i < COUNT_OF(switches); i++) {
        struct err err = {0};
        struct sim *sim =
            open_host(arena_format(&sim_arena, SIM_DOCUMENT(", 'tasks': {'\\\\A\\\\B': %s}"), switches[i].entry));
        bool done = host_task_set_enabled(&host, "\\a\\b", switches[i].wanted, &err);
        ROW_ASSERT(switches[i].name, done == (switches[i].code == ERR_NONE) && err.code == switches[i].code);
        ROW_ASSERT(switches[i].name, host_op_count(&host) == switches[i].ops);
        ROW_ASSERT(switches[i].name, sim_is(sim, arena_format(&sim_arena, SIM_DOCUMENT(", 'tasks': {'\\\\A\\\\B': %s}"),
                                                              switches[i].after)));
        sim_close(sim);
    }
}

#define PROGRAM(entry) SIM_DOCUMENT(", 'programs': {'%%SystemRoot%%\\\\System32\\\\p.exe': " entry "}")

static const struct {
    const char *name, *entry;
    const char *argument; /* NULL: none */
    enum err_code code;
    enum op_outcome outcome;
    uint32_t exit_code;
    const char *output;
    const char *after;
} runs[] = {
    {"plain", "{}", NULL, ERR_NONE, OP_DONE, 0, "", "{}"},
    {"a code and a text", "{'exitCode': 2147942405, 'output': 'no'}", NULL, ERR_NONE, OP_DONE, 0x80070005, "no",
     "{'exitCode': 2147942405, 'output': 'no'}"},
    {"bytes of a code page", "{'outputHex': '6f6b20e9'}", NULL, ERR_NONE, OP_DONE, 0, "ok \xCE\x98",
     "{'outputHex': '6f6b20e9'}"},
    {"UTF-16", "{'outputHex': '6f006b00'}", NULL, ERR_NONE, OP_DONE, 0, "ok", "{'outputHex': '6f006b00'}"},
    {"bytes that are no text", "{'outputHex': '00ff0000'}", NULL, ERR_NONE, OP_DONE, 0, "hex 00ff0000",
     "{'outputHex': '00ff0000'}"},
    {"its argument", "{'arguments': ['/x']}", "/x", ERR_NONE, OP_DONE, 0, "", "{'arguments': ['/x']}"},
    {"another argument", "{'arguments': ['/x']}", "/X", ERR_UNSCRIPTED, OP_FAILED, 0, NULL, "{'arguments': ['/x']}"},
    {"it does not start", "{'startError': 5}", NULL, ERR_DENIED, OP_FAILED, 0, NULL, "{'startError': 5}"},
    {"overdue", "{'ms': 120001}", NULL, ERR_TIMEOUT, OP_UNKNOWN, 0, NULL, "{'ms': 120001}"},
    {"in time", "{'ms': 120000}", NULL, ERR_NONE, OP_DONE, 0, "", "{'ms': 120000}"},
    {"absent", "false", NULL, ERR_NOT_FOUND, OP_FAILED, 0, NULL, "false"},
};

static void programs_run(void)
{
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        struct err err = {0};
        struct sim *sim = open_host(arena_format(&sim_arena, PROGRAM("%s"), runs[i].entry));
        const struct process_order order = {.program = "C:\\Windows\\System32\\P.exe",
                                            .arguments = &runs[i].argument,
                                            .argument_count = runs[i].argument != NULL};
        bool done = host_process_run(&host, &order, &err);
        const struct process_run *run = host_process_last(&host, "c:\\windows\\system32\\p.exe");
        ROW_ASSERT(runs[i].name, done == (runs[i].code == ERR_NONE) && err.code == runs[i].code);
        CU_ASSERT_FATAL(run != NULL && host_op_count(&host) == 1);
        ROW_ASSERT(runs[i].name, host_op(&host, 0)->outcome == runs[i].outcome && run->ended == done);
        ROW_ASSERT(runs[i].name, host_op(&host, 0)->class == OP_ONE_WAY);
        ROW_ASSERT(runs[i].name, run->result.exit_code == runs[i].exit_code);
        ROW_ASSERT(runs[i].name, text_same(run->result.output, runs[i].output));
        ROW_ASSERT(runs[i].name, sim_is(sim, arena_format(&sim_arena, PROGRAM("%s"), runs[i].after)));
        sim_close(sim);
    }
}

#define EVENT(id)                                                                                                      \
    "<Event><System><Provider Name=\\\"P\\\"/><EventID>" #id                                                           \
    "</EventID><TimeCreated SystemTime=\\\"2026-01-15T08:00:01.0000000Z\\\"/><EventRecordID>1</EventRecordID>"         \
    "<Channel>L</Channel></System></Event>"

static void a_run_leaves_its_events(void)
{
    struct err err = {0};
    struct events_given found = {.arena = &sim_arena};
    struct sim *sim = open_host(SIM_DOCUMENT(", 'clock': {'utc': '2026-01-15T08:00:00Z', 'uptimeSeconds': 1}, "
                                             "'events': {'L': []}, 'programs': {'C:\\\\p.exe': {'logs': {'L': "
                                             "[\"" EVENT(100) "\", \"" EVENT(101) "\"]}}}"));
    const struct process_order order = {.program = "C:\\p.exe"};
    const struct event_query query = {.channel = "L", .xpath = "*", .most = 5};
    CU_ASSERT(events_ask(&sim_ops, sim, &query, &found, &err) && found.items.count == 0);
    CU_ASSERT(host_process_run(&host, &order, &err));
    CU_ASSERT(events_ask(&sim_ops, sim, &query, &found, &err) && found.items.count == 2);
    sim_close(sim);
}

static void changes_are_refused_when_they_must(void)
{
    struct err err = {0};
    const struct process_order order = {.program = "C:\\p.exe"};
    struct sim *sim =
        open_host(SIM_DOCUMENT(", 'programs': {'C:\\\\p.exe': {}}, 'tasks': {'\\\\T': {'enabled': false}}"));
    host.on_azure = false;
    CU_ASSERT(!host_process_run(&host, &order, &err) && err.code == ERR_REFUSED);
    CU_ASSERT(!host_task_set_enabled(&host, "\\T", true, &err) && err.code == ERR_REFUSED);
    host.on_azure = true;
    host.mode = GATE_PLAN;
    CU_ASSERT(host_process_run(&host, &order, &err) && host_task_set_enabled(&host, "\\T", true, &err));
    CU_ASSERT(host_op_count(&host) == 2 && host.changes == 0 && host_process_last(&host, "C:\\p.exe") == NULL);
    CU_ASSERT(sim_is(sim, SIM_DOCUMENT(", 'programs': {'C:\\\\p.exe': {}}, 'tasks': {'\\\\T': {'enabled': false}}")));
    sim_close(sim);
}

static const struct {
    const char *name, *sections;
} refused[] = {
    {"a task without enabled", ", 'tasks': {'\\\\T': {}}"},
    {"a task twice", ", 'tasks': {'\\\\T': false, '\\\\t': false}"},
    {"a result that is no code", ", 'tasks': {'\\\\T': {'enabled': true, 'lastResult': '267011'}}"},
    {"a program without a drive", ", 'programs': {'p.exe': {}}"},
    {"a program under two names", ", 'programs': {'C:\\\\Windows\\\\p.exe': {}, '%SystemRoot%\\\\p.exe': {}}"},
    {"events of a log that is not there", ", 'events': {'L': false}, 'programs': {'C:\\\\p.exe': {'logs': {'L': []}}}"},
    {"events that are no texts", ", 'events': {'L': []}, 'programs': {'C:\\\\p.exe': {'logs': {'L': [1]}}}"},
};

static void documents_are_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct sim *sim = NULL;
        struct err err = {0};
        const char *document = arena_format(&sim_arena, "{'machine': 'azmend.machine/1'%s}", refused[i].sections);
        ROW_ASSERT(refused[i].name, !sim_try(document, "t.json", &sim, &err) && err.code == ERR_INVALID);
    }
}

void suite_sim_program(void)
{
    SIM_SUITE("sim: tasks and programs", {"tasks are switched", tasks_are_switched}, {"programs run", programs_run},
              {"a run leaves its events", a_run_leaves_its_events},
              {"changes are refused when they must", changes_are_refused_when_they_must},
              {"documents are refused", documents_are_refused});
}
