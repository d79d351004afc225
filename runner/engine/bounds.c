/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "engine/run.h"
#include "host/group.h"
#include "host/nouns/clock/clock.h"

/* A try may refresh, and the next playbook does: after those two the end of the run still has its reserve. */
static bool is_memory_short(const struct run *run)
{
    return !arena_has(run->arena, (size_t)LIMIT_ARENA_RESERVE_BYTES + 2 * run->refresh_bytes);
}

struct spoken run_is_over(const struct run *run)
{
    if (run->host->stop_asked) {
        return (struct spoken){.en = "this run was asked to stop", .ja = "停止を求められたため、実行しませんでした"};
    }
    if (host_is_over(run->host)) {
        return (struct spoken){.en = "the deadline of this run has passed",
                               .ja = "実行の制限時間を過ぎたため、実行しませんでした"};
    }
    if (is_memory_short(run)) {
        return (struct spoken){.en = "too little of this run's memory is left: run azmend fix again",
                               .ja = "この実行で使えるメモリの残りが足りないため、実行しませんでした。azmend fix "
                                     "をもう一度実行してください"};
    }
    return (struct spoken){0};
}

bool step_ends_group(const struct run *run, const struct step *step)
{
    const struct columns *properties = &step->kind->properties;
    for (size_t i = 0; i < properties->count && host_group_holds(run->host); i++) {
        if (step->wanted[i] != NULL && (properties->items[i].flags & COLUMN_GROUP) != 0) {
            return true;
        }
    }
    return false;
}
