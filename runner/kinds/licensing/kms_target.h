/* SPDX-License-Identifier: MIT */
/*
 * Whom this machine asks for activation. Six places may say so, the first one that does wins: the product (SKU), the
 * Windows application, the root, a lookup domain, the host that the licensing service found by DNS before and kept
 * (claim: discovery.host-is-kept), the machine's DNS suffixes (SRV _vlmcs._tcp).
 * The scope of Office (0ff1ce15-...) is Office's own: never read here, never written.
 * Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/dn502532
 */
#ifndef AZMEND_KINDS_LICENSING_KMS_TARGET_H
#define AZMEND_KINDS_LICENSING_KMS_TARGET_H

#include "kinds/kind.h"

enum { KMS_PORT = 1688 };

/* In the order of effect. The first three are stored names. */
enum kms_scope {
    KMS_SCOPE_SKU,
    KMS_SCOPE_APPLICATION,
    KMS_SCOPE_ROOT,
    KMS_SCOPE_LOOKUP_DOMAIN,
    KMS_SCOPE_DISCOVERED,
    KMS_SCOPE_SRV,
    KMS_SCOPE_NONE,
};
extern const char *const kms_scope_words[];

enum {
    TARGET_HOST,
    TARGET_NAME,
    TARGET_IS_SPELLED,
    TARGET_PLACE,
    TARGET_PORT,
    TARGET_SCOPE,
    TARGET_IS_LITERAL,
    TARGET_IS_LOOPBACK,
    TARGET_SKU_ID,
    TARGET_SKU_HOST,
    TARGET_SKU_PORT,
    TARGET_APPLICATION_HOST,
    TARGET_APPLICATION_PORT,
    TARGET_ROOT_HOST,
    TARGET_ROOT_PORT,
    TARGET_LOOKUP_DOMAIN,
    TARGET_SRV_HOST,
    TARGET_SRV_PORT,
    TARGET_DISCOVERED_HOST,
    TARGET_DISCOVERED_PORT,
    TARGET_PRODUCT_HOSTS,
    TARGET_COUNT
};

/* The cells of a stored scope. */
struct kms_scope_cells {
    size_t host, port;
};
extern const struct kms_scope_cells kms_scope_cells[KMS_SCOPE_ROOT + 1];

/* Key of a stored scope. sku_id: for KMS_SCOPE_SKU. */
const char *kms_scope_key(struct arena *arena, enum kms_scope scope, const char *sku_id);

/* The setter, in kms_target_set.c. */
bool kms_target_set(struct host *host, const struct wanted *wanted, struct err *err);

#endif
