/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's steps to rebuild the store (KB2736303): stop the service, put tokens.dat aside, start it, install all
 * licences again; the key, the KMS and activation follow from the playbooks. Until the service has started on the new
 * store everything is put back when something fails, by this run or the next; from then on the only way is forward.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/group.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/file/file.h"
#include "host/nouns/licensing/licensing.h"
#include "host/nouns/service/service.h"
#include "json/value.h"
#include "kinds/cells.h"
#include "kinds/licensing/kms_target.h"
#include "kinds/licensing/license_recover.h"
#include "kinds/licensing/license_store.h"

bool license_store_backups(struct host *host, const char *folder, struct store_backups *ret_backups, struct err *err)
{
    struct arena scratch AUTO(arena_close) = {0};
    struct store_backups backups = {0};
    struct file_names names = {0};
    if (!arena_open(&scratch, LIMIT_LIST_SCRATCH_BYTES, err) ||
        !host_file_list_into(host, folder, &scratch, &names, err)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        int64_t at = 0;
        if (text_starts(names.items[i], STORE_BACKUP)) {
            (void)text_to_int(names.items[i] + strlen(STORE_BACKUP), &at);
            bool is_newer = backups.newest == NULL || at > backups.newest_at;
            backups = is_newer ? (struct store_backups){names.items[i], at} : backups;
        }
    }
    backups.newest = backups.newest != NULL ? arena_text(host->arena, backups.newest) : NULL;
    *ret_backups = backups;
    return true;
}

#define SERVICE "sppsvc"
enum { TRIES = 3, TRY_PAUSE_MS = 2000, TUNNEL_MS = 16 * 1000 };

/* Names the backup: one rebuild a run, and the look can tell how old the store is at most. */
static long long began_at(struct host *host)
{
    return (long long)((host_utc_ms(host) - (host_now_ms(host) - host->started_ms)) / 1000);
}

/* A query or a scheduled task may start the service again before the file is moved: then the same once more.
 * claim: store.service-lets-go */
static bool put_aside(struct host *host, const char *path, const char *backup, struct err *err)
{
    struct err failed = {0};
    for (int i = 0; i < TRIES; i++) {
        if (host_service_stop(host, SERVICE, &failed) && host_file_rename(host, path, backup, OP_ONE_WAY, &failed)) {
            return true;
        }
        if (failed.code != ERR_IO && failed.code != ERR_DENIED && failed.code != ERR_BUSY) {
            break;
        }
        host_sleep_ms(host, TRY_PAUSE_MS);
    }
    *err = failed;
    return false;
}

/* What was stopped is started again, what was moved is moved back; what cannot be put back is said. */
static void put_back(struct host *host, const char *path, const char *backup, bool was_running, struct err *err)
{
    struct err failed = {0};
    bool is_back = backup == NULL || host_file_rename(host, backup, path, OP_ONE_WAY, &failed);
    if (!is_back) {
        (void)err_context(err, "and %s could not be moved back (%.128s)", backup, failed.text);
    }
    if (was_running && !host_service_start(host, SERVICE, &failed)) {
        (void)err_context(err, "and " SERVICE " could not be started again");
    }
}

/* Nothing was moved: nobody has to recover anything. */
static void leave_group(struct host *host)
{
    struct err kept = {0};
    (void)!host_note(host, RECOVER_NAME, NULL, &kept);
    host_group_close(host);
}

static bool empty_store(struct host *host, struct arena *arena, const char *folder, struct err *err)
{
    struct service_facts service = {0};
    if (!host_service_query(host, SERVICE, &service, err)) {
        return false;
    }
    bool was_running = service.exists && service.state == SERVICE_IS_RUNNING;
    const char *path = arena_format(arena, "%s\\" STORE_FILE, folder);
    const char *backup = arena_format(arena, "%s\\" STORE_BACKUP "%lld", folder, began_at(host));
    if (!put_aside(host, path, backup, err)) {
        put_back(host, path, NULL, was_running, err);
        leave_group(host);
        return false;
    }
    host_group_commit(host);
    if (host->mode == GATE_CHANGE) {
        host_sleep_ms(host, TUNNEL_MS); /* or NTFS gives the new file the old one's creation time */
    }
    if (!host_service_start(host, SERVICE, err)) {
        put_back(host, path, backup, was_running, err);
        host_group_close(host);
        return false;
    }
    return true;
}

/* --- by hand --- */

/* What the root scope says now; NULL: it is not set, or cannot be read. */
static const char *kms_host_set(struct host *host, struct arena *arena)
{
    struct value name = cell_registry_text(arena, host, LICENSING_KEY, LICENSING_KMS_NAME);
    struct value port = cell_registry_text(arena, host, LICENSING_KEY, LICENSING_KMS_PORT);
    bool is_set = name.state == VALUE_KNOWN && shape_accepts(SHAPE_HOST, name.as.text);
    int64_t number = 0;
    bool has_port = port.state == VALUE_KNOWN && text_to_int(port.as.text, &number);
    return is_set ? arena_format(arena, "%s:%lld", name.as.text, (long long)(has_port ? number : KMS_PORT)) : NULL;
}

static bool leave_word(struct host *host, const struct wanted *wanted, const char *folder, struct err *err)
{
    const struct recover recover = {.folder = folder,
                                    .backup = arena_format(wanted->arena, STORE_BACKUP "%lld", began_at(host)),
                                    .partial_key = wanted_text(&wanted->params[STORE_PARAM_KEY]),
                                    .kms_host = kms_host_set(host, wanted->arena)};
    const char *text = license_recover_text(wanted->arena, &recover);
    return (text != NULL || err_set(err, ERR_MEMORY, 0, "no memory for how to recover by hand")) &&
           (host_note(host, RECOVER_NAME, text, err) || err_context(err, "how to recover by hand"));
}

/* --- to its end --- */

/* Cut off before the service had made a new store, and it still does not start: then the old one stays. */
static bool carry_on(struct host *host, const struct wanted *wanted, const char *folder, struct err *err)
{
    struct store_backups backups = {0};
    bool exists = wanted_bool(&wanted->facts[STORE_EXISTS], true);
    if (!license_store_backups(host, folder, &backups, err)) {
        return false;
    }
    if (host_service_start(host, SERVICE, err)) {
        return true;
    }
    if (!exists && backups.newest != NULL) {
        const char *path = arena_format(wanted->arena, "%s\\" STORE_FILE, folder);
        put_back(host, path, arena_format(wanted->arena, "%s\\%s", folder, backups.newest), false, err);
    }
    return false;
}

static bool may_begin(const struct wanted *wanted, struct err *err)
{
    bool is_pending = wanted_bool(&wanted->facts[STORE_REBUILD_PENDING], false);
    bool exists = wanted_bool(&wanted->facts[STORE_EXISTS], false);
    if (!wanted_bool(&wanted->cells[STORE_REBUILT], false)) {
        return err_set(err, ERR_INVALID, 0, "a store that was made anew cannot be made not so");
    }
    if (wanted->facts[STORE_REBUILD_PENDING].state != VALUE_KNOWN || (!is_pending && !exists)) {
        return err_set(err, ERR_REFUSED, 0, "what state the store is in is not known");
    }
    return true;
}

/* Memory, time, and a word to whoever finds the VM half-way: all before the first change. */
static bool prepare(struct host *host, const struct wanted *wanted, const char *folder, struct arena *scratch,
                    struct err *err)
{
    if (host->mode != GATE_CHANGE) {
        return host_left_ms(host) >= LIMIT_REBUILD_MS || host_group_open(host, LIMIT_REBUILD_MS, err);
    }
    if (!arena_has(host->arena, LIMIT_REBUILD_BYTES)) {
        return err_set(err, ERR_LIMIT, 0, "a rebuild is not begun with less than %d KiB of memory left",
                       LIMIT_REBUILD_BYTES / 1024);
    }
    return arena_open(scratch, LIMIT_LICENSE_SCRATCH_BYTES, err) && host_group_open(host, LIMIT_REBUILD_MS, err) &&
           leave_word(host, wanted, folder, err);
}

static bool resume(struct host *host, const struct wanted *wanted, const char *folder, struct arena *scratch,
                   struct err *err)
{
    if (host->mode == GATE_CHANGE) {
        if (!arena_open(scratch, LIMIT_LICENSE_SCRATCH_BYTES, err)) {
            return false;
        }
        host_group_resume(host, LIMIT_REBUILD_MS);
    }
    return carry_on(host, wanted, folder, err);
}

bool license_store_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *folder = wanted_text(&wanted->facts[STORE_PATH]);
    struct arena scratch AUTO(arena_close) = {0};
    struct licensing_install install = {0};
    if (!may_begin(wanted, err)) {
        return false;
    }
    bool is_empty = wanted_bool(&wanted->facts[STORE_REBUILD_PENDING], false)
                        ? resume(host, wanted, folder, &scratch, err)
                        : prepare(host, wanted, folder, &scratch, err) && empty_store(host, wanted->arena, folder, err);
    int64_t most_ms = host_group_left_ms(host) - LIMIT_REBUILD_KEY_MS;
    most_ms = most_ms > LIMIT_LICENSING_MS ? most_ms : LIMIT_LICENSING_MS;
    return is_empty && host_licensing_install_licenses(host, &scratch, most_ms, &install, err);
}
