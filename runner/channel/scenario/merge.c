/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "channel/scenario/scenario.h"
#include "json/writer.h"

static void write_merged(struct writer *writer, const struct json *base, const struct json *patch);

/* Anything but an object. */
static void write_plain(struct writer *writer, const struct json *json)
{
    if (writer_scalar(writer, json)) {
        return;
    }
    must(json->type == JSON_ARRAY);
    writer_open_array(writer);
    for (size_t i = 0; i < json->count; i++) {
        write_merged(writer, &json->as.items[i], NULL);
    }
    writer_close_array(writer);
}

static void write_member(struct writer *writer, const struct json *base, const struct json *patch)
{
    const struct json *named = patch != NULL ? patch : base;
    must(named != NULL);
    if (patch == NULL || patch->type != JSON_NULL) {
        writer_name(writer, named->name);
        write_merged(writer, base, patch);
    }
}

/*
 * Either may be NULL, not both; an object without a patch is merged with nothing. Recursion is bounded: json_load gives
 * no tree deeper than LIMIT_JSON_DEPTH.
 */
static void write_merged(struct writer *writer, const struct json *base, const struct json *patch)
{
    const struct json *wins = patch != NULL ? patch : base;
    if (wins->type != JSON_OBJECT) {
        write_plain(writer, wins);
        return;
    }
    const struct json *below = base != NULL && base->type == JSON_OBJECT ? base : NULL;
    writer_open_object(writer);
    for (size_t i = 0; below != NULL && i < below->count; i++) {
        const struct json *member = &below->as.items[i];
        write_member(writer, member, patch != NULL ? json_find(patch, member->name) : NULL);
    }
    for (size_t i = 0; patch != NULL && i < patch->count; i++) {
        const struct json *member = &patch->as.items[i];
        if (below == NULL || json_find(below, member->name) == NULL) {
            write_member(writer, NULL, member);
        }
    }
    writer_close_object(writer);
}

bool merge_patch(const struct json *base, const struct json *patch, struct arena *arena, struct text *ret_merged,
                 struct err *err)
{
    struct buf merged AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&merged, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &merged, WRITER_INDENTED);
    writer.secrets = WRITER_KEEP; /* a machine is built of it */
    write_merged(&writer, base, patch);
    writer_finish(&writer);
    if (merged.failed) {
        return err_set(err, ERR_LIMIT, 0, "the merged document is over %d bytes", LIMIT_MACHINE_BYTES);
    }
    *ret_merged = (struct text){.bytes = arena_copy(arena, buf_string(&merged), merged.size), .size = merged.size};
    return true;
}
