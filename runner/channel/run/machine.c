/* SPDX-License-Identifier: MIT */
#include "channel/run/machine.h"

#include "base/limits.h"
#include "host/port.h"

static bool open_document(const char *file, const struct option_texts *connect_to, struct arena *arena,
                          struct machine *ret_machine, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct sim *sim = NULL;
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    if (!port_file_read(file, LIMIT_MACHINE_BYTES, &bytes, err)) {
        return err_context(err, "--machine");
    }
    if (!sim_open(buf_string(&bytes), bytes.size, file, arena, &sim, err)) {
        return false;
    }
    for (size_t i = 0; i < connect_to->count; i++) {
        if (!sim_connect_to(sim, connect_to->items[i], err)) {
            sim_close(sim);
            return false;
        }
    }
    *ret_machine = (struct machine){.ops = &sim_ops, .backend = sim, .sim = sim};
    return true;
}

bool machine_open(const struct options *options, struct arena *arena, struct machine *ret_machine, struct err *err)
{
    struct machine machine = {0};
    if (options->machine != NULL) {
        return open_document(options->machine, &options->connect_to, arena, ret_machine, err);
    }
    if (!port_machine_open(&machine.ops, &machine.backend, err)) {
        return false;
    }
    *ret_machine = machine;
    return true;
}

void machine_close(struct machine *machine)
{
    if (machine->sim != NULL) {
        sim_close(machine->sim);
    } else {
        port_machine_close(machine->backend);
    }
    *machine = (struct machine){0};
}

bool machine_is_elevated(const struct machine *machine, struct host *host)
{
    struct system_facts facts = {0};
    struct err err = {0};
    if (machine->sim == NULL) {
        return port_is_elevated();
    }
    return host_system_query(host, &facts, &err) && (facts.known & SYSTEM_ELEVATED) != 0 && facts.is_elevated;
}

bool machine_save(const struct machine *machine, const char *file, struct err *err)
{
    struct buf document AUTO(buf_clear) = {0};
    buf_init(&document, LIMIT_MACHINE_BYTES);
    sim_save(machine->sim, &document);
    if (document.failed) {
        return err_set(err, ERR_LIMIT, 0, "--save-machine %s: over %d bytes", file, LIMIT_MACHINE_BYTES);
    }
    return port_file_replace(file, buf_string(&document), document.size, err) || err_context(err, "--save-machine");
}
