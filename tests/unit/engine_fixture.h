/* SPDX-License-Identifier: MIT */
/*
 * Whole runs on the simulated machine. Between the gate and the simulation stands a spy: it notes what is asked, and
 * lets calls fail or changes be lost where a test says so. Documents are written with ' for ".
 */
#ifndef AZMEND_TESTS_ENGINE_FIXTURE_H
#define AZMEND_TESTS_ENGINE_FIXTURE_H

#include "engine/engine.h"
#include "engine/run.h"
#include "host/sim/sim.h"
#include "plan_fixture.h"

enum { SPY_NOTES = 256, SPY_NOTE_SIZE = 96, ENGINE_PROBE_MS = 5000 };

static struct {
    char notes[SPY_NOTES][SPY_NOTE_SIZE]; /* "query n", "set n", "service x", "connect a:1", "sleep 5" */
    int64_t at_ms[SPY_NOTES];
    size_t count;
    const char *denied;       /* this value cannot be read */
    const char *denied_after; /* nor this one, once something was set */
    size_t sets_failing;      /* so many sets fail, */
    size_t sets_overdue;      /* then so many are abandoned, */
    size_t sets_lost;         /* then so many come back as done and are not */
    bool submit_fails, wait_fails;
} spy;

static inline void spy_note(void *backend, const char *verb, const char *what)
{
    if (spy.count < SPY_NOTES) {
        spy.at_ms[spy.count] = sim_ops.clock->now_ms(backend);
        (void)snprintf(spy.notes[spy.count++], SPY_NOTE_SIZE, "%s %s", verb, what);
    }
}

/* How often exactly this was asked. */
static inline size_t spy_count(const char *note)
{
    size_t count = 0;
    for (size_t i = 0; i < spy.count; i++) {
        count += strcmp(spy.notes[i], note) == 0 ? 1 : 0;
    }
    return count;
}

/* When it was asked first, ms; -1: never. */
static inline int64_t spy_time(const char *note)
{
    for (size_t i = 0; i < spy.count; i++) {
        if (strcmp(spy.notes[i], note) == 0) {
            return spy.at_ms[i];
        }
    }
    return -1;
}

static inline bool spy_registry_query(void *backend, const char *key, const char *name, struct arena *arena,
                                      struct registry_value *ret_value, struct err *err)
{
    spy_note(backend, "query", name);
    if (text_same(name, spy.denied)) {
        return err_set(err, ERR_DENIED, 5, "%s may not be read", name);
    }
    return sim_ops.registry->query(backend, key, name, arena, ret_value, err);
}

static inline bool spy_registry_set(void *backend, const char *key, const char *name,
                                    const struct registry_value *value, struct err *err)
{
    spy_note(backend, "set", name);
    spy.denied = spy.denied_after != NULL ? spy.denied_after : spy.denied;
    if (spy.sets_failing > 0) {
        spy.sets_failing--;
        return err_set(err, ERR_DENIED, 5, "%s may not be set", name);
    }
    if (spy.sets_overdue > 0) {
        spy.sets_overdue--;
        return err_set(err, ERR_TIMEOUT, 0, "%s is overdue", name);
    }
    if (spy.sets_lost > 0) {
        spy.sets_lost--;
        return true;
    }
    return sim_ops.registry->set(backend, key, name, value, err);
}

static inline bool spy_service_query(void *backend, const char *name, struct arena *arena,
                                     struct service_facts *ret_facts, struct err *err)
{
    spy_note(backend, "service", name);
    return sim_ops.service->query(backend, name, arena, ret_facts, err);
}

static inline void spy_sleep(void *backend, int64_t duration_ms)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%lld", (long long)duration_ms);
    spy_note(backend, "sleep", text);
    sim_ops.clock->sleep_ms(backend, duration_ms);
}

static inline bool spy_net_submit(void *backend, const struct net_job *job, void *tag, struct err *err)
{
    spy_note(backend, job->type == NET_HTTP ? "http" : "connect", job->host != NULL ? job->host : "");
    return spy.submit_fails ? err_set(err, ERR_IO, 0, "no socket") : sim_ops.net->submit(backend, job, tag, err);
}

static inline bool spy_net_wait(void *backend, struct arena *arena, void **ret_tag, struct net_reply *ret_reply,
                                struct err *err)
{
    bool ended = sim_ops.net->wait(backend, arena, ret_tag, ret_reply, err);
    return spy.wait_fails ? err_set(err, ERR_IO, 0, "the loop is broken") : ended;
}

static inline const struct host_ops *spy_ops(void)
{
    static struct registry_ops registry;
    static struct service_ops service;
    static struct clock_ops clock;
    static struct host_ops ops;
    clock = *sim_ops.clock;
    clock.sleep_ms = spy_sleep;
    registry = *sim_ops.registry;
    registry.query = spy_registry_query;
    registry.set = spy_registry_set;
    service = *sim_ops.service;
    service.query = spy_service_query;
    ops = sim_ops;
    ops.registry = &registry;
    ops.service = &service;
    ops.clock = &clock;
    static const struct net_ops net = {.submit = spy_net_submit, .wait = spy_net_wait};
    ops.net = &net;
    return &ops;
}

struct engine_fixture {
    struct plan_fixture base;
    struct sim *sim;
    struct host host;
    struct record record;
    struct waiting_sink progress;
    int64_t deadline_ms;
    struct restart_sink restarts;  /* zeroed: nobody writes down what waits for a restart */
    struct distance_sink distance; /* zeroed: nothing is remembered */
    const struct narrowing *narrowing;
    const char *traced; /* finding, or NULL */
};

static inline void engine_close(struct engine_fixture *fixture)
{
    sim_close(fixture->sim);
    plan_close(&fixture->base);
}

static inline void engine_open(struct engine_fixture *fixture, const char *machine, const struct plan_texts *texts)
{
    memset(fixture, 0, sizeof(*fixture));
    memset(&spy, 0, sizeof(spy));
    plan_open(&fixture->base);
    struct arena *arena = &fixture->base.arena;
    const char *document = plan_quoted(arena, machine);
    fixture->deadline_ms = LIMIT_RUN_MS;
    if (!plan_accepted(&fixture->base, texts) ||
        !sim_open(document, strlen(document), "machine.json", arena, &fixture->sim, &fixture->base.err)) {
        printf("\n    %s\n", fixture->base.err.text);
        abort();
    }
}

/* One run; a second one meets the machine as the first has left it. */
static inline const struct record *engine_go(struct engine_fixture *fixture, enum run_mode mode)
{
    static const enum gate_mode modes[MODE_COUNT] = {GATE_LOOK, GATE_PLAN, GATE_CHANGE};
    const struct engine_options options = {.mode = mode,
                                           .channel = "console",
                                           .run_id = "r1",
                                           .probe_ms = ENGINE_PROBE_MS,
                                           .seed = 7,
                                           .restarts = fixture->restarts,
                                           .distance = fixture->distance,
                                           .narrowing = fixture->narrowing,
                                           .traces = &fixture->traced,
                                           .trace_count = fixture->traced != NULL ? 1 : 0};
    struct arena *arena = &fixture->base.arena;
    host_init(&fixture->host, spy_ops(), fixture->sim, arena, modes[mode], fixture->deadline_ms);
    fixture->host.progress = fixture->progress;
    engine_run(fixture->base.plan, &fixture->host, &options, arena, &fixture->record);
    return &fixture->record;
}

static inline const struct finding_record *engine_finding(const struct engine_fixture *fixture, const char *id)
{
    for (size_t p = 0; p < fixture->record.playbook_count; p++) {
        const struct playbook_record *playbook = &fixture->record.playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            if (text_same(playbook->findings[i].finding->id, id)) {
                return &playbook->findings[i];
            }
        }
    }
    must_fail("a finding of the plan", __FILE__, __LINE__);
}

/* "A fixed, B absent": all findings of all playbooks. */
static inline const char *engine_states(struct engine_fixture *fixture)
{
    const char *states = "";
    for (size_t p = 0; p < fixture->record.playbook_count; p++) {
        const struct playbook_record *playbook = &fixture->record.playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            states = arena_format(&fixture->base.arena, "%s%s%s %s", states, *states != '\0' ? ", " : "",
                                  playbook->findings[i].finding->id, finding_state_names[playbook->findings[i].state]);
        }
    }
    return states;
}

/* "changed failed": the steps of a finding. */
static inline const char *engine_steps(struct engine_fixture *fixture, const char *id)
{
    const struct finding_record *finding = engine_finding(fixture, id);
    const struct step_record *steps = finding->steps.items;
    const char *outcomes = "";
    for (size_t i = 0; i < finding->steps.count; i++) {
        outcomes = arena_format(&fixture->base.arena, "%s%s%s", outcomes, i > 0 ? " " : "",
                                step_outcome_names[steps[i].outcome]);
    }
    return outcomes;
}

static inline bool engine_says(const char *found, const char *expected)
{
    bool same = text_same(found, expected);
    if (!same) {
        printf("\n    \"%s\", expected \"%s\"", found != NULL ? found : "NULL", expected != NULL ? expected : "NULL");
    }
    return same;
}

/* --- documents --- */

#define AZURE_TAG "'assetTag':'7783-7084-3265-9085-8269-3286-77'"
#define MACHINE_OF(system, registry, more)                                                                             \
    "{'machine':'azmend.machine/1','about':'test','clock':{'utc':'2026-01-15T08:00:00Z','uptimeSeconds':3600},"        \
    "'system':{'name':'vm','elevated':true,'bootId':'b1','build':20348," system "},'registry':{'HKLM\\\\A':{" registry \
    "}}" more "}"
#define NO_IMDS "'imds':{'outcome':'refused'}"
/* An Azure VM with these values under HKLM\A. */
#define MACHINE(registry) MACHINE_OF(AZURE_TAG, registry, ",'network':{" NO_IMDS "}")

#define VALUE_FACT(name) "'" name "':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'" name "'}}"
#define VALUE_STEP(name, text)                                                                                         \
    "{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'" name "','text':'" text "'}}"
#define IS(name, text) "{'fact':'" name ".text','equals':'" text "'}"
#define FIX(name, text) ",'fix':[" VALUE_STEP(name, text) "]"
/* A playbook: facts a, b, c of three values, more members before its findings. */
#define PLAYBOOK(id, more, findings)                                                                                   \
    PLAN_HEAD(id)                                                                                                      \
    ",'facts':{" VALUE_FACT("a") "," VALUE_FACT("b") "," VALUE_FACT("c") "}" more ",'findings':[" findings "]}"

#endif
