/* SPDX-License-Identifier: MIT */
/* The report over many results as one page: html_parts.h says what a page is. */
#include <stdio.h>

#include "host/nouns/clock/clock.h"
#include "report/fleet_parts.h"
#include "report/fleet_words.h"
#include "report/html_parts.h"
#include "report/result_parts.h"

static const char style[] = "main{max-width:75rem}\n"
                            "caption{text-align:left;color:var(--faint);padding:.3rem 0}\n"
                            ".sums th,.list th{width:auto}\n"
                            ".sums td+td,.sums th+th{text-align:right;width:8rem;white-space:nowrap}\n"
                            ".list{table-layout:fixed}\n"
                            ".list th:first-child{width:30%}\n"
                            "summary{cursor:pointer;padding:.4rem 0;font-weight:600}\n"
                            "details{border-top:1px solid var(--line)}\n"
                            ".count{display:inline-block;min-width:7rem}\n";

struct sheet {
    struct buf *buf;
    const struct fleet *fleet;
    enum language language;
};

static const char *word(const struct sheet *sheet, enum fleet_word which)
{
    return fleet_word(which, sheet->language);
}

/* --- pieces --- */

static void heading(const struct sheet *sheet, const char *tag, enum fleet_word which)
{
    html_element(sheet->buf, tag, NULL, word(sheet, which));
}

/* <table>, its caption and the names of its columns. */
static void begin_table(const struct sheet *sheet, const char *class, enum fleet_word caption,
                        const enum fleet_word *columns, size_t count)
{
    buf_format(sheet->buf, "<table class=\"%s\">\n", class);
    heading(sheet, "caption", caption);
    buf_text(sheet->buf, "<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        buf_text(sheet->buf, "<th scope=\"col\">");
        html_text(sheet->buf, word(sheet, columns[i]));
        buf_text(sheet->buf, "</th>");
    }
    buf_text(sheet->buf, "</tr></thead>\n<tbody>\n");
}

static void end_table(const struct sheet *sheet)
{
    buf_text(sheet->buf, "</tbody>\n</table>\n");
}

static void begin_row(const struct sheet *sheet, const char *head)
{
    buf_text(sheet->buf, "<tr><th scope=\"row\">");
    html_text(sheet->buf, head);
    buf_text(sheet->buf, "</th>");
}

static void cell_text(const struct sheet *sheet, const char *text)
{
    buf_text(sheet->buf, "<td>");
    html_text(sheet->buf, text);
    buf_text(sheet->buf, "</td>");
}

static void cell_count(const struct sheet *sheet, size_t count)
{
    buf_format(sheet->buf, "<td>%zu</td>", count);
}

static void cell_share(const struct sheet *sheet, size_t part)
{
    size_t tenths = sheet->fleet->vms > 0 ? (part * 2000 / sheet->fleet->vms + 1) / 2 : 0;
    buf_format(sheet->buf, "<td>%zu.%zu %%</td>", tenths / 10, tenths % 10);
}

static void end_row(const struct sheet *sheet)
{
    buf_text(sheet->buf, "</tr>\n");
}

/* "N WORDS"; nothing where there are none. */
static void count_line(const struct sheet *sheet, size_t count, enum fleet_word words)
{
    if (count > 0) {
        buf_format(sheet->buf, "<p>%zu %s</p>\n", count, word(sheet, words));
    }
}

/* --- sections --- */

static void write_top(const struct sheet *sheet)
{
    const struct fleet *fleet = sheet->fleet;
    struct utc_text oldest = {0};
    struct utc_text newest = {0};
    char span[2 * sizeof(struct utc_text)] = "";
    buf_text(sheet->buf, "<header>\n");
    heading(sheet, "h1", FLEET_WORD_TITLE);
    buf_format(sheet->buf, "<p class=\"verdict\">%zu %s</p>\n", fleet->vms, word(sheet, FLEET_WORD_VMS));
    count_line(sheet, fleet->results, FLEET_WORD_RESULTS);
    if (fleet->oldest_ms > 0) {
        (void)snprintf(span, sizeof(span), "%s - %s", result_utc(fleet->oldest_ms, &oldest),
                       result_utc(fleet->newest_ms, &newest));
        html_labelled(sheet->buf, "p", word(sheet, FLEET_WORD_FROM_TO), span);
    }
    count_line(sheet, fleet->shortened, FLEET_WORD_SHORTENED);
    count_line(sheet, fleet->beyond + fleet->findings_beyond + fleet->actions_beyond + fleet->weeks_beyond,
               FLEET_WORD_LEFT_OUT);
    buf_text(sheet->buf, "</header>\n");
}

static void write_verdicts(const struct sheet *sheet)
{
    static const enum fleet_word columns[] = {FLEET_WORD_RESULT, FLEET_WORD_NUMBER, FLEET_WORD_SHARE};
    heading(sheet, "h2", FLEET_WORD_VERDICTS);
    buf_text(sheet->buf, "<div class=\"box\">\n");
    begin_table(sheet, "sums", FLEET_WORD_VERDICTS, columns, COUNT_OF(columns));
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        if (sheet->fleet->verdicts[i] > 0) {
            begin_row(sheet, words_verdict((enum verdict)i, sheet->language));
            cell_count(sheet, sheet->fleet->verdicts[i]);
            cell_share(sheet, sheet->fleet->verdicts[i]);
            end_row(sheet);
        }
    }
    end_table(sheet);
    buf_text(sheet->buf, "</div>\n");
}

static void write_machines(const struct sheet *sheet, const struct fleet_action *action)
{
    static const enum fleet_word columns[] = {FLEET_WORD_NAME, FLEET_WORD_WHERE};
    const struct fleet_machine *machines = action->machines.items;
    begin_table(sheet, "list", FLEET_WORD_MACHINES, columns, COUNT_OF(columns));
    for (size_t i = 0; i < action->machines.count; i++) {
        begin_row(sheet, machines[i].name);
        cell_text(sheet, machines[i].where);
        end_row(sheet);
    }
    end_table(sheet);
    if (action->machines.count < action->vms) {
        count_line(sheet, action->machines.count, FLEET_WORD_FIRST);
    }
}

static void write_commands(const struct sheet *sheet, const struct fleet_action *action)
{
    for (size_t shell = 0; shell < SHELL_COUNT; shell++) {
        if (action->commands[shell] != NULL) {
            html_labelled(sheet->buf, "p", word(sheet, FLEET_WORD_COMMANDS), action->commands_of);
            html_element(sheet->buf, "h4", NULL, shell_names[shell]);
            html_element(sheet->buf, "pre", NULL, action->commands[shell]);
        }
    }
}

static void write_action(const struct sheet *sheet, const struct fleet_action *action)
{
    const char *const *ids = action->findings.items;
    buf_format(sheet->buf, "<details>\n<summary><span class=\"count\">%zu %s</span>", action->vms,
               word(sheet, FLEET_WORD_VMS));
    html_text(sheet->buf, fleet_said(sheet->fleet, action->title));
    buf_text(sheet->buf, "</summary>\n");
    html_labelled(sheet->buf, "p", words_phrase(PHRASE_WHY, sheet->language), fleet_said(sheet->fleet, action->why));
    html_labelled(sheet->buf, "p", words_phrase(PHRASE_EFFECT, sheet->language),
                  fleet_said(sheet->fleet, action->effect));
    html_labelled(sheet->buf, "p", words_phrase(PHRASE_WAY_BACK, sheet->language),
                  fleet_said(sheet->fleet, action->back));
    html_element(sheet->buf, "p", "id", action->page);
    buf_format(sheet->buf, "<p class=\"id\">%s:", word(sheet, FLEET_WORD_FOR));
    for (size_t i = 0; i < action->findings.count; i++) {
        buf_text(sheet->buf, " ");
        html_text(sheet->buf, ids[i]);
    }
    buf_text(sheet->buf, "</p>\n");
    write_commands(sheet, action);
    write_machines(sheet, action);
    buf_text(sheet->buf, "</details>\n");
}

static void write_actions(const struct sheet *sheet)
{
    heading(sheet, "h2", FLEET_WORD_ACTIONS);
    buf_text(sheet->buf, "<div class=\"box\">\n");
    for (size_t i = 0; i < sheet->fleet->actions.count; i++) {
        write_action(sheet, fleet_action_at(sheet->fleet, i));
    }
    if (sheet->fleet->actions.count == 0) {
        heading(sheet, "p", FLEET_WORD_NONE);
    }
    buf_text(sheet->buf, "</div>\n");
}

static void write_expiry(const struct sheet *sheet)
{
    static const enum fleet_word columns[] = {FLEET_WORD_WEEK, FLEET_WORD_NUMBER, FLEET_WORD_SHARE};
    struct fleet_date date = {0};
    heading(sheet, "h2", FLEET_WORD_EXPIRY);
    buf_text(sheet->buf, "<div class=\"box\">\n");
    begin_table(sheet, "sums", FLEET_WORD_EXPIRY, columns, COUNT_OF(columns));
    for (size_t i = 0; i < sheet->fleet->week_count; i++) {
        begin_row(sheet, fleet_day(sheet->fleet->weeks[i].monday, &date));
        cell_count(sheet, sheet->fleet->weeks[i].vms);
        cell_share(sheet, sheet->fleet->weeks[i].vms);
        end_row(sheet);
    }
    begin_row(sheet, word(sheet, FLEET_WORD_UNDATED));
    cell_count(sheet, sheet->fleet->undated);
    cell_share(sheet, sheet->fleet->undated);
    end_row(sheet);
    end_table(sheet);
    buf_text(sheet->buf, "</div>\n");
}

/* A finding's own title, where its playbook is known; else as the first VM told it. */
static const char *title_of(const struct sheet *sheet, const struct fleet_finding *finding)
{
    const char *known = fleet_said(sheet->fleet, finding->id);
    return known != finding->id ? known : finding->title != NULL ? finding->title : "";
}

static void write_finding(const struct sheet *sheet, const struct fleet_finding *finding)
{
    buf_text(sheet->buf, "<tr><th scope=\"row\">");
    html_text(sheet->buf, title_of(sheet, finding));
    buf_text(sheet->buf, "<br><span class=\"id\">");
    html_text(sheet->buf, finding->id);
    buf_text(sheet->buf, "</span></th>");
    cell_text(sheet, words_severity(finding->severity, sheet->language));
    for (enum fleet_column column = FLEET_OPEN; column < FLEET_COLUMN_COUNT; column++) {
        cell_count(sheet, fleet_finding_vms(finding, column));
    }
    end_row(sheet);
}

static void write_findings(const struct sheet *sheet)
{
    static const enum fleet_word columns[] = {FLEET_WORD_FINDING, FLEET_WORD_SEVERITY,  FLEET_WORD_OPEN,
                                              FLEET_WORD_FIXED,   FLEET_WORD_EXPLAINED, FLEET_WORD_UNKNOWN};
    heading(sheet, "h2", FLEET_WORD_FINDINGS);
    buf_text(sheet->buf, "<div class=\"box\">\n");
    begin_table(sheet, "sums", FLEET_WORD_NUMBER, columns, COUNT_OF(columns));
    for (size_t i = 0; i < sheet->fleet->findings.count; i++) {
        write_finding(sheet, fleet_finding_at(sheet->fleet, i));
    }
    end_table(sheet);
    buf_text(sheet->buf, "</div>\n");
}

static void write_unread(const struct sheet *sheet)
{
    static const enum fleet_word columns[] = {FLEET_WORD_INPUT, FLEET_WORD_WHY};
    const struct fleet *fleet = sheet->fleet;
    size_t named = fleet->unread_count < LIMIT_FLEET_NAMED ? fleet->unread_count : LIMIT_FLEET_NAMED;
    char text[LIMIT_FLEET_PATH_BYTES];
    if (named == 0) {
        return;
    }
    buf_format(sheet->buf, "<h2>%s: %zu</h2>\n<div class=\"box\">\n", word(sheet, FLEET_WORD_UNREAD),
               fleet->unread_count);
    begin_table(sheet, "list", FLEET_WORD_UNREAD, columns, COUNT_OF(columns));
    for (size_t i = 0; i < named; i++) {
        begin_row(sheet, fleet_place_text(&fleet->unread[i].place, text, sizeof(text)));
        cell_text(sheet, fleet->unread[i].why);
        end_row(sheet);
    }
    end_table(sheet);
    count_line(sheet, fleet->unread_count - named, FLEET_WORD_MORE);
    buf_text(sheet->buf, "</div>\n");
}

void fleet_html(struct buf *buf, const struct fleet *fleet, enum language language)
{
    const struct sheet sheet = {.buf = buf, .fleet = fleet, .language = language};
    html_begin(buf, language, fleet_word(FLEET_WORD_TITLE, language), style);
    write_top(&sheet);
    write_verdicts(&sheet);
    write_actions(&sheet);
    write_expiry(&sheet);
    write_findings(&sheet);
    write_unread(&sheet);
    html_end(buf);
}
