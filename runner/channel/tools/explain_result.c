/* SPDX-License-Identifier: MIT */
#include "channel/tools/explain_result.h"

#include <string.h>

#include "base/text.h"
#include "channel/run/runs_read.h"
#include "host/nouns/file/file.h"
#include "json/json.h"
#include "report/clean.h"

struct page {
    struct buf *buf;
    struct arena *arena;
    enum language language;
    enum shell shell;
};

/* The newest run that has a result: one under way has none yet. */
static bool read_last(const struct options *options, struct arena *arena, struct buf *ret_bytes, struct err *err)
{
    struct state state AUTO(state_close) = {0};
    struct runs_listing listing = {0};
    if (!state_look(options->state, arena, &state, err) || !runs_list(&state, arena, &listing, err)) {
        return err_context(err, "--from last");
    }
    for (size_t i = listing.count; i > 0; i--) {
        if (runs_exists(&state, listing.names[i - 1], STATE_RESULT, arena)) {
            return port_state_read(state.port, state_file(listing.names[i - 1], STATE_RESULT, arena),
                                   LIMIT_RESULT_BYTES, ret_bytes, err);
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "--from last: no run in %s has a result",
                   state_shown(&state, STATE_RUNS, arena));
}

static bool take_bytes(const struct options *options, struct arena *arena, struct buf *ret_bytes, struct err *err)
{
    if (text_same(options->from, "last")) {
        return read_last(options, arena, ret_bytes, err);
    }
    return port_file_read(options->from, LIMIT_RESULT_BYTES, ret_bytes, err) || err_context(err, "--from");
}

/* --- a result is read leniently: what is not there is not said --- */

static const struct json *member(const struct json *json, const char *name, enum json_type type)
{
    const struct json *found = json != NULL && json->type == JSON_OBJECT ? json_find(json, name) : NULL;
    return found != NULL && found->type == type ? found : NULL;
}

static const char *text_of(const struct json *json, const char *name)
{
    const struct json *found = member(json, name, JSON_TEXT);
    return found != NULL ? found->as.text : NULL;
}

static uint32_t count_of(const struct json *list)
{
    return list != NULL ? list->count : 0;
}

static const struct json *find_in(const struct json *playbook, const char *id)
{
    const struct json *findings = member(playbook, "findings", JSON_ARRAY);
    for (uint32_t i = 0; i < count_of(findings); i++) {
        const char *name = text_of(&findings->as.items[i], "id");
        if (name != NULL && text_equal(name, id)) {
            return &findings->as.items[i];
        }
    }
    return NULL;
}

static const struct json *find_finding(const struct json *result, const char *id)
{
    const struct json *playbooks = member(result, "playbooks", JSON_ARRAY);
    const struct json *found = NULL;
    for (uint32_t i = 0; i < count_of(playbooks) && found == NULL; i++) {
        found = find_in(&playbooks->as.items[i], id);
    }
    return found;
}

/* --- writing --- */

/* A line of comment: what is printed can be saved as it is, and run. */
static void comment(const struct page *page, int label, const char *text)
{
    if (text != NULL) {
        buf_text(page->buf, "# ");
        if (label >= 0) {
            buf_format(page->buf, "%s: ", words_phrase((enum phrase)label, page->language));
        }
        text_clean(page->buf, text, page->language);
        buf_text(page->buf, "\n");
    }
}

/* Each line is cleaned: the file may come from anywhere. */
static void write_block(const struct page *page, const char *block)
{
    while (block != NULL && *block != '\0') {
        size_t size = strcspn(block, "\n");
        text_clean(page->buf, arena_copy(page->arena, block, size), page->language);
        buf_text(page->buf, "\n");
        block += block[size] == '\n' ? size + 1 : size;
    }
}

static void write_handoff(const struct page *page, const struct json *handoff)
{
    comment(page, PHRASE_OUTSIDE, text_of(handoff, "title"));
    comment(page, PHRASE_WHY, text_of(handoff, "why"));
    comment(page, PHRASE_EFFECT, text_of(handoff, "effect"));
    comment(page, PHRASE_WAY_BACK, text_of(handoff, "back"));
    comment(page, -1, text_of(handoff, "page"));
    comment(page, PHRASE_NO_COMMAND, text_of(handoff, "unknown"));
    comment(page, PHRASE_NO_COMMAND, text_of(handoff, "refused"));
    write_block(page, text_of(handoff, shell_names[page->shell]));
}

static void write_choice(const struct page *page, const struct json *choice)
{
    const char *parameter = text_of(choice, "parameter");
    const char *given = parameter != NULL ? arena_format(page->arena, "--parameter %s", parameter) : NULL;
    comment(page, PHRASE_CHOICE, given != NULL ? given : text_of(choice, "do"));
    comment(page, PHRASE_THEN, text_of(choice, "then"));
    comment(page, PHRASE_OTHERWISE, text_of(choice, "otherwise"));
}

static void write_finding(const struct page *page, const struct json *result, const struct json *finding)
{
    const struct json *handoffs = member(finding, "handoff", JSON_ARRAY);
    const struct json *choices = member(finding, "choices", JSON_ARRAY);
    const char *run = text_of(result, "runId");
    const char *word = text_of(finding, "state");
    int state = word != NULL ? text_word(finding_state_names, word) : -1;
    buf_format(page->buf, "# %s ", words_phrase(PHRASE_UNDONE_RUN, page->language));
    text_clean(page->buf, run != NULL ? run : "?", page->language);
    buf_format(page->buf, ": %s\n", state >= 0 ? words_state((enum finding_state)state, page->language) : "?");
    comment(page, PHRASE_REASON, text_of(finding, "reason"));
    for (uint32_t i = 0; i < count_of(choices); i++) {
        write_choice(page, &choices->as.items[i]);
    }
    comment(page, PHRASE_EXPLAINED_BY, text_of(finding, "explainedBy"));
    for (uint32_t i = 0; i < count_of(handoffs); i++) {
        write_handoff(page, &handoffs->as.items[i]);
    }
}

bool explain_result_read(struct buf *buf, const struct explained *explained, const char *bytes, size_t size,
                         struct arena *arena, struct err *err)
{
    const struct page page = {.buf = buf, .arena = arena, .language = explained->language, .shell = explained->shell};
    const struct json_source source = {.file = explained->file, .limit = LIMIT_RESULT_BYTES};
    const struct json *result = NULL;
    if (!json_load(bytes, size, &source, arena, &result, err)) {
        return false;
    }
    if (!text_same(text_of(result, "result"), "azmend.result/1")) {
        return err_set(err, ERR_INVALID, 0, "--from %.200s: not a result of azmend", explained->from);
    }
    const struct json *found = find_finding(result, explained->finding);
    if (found == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "--from %.200s: %.60s was not found by that run", explained->from,
                       explained->finding);
    }
    write_finding(&page, result, found);
    return true;
}

bool explain_result(struct buf *buf, const struct options *options, const char *finding, struct arena *arena,
                    struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const struct explained explained = {.from = options->from,
                                        .file = text_same(options->from, "last") ? STATE_RESULT : options->from,
                                        .finding = finding,
                                        .language = (enum language)options->language,
                                        .shell = (enum shell)options->shell};
    return take_bytes(options, arena, &bytes, err) &&
           explain_result_read(buf, &explained, buf_string(&bytes), bytes.size, arena, err);
}
