/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "host/net/net.h"
#include "host/sim/sim_private.h"

static const char *const versions[] = {"azmend.machine/1", NULL};

#define SECTION(name, member, c_type, inner, text)                                                                     \
    OBJECT_FIELD(name, struct sim_document, member, c_type, 0, inner, text)
#define BY_NAME(name, member, text) JSON_FIELD(name, struct sim_document, member, 0, name, text)

static const struct field items[] = {
    WORD_FIELD("machine", struct sim_document, machine, FIELD_REQUIRED, versions, "the format"),
    TEXT_FIELD("about", struct sim_document, about, 0, 0, 0, "one line for people"),
    SECTION("clock", clock, struct sim_clock, &sim_clock_fields, "virtual time"),
    SECTION("system", system, struct sim_system, &sim_system_fields, "the machine as a whole"),
    BY_NAME("registry", registry, "keys by name: false, or the values by name"),
    BY_NAME("services", services, "services by name: false, or an object"),
    BY_NAME("files", files, "files and folders by path: false, or an object"),
    TEXT_FIELD("fileRoot", struct sim_document, file_root, 0, 0, 0,
               "folder with the files that are not listed, relative to this document"),
    BY_NAME("events", events, "event logs by name: false, or events as XML, oldest first"),
    SECTION("licensing", licensing, struct sim_licensing, &sim_licensing_fields, "the licensing provider"),
    SECTION("firewall", firewall, struct sim_firewall, &sim_firewall_fields, "the machine's own firewall, outbound"),
    SECTION("certificates", certificates, struct sim_certificates, &sim_certificates_fields,
            "the machine's certificate stores; one that is left out is empty"),
    BY_NAME("tasks", tasks, "scheduled tasks by path: false, or an object"),
    BY_NAME("programs", programs, "programs by full path: false, or what a run of them does"),
    SECTION("network", network, struct sim_network, &sim_network_fields, "what the network answers"),
};
const struct fields sim_fields = FIELDS_KEEPING("machine", struct sim_document, json, items,
                                                "a simulated machine: what the document does not mention is not known");

static bool load(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_document *document = &sim->document;
    return fields_decode(&sim_fields, json, sim->file, sim->arena, document, err) &&
           sim_clock_load(sim, json_find(json, "clock"), err) && sim_registry_load(sim, document->registry, err) &&
           sim_services_load(sim, document->services, err) && sim_files_load(sim, document->files, err) &&
           sim_events_load(sim, document->events, err) && sim_licensing_load(sim, err) && sim_firewall_load(sim, err) &&
           sim_certificates_load(sim, err) && sim_tasks_load(sim, document->tasks, err) &&
           sim_programs_load(sim, document->programs, err) && sim_network_load(sim, err);
}

bool sim_open(const char *bytes, size_t size, const char *file, struct arena *arena, struct sim **ret_sim,
              struct err *err)
{
    struct json_source source = {.file = file, .limit = LIMIT_MACHINE_BYTES};
    const struct json *json = NULL;
    if (!json_load(bytes, size, &source, arena, &json, err)) {
        return false;
    }
    struct sim *sim = arena_alloc(arena, sizeof *sim);
    sim->arena = arena;
    sim->file = arena_text(arena, file);
    if (!load(sim, json, err)) {
        return false;
    }
    *ret_sim = sim;
    return true;
}

void sim_close(struct sim *sim)
{
    if (sim != NULL) {
        net_close(sim->document.network.net);
        sim->document.network.net = NULL;
    }
}

/* The sections that a run changes; all others are as they were loaded. */
static const struct {
    const char *name;
    void (*write)(const struct sim *sim, struct writer *writer);
} changing[] = {
    {"registry", sim_registry_write},   {"services", sim_services_write}, {"files", sim_files_write},
    {"licensing", sim_licensing_write}, {"firewall", sim_firewall_write}, {"certificates", sim_certificates_write},
    {"tasks", sim_tasks_write},
};

static bool write_changing(const struct sim *sim, const struct field *field, struct writer *writer)
{
    for (size_t i = 0; i < COUNT_OF(changing); i++) {
        if (strcmp(changing[i].name, field->name) == 0) {
            changing[i].write(sim, writer);
            return true;
        }
    }
    return false;
}

void sim_save(const struct sim *sim, struct buf *buf)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_INDENTED);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    for (size_t i = 0; i < sim_fields.count; i++) {
        const struct field *field = &sim_fields.items[i];
        if (!write_changing(sim, field, &writer)) {
            sim_write_member(&writer, field, sim->document.json, sim->arena);
        }
    }
    writer_close_object(&writer);
    writer_finish(&writer);
}

void sim_fail_call(struct sim *sim, uint64_t call)
{
    sim->failing_call = call == 0 ? 0 : sim->calls + call;
}

void sim_fail_late(struct sim *sim, uint64_t point)
{
    sim->failing_point = point == 0 ? 0 : sim->points + point;
}

uint64_t sim_late_points(const struct sim *sim)
{
    return sim->points;
}

void sim_watch(struct sim *sim, const struct sim_watch *watch)
{
    sim->watch = *watch;
}

uint64_t sim_calls(const struct sim *sim)
{
    return sim->calls;
}

const char *sim_unscripted(const struct sim *sim)
{
    return sim->unscripted;
}
