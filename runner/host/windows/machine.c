/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/limits.h"
#include "host/net/net.h"
#include "host/port.h"
#include "host/windows/backend.h"

struct machine {
    struct net *net;     /* opened with the first job: most looks need none */
    int64_t deadline_ms; /* port_now_ms; 0: none */
};

static void set_deadline(void *backend, int64_t deadline_ms)
{
    ((struct machine *)backend)->deadline_ms = deadline_ms;
}

int64_t windows_wait_ms(const void *backend, int64_t most_ms)
{
    const struct machine *machine = backend;
    if (machine == NULL || machine->deadline_ms == 0) {
        return most_ms;
    }
    int64_t left_ms = machine->deadline_ms - port_now_ms();
    return left_ms < 1 ? 1 : left_ms < most_ms ? left_ms : most_ms;
}

static int64_t now_ms(void *backend)
{
    (void)backend;
    return port_now_ms();
}

static int64_t utc_ms(void *backend)
{
    (void)backend;
    return port_utc_ms();
}

static void sleep_ms(void *backend, int64_t duration_ms)
{
    (void)backend;
    port_sleep_ms(duration_ms);
}

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
    .registry_query = windows_registry_query,
    .registry_subkeys = windows_registry_subkeys,
    .registry_set = windows_registry_set,
    .registry_delete = windows_registry_delete,
    .service_query = windows_service_query,
    .service_set_start = windows_service_set_start,
    .service_start = windows_service_start,
    .service_stop = windows_service_stop,
    .file_query = windows_file_query,
    .file_read = windows_file_read,
    .file_list = windows_file_list,
    .file_security = windows_file_security,
    .file_write = windows_file_write,
    .file_delete = windows_file_delete,
    .file_rename = windows_file_rename,
    .system_query = windows_system_query,
    .licensing_products = windows_licensing_products,
    .licensing_service = windows_licensing_service,
    .licensing_set_kms = windows_licensing_set_kms,
    .licensing_install_key = windows_licensing_install_key,
    .licensing_activate = windows_licensing_activate,
    .licensing_install_license = windows_licensing_install_license,
    .event_query = windows_event_query,
    .firewall_query = windows_firewall_query,
    .firewall_add = windows_firewall_add,
    .firewall_remove = windows_firewall_remove,
    .certificate_query = windows_certificate_query,
    .certificate_list = windows_certificate_list,
    .certificate_read = windows_certificate_read,
    .certificate_add = windows_certificate_add,
    .certificate_remove = windows_certificate_remove,
    .crypto_open_message = windows_crypto_open_message,
    .crypto_chain = windows_crypto_chain,
    .crypto_decrypt = windows_crypto_decrypt,
    .crypto_random = windows_crypto_random,
    .task_query = windows_task_query,
    .task_set_enabled = windows_task_set_enabled,
    .process_run = windows_process_run,
    .set_deadline = set_deadline,
    .now_ms = now_ms,
    .utc_ms = utc_ms,
    .sleep_ms = sleep_ms,
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
