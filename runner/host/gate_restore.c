/* SPDX-License-Identifier: MIT */
/* One row for each way of changing a thing: how it stands, and how its before-state is written. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/gate.h"
#include "host/hex.h"
#include "host/restore.h"
#include "json/fields.h"

/* --- states, read back --- */

static bool refuse(const struct op *op, struct err *err)
{
    return err_set(err, ERR_INVALID, 0, "%s %s: not a state of this noun", op->verb, op->target);
}

static bool load_state(struct host *host, const char *state, const struct json **ret_json, struct err *err)
{
    const struct json_source source = {.file = "state", .limit = LIMIT_JOURNAL_BYTES};
    return json_load(state, strlen(state), &source, host->arena, ret_json, err);
}

/* By a field table into `target`; null: ret_exists false. */
static bool decode_state(struct host *host, const struct op *op, const struct fields *fields, void *target,
                         bool *ret_exists, struct err *err)
{
    const struct json *json = NULL;
    if (!load_state(host, op->before, &json, err) ||
        (json->type != JSON_NULL && !fields_decode(fields, json, "state", host->arena, target, err))) {
        return err_context(err, "%s %s", op->verb, op->target);
    }
    *ret_exists = json->type != JSON_NULL;
    return true;
}

/* "KIND|NAME" of a target; NULL: another kind of target. */
static const char *name_behind(const char *target, const char *kind)
{
    size_t length = strlen(kind);
    return strncmp(target, kind, length) == 0 && target[length] == '|' ? target + length + 1 : NULL;
}

/* --- registry --- */

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
    if (!split_value(host, op, &key, &name, err) || !decode_state(host, op, &value_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_registry_delete(host, key, name, err);
    }
    value.type = (uint32_t)state.type;
    return hex_decode(host->arena, state.hex, &value.bytes, &value.size)
               ? host_registry_set(host, key, name, &value, err)
               : refuse(op, err);
}

/* --- services --- */

struct start_state {
    enum service_start start;
    bool delayed;
};

static const struct field start_items[] = {
    WORD_FIELD("start", struct start_state, start, FIELD_REQUIRED, service_start_names, "start type"),
    BOOL_FIELD("delayed", struct start_state, delayed, FIELD_REQUIRED, "delayed automatic start"),
};
static const struct fields start_fields = FIELDS("start", struct start_state, start_items, "how a service starts");

struct run_state {
    enum service_state state;
};

static const struct field run_items[] = {
    WORD_FIELD("state", struct run_state, state, FIELD_REQUIRED, service_state_names, "running, stopped, ..."),
};
static const struct fields run_fields = FIELDS("run", struct run_state, run_items, "whether a service runs");

static bool start_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = facts.exists ? gate_start_state(host->arena, facts.start, facts.delayed) : "null";
    return true;
}

static bool start_restore(struct host *host, const struct op *op, struct err *err)
{
    struct start_state state = {0};
    bool exists = false;
    return decode_state(host, op, &start_fields, &state, &exists, err) &&
           (exists ? host_service_set_start(host, op->target, state.start, state.delayed, err) : refuse(op, err));
}

static bool run_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = facts.exists ? gate_run_state(host->arena, facts.state) : "null";
    return true;
}

static bool run_restore(struct host *host, const struct op *op, struct err *err)
{
    struct run_state state = {0};
    bool exists = false;
    if (!decode_state(host, op, &run_fields, &state, &exists, err)) {
        return false;
    }
    if (exists && state.state == SERVICE_IS_RUNNING) {
        return host_service_start(host, op->target, err);
    }
    return exists && state.state == SERVICE_IS_STOPPED
               ? host_service_stop(host, op->target, err)
               : err_set(err, ERR_UNSUPPORTED, 0, "service %s: only running and stopped can be asked for", op->target);
}

/* --- files --- */

struct content_state {
    const char *hex;
};

static const struct field content_items[] = {
    TEXT_FIELD("hex", struct content_state, hex, FIELD_REQUIRED, 0, 2 * GATE_KEPT_BYTES, "its bytes"),
};
static const struct fields content_fields = FIELDS("content", struct content_state, content_items, "a file's content");

/* Neither before nor after, whatever they are: it cannot have been left so by us. */
static const char other_state[] = "{\"other\":true}";

static bool is_no_content(struct host *host, const char *path, const struct err *why)
{
    struct file_facts facts = {0};
    struct err unseen = {0};
    return why->code == ERR_LIMIT ||
           (host_file_query(host, path, &facts, &unseen) && facts.exists && facts.form != FILE_IS_REGULAR);
}

/* A file that has grown over its bound, or stands no longer as a file, is another one. */
static bool content_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct file_bytes content = {0};
    struct err unread = {0};
    if (host_file_read(host, op->target, GATE_KEPT_BYTES, &content, &unread)) {
        *ret_state = gate_file_state(host->arena, &content);
        return true;
    }
    if (is_no_content(host, op->target, &unread)) {
        *ret_state = other_state;
        return true;
    }
    *err = unread;
    return false;
}

static bool content_restore(struct host *host, const struct op *op, struct err *err)
{
    struct content_state state = {0};
    const uint8_t *bytes = NULL;
    size_t size = 0;
    bool exists = false;
    if (!decode_state(host, op, &content_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_file_delete(host, op->target, err);
    }
    return hex_decode(host->arena, state.hex, &bytes, &size) ? host_file_write(host, op->target, bytes, size, err)
                                                             : refuse(op, err);
}

/* The states of a rename are the two paths. */
static bool path_of(struct host *host, const struct op *op, const char *state, const char **ret_path, struct err *err)
{
    const struct json *json = NULL;
    if (!load_state(host, state, &json, err) || json->type != JSON_TEXT) {
        return refuse(op, err);
    }
    *ret_path = json->as.text;
    return true;
}

/* Where the file is; under both names or under none: neither state. */
static bool place_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *before = NULL;
    const char *after = NULL;
    struct file_facts there = {0};
    struct file_facts here = {0};
    if (!path_of(host, op, op->before, &before, err) || !path_of(host, op, op->after, &after, err) ||
        !host_file_query(host, before, &there, err) || !host_file_query(host, after, &here, err)) {
        return false;
    }
    *ret_state = there.exists == here.exists ? other_state : there.exists ? op->before : op->after;
    return true;
}

static bool place_restore(struct host *host, const struct op *op, struct err *err)
{
    const char *before = NULL;
    const char *after = NULL;
    return path_of(host, op, op->before, &before, err) && path_of(host, op, op->after, &after, err) &&
           (text_same(before, op->target) && gate_is_target(NOUN_FILE, after)
                ? host_file_rename(host, after, before, OP_REVERSIBLE, err)
                : refuse(op, err));
}

/* --- licensing --- */

struct kms_state {
    const struct json *host;
    int64_t port;
};

static const struct field kms_items[] = {
    JSON_FIELD("host", struct kms_state, host, FIELD_REQUIRED, NULL, "KMS host, null: unset"),
    INT_FIELD("port", struct kms_state, port, FIELD_REQUIRED, 0, UINT16_MAX, "0: unset"),
};
static const struct fields kms_fields = FIELDS("kms", struct kms_state, kms_items, "whom Windows asks");

/* NULL: the service itself. */
static const char *sku_of(const struct op *op)
{
    return name_behind(op->target, "SoftwareLicensingProduct");
}

static bool kms_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    return gate_kms_state(host, sku_of(op), ret_state, err);
}

static bool kms_restore(struct host *host, const struct op *op, struct err *err)
{
    struct kms_state state = {0};
    bool exists = false;
    if (!decode_state(host, op, &kms_fields, &state, &exists, err)) {
        return false;
    }
    bool is_unset = exists && state.host->type == JSON_NULL;
    if (!exists || (!is_unset && state.host->type != JSON_TEXT)) {
        return refuse(op, err);
    }
    return gate_kms_restore(host, sku_of(op), is_unset ? NULL : state.host->as.text, state.port, err);
}

static bool key_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    (void)op;
    return gate_key_state(host, ret_state, err);
}

static bool activation_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *sku = sku_of(op);
    return sku != NULL ? gate_activation_state(host, sku, op, ret_state, err) : refuse(op, err);
}

/* --- firewall --- */

static bool rule_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *name = name_behind(op->target, "firewall rule");
    const struct firewall_rule *rule = NULL;
    if (name == NULL) {
        return refuse(op, err);
    }
    if (!gate_firewall_rule(host, name, &rule, err)) {
        return false;
    }
    *ret_state = firewall_rule_json(host->arena, rule);
    return true;
}

static bool rule_restore(struct host *host, const struct op *op, struct err *err)
{
    const char *name = name_behind(op->target, "firewall rule");
    const struct json *json = NULL;
    struct firewall_rule rule = {0};
    if (name == NULL || !load_state(host, op->before, &json, err)) {
        return refuse(op, err);
    }
    if (json->type == JSON_NULL) {
        return host_firewall_remove_rule(host, name, err);
    }
    return firewall_rule_load(host->arena, json, &rule, err) &&
           (text_same(rule.name, name) ? host_firewall_set_rule(host, &rule, err) : refuse(op, err));
}

/* --- certificates --- */

/* "certificate|STORE|THUMBPRINT" */
static bool split_certificate(struct host *host, const struct op *op, enum certificate_store *ret_store,
                              const char **ret_thumbprint, struct err *err)
{
    const char *rest = name_behind(op->target, "certificate");
    const char *bar = rest != NULL ? strchr(rest, '|') : NULL;
    int store =
        bar != NULL ? text_word(certificate_store_names, arena_copy(host->arena, rest, (size_t)(bar - rest))) : -1;
    if (store < 0) {
        return refuse(op, err);
    }
    *ret_store = (enum certificate_store)store;
    *ret_thumbprint = bar + 1;
    return true;
}

static bool certificate_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    enum certificate_store store = CERTIFICATE_CA;
    const char *thumbprint = NULL;
    struct certificate certificate = {0};
    if (!split_certificate(host, op, &store, &thumbprint, err) ||
        !host_certificate_query(host, store, thumbprint, &certificate, err)) {
        return false;
    }
    *ret_state = gate_certificate_state(host->arena, &certificate);
    return true;
}

static bool certificate_restore(struct host *host, const struct op *op, struct err *err)
{
    enum certificate_store store = CERTIFICATE_CA;
    const char *thumbprint = NULL;
    struct content_state state = {0};
    struct certificate certificate = {0};
    bool exists = false;
    if (!split_certificate(host, op, &store, &thumbprint, err) ||
        !decode_state(host, op, &content_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_certificate_remove(host, store, thumbprint, err);
    }
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (!hex_decode(host->arena, state.hex, &bytes, &size)) {
        return refuse(op, err);
    }
    return host_certificate_read(host, bytes, size, &certificate, err) &&
           (certificate.exists && text_equal(certificate.sha1, thumbprint)
                ? host_certificate_add(host, store, &certificate, err)
                : refuse(op, err));
}

/* --- tasks --- */

struct enabled_state {
    bool enabled;
};

static const struct field enabled_items[] = {
    BOOL_FIELD("enabled", struct enabled_state, enabled, FIELD_REQUIRED, "it may run"),
};
static const struct fields enabled_fields =
    FIELDS("task", struct enabled_state, enabled_items, "whether a task may run");

static bool task_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct task_facts facts = {0};
    if (!host_task_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = gate_task_state(&facts);
    return true;
}

static bool task_restore(struct host *host, const struct op *op, struct err *err)
{
    struct enabled_state state = {0};
    bool exists = false;
    return decode_state(host, op, &enabled_fields, &state, &exists, err) &&
           (exists ? host_task_set_enabled(host, op->target, state.enabled, err) : refuse(op, err));
}

/* --- all of them --- */

enum { VERBS_MAX = 2 };

static const struct way_back {
    enum noun noun;
    const char *verbs[VERBS_MAX];
    bool (*state)(struct host *host, const struct op *op, const char **ret_state, struct err *err);
    bool (*restore)(struct host *host, const struct op *op, struct err *err); /* NULL: nothing gives it back */
} ways_back[] = {
    {NOUN_REGISTRY, {"set", "delete"}, value_state, value_restore},
    {NOUN_SERVICE, {"set_start"}, start_state, start_restore},
    {NOUN_SERVICE, {"start", "stop"}, run_state, run_restore},
    {NOUN_FILE, {"write", "delete"}, content_state, content_restore},
    {NOUN_FILE, {"rename"}, place_state, place_restore},
    {NOUN_LICENSING, {"set_kms"}, kms_state, kms_restore},
    {NOUN_LICENSING, {"install_key"}, key_state, NULL},
    {NOUN_LICENSING, {"activate"}, activation_state, NULL},
    {NOUN_FIREWALL, {"set", "delete"}, rule_state, rule_restore},
    {NOUN_CERTIFICATE, {"add", "remove"}, certificate_state, certificate_restore},
    {NOUN_TASK, {"set_enabled"}, task_state, task_restore},
};

/* NULL: no such way, or not a target that this gate would journal. */
static const struct way_back *find_way(const struct op *op)
{
    if (!gate_is_target(op->noun, op->target)) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(ways_back); i++) {
        for (size_t j = 0; j < VERBS_MAX; j++) {
            if (ways_back[i].noun == op->noun && text_same(ways_back[i].verbs[j], op->verb)) {
                return &ways_back[i];
            }
        }
    }
    return NULL;
}

bool host_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const struct way_back *way = find_way(op);
    return way != NULL ? way->state(host, op, ret_state, err)
                       : err_set(err, ERR_UNSUPPORTED, 0, "%s %s: nothing tells how it stands", op->verb, op->target);
}

bool gate_may_stand(struct host *host, struct op *op)
{
    const struct way_back *way = find_way(op);
    const char *state = NULL;
    struct err unseen = {0};
    if (way == NULL || op->is_partial) {
        return op->is_partial;
    }
    if (!way->state(host, op, &state, &unseen)) {
        return true;
    }
    bool tells = !text_same(op->before, op->after);
    op->stands = tells && state != other_state ? state : NULL;
    return !tells || !text_same(state, op->before);
}

bool host_restore(struct host *host, const struct op *op, struct err *err)
{
    const struct way_back *way = find_way(op);
    if (op->class != OP_REVERSIBLE || way == NULL || way->restore == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "%s %s: nothing gives it back", op->verb, op->target);
    }
    host->undoing = op->sequence;
    bool restored = way->restore(host, op, err);
    host->undoing = 0;
    return restored;
}
