/* SPDX-License-Identifier: MIT */
/* Keys and activation: changes that nothing gives back, so each is one op of its own. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/gate.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/event/event.h"
#include "host/nouns/licensing/parts.h"
#include "host/op_state.h"
#include "json/fields.h"

enum { LICENSED = 1 }; /* LicenseStatus */

/* --- product keys: shown by their last five characters, nowhere whole --- */

static const char *shown_key(struct arena *arena, const char *partial)
{
    return partial != NULL ? arena_format(arena, "*****-%s", partial) : NULL;
}

static const char *key_json(struct arena *arena, const char *partial)
{
    return partial != NULL ? arena_format(arena, "{\"partialKey\":%s}", gate_json_text(arena, partial)) : "null";
}

/* XXXXX-XXXXX-XXXXX-XXXXX-XXXXX of letters and digits: anything else is never handed to the provider. */
static bool is_product_key(const char *key)
{
    if (strlen(key) != 29) {
        return false;
    }
    for (size_t i = 0; i < 29; i++) {
        bool dash = i % 6 == 5;
        bool letter = (key[i] >= 'A' && key[i] <= 'Z') || (key[i] >= '0' && key[i] <= '9');
        if (dash ? key[i] != '-' : !letter) {
            return false;
        }
    }
    return true;
}

/* NULL: no product has a key; a store that cannot be read is an error. */
static bool installed_partial(struct host *host, const char **ret_partial, struct err *err)
{
    struct licensing_products products = {0};
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    *ret_partial = NULL;
    for (size_t i = products.count; i > 0; i--) {
        *ret_partial = !products.items[i - 1].is_addon ? products.items[i - 1].partial_key : *ret_partial;
    }
    return true;
}

bool licensing_key_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *partial = NULL;
    (void)op;
    if (!installed_partial(host, &partial, err)) {
        return false;
    }
    *ret_state = key_json(host->arena, partial);
    return true;
}

bool host_licensing_install_key(struct host *host, const char *key, enum op_class class, struct err *err)
{
    must(class != OP_REVERSIBLE);
    if (!is_product_key(key)) {
        return err_set(err, ERR_INVALID, 0, "not a product key");
    }
    if (host->ops->licensing->install_key == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    const char *before = NULL;
    const char *after = key + 24;
    struct err unread = {0}; /* a store that cannot be read has none to show */
    (void)(installed_partial(host, &before, &unread) || unread.code != ERR_NONE);
    struct change change = {.noun = NOUN_LICENSING,
                            .also = NOUN_BIT(NOUN_REGISTRY),
                            .class = class,
                            .verb = "install_key",
                            .target = "SoftwareLicensingService",
                            .before = key_json(host->arena, before),
                            .after = key_json(host->arena, after),
                            .shown_before = shown_key(host->arena, before),
                            .shown_after = shown_key(host->arena, after)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->licensing->install_key(host->backend, key, err), err);
}

/* --- activation --- */

size_t host_licensing_attempt_count(const struct host *host)
{
    return host->activations.count;
}

struct licensing_attempt host_licensing_attempt(const struct host *host, size_t index)
{
    must(index < host->activations.count);
    return ((const struct licensing_attempt *)host->activations.items)[index];
}

/* How far a product is activated. */
struct activation_state {
    int64_t status;  /* LicenseStatus; -1: it cannot be read */
    int64_t minutes; /* GracePeriodRemaining */
};

static const struct field activation_items[] = {
    INT_FIELD("status", struct activation_state, status, FIELD_REQUIRED, -1, UINT32_MAX, "LicenseStatus"),
    INT_FIELD("graceMinutes", struct activation_state, minutes, 0, 0, UINT32_MAX, "GracePeriodRemaining"),
};
static const struct fields activation_fields =
    FIELDS("activation", struct activation_state, activation_items, "how far a product is activated");

static bool activation_of(struct host *host, const char *sku, struct activation_state *ret_state, struct err *err)
{
    struct licensing_products products = {0};
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (text_equal(products.items[i].id, sku)) {
            *ret_state = (struct activation_state){products.items[i].status, products.items[i].grace_minutes};
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
}

static const char *activation_json(struct arena *arena, const struct activation_state *state)
{
    return arena_format(arena, "{\"status\":%lld,\"graceMinutes\":%lld}", (long long)state->status,
                        (long long)state->minutes);
}

bool licensing_activation_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *sku = licensing_sku_of(op);
    const struct json_source source = {.file = "state", .limit = LIMIT_JOURNAL_BYTES};
    const struct json *json = NULL;
    struct activation_state before = {0};
    struct activation_state now = {0};
    if (sku == NULL) {
        return op_state_refuse(op, err);
    }
    if (!json_load(op->before, strlen(op->before), &source, host->arena, &json, err) ||
        !fields_decode(&activation_fields, json, "state", host->arena, &before, err) ||
        !activation_of(host, sku, &now, err)) {
        return false;
    }
    bool is_as_before = now.status == before.status && now.minutes <= before.minutes;
    *ret_state = is_as_before ? op->before : now.status == LICENSED ? op->after : activation_json(host->arena, &now);
    return true;
}

/* A log that cannot be read keeps nobody from activating: then it only cannot be told what was logged by it. */
static struct licensing_attempt begin_attempt(struct host *host, const char *sku)
{
    struct licensing_attempt attempt = {.utc_ms = host_utc_ms(host), .product = arena_text(host->arena, sku)};
    struct err ignored = {0};
    attempt.has_record = host_event_newest(host, "Application", &attempt.record, &ignored);
    return attempt;
}

bool host_licensing_activate(struct host *host, const char *sku, struct err *err)
{
    if (host->ops->licensing->activate == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    struct activation_state before = {.status = -1};
    struct err unread = {0};
    (void)(activation_of(host, sku, &before, &unread) || unread.code != ERR_NONE);
    struct change change = {.noun = NOUN_LICENSING,
                            .also = NOUN_BIT(NOUN_EVENT),
                            .class = OP_ONE_WAY,
                            .verb = "activate",
                            .target = arena_format(host->arena, "SoftwareLicensingProduct|%s", sku),
                            .before = activation_json(host->arena, &before),
                            .after = "{\"status\":1}",
                            .shown_before = arena_format(host->arena, "LicenseStatus %lld", (long long)before.status),
                            .shown_after = "activated"};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome == OP_PLANNED) {
        return true;
    }
    int64_t left = host_left_ms(host);
    struct licensing_attempt tried = begin_attempt(host, sku);
    gate_waiting(host, "activation");
    bool made =
        host->ops->licensing->activate(host->backend, sku, left < LIMIT_ACTIVATE_MS ? left : LIMIT_ACTIVATE_MS, err);
    struct licensing_attempt *attempt = arena_push(host->arena, &host->activations, sizeof(*attempt));
    tried.code = made ? 0 : err->os;
    tried.abandoned = !made && err->code == ERR_TIMEOUT;
    *attempt = tried;
    return gate_end(host, op, made, err);
}
