/* SPDX-License-Identifier: MIT */
#include "channel/handler/enable.h"

#include <inttypes.h>

#include "base/limits.h"

enum { POLL_MS = 100 };

struct watched {
    const struct handler_place *place;
    int64_t sequence;
    const struct options *options;
    struct arena *arena;
    struct port_worker *worker; /* NULL: somebody else's, who holds the lock */
    int64_t end_ms;             /* monotonic: no longer waited for */
    int starts;
};

static void forget(struct watched *watched)
{
    port_worker_forget(watched->worker);
}

static void release(struct port_lock **lock)
{
    port_lock_release(*lock);
}

static bool try_lock(const struct watched *watched, struct port_lock **ret_lock, struct err *err)
{
    int64_t process = 0;
    return handler_lock(watched->place, 0, watched->arena, ret_lock, &process, err);
}

/* What this number came to, once more: somebody may have removed the status, or a disk been full. */
static bool show_again(const struct watched *watched, bool *ret_done, struct err *err)
{
    struct buf result AUTO(buf_clear) = {0};
    handled_result(watched->place, watched->sequence, watched->arena, &result);
    *ret_done = result.size > 0;
    return result.size == 0 || handler_show(watched->place, watched->sequence, &result, watched->arena, err);
}

/* The same command line with the verb "worker" and the number, or this process where no other can be had. */
static bool start(struct watched *watched, struct err *err)
{
    const struct options *options = watched->options;
    const char **arguments = arena_array(watched->arena, (size_t)options->argument_count + 2, sizeof(*arguments));
    size_t count = 0;
    for (int i = 1; i < options->argument_count; i++) {
        bool is_verb = options->arguments[i] == options->operands.items[0];
        arguments[count++] = is_verb ? "worker" : options->arguments[i];
    }
    arguments[count] = arena_format(watched->arena, "%" PRId64, watched->sequence);
    port_worker_forget(watched->worker);
    watched->worker = NULL;
    watched->starts++;
    struct err unstarted = {0};
    return port_worker_start(arguments, &watched->worker, &unstarted) ||
           handler_work(watched->place, watched->sequence, options, watched->arena, err);
}

static bool has_ended(const struct watched *watched)
{
    struct port_lock *lock AUTO(release) = NULL;
    struct err err = {0};
    return watched->worker != NULL ? port_worker_ended(watched->worker) : try_lock(watched, &lock, &err);
}

static bool wait_for_end(const struct watched *watched)
{
    size_t mark = arena_mark(watched->arena);
    while (!has_ended(watched)) {
        arena_release(watched->arena, mark);
        if (port_now_ms() >= watched->end_ms) {
            return false;
        }
        port_sleep_ms(POLL_MS);
    }
    return true;
}

/* Who ends without a result was killed, or could write none: it is started again, and at last given up. */
static bool supervise(struct watched *watched, struct err *err)
{
    bool is_done = false;
    for (;;) {
        if (!wait_for_end(watched)) {
            return true;
        }
        if (!show_again(watched, &is_done, err)) {
            return false;
        }
        if (is_done || handler_is_stopped(watched->place, watched->sequence, watched->arena)) {
            return true;
        }
        if (watched->starts > LIMIT_BEGINS) {
            return handler_fail(watched->place, watched->sequence, STATUS_CAUSE_FAILED,
                                "the worker ended several times without a result", watched->arena, err);
        }
        if (!start(watched, err)) {
            return false;
        }
    }
}

/* Nobody is at work. */
static bool begin(struct watched *watched, bool *ret_done, struct err *err)
{
    if (!show_again(watched, ret_done, err)) {
        return false;
    }
    return *ret_done || (handler_unask_stop(watched->place, watched->arena, err) &&
                         handler_show_work(watched->place, watched->sequence, NULL, NULL, watched->arena, err));
}

/* Somebody is: on these settings, or on older ones, which are asked to make way. */
static bool join(struct watched *watched, bool *ret_ours, struct err *err)
{
    struct handled handled;
    handled_read(watched->place, watched->arena, &handled);
    *ret_ours = handled.sequence == watched->sequence;
    return *ret_ours || (handler_ask_stop(watched->place, handled.sequence, watched->arena, err) &&
                         handler_show_work(watched->place, watched->sequence, NULL,
                                           "the run of earlier settings to end", watched->arena, err));
}

bool handler_enable(const struct handler_place *place, int64_t sequence, const struct options *options,
                    struct arena *arena, struct err *err)
{
    struct watched watched AUTO(forget) = {.place = place,
                                           .sequence = sequence,
                                           .options = options,
                                           .arena = arena,
                                           .end_ms = port_now_ms() + options->inline_ms};
    struct port_lock *lock = NULL;
    struct err busy = {0};
    bool is_done = false, is_ours = false;
    bool is_free = try_lock(&watched, &lock, &busy);
    if (!is_free && busy.code != ERR_BUSY) {
        *err = busy;
        return false;
    }
    bool is_said = is_free ? begin(&watched, &is_done, err) : join(&watched, &is_ours, err);
    port_lock_release(lock);
    if (!is_said || is_done) {
        return is_said;
    }
    return (is_ours || start(&watched, err)) && supervise(&watched, err);
}
