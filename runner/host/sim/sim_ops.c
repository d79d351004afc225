/* SPDX-License-Identifier: MIT */
/*
 * What the simulated machine supplies. Whatever changes it passes a point behind its effect, so that a test can let it
 * fail there: an answer never says whether a change was made.
 */
#include "host/sim/sim_private.h"

const struct host_ops sim_ops = {
    .name = "sim",
    .licensing = &sim_licensing_ops,
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
    .net_submit = sim_net_submit,
    .net_wait = sim_net_wait,
};
