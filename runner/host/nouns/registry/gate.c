/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/registry/registry.h"
#include "host/op_state.h"
#include "host/restore.h"
#include "json/fields.h"

/* Its type and bytes, so that undo gives back exactly what was there. */
const char *gate_registry_state(struct arena *arena, const struct registry_value *value)
{
    return value->exists ? arena_format(arena, "{\"type\":%u,\"hex\":\"%s\"}", value->type,
                                        hex_encode(arena, value->bytes, value->size))
                         : "null";
}

static const char *state_shown(struct arena *arena, const struct registry_value *value)
{
    if (!value->exists) {
        return NULL;
    }
    if (value->text != NULL) {
        return value->text;
    }
    if (value->is_number) {
        return arena_format(arena, "%lld", (long long)value->number);
    }
    return arena_format(arena, "type %u, %zu bytes", value->type, value->size);
}

static bool same_value(const struct registry_value *left, const struct registry_value *right)
{
    return left->exists == right->exists &&
           (!left->exists || (left->type == right->type && left->size == right->size &&
                              (left->size == 0 || memcmp(left->bytes, right->bytes, left->size) == 0)));
}

bool host_registry_query(struct host *host, const char *key, const char *name, struct registry_value *ret_value,
                         struct err *err)
{
    struct registry_value value = {0};
    if (!gate_look(host, host->ops->registry->query != NULL, "registry", err) ||
        !host->ops->registry->query(host->backend, key, name, host->arena, &value, err)) {
        return false;
    }
    if (value.exists) {
        registry_decode(host->arena, &value);
    }
    *ret_value = value;
    return true;
}

bool host_registry_subkeys(struct host *host, const char *key, struct registry_names *ret_names, struct err *err)
{
    return gate_look(host, host->ops->registry->subkeys != NULL, "registry", err) &&
           host->ops->registry->subkeys(host->backend, key, host->arena, ret_names, err);
}

static struct change registry_change(struct host *host, const char *verb, const char *key, const char *name)
{
    /* A licensing look reads the same KMS values through the provider: it goes stale with them. */
    return (struct change){.noun = NOUN_REGISTRY,
                           .also = NOUN_BIT(NOUN_LICENSING),
                           .class = OP_REVERSIBLE,
                           .verb = verb,
                           .target = arena_format(host->arena, "%s|%s", key, name)};
}

bool host_registry_set(struct host *host, const char *key, const char *name, const struct registry_value *value,
                       struct err *err)
{
    struct registry_value before = {0};
    if (!host_registry_query(host, key, name, &before, err)) {
        return false;
    }
    struct registry_value after = *value;
    registry_decode(host->arena, &after);
    if (same_value(&before, &after)) {
        return true;
    }
    struct change change = registry_change(host, "set", key, name);
    change.before = gate_registry_state(host->arena, &before);
    change.after = gate_registry_state(host->arena, &after);
    change.shown_before = state_shown(host->arena, &before);
    change.shown_after = state_shown(host->arena, &after);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->registry->set(host->backend, key, name, &after, err), err);
}

bool host_registry_delete(struct host *host, const char *key, const char *name, struct err *err)
{
    struct registry_value before = {0};
    if (!host_registry_query(host, key, name, &before, err)) {
        return false;
    }
    if (!before.exists) {
        return true;
    }
    struct change change = registry_change(host, "delete", key, name);
    change.before = gate_registry_state(host->arena, &before);
    change.after = "null";
    change.shown_before = state_shown(host->arena, &before);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->registry->delete (host->backend, key, name, err), err);
}

/* --- the way back --- */

struct bytes_state {
    int64_t type;
    const char *hex;
};

static const struct field value_items[] = {
    INT_FIELD("type", struct bytes_state, type, FIELD_REQUIRED, 0, UINT32_MAX, "registry type"),
    TEXT_FIELD("hex", struct bytes_state, hex, FIELD_REQUIRED, 0, LIMIT_JOURNAL_BYTES, "its bytes"),
};
static const struct fields value_fields = FIELDS("value", struct bytes_state, value_items, "a registry value");

/* "KEY|NAME"; where key or name hold a bar nobody can tell which one divides them. */
static bool split_value(struct host *host, const struct op *op, const char **ret_key, const char **ret_name,
                        struct err *err)
{
    const char *bar = strchr(op->target, '|');
    if (bar == NULL || strchr(bar + 1, '|') != NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "%s: cannot be told apart into key and name", op->target);
    }
    *ret_key = arena_copy(host->arena, op->target, (size_t)(bar - op->target));
    *ret_name = bar + 1;
    return true;
}

static bool value_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *key = NULL;
    const char *name = NULL;
    struct registry_value value = {0};
    if (!split_value(host, op, &key, &name, err) || !host_registry_query(host, key, name, &value, err)) {
        return false;
    }
    *ret_state = gate_registry_state(host->arena, &value);
    return true;
}

static bool value_restore(struct host *host, const struct op *op, struct err *err)
{
    const char *key = NULL;
    const char *name = NULL;
    struct bytes_state state = {0};
    struct registry_value value = {.exists = true};
    bool exists = false;
    if (!split_value(host, op, &key, &name, err) || !op_state_decode(host, op, &value_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_registry_delete(host, key, name, err);
    }
    value.type = (uint32_t)state.type;
    return hex_decode(host->arena, state.hex, &value.bytes, &value.size)
               ? host_registry_set(host, key, name, &value, err)
               : op_state_refuse(op, err);
}

/* "HKLM\\...|NAME" */
static bool is_target(const char *target)
{
    return (text_starts(target, "HKLM\\") || text_starts(target, "HKU\\")) && strchr(target, '|') != NULL;
}

static const struct way_back ways[] = {
    {{"set", "delete"}, value_state, value_restore},
};
const struct noun_gate registry_gate = {ways, COUNT_OF(ways), is_target};
