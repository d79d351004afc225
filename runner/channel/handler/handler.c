/* SPDX-License-Identifier: MIT */
#include "channel/handler/handler.h"

#include <inttypes.h>

#include "base/text.h"
#include "channel/handler/enable.h"
#include "channel/options/nearest.h"
#include "channel/run/machine.h"
#include "channel/run/runs.h"
#include "channel/run/say.h"
#include "host/nouns/clock/clock.h"

enum {
    HANDLER_OK = 0,
    HANDLER_FAILED = 1,
    HANDLER_USAGE = 2,
    HANDLER_UNSUPPORTED = 51, /* the agent's word for: not the extension's fault, the system */
    HANDLER_MISSING = 52,     /* ... a right or a dependency */
    HINT_SIZE = 64,
    OLDEST_MAJOR = 6, /* Windows Server 2012 R2, Windows 8.1 */
    OLDEST_MINOR = 3,
};

struct call {
    const struct options *options;
    struct arena *arena;
    struct handler_place place;
};

static int fail(int code, const struct err *err)
{
    complain(err->text);
    return code;
}

/* --- install --- */

static int check_machine(const struct call *call, const struct machine *machine)
{
    struct host host;
    struct system_facts facts = {0};
    struct err err = {0};
    host_init(&host, machine->ops, machine->backend, call->arena, GATE_LOOK, LIMIT_LICENSING_MS);
    if (!machine_is_elevated(machine, &host)) {
        (void)err_set(&err, ERR_DENIED, 0, "a handler is started as SYSTEM, or with administrator rights");
        return fail(HANDLER_MISSING, &err);
    }
    bool is_known = host_system_query(&host, &facts, &err) && (facts.known & SYSTEM_VERSION) != 0;
    if (is_known && (facts.major < OLDEST_MAJOR || (facts.major == OLDEST_MAJOR && facts.minor < OLDEST_MINOR))) {
        (void)err_set(&err, ERR_UNSUPPORTED, 0,
                      "Windows %d.%d is not supported: Windows Server 2012 R2, Windows 8.1 and "
                      "later are",
                      (int)facts.major, (int)facts.minor);
        return fail(HANDLER_UNSUPPORTED, &err);
    }
    return HANDLER_OK;
}

static int verb_install(struct call *call)
{
    struct machine machine AUTO(machine_close) = {0};
    struct err err = {0};
    if (!machine_open(call->options, call->arena, &machine, &err)) {
        return fail(err.code == ERR_UNSUPPORTED ? HANDLER_UNSUPPORTED : HANDLER_FAILED, &err);
    }
    return check_machine(call, &machine);
}

/* --- enable, and what it starts --- */

static int verb_enable(struct call *call)
{
    int64_t sequence = 0;
    struct err err = {0};
    if (!handler_sequence(&call->place, call->arena, &sequence, &err)) {
        return fail(HANDLER_MISSING, &err);
    }
    bool is_done = handler_enable(&call->place, sequence, call->options, call->arena, &err);
    arena_wipe(call->arena); /* where no worker could be started, the secrets were here */
    return is_done ? HANDLER_OK : fail(HANDLER_FAILED, &err);
}

static int verb_worker(struct call *call)
{
    const struct option_texts *operands = &call->options->operands;
    int64_t sequence = 0;
    struct err err = {0};
    if (operands->count != 2 || !text_to_int(operands->items[1], &sequence) || sequence < 0) {
        (void)err_set(&err, ERR_INVALID, 0, "handler worker wants a sequence number: enable starts it");
        return fail(HANDLER_USAGE, &err);
    }
    bool is_done = handler_work(&call->place, sequence, call->options, call->arena, &err);
    arena_wipe(call->arena);
    return is_done ? HANDLER_OK : fail(HANDLER_FAILED, &err);
}

/* --- disable --- */

/* A status that says "at work" when nobody is: what died with a worker, or before it began. */
static bool settle(const struct call *call, int64_t sequence, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    enum status_word word = STATUS_SUCCESS;
    struct err unread = {0};
    const char *path = handler_status_path(&call->place, sequence, call->arena);
    bool is_open = port_file_read(path, LIMIT_STATUS_BYTES, &bytes, &unread) &&
                   status_lint(buf_string(&bytes), bytes.size, call->arena, &word, &unread) &&
                   word == STATUS_TRANSITIONING;
    return !is_open || handler_fail(&call->place, sequence, STATUS_CAUSE_STOPPED, "by disable", call->arena, err);
}

/* All of them: with these verbs the Linux agent always says that the number is 0. */
static bool settle_all(const struct call *call, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_is_folder(call->place.status)) {
        return true;
    }
    if (!port_folder_list(call->place.status, call->arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t sequence = 0;
        if (handler_number(names[i], HANDLER_STATUS_SUFFIX, call->arena, &sequence) && !settle(call, sequence, err)) {
            return false;
        }
    }
    return true;
}

static bool stop(const struct call *call, struct port_lock **ret_lock, struct err *err)
{
    return handler_ask_stop(&call->place, HANDLER_ALL, call->arena, err) &&
           handler_take_over(&call->place, HANDLER_ALL, call->arena, ret_lock, err) && settle_all(call, err);
}

static int verb_disable(struct call *call)
{
    struct port_lock *lock = NULL;
    struct err err = {0};
    bool is_stopped = stop(call, &lock, &err);
    port_lock_release(lock);
    if (!is_stopped && err.code == ERR_BUSY) {
        complain(err.text); /* nobody ends it before it is whole; then it finds that it was asked to stop */
        return HANDLER_OK;
    }
    return is_stopped ? HANDLER_OK : fail(HANDLER_FAILED, &err);
}

/* --- update --- */

static bool take_over(const struct call *call, const char *from, const char *name, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err absent = {0};
    if (!port_file_read(handler_path(from, name, call->arena), LIMIT_STATUS_BYTES, &bytes, &absent)) {
        return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, absent.os, "%s", absent.text);
    }
    return port_file_replace(handler_path(call->place.root, name, call->arena), buf_string(&bytes), bytes.size, err);
}

/* The one that says the rest is there comes last: an update that was cut off is made again. */
static int verb_update(struct call *call)
{
    static const char *const names[] = {HANDLER_RESULT, HANDLER_MRSEQ, HANDLER_HANDLED};
    struct handled handled;
    const char *from = NULL;
    struct err err = {0};
    handled_read(&call->place, call->arena, &handled);
    if (handled.sequence >= 0) {
        return HANDLER_OK;
    }
    if (!handler_sibling(&call->place, call->arena, &from, &err)) {
        return fail(HANDLER_FAILED, &err);
    }
    for (size_t i = 0; from != NULL && i < COUNT_OF(names); i++) {
        if (!take_over(call, from, names[i], &err)) {
            return fail(HANDLER_FAILED, &err);
        }
    }
    return HANDLER_OK;
}

/* --- uninstall --- */

static bool forget_runs(const struct call *call, struct err *err)
{
    const char *root = call->options->state;
    size_t kept = 0;
    if ((root == NULL && !port_state_folder(call->arena, &root, err)) ||
        !runs_forget(call->options->state, call->arena, &kept, err)) {
        return false;
    }
    if (kept > 0) {
        complain(arena_format(call->arena,
                              "runs with changes that stay in %s: %zu; azmend undo needs them; remove the folder when "
                              "nothing is to be undone any more",
                              root, kept));
    }
    return true;
}

static int verb_uninstall(struct call *call)
{
    static const char *const names[] = {HANDLER_RESULT, HANDLER_HANDLED, HANDLER_MRSEQ,
                                        HANDLER_STOP,   HANDLER_GROUP,   HANDLER_LOCK};
    struct port_lock *lock = NULL;
    struct err err = {0};
    bool is_done = stop(call, &lock, &err) && forget_runs(call, &err);
    port_lock_release(lock);
    for (size_t i = 0; is_done && i < COUNT_OF(names); i++) {
        is_done = port_file_remove(handler_path(call->place.root, names[i], call->arena), &err);
    }
    return is_done ? HANDLER_OK : fail(HANDLER_FAILED, &err);
}

/* --- the verbs --- */

static const struct verb {
    const char *name;
    int (*run)(struct call *call);
} verbs[] = {{"install", verb_install}, {"enable", verb_enable},       {"update", verb_update},
             {"disable", verb_disable}, {"uninstall", verb_uninstall}, {"worker", verb_worker}};

static int refuse_unknown(const char *name)
{
    char hint[HINT_SIZE];
    struct err err = {0};
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        nearest_offer(&nearest, verbs[i].name);
    }
    (void)err_set(&err, ERR_INVALID, 0, "handler does not know %.40s%s", name,
                  nearest_hint(&nearest, hint, sizeof(hint)));
    return fail(HANDLER_USAGE, &err);
}

int handler_run(const struct options *options, struct arena *arena)
{
    struct call call = {.options = options, .arena = arena};
    struct err err = {0};
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (text_same(verbs[i].name, options->operands.items[0])) {
            bool needs_place = verbs[i].run != verb_install;
            if (needs_place && !handler_place_find(arena, &call.place, &err)) {
                return fail(err.code == ERR_NOT_FOUND ? HANDLER_MISSING : HANDLER_FAILED, &err);
            }
            return verbs[i].run(&call);
        }
    }
    return refuse_unknown(options->operands.items[0]);
}
