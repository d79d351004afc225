/* SPDX-License-Identifier: MIT */
#include "channel/console/console.h"

#include <inttypes.h>

#include "channel/console/progress.h"
#include "channel/run/emergency.h"
#include "channel/run/say.h"
#include "channel/run/session.h"
#include "channel/run/share.h"
#include "host/sim/tell.h"
#include "report/console.h"

static void print_result(const struct session *session)
{
    const struct options *options = session->options;
    struct buf text AUTO(buf_clear) = {0};
    enum console_form form = options->json ? CONSOLE_WHOLE : options->quiet ? CONSOLE_QUIET : CONSOLE_TABLE;
    console_render(&text, &session->record, form, (enum language)options->language, (enum shell)options->shell);
    port_write(PORT_STDOUT, buf_string(&text), text.size);
    emergency_disarm();
}

static void say_costs(const struct session *session)
{
    session_say(session, arena_format(session->arena, "%" PRIu64 " calls to the machine, %zu passes, %zu KiB of memory",
                                      session->host.calls, session->record.passes, session->arena->peak / 1024));
    const char *unscripted = session->machine.sim != NULL ? sim_unscripted(session->machine.sim) : NULL;
    if (unscripted != NULL) {
        session_say(session, arena_format(session->arena, "the machine document says nothing about %s", unscripted));
    }
}

/* Nothing outside the document was changed, and what it does not hold is unknown: which looks those were. */
static void say_recording(const struct session *session)
{
    const struct sim *sim = session->machine.sim;
    if (sim == NULL || !sim_is_recording(sim)) {
        return;
    }
    if (session->mode >= MODE_FIX) {
        complain("this is a recording: what was changed was changed in a simulation, on no machine");
    }
    size_t shown = 0;
    for (const char *what = sim_missing(sim, 0); what != NULL; what = sim_missing(sim, ++shown)) {
        complain(arena_format(session->arena, "not recorded: %s", what));
    }
    if (sim_missing_count(sim) > shown) {
        complain(arena_format(session->arena, "not recorded: %zu more looks", sim_missing_count(sim) - shown));
    }
}

/* The result goes out first: what cannot be written to a file must not take the answer along. */
enum verdict console_answer(struct session *session, struct err *err)
{
    bool is_kept = session_keep(session, err);
    print_result(session);
    say_costs(session);
    say_recording(session);
    if (!is_kept) {
        complain(err->text);
    }
    return session_share(session) && is_kept ? session->record.verdict : VERDICT_FAILED;
}

/* One line on stderr, and a record for stdout that says the same; a run that failed was not cut off. */
void console_fail(struct session *session, const struct err *err)
{
    session_fail(session, err);
    struct buf line AUTO(buf_clear) = {0};
    console_render(&line, &session->record, session->options->json ? CONSOLE_WHOLE : CONSOLE_QUIET, LANGUAGE_EN,
                   SHELL_BASH);
    complain(err->text);
    port_write(PORT_STDOUT, buf_string(&line), line.size);
    emergency_disarm();
    struct err unkept = {0};
    if (session->state.folder != NULL && !session_keep(session, &unkept)) {
        complain(unkept.text);
    }
    (void)session_share(session);
}

static const enum run_mode modes[] = {[COMMAND_CHECK] = MODE_CHECK,
                                      [COMMAND_PLAN] = MODE_PLAN,
                                      [COMMAND_FIX] = MODE_FIX,
                                      [COMMAND_UNDO] = MODE_UNDO,
                                      [COMMAND_PROVISION] = MODE_FIX};

_Noreturn void console_out_of_memory(const struct options *options, const struct err *err)
{
    emergency_arm(modes[options->command], NULL);
    must_exhausted(err->text);
}

int console_run(const struct options *options, struct arena *arena)
{
    struct session session AUTO(session_close) = {
        .options = options, .arena = arena, .mode = modes[options->command], .channel = "console"};
    struct err err = {0};
    struct progress progress = {0};
    emergency_arm(session.mode, NULL);
    enum ending ending = session_open(&session, &err);
    if (ending == ENDING_NONE) {
        progress_watch(&progress, options, &session.host);
        session_wait_network(&session);
        session_splay(&session);
        ending = session_claim(&session, &err);
    }
    if (ending == ENDING_NONE) {
        session_run(&session);
    }
    progress_wipe(&progress);
    if (ending == ENDING_NONE) {
        return exit_code(console_answer(&session, &err), (enum exit_style)options->exit_style);
    }
    console_fail(&session, &err);
    return exit_code_early(ending, (enum exit_style)options->exit_style);
}
