/* SPDX-License-Identifier: MIT */
/*
 * Source: https://learn.microsoft.com/previous-versions/windows/desktop/sppwmi/softwarelicensingproduct. The channel
 * is the token inside Description, which is never localised; what slmgr.vbs goes by.
 */
#include "kinds/licensing/license.h"

#include "base/limits.h"
#include "base/text.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/licensing/product.h"

enum { MINUTES_A_DAY = 24 * 60 };
#define NOT_APPLICABLE INT64_C(4294967295) /* a uint32 of the provider that says nothing. claim: wmi.not-applicable */

static const char *const statuses[] = {"unlicensed",        "licensed",     "oob_grace",      "oot_grace",
                                       "non_genuine_grace", "notification", "extended_grace", NULL};
enum { STATUS_LICENSED = 1, STATUS_EXTENDED_GRACE = 6, STATUS_COUNT = COUNT_OF(statuses) - 1 };

/* VOLUME_KMSCLIENT before VOLUME_KMS: the one is part of the other. */
static const char *const channels[] = {"VOLUME_KMSCLIENT",
                                       "VOLUME_KMS",
                                       "VOLUME_MAK",
                                       "VIRTUAL_MACHINE_ACTIVATION",
                                       "TIMEBASED_EVAL",
                                       "RETAIL",
                                       "OEM",
                                       "other",
                                       NULL};
enum { CHANNEL_KMS_CLIENT = 0, CHANNEL_OTHER = COUNT_OF(channels) - 2 };

static const char *const activation_types[] = {"none", "ad", "kms", "token", NULL};
static const char *const activation_choices[] = {"all", "ad", "kms", "token", NULL};
enum { ACTIVATION_COUNT = COUNT_OF(activation_types) - 1 };

static const struct column params[] = {
    [LICENSE_PARAM_KEY] = TEXT_COLUMN("key", COLUMN_SECRET,
                                      "the whole key that ends with the partialKey a step wants; it is never shown"),
};
_Static_assert(COUNT_OF(params) == LICENSE_PARAM_COUNT, "one row a parameter");

/*
 * A new key brings another product: nobody has activated it, and its KMS host, and the way there, may be its own. A
 * start type that was left alone for the license before it is in the way of this one.
 */
static const char *const with_a_key[] = {"service",           "scheduled_task", "kms_target", "hosts_entry",
                                         "outbound_firewall", "license",        NULL};

/* Activate may be answered by a code of damage: then the store is rebuilt in the same run. */
static const char *const with_an_answer[] = {"license_store", NULL};

/* What is activated stays so: there is no way to take it back. */
#define ACTIVATES .effect = "activates Windows", .effect_ja = "ライセンス認証を行います", .brings = with_an_answer

static const char *const want_licensed[] = {"licensed", NULL};
static const char *const want_today[] = {"0", NULL};

static const struct column properties[] = {
    [LICENSE_EXISTS] = BOOL_COLUMN("exists", 0, "a Windows product with a key is installed"),
    [LICENSE_STATUS] = {.name = "status",
                        .about = "LicenseStatus",
                        .base = TYPE_TEXT,
                        .words = statuses,
                        .wants = want_licensed,
                        .flags = COLUMN_ENSURE | COLUMN_ASKS,
                        ACTIVATES},
    [LICENSE_REASON] = TEXT_COLUMN("reason", 0, "LicenseStatusReason, such as 0xC004F056"),
    [LICENSE_CHANNEL] = WORD_COLUMN("channel", channels, 0, "the token in the product's description"),
    [LICENSE_PARTIAL_KEY] = {.name = "partialKey",
                             .about = "last five characters of the product key; a step that wants it gives the key",
                             .base = TYPE_TEXT,
                             .flags = COLUMN_ENSURE | COLUMN_GROUP,
                             .effect = "replaces the product key",
                             .effect_ja = "プロダクト キーを置き換えます",
                             .brings = with_a_key},
    [LICENSE_FAMILY] = TEXT_COLUMN("family", 0, "LicenseFamily: ServerDatacenter, ServerTurbine, ..."),
    [LICENSE_SKU_ID] = SHAPED_COLUMN("skuId", SHAPE_GUID, 0, "id of the product"),
    [LICENSE_GRACE_MINUTES] = INT_COLUMN("graceMinutes", 0, 0, UNIT_MINUTES, 0, "time left of the current period"),
    [LICENSE_EXPIRES_IN_DAYS] =
        INT_COLUMN("expiresInDays", 0, 0, UNIT_DAYS, 0, "time until the activation ends; absent: it does not expire"),
    [LICENSE_RENEWAL_AGE_DAYS] = {.name = "renewalAgeDays",
                                  .about = "time since a KMS last renewed it; absent: no KMS did",
                                  .base = TYPE_INT,
                                  .unit = UNIT_DAYS,
                                  .wants = want_today,
                                  .flags = COLUMN_ENSURE | COLUMN_ASKS,
                                  ACTIVATES},
    [LICENSE_ACTIVATION_TYPE] = WORD_COLUMN("activationType", activation_types, 0, "how it was last activated"),
    [LICENSE_ACTIVATION_ENABLED] =
        WORD_COLUMN("activationEnabled", activation_choices, 0, "the ways of activation that are allowed"),
    [LICENSE_LAST_CODE] =
        TEXT_COLUMN("lastCode", COLUMN_ANSWER, "what the last Activate of this run returned; absent: none"),
    [LICENSE_LAST_INNER_CODE] = TEXT_COLUMN("lastInnerCode", COLUMN_ANSWER, "what event 12288 says beneath it"),
    [LICENSE_LAST_HOST] = TEXT_COLUMN("lastHost", 0,
                                      "whom the last try of this run asked, host:port, as event 12288 "
                                      "says; absent: it asked none"),
    [LICENSE_REFUSED_IN_ROW] = INT_COLUMN("refusedInRow", 0, 0, UNIT_COUNT, 0,
                                          "tries of this run in a row that ended with a code, since the key or the KMS "
                                          "host was last changed"),
    [LICENSE_OTHER_KEYS] =
        LIST_COLUMN("otherKeys", TYPE_TEXT, 0, "Windows products with a key besides the one of the installed edition"),
};
_Static_assert(COUNT_OF(properties) == LICENSE_COUNT, "one row a property");

static const char *channel_of(const char *description)
{
    for (size_t i = 0; i < CHANNEL_OTHER; i++) {
        if (text_contains(description, channels[i])) {
            return channels[i];
        }
    }
    return channels[CHANNEL_OTHER];
}

static struct value word_at(const char *const *words, size_t count, int64_t index)
{
    if (index < 0 || index == NOT_APPLICABLE) {
        return value_unknown("the system does not tell");
    }
    return (uint64_t)index < count ? value_text(words[index]) : value_unknown("a number without a meaning");
}

/* Licensed without a period is for good. claim: products.extended-grace */
static void fill_period(struct look *look, const struct licensing_product *product, const char *channel)
{
    bool is_licensed = product->status == STATUS_LICENSED;
    bool is_extended = product->status == STATUS_EXTENDED_GRACE;
    int64_t minutes = is_extended ? product->extended_minutes : product->grace_minutes;
    if (minutes == NOT_APPLICABLE || (is_extended && minutes == 0)) {
        return;
    }
    look->cells[LICENSE_GRACE_MINUTES] = value_int(minutes);
    if (minutes > 0 || !is_licensed) {
        look->cells[LICENSE_EXPIRES_IN_DAYS] = value_int((minutes + MINUTES_A_DAY - 1) / MINUTES_A_DAY);
    }
    int64_t age = (int64_t)LICENSE_KMS_MINUTES - minutes;
    if (is_licensed && minutes > 0 && age >= 0 && text_same(channel, channels[CHANNEL_KMS_CLIENT])) {
        look->cells[LICENSE_RENEWAL_AGE_DAYS] = value_int(age / MINUTES_A_DAY);
    }
}

static void fill_product(struct look *look, const struct licensing_product *product)
{
    const char *channel = channel_of(product->description != NULL ? product->description : "");
    look->cells[LICENSE_STATUS] = word_at(statuses, STATUS_COUNT, product->status);
    look->cells[LICENSE_REASON] = cell_hresult(look->arena, product->reason);
    look->cells[LICENSE_CHANNEL] =
        product->description != NULL ? value_text(channel) : value_unknown("the product has no description");
    look->cells[LICENSE_PARTIAL_KEY] = cell_text(look->arena, product->partial_key);
    look->cells[LICENSE_FAMILY] = cell_text(look->arena, product->family);
    look->cells[LICENSE_SKU_ID] = cell_checked(look->arena, &properties[LICENSE_SKU_ID], product->id);
    look->cells[LICENSE_ACTIVATION_TYPE] = word_at(activation_types, ACTIVATION_COUNT, product->activation_type);
    look->cells[LICENSE_ACTIVATION_ENABLED] =
        word_at(activation_choices, ACTIVATION_COUNT, product->activation_enabled);
    fill_period(look, product, channel);
}

/* What a change of edition left behind: it is told, and counts for nothing. */
static struct value other_keys(struct arena *arena, const struct licensing_products *products,
                               const struct licensing_product *in_use)
{
    struct value *others = arena_array(arena, products->count, sizeof *others);
    size_t count = 0;
    for (size_t i = 0; i < products->count; i++) {
        const struct licensing_product *product = &products->items[i];
        if (product != in_use && product_has_key(product)) {
            const char *family = product->family != NULL ? product->family : product->id;
            others[count++] = value_text(arena_format(arena, "%s (%s)", family, product->partial_key));
        }
    }
    return value_list(TYPE_TEXT, others, count);
}

static bool license_look(struct look *look, struct host *host, struct err *err)
{
    struct licensing_products products = {0};
    const struct licensing_product *product = NULL;
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    size_t count = product_in_use(host, &products, &product, NULL);
    if (count > 1) {
        return err_set(err, ERR_INVALID, 0, "%zu Windows products with a key: which one counts is not known", count);
    }
    look->cells[LICENSE_EXISTS] = value_bool(count == 1);
    license_fill_history(look, host);
    look->cells[LICENSE_OTHER_KEYS] = other_keys(look->arena, &products, product);
    if (product != NULL) {
        fill_product(look, product);
    }
    return true;
}

const struct kind kind_license = {
    .name = "license",
    .about = "the Windows licence: status, channel, how long it lasts",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_EVENT) |
             NOUN_BIT(NOUN_SERVICE), /* a disabled service answers nothing */
    .changes = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_EVENT),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example_step = "{\"status\": \"licensed\"}",
    .look = license_look,
    .set = license_set,
};
