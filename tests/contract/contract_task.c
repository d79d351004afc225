/* SPDX-License-Identifier: MIT */
#include "contract.h"

enum { NEVER_RAN = 0x00041303 };

static bool query(struct contract *contract, const char *path, struct task_facts *ret_facts)
{
    *ret_facts = (struct task_facts){0};
    return contract->ops->task->query(contract->backend, path, ret_facts, &contract->err);
}

static bool set_enabled(struct contract *contract, const char *path, bool enabled)
{
    return contract->ops->task->set_enabled(contract->backend, path, enabled, &contract->err);
}

static void absent(struct contract *contract)
{
    static const char *const paths[] = {"\\azmend-nothing", "\\azmend-nothing\\Task", CONTRACT_TASK "-nothing"};
    struct task_facts facts;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        contract_expect(contract, query(contract, paths[i], &facts) && !facts.exists, paths[i], __LINE__);
        bool done = set_enabled(contract, paths[i], true);
        contract_expect(contract, !done && contract->err.code == ERR_NOT_FOUND, paths[i], __LINE__);
    }
}

static void facts_as_registered(struct contract *contract)
{
    struct task_facts facts;
    EXPECT(contract, query(contract, CONTRACT_TASK, &facts) && facts.exists);
    EXPECT(contract, facts.enabled && (!facts.has_last_result || facts.last_result == NEVER_RAN));
    EXPECT(contract, query(contract, "\\AZMEND-contract\\TASK", &facts) && facts.exists);
}

static void switched(struct contract *contract)
{
    struct task_facts facts;
    EXPECT(contract, set_enabled(contract, CONTRACT_TASK, false));
    EXPECT(contract, query(contract, CONTRACT_TASK, &facts) && facts.exists && !facts.enabled);
    EXPECT(contract, set_enabled(contract, CONTRACT_TASK, false));
    EXPECT(contract, set_enabled(contract, CONTRACT_TASK, true));
    EXPECT(contract, query(contract, CONTRACT_TASK, &facts) && facts.exists && facts.enabled);
}

const struct contract_row contract_task[] = {
    {"task: absent is a value", absent},
    {"task: facts as registered", facts_as_registered},
    {"task: switched off and on", switched},
    {NULL, NULL},
};
