/* SPDX-License-Identifier: MIT */
#include "channel/console.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/redact.h"
#include "channel/emergency.h"
#include "channel/progress.h"
#include "channel/session.h"
#include "channel/share.h"
#include "report/console.h"
#include "report/text.h"

/* --- stderr --- */

void console_complain(const char *text)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    buf_text(&line, "azmend: ");
    text_clean(&line, text, LANGUAGE_JA);
    buf_text(&line, "\n");
    if (line.failed) { /* no memory for these words: the bare ones */
        char bare[ERR_TEXT_SIZE];
        (void)snprintf(bare, sizeof(bare), "%s", text);
        redact_bytes(bare, strlen(bare));
        port_write(PORT_STDERR, bare, strlen(bare));
    } else {
        port_write(PORT_STDERR, buf_string(&line), line.size);
    }
}

/* --- before the engine --- */

/* NAME=VALUE, as the command line was checked for. */
static void split_parameters(const struct option_texts *given, bool is_secret, struct arena *arena,
                             struct plan_parameter *parameters)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->items[i], '=');
        const char *name = arena_copy(arena, given->items[i], (size_t)(equals - given->items[i]));
        parameters[i] = (struct plan_parameter){.name = name, .value = equals + 1, .is_secret = is_secret};
    }
}

bool console_load(const struct options *options, struct arena *arena, const struct plan **ret_plan, struct err *err)
{
    struct intake intake AUTO(intake_clear) = {0};
    size_t count = options->parameters.count + options->secrets.count;
    struct plan_parameter *parameters = arena_array(arena, count, sizeof(*parameters));
    split_parameters(&options->parameters, false, arena, parameters);
    split_parameters(&options->secrets, true, arena, parameters + options->parameters.count);
    const struct intake_request request = {.names = options->playbooks.items,
                                           .count = options->playbooks.count,
                                           .sha256 = options->sha256,
                                           .timeout_ms = options->deadline_ms,
                                           .wants_digests = options->evidence != NULL};
    return intake_collect(&request, arena, &intake, err) &&
           plan_load(intake.tables.items, intake.tables.count, intake.playbooks.items, intake.playbooks.count,
                     parameters, count, arena, ret_plan, err);
}

/* --- after the engine --- */

static void print_result(const struct session *session)
{
    const struct options *options = session->options;
    struct buf text AUTO(buf_clear) = {0};
    enum console_form form = options->json ? CONSOLE_WHOLE : options->quiet ? CONSOLE_QUIET : CONSOLE_TABLE;
    console_render(&text, &session->record, form, (enum language)options->language);
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

/* The result goes out first: what cannot be written to a file must not take the answer along. */
int console_answer(struct session *session, struct err *err)
{
    bool is_kept = session_keep(session, err);
    print_result(session);
    say_costs(session);
    if (!is_kept) {
        console_complain(err->text);
    }
    return session_share(session) && is_kept ? (int)session->record.verdict : VERDICT_FAILED;
}

/* One line on stderr, and a record for stdout that says the same; a run that failed was not cut off. */
int console_fail(struct session *session, int ending, const struct err *err)
{
    session_fail(session, err);
    struct buf line AUTO(buf_clear) = {0};
    console_render(&line, &session->record, session->options->json ? CONSOLE_WHOLE : CONSOLE_QUIET, LANGUAGE_EN);
    console_complain(err->text);
    port_write(PORT_STDOUT, buf_string(&line), line.size);
    emergency_disarm();
    struct err unkept = {0};
    if (session->state.folder != NULL && !session_keep(session, &unkept)) {
        console_complain(unkept.text);
    }
    (void)session_share(session);
    return ending;
}

static const enum run_mode modes[] = {[COMMAND_CHECK] = MODE_CHECK,
                                      [COMMAND_PLAN] = MODE_PLAN,
                                      [COMMAND_FIX] = MODE_FIX,
                                      [COMMAND_UNDO] = MODE_UNDO,
                                      [COMMAND_PROVISION] = MODE_FIX};

_Noreturn void console_starve(const struct options *options, const struct err *err)
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
    int ending = session_open(&session, &err);
    if (ending == VERDICT_HEALTHY) {
        progress_watch(&progress, options, &session.host);
        session_wait_network(&session);
        session_splay(&session);
        ending = session_claim(&session, &err);
    }
    if (ending == VERDICT_HEALTHY) {
        session_run(&session);
    }
    progress_wipe(&progress);
    ending = ending == VERDICT_HEALTHY ? console_answer(&session, &err) : console_fail(&session, ending, &err);
    return exit_code(ending, (enum exit_style)options->exit_style);
}
