/* SPDX-License-Identifier: MIT */
/*
 * The history of this run: the gate keeps what each Activate returned, the event log what was beneath it. What earlier
 * runs and the service itself tried is kms_events' matter.
 */
#include "base/text.h"
#include "host/licensing.h"
#include "kinds/cells.h"
#include "kinds/license.h"
#include "kinds/spp_events.h"

#define FAILURE_BIT 0x80000000U /* of an HRESULT; what azmend itself refuses has none */

static struct value last_code(struct look *look, const struct licensing_attempt *attempt)
{
    return attempt->abandoned ? value_unknown("Activate had not come back when it was given up; it may still succeed")
                              : cell_hresult(look->arena, attempt->code);
}

/* The newest request since the last try began: what lies beneath its code, and whom it asked. */
static void fill_request(struct look *look, struct host *host, const struct licensing_attempt *attempt)
{
    static const unsigned ids[] = {SPP_REQUEST, 0};
    struct event_records records = {0};
    struct err err = {0};
    if (!spp_events_query(host, ids, attempt->utc_ms / 1000, &records, &err)) {
        look->cells[LICENSE_LAST_INNER_CODE] = cell_failed(look->arena, &err);
        look->cells[LICENSE_LAST_HOST] = look->cells[LICENSE_LAST_INNER_CODE];
        return;
    }
    struct spp_exchanges exchanges = spp_events_pair(look->arena, &records);
    bool is_own = exchanges.count > 0 && exchanges.items[0].utc_ms >= attempt->utc_ms;
    if (is_own) {
        look->cells[LICENSE_LAST_INNER_CODE] = cell_hresult(look->arena, exchanges.items[0].sent);
        look->cells[LICENSE_LAST_HOST] = cell_text(look->arena, exchanges.items[0].host);
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
