/* SPDX-License-Identifier: MIT */
/*
 * The store of the licensing service, as Microsoft's steps to rebuild it take it (KB2736303): with tokens.dat out of
 * the way the service makes a new, empty one; when all licence files are installed, keys can be installed again.
 */
#include <string.h>

#include "base/text.h"
#include "host/sim/licensing.h"

#define NO_PRODUCTS "no_products"
enum { NEW_STORE_BYTES = 65536 };

static const struct field items[] = {
    TEXT_FIELD("damaged", struct sim_store, damaged, 0, 0, 0,
               "no_products, or the code that every call for products ends with, until tokens.dat is gone"),
    BOOL_FIELD("lists", struct sim_store, lists, 0,
               "products can be read all the same: only keys, Activate and licence files end with the code"),
    TEXT_FIELD("refuses", struct sim_store, refuses, 0, 1, 0, "part of the licence files that it does not take"),
    INT_FIELD("refusesTimes", struct sim_store, refuses_times, 0, 0, 16, "so often; always when left out"),
    INT_FIELD("installMs", struct sim_store, install_ms, 0, 0, INT32_MAX, "virtual time that one licence file takes"),
    INT_FIELD("lacks", struct sim_store, lacks, 0, 0, INT32_MAX, "licence files that have to be installed again"),
};
const struct fields sim_store_fields =
    FIELDS_KEEPING("licensingStore", struct sim_store, json, items, "the files of the licensing service");

/* What a failing provider means to a caller; source: winerror.h and wbemcli.h. All others are ERR_IO. */
static const struct {
    uint32_t code;
    enum err_code meaning;
} meanings[] = {
    {0x8004100E, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_NAMESPACE */
    {0x80041010, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_CLASS */
    {0x80041011, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_NOT_FOUND */
    {0x80041013, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_LOAD_FAILURE */
    {0x80040154, ERR_UNSUPPORTED}, /* REGDB_E_CLASSNOTREG */
    {0x80041003, ERR_DENIED},      /* WBEM_E_ACCESS_DENIED */
    {0x80070005, ERR_DENIED},      /* E_ACCESSDENIED */
};

bool sim_licensing_fail(uint32_t code, struct err *err)
{
    enum err_code meaning = ERR_IO;
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        meaning = meanings[i].code == code ? meanings[i].meaning : meaning;
    }
    return err_set(err, meaning, code, "the licensing provider answered 0x%08X", (unsigned)code);
}

bool sim_store_load(struct sim *sim, struct err *err)
{
    struct sim_store *store = &sim->document.licensing.store;
    bool has_code = store->damaged != NULL && !text_same(store->damaged, NO_PRODUCTS);
    if (store->lists && !has_code) {
        return json_refuse(json_find(store->json, "lists"), sim->file, err, "only with a code in \"damaged\"");
    }
    if (store->lacks > 0 && sim->document.licensing.products.count > 0) {
        return json_refuse(json_find(store->json, "lacks"), sim->file, err, "only where \"products\" is empty");
    }
    if (!has_code) {
        return true;
    }
    if (!sim_hex_code(store->damaged, &store->code) || store->code == 0) {
        return json_refuse(json_find(store->json, "damaged"), sim->file, err,
                           "expected no_products or a code like 0xC004E015");
    }
    return true;
}

/* The file that the service opens: below the folder of TokenStore, else where Windows 8.1 and later have it. */
static struct sim_file *tokens_file(struct sim *sim)
{
    const char *folder = "%SystemRoot%\\System32\\spp\\store\\2.0";
    struct registry_value value = {0};
    struct err ignored = {0};
    const char *unscripted = sim->unscripted;
    if (sim_registry_look(sim, SIM_PLATFORM, "TokenStore", sim->arena, &value, &ignored) && value.text != NULL) {
        folder = value.text;
    }
    sim->unscripted = unscripted;
    const char *path = sim_file_path(sim->arena, arena_format(sim->arena, "%s\\tokens.dat", folder));
    return path != NULL ? (struct sim_file *)sim_table_find(&sim->tables[NOUN_FILE], path) : NULL;
}

/* A maker's own files below System32\\oem are no licence of Windows: it works without them. */
static bool is_license_file(const struct sim_node *node)
{
    return node->exists && text_ends(node->name, ".xrm-ms") &&
           sim_tree_is_below(node->name, "C:\\Windows\\System32\\spp\\tokens");
}

/* What the store never takes it does not need either: a licence of another edition, a file that is damaged. */
static bool is_never_taken(const struct sim_store *store, const struct sim_file *file)
{
    size_t size = store->refuses != NULL && store->refuses_times == 0 ? strlen(store->refuses) : 0;
    for (int64_t at = 0; size > 0 && file->has_bytes && at + (int64_t)size <= file->size; at++) {
        if (memcmp(file->bytes + at, store->refuses, size) == 0) {
            return true;
        }
    }
    return false;
}

static int64_t count_license_files(const struct sim *sim)
{
    const struct sim_store *store = &sim->document.licensing.store;
    int64_t count = 0;
    for (size_t i = 0; i < sim->tables[NOUN_FILE].items.count; i++) {
        const struct sim_node *node = sim_table_at(&sim->tables[NOUN_FILE], i);
        count += is_license_file(node) && !is_never_taken(store, (const struct sim_file *)node) ? 1 : 0;
    }
    return count;
}

/* Dated when the document's clock begins, so that the saved document does not hang on how long the run took. */
static void make_tokens(const struct sim *sim, struct sim_file *tokens)
{
    tokens->node.exists = true;
    tokens->form = FILE_IS_REGULAR;
    tokens->has_bytes = false;
    tokens->bytes = NULL;
    tokens->size = NEW_STORE_BYTES;
    tokens->keeps_times = true;
    tokens->created_at = sim->document.clock.began_ms / 1000;
    tokens->changed_at = tokens->created_at;
}

void sim_store_settle(struct sim *sim)
{
    struct sim_licensing *licensing = &sim->document.licensing;
    struct sim_file *tokens = tokens_file(sim);
    if (tokens == NULL || tokens->node.exists) {
        return;
    }
    int64_t files = count_license_files(sim);
    make_tokens(sim, tokens);
    licensing->products.count = 0;
    licensing->store.damaged = NULL;
    licensing->store.code = 0;
    licensing->store.lists = false;
    licensing->store.lacks = files > 0 ? files : 1;
    licensing->store.installed = (struct arena_list){0};
}

static bool is_whole(const struct sim_store *store)
{
    return store->damaged == NULL && store->lacks == 0;
}

bool sim_store_shows_products(const struct sim *sim)
{
    const struct sim_store *store = &sim->document.licensing.store;
    return is_whole(store) || store->lists;
}

bool sim_store_serves(const struct sim *sim, struct err *err)
{
    const struct sim_store *store = &sim->document.licensing.store;
    uint32_t code = store->code;
    return is_whole(store) || sim_licensing_fail(code != 0 ? code : SL_SKU_NOT_INSTALLED, err);
}
