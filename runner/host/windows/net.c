/* SPDX-License-Identifier: MIT */
#include "host/net/net.h"

#include "base/limits.h"
#include "host/windows/machine.h"

static bool submit(void *backend, const struct net_job *job, void *tag, struct err *err)
{
    static const struct net_options options = {0};
    struct machine *machine = backend;
    return (machine->net != NULL || net_open(&options, &machine->net, err)) && net_submit(machine->net, job, tag, err);
}

/* Every job has its own bound, already cut to the deadline. */
static bool wait_for_one(void *backend, struct arena *arena, void **ret_tag, struct net_reply *ret_reply,
                         struct err *err)
{
    struct machine *machine = backend;
    if (machine->net == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "no network job under way");
    }
    return net_wait(machine->net, arena, LIMIT_RUN_MAX_MS, ret_tag, ret_reply, err);
}

const struct net_ops windows_net_ops = {
    .submit = submit,
    .wait = wait_for_one,
};
