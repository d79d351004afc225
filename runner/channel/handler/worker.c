/* SPDX-License-Identifier: MIT */
#include "channel/handler/worker.h"

#include <string.h>

#include "base/limits.h"
#include "channel/handler/settings.h"
#include "channel/run/emergency.h"
#include "channel/run/share.h"
#include "host/group.h"
#include "report/result.h"

enum { BUSY_PAUSE_MS = 2000, STOP_POLL_MS = 250, KILL_MS = 5000 };

struct work {
    const struct handler_place *place;
    int64_t sequence;
    struct arena *arena;
    struct options options;
    struct session session;
    bool has_run, is_stopped, is_held;
    const char *mode;
    int64_t shown_ms, polled_ms; /* monotonic: the status was shown, the stop was looked for */
};

/* --- saying --- */

static bool show(const struct work *work, struct status *status, bool is_result, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    status->utc_ms = port_utc_ms();
    status_write(&bytes, status);
    return is_result ? handler_conclude(work->place, work->sequence, &bytes, work->arena, err)
                     : handler_show(work->place, work->sequence, &bytes, work->arena, err);
}

bool handler_show_work(const struct handler_place *place, int64_t sequence, const char *mode, const char *what,
                       struct arena *arena, struct err *err)
{
    const struct work work = {.place = place, .sequence = sequence, .arena = arena};
    struct status status;
    status_of_work(mode, what, arena, &status);
    return show(&work, &status, false, err);
}

/* What was stopped is run when it is enabled again; everything else would only fail once more. */
bool handler_fail(const struct handler_place *place, int64_t sequence, enum status_cause cause, const char *why,
                  struct arena *arena, struct err *err)
{
    const struct work work = {.place = place, .sequence = sequence, .arena = arena};
    struct status status;
    status_of_failure(cause, why, arena, &status);
    return show(&work, &status, cause != STATUS_CAUSE_STOPPED, err);
}

/* Before every wait: is it to end, and does the agent still know that somebody is at work? */
static void watch(void *context, const char *what)
{
    struct work *work = context;
    size_t mark = arena_mark(work->arena);
    struct err unshown = {0};
    int64_t now_ms = port_now_ms();
    if (now_ms - work->polled_ms >= STOP_POLL_MS) {
        work->polled_ms = now_ms;
        work->session.host.stop_asked |= handler_is_stopped(work->place, work->sequence, work->arena);
    }
    if (!work->is_held && host_group_left_ms(&work->session.host) > 0) {
        work->is_held = true; /* tried once: what cannot be written here leaves nobody worse than before */
        (void)!handler_hold(work->place, host_group_left_ms(&work->session.host), work->arena, &unshown);
    }
    if (now_ms - work->shown_ms >= LIMIT_REFRESH_MS) {
        work->shown_ms = now_ms;
        (void)!handler_show_work(work->place, work->sequence, work->mode, what, work->arena, &unshown);
    }
    arena_release(work->arena, mark);
}

/* --- the settings --- */

static enum status_cause decrypt_cause(const struct err *err)
{
    bool is_missing = err->code == ERR_NOT_FOUND || err->code == ERR_UNSUPPORTED || err->code == ERR_DENIED;
    return is_missing ? STATUS_CAUSE_PROTECTED : STATUS_CAUSE_SETTINGS;
}

/* On a machine of its own, since the run's one is opened for what the settings say. */
static enum status_cause decrypt(struct work *work, const struct handler_settings *settings, struct err *err)
{
    struct machine machine AUTO(machine_close) = {0};
    struct host host;
    if (settings->envelope == NULL) {
        return STATUS_CAUSE_NONE;
    }
    if (!machine_open(&work->options, work->arena, &machine, err)) {
        return err->code == ERR_UNSUPPORTED ? STATUS_CAUSE_UNSUPPORTED : STATUS_CAUSE_FAILED;
    }
    host_init(&host, machine.ops, machine.backend, work->arena, GATE_LOOK, work->options.deadline_ms);
    return handler_settings_decrypt(&host, settings, &work->options.secrets, err) ? STATUS_CAUSE_NONE
                                                                                  : decrypt_cause(err);
}

static enum status_cause read_settings(struct work *work, enum run_mode *ret_mode, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct handler_settings settings;
    const char *path = handler_settings_path(work->place, work->sequence, work->arena);
    const char *name = path + strlen(work->place->config) + 1;
    if (!port_file_read(path, LIMIT_SETTINGS_BYTES, &bytes, err) ||
        !handler_settings_read(buf_string(&bytes), bytes.size, name, work->arena, &settings, err) ||
        !handler_settings_apply(&settings, &work->options, err)) {
        return STATUS_CAUSE_SETTINGS;
    }
    *ret_mode = settings.mode;
    work->mode = run_mode_names[settings.mode];
    return decrypt(work, &settings, err);
}

/* --- the run --- */

static enum status_cause cause_of(enum ending ending, const struct err *err)
{
    switch (ending) {
    case ENDING_USAGE:
        return err->code == ERR_UNSUPPORTED ? STATUS_CAUSE_UNSUPPORTED : STATUS_CAUSE_PLAYBOOK;
    case ENDING_NOT_ELEVATED:
        return STATUS_CAUSE_NOT_ELEVATED;
    case ENDING_BUSY:
        return STATUS_CAUSE_BUSY;
    case ENDING_NONE:
    case ENDING_FAILED:
    case ENDING_COUNT:
        break;
    }
    return STATUS_CAUSE_FAILED;
}

/* The whole result, for whoever reads logs; the status has room for less. Nobody's deployment fails for a log. */
static void keep_log(const struct work *work, const struct record *record)
{
    struct buf result AUTO(buf_clear) = {0};
    struct err unkept = {0};
    if (work->place->logs != NULL) {
        (void)result_fit(&result, record, WRITER_INDENTED, LIMIT_RESULT_BYTES);
        (void)!port_file_replace(handler_path(work->place->logs, "azmend.result.json", work->arena),
                                 buf_string(&result), result.size, &unkept);
    }
}

static void judge(struct work *work, struct status *ret_status)
{
    const struct record *record = &work->session.record;
    struct err err = {0};
    int codes[VERDICT_COUNT];
    for (int i = 0; i < VERDICT_COUNT; i++) {
        codes[i] = exit_code((enum verdict)i, EXIT_PLAIN);
    }
    bool is_kept = session_keep(&work->session, &err);
    keep_log(work, record);
    work->is_stopped = work->session.host.stop_asked;
    if (work->is_stopped) {
        status_of_failure(STATUS_CAUSE_STOPPED, "by disable, or by newer settings", work->arena, ret_status);
    } else if (!is_kept || record->verdict == VERDICT_FAILED) {
        const char *why = arena_format(work->arena, "%s (verdict: %s)", is_kept ? record->err.text : err.text,
                                       verdict_names[record->verdict]);
        status_of_failure(STATUS_CAUSE_FAILED, why, work->arena, ret_status);
    } else {
        status_of_record(record, codes, (enum language)work->options.language, work->arena, ret_status);
    }
}

/* False: another run holds the machine; come again. */
static bool try_run(struct work *work, enum run_mode mode, bool is_last_try, struct status *ret_status)
{
    struct session *session = &work->session;
    struct err err = {0}, unkept = {0};
    *session = (struct session){.options = &work->options, .arena = work->arena, .mode = mode, .channel = "handler"};
    enum ending ending = session_prepare(session, &err);
    if (ending == ENDING_BUSY && !is_last_try) {
        session_close(session);
        return false;
    }
    work->has_run = ending == ENDING_NONE;
    if (work->has_run) {
        session->host.progress = (struct waiting_sink){.context = work, .waiting = watch};
        session_run(session);
        judge(work, ret_status);
    } else {
        session_fail(session, &err);
        (void)!session_keep(session, &unkept);
        status_of_failure(cause_of(ending, &err), err.text, work->arena, ret_status);
    }
    return true;
}

static bool must_stop(const struct work *work)
{
    return handler_is_stopped(work->place, work->sequence, work->arena);
}

/* Somebody's fix or undo on the command line is waited for, as long as the run itself may take. */
static void run(struct work *work, struct status *ret_status)
{
    struct err err = {0};
    enum run_mode mode = MODE_CHECK;
    enum status_cause cause = read_settings(work, &mode, &err);
    if (cause != STATUS_CAUSE_NONE) {
        status_of_failure(cause, err.text, work->arena, ret_status);
        return;
    }
    const int64_t end_ms = port_now_ms() + work->options.deadline_ms;
    size_t mark = arena_mark(work->arena);
    while (!try_run(work, mode, must_stop(work) || port_now_ms() >= end_ms, ret_status)) {
        arena_release(work->arena, mark);
        port_sleep_ms(BUSY_PAUSE_MS);
    }
    emergency_disarm();
}

/* --- begin and end --- */

static bool begin(struct work *work, int64_t begun, struct err *err)
{
    const struct handled handled = {.sequence = work->sequence, .begun = begun};
    work->shown_ms = port_now_ms();
    return handled_begin(work->place, &handled, work->arena, err) &&
           handler_show_work(work->place, work->sequence, NULL, NULL, work->arena, err);
}

/* A stop is no crash: it does not count against the next begin. */
static bool end(struct work *work, struct status *status, struct err *err)
{
    const struct handled again = {.sequence = work->sequence};
    return (!work->is_stopped || handled_begin(work->place, &again, work->arena, err)) &&
           show(work, status, !work->is_stopped, err);
}

static bool work_locked(struct work *work, struct err *err)
{
    struct buf result AUTO(buf_clear) = {0};
    struct handled handled;
    struct status status;
    handled_result(work->place, work->sequence, work->arena, &result);
    if (result.size > 0 || must_stop(work)) {
        return true;
    }
    handled_read(work->place, work->arena, &handled);
    int64_t begun = handled.sequence == work->sequence ? handled.begun : 0;
    if (begun >= LIMIT_BEGINS) {
        return handler_fail(work->place, work->sequence, STATUS_CAUSE_CUT_OFF, "it is not begun once more", work->arena,
                            err);
    }
    if (!begin(work, begun + 1, err)) {
        return false;
    }
    run(work, &status);
    bool is_said = end(work, &status, err);
    (void)(work->has_run && session_share(&work->session)); /* the event log: after the agent has its answer */
    session_close(&work->session);
    return is_said;
}

static void release(struct port_lock **lock)
{
    port_lock_release(*lock);
}

/* Who wants the lock. */
struct taker {
    const struct handler_place *place;
    int64_t sequence; /* HANDLER_ALL: to stop whoever it is */
    struct arena *arena;
    struct port_lock **ret_lock;
    bool is_shown; /* whoever waits for these settings sees meanwhile what they wait for */
};

static bool wait_for_lock(const struct taker *taker, int64_t patience_ms, int64_t *ret_process, struct err *err)
{
    const int64_t end_ms = port_now_ms() + patience_ms;
    for (size_t mark = arena_mark(taker->arena);; arena_release(taker->arena, mark)) {
        int64_t left_ms = end_ms - port_now_ms();
        int64_t part_ms = left_ms > LIMIT_REFRESH_MS ? LIMIT_REFRESH_MS : left_ms > 0 ? left_ms : 0;
        struct err busy = {0}, unshown = {0};
        if (handler_lock(taker->place, part_ms, taker->arena, taker->ret_lock, ret_process, &busy)) {
            return true;
        }
        if (busy.code != ERR_BUSY || part_ms == left_ms || part_ms == 0) {
            *err = busy;
            return false;
        }
        if (taker->is_shown) {
            (void)!handler_show_work(taker->place, taker->sequence, NULL, "the run of earlier settings to end",
                                     taker->arena, &unshown);
        }
    }
}

/* It was asked to stop long ago. In the middle of a group it is waited for; else it is ended, if it is who it says. */
static bool end_holder(const struct taker *taker, int64_t process, struct err *err)
{
    int64_t held_ms = handler_held_ms(taker->place, process, taker->arena);
    struct err busy = {0};
    if (held_ms > 0 && taker->sequence < 0) {
        return err_set(err, ERR_BUSY, 0, "process %lld rebuilds the licensing store and ends by itself",
                       (long long)process);
    }
    if (held_ms > 0 && wait_for_lock(taker, held_ms, &process, &busy)) {
        return true;
    }
    return port_process_end(process, err) &&
           handler_lock(taker->place, KILL_MS, taker->arena, taker->ret_lock, &process, err);
}

bool handler_take_over(const struct handler_place *place, int64_t sequence, struct arena *arena,
                       struct port_lock **ret_lock, struct err *err)
{
    struct handled handled;
    int64_t process = 0;
    handled_read(place, arena, &handled);
    const struct taker taker = {.place = place,
                                .sequence = sequence,
                                .arena = arena,
                                .ret_lock = ret_lock,
                                .is_shown = sequence >= 0 && handled.sequence != sequence};
    if (wait_for_lock(&taker, LIMIT_STOP_MS, &process, err)) {
        return true;
    }
    handled_read(place, arena, &handled);
    if (err->code != ERR_BUSY || process == 0 || (sequence >= 0 && handled.sequence == sequence)) {
        return false;
    }
    *err = (struct err){0};
    return end_holder(&taker, process, err);
}

bool handler_work(const struct handler_place *place, int64_t sequence, const struct options *given, struct arena *arena,
                  struct err *err)
{
    struct port_lock *lock AUTO(release) = NULL;
    struct work *work = arena_alloc(arena, sizeof(*work)); /* too much for the stack */
    *work = (struct work){.place = place, .sequence = sequence, .arena = arena, .options = *given};
    return handler_take_over(place, sequence, arena, &lock, err) && work_locked(work, err);
}
