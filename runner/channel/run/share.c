/* SPDX-License-Identifier: MIT */
#include "channel/run/share.h"

#include <inttypes.h>
#include <string.h>

#include "channel/options/table.h"
#include "channel/run/runs.h"
#include "channel/run/say.h"
#include "intake/fetch.h"
#include "report/sinks.h"

enum { OPTIONS_MOST = 64, FILES_MOST = 4 };

/* --- the options as they took effect --- */

/* A URL without what stands behind '?': there its signature stands. */
static const char *show_text(const char *text, struct arena *arena)
{
    return text != NULL && strstr(text, "://") != NULL ? fetch_shown(text, arena) : text;
}

static const char *show_texts(const struct option_texts *texts, struct arena *arena)
{
    const char *shown = NULL;
    for (size_t i = 0; i < texts->count; i++) {
        const char *text = show_text(texts->items[i], arena);
        shown = shown == NULL ? text : arena_format(arena, "%s, %s", shown, text);
    }
    return shown;
}

/* NULL: not given, or shown elsewhere: parameters stand with their playbooks, which know the secret ones. */
static const char *show_option(const struct options *options, const struct option *option, struct arena *arena)
{
    const void *at = (const char *)options + option->offset;
    switch (option->form) {
    case OPTION_FLAG:
        return *(const bool *)at ? "true" : NULL;
    case OPTION_TEXT:
        return show_text(*(const char *const *)at, arena);
    case OPTION_TEXTS:
        return show_texts(at, arena);
    case OPTION_DURATION:
        return arena_format(arena, "%" PRId64 " ms", *(const int64_t *)at);
    case OPTION_WORD:
        return option->words[*(const int *)at];
    case OPTION_PAIRS:
        break;
    }
    return NULL;
}

static size_t show_options(const struct session *session, struct report_option shown[OPTIONS_MOST])
{
    const struct options *options = session->options;
    size_t count = 0;
    for (const struct option *option = option_table; option->name != NULL && count < OPTIONS_MOST; option++) {
        bool is_taken = (option->commands & (1U << (unsigned)options->command)) != 0;
        const char *value = is_taken ? show_option(options, option, session->arena) : NULL;
        if (value != NULL) {
            shown[count++] = (struct report_option){option->name, value};
        }
    }
    return count;
}

/* --- the files that tell what was changed --- */

static bool read_file(const void *context, const char *at, size_t limit, struct buf *ret_bytes, struct err *err)
{
    const struct state *state = context;
    return port_state_read(state->port, at, limit, ret_bytes, err);
}

static size_t name_files(const struct session *session, const struct state *state, struct report_file files[FILES_MOST])
{
    struct arena *arena = session->arena;
    size_t count = 0;
    if (state == NULL) {
        return 0;
    }
    if (state->folder != NULL) {
        files[count++] = (struct report_file){STATE_JOURNAL, state_file(session->id, STATE_JOURNAL, arena)};
    }
    const char *last = runs_last_change(state, session->id, arena);
    if (last != NULL) {
        files[count++] = (struct report_file){"last-change/" STATE_JOURNAL, state_file(last, STATE_JOURNAL, arena)};
        files[count++] = (struct report_file){"last-change/" STATE_RESULT, state_file(last, STATE_RESULT, arena)};
    }
    return count;
}

/* --- the sinks --- */

static bool share(const struct session *session, enum sink sink, const struct report *report, const char *place)
{
    struct err err = {0};
    bool is_written = sink_write(sink, report, place, &err);
    if (is_written) {
        return true;
    }
    if (sink != SINK_EVENT_LOG) {
        complain(err.text);
        return false;
    }
    if (err.code != ERR_UNSUPPORTED) {
        session_say(session, err.text);
    }
    return true;
}

bool session_share(struct session *session)
{
    const struct options *options = session->options;
    struct report_option shown[OPTIONS_MOST];
    struct report_file files[FILES_MOST];
    bool is_logged =
        options->machine == NULL && (session->mode >= MODE_FIX || options->event_log) && !session->distance.is_quiet;
    struct report report = {.arena = session->arena,
                            .record = &session->record,
                            .language = (enum language)options->language,
                            .command = command_names[options->command],
                            .options = shown,
                            .files = files,
                            .read = read_file};
    bool is_shared = share(session, SINK_EVENT_LOG, &report, is_logged ? "Application" : NULL);
    is_shared = share(session, SINK_HTML, &report, options->html) && is_shared;
    if (options->evidence != NULL) {
        report.option_count = show_options(session, shown);
        report.context = session_state(session);
        report.file_count = name_files(session, report.context, files);
    }
    return share(session, SINK_EVIDENCE, &report, options->evidence) && is_shared;
}
