/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "host/sim/sim_private.h"

/* A value written as an object: one form, or type and bytes. */
struct notation {
    int64_t dword, qword, type;
    const char *expand, *hex;
};

static const struct field items[] = {
    INT_FIELD("dword", struct notation, dword, 0, 0, UINT32_MAX, "REG_DWORD"),
    INT_FIELD("qword", struct notation, qword, 0, 0, INT64_MAX, "REG_QWORD"),
    TEXT_FIELD("expand", struct notation, expand, 0, 0, 0, "REG_EXPAND_SZ"),
    INT_FIELD("type", struct notation, type, 0, 0, UINT32_MAX, "any type, by number"),
    TEXT_FIELD("hex", struct notation, hex, 0, 0, 2 * (int64_t)LIMIT_REGISTRY_VALUE_BYTES, "its bytes as stored"),
};
const struct fields sim_registry_value_fields =
    FIELDS("registryValue", struct notation, items, "a registry value that is neither REG_SZ nor a plain REG_DWORD");

static struct registry_value number_value(struct arena *arena, uint32_t type, uint64_t number, size_t size)
{
    uint8_t *bytes = arena_alloc(arena, size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    return (struct registry_value){.exists = true, .type = type, .bytes = bytes, .size = size};
}

static bool load_object(const struct sim *sim, const struct json *json, struct registry_value *ret_value,
                        struct err *err)
{
    struct notation notation = {0};
    if (!fields_decode(&sim_registry_value_fields, json, sim->file, sim->arena, &notation, err)) {
        return false;
    }
    bool has_type = json_find(json, "type") != NULL;
    if (json->count != (has_type ? 2U : 1U) || (notation.hex != NULL) != has_type) {
        return json_refuse(json, sim->file, err, "expected one of dword, qword, expand, or type and hex");
    }
    struct registry_value value = {.exists = true, .type = (uint32_t)notation.type};
    if (has_type) {
        if (!hex_decode(sim->arena, notation.hex, &value.bytes, &value.size)) {
            return json_refuse(json_find(json, "hex"), sim->file, err, "expected pairs of hexadecimal digits");
        }
    } else if (notation.expand != NULL) {
        value = registry_from_text(sim->arena, notation.expand);
        value.type = REGISTRY_EXPAND_SZ;
    } else if (json_find(json, "dword") != NULL) {
        value = number_value(sim->arena, REGISTRY_DWORD, (uint64_t)notation.dword, 4);
    } else {
        value = number_value(sim->arena, REGISTRY_QWORD, (uint64_t)notation.qword, 8);
    }
    *ret_value = value;
    return true;
}

bool sim_registry_value_load(const struct sim *sim, const struct json *json, struct registry_value *ret_value,
                             struct err *err)
{
    if (json->type == JSON_OBJECT) {
        return load_object(sim, json, ret_value, err);
    }
    if (json->type == JSON_TEXT) {
        *ret_value = registry_from_text(sim->arena, json->as.text);
        return true;
    }
    if (json->type == JSON_INT && json->as.integer >= 0 && json->as.integer <= UINT32_MAX) {
        *ret_value = number_value(sim->arena, REGISTRY_DWORD, (uint64_t)json->as.integer, 4);
        return true;
    }
    return json_refuse(json, sim->file, err, "expected a text, a whole number of 32 bits, or an object");
}

/* Would the plain text give the very bytes back? */
static bool is_plain_text(const struct registry_value *value, struct arena *arena)
{
    if (value->text == NULL) {
        return false;
    }
    struct registry_value again = registry_from_text(arena, value->text);
    return again.size == value->size && memcmp(again.bytes, value->bytes, value->size) == 0;
}

void sim_registry_value_write(struct writer *writer, const struct registry_value *value, struct arena *arena)
{
    struct registry_value decoded = *value;
    registry_decode(arena, &decoded);
    bool is_plain = is_plain_text(&decoded, arena);
    if (is_plain && decoded.type == REGISTRY_SZ) {
        writer_text(writer, decoded.text);
        return;
    }
    writer_open_object(writer);
    if (is_plain && decoded.type == REGISTRY_EXPAND_SZ) {
        writer_named_text(writer, "expand", decoded.text);
    } else if (decoded.type == REGISTRY_DWORD && decoded.is_number) {
        writer_named_int(writer, "dword", decoded.number);
    } else {
        writer_named_int(writer, "type", decoded.type);
        writer_named_text(writer, "hex", hex_encode(arena, decoded.bytes, decoded.size));
    }
    writer_close_object(writer);
}

void sim_tell_value(struct writer *writer, const struct registry_value *value, struct arena *arena)
{
    if (value->exists) {
        sim_registry_value_write(writer, value, arena);
    } else {
        writer_bool(writer, false);
    }
}
