/* SPDX-License-Identifier: MIT */
/* One finding: what it is, what was seen, what was done about it, what is left to do. */
#include "base/limits.h"
#include "host/host.h"
#include "json/writer.h"
#include "report/html_parts.h"
#include "report/runbook.h"

static void say_value(const struct page *page, const struct value *value)
{
    struct buf *buf = page->buf;
    struct buf json AUTO(buf_clear) = {0};
    struct writer writer;
    if (value->state == VALUE_KNOWN && value->base == TYPE_TEXT && !value->secret) {
        html_text(buf, value->as.text);
        return;
    }
    if (value->state == VALUE_ABSENT) {
        html_text(buf, words_phrase(PHRASE_NO_VALUE, page->language));
        return;
    }
    if (value->state == VALUE_UNKNOWN) {
        html_text(buf, words_state(FINDING_UNKNOWN, page->language));
        buf_text(buf, ": ");
        html_text(buf, value->as.why);
        return;
    }
    buf_init(&json, LIMIT_RESULT_BYTES);
    writer_init(&writer, &json, WRITER_ONE_LINE);
    writer_value(&writer, value);
    html_text(buf, buf_string(&json));
}

static void say_evidence(const struct page *page, const struct finding_record *finding)
{
    if (finding->evidence_count == 0) {
        return;
    }
    html_element(page->buf, "h4", NULL, html_label(page, LABEL_SEEN));
    buf_text(page->buf, "<table class=\"seen\">\n");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        buf_text(page->buf, "<tr><th>");
        html_text(page->buf, finding->evidence[i].name);
        buf_text(page->buf, "</th><td>");
        say_value(page, &finding->evidence[i].value);
        buf_text(page->buf, "</td></tr>\n");
    }
    buf_text(page->buf, "</table>\n");
}

/* --- steps --- */

static void say_op(const struct page *page, const struct op *op)
{
    struct buf outcome AUTO(buf_clear) = {0};
    buf_init(&outcome, LIMIT_TEXT_BYTES);
    buf_text(&outcome, html_outcome(page, op->outcome));
    buf_text(&outcome, words_class(op->class, page->language));
    if (op->err.code != ERR_NONE) {
        buf_format(&outcome, ": %s", op->err.text);
    }
    html_change(page, op, op->shown_before, op->shown_after, buf_string(&outcome));
}

static size_t count_ops(const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    size_t count = 0;
    for (size_t i = 0; i < finding->steps.count; i++) {
        count += steps[i].op_count;
    }
    return count;
}

static void say_changes(const struct page *page, const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    if (count_ops(finding) == 0) {
        return;
    }
    html_element(page->buf, "h4", NULL, html_label(page, LABEL_CHANGES));
    html_change_head(page);
    for (size_t i = 0; i < finding->steps.count; i++) {
        for (size_t j = 0; j < steps[i].op_count; j++) {
            say_op(page, host_op(page->record->host, steps[i].op_first + j));
        }
    }
    buf_text(page->buf, "</table>\n");
}

static void say_preview(const struct page *page, const struct step_record *step)
{
    struct buf line AUTO(buf_clear) = {0};
    enum phrase phrase = step->err.code == ERR_NONE ? PHRASE_IF_SO : PHRASE_AFTER_THAT;
    buf_init(&line, LIMIT_RESULT_BYTES);
    words_preview(&line, step, page->language);
    html_labelled(page->buf, "p", words_phrase(phrase, page->language), buf_string(&line));
}

static void say_troubles(const struct page *page, const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    for (size_t i = 0; i < finding->steps.count; i++) {
        if (steps[i].preview != NULL) {
            say_preview(page, &steps[i]);
        }
        if (steps[i].may_follow != NULL) {
            html_labelled(page->buf, "p", words_phrase(PHRASE_MAY_FOLLOW, page->language), steps[i].may_follow);
        }
        if (steps[i].err.code != ERR_NONE) {
            html_labelled(page->buf, "p", words_outcome(steps[i].outcome, page->language), steps[i].err.text);
        }
    }
}

/* --- what is to do outside the VM --- */

static void say_no_command(const struct page *page, const char *why)
{
    struct buf line AUTO(buf_clear) = {0};
    if (why != NULL) {
        buf_init(&line, LIMIT_TEXT_BYTES * 2);
        words_no_command(&line, why, page->language);
        html_labelled(page->buf, "p", words_phrase(PHRASE_NO_COMMAND, page->language), buf_string(&line));
    }
}

/* For both shells: who reads the page chooses. */
static void say_commands(const struct page *page, const struct handoff_record *handoff)
{
    static const char *const labels[SHELL_COUNT] = {[SHELL_BASH] = "Bash", [SHELL_POWERSHELL] = "PowerShell"};
    for (enum shell shell = SHELL_BASH; handoff->count > 0 && shell < SHELL_COUNT; shell++) {
        const struct runbook_style style = {.shell = shell, .language = page->language};
        struct buf block AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&block, LIMIT_RUNBOOK_BYTES);
        html_element(page->buf, "h5", NULL, labels[shell]);
        if (runbook_commands(&block, handoff, &style, &err)) {
            html_element(page->buf, "pre", NULL, buf_string(&block));
        } else {
            say_no_command(page, err.text);
        }
    }
}

static void say_handoff(const struct page *page, const struct handoff_record *handoff)
{
    bool has_commands = handoff->count > 0 || handoff->unknown != NULL;
    enum phrase where = has_commands ? PHRASE_OUTSIDE : PHRASE_BY_A_PERSON;
    html_element(page->buf, "h4", NULL, words_phrase(where, page->language));
    html_element(page->buf, "p", "todo", words_say(handoff->title, page->language));
    html_element(page->buf, "p", NULL, words_say(handoff->why, page->language));
    say_no_command(page, handoff->unknown);
    html_labelled(page->buf, "p", words_phrase(PHRASE_EFFECT, page->language),
                  words_say(handoff->effect, page->language));
    html_labelled(page->buf, "p", words_phrase(PHRASE_WAY_BACK, page->language),
                  words_say(handoff->back, page->language));
    html_element(page->buf, "p", NULL, handoff->page);
    say_commands(page, handoff);
}

static void say_choices(const struct page *page, const struct finding_record *finding)
{
    for (size_t i = 0; i < finding->choice_count; i++) {
        const struct choice_record *choice = &finding->choices[i];
        struct buf parameter AUTO(buf_clear) = {0};
        buf_init(&parameter, LIMIT_TEXT_BYTES * 2);
        html_element(page->buf, "h4", NULL, words_phrase(PHRASE_CHOICE, page->language));
        html_element(page->buf, "p", "todo", words_choice(&parameter, choice, page->language));
        html_labelled(page->buf, "p", words_phrase(PHRASE_THEN, page->language),
                      words_say(choice->then, page->language));
        html_labelled(page->buf, "p", words_phrase(PHRASE_OTHERWISE, page->language),
                      words_say(choice->otherwise, page->language));
    }
}

/* --- the whole --- */

static const char *said_confidence(const struct page *page, enum confidence confidence)
{
    static const struct spoken words[CONFIDENCE_COUNT] = {[CONFIDENCE_CERTAIN] = {NULL, NULL},
                                                          [CONFIDENCE_LIKELY] = {"likely", "可能性が高い"},
                                                          [CONFIDENCE_POSSIBLE] = {"possible", "可能性あり"}};
    return words_say(words[confidence], page->language);
}

static void say_head(const struct page *page, const struct finding_record *finding)
{
    /* A title would read as if the problem were there. */
    const char *title = finding->state != FINDING_UNKNOWN ? words_say(finding->title, page->language) : NULL;
    buf_text(page->buf, "<h3>");
    html_element(page->buf, "span", "state", words_finding(finding, page->language));
    html_text(page->buf, title != NULL ? title : finding->finding->id);
    buf_text(page->buf, "</h3>\n<p class=\"id\">");
    html_element(page->buf, "code", NULL, finding->finding->id);
    html_element(page->buf, "span", NULL, words_severity(finding->severity, page->language));
    html_element(page->buf, "span", NULL, said_confidence(page, finding->confidence));
    buf_text(page->buf, "</p>\n");
}

void html_finding(const struct page *page, const struct finding_record *finding)
{
    buf_format(page->buf, "<section class=\"finding %s\">\n", finding_state_names[finding->state]);
    say_head(page, finding);
    /* The detail speaks as if the finding were present: of an unknown one it would claim too much. */
    if (finding->state != FINDING_UNKNOWN) {
        html_element(page->buf, "p", NULL, words_say(finding->detail, page->language));
    }
    html_labelled(page->buf, "p", words_phrase(PHRASE_REASON, page->language),
                  words_say(finding->reason, page->language));
    html_labelled(page->buf, "p", words_phrase(PHRASE_EXPLAINED_BY, page->language), finding->explained_by);
    say_choices(page, finding);
    say_changes(page, finding);
    say_troubles(page, finding);
    for (size_t i = 0; i < finding->handoff_count; i++) {
        say_handoff(page, &finding->handoffs[i]);
    }
    say_evidence(page, finding);
    buf_text(page->buf, "</section>\n");
}
