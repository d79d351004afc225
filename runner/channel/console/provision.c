/* SPDX-License-Identifier: MIT */
#include "channel/console/provision.h"

#include <string.h>

#include "base/text.h"
#include "channel/console/console.h"
#include "channel/console/progress.h"
#include "channel/run/emergency.h"
#include "channel/run/say.h"
#include "channel/run/session.h"
#include "channel/run/wait_licensing.h"
#include "channel/run/wait_setup.h"
#include "json/json.h"
#include "report/console.h"
#include "report/version.h"

/* --- what is known of this instance --- */

/* Below the state folder. NULL: this machine cannot be told from others. The name of a file, so its shape is checked.
 */
static const char *record_place(struct session *session)
{
    const char *vm_id = session_machine(session)->vm_id;
    bool is_known = vm_id != NULL && shape_accepts(SHAPE_GUID, vm_id);
    return is_known ? state_instance(vm_id, session->arena) : NULL;
}

bool provision_verdict(const char *bytes, size_t size, struct arena *arena, enum verdict *ret_verdict)
{
    static const struct json_source source = {.file = "instance", .limit = LIMIT_STDOUT_BYTES};
    const struct json *document = NULL;
    struct err err = {0};
    if (!json_load(bytes, size, &source, arena, &document, &err) || document->type != JSON_OBJECT) {
        return false;
    }
    const struct json *verdict = json_find(document, "verdict");
    int word = verdict != NULL && verdict->type == JSON_TEXT ? text_word(verdict_names, verdict->as.text) : -1;
    *ret_verdict = word >= 0 ? (enum verdict)word : VERDICT_COUNT;
    return word >= 0;
}

static void repeat(const struct session *session, const struct buf *line)
{
    const struct options *options = session->options;
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_STDOUT_BYTES * 2);
    if (!options->quiet && !options->json) {
        buf_format(&text, "azmend %s provision: %s\n", version_number,
                   words_phrase(PHRASE_PROVISIONED, (enum language)options->language));
    }
    buf_add(&text, buf_string(line), line->size);
    port_write(PORT_STDOUT, buf_whole(&text), text.size);
    emergency_disarm();
}

/* The result of the run that provisioned this instance, once more. False: there was none. */
static bool replay(struct session *session, const char *at, enum verdict *ret_verdict)
{
    const struct state *state = session_state(session);
    struct buf line AUTO(buf_clear) = {0};
    struct err err = {0};
    const char *file = session->options->result;
    if (at == NULL || state == NULL || !port_state_read(state->port, at, LIMIT_STDOUT_BYTES, &line, &err)) {
        return false;
    }
    if (!provision_verdict(buf_string(&line), line.size, session->arena, ret_verdict)) {
        session_say(session, "the record of this instance cannot be read: provisioning again");
        return false;
    }
    repeat(session, &line);
    if (file != NULL && !port_file_replace(file, buf_string(&line), line.size, &err)) {
        complain(err.text);
        *ret_verdict = VERDICT_FAILED;
    }
    return true;
}

/* --- a run --- */

/* Would another start of the same machine come to nothing better? */
static bool is_final(enum verdict verdict)
{
    static const bool final[VERDICT_COUNT] = {
        [VERDICT_HEALTHY] = true, [VERDICT_FIXED] = true, [VERDICT_NEEDS_DECISION] = true};
    return final[verdict];
}

static bool remember(const struct session *session, const char *at, struct err *err)
{
    const struct port_state *port = session->state.port;
    struct buf line AUTO(buf_clear) = {0};
    console_render(&line, &session->record, CONSOLE_QUIET, LANGUAGE_EN, SHELL_BASH);
    return port_state_make_folder(port, STATE_INSTANCES, err) &&
           port_state_replace(port, at, buf_string(&line), line.size, err);
}

static enum verdict answer(struct session *session, const char *at, struct err *err)
{
    enum verdict verdict = console_answer(session, err);
    if (at == NULL || session->state.folder == NULL || !is_final(verdict) || remember(session, at, err)) {
        return verdict;
    }
    complain(err->text);
    return VERDICT_FAILED;
}

static enum ending provision(struct session *session, struct progress *progress, struct err *err)
{
    session_splay(session);
    enum ending ending = session_claim(session, err);
    if (ending == ENDING_NONE) {
        session_run(session);
    }
    progress_wipe(progress);
    return ending;
}

static int fail(struct session *session, enum ending ending, const struct err *err)
{
    console_fail(session, err);
    return exit_code_early(ending, (enum exit_style)session->options->exit_style);
}

/* False: fixes are still held, as by Windows Setup, so this run is not the last word on the machine. */
static bool wait_for_machine(struct session *session)
{
    const char *held_by =
        wait_setup(&session->host, session->plan, session->options->probe_ms, session->options->wait_network_ms);
    if (held_by != NULL) {
        session_say(session,
                    arena_format(session->arena, "%s is still present after the time given to wait for it", held_by));
    }
    session_wait_network(session);
    if (!wait_licensing(&session->host, session->options->wait_network_ms)) {
        session_say(session, "the licensing service gave no answer in the time given to wait for it");
    }
    return held_by == NULL;
}

int provision_run(const struct options *options, struct arena *arena)
{
    struct session session AUTO(session_close) = {
        .options = options, .arena = arena, .mode = MODE_FIX, .channel = "provision"};
    struct progress progress = {0};
    struct err err = {0};
    enum exit_style style = (enum exit_style)options->exit_style;
    emergency_arm(session.mode, NULL);
    enum ending ending = session_open(&session, &err);
    if (ending != ENDING_NONE) {
        return fail(&session, ending, &err);
    }
    progress_watch(&progress, options, &session.host);
    bool is_set_up = session_is_off(&session) || wait_for_machine(&session);
    const char *at = session_is_off(&session) || !is_set_up ? NULL : record_place(&session);
    enum verdict verdict = VERDICT_FAILED;
    progress_wipe(&progress);
    if (replay(&session, at, &verdict)) {
        return exit_code(verdict, style);
    }
    ending = provision(&session, &progress, &err);
    return ending == ENDING_NONE ? exit_code(answer(&session, at, &err), style) : fail(&session, ending, &err);
}
