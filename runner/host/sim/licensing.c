/* SPDX-License-Identifier: MIT */
#include "host/sim/licensing.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static bool list_products(void *backend, struct arena *arena, struct licensing_products *ret_products, struct err *err)
{
    struct sim *sim = backend;
    const struct sim_store *store = &sim->document.licensing.store;
    const struct json *listed = json_find(sim->document.licensing.json, "products");
    bool is_told = false;
    if (!sim_licensing_look(sim, SIM_LOOK_PRODUCTS, listed != NULL, &is_told, err)) {
        return false;
    }
    if (store->code != 0 && !store->lists) {
        return sim_licensing_fail(store->code, err);
    }
    size_t count = sim_store_shows_products(sim) ? sim->document.licensing.products.count : 0;
    const struct sim_product *products = sim->document.licensing.products.items;
    struct licensing_product *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = products[i].facts;
        if (!is_told &&
            !sim_licensing_effective(sim, items[i].id, arena, &items[i].kms_host, &items[i].kms_port, err)) {
            return false;
        }
    }
    *ret_products = (struct licensing_products){.items = items, .count = count};
    return true;
}

static bool query_service(void *backend, struct arena *arena, struct licensing_service *ret_service, struct err *err)
{
    struct sim *sim = backend;
    struct licensing_service service = {.version = sim->document.licensing.version};
    struct registry_value domain = {0};
    const struct sim_licensing *licensing = &sim->document.licensing;
    bool is_told = false;
    if (!sim_licensing_look(sim, SIM_LOOK_LICENSING, licensing->told_port >= 0, &is_told, err)) {
        return false;
    }
    if (is_told) {
        service.kms_host = licensing->told_host;
        service.kms_port = licensing->told_port;
        service.lookup_domain = licensing->told_domain;
        *ret_service = service;
        return true;
    }
    if (!sim_licensing_effective(sim, NULL, arena, &service.kms_host, &service.kms_port, err) ||
        !sim_registry_look(sim, SIM_PLATFORM, "KeyManagementServiceLookupDomain", arena, &domain, err)) {
        return false;
    }
    service.lookup_domain = domain.text;
    *ret_service = service;
    return true;
}

static bool put(struct sim *sim, const char *key, const char *name, const char *text, struct err *err)
{
    if (text == NULL) {
        return sim_registry_remove(sim, key, name, err);
    }
    struct registry_value value = registry_from_text(sim->arena, text);
    return sim_registry_store(sim, key, name, &value, err);
}

/* What is stored already is no change, and not refused. */
static bool put_name(struct sim *sim, const char *key, const char *kms_host, struct err *err)
{
    uint32_t code = sim->document.licensing.name_code;
    const char *stored = NULL;
    int64_t port = 0;
    if (code != 0 && !sim_licensing_scope(sim, key, sim->arena, &stored, &port, err)) {
        return false;
    }
    return code != 0 && !text_same(stored, kms_host) ? sim_licensing_fail(code, err)
                                                     : put(sim, key, "KeyManagementServiceName", kms_host, err);
}

static bool set_kms(void *backend, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_licensing_enter(sim, err)) {
        return false;
    }
    if (sku != NULL && !sim_store_serves(sim, err)) {
        return false;
    }
    if (sku != NULL && sim_licensing_find(sim, sku) == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
    }
    const char *key = sim_licensing_scope_key(sim->arena, sku);
    const char *port_text = port == 0 ? NULL : arena_format(sim->arena, "%lld", (long long)port);
    /* Two calls, the name last: as host/windows has it. */
    return put(sim, key, "KeyManagementServicePort", port_text, err) && sim_pass(sim, err) &&
           put_name(sim, key, kms_host, err) && sim_pass(sim, err);
}

/* --- licence files --- */

static bool is_installed(const struct sim_store *store, const char *license)
{
    for (size_t i = 0; i < store->installed.count; i++) {
        if (text_same(((const char *const *)store->installed.items)[i], license)) {
            return true;
        }
    }
    return false;
}

/* The code that an unknown or broken licence is answered with (judged). */
static bool refuses(struct sim_store *store, const char *license)
{
    return store->refuses != NULL && strstr(license, store->refuses) != NULL &&
           (store->refuses_times == 0 || store->refused++ < store->refuses_times);
}

static bool install_license(void *backend, const char *license, struct err *err)
{
    struct sim *sim = backend;
    struct sim_store *store = &sim->document.licensing.store;
    if (!sim_licensing_enter(sim, err)) {
        return false;
    }
    if (store->damaged != NULL) {
        return sim_licensing_fail(store->code != 0 ? store->code : SL_SKU_NOT_INSTALLED, err);
    }
    sim_sleep_ms(sim, store->install_ms);
    if (refuses(store, license)) {
        return sim_licensing_fail(SL_LICENSE_FILE, err);
    }
    if (!is_installed(store, license)) {
        *(const char **)arena_push(sim->arena, &store->installed, sizeof license) = arena_text(sim->arena, license);
        store->lacks -= store->lacks > 0 ? 1 : 0;
    }
    return sim_pass(sim, err);
}

const struct licensing_ops sim_licensing_ops = {
    .products = list_products,
    .service = query_service,
    .set_kms = set_kms,
    .install_key = sim_licensing_install_key,
    .activate = sim_licensing_activate,
    .install_license = install_license,
};
