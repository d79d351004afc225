/* SPDX-License-Identifier: MIT */
#include "host/op_state.h"

#include <string.h>

#include "base/limits.h"
#include "host/gate.h"

const char op_state_other[] = "{\"other\":true}";

bool op_state_refuse(const struct op *op, struct err *err)
{
    return err_set(err, ERR_INVALID, 0, "%s %s: not a state of this noun", op->verb, op->target);
}

bool op_state_load(struct host *host, const char *state, const struct json **ret_json, struct err *err)
{
    const struct json_source source = {.file = "state", .limit = LIMIT_JOURNAL_BYTES};
    return json_load(state, strlen(state), &source, host->arena, ret_json, err);
}

bool op_state_decode(struct host *host, const struct op *op, const struct fields *fields, void *target,
                     bool *ret_exists, struct err *err)
{
    const struct json *json = NULL;
    if (!op_state_load(host, op->before, &json, err) ||
        (json->type != JSON_NULL && !fields_decode(fields, json, "state", host->arena, target, err))) {
        return err_context(err, "%s %s", op->verb, op->target);
    }
    *ret_exists = json->type != JSON_NULL;
    return true;
}

const char *op_state_name_behind(const char *target, const char *kind)
{
    size_t length = strlen(kind);
    return strncmp(target, kind, length) == 0 && target[length] == '|' ? target + length + 1 : NULL;
}

static const struct field content_items[] = {
    TEXT_FIELD("hex", struct content_state, hex, FIELD_REQUIRED, 0, 2 * GATE_KEPT_BYTES, "its bytes"),
};
const struct fields op_state_content_fields =
    FIELDS("content", struct content_state, content_items, "a file's content");
