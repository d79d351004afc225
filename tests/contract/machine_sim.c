/* SPDX-License-Identifier: MIT */
/* The simulated machine from a document. */
#include "artefacts.h"
#include "contract.h"
#include "contract_artefacts.h"
#include "host/port.h"
#include "host/sim/sim.h"
#include "json/writer.h"

const struct contract_row contract_machine[] = {{NULL, NULL}};

bool contract_is_child(int count, char **arguments, int *ret_code)
{
    (void)count;
    (void)arguments;
    (void)ret_code;
    return false;
}

bool contract_open(struct contract *contract, const char *document, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct sim *sim = NULL;
    if (document == NULL) {
        return err_set(err, ERR_INVALID, 0, "usage: contract FOLDER MACHINE.json");
    }
    if (!port_file_read(document, LIMIT_MACHINE_BYTES, &bytes, err) ||
        !sim_open(buf_string(&bytes), bytes.size, document, contract->arena, &sim, err)) {
        return false;
    }
    contract->ops = &sim_ops;
    contract->backend = sim;
    return true;
}

void contract_close(struct contract *contract)
{
    sim_close(contract->backend);
}

bool contract_is_wine(void)
{
    return false;
}

/* --- a machine that has the artefacts --- */

static void write_log(struct contract *contract, struct writer *writer, const char *name)
{
    const struct json *events = artefact_json(contract->arena, arena_format(contract->arena, "events/%s.json", name));
    writer_name(writer, arena_format(contract->arena, CONTRACT_ARTEFACT "%s", name));
    writer_open_array(writer);
    for (size_t i = 0; events != NULL && i < events->count; i++) {
        writer_text(writer, events->as.items[i].as.text);
    }
    writer_close_array(writer);
}

static void write_member(struct writer *writer, const char *name, const struct json *read, const char *member)
{
    const struct json *value = json_find(read, member);
    if (value != NULL) {
        writer_named_text(writer, name, value->as.text);
    }
}

/* A document has the outbound rules alone: what Windows leaves out is not in it. */
static void write_rule(struct contract *contract, struct writer *writer, const struct json *row)
{
    const struct json *read = json_find(row, "read"), *profiles = json_find(read, "profiles");
    const char *stored = json_find(row, "rule")->as.text;
    const char *application = contract_artefact_member(contract->arena, stored, "App");
    writer_open_object(writer);
    writer_named_text(writer, "store", "policy");
    writer_named_text(writer, "name", contract_artefact_member(contract->arena, stored, "Name"));
    writer_named_bool(writer, "allows", text_same(json_find(read, "action")->as.text, "allow"));
    writer_named_int(writer, "protocol", json_find(read, "protocol")->as.integer);
    writer_named_bool(writer, "narrower", json_find(read, "narrower") != NULL || json_find(read, "localPorts") != NULL);
    write_member(writer, "remotePorts", read, "remotePorts");
    write_member(writer, "service", read, "service");
    if (application != NULL) {
        writer_named_text(writer, "application", application);
    }
    if (profiles != NULL) {
        writer_name(writer, "profiles");
        writer_open_array(writer);
        for (size_t i = 0; i < profiles->count; i++) {
            writer_text(writer, profiles->as.items[i].as.text);
        }
        writer_close_array(writer);
    }
    writer_close_object(writer);
}

static void write_firewall(struct contract *contract, struct writer *writer)
{
    static const char *const profiles[] = {"domain", "private", "public"};
    const struct json *rows = artefact_json(contract->arena, "firewall/rules.json");
    writer_named_bool(writer, "running", true);
    writer_name(writer, "active");
    writer_open_array(writer);
    writer_close_array(writer);
    writer_name(writer, "profiles");
    writer_open_object(writer);
    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        writer_name(writer, profiles[i]);
        writer_open_object(writer);
        writer_named_bool(writer, "enabled", true);
        writer_named_bool(writer, "blocksOutbound", false);
        writer_close_object(writer);
    }
    writer_close_object(writer);
    writer_name(writer, "rules");
    writer_open_array(writer);
    for (size_t i = 0; rows != NULL && i < rows->count; i++) {
        if (contract_artefact_counts(&rows->as.items[i])) {
            write_rule(contract, writer, &rows->as.items[i]);
        }
    }
    writer_close_array(writer);
}

static void write_machine(struct contract *contract, struct writer *writer)
{
    static const char *const logs[] = {"server-2022-kms-client", "windows-10-largest-1003", "windows-10-forwarded",
                                       "windows-10-first-boot"};
    writer_open_object(writer);
    writer_named_text(writer, "machine", "azmend.machine/1");
    writer_name(writer, "clock");
    writer_open_object(writer);
    writer_named_text(writer, "utc", "2026-01-15T08:00:00Z");
    writer_named_int(writer, "uptimeSeconds", 1);
    writer_close_object(writer);
    writer_name(writer, "events");
    writer_open_object(writer);
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        write_log(contract, writer, logs[i]);
    }
    writer_close_object(writer);
    writer_name(writer, "firewall");
    writer_open_object(writer);
    write_firewall(contract, writer);
    writer_close_object(writer);
    writer_close_object(writer);
    writer_finish(writer);
}

bool contract_artefacts_open(struct contract *contract, struct contract_artefacts *ret_before)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    struct sim *sim = NULL;
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    write_machine(contract, &writer);
    ret_before->backend = contract->backend;
    if (!sim_open(buf_string(&buf), buf.size, "artefacts", contract->arena, &sim, &contract->err)) {
        return false;
    }
    contract->backend = sim;
    return true;
}

void contract_artefacts_close(struct contract *contract, const struct contract_artefacts *before)
{
    if (contract->backend != before->backend) {
        sim_close(contract->backend);
    }
    contract->backend = before->backend;
}
