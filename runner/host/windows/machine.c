/* SPDX-License-Identifier: MIT */
#include "host/windows/machine.h"

#include <stdlib.h>

#include "base/limits.h"
#include "host/net/net.h"
#include "host/port.h"

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

static const struct host_ops windows_ops = {
    .name = "windows",
    .licensing = &windows_licensing_ops,
    .file = &windows_file_ops,
    .crypto = &windows_crypto_ops,
    .certificate = &windows_certificate_ops,
    .firewall = &windows_firewall_ops,
    .event = &windows_event_ops,
    .registry = &windows_registry_ops,
    .system = &windows_system_ops,
    .service = &windows_service_ops,
    .process = &windows_process_ops,
    .task = &windows_task_ops,
    .clock = &windows_clock_ops,
    .net_submit = submit,
    .net_wait = wait_for_one,
};

bool port_machine_open(const struct host_ops **ret_ops, void **ret_backend, struct err *err)
{
    struct machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the machine");
    }
    *ret_ops = &windows_ops;
    *ret_backend = machine;
    return true;
}

void port_machine_close(void *backend)
{
    struct machine *machine = backend;
    if (machine != NULL) {
        net_close(machine->net);
        free(machine);
    }
}

bool port_is_elevated(void)
{
    HANDLE token AUTO(drop_handle) = NULL;
    TOKEN_ELEVATION elevation = {0};
    DWORD size = 0;
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) &&
           GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size) &&
           elevation.TokenIsElevated != 0;
}
