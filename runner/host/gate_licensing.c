/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/gate.h"
#include "host/registry.h"

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
    return gate_look(host, host->ops->licensing_products != NULL, "licensing", err) &&
           host->ops->licensing_products(host->backend, host->arena, ret_products, err);
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
    return gate_look(host, host->ops->licensing_service != NULL, "licensing", err) &&
           host->ops->licensing_service(host->backend, host->arena, ret_service, err);
}

static bool product_setting(struct host *host, const char *sku, struct kms_setting *ret_setting, struct err *err)
{
    struct licensing_products products = {0};
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (text_equal(products.items[i].id, sku)) {
            *ret_setting = (struct kms_setting){products.items[i].kms_host, products.items[i].kms_port};
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
}

static bool service_setting(struct host *host, struct kms_setting *ret_setting, struct err *err)
{
    struct licensing_service service = {0};
    if (!host_licensing_service(host, &service, err)) {
        return false;
    }
    *ret_setting = (struct kms_setting){service.kms_host, service.kms_port};
    return true;
}

static bool current_setting(struct host *host, const char *sku, struct kms_setting *ret_setting, struct err *err)
{
    return sku != NULL ? product_setting(host, sku, ret_setting, err) : service_setting(host, ret_setting, err);
}

static const char *setting_json(struct arena *arena, const struct kms_setting *setting)
{
    return arena_format(arena, "{\"host\":%s,\"port\":%lld}", gate_json_text(arena, setting->kms_host),
                        (long long)setting->port);
}

/* --- a product that has gone with its key: the provider tells nothing of it, its scope stays in the registry --- */

static bool is_gone_product(const char *sku, const struct err *err)
{
    return sku != NULL && err->code == ERR_NOT_FOUND && licensing_is_product(sku);
}

static const char *product_key(struct arena *arena, const char *sku)
{
    return arena_format(arena, LICENSING_APPLICATION_KEY "\\%s", sku);
}

static bool stored_setting(struct host *host, const char *sku, struct kms_setting *ret_setting, struct err *err)
{
    struct registry_value name = {0};
    struct registry_value port = {0};
    struct kms_setting setting = {0};
    const char *key = product_key(host->arena, sku);
    if (!host_registry_query(host, key, LICENSING_KMS_NAME, &name, err) ||
        !host_registry_query(host, key, LICENSING_KMS_PORT, &port, err)) {
        return false;
    }
    bool is_plain = (!name.exists || name.text != NULL) &&
                    (!port.exists || (port.text != NULL && text_to_int(port.text, &setting.port)));
    if (!is_plain) {
        return err_set(err, ERR_INVALID, 0, "what is stored in %s is no KMS name and port", key);
    }
    setting.kms_host = name.text;
    *ret_setting = setting;
    return true;
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

bool gate_kms_restore(struct host *host, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    if (host_licensing_set_kms(host, sku, kms_host, port, err)) {
        return true;
    }
    if (!is_gone_product(sku, err)) {
        return false;
    }
    *err = (struct err){0};
    const char *key = product_key(host->arena, sku);
    const char *digits = port != 0 ? arena_format(host->arena, "%lld", (long long)port) : NULL;
    return store(host, key, LICENSING_KMS_PORT, digits, err) && store(host, key, LICENSING_KMS_NAME, kms_host, err);
}

bool gate_kms_state(struct host *host, const char *sku, const char **ret_state, struct err *err)
{
    struct kms_setting setting = {0};
    bool is_told = current_setting(host, sku, &setting, err);
    bool is_gone = !is_told && is_gone_product(sku, err);
    if (is_gone) {
        *err = (struct err){0};
        is_told = stored_setting(host, sku, &setting, err);
    }
    if (!is_told) {
        return false;
    }
    *ret_state = setting_json(host->arena, &setting);
    return true;
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
    if (host->ops->licensing_set_kms == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    if (!current_setting(host, sku, &before, err)) {
        return false;
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
           gate_end(host, op, host->ops->licensing_set_kms(host->backend, sku, kms_host, port, err), err);
}
