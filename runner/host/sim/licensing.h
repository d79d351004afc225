/* SPDX-License-Identifier: MIT */
/*
 * What the files of the licensing model share: licensing_load.c reads and writes the section, licensing.c answers
 * queries, activation.c keys and activation, license_store.c is the store below them.
 */
#ifndef AZMEND_HOST_SIM_LICENSING_H
#define AZMEND_HOST_SIM_LICENSING_H

#include "host/sim/sim_private.h"

#define SIM_PLATFORM "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform"

/* Codes of the licensing service; source: winerror.h (SL_E_...). */
#define SL_NOT_LICENSED_YET 0xC004F034U  /* a key that is activated elsewhere than by a KMS */
#define SL_NOT_BOUND 0xC004F056U         /* no KMS has activated it yet */
#define SL_MISMATCHED 0xC004F069U        /* a key of another edition */
#define SL_LICENSE_FILE 0xC004F011U      /* the licence file is not installed */
#define SL_SKU_NOT_INSTALLED 0xC004F015U /* no licences for it */
#define SL_NO_KMS 0xC004F074U            /* no KMS could be contacted */
#define SL_WRONG_TIME 0xC004F06CU        /* the clocks are too far apart */
#define SL_ACTIVATED 0x4004F040U         /* activated, the product use rights apply */

struct sim_product {
    const struct json *json; /* NULL: of a key that the run installed */
    struct licensing_product facts;
    const char *reason;
    bool is_changed;
};

/* A key that the machine takes, and the product that it becomes. */
struct sim_key {
    const char *key, *id, *description, *family, *channel;
};

enum { SIM_KMS_PORT = 1688 };

/* The same for a look, which a recording may have: tell.h. ret_told: it has the answer, and nothing was changed. */
bool sim_licensing_look(struct sim *sim, const char *look, bool is_there, bool *ret_told, struct err *err) MUST_CHECK;
/* Counts the call; false when the provider does not answer. */
bool sim_licensing_enter(struct sim *sim, struct err *err) MUST_CHECK;
/* The provider's failure; returns false. */
bool sim_licensing_fail(uint32_t code, struct err *err);
/* Registry key of a product's scope; sku NULL: of the service. */
const char *sim_licensing_scope_key(struct arena *arena, const char *sku);
/* A KMS setting of one scope, as Windows keeps it. */
bool sim_licensing_scope(struct sim *sim, const char *key, struct arena *arena, const char **ret_host,
                         int64_t *ret_port, struct err *err) MUST_CHECK;
/* What the provider tells of a product, sku NULL: of the service: the setting in effect, not the one of a scope. */
bool sim_licensing_effective(struct sim *sim, const char *sku, struct arena *arena, const char **ret_host,
                             int64_t *ret_port, struct err *err) MUST_CHECK;
struct sim_product *sim_licensing_find(const struct sim *sim, const char *sku); /* NULL: no such product */

/* Of the licensing table; activation.c. */
bool sim_licensing_install_key(void *backend, const char *key, struct err *err);
bool sim_licensing_activate(void *backend, const char *sku, int64_t timeout_ms, struct err *err);

bool sim_store_load(struct sim *sim, struct err *err) MUST_CHECK;
/* A store whose tokens.dat is gone is made anew: sound, and empty until the licence files are installed again. */
void sim_store_settle(struct sim *sim);
/* Can products be changed? False with the store's code otherwise. */
bool sim_store_serves(const struct sim *sim, struct err *err) MUST_CHECK;
/* Products are there and shown. */
bool sim_store_shows_products(const struct sim *sim);

/* One more event of the licensing service in the log Application, now. data: of the one Data it has. */
void sim_event_log(struct sim *sim, uint32_t id, const char *data);

#endif
