/* SPDX-License-Identifier: MIT */
/*
 * The files in which the licensing service keeps its state, and the codes that show damage of them. Source:
 * https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/rebuild-tokens-dotdat-file.
 */
#include "kinds/licensing/license_store.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/file/file.h"
#include "host/nouns/licensing/licensing.h"
#include "host/nouns/system/system.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/licensing/kms_target.h"
#include "kinds/licensing/product.h"
#include "kinds/licensing/store_damage.h"
#include "kinds/windows/security.h"

#define INSTALL_LICENSES "install_licenses"
enum { READ_AND_WRITE = 3 };

static const struct column params[] = {
    [STORE_PARAM_DAMAGE] = LIST_COLUMN("damage", TYPE_TEXT, COLUMN_REQUIRED, "HRESULTs that show a damaged store"),
    [STORE_PARAM_KEY] = TEXT_COLUMN("partialKey", 0, "last five of the key that goes in again: told in recover.txt"),
};
_Static_assert(COUNT_OF(params) == STORE_PARAM_COUNT, "one row a parameter");

/* A new store has no product with a key. */
static const char *const with_a_store[] = {"service",           "scheduled_task", "kms_target", "hosts_entry",
                                           "outbound_firewall", "license",        NULL};

static const struct column properties[] = {
    [STORE_PATH] = TEXT_COLUMN("path", 0, "its folder: the TokenStore value, else by system"),
    [STORE_EXISTS] = BOOL_COLUMN("exists", 0, "tokens.dat is there"),
    [STORE_CREATED_AT] = INT_COLUMN("createdAt", 0, 0, UNIT_TIME, 0, "when it was created"),
    [STORE_ACL_OK] = BOOL_COLUMN("aclOk", 0, "the service may read and write its folder"),
    [STORE_SOUND_AT] = INT_COLUMN("soundAt", 0, 0, UNIT_TIME, 0,
                                  "its last proof of soundness since it was created (a KMS answered and activated, "
                                  "Activate succeeded, a renewal); absent: none is known"),
    [STORE_CODES] = ROWS_COLUMN("codes", &store_damage_rows, 0,
                                "codes of damage, seen since it was created and since it last proved sound"),
    [STORE_QUERY_CODE] =
        TEXT_COLUMN("queryCode", 0, "HRESULT with which the question for products ended; absent: it was answered"),
    [STORE_OTHER_PRODUCTS] = LIST_COLUMN("otherProducts", TYPE_TEXT, 0,
                                         "everything else with a key in it: Office, add-ons of Windows such as "
                                         "Extended Security Updates; name and last five of the key"),
    [STORE_MEMORY_AT_CAP] = BOOL_COLUMN("memoryAtCap", 0,
                                        "Windows uses 2 GB at most: what it cuts itself to when its licence is broken, "
                                        "and what small sizes have"),
    [STORE_REBUILD_PENDING] = BOOL_COLUMN("rebuildPending", 0, "a rebuild was begun and has to be carried to its end"),
    [STORE_SET_ASIDE] =
        TEXT_COLUMN("setAside", 0, "name of the old file, while a rebuild has to be carried to its end"),
    [STORE_REBUILT_SINCE_START] =
        BOOL_COLUMN("rebuiltSinceStart", 0, "an earlier run made it anew, and the system has not been restarted since"),
    [STORE_REBUILT] = {.name = "rebuilt",
                       .about = "made anew in this run",
                       .base = TYPE_BOOL,
                       .wants = wants_true,
                       .flags = COLUMN_ENSURE | COLUMN_GROUP,
                       .effect = "rebuilds the licensing store, which loses the product key",
                       .effect_ja = "ライセンス ストアを再構築し、プロダクト キーは失われます",
                       .brings = with_a_store},
};
_Static_assert(COUNT_OF(properties) == STORE_COUNT, "one row a property");

/* --- where it is --- */

/* Windows 7, Windows 8, and everything since. */
static struct value folder_by_version(struct look *look, struct host *host)
{
    struct system_facts facts = {0};
    struct err err = {0};
    if (!host_system_query(host, &facts, &err)) {
        return cell_failed(look->arena, &err);
    }
    if ((facts.known & SYSTEM_VERSION) == 0) {
        return value_unknown("the system's version is not known");
    }
    if (facts.major == 6 && facts.minor <= 1) {
        return value_text("%windir%\\ServiceProfiles\\NetworkService\\AppData\\Roaming\\Microsoft\\"
                          "SoftwareProtectionPlatform");
    }
    bool is_windows_8 = facts.major == 6 && facts.minor == 2;
    return value_text(is_windows_8 ? "%SystemRoot%\\System32\\spp\\store" : "%SystemRoot%\\System32\\spp\\store\\2.0");
}

static struct value folder_cell(struct look *look, struct host *host)
{
    struct value folder = cell_registry_text(look->arena, host, LICENSING_KEY, "TokenStore");
    bool is_said = folder.state == VALUE_UNKNOWN || (folder.state == VALUE_KNOWN && *folder.as.text != '\0');
    return is_said ? folder : folder_by_version(look, host);
}

/*
 * NTFS gives a new file the creation time of one of the same name that went away within the last 15 seconds: a store is
 * at most as old as the newest backup beside it.
 */
static void fill_file(struct look *look, struct host *host, const char *folder, const struct store_backups *backups)
{
    struct file_facts facts = {0};
    struct err err = {0};
    if (!host_file_query(host, arena_format(look->arena, "%s\\" STORE_FILE, folder), &facts, &err)) {
        look->cells[STORE_EXISTS] = cell_failed(look->arena, &err);
        look->cells[STORE_CREATED_AT] = look->cells[STORE_EXISTS];
        return;
    }
    look->cells[STORE_EXISTS] = value_bool(facts.exists);
    if (facts.exists) {
        look->cells[STORE_CREATED_AT] =
            value_int(facts.created_at > backups->newest_at ? facts.created_at : backups->newest_at);
    }
}

/* --- who may use it --- */

static struct value acl_cell(struct look *look, struct host *host, const char *folder)
{
    /* The service's own SID, the account it runs as, and what every process of that account carries. */
    static const char *const service[] = {"S-1-5-80-123231216-2592883651-3715271367-3753151631-4175906628",
                                          "S-1-5-20",
                                          "S-1-1-0",
                                          "S-1-5-11",
                                          "S-1-5-6",
                                          NULL};
    struct file_security security = {0};
    struct security_list list = {0};
    struct err err = {0};
    if (!host_file_security(host, folder, &security, &err) ||
        (security.exists && !security_parse(security.bytes, security.size, look->arena, &list, &err))) {
        return cell_failed(look->arena, &err);
    }
    return security.exists ? value_bool(security_allows(&list, service, READ_AND_WRITE)) : value_absent();
}

/* --- whose licences are in it besides those of Windows --- */

static struct value others_cell(struct arena *arena, const struct licensing_products *products)
{
    struct value *texts = arena_array(arena, products->count, sizeof *texts);
    size_t count = 0;
    for (size_t i = 0; i < products->count; i++) {
        const struct licensing_product *product = &products->items[i];
        bool is_other = product->is_addon || !licensing_is_windows(product);
        const char *name = product->name != NULL ? product->name : product->description;
        if (is_other && product->partial_key != NULL) {
            texts[count++] = cell_text(arena, arena_format(arena, "%s (key ending in %s)",
                                                           name != NULL ? name : product->id, product->partial_key));
        }
    }
    return value_list(TYPE_TEXT, texts, count);
}

/* --- a rebuild --- */

static struct value memory_cell(struct look *look, struct host *host)
{
    static const int64_t cap = 2LL * 1024 * 1024 * 1024;
    struct system_facts facts = {0};
    struct err err = {0};
    if (!host_system_query(host, &facts, &err)) {
        return cell_failed(look->arena, &err);
    }
    return cell_when_known(facts.known, SYSTEM_MEMORY, value_bool(facts.memory_bytes <= cap));
}

static bool has_done(const struct host *host, const char *verb)
{
    for (size_t i = 0; i < host_op_count(host); i++) {
        const struct op *op = host_op(host, i);
        if (text_same(op->verb, verb) && op->outcome == OP_DONE) {
            return true;
        }
    }
    return false;
}

/* The old file was moved aside, and there is no new one, or it has no product yet. A damaged one is no new one. */
static struct value pending_cell(struct look *look, const struct host *host, const struct store_damage *damage,
                                 bool has_products)
{
    const struct err *query = damage->query;
    const struct value *exists = &look->cells[STORE_EXISTS];
    if (exists->state == VALUE_KNOWN && !exists->as.boolean) {
        return value_bool(true);
    }
    bool may_be = !has_products && !has_done(host, INSTALL_LICENSES) && !store_damage_is(damage, query->os);
    return may_be && query->code != ERR_NONE ? cell_failed(look->arena, query) : value_bool(may_be);
}

/* What this run has moved is no earlier run's. */
static struct value since_start_cell(struct look *look, struct host *host, int64_t moved_at)
{
    struct system_facts facts = {0};
    struct err err = {0};
    if (!host_system_query(host, &facts, &err)) {
        return cell_failed(look->arena, &err);
    }
    int64_t started_at = (host_utc_ms(host) - facts.uptime_ms) / 1000;
    bool is_since = moved_at >= started_at && !has_done(host, "rename");
    return cell_when_known(facts.known, SYSTEM_BOOT, value_bool(is_since));
}

static void fill_rebuild(struct look *look, struct host *host, const struct store_backups *backups,
                         const struct store_damage *damage, bool has_products)
{
    bool exists = backups->newest != NULL;
    look->cells[STORE_REBUILD_PENDING] = exists ? pending_cell(look, host, damage, has_products) : value_bool(false);
    const struct value *pending = &look->cells[STORE_REBUILD_PENDING];
    look->cells[STORE_SET_ASIDE] =
        pending->state == VALUE_KNOWN && pending->as.boolean ? cell_text(look->arena, backups->newest) : value_absent();
    look->cells[STORE_REBUILT_SINCE_START] =
        exists ? since_start_cell(look, host, backups->newest_at) : value_bool(false);
    look->cells[STORE_REBUILT] = value_bool(has_done(host, INSTALL_LICENSES));
}

/* Why products cannot be read; without a code nothing tells. */
static struct value query_code_cell(struct arena *arena, const struct err *query)
{
    if (query->code == ERR_NONE) {
        return value_absent();
    }
    return query->os != 0 ? cell_hresult(arena, (uint32_t)query->os) : cell_failed(arena, query);
}

static bool license_store_look(struct look *look, struct host *host, struct err *err)
{
    struct value folder = folder_cell(look, host);
    struct licensing_products keyed = {0};
    const struct licensing_product *product = NULL;
    struct store_backups backups = {0};
    struct err query = {0};
    struct store_damage damage = {.query = &query};
    struct err list = {0};
    if (folder.state != VALUE_KNOWN) {
        return err_set(err, ERR_NOT_FOUND, 0, "where the store lies is not known: %s", folder.as.why);
    }
    if (!store_damage_load(&damage, &look->params[STORE_PARAM_DAMAGE], look->arena, err)) {
        return false;
    }
    bool is_read = host_licensing_keyed(host, &keyed, &query);
    struct licensing_products products = licensing_of_windows(look->arena, &keyed);
    size_t in_use = is_read ? product_in_use(host, &products, &product, NULL) : 0;
    bool has_products = in_use > 0;
    damage.product = in_use == 1 ? product : NULL;
    bool is_listed = license_store_backups(host, folder.as.text, &backups, &list);
    look->cells[STORE_PATH] = folder;
    fill_file(look, host, folder.as.text, &backups);
    look->cells[STORE_ACL_OK] = acl_cell(look, host, folder.as.text);
    struct store_history history = store_damage_history(&damage, look->arena, host, &look->cells[STORE_CREATED_AT]);
    look->cells[STORE_SOUND_AT] = history.sound_at;
    look->cells[STORE_CODES] = history.codes;
    look->cells[STORE_QUERY_CODE] = query_code_cell(look->arena, &query);
    look->cells[STORE_OTHER_PRODUCTS] = is_read ? others_cell(look->arena, &keyed) : cell_failed(look->arena, &query);
    look->cells[STORE_MEMORY_AT_CAP] = memory_cell(look, host);
    fill_rebuild(look, host, &backups, &damage, has_products);
    if (!is_listed) {
        look->cells[STORE_REBUILD_PENDING] = cell_failed(look->arena, &list);
        look->cells[STORE_REBUILT_SINCE_START] = look->cells[STORE_REBUILD_PENDING];
    }
    return true;
}

const struct kind kind_license_store = {
    .name = "license_store",
    .about = "the files in which the licensing service keeps its state",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_EVENT) | NOUN_BIT(NOUN_FILE) | NOUN_BIT(NOUN_REGISTRY) |
             NOUN_BIT(NOUN_SERVICE) | NOUN_BIT(NOUN_SYSTEM),
    .changes = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_FILE) | NOUN_BIT(NOUN_SERVICE),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"damage\": [\"0xC004D302\"]}",
    .example_step = "{\"damage\": [\"0xC004D302\"], \"rebuilt\": true}",
    .look = license_store_look,
    .set = license_store_set,
};
