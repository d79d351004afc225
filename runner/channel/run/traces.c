/* SPDX-License-Identifier: MIT */
#include "channel/run/traces.h"

#include "base/text.h"
#include "channel/options/nearest.h"

static bool has_finding(const struct plan *plan, const char *id, struct nearest *nearest)
{
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            const char *known = plan->playbooks[p].findings[i].id;
            if (text_same(known, id)) {
                return true;
            }
            nearest_offer(nearest, known);
        }
    }
    return false;
}

bool traces_known(const struct option_texts *traces, const struct plan *plan, struct err *err)
{
    enum { HINT_SIZE = 64 };
    char hint[HINT_SIZE];
    if (traces->count > LIMIT_TRACE_FINDINGS) {
        return err_set(err, ERR_INVALID, 0, "--trace: at most %d findings", (int)LIMIT_TRACE_FINDINGS);
    }
    for (size_t i = 0; i < traces->count; i++) {
        struct nearest nearest = nearest_to(traces->items[i]);
        if (!has_finding(plan, traces->items[i], &nearest)) {
            return err_set(err, ERR_NOT_FOUND, 0, "--trace %.60s: no playbook of this run has such a finding%s",
                           traces->items[i], nearest_hint(&nearest, hint, sizeof(hint)));
        }
    }
    return true;
}
