/* SPDX-License-Identifier: MIT */
/*
 * Through the provider where it serves, since the licensing service then knows at once; else in the registry, which
 * it reads when it starts.
 */
#include <string.h>

#include "base/text.h"
#include "host/nouns/licensing/licensing.h"
#include "host/nouns/registry/registry.h"
#include "kinds/cells.h"
#include "kinds/licensing/kms_target.h"

const char *const kms_scope_words[] = {"sku",        "application", "root", "lookup_domain",
                                       "discovered", "srv",         "none", NULL};

const struct kms_scope_cells kms_scope_cells[KMS_SCOPE_ROOT + 1] = {
    [KMS_SCOPE_SKU] = {TARGET_SKU_HOST, TARGET_SKU_PORT},
    [KMS_SCOPE_APPLICATION] = {TARGET_APPLICATION_HOST, TARGET_APPLICATION_PORT},
    [KMS_SCOPE_ROOT] = {TARGET_ROOT_HOST, TARGET_ROOT_PORT},
};

const char *kms_scope_key(struct arena *arena, enum kms_scope scope, const char *sku_id)
{
    if (scope == KMS_SCOPE_SKU) {
        return arena_format(arena, LICENSING_APPLICATION_KEY "\\%s", sku_id);
    }
    return scope == KMS_SCOPE_APPLICATION ? LICENSING_APPLICATION_KEY : LICENSING_KEY;
}

/* A stored scope as it is and as it shall be. */
struct change {
    enum kms_scope scope;
    const char *sku_id; /* KMS_SCOPE_SKU */
    const char *host;   /* NULL: clear */
    int64_t port;       /* 0: none stored, so 1688 */
    bool host_differs, port_differs;
};

static bool write_value(struct host *host, const char *key, const char *name, const struct registry_value *value,
                        struct err *err)
{
    return value != NULL ? host_registry_set(host, key, name, value, err) : host_registry_delete(host, key, name, err);
}

static bool change_registry(struct host *host, const struct wanted *wanted, const struct change *change,
                            struct err *err)
{
    struct arena *arena = wanted->arena;
    const char *key = kms_scope_key(arena, change->scope, change->sku_id);
    struct registry_value name = {0};
    struct registry_value port = {0};
    if (change->host != NULL) {
        name = registry_from_text(arena, change->host);
    }
    if (change->port != 0) {
        port = registry_from_text(arena, arena_format(arena, "%d", (int)change->port));
    }
    /* The name last: cut off in between, the next look still finds what is wrong. */
    if (change->port_differs && !write_value(host, key, LICENSING_KMS_PORT, change->port != 0 ? &port : NULL, err)) {
        return false;
    }
    return !change->host_differs ||
           write_value(host, key, LICENSING_KMS_NAME, change->host != NULL ? &name : NULL, err);
}

/* As the provider writes it itself, to the last byte: a text without its NUL is none that it would give back. */
static bool is_told(struct arena *arena, const struct registry_value *value, bool is_port)
{
    int64_t port = 0;
    if (value->type != REGISTRY_SZ || value->text == NULL || value->text[0] == '\0') {
        return false;
    }
    struct registry_value same = registry_from_text(arena, value->text);
    if (same.size != value->size || memcmp(same.bytes, value->bytes, same.size) != 0) {
        return false;
    }
    return !is_port || (text_to_int(value->text, &port) && port > 0 && port <= UINT16_MAX && value->text[0] != '0');
}

/*
 * What the provider does not tell (an empty name, a port that is no text of digits, a text without its NUL) it would
 * overwrite without a way back. It is written here, where the value that was there is kept as it was; the provider then
 * hears of the rest.
 */
static bool write_untold(struct host *host, const struct wanted *wanted, const struct change *change, struct err *err)
{
    struct arena *arena = wanted->arena;
    const struct {
        const char *name, *text; /* text NULL: clear */
        bool is_port;
    } values[] = {
        {LICENSING_KMS_PORT, change->port != 0 ? arena_format(arena, "%d", (int)change->port) : NULL, true},
        {LICENSING_KMS_NAME, change->host, false},
    };
    const char *key = kms_scope_key(arena, change->scope, change->sku_id);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct registry_value is = {0};
        struct registry_value shall = {0};
        if (!host_registry_query(host, key, values[i].name, &is, err)) {
            return false;
        }
        if (values[i].text != NULL) {
            shall = registry_from_text(arena, values[i].text);
        }
        if (is.exists && !is_told(arena, &is, values[i].is_port) &&
            !write_value(host, key, values[i].name, values[i].text != NULL ? &shall : NULL, err)) {
            return false;
        }
    }
    return true;
}

/* The provider has no call for the application scope. */
static bool make_change(struct host *host, const struct wanted *wanted, const struct change *change, struct err *err)
{
    if (!change->host_differs && !change->port_differs) {
        return true;
    }
    if (change->scope == KMS_SCOPE_APPLICATION) {
        return change_registry(host, wanted, change, err);
    }
    if (!write_untold(host, wanted, change, err)) {
        return false;
    }
    struct err provider = {0};
    const char *sku = change->scope == KMS_SCOPE_SKU ? change->sku_id : NULL;
    if (host_licensing_set_kms(host, sku, change->host, change->port, &provider)) {
        return true;
    }
    if (provider.code != ERR_UNSUPPORTED) {
        *err = provider;
        return false;
    }
    return change_registry(host, wanted, change, err);
}

/* Which scope the step wants; the root unless it says otherwise. */
static bool wanted_scope(const struct wanted *wanted, enum kms_scope *ret_scope, struct err *err)
{
    const char *word = wanted_text(&wanted->cells[TARGET_SCOPE]);
    for (enum kms_scope scope = KMS_SCOPE_SKU; word != NULL && scope <= KMS_SCOPE_ROOT; scope++) {
        if (text_equal(kms_scope_words[scope], word)) {
            *ret_scope = scope;
            return true;
        }
    }
    if (word != NULL) {
        return err_set(err, ERR_INVALID, 0, "nothing is stored in scope %s", word);
    }
    *ret_scope = KMS_SCOPE_ROOT;
    return true;
}

static bool clear_above(struct host *host, const struct wanted *wanted, enum kms_scope target, struct err *err)
{
    for (enum kms_scope scope = KMS_SCOPE_SKU; scope < target; scope++) {
        struct change clear = {
            .scope = scope,
            .sku_id = wanted_text(&wanted->facts[TARGET_SKU_ID]),
            .host_differs = wanted->facts[kms_scope_cells[scope].host].state == VALUE_KNOWN,
            .port_differs = wanted->facts[kms_scope_cells[scope].port].state == VALUE_KNOWN,
        };
        /* A port without a name shadows nothing; it is left where it is. */
        if (clear.host_differs && !make_change(host, wanted, &clear, err)) {
            return false;
        }
    }
    return true;
}

/* A port is written only where the effective one would be another; what is stored and right stays as it is. */
static bool write_target(struct host *host, const struct wanted *wanted, enum kms_scope target, struct err *err)
{
    const char *found_host = wanted_text(&wanted->facts[kms_scope_cells[target].host]);
    const char *kms_host = wanted_text(&wanted->cells[TARGET_HOST]);
    const struct value *found_port = &wanted->facts[kms_scope_cells[target].port];
    bool is_stored = found_port->state == VALUE_KNOWN;
    int64_t effective = is_stored ? found_port->as.integer : KMS_PORT;
    int64_t port = wanted_int(&wanted->cells[TARGET_PORT], effective != 0 ? effective : KMS_PORT);
    struct change change = {
        .scope = target,
        .sku_id = wanted_text(&wanted->facts[TARGET_SKU_ID]),
        .host = kms_host != NULL ? kms_host : found_host,
        .port = is_stored || port != KMS_PORT ? port : 0,
        .port_differs = port != effective,
    };
    if (change.host == NULL) {
        return err_set(err, ERR_INVALID, 0, "no KMS host is wanted, and scope %s has none", kms_scope_words[target]);
    }
    if (target == KMS_SCOPE_SKU && change.sku_id == NULL) {
        return err_set(err, ERR_REFUSED, 0, "the product in use is not known, so its scope is not touched");
    }
    change.host_differs = found_host == NULL || !text_equal(found_host, change.host);
    return make_change(host, wanted, &change, err);
}

/* What could not be read is not overwritten: the next run may see it and then do exactly what is needed. */
static bool is_known(const struct wanted *wanted, enum kms_scope target, struct err *err)
{
    for (enum kms_scope scope = KMS_SCOPE_SKU; scope <= target; scope++) {
        const struct value *host = &wanted->facts[kms_scope_cells[scope].host];
        const struct value *port = &wanted->facts[kms_scope_cells[scope].port];
        const struct value *unknown = host->state == VALUE_UNKNOWN ? host : port;
        if (unknown->state == VALUE_UNKNOWN) {
            return err_set(err, ERR_REFUSED, 0, "scope %s is not known: %s", kms_scope_words[scope], unknown->as.why);
        }
    }
    return true;
}

bool kms_target_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    enum kms_scope target = KMS_SCOPE_ROOT;
    return wanted_scope(wanted, &target, err) && is_known(wanted, target, err) &&
           clear_above(host, wanted, target, err) && write_target(host, wanted, target, err);
}
