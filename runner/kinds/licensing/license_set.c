/* SPDX-License-Identifier: MIT */
/*
 * A key first, then activation: the product that a key becomes is a new one, with an id and a KMS scope of its own.
 * Which key, and whether it may replace the old one, is the playbook's to decide.
 */
#include <string.h>

#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/licensing/licensing.h"
#include "kinds/cells.h"
#include "kinds/licensing/license.h"
#include "kinds/licensing/product.h"

enum { PROOF_MS = 10 * 1000, PROOF_PAUSE_MS = 1000, PARTIAL_LENGTH = 5 };

/* --- the key --- */

/* A paid key, one that works, and one of which nothing is known: lost for good once replaced. */
static enum op_class class_of(const struct wanted *wanted)
{
    const char *channel = wanted_text(&wanted->facts[LICENSE_CHANNEL]);
    const char *status = wanted_text(&wanted->facts[LICENSE_STATUS]);
    if (!wanted_bool(&wanted->facts[LICENSE_EXISTS], true)) {
        return OP_ONE_WAY;
    }
    bool is_paid = channel == NULL || text_equal(channel, LICENSE_MAK) || text_equal(channel, LICENSE_KMS_HOST);
    bool works = status == NULL || text_equal(status, LICENSE_LICENSED);
    return is_paid || works ? OP_COSTLY : OP_ONE_WAY;
}

static bool install_key(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *key = wanted_text(&wanted->params[LICENSE_PARAM_KEY]);
    const char *partial = wanted_text(&wanted->cells[LICENSE_PARTIAL_KEY]);
    if (key == NULL) {
        return err_set(err, ERR_INVALID, 0, "a partialKey is wanted, and no key is given");
    }
    if (strlen(partial) != PARTIAL_LENGTH || !text_ends(key, partial)) {
        return err_set(err, ERR_INVALID, 0, "the key that is given does not end as partialKey says");
    }
    return host_licensing_install_key(host, key, class_of(wanted), err);
}

/* --- activation --- */

static bool find_product(struct host *host, const struct licensing_product **ret_product, struct err *err)
{
    struct licensing_products products = {0};
    if (!host_licensing_products(host, &products, err)) {
        return false;
    }
    size_t count = product_in_use(host, &products, ret_product, NULL);
    return count == 1 ||
           err_set(err, ERR_NOT_FOUND, 0, "%zu Windows products with a key, expected one to activate", count);
}

/* Is there a response to the last Activate, and did it bind the machine? */
static bool find_response(struct host *host, const struct licensing_attempt *attempt, bool *ret_bound)
{
    struct license_exchange own = {0};
    struct err ignored = {0};
    if (!license_own_exchange(host, attempt, &own, &ignored) || !own.exists || !own.is_answered) {
        return false;
    }
    *ret_bound = own.is_bound;
    return true;
}

/*
 * Activate said yes, and the next look shows LicenseStatus. The response event may lag; where it comes in time it has
 * to agree, where it does not it proves nothing.
 */
static bool check_response(struct host *host, struct err *err)
{
    struct licensing_attempt attempt = host_licensing_attempt(host, host_licensing_attempt_count(host) - 1);
    bool is_bound = true;
    for (int64_t waited = 0; attempt.has_record && waited <= PROOF_MS; waited += PROOF_PAUSE_MS) {
        if (find_response(host, &attempt, &is_bound) || host_left_ms(host) == 0) {
            break;
        }
        host_sleep_ms(host, PROOF_PAUSE_MS);
    }
    return is_bound || err_set(err, ERR_IO, 0, "Activate succeeded, but event 12289 says that the KMS did not bind");
}

static bool activate(struct host *host, struct err *err)
{
    const struct licensing_product *product = NULL;
    if (!find_product(host, &product, err)) {
        return false;
    }
    bool asks_kms = product->description != NULL && text_contains(product->description, LICENSE_KMS_CLIENT);
    if (!host_licensing_activate(host, product->id, err)) {
        return false;
    }
    return host->mode != GATE_CHANGE || !asks_kms || check_response(host, err);
}

/* Licensed, or renewed today: nothing else can be brought about. */
static bool is_reachable(const struct wanted *wanted, struct err *err)
{
    const char *status = wanted_text(&wanted->cells[LICENSE_STATUS]);
    if (status != NULL && !text_equal(status, LICENSE_LICENSED)) {
        return err_set(err, ERR_INVALID, 0, "%s is no status to bring it to", status);
    }
    return wanted_int(&wanted->cells[LICENSE_RENEWAL_AGE_DAYS], 0) == 0 ||
           err_set(err, ERR_INVALID, 0, "a licence is renewed today or not at all: renewalAgeDays 0");
}

bool license_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    if (!is_reachable(wanted, err)) {
        return false;
    }
    if (wanted->differs[LICENSE_PARTIAL_KEY] && !install_key(host, wanted, err)) {
        return false;
    }
    bool is_to_activate = wanted->differs[LICENSE_STATUS] || wanted->differs[LICENSE_RENEWAL_AGE_DAYS];
    return !is_to_activate || activate(host, err);
}
