/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "host/net/net.h"
#include "host/sim/sim_usual.h"

static const char *const versions[] = {"azmend.machine/1", NULL};

void sim_format_make(struct sim_format *ret_format)
{
    static const struct field head[SIM_HEAD_COUNT] = {
        WORD_FIELD("machine", struct sim_document, machine, FIELD_REQUIRED, versions, "the format"),
        TEXT_FIELD("about", struct sim_document, about, 0, 0, 0, "one line for people"),
        TEXTS_FIELD(
            "with", struct sim_document, with, 0, 0, LIMIT_PLAYBOOKS,
            "what this machine has as every machine usually does, by name (playbooks/usual); all when left out"),
    };
    memcpy(ret_format->items, head, sizeof head);
    for (size_t i = 0; i < SIM_SECTION_COUNT; i++) {
        ret_format->items[SIM_HEAD_COUNT + i] = sim_sections[i]->field;
    }
    ret_format->fields =
        (struct fields)FIELDS_KEEPING("machine", struct sim_document, json, ret_format->items,
                                      "a simulated machine: what the document does not mention is not known");
}

static bool load(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_format format;
    sim_format_make(&format);
    if (!fields_decode(&format.fields, json, sim->file, sim->arena, &sim->document, err)) {
        return false;
    }
    for (size_t i = 0; i < SIM_SECTION_COUNT; i++) {
        const struct sim_section *section = sim_sections[i];
        if (section->load != NULL && !section->load(sim, json_find(json, section->field.name), err)) {
            return false;
        }
    }
    return sim_usual_load(sim, err);
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

static bool is_made(const struct sim *sim, const struct sim_section *section)
{
    return section->has_usual && (sim->made & 1U << (unsigned)section->noun) != 0;
}

void sim_save(const struct sim *sim, struct buf *buf)
{
    struct writer writer;
    struct sim_format format;
    const struct json *json = sim->document.json;
    writer_init(&writer, buf, WRITER_INDENTED);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    sim_format_make(&format);
    for (size_t i = 0; i < format.fields.count; i++) {
        const struct field *field = &format.items[i];
        const struct sim_section *section = i < SIM_HEAD_COUNT ? NULL : sim_sections[i - SIM_HEAD_COUNT];
        if (section == NULL || section->write == NULL) {
            sim_write_member(&writer, field, json, sim->arena);
        } else if (json_find(json, field->name) != NULL || is_made(sim, section)) {
            writer_name(&writer, field->name);
            section->write(sim, &writer);
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

size_t sim_missing_count(const struct sim *sim)
{
    return sim->missing_count;
}

const char *sim_missing(const struct sim *sim, size_t index)
{
    return index < sim->missing.count ? ((const char *const *)sim->missing.items)[index] : NULL;
}
