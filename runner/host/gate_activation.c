/* SPDX-License-Identifier: MIT */
/* Keys, activation and licence files: changes that nothing gives back, so each is one op of its own. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/decode.h"
#include "host/gate.h"

/* --- product keys: shown by their last five characters, nowhere whole --- */

static const char *shown_key(struct arena *arena, const char *partial)
{
    return partial != NULL ? arena_format(arena, "*****-%s", partial) : NULL;
}

static const char *key_state(struct arena *arena, const char *partial)
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

/* The partial key of the primary product; a store that cannot be read has none to show. */
static const char *installed_partial(struct host *host)
{
    struct licensing_products products = {0};
    struct err err = {0};
    if (!host_licensing_products(host, &products, &err)) {
        return NULL;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (!products.items[i].is_addon) {
            return products.items[i].partial_key;
        }
    }
    return NULL;
}

const char *gate_key_state(struct host *host)
{
    return key_state(host->arena, installed_partial(host));
}

bool host_licensing_install_key(struct host *host, const char *key, enum op_class class, struct err *err)
{
    must(class != OP_REVERSIBLE);
    if (!is_product_key(key)) {
        return err_set(err, ERR_INVALID, 0, "not a product key");
    }
    if (host->ops->licensing_install_key == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    const char *before = installed_partial(host);
    const char *after = key + 24;
    struct change change = {.noun = NOUN_LICENSING,
                            .also = NOUN_BIT(NOUN_REGISTRY),
                            .class = class,
                            .verb = "install_key",
                            .target = "SoftwareLicensingService",
                            .before = key_state(host->arena, before),
                            .after = key_state(host->arena, after),
                            .shown_before = shown_key(host->arena, before),
                            .shown_after = shown_key(host->arena, after)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->licensing_install_key(host->backend, key, err), err);
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

/* LicenseStatus of the product; -1: it cannot be read. */
static int64_t status_of(struct host *host, const char *sku)
{
    struct licensing_products products = {0};
    struct err err = {0};
    if (!host_licensing_products(host, &products, &err)) {
        return -1;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (text_equal(products.items[i].id, sku)) {
            return products.items[i].status;
        }
    }
    return -1;
}

static const char *status_state(struct arena *arena, int64_t status)
{
    return arena_format(arena, "{\"status\":%lld}", (long long)status);
}

const char *gate_status_state(struct host *host, const char *sku)
{
    return status_state(host->arena, status_of(host, sku));
}

bool host_licensing_activate(struct host *host, const char *sku, struct err *err)
{
    if (host->ops->licensing_activate == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    int64_t status = status_of(host, sku);
    struct change change = {.noun = NOUN_LICENSING,
                            .also = NOUN_BIT(NOUN_EVENT),
                            .class = OP_ONE_WAY,
                            .verb = "activate",
                            .target = arena_format(host->arena, "SoftwareLicensingProduct|%s", sku),
                            .before = status_state(host->arena, status),
                            .after = "{\"status\":1}",
                            .shown_before = arena_format(host->arena, "LicenseStatus %lld", (long long)status),
                            .shown_after = "activated"};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome == OP_PLANNED) {
        return true;
    }
    int64_t left = host_left_ms(host);
    int64_t utc_ms = host_utc_ms(host);
    gate_waiting(host, "activation");
    bool made =
        host->ops->licensing_activate(host->backend, sku, left < LIMIT_ACTIVATE_MS ? left : LIMIT_ACTIVATE_MS, err);
    struct licensing_attempt *attempt = arena_push(host->arena, &host->activations, sizeof(*attempt));
    *attempt = (struct licensing_attempt){
        .utc_ms = utc_ms, .code = made ? 0 : err->os, .abandoned = !made && err->code == ERR_TIMEOUT};
    return gate_end(host, op, made, err);
}

/* --- licence files: what slmgr /rilc does --- */

/* As slmgr reads them: by byte order mark, else as ANSI; the files that ship are UTF-8 or UTF-16LE. NULL: no text. */
static const char *license_text(struct arena *arena, const struct file_bytes *file)
{
    const struct outside outside = {
        .bytes = file->bytes, .size = file->size, .page = PORT_PAGE_ANSI, .is_marked = true};
    struct decoded decoded = decode_text(arena, &outside);
    return decoded.is_text ? decoded.text : NULL;
}

static bool install_file(struct host *host, const char *path, struct err *err)
{
    struct file_bytes file = {0};
    if (!host_file_read(host, path, LIMIT_FILE_BYTES, &file, err)) {
        return false;
    }
    const char *text = file.exists ? license_text(host->arena, &file) : NULL;
    if (text == NULL) {
        return err_set(err, ERR_INVALID, 0, "%s is no licence text", path);
    }
    return host->ops->licensing_install_license(host->backend, text, err);
}

static void add_folder(struct arena *arena, struct arena_list *folders, const char *folder)
{
    *(const char **)arena_push(arena, folders, sizeof(folder)) = folder;
}

/* One entry of a folder: a licence is installed, a folder is kept for later, all else is passed over. */
static bool install_entry(struct host *host, const char *path, struct arena_list *folders, size_t *count,
                          struct err *err)
{
    if (text_ends(path, ".xrm-ms")) {
        *count += 1;
        return install_file(host, path, err);
    }
    struct file_facts facts = {0};
    if (!host_file_query(host, path, &facts, err)) {
        return false;
    }
    if (facts.exists && facts.form == FILE_IS_FOLDER) {
        add_folder(host->arena, folders, path);
    }
    return true;
}

static bool install_folder(struct host *host, const char *folder, struct arena_list *folders, size_t *count,
                           struct err *err)
{
    struct file_names names = {0};
    if (!host_file_list(host, folder, &names, err)) {
        return false;
    }
    for (size_t i = 0; names.exists && i < names.count; i++) {
        if (host_left_ms(host) == 0) {
            return err_set(err, ERR_TIMEOUT, 0, "the deadline passed after %zu licence files", *count);
        }
        if (!install_entry(host, arena_format(host->arena, "%s\\%s", folder, names.items[i]), folders, count, err)) {
            return false;
        }
    }
    return true;
}

/* A folder and all below it: licences of editions lie two folders deep. */
static bool install_tree(struct host *host, const char *root, size_t *count, struct err *err)
{
    struct arena_list folders = {0};
    add_folder(host->arena, &folders, root);
    for (size_t i = 0; i < folders.count; i++) {
        if (i == LIMIT_LICENSE_FOLDERS) {
            return err_set(err, ERR_LIMIT, 0, "%s has more than %d folders", root, (int)LIMIT_LICENSE_FOLDERS);
        }
        if (!install_folder(host, ((const char *const *)folders.items)[i], &folders, count, err)) {
            return false;
        }
    }
    return true;
}

static bool install_all(struct host *host, size_t *count, struct err *err)
{
    return install_tree(host, "%SystemRoot%\\System32\\spp\\tokens", count, err) &&
           install_tree(host, "%SystemRoot%\\System32\\oem", count, err);
}

bool host_licensing_install_licenses(struct host *host, size_t *ret_count, struct err *err)
{
    if (host->ops->licensing_install_license == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    struct change change = {.noun = NOUN_LICENSING,
                            .class = OP_ONE_WAY,
                            .verb = "install_licenses",
                            .target = "System32\\spp\\tokens\\*.xrm-ms",
                            .before = "null",
                            .after = "{\"installed\":true}",
                            .shown_after = "all licence files installed again"};
    struct op *op = NULL;
    size_t count = 0;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome != OP_PLANNED) {
        bool made = install_all(host, &count, err);
        op->is_partial = !made && count > 0;
        if (!gate_end(host, op, made, err)) {
            return false;
        }
    }
    *ret_count = count;
    return true;
}
