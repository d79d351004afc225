/* SPDX-License-Identifier: MIT */
/* The store of the licensing service, in two files: what it is (license_store.c), and how it is made anew
 * (license_store_set.c). */
#ifndef AZMEND_KINDS_LICENSING_LICENSE_STORE_H
#define AZMEND_KINDS_LICENSING_LICENSE_STORE_H

#include "kinds/kind.h"

enum { STORE_PARAM_DAMAGE, STORE_PARAM_KEY, STORE_PARAM_COUNT };

enum {
    STORE_PATH,
    STORE_EXISTS,
    STORE_CREATED_AT,
    STORE_ACL_OK,
    STORE_SOUND_AT,
    STORE_CODES,
    STORE_QUERY_CODE,
    STORE_OTHER_PRODUCTS,
    STORE_MEMORY_AT_CAP,
    STORE_REBUILD_PENDING,
    STORE_SET_ASIDE,
    STORE_REBUILT_SINCE_START,
    STORE_REBUILT,
    STORE_COUNT
};

#define STORE_FILE "tokens.dat"
#define STORE_BACKUP STORE_FILE ".azmend-" /* and when the run began, seconds since 1970 */

/* What rebuilds have put aside. */
struct store_backups {
    const char *newest; /* its name; NULL: none */
    int64_t newest_at;  /* when its run began, seconds since 1970; 0: its name does not tell */
};
bool license_store_backups(struct host *host, const char *folder, struct store_backups *ret_backups, struct err *err);

bool license_store_set(struct host *host, const struct wanted *wanted, struct err *err);

#endif
