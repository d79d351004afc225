/* SPDX-License-Identifier: MIT */
/* explain ID|0xCODE|KIND: what the playbooks themselves say of a finding, the table of an error code, a kind of itself.
 */
#include <string.h>

#include "base/text.h"
#include "channel/options/nearest.h"
#include "channel/run/load.h"
#include "channel/run/say.h"
#include "channel/tools/explain_result.h"
#include "channel/tools/kinds.h"
#include "channel/tools/tools.h"
#include "intake/embedded.h"
#include "json/json.h"
#include "kinds/catalog.h"
#include "report/clean.h"

enum { HINT_SIZE = 64 };

struct page {
    struct buf *buf;
    struct arena *arena;
    enum language language;
};

enum heading {
    HEADING_FIX,
    HEADING_REFUSED,
    HEADING_OUTSIDE,
    HEADING_EXPLAINED,
    HEADING_BLOCKED,
    HEADING_CONSENT,
    HEADING_FAMILY,
    HEADING_RETRY,
    HEADING_YES,
    HEADING_NO,
    HEADING_FINDINGS,
    HEADING_SOURCE,
    HEADING_COUNT
};

static const char *heading(const struct page *page, enum heading heading)
{
    static const struct spoken headings[HEADING_COUNT] = {
        [HEADING_FIX] = {"fix", "修正"},
        [HEADING_REFUSED] = {"not fixed when", "修正しない場合"},
        [HEADING_OUTSIDE] = {"outside the VM", "VM の外で行うこと"},
        [HEADING_EXPLAINED] = {"may be explained by", "原因となりうるもの"},
        [HEADING_BLOCKED] = {"to be resolved first", "先に解消が必要なもの"},
        [HEADING_CONSENT] = {"fixed only with", "修正に必要な同意"},
        [HEADING_FAMILY] = {"family", "分類"},
        [HEADING_RETRY] = {"worth another try", "再試行で解消する可能性"},
        [HEADING_YES] = {"yes, it may pass", "あり"},
        [HEADING_NO] = {"no", "なし"},
        [HEADING_FINDINGS] = {"likely findings", "考えられる検出項目"},
        [HEADING_SOURCE] = {"source", "出典"},
    };
    return words_say(headings[heading], page->language);
}

static void line(const struct page *page, const char *label, const char *text)
{
    text_line(page->buf, 2, label, text, page->language);
}

static void say(const struct page *page, const char *label, const struct said *said)
{
    line(page, label, tools_said(said, (int)page->language, page->arena));
}

static void add_values(struct buf *buf, const struct columns *columns, const struct expr **values, struct arena *arena)
{
    for (size_t i = 0; values != NULL && i < columns->count; i++) {
        if (values[i] != NULL) {
            buf_format(buf, " %s=%s", columns->items[i].name, tools_spell(values[i], arena));
        }
    }
}

static void explain_step(const struct page *page, const struct step *step)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_TEXT_BYTES);
    buf_text(&text, step->kind->name);
    add_values(&text, &step->kind->params, step->params, page->arena);
    add_values(&text, &step->kind->properties, step->wanted, page->arena);
    line(page, heading(page, HEADING_FIX), buf_string(&text));
}

static void add_words(const struct page *page, struct buf *text, const struct expr *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(text, " %s", tools_spell(&words[i], page->arena));
    }
}

/* As the playbook writes it: the values are not known here, so there is nothing to quote yet. */
static void explain_run(const struct page *page, const struct handoff_run *run)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_TEXT_BYTES);
    if (run->set != NULL) {
        buf_format(&text, "%s =%s", run->set, run->is_value ? "" : " ");
    }
    buf_text(&text, run->is_value ? "" : "az");
    add_words(page, &text, run->words, run->count);
    if (run->unless_count > 0) {
        buf_text(&text, " # unless: az");
        add_words(page, &text, run->unless, run->unless_count);
    }
    line(page, NULL, buf_string(&text));
}

static void explain_handoff(const struct page *page, const struct handoff *handoff)
{
    say(page, heading(page, HEADING_OUTSIDE), &handoff->title);
    say(page, NULL, &handoff->why);
    say(page, words_phrase(PHRASE_EFFECT, page->language), &handoff->effect);
    say(page, words_phrase(PHRASE_WAY_BACK, page->language), &handoff->back);
    line(page, NULL, handoff->page);
    for (size_t i = 0; i < handoff->run_count; i++) {
        explain_run(page, &handoff->runs[i]);
    }
}

static void explain_finding(const struct page *page, const struct playbook *playbook, const struct finding *finding)
{
    buf_format(page->buf, "%s (%s, %s)\n", finding->id,
               words_severity((enum severity)finding->severity.otherwise, page->language), playbook->id);
    say(page, NULL, &finding->title);
    say(page, NULL, &finding->detail);
    for (size_t i = 0; i < finding->step_count; i++) {
        explain_step(page, &finding->steps[i]);
    }
    for (size_t i = 0; i < finding->need_count; i++) {
        line(page, heading(page, HEADING_CONSENT), playbook->parameters[finding->needs[i]].column.name);
    }
    for (size_t i = 0; i < finding->refusal_count; i++) {
        say(page, heading(page, HEADING_REFUSED), &finding->refusals[i].reason);
    }
    for (size_t i = 0; i < finding->explained_count; i++) {
        line(page, heading(page, HEADING_EXPLAINED), finding->explained_by[i].finding);
    }
    for (size_t i = 0; i < finding->blocked_count; i++) {
        line(page, heading(page, HEADING_BLOCKED), finding->blocked_by[i]);
    }
    for (size_t i = 0; i < finding->handoff_count; i++) {
        explain_handoff(page, &finding->handoffs[i]);
    }
}

/* False: no such finding; nearest then knows the best guess. */
static bool find_finding(const struct page *page, const struct plan *plan, struct nearest *nearest)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->playbooks[i].finding_count; j++) {
            const struct finding *finding = &plan->playbooks[i].findings[j];
            if (text_equal(finding->id, nearest->wrong)) {
                explain_finding(page, &plan->playbooks[i], finding);
                return true;
            }
            nearest_offer(nearest, finding->id);
        }
    }
    return false;
}

static bool explain_id(const struct page *page, const struct options *options, struct err *err)
{
    char hint[HINT_SIZE];
    const struct plan *plan = NULL;
    struct nearest nearest = nearest_to(options->operands.items[0]);
    if (!load_plan(options, page->arena, &plan, err)) {
        return false;
    }
    if (find_finding(page, plan, &nearest)) {
        return options->from == NULL || explain_result(page->buf, options, nearest.wrong, page->arena, err);
    }
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        nearest_offer(&nearest, kind_catalog[i]->name);
    }
    return err_set(err, ERR_NOT_FOUND, 0, "explain %.60s: no playbook has such a finding, no kind is called so%s",
                   nearest.wrong, nearest_hint(&nearest, hint, sizeof(hint)));
}

/* --- error codes: a row of the table --- */

static const char *cell(const struct json *row, const char *name)
{
    const struct json *found = json_find(row, name);
    return found != NULL && found->type == JSON_TEXT ? found->as.text : NULL;
}

static const char *joined(const struct page *page, const struct json *row, const char *name)
{
    const struct json *list = json_find(row, name);
    const char *text = NULL;
    for (uint32_t i = 0; list != NULL && list->type == JSON_ARRAY && i < list->count; i++) {
        const char *item = list->as.items[i].as.text;
        text = text == NULL ? item : arena_format(page->arena, "%s, %s", text, item);
    }
    return text;
}

static void explain_row(const struct page *page, const struct json *row)
{
    const struct json *retry = json_find(row, "retry");
    const char *symbol = cell(row, "symbol");
    bool transient = retry != NULL && retry->type == JSON_BOOL && retry->as.boolean;
    buf_format(page->buf, "%s%s%s\n", cell(row, "code"), symbol != NULL ? " " : "", symbol != NULL ? symbol : "");
    line(page, NULL, cell(row, page->language == LANGUAGE_JA ? "meaningJa" : "meaning"));
    line(page, heading(page, HEADING_FAMILY), cell(row, "family"));
    line(page, heading(page, HEADING_RETRY), heading(page, transient ? HEADING_YES : HEADING_NO));
    line(page, heading(page, HEADING_FINDINGS), joined(page, row, "findings"));
    line(page, heading(page, HEADING_SOURCE), cell(row, "source"));
}

static bool explain_code(const struct page *page, const char *code, struct err *err)
{
    const struct embedded *table = embedded_find(embedded_tables, "error-codes");
    const struct json *rows = table != NULL ? json_find(table->document, "rows") : NULL;
    for (uint32_t i = 0; rows != NULL && rows->type == JSON_ARRAY && i < rows->count; i++) {
        const char *known = cell(&rows->as.items[i], "code");
        if (known != NULL && text_equal(known, code)) {
            explain_row(page, &rows->as.items[i]);
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "explain %.20s: this code is in none of the documents azmend knows", code);
}

/* --- kinds --- */

static bool explain_kind(const struct page *page, const struct kind *kind, const struct options *options,
                         struct err *err)
{
    struct writer writer;
    if (options->from != NULL) {
        return err_set(err, ERR_INVALID, 0, "--from is for a finding: a kind is the same in every run");
    }
    if (!options->json) {
        kinds_page(page->buf, kind, page->language);
        return true;
    }
    writer_init(&writer, page->buf, WRITER_INDENTED);
    kinds_write(&writer, kind);
    writer_finish(&writer);
    return true;
}

static bool explain(const struct page *page, const struct options *options, struct err *err)
{
    const char *asked = options->operands.items[0];
    const struct kind *kind = kind_find(asked);
    if (kind != NULL) {
        return explain_kind(page, kind, options, err);
    }
    if (options->json) {
        return err_set(err, ERR_INVALID, 0, "explain: --json is for a kind");
    }
    return text_starts(asked, "0x") ? explain_code(page, asked, err) : explain_id(page, options, err);
}

int tools_explain(const struct options *options, struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    const struct page page = {.buf = &buf, .arena = arena, .language = (enum language)options->language};
    buf_init(&buf, LIMIT_RESULT_BYTES);
    if (!explain(&page, options, &err)) {
        complain(err.text);
        return exit_code_early(ENDING_USAGE, EXIT_PLAIN);
    }
    tools_print(&buf);
    return 0;
}
