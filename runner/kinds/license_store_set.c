/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's steps to rebuild the store (KB2736303): stop the service, put tokens.dat aside, start it, install all
 * licences again; the key, the KMS and activation follow from the playbooks. Until the service has started on the new
 * store everything is put back when something fails, by this run or the next; from then on the only way is forward.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/clock.h"
#include "host/file.h"
#include "host/licensing.h"
#include "host/service.h"
#include "kinds/cells.h"
#include "kinds/license_store.h"

#define SERVICE "sppsvc"
enum { TRIES = 3, TRY_PAUSE_MS = 2000, TUNNEL_MS = 16 * 1000 };

/* Named by when the run began: one rebuild a run, and the look can tell how old the store is at most. */
static const char *backup_path(struct host *host, struct arena *arena, const char *folder)
{
    int64_t began_ms = host_utc_ms(host) - (host_now_ms(host) - host->started_ms);
    return arena_format(arena, "%s\\" STORE_BACKUP "%lld", folder, (long long)(began_ms / 1000));
}

/* A query or a scheduled task may start the service again before the file is moved: then the same once more. */
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

static bool empty_store(struct host *host, struct arena *arena, const char *folder, struct err *err)
{
    struct service_facts service = {0};
    if (!host_service_query(host, SERVICE, &service, err)) {
        return false;
    }
    bool was_running = service.exists && service.state == SERVICE_IS_RUNNING;
    const char *path = arena_format(arena, "%s\\" STORE_FILE, folder);
    const char *backup = backup_path(host, arena, folder);
    if (!put_aside(host, path, backup, err)) {
        put_back(host, path, NULL, was_running, err);
        return false;
    }
    if (host->mode == GATE_CHANGE) {
        host_sleep_ms(host, TUNNEL_MS); /* or NTFS gives the new file the old one's creation time */
    }
    if (!host_service_start(host, SERVICE, err)) {
        put_back(host, path, backup, was_running, err);
        return false;
    }
    return true;
}

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

bool license_store_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *folder = wanted_text(&wanted->facts[STORE_PATH]);
    bool is_pending = wanted_bool(&wanted->facts[STORE_REBUILD_PENDING], false);
    bool exists = wanted_bool(&wanted->facts[STORE_EXISTS], false);
    size_t count = 0;
    if (!wanted_bool(&wanted->cells[STORE_REBUILT], false)) {
        return err_set(err, ERR_INVALID, 0, "a store that was made anew cannot be made not so");
    }
    if (wanted->facts[STORE_REBUILD_PENDING].state != VALUE_KNOWN || (!is_pending && !exists)) {
        return err_set(err, ERR_REFUSED, 0, "what state the store is in is not known");
    }
    if (!is_pending && host_left_ms(host) < LIMIT_REBUILD_MS) {
        return err_set(err, ERR_REFUSED, 0, "a rebuild is not begun with less than %d minutes left",
                       LIMIT_REBUILD_MS / 60000);
    }
    bool is_empty = is_pending ? carry_on(host, wanted, folder, err) : empty_store(host, wanted->arena, folder, err);
    if (!is_empty || !host_licensing_install_licenses(host, &count, err)) {
        return false;
    }
    return count > 0 || host->mode == GATE_PLAN ||
           err_set(err, ERR_NOT_FOUND, 0, "there are no licence files to install");
}
