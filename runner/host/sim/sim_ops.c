/* SPDX-License-Identifier: MIT */
/*
 * What the simulated machine supplies. Whatever changes it passes a point behind its effect, so that a test can let it
 * fail there: an answer never says whether a change was made.
 */
#include "host/sim/sim_private.h"

static bool write_file(void *backend, const char *path, const void *bytes, size_t size, struct err *err)
{
    return sim_file_write(backend, path, bytes, size, err) && sim_pass(backend, err);
}

static bool delete_file(void *backend, const char *path, struct err *err)
{
    return sim_file_delete(backend, path, err) && sim_pass(backend, err);
}

static bool rename_file(void *backend, const char *path, const char *to, struct err *err)
{
    return sim_file_rename(backend, path, to, err) && sim_pass(backend, err);
}

static bool set_kms(void *backend, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    return sim_licensing_set_kms(backend, sku, kms_host, port, err) && sim_pass(backend, err);
}

static bool install_key(void *backend, const char *key, struct err *err)
{
    return sim_licensing_install_key(backend, key, err) && sim_pass(backend, err);
}

static bool activate(void *backend, const char *sku, int64_t timeout_ms, struct err *err)
{
    return sim_licensing_activate(backend, sku, timeout_ms, err) && sim_pass(backend, err);
}

static bool install_license(void *backend, const char *license, struct err *err)
{
    return sim_licensing_install_license(backend, license, err) && sim_pass(backend, err);
}

const struct host_ops sim_ops = {
    .name = "sim",
    .crypto = &sim_crypto_ops,
    .certificate = &sim_certificate_ops,
    .firewall = &sim_firewall_ops,
    .event = &sim_event_ops,
    .registry = &sim_registry_ops,
    .system = &sim_system_ops,
    .service = &sim_service_ops,
    .process = &sim_process_ops,
    .task = &sim_task_ops,
    .clock = &sim_clock_ops,
    .file_query = sim_file_query,
    .file_read = sim_file_read,
    .file_list = sim_file_list,
    .file_write = write_file,
    .file_delete = delete_file,
    .file_rename = rename_file,
    .file_security = sim_file_security,
    .licensing_products = sim_licensing_products,
    .licensing_service = sim_licensing_service,
    .licensing_set_kms = set_kms,
    .licensing_install_key = install_key,
    .licensing_activate = activate,
    .licensing_install_license = install_license,
    .net_submit = sim_net_submit,
    .net_wait = sim_net_wait,
};
