/* SPDX-License-Identifier: MIT */
/*
 * The files in which the licensing service keeps its state. Damage shows in codes of the store's own families and in
 * nothing else; an event counts only when it is newer than the store. Source:
 * https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/ (rebuild-tokens-dotdat-file,
 * error-0xc004e015-sl-e-eul-consumption-failed-activate-windows), winerror.h (SL_E_...).
 */
#include "kinds/license_store.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/clock.h"
#include "host/file.h"
#include "host/licensing.h"
#include "host/system.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/kms_target.h"
#include "kinds/product.h"
#include "kinds/security.h"
#include "kinds/spp_events.h"

enum { CODE_CODE, CODE_AT, CODE_FROM, CODE_COUNT };
enum { CODES_MAX = 16, READ_AND_WRITE = 3 };
enum { FROM_QUERY, FROM_ACTIVATE, FROM_EVENT };
static const char *const sources[] = {"query", "activate", "event", NULL};

static const struct column codes_columns[] = {
    [CODE_CODE] = TEXT_COLUMN("code", 0, "HRESULT"),
    [CODE_AT] = INT_COLUMN("at", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    [CODE_FROM] = WORD_COLUMN("from", sources, 0, "who said so"),
};
_Static_assert(COUNT_OF(codes_columns) == CODE_COUNT, "one row a cell");
static const struct columns codes = COLUMNS(codes_columns);

static const struct column properties[] = {
    [STORE_PATH] = TEXT_COLUMN("path", 0, "its folder: the TokenStore value, else by system"),
    [STORE_EXISTS] = BOOL_COLUMN("exists", 0, "tokens.dat is there"),
    [STORE_CREATED_AT] = INT_COLUMN("createdAt", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    [STORE_ACL_OK] = BOOL_COLUMN("aclOk", 0, "the service may read and write its folder"),
    [STORE_CODES] = ROWS_COLUMN("codes", &codes, 0, "codes of the store's families seen since it was created"),
    [STORE_MEMORY_AT_CAP] = BOOL_COLUMN("memoryAtCap", 0,
                                        "Windows uses 2 GB at most: what it cuts itself to when its licence is broken, "
                                        "and what small sizes have"),
    [STORE_REBUILD_PENDING] = BOOL_COLUMN("rebuildPending", 0, "a rebuild was begun and has to be carried to its end"),
    [STORE_REBUILT] = {.name = "rebuilt",
                       .about = "made anew in this run; a step may want true",
                       .base = TYPE_BOOL,
                       .flags = COLUMN_ENSURE,
                       .effect = "rebuilds the licensing store, which loses the product key",
                       .effect_ja = "ライセンス ストアを再構築し、プロダクト キーは失われます"},
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

/* What earlier rebuilds put aside. Each name ends with when its run began. */
struct backups {
    bool exist;
    int64_t newest;   /* seconds since 1970 */
    struct value why; /* unknown: the folder could not be read */
};

static struct backups find_backups(struct look *look, struct host *host, const char *folder)
{
    struct backups backups = {.why = value_absent()};
    struct file_names names = {0};
    struct err err = {0};
    if (!host_file_list(host, folder, &names, &err)) {
        backups.why = cell_failed(look->arena, &err);
    }
    for (size_t i = 0; i < names.count; i++) {
        int64_t at = 0;
        if (!text_starts(names.items[i], STORE_BACKUP)) {
            continue;
        }
        backups.exist = true;
        bool is_newer = text_to_int(names.items[i] + strlen(STORE_BACKUP), &at) && at > backups.newest;
        backups.newest = is_newer ? at : backups.newest;
    }
    return backups;
}

/*
 * NTFS gives a new file the creation time of one of the same name that went away within the last 15 seconds: a store is
 * at most as old as the newest backup beside it.
 */
static void fill_file(struct look *look, struct host *host, const char *folder, const struct backups *backups)
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
            value_int(facts.created_at > backups->newest ? facts.created_at : backups->newest);
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

/* --- codes --- */

/* What Windows says of a store it cannot use. Some also stand in the status dumps of healthy machines. */
static const struct {
    uint32_t first, last;
    bool in_events;
} families[] = {
    {0xC004E002U, 0xC004E002U, true}, {0xC004E003U, 0xC004E003U, false}, {0xC004E007U, 0xC004E011U, true},
    {0xC004E014U, 0xC004E017U, true}, {0xC004E022U, 0xC004E022U, true},  {0x8004E101U, 0x8004E10EU, true},
    {0xC004D301U, 0xC004D301U, true},
};

static bool is_store_code(uint32_t code, bool is_event)
{
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (code >= families[i].first && code <= families[i].last) {
            return families[i].in_events || !is_event;
        }
    }
    return false;
}

struct found {
    struct look *look;
    uint32_t seen[CODES_MAX];
    struct value rows[CODES_MAX];
    size_t count;
};

/* Every code once; newest first is how they come. */
static void add_code(struct found *found, uint32_t code, int64_t at, int from)
{
    if (!is_store_code(code, from == FROM_EVENT) || found->count == CODES_MAX) {
        return;
    }
    for (size_t i = 0; i < found->count; i++) {
        if (found->seen[i] == code) {
            return;
        }
    }
    struct value *cells = arena_array(found->look->arena, CODE_COUNT, sizeof *cells);
    cells[CODE_CODE] = cell_hresult(found->look->arena, code);
    cells[CODE_AT] = value_int(at);
    cells[CODE_FROM] = value_text(sources[from]);
    found->seen[found->count] = code;
    found->rows[found->count++] = value_row(&codes, cells);
}

static void add_codes_of(struct found *found, const char *text, int64_t at)
{
    for (const char *hex = strstr(text, "0x"); hex != NULL; hex = strstr(hex + 2, "0x")) {
        uint32_t code = 0;
        if (spp_events_code(hex, &code)) {
            add_code(found, code, at, FROM_EVENT);
        }
    }
}

static bool add_events(struct found *found, struct host *host, int64_t created_at, struct err *err)
{
    static const unsigned ids[] = {SPP_LICENSING_STATUS, SPP_SCHEDULER_FAILED, SPP_ACTIVATION_FAILED,
                                   SPP_REQUEST,          SPP_RESPONSE,         0};
    struct event_records records = {0};
    if (!spp_events_query(host, ids, created_at, &records, err)) {
        return false;
    }
    for (size_t i = 0; i < records.count; i++) {
        const struct event_record *record = &records.items[i];
        for (size_t j = 0; record->utc_ms / 1000 > created_at && j < record->data_count; j++) {
            add_codes_of(found, record->data[j], record->utc_ms / 1000);
        }
    }
    return true;
}

/* What this run saw: a store made anew since then has nothing to do with it. */
static void add_attempts(struct found *found, const struct host *host, int64_t created_at)
{
    for (size_t i = host_licensing_attempt_count(host); i > 0; i--) {
        struct licensing_attempt attempt = host_licensing_attempt(host, i - 1);
        if (attempt.utc_ms / 1000 > created_at) {
            add_code(found, attempt.code, attempt.utc_ms / 1000, FROM_ACTIVATE);
        }
    }
}

static struct value codes_cell(struct look *look, struct host *host, const struct err *query)
{
    struct found found = {.look = look};
    struct err err = {0};
    const struct value *created = &look->cells[STORE_CREATED_AT];
    add_code(&found, query->os, host_utc_ms(host) / 1000, FROM_QUERY);
    if (created->state == VALUE_UNKNOWN && found.count == 0) {
        return *created; /* which events are newer is not known either */
    }
    if (created->state == VALUE_KNOWN) {
        add_attempts(&found, host, created->as.integer);
        if (!add_events(&found, host, created->as.integer, &err) && found.count == 0) {
            return cell_failed(look->arena, &err);
        }
    }
    struct value *rows = arena_array(look->arena, found.count, sizeof *rows);
    for (size_t i = 0; i < found.count; i++) {
        rows[i] = found.rows[i];
    }
    return value_rows(rows, found.count);
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

static bool is_rebuilt(const struct host *host)
{
    for (size_t i = 0; i < host_op_count(host); i++) {
        const struct op *op = host_op(host, i);
        if (text_same(op->verb, "install_licenses") && op->outcome == OP_DONE) {
            return true;
        }
    }
    return false;
}

/* The old file was moved aside, and the new store has no product yet. A damaged one is no new one. */
static struct value pending_cell(struct look *look, const struct host *host, const struct backups *backups,
                                 const struct err *query, bool has_products)
{
    if (backups->why.state == VALUE_UNKNOWN) {
        return backups->why;
    }
    bool may_be = backups->exist && !has_products && !is_rebuilt(host) && !is_store_code(query->os, false);
    return may_be && query->code != ERR_NONE ? cell_failed(look->arena, query) : value_bool(may_be);
}

static bool license_store_look(struct look *look, struct host *host, struct err *err)
{
    struct value folder = folder_cell(look, host);
    struct licensing_products products = {0};
    const struct licensing_product *product = NULL;
    struct err query = {0};
    if (folder.state != VALUE_KNOWN) {
        return err_set(err, ERR_NOT_FOUND, 0, "where the store lies is not known: %s", folder.as.why);
    }
    bool is_read = host_licensing_products(host, &products, &query);
    bool has_products = is_read && product_in_use(&products, &product) > 0;
    struct backups backups = find_backups(look, host, folder.as.text);
    look->cells[STORE_PATH] = folder;
    fill_file(look, host, folder.as.text, &backups);
    look->cells[STORE_ACL_OK] = acl_cell(look, host, folder.as.text);
    look->cells[STORE_CODES] = codes_cell(look, host, &query);
    look->cells[STORE_MEMORY_AT_CAP] = memory_cell(look, host);
    look->cells[STORE_REBUILD_PENDING] = pending_cell(look, host, &backups, &query, has_products);
    look->cells[STORE_REBUILT] = value_bool(is_rebuilt(host));
    return true;
}

const struct kind kind_license_store = {
    .name = "license_store",
    .about = "the files in which the licensing service keeps its state",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_EVENT) | NOUN_BIT(NOUN_FILE) | NOUN_BIT(NOUN_REGISTRY) |
             NOUN_BIT(NOUN_SERVICE) | NOUN_BIT(NOUN_SYSTEM),
    .changes = NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_FILE) | NOUN_BIT(NOUN_SERVICE),
    .look = license_store_look,
    .set = license_store_set,
};
