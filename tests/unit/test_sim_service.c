/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_service(void);

#define SERVICE(members) SIM_DOCUMENT(", 'services': {'svc': {" members "}}")

static struct service_facts look(struct sim *sim)
{
    struct service_facts facts = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.service->query(sim, "SVC", &sim_arena, &facts, &err));
    return facts;
}

static bool start(void *backend, const char *name, struct err *err)
{
    return sim_ops.service->start(backend, name, err);
}

static bool stop(void *backend, const char *name, struct err *err)
{
    return sim_ops.service->stop(backend, name, err);
}

static const struct {
    const char *name, *members;
    bool (*order)(void *backend, const char *name, struct err *err);
    enum service_state at_once;
    int64_t sleep_ms;
    enum service_state later;
    uint32_t exit_code;
} orders[] = {
    {"start takes its time", "'state': 'stopped', 'start': 'manual', 'startMs': 300", start, SERVICE_IS_START_PENDING,
     300, SERVICE_IS_RUNNING, 0},
    {"start is not there too early", "'state': 'stopped', 'start': 'manual', 'startMs': 300", start,
     SERVICE_IS_START_PENDING, 299, SERVICE_IS_START_PENDING, 0},
    {"start at once", "'state': 'stopped', 'start': 'manual', 'exitCode': 5", start, SERVICE_IS_RUNNING, 0,
     SERVICE_IS_RUNNING, 0},
    {"start of a running one", "'state': 'running', 'start': 'manual'", start, SERVICE_IS_RUNNING, 0,
     SERVICE_IS_RUNNING, 0},
    {"start never ends", "'state': 'stopped', 'start': 'manual', 'starts': 'never'", start, SERVICE_IS_START_PENDING,
     600000, SERVICE_IS_START_PENDING, 0},
    {"start dies", "'state': 'stopped', 'start': 'manual', 'starts': 'dies', 'startMs': 10", start,
     SERVICE_IS_START_PENDING, 10, SERVICE_IS_STOPPED, 1067},
    {"stop takes its time", "'state': 'running', 'start': 'manual', 'stopMs': 200", stop, SERVICE_IS_STOP_PENDING, 200,
     SERVICE_IS_STOPPED, 0},
    {"stop never ends", "'state': 'running', 'start': 'manual', 'stops': 'never'", stop, SERVICE_IS_STOP_PENDING,
     600000, SERVICE_IS_STOP_PENDING, 0},
    {"stop of a stopped one", "'state': 'stopped', 'start': 'disabled'", stop, SERVICE_IS_STOPPED, 0,
     SERVICE_IS_STOPPED, 0},
};

static void orders_are_carried_out_as_virtual_time_passes(void)
{
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, SERVICE("%s"), orders[i].members));
        struct err err = {0};
        ROW_ASSERT(orders[i].name, orders[i].order(sim, "svc", &err));
        ROW_ASSERT(orders[i].name, look(sim).state == orders[i].at_once);
        sim_ops.clock->sleep_ms(sim, orders[i].sleep_ms);
        struct service_facts facts = look(sim);
        ROW_ASSERT(orders[i].name, facts.state == orders[i].later && facts.exit_code == orders[i].exit_code);
        sim_close(sim);
    }
}

static const struct {
    const char *name, *members;
    bool starts, stops, configures;
    enum err_code code;
    uint32_t os;
} refusals[] = {
    {"disabled", "'state': 'stopped', 'start': 'disabled'", false, true, true, ERR_IO, 1058},
    {"locked", "'state': 'running', 'start': 'manual', 'configurable': false", true, true, false, ERR_DENIED, 5},
    {"stopping", "'state': 'stop_pending', 'start': 'manual'", false, true, true, ERR_BUSY, 1061},
    {"starting", "'state': 'start_pending', 'start': 'manual'", true, false, true, ERR_BUSY, 1061},
};

static void orders_are_refused_as_windows_refuses_them(void)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const char *document = arena_format(&sim_arena, SERVICE("%s"), refusals[i].members);
        struct sim *sim = sim_make(document);
        struct sim *other = sim_make(document);
        struct err err = {0};
        ROW_ASSERT(refusals[i].name, sim_ops.service->start(sim, "svc", &err) == refusals[i].starts);
        ROW_ASSERT(refusals[i].name, sim_ops.service->stop(other, "svc", &err) == refusals[i].stops);
        ROW_ASSERT(refusals[i].name, sim_ops.service->set_start(other, "svc", SERVICE_STARTS_MANUAL, false, &err) ==
                                         refusals[i].configures);
        ROW_ASSERT(refusals[i].name, err.code == refusals[i].code && err.os == refusals[i].os);
        sim_close(sim);
        sim_close(other);
    }
}

static void a_missing_service_is_a_fact_and_an_unscripted_one_is_not(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'services': {'gone': false}"));
    struct service_facts facts = {.exists = true};
    struct err err = {0};
    CU_ASSERT(sim_ops.service->query(sim, "Gone", &sim_arena, &facts, &err) && !facts.exists);
    CU_ASSERT(!sim_ops.service->start(sim, "gone", &err) && err.code == ERR_NOT_FOUND && err.os == 1060);
    CU_ASSERT(sim_unscripted(sim) == NULL);
    CU_ASSERT(!sim_ops.service->query(sim, "other", &sim_arena, &facts, &err) && err.code == ERR_UNSCRIPTED);
    CU_ASSERT(!sim_ops.service->stop(sim, "other", &err) && err.code == ERR_UNSCRIPTED);
    CU_ASSERT_STRING_EQUAL(sim_unscripted(sim), "service other");
    sim_close(sim);
}

static void changes_are_saved_and_what_was_left_out_stays_out(void)
{
    struct sim *sim = sim_make(SERVICE("'state': 'stopped', 'start': 'disabled', 'image': 'x'"));
    struct err err = {0};
    CU_ASSERT(sim_ops.service->set_start(sim, "svc", SERVICE_STARTS_AUTOMATIC, true, &err));
    CU_ASSERT(sim_is(sim, SERVICE("'state': 'stopped', 'start': 'automatic', 'delayed': true, 'image': 'x'")));
    CU_ASSERT(sim_ops.service->start(sim, "svc", &err));
    CU_ASSERT(sim_is(sim, SERVICE("'state': 'running', 'start': 'automatic', 'delayed': true, 'image': 'x'")));
    CU_ASSERT(sim_ops.service->stop(sim, "svc", &err));
    CU_ASSERT(sim_ops.service->set_start(sim, "svc", SERVICE_STARTS_DISABLED, false, &err));
    CU_ASSERT(sim_is(sim, SERVICE("'state': 'stopped', 'start': 'disabled', 'image': 'x'")));
    sim_close(sim);
}

void suite_sim_service(void)
{
    SIM_SUITE("sim_service", UNIT_TEST(orders_are_carried_out_as_virtual_time_passes),
              UNIT_TEST(orders_are_refused_as_windows_refuses_them),
              UNIT_TEST(a_missing_service_is_a_fact_and_an_unscripted_one_is_not),
              UNIT_TEST(changes_are_saved_and_what_was_left_out_stays_out));
}
