/* SPDX-License-Identifier: MIT */
#include "host/group.h"

#include "host/gate.h"
#include "host/nouns/clock/clock.h"

#define WAIT "the licensing store, which is being rebuilt"

static void open_until(struct host *host, int64_t end_ms)
{
    host->group = (struct host_group){.end_ms = end_ms};
    gate_waiting(host, WAIT);
}

bool host_group_open(struct host *host, int64_t bound_ms, struct err *err)
{
    if (host->group.end_ms != 0) {
        return true;
    }
    if (host_left_ms(host) < bound_ms) {
        return err_set(err, ERR_REFUSED, 0, "it is not begun with less than %lld minutes left",
                       (long long)(bound_ms / 60000));
    }
    open_until(host, host_now_ms(host) + bound_ms);
    if (host->stop_asked) {
        host_group_close(host);
        return err_set(err, ERR_REFUSED, 0, "this run was asked to stop");
    }
    return true;
}

void host_group_resume(struct host *host, int64_t bound_ms)
{
    int64_t left_ms = host_left_ms(host);
    if (host->group.end_ms == 0) {
        open_until(host, host_now_ms(host) + (left_ms < bound_ms ? left_ms : bound_ms));
    }
    host_group_commit(host);
}

void host_group_commit(struct host *host)
{
    host->group.is_committed = host->group.end_ms != 0;
}

void host_group_close(struct host *host)
{
    host->group = (struct host_group){0};
}

int64_t host_group_left_ms(struct host *host)
{
    int64_t left_ms = host->group.end_ms - host_now_ms(host);
    return host->group.end_ms != 0 && left_ms > 0 ? left_ms : 0;
}

bool host_group_holds(struct host *host)
{
    return host->group.is_committed && host_group_left_ms(host) > 0;
}

bool host_note(struct host *host, const char *name, const char *text, struct err *err)
{
    return host->mode != GATE_CHANGE || host->notes.keep == NULL ||
           host->notes.keep(host->notes.context, name, text, err);
}
