/* SPDX-License-Identifier: MIT */
#include "channel/run/session.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "channel/run/emergency.h"
#include "channel/run/load.h"
#include "channel/run/narrow.h"
#include "channel/run/runs.h"
#include "channel/run/say.h"
#include "channel/run/splay.h"
#include "channel/run/traces.h"
#include "channel/run/unfinished.h"
#include "channel/run/wait_network.h"
#include "engine/approval.h"
#include "host/nouns/clock/clock.h"
#include "report/result.h"
#include "report/sinks.h"

void session_close(struct session *session)
{
    state_close(&session->state);
    machine_close(&session->machine);
}

void session_say(const struct session *session, const char *text)
{
    if (session->options->verbose) {
        complain(text);
    }
}

/* --- before the engine --- */

/* "20260115T080000Z-1a2b3c4d", three digits of it milliseconds: sorts by time, names a folder, never twice the same. */
static bool choose_id(struct session *session, struct err *err)
{
    uint32_t chance = 0;
    if (!port_random(&chance, sizeof(chance), err) || !port_random(&session->seed, sizeof(session->seed), err)) {
        return false;
    }
    int64_t utc_ms = port_utc_ms();
    const char *utc = clock_format_utc(session->arena, utc_ms);
    char *id =
        arena_format(session->arena, "%s-%03x%05x", utc, (unsigned)(utc_ms % 1000), (unsigned)(chance & 0xFFFFFU));
    size_t size = 0;
    for (const char *at = id; *at != '\0'; at++) {
        bool is_mark = at < id + strlen(utc) && (*at == '-' || *at == ':');
        id[size] = *at;
        size += is_mark ? 0 : 1;
    }
    id[size] = '\0';
    session->id = id;
    return true;
}

static enum ending open_machine(struct session *session, struct err *err)
{
    static const enum gate_mode gates[MODE_COUNT] = {
        [MODE_CHECK] = GATE_LOOK, [MODE_PLAN] = GATE_PLAN, [MODE_FIX] = GATE_CHANGE, [MODE_UNDO] = GATE_CHANGE};
    if (!machine_open(session->options, session->arena, &session->machine, err)) {
        bool is_wrong = session->options->machine != NULL && err->code != ERR_MEMORY;
        return is_wrong || err->code == ERR_UNSUPPORTED ? ENDING_USAGE : ENDING_FAILED;
    }
    int64_t spent_ms = port_now_ms() - session->begun_ms; /* a download takes its time */
    int64_t left_ms = session->options->deadline_ms > spent_ms ? session->options->deadline_ms - spent_ms : 1;
    const struct host_ops *ops = session->machine.ops;
    void *backend = session->machine.backend;
    if (session->recorder != NULL) {
        recorder_begin(session->recorder, ops, backend);
        ops = &recorder_ops;
        backend = session->recorder;
    }
    host_init(&session->host, ops, backend, session->arena, gates[session->mode], left_ms);
    /* A document replayed twice gives the same run twice. */
    session->seed = session->machine.sim != NULL ? 1 : session->seed;
    return ENDING_NONE;
}

/* Tidiness is no reason not to repair; and an undo may be asked for the very run that would go. */
static void prune(struct session *session)
{
    size_t count = 0;
    struct err err = {0};
    if (session->mode == MODE_UNDO) {
        return;
    }
    if (!runs_prune(&session->state, session->arena, &count, &err)) {
        session_say(session, err.text);
    } else if (count > 0) {
        session_say(session, arena_format(session->arena, "%zu old runs are removed", count));
    }
}

/* The state folder as the last run left it: what was cut off is closed first. */
static bool tidy(struct session *session, struct err *err)
{
    size_t closed = 0;
    if (!runs_close(&session->state, &session->host, session->arena, &session->history, &closed, err)) {
        return err_context(err, "closing an earlier run");
    }
    if (closed > 0) {
        session_say(session,
                    arena_format(session->arena, "%zu earlier runs were cut off; their records are closed", closed));
    }
    prune(session);
    return true;
}

/* Its own journal says first what it takes back. */
static enum ending choose_undone(struct session *session, struct err *err)
{
    const struct option_texts *operands = &session->options->operands;
    const char *wanted = operands->count > 0 ? operands->items[0] : NULL;
    if (!runs_choose(&session->state, wanted, session->arena, &session->history, &session->undone, err)) {
        return err->code == ERR_NOT_FOUND || err->code == ERR_REFUSED ? ENDING_USAGE : ENDING_FAILED;
    }
    return session->undone == NULL || journal_undoes(session->state.journal, session->undone->id, err) ? ENDING_NONE
                                                                                                       : ENDING_FAILED;
}

bool session_is_off(const struct session *session)
{
    return session->narrowing.most == LEAVE_OFF ||
           (session->narrowing.most == LEAVE_CHECK && session->mode == MODE_UNDO);
}

/* What may only look becomes a check. */
static void keep_to(struct session *session)
{
    if (session->narrowing.most == LEAVE_CHECK && session->mode == MODE_FIX) {
        session->mode = MODE_CHECK;
        session->host.mode = GATE_LOOK;
        emergency_arm(session->mode, session->id);
    }
}

/* Who may not change anything is told before anything is waited for. */
static enum ending check_rights(struct session *session, struct err *err)
{
    if (session->mode < MODE_FIX || session_is_off(session) || machine_is_elevated(&session->machine, &session->host)) {
        return ENDING_NONE;
    }
    (void)err_set(err, ERR_DENIED, 0, "%s needs administrator rights: run it elevated or as SYSTEM",
                  run_mode_names[session->mode]);
    return ENDING_NOT_ELEVATED;
}

/* An undo asks no playbook. */
static enum ending choose_plan(struct session *session, struct err *err)
{
    if (session->mode == MODE_UNDO || (load_plan(session->options, session->arena, &session->plan, err) &&
                                       traces_known(&session->options->traces, session->plan, err))) {
        return ENDING_NONE;
    }
    bool is_ours = err->code == ERR_MEMORY || err->code == ERR_NETWORK || err->code == ERR_TIMEOUT;
    return is_ours ? ENDING_FAILED : ENDING_USAGE;
}

enum ending session_open(struct session *session, struct err *err)
{
    session->begun_ms = port_now_ms();
    if (!choose_id(session, err)) {
        return ENDING_FAILED;
    }
    emergency_arm(session->mode, session->id);
    session_say(session, arena_format(session->arena, "run %s", session->id));
    enum ending ending = choose_plan(session, err);
    if (ending == ENDING_NONE) {
        ending = open_machine(session, err);
    }
    if (ending == ENDING_NONE) {
        narrow_by_policy(&session->host, session->arena, &session->narrowing);
        keep_to(session);
    }
    return ending == ENDING_NONE ? check_rights(session, err) : ending;
}

/* A document without --state is a run of a document: nothing to protect, nothing to undo. */
static bool has_state(const struct session *session)
{
    return session->options->state != NULL || session->options->machine == NULL;
}

const struct state *session_state(struct session *session)
{
    struct err err = {0};
    if (session->state.port == NULL && !session->has_looked && has_state(session) &&
        !state_look(session->options->state, session->arena, &session->state, &err) && err.code != ERR_NOT_FOUND) {
        session_say(session, err.text);
    }
    session->has_looked = true;
    return session->state.port != NULL ? &session->state : NULL;
}

/* Whose history is resumed and taken back, and whose this run's will be. */
static void own_state(struct session *session)
{
    const struct machine_record *machine = session_machine(session);
    const struct journal_owner owner = {.machine = machine->name, .vm_id = machine->vm_id};
    state_own(&session->state, &owner);
}

/* Beside the journal, for who finds the VM half-way. */
static bool keep_note(void *context, const char *name, const char *text, struct err *err)
{
    const struct session *session = context;
    const char *at = state_file(session->id, name, session->arena);
    return text == NULL ? port_state_remove(session->state.port, at, err)
                        : port_state_replace(session->state.port, at, text, strlen(text), err);
}

enum ending session_claim(struct session *session, struct err *err)
{
    if (session->mode < MODE_FIX || session_is_off(session)) {
        return ENDING_NONE;
    }
    if (!has_state(session)) {
        session_say(session, "a machine document without --state: no lock and no journal");
        return ENDING_NONE;
    }
    state_close(&session->state); /* a look before */
    if (!state_open(session->options->state, session->id, session->arena, &session->state, err)) {
        return err->code == ERR_BUSY ? ENDING_BUSY : ENDING_FAILED;
    }
    session_say(session, arena_format(session->arena, "journal and result: %s", session->state.folder));
    session->host.journal = journal_sink(session->state.journal);
    session->host.notes = (struct note_sink){.context = session, .keep = keep_note};
    own_state(session);
    if (session->mode == MODE_FIX) {
        distance_open(&session->state, &session->host, session->options->unattended, session->arena,
                      &session->distance);
    }
    if (!tidy(session, err)) {
        return ENDING_FAILED;
    }
    return session->mode == MODE_UNDO ? choose_undone(session, err) : ENDING_NONE;
}

enum ending session_prepare(struct session *session, struct err *err)
{
    enum ending ending = session_open(session, err);
    return ending == ENDING_NONE ? session_claim(session, err) : ending;
}

/* --- waiting --- */

void session_wait_network(struct session *session)
{
    if (session_is_off(session)) {
        return;
    }
    if (!wait_network(&session->host, session->options->wait_network_ms)) {
        session_say(session, "nobody answered on the network in the time given to wait for it");
    }
    session->has_waited = true;
}

static struct engine_options engine_options_of(struct session *session)
{
    bool is_kept = session->mode == MODE_FIX && session->state.folder != NULL;
    return (struct engine_options){.mode = session->mode,
                                   .channel = session->channel,
                                   .run_id = session->id,
                                   .probe_ms = session->options->probe_ms,
                                   .seed = session->seed,
                                   .pending = session->pending.now,
                                   .narrowing = &session->narrowing,
                                   .traces = session->options->traces.items,
                                   .trace_count = session->options->traces.count,
                                   .restarts = is_kept ? pending_sink(&session->pending) : (struct restart_sink){0},
                                   .distance = is_kept ? distance_sink(&session->distance) : (struct distance_sink){0}};
}

const struct machine_record *session_machine(struct session *session)
{
    struct record record;
    const struct engine_options how = engine_options_of(session);
    if (!session->is_identified) {
        engine_identify(&session->host, &how, session->arena, &record);
        session->identity = record.machine;
        session->is_identified = true;
    }
    return &session->identity;
}

void session_splay(struct session *session)
{
    int64_t window_ms = host_left_ms(&session->host) - LIMIT_LOOKS_MS;
    if (session->options->splay_ms == 0 || session_is_off(session)) {
        return;
    }
    window_ms = session->options->splay_ms < window_ms ? session->options->splay_ms : window_ms;
    const struct machine_record *machine = session_machine(session);
    const char *identity = machine->vm_id != NULL ? machine->vm_id : machine->name;
    int64_t place_ms = splay_place(identity != NULL ? identity : session->id, window_ms);
    session_say(session,
                arena_format(session->arena, "waiting %" PRId64 " ms, this machine's place in the splay", place_ms));
    host_sleep_ms(&session->host, place_ms);
}

/* --- the engine, and after --- */

static void take_history(struct session *session)
{
    const struct state_asides *asides = session->state.asides;
    session->record.narrowing = session->narrowing;
    session->record.history = session->history;
    session->record.history.asides = asides != NULL ? asides->items : NULL;
    session->record.history.aside_count = asides != NULL ? asides->count : 0;
}

/* A run that only looks has not asked whose the folder is. */
static void tell_unfinished(struct session *session)
{
    const struct state *opened = session_state(session);
    const struct machine_record *machine = &session->record.machine;
    if (opened != NULL) {
        struct state state = *opened;
        state.owner = (struct journal_owner){.machine = machine->name, .vm_id = machine->vm_id};
        unfinished_tell(&state, &session->host, session->arena, &session->record.history);
    }
}

/* Nothing is told but that, and whose word it is. */
static void be_off(struct session *session)
{
    session->record = (struct record){.run_id = session->id,
                                      .started_utc_ms = port_utc_ms(),
                                      .mode = session->mode,
                                      .channel = session->channel,
                                      .machine = session->identity,
                                      .verdict = VERDICT_OFF};
    take_history(session);
}

/* Before anything is changed; whom IMDS did not tell before the wait for the network is asked again. */
static void narrow_by_identity(struct session *session)
{
    session->is_identified = session->is_identified && session->identity.vm_id != NULL;
    narrow_by_tag(session_machine(session)->tag, session->arena, &session->narrowing);
    keep_to(session);
}

/* The same host, which a run begins anew; who watches and writes down stays. */
static void begin_again(struct session *session, enum gate_mode mode)
{
    struct host kept = session->host;
    host_init(&session->host, session->machine.ops, session->machine.backend, session->arena, mode,
              host_left_ms(&kept));
    session->host.journal = kept.journal;
    session->host.notes = kept.notes;
    session->host.progress = kept.progress;
    session->host.stop_asked = kept.stop_asked;
}

/*
 * A fix that is held to a plan makes that plan first. False: it is not the one that was approved, or could not be
 * named; the record says so, and nothing was changed.
 */
static bool is_as_approved(struct session *session)
{
    struct engine_options how = engine_options_of(session);
    struct approval_record *approval = &session->record.approval;
    struct err err = {0};
    how.mode = MODE_PLAN;
    how.restarts = (struct restart_sink){0};
    how.distance = (struct distance_sink){0};
    begin_again(session, GATE_PLAN);
    engine_run(session->plan, &session->host, &how, session->arena, &session->record);
    take_history(session);
    bool is_compared = approval_compare(session->options->approved, &session->record, session->arena, approval, &err);
    if (is_compared && text_same(approval->given, approval->is)) {
        session->narrowing.approved = approval->ids;
        session->narrowing.approved_count = approval->id_count;
        session->narrowing.followers = approval->followers;
        session->narrowing.follower_count = approval->follower_count;
        begin_again(session, GATE_CHANGE);
        return true;
    }
    session->mode = MODE_PLAN;
    session->record.verdict = is_compared ? VERDICT_NEEDS_DECISION : VERDICT_FAILED;
    session->record.err = err;
    return false;
}

static void name_plan(struct session *session)
{
    struct err err = {0};
    if (!approval_name(&session->record, session->arena, &session->record.plan_name, &err)) {
        session_say(session, err.text);
    }
}

static void ask(struct session *session)
{
    pending_open(session_state(session), session->arena, &session->pending);
    const struct engine_options how = engine_options_of(session);
    if (session->mode == MODE_UNDO) {
        engine_identify(&session->host, &how, session->arena, &session->record);
        take_history(session);
        past_undo(session->undone, &session->host, session->arena, &session->record);
    } else {
        engine_run(session->plan, &session->host, &how, session->arena, &session->record);
        take_history(session);
    }
    tell_unfinished(session);
}

/* A run that only looks asks once, and the tag comes with the answer. */
static void narrow_by_record(struct session *session)
{
    session->identity = session->record.machine;
    narrow_by_tag(session->identity.tag, session->arena, &session->narrowing);
    session->record.narrowing = session->narrowing;
    if (session_is_off(session)) {
        be_off(session);
    }
}

void session_run(struct session *session)
{
    if (!session->has_waited) {
        session_wait_network(session);
        session_splay(session);
    }
    if (session->mode >= MODE_FIX && !session_is_off(session)) {
        narrow_by_identity(session);
    }
    if (session_is_off(session)) {
        be_off(session);
        return;
    }
    if (session->mode == MODE_FIX && session->options->approved != NULL && !is_as_approved(session)) {
        return;
    }
    const struct approval_record approval = session->record.approval;
    ask(session);
    session->record.approval = approval;
    if (session->mode == MODE_PLAN) {
        name_plan(session);
    }
    if (session->mode < MODE_FIX) {
        narrow_by_record(session);
    }
}

void session_fail(struct session *session, const struct err *err)
{
    session->record = (struct record){.run_id = session->id,
                                      .started_utc_ms = port_utc_ms(),
                                      .mode = session->mode,
                                      .channel = session->channel,
                                      .verdict = VERDICT_FAILED,
                                      .err = *err};
    take_history(session);
}

/* An undo runs no playbook: what it took back shows itself again. */
static bool keep_pending(struct session *session, struct err *err)
{
    bool has_run = session->state.folder != NULL && session->mode == MODE_FIX && session->record.host != NULL;
    return !has_run || pending_keep(&session->pending, &session->record, err);
}

/* What is not remembered costs an event or an Activate more; it takes no answer along. */
static void keep_distance(struct session *session)
{
    struct err err = {0};
    bool has_run = session->mode == MODE_FIX && session->record.host != NULL;
    if (has_run && !distance_close(&session->distance, &session->record, &err)) {
        session_say(session, err.text);
    }
}

/* A result whose last answer is not on the disk would be believed: without one the next run looks. */
static bool keep_result(struct session *session, struct err *err)
{
    struct buf result AUTO(buf_clear) = {0};
    const struct report report = {.record = &session->record};
    bool is_kept = session->state.folder == NULL ||
                   (journal_sync(session->state.journal, err) && result_whole(&result, &session->record, err) &&
                    state_keep_result(&session->state, session->id, session->arena, &result, err));
    return is_kept && sink_write(SINK_RESULT, &report, session->options->result, err);
}

/* What a failed run did to a document nobody asked for: it is saved only after a run. */
bool session_keep(struct session *session, struct err *err)
{
    const char *save = session->options->save_machine;
    bool has_run = session->record.host != NULL;
    keep_distance(session);
    return keep_result(session, err) && keep_pending(session, err) &&
           (save == NULL || !has_run || machine_save(&session->machine, save, err));
}
