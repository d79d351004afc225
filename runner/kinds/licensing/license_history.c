/* SPDX-License-Identifier: MIT */
/*
 * The history of this run: the gate keeps what each Activate returned, the event log what was beneath it. What earlier
 * runs and the service itself tried is kms_events' matter.
 */
#include <stdio.h>

#include "base/text.h"
#include "host/nouns/licensing/licensing.h"
#include "kinds/cells.h"
#include "kinds/licensing/license.h"
#include "kinds/licensing/spp_events.h"

/* The clock may be put right meanwhile. By time at all, since the numbers of a log that is cleared may begin anew
 * (inf). */
enum { CLOCK_SECONDS = 3600 };

#define FAILURE_BIT 0x80000000U /* of an HRESULT; what azmend itself refuses has none */

struct search {
    const struct licensing_attempt *attempt;
    struct license_exchange found;
};

/* Other products ask through the same service: Office has a KMS of its own. */
static bool take_own(void *context, const struct spp_exchange *exchange)
{
    struct search *search = context;
    if (!spp_exchange_is_of(exchange, search->attempt->product)) {
        return true;
    }
    search->found = (struct license_exchange){.exists = true,
                                              .sent = exchange->sent,
                                              .is_answered = exchange->answer == SPP_ANSWERED,
                                              .is_bound = exchange->is_bound};
    (void)snprintf(search->found.host, sizeof(search->found.host), "%s", exchange->host);
    return false;
}

static struct value last_code(struct look *look, const struct licensing_attempt *attempt)
{
    return attempt->abandoned ? value_unknown("Activate had not come back when it was given up; it may still succeed")
                              : cell_hresult(look->arena, attempt->code);
}

bool license_own_exchange(struct host *host, const struct licensing_attempt *attempt,
                          struct license_exchange *ret_exchange, struct err *err)
{
    struct search search = {.attempt = attempt};
    struct spp_reading reading = {0};
    if (!attempt->has_record) {
        return err_set(err, ERR_IO, 0, "the event log could not be read before Activate");
    }
    const struct spp_query query = {
        .purpose = "requests of this run", .since = attempt->utc_ms / 1000 - CLOCK_SECONDS, .after = attempt->record};
    if (!spp_exchanges_read(host, &query, &(struct spp_taker){&search, take_own}, &reading, err)) {
        return false;
    }
    if (!search.found.exists && reading.events.cut) {
        return err_set(err, ERR_LIMIT, 0, "more than %zu requests were logged since Activate", reading.events.count);
    }
    *ret_exchange = search.found;
    return true;
}

/* The newest request since the last try began: what lies beneath its code, and whom it asked. */
static void fill_request(struct look *look, struct host *host, const struct licensing_attempt *attempt)
{
    struct license_exchange own = {0};
    struct err err = {0};
    if (!license_own_exchange(host, attempt, &own, &err)) {
        look->cells[LICENSE_LAST_INNER_CODE] = cell_failed(look->arena, &err);
        look->cells[LICENSE_LAST_HOST] = look->cells[LICENSE_LAST_INNER_CODE];
    } else if (own.exists) {
        look->cells[LICENSE_LAST_INNER_CODE] = cell_hresult(look->arena, own.sent);
        look->cells[LICENSE_LAST_HOST] = cell_text(look->arena, own.host);
    }
}

/* The KMS name or port of a scope, or the lookup domain. */
static bool is_target_change(const struct op *op)
{
    bool is_setting = op->noun == NOUN_REGISTRY && text_starts(op->target, LICENSING_KEY) &&
                      text_contains(op->target, "|KeyManagementService");
    return is_setting || text_same(op->verb, "set_kms");
}

/*
 * Backwards to the last success, the last key, or the last change of the KMS host: another key, or another host, is
 * another question, and a refusal belongs to the host that was asked.
 */
static int64_t refused_in_row(const struct host *host)
{
    int64_t count = 0;
    for (size_t i = host_op_count(host); i > 0; i--) {
        const struct op *op = host_op(host, i - 1);
        bool is_activation = text_same(op->verb, "activate");
        bool is_other = text_same(op->verb, "install_key") || is_target_change(op);
        if ((is_activation || is_other) && op->outcome == OP_DONE) {
            break;
        }
        count += is_activation && op->outcome != OP_DONE && (op->err.os & FAILURE_BIT) != 0 ? 1 : 0;
    }
    return count;
}

void license_fill_history(struct look *look, struct host *host)
{
    size_t count = host_licensing_attempt_count(host);
    look->cells[LICENSE_REFUSED_IN_ROW] = value_int(refused_in_row(host));
    if (count == 0) {
        return;
    }
    struct licensing_attempt attempt = host_licensing_attempt(host, count - 1);
    look->cells[LICENSE_LAST_CODE] = last_code(look, &attempt);
    fill_request(look, host, &attempt);
}
