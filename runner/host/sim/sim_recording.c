/* SPDX-License-Identifier: MIT */
/*
 * A document that a recorder wrote (host/record): an open world. What was not looked at is not recorded, never absent;
 * what could not be looked at fails here as it failed there; changes work as on any other document.
 */
#include <stdarg.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

static const struct field failed_items[] = {
    TEXT_FIELD("look", struct sim_failed, look, FIELD_REQUIRED, 1, 0, "which look"),
    TEXT_FIELD("error", struct sim_failed, error, FIELD_REQUIRED, 1, 0, "how it ended: denied, timeout, ..."),
    INT_FIELD("os", struct sim_failed, os, 0, 0, UINT32_MAX, "the system's number for it"),
    INT_FIELD("ms", struct sim_failed, ms, 0, 0, INT32_MAX, "how long it was waited for"),
};
const struct fields sim_failed_fields = FIELDS("failedLook", struct sim_failed, failed_items, "a look that failed");

static const struct field replaced_items[] = {
    TEXT_FIELD("kind", struct sim_replaced, kind, FIELD_REQUIRED, 1, 0, "of what"),
    INT_FIELD("count", struct sim_replaced, count, FIELD_REQUIRED, 0, INT64_MAX, "different ones"),
};
const struct fields sim_replaced_fields =
    FIELDS("replacedNames", struct sim_replaced, replaced_items, "what has a stand-in");

static const struct field items[] = {
    BOOL_FIELD("redacted", struct sim_recording, redacted, FIELD_REQUIRED,
               "names, addresses and ids that not every machine has are stand-ins"),
    LIST_FIELD("replaced", struct sim_recording, replaced, 0, 0, 0, &sim_replaced_fields, "what has a stand-in"),
    TEXTS_FIELD("queries", struct sim_recording, queries, 0, 0, 0, "what the event logs were asked"),
    LIST_FIELD("failed", struct sim_recording, failed, 0, 0, 0, &sim_failed_fields, "looks that failed"),
};
const struct fields sim_recording_fields = FIELDS_KEEPING(
    "recording", struct sim_recording, json, items, "looks that were written down; what is not here was not looked at");

static int code_of(const char *word)
{
    for (int code = ERR_NONE + 1; code < ERR_CODE_COUNT; code++) {
        if (text_same(err_code_name((enum err_code)code), word)) {
            return code;
        }
    }
    return -1;
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_recording *recording = &sim->document.recording;
    struct sim_failed *failed = recording->failed.items;
    for (size_t i = 0; i < recording->failed.count; i++) {
        if (code_of(failed[i].error) < 0) {
            return json_refuse(json_find(json, "failed"), sim->file, err, "no such error: %.40s", failed[i].error);
        }
        failed[i].node = (struct sim_node){.name = failed[i].look, .exists = true, .in_document = true};
        if (sim_table_find(&recording->failures, failed[i].look) == NULL) {
            sim_table_add(sim->arena, &recording->failures, &failed[i].node);
        }
    }
    return true;
}

bool sim_is_redacted(const struct sim *sim)
{
    return sim_is_recording(sim) && sim->document.recording.redacted;
}

void sim_replaced(const struct sim *sim, struct writer *writer)
{
    sim_write_member(writer, &items[1], sim->document.recording.json, sim->arena);
}

bool sim_look(struct sim *sim, struct err *err, const char *format, ...)
{
    va_list arguments;
    if (!sim_enter(sim, err)) {
        return false;
    }
    const struct sim_table *failures = &sim->document.recording.failures;
    if (failures->items.count == 0) {
        return true;
    }
    va_start(arguments, format);
    const char *look = arena_vformat(sim->arena, format, arguments);
    va_end(arguments);
    const struct sim_failed *failed = (const struct sim_failed *)sim_table_find(failures, look);
    if (failed != NULL) {
        sim_sleep_ms(sim, sim_left_ms(sim, failed->ms));
    }
    return failed == NULL ||
           err_set(err, (enum err_code)code_of(failed->error), (uint32_t)failed->os, "recorded: %s", failed->error);
}

/* Times are of the moment at which it was asked. */
static bool same_query(const char *left, const char *right)
{
    bool is_quoted = false;
    for (; *left != '\0' && *right != '\0'; left++, right++) {
        is_quoted = *left == '\'' ? !is_quoted : is_quoted;
        bool are_digits = *left >= '0' && *left <= '9' && *right >= '0' && *right <= '9';
        if (*left != *right && !(is_quoted && are_digits)) {
            return false;
        }
    }
    return *left == *right;
}

bool sim_recorded_query(struct sim *sim, const struct event_query *query, struct err *err)
{
    const struct sim_recording *recording = &sim->document.recording;
    const char *asked = arena_format(sim->arena, SIM_LOOK_EVENTS, query->channel, query->xpath);
    for (size_t i = 0; i < recording->queries.count; i++) {
        if (same_query(recording->queries.items[i], asked)) {
            return true;
        }
    }
    return !sim_is_recording(sim) || sim_unlisted(sim, err, "%s", asked);
}

const struct sim_section sim_recording_section = {
    .field = SIM_OBJECT("recording", recording, struct sim_recording, &sim_recording_fields,
                        "this document was written by a recorder"),
    .load = load_section,
};
