/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "contract.h"

enum { SERVICE_DISABLED_ERROR = 1058, WAIT_STEPS = 300, WAIT_STEP_MS = 100 };

static bool query(struct contract *contract, const char *name, struct service_facts *ret_facts)
{
    *ret_facts = (struct service_facts){0};
    return contract->ops->service->query(contract->backend, name, contract->arena, ret_facts, &contract->err);
}

static bool set_start(struct contract *contract, const char *name, enum service_start start, bool delayed)
{
    return contract->ops->service->set_start(contract->backend, name, start, delayed, &contract->err);
}

static void absent(struct contract *contract)
{
    struct service_facts facts;
    EXPECT(contract, query(contract, CONTRACT_NO_SERVICE, &facts) && !facts.exists);
    bool done = set_start(contract, CONTRACT_NO_SERVICE, SERVICE_STARTS_MANUAL, false);
    EXPECT(contract, !done && contract->err.code == ERR_NOT_FOUND);
    done = contract->ops->service->start(contract->backend, CONTRACT_NO_SERVICE, &contract->err);
    EXPECT(contract, !done && contract->err.code == ERR_NOT_FOUND);
    done = contract->ops->service->stop(contract->backend, CONTRACT_NO_SERVICE, &contract->err);
    EXPECT(contract, !done && contract->err.code == ERR_NOT_FOUND);
}

static void facts_as_configured(struct contract *contract)
{
    struct service_facts facts;
    EXPECT(contract, query(contract, CONTRACT_SERVICE, &facts) && facts.exists);
    EXPECT(contract, facts.state == SERVICE_IS_STOPPED && facts.start == SERVICE_STARTS_MANUAL);
    EXPECT(contract, !facts.delayed && !facts.is_protected);
    EXPECT(contract, facts.image != NULL && text_contains(facts.image, "azmend-nothing.exe"));
    EXPECT(contract, query(contract, "AZMEND-Contract", &facts) && facts.exists);
}

static const struct {
    const char *name;
    enum service_start start;
    bool delayed;
} starts[] = {
    {"disabled", SERVICE_STARTS_DISABLED, false},
    {"automatic", SERVICE_STARTS_AUTOMATIC, false},
    {"delayed", SERVICE_STARTS_AUTOMATIC, true},
    {"no longer delayed", SERVICE_STARTS_AUTOMATIC, false},
    {"kept by a disabled one", SERVICE_STARTS_DISABLED, true},
    {"manual", SERVICE_STARTS_MANUAL, false},
};

static void start_types(struct contract *contract)
{
    struct service_facts before, facts;
    EXPECT(contract, query(contract, CONTRACT_SERVICE, &before));
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        bool done = set_start(contract, CONTRACT_SERVICE, starts[i].start, starts[i].delayed);
        if (!done && starts[i].delayed && contract->err.code == ERR_UNSUPPORTED) {
            contract->err = (struct err){0};
            continue; /* Wine 8 knows no delayed start and says so */
        }
        contract_expect(contract, done, starts[i].name, __LINE__);
        bool is_so = query(contract, CONTRACT_SERVICE, &facts) && facts.start == starts[i].start &&
                     facts.delayed == starts[i].delayed;
        contract_expect(contract, is_so, starts[i].name, __LINE__);
    }
    EXPECT(contract, text_same(facts.image, before.image) && facts.state == before.state);
}

static void disabled_does_not_start(struct contract *contract)
{
    EXPECT(contract, set_start(contract, CONTRACT_SERVICE, SERVICE_STARTS_DISABLED, false));
    bool done = contract->ops->service->start(contract->backend, CONTRACT_SERVICE, &contract->err);
    EXPECT(contract, !done && contract->err.os == SERVICE_DISABLED_ERROR);
    EXPECT(contract, set_start(contract, CONTRACT_SERVICE, SERVICE_STARTS_MANUAL, false));
}

static void stopped_is_stopped(struct contract *contract)
{
    EXPECT(contract, contract->ops->service->stop(contract->backend, CONTRACT_SERVICE, &contract->err));
}

/* Services come up some time after the system, and meanwhile the service manager may be busy. */
static void running(struct contract *contract)
{
    struct service_facts facts = {0};
    bool started = false;
    for (int i = 0; i < WAIT_STEPS && !started; i++) {
        contract->err = (struct err){0};
        contract->ops->clock->sleep_ms(contract->backend, i == 0 ? 0 : WAIT_STEP_MS);
        /* Asking a running one to start succeeds; asking first also wakes one that the system left out. */
        started = contract->ops->service->start(contract->backend, "RpcSs", &contract->err) &&
                  query(contract, "RpcSs", &facts) && facts.state == SERVICE_IS_RUNNING;
    }
    EXPECT(contract, facts.exists && facts.state == SERVICE_IS_RUNNING);
    EXPECT(contract, started);
}

const struct contract_row contract_service[] = {
    {"service: absent", absent},
    {"service: facts as configured", facts_as_configured},
    {"service: start types", start_types},
    {"service: a disabled one does not start", disabled_does_not_start},
    {"service: stopping a stopped one", stopped_is_stopped},
    {"service: a running one", running},
    {NULL, NULL},
};
