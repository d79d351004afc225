/* SPDX-License-Identifier: MIT */
/* How far apart unattended runs ask: distance.h says the rule, this is all of it. */
#include "base/limits.h"
#include "base/text.h"
#include "channel/run/distance.h"

/* Below 0: it is from the future. While the VM is not restarted the uptime decides, so a clock that is set changes
 * nothing. */
static int64_t since_asked_ms(const struct distance_kept *kept, const struct distance_moment *now)
{
    bool is_same_boot = kept->boot_id != NULL && now->boot_id != NULL && text_same(kept->boot_id, now->boot_id);
    return is_same_boot ? now->uptime_ms - kept->uptime_ms : now->utc_ms - kept->asked_ms;
}

bool distance_is_known(const struct distance_kept *kept, const struct distance_moment *now)
{
    return kept->asked_ms == 0 || since_asked_ms(kept, now) >= 0;
}

int64_t distance_left_ms(const struct distance_kept *kept, const struct distance_moment *now)
{
    int64_t since_ms = since_asked_ms(kept, now);
    return kept->asked_ms > 0 && since_ms < kept->wait_ms ? kept->wait_ms - since_ms : 0;
}

int64_t distance_longer_ms(const struct distance_kept *kept, bool is_unattended)
{
    int64_t doubled_ms = kept->wait_ms < LIMIT_ASK_MOST_MS / 2 ? kept->wait_ms * 2 : LIMIT_ASK_MOST_MS;
    bool is_doubled = is_unattended && kept->asked_ms > 0;
    return is_doubled ? doubled_ms : kept->wait_ms > 0 ? kept->wait_ms : LIMIT_ASK_MS;
}

void distance_asked(struct distance_kept *kept, const struct distance_moment *now, int64_t wait_ms)
{
    kept->asked_ms = now->utc_ms;
    kept->uptime_ms = now->uptime_ms;
    kept->boot_id = now->boot_id;
    kept->wait_ms = wait_ms;
}

void distance_heard(struct distance_kept *kept, const char *answer, bool is_same, int64_t longer_ms)
{
    kept->answer = answer;
    kept->wait_ms = is_same ? longer_ms : LIMIT_ASK_MS;
}

bool distance_may_repeat(bool is_same, bool is_unattended)
{
    return !is_unattended || !is_same;
}
