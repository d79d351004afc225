/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/text.h"
#include "host/nouns/licensing/parts.h"
#include "host/nouns/registry/registry.h"
#include "host/op_state.h"

struct kms_setting {
    const char *kms_host; /* NULL: unset */
    int64_t port;         /* 0: unset */
};

bool licensing_is_product(const char *id)
{
    enum { ID_DIGITS = 36 };
    return strlen(id) == ID_DIGITS && strspn(id, "0123456789abcdefABCDEF-") == ID_DIGITS;
}

bool host_licensing_keyed(struct host *host, struct licensing_products *ret_products, struct err *err)
{
    return gate_look(host, host->ops->licensing->products != NULL, "licensing", err) &&
           host->ops->licensing->products(host->backend, host->arena, ret_products, err);
}

bool licensing_is_windows(const struct licensing_product *product)
{
    return product->application == NULL || text_equal(product->application, LICENSING_WINDOWS_APPLICATION);
}

struct licensing_products licensing_of_windows(struct arena *arena, const struct licensing_products *products)
{
    struct licensing_product *items = arena_array(arena, products->count, sizeof(*items));
    size_t count = 0;
    for (size_t i = 0; i < products->count; i++) {
        if (licensing_is_windows(&products->items[i])) {
            items[count++] = products->items[i];
        }
    }
    return (struct licensing_products){.items = items, .count = count};
}

bool host_licensing_products(struct host *host, struct licensing_products *ret_products, struct err *err)
{
    struct licensing_products keyed = {0};
    if (!host_licensing_keyed(host, &keyed, err)) {
        return false;
    }
    *ret_products = licensing_of_windows(host->arena, &keyed);
    return true;
}

bool host_licensing_service(struct host *host, struct licensing_service *ret_service, struct err *err)
{
    return gate_look(host, host->ops->licensing->service != NULL, "licensing", err) &&
           host->ops->licensing->service(host->backend, host->arena, ret_service, err);
}

/* Is the object there whose setting is to change? */
static bool is_listed(struct host *host, const char *sku, struct err *err)
{
    struct licensing_products products = {0};
    struct licensing_service service = {0};
    if (sku == NULL) {
        return host_licensing_service(host, &service, err);
    }
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (text_equal(products.items[i].id, sku)) {
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
}

/* --- what is set: the registry's to say, since the provider tells what is in effect --- */

static const char *scope_key(struct arena *arena, const char *sku)
{
    return sku != NULL ? arena_format(arena, LICENSING_APPLICATION_KEY "\\%s", sku) : LICENSING_KEY;
}

/* ret_is_plain: false where something else is stored than a name and a port as the provider writes them. */
static bool stored_setting(struct host *host, const char *sku, struct kms_setting *ret_setting, bool *ret_is_plain,
                           struct err *err)
{
    struct registry_value name = {0};
    struct registry_value port = {0};
    int64_t number = 0;
    const char *key = scope_key(host->arena, sku);
    if (!host_registry_query(host, key, LICENSING_KMS_NAME, &name, err) ||
        !host_registry_query(host, key, LICENSING_KMS_PORT, &port, err)) {
        return false;
    }
    *ret_is_plain =
        (!name.exists || name.text != NULL) && (!port.exists || (port.text != NULL && text_to_int(port.text, &number)));
    *ret_setting = (struct kms_setting){name.text, number};
    return true;
}

static const char *setting_json(struct arena *arena, const struct kms_setting *setting)
{
    return arena_format(arena, "{\"host\":%s,\"port\":%lld}", gate_json_text(arena, setting->kms_host),
                        (long long)setting->port);
}

static const char *setting_shown(struct arena *arena, const struct kms_setting *setting)
{
    if (setting->kms_host == NULL && setting->port == 0) {
        return NULL;
    }
    const char *shown = setting->kms_host != NULL ? setting->kms_host : "(no name)";
    return setting->port != 0 ? arena_format(arena, "%s:%lld", shown, (long long)setting->port) : shown;
}

bool host_licensing_set_kms(struct host *host, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    struct kms_setting before = {0};
    struct kms_setting after = {kms_host, port};
    bool is_plain = false;
    if (host->ops->licensing->set_kms == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    if (!is_listed(host, sku, err) || !stored_setting(host, sku, &before, &is_plain, err)) {
        return false;
    }
    if (!is_plain) {
        return err_set(err, ERR_INVALID, 0, "what is stored in %s is no KMS name and port",
                       scope_key(host->arena, sku));
    }
    bool same_host =
        before.kms_host == NULL ? kms_host == NULL : kms_host != NULL && text_equal(before.kms_host, kms_host);
    if (same_host && before.port == port) {
        return true;
    }
    struct change change = {.noun = NOUN_LICENSING,
                            .also = NOUN_BIT(NOUN_REGISTRY),
                            .class = OP_REVERSIBLE,
                            .verb = "set_kms",
                            .target = sku != NULL ? arena_format(host->arena, "SoftwareLicensingProduct|%s", sku)
                                                  : "SoftwareLicensingService",
                            .before = setting_json(host->arena, &before),
                            .after = setting_json(host->arena, &after),
                            .shown_before = setting_shown(host->arena, &before),
                            .shown_after = setting_shown(host->arena, &after)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->licensing->set_kms(host->backend, sku, kms_host, port, err), err);
}

/* --- a product that has gone with its key: the provider takes nothing for it, its scope stays in the registry --- */

static bool is_gone_product(const char *sku, const struct err *err)
{
    return sku != NULL && err->code == ERR_NOT_FOUND && licensing_is_product(sku);
}

static bool store(struct host *host, const char *key, const char *name, const char *text, struct err *err)
{
    struct registry_value value = {0};
    if (text == NULL) {
        return host_registry_delete(host, key, name, err);
    }
    value = registry_from_text(host->arena, text);
    return host_registry_set(host, key, name, &value, err);
}

static bool restore_kms(struct host *host, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    if (host_licensing_set_kms(host, sku, kms_host, port, err)) {
        return true;
    }
    if (!is_gone_product(sku, err)) {
        return false;
    }
    *err = (struct err){0};
    const char *key = scope_key(host->arena, sku);
    const char *digits = port != 0 ? arena_format(host->arena, "%lld", (long long)port) : NULL;
    return store(host, key, LICENSING_KMS_PORT, digits, err) && store(host, key, LICENSING_KMS_NAME, kms_host, err);
}

/* --- the way back --- */

struct kms_state {
    const struct json *host;
    int64_t port;
};

static const struct field kms_items[] = {
    JSON_FIELD("host", struct kms_state, host, FIELD_REQUIRED, NULL, "KMS host, null: unset"),
    INT_FIELD("port", struct kms_state, port, FIELD_REQUIRED, 0, UINT16_MAX, "0: unset"),
};
static const struct fields kms_fields = FIELDS("kms", struct kms_state, kms_items, "whom Windows asks");

/* What is no name and port is neither the state before nor the one after. */
bool licensing_kms_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct kms_setting setting = {0};
    bool is_plain = false;
    if (!stored_setting(host, licensing_sku_of(op), &setting, &is_plain, err)) {
        return false;
    }
    *ret_state = is_plain ? setting_json(host->arena, &setting) : "{\"plain\":false}";
    return true;
}

bool licensing_kms_restore(struct host *host, const struct op *op, struct err *err)
{
    struct kms_state state = {0};
    bool exists = false;
    if (!op_state_decode(host, op, &kms_fields, &state, &exists, err)) {
        return false;
    }
    bool is_unset = exists && state.host->type == JSON_NULL;
    if (!exists || (!is_unset && state.host->type != JSON_TEXT)) {
        return op_state_refuse(op, err);
    }
    return restore_kms(host, licensing_sku_of(op), is_unset ? NULL : state.host->as.text, state.port, err);
}
