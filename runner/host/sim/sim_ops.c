/* SPDX-License-Identifier: MIT */
/*
 * What the simulated machine supplies. Whatever changes it passes a point behind its effect, so that a test can let it
 * fail there: an answer never says whether a change was made.
 */
#include "host/sim/sim_private.h"

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
    .file = &sim_file_ops,
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
    .licensing_products = sim_licensing_products,
    .licensing_service = sim_licensing_service,
    .licensing_set_kms = set_kms,
    .licensing_install_key = install_key,
    .licensing_activate = activate,
    .licensing_install_license = install_license,
    .net_submit = sim_net_submit,
    .net_wait = sim_net_wait,
};
