/* SPDX-License-Identifier: MIT */
/* The Windows licence, in three files: what it is (license.c), what this run's tries to activate came to
 * (license_history.c), and how it is made so (license_set.c). */
#ifndef AZMEND_KINDS_LICENSING_LICENSE_H
#define AZMEND_KINDS_LICENSING_LICENSE_H

#include "kinds/kind.h"
#include "kinds/licensing/spp_events.h"

enum { LICENSE_PARAM_KEY, LICENSE_PARAM_COUNT };

enum {
    LICENSE_EXISTS,
    LICENSE_STATUS,
    LICENSE_REASON,
    LICENSE_CHANNEL,
    LICENSE_PARTIAL_KEY,
    LICENSE_FAMILY,
    LICENSE_SKU_ID,
    LICENSE_GRACE_MINUTES,
    LICENSE_EXPIRES_IN_DAYS,
    LICENSE_RENEWAL_AGE_DAYS,
    LICENSE_ACTIVATION_TYPE,
    LICENSE_ACTIVATION_ENABLED,
    LICENSE_LAST_CODE,
    LICENSE_LAST_INNER_CODE,
    LICENSE_LAST_HOST,
    LICENSE_REFUSED_IN_ROW,
    LICENSE_OTHER_KEYS,
    LICENSE_COUNT
};

/* The words of status and channel that a setter goes by. */
#define LICENSE_LICENSED "licensed"
#define LICENSE_KMS_CLIENT "VOLUME_KMSCLIENT"
#define LICENSE_KMS_HOST "VOLUME_KMS"
#define LICENSE_MAK "VOLUME_MAK"

enum { LICENSE_KMS_MINUTES = 180 * 24 * 60 }; /* what one activation by a KMS is good for */

/* Fills lastCode, lastInnerCode, lastHost, refusedInRow from what the gate kept of this run. */
void license_fill_history(struct look *look, struct host *host);

/* The newest request that an Activate of this run logged for its own product. */
struct license_exchange {
    bool exists;
    uint32_t sent; /* its code; 0: it went out */
    char host[SPP_HOST_SIZE];
    bool is_answered; /* and the response is its own beyond doubt */
    bool is_bound;    /* by that response */
};
struct licensing_attempt;
/* False: it cannot be told. */
bool license_own_exchange(struct host *host, const struct licensing_attempt *attempt,
                          struct license_exchange *ret_exchange, struct err *err) MUST_CHECK;

bool license_set(struct host *host, const struct wanted *wanted, struct err *err);

#endif
