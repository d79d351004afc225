/* SPDX-License-Identifier: MIT */
#include "report/runbook.h"

#include "base/limits.h"
#include "base/text.h"
#include "report/clean.h"

/* What `unless` asks goes into a variable of its own; playbooks cannot name one so. */
#define FOUND "found"

struct writing {
    struct buf *buf;
    const struct runbook_style *style;
};

static const char *phrase(const struct writing *writing, enum phrase which)
{
    return words_phrase(which, writing->style->language);
}

static bool is_bash(const struct writing *writing)
{
    return writing->style->shell == SHELL_BASH;
}

static bool add_az(const struct writing *writing, const char *const *words, size_t count, struct err *err)
{
    buf_text(writing->buf, "az");
    for (size_t i = 0; i < count; i++) {
        buf_text(writing->buf, " ");
        if (!quote_word(writing->buf, words[i], writing->style->shell, writing->style->is_ascii, err)) {
            return false;
        }
    }
    return true;
}

static bool add_assigned(const struct writing *writing, const char *name, const char *const *words, size_t count,
                         struct err *err)
{
    buf_format(writing->buf, is_bash(writing) ? "%s=$(" : "$%s = ", name);
    bool added = add_az(writing, words, count, err);
    buf_text(writing->buf, is_bash(writing) ? ")\n" : "\n");
    return added;
}

/* bash stops by itself (set -e). */
static void add_failure_stop(const struct writing *writing)
{
    buf_text(writing->buf, is_bash(writing) ? "" : "if ($LASTEXITCODE) { return $failed }\n");
}

/* "nic not found", or what the playbook says. */
static void add_sentence(const struct writing *writing, const struct handoff_command *command, const char *said)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_TEXT_BYTES);
    if (!is_bash(writing)) {
        buf_format(&text, "%s: ", phrase(writing, PHRASE_STOPPED));
    }
    if (said != NULL) {
        text_clean(&text, said, writing->style->language);
    } else {
        buf_format(&text, "%s %s", command->set, phrase(writing, PHRASE_WAS_NOT_FOUND));
    }
    quote_sentence(writing->buf, buf_string(&text), writing->style->shell);
}

/* The test that must hold, and the sentence; in bash most are the same one, which the first line keeps. */
static void add_test(const struct writing *writing, const struct handoff_command *command)
{
    bool must_hold = command->expect == EXPECT_SOMETHING;
    const char *said = words_say(command->stop, writing->style->language);
    if (!is_bash(writing)) {
        buf_format(writing->buf, "if (%s$%s) { return ", must_hold ? "-not " : "", command->set);
    } else if (must_hold && said == NULL) {
        buf_format(writing->buf, "need %s \"$%s\"\n", command->set, command->set);
        return;
    } else {
        buf_format(writing->buf, "[ %s\"$%s\" ] || stop ", must_hold ? "" : "-z ", command->set);
    }
    add_sentence(writing, command, said);
    buf_text(writing->buf, is_bash(writing) ? "\n" : " }\n");
}

static void add_stop(const struct writing *writing, const struct handoff_command *command)
{
    if (command->expect != EXPECT_SOMETHING) {
        add_failure_stop(writing);
    }
    if (command->expect != EXPECT_ANYTHING) {
        add_test(writing, command);
    }
}

static bool add_variable(const struct writing *writing, const struct handoff_command *command, struct err *err)
{
    const struct runbook_style *style = writing->style;
    if (!command->is_value) {
        bool added = add_assigned(writing, command->set, command->words, command->count, err);
        add_stop(writing, command);
        return added;
    }
    buf_format(writing->buf, is_bash(writing) ? "%s=" : "$%s = ", command->set);
    bool added = quote_value(writing->buf, command->words[0], style->shell, style->is_ascii, err);
    buf_text(writing->buf, "\n");
    return added;
}

static bool add_command(const struct writing *writing, const struct handoff_command *command, struct err *err)
{
    bool is_checked = command->unless_count > 0;
    if (is_checked) {
        if (!add_assigned(writing, FOUND, command->unless, command->unless_count, err)) {
            return false;
        }
        add_failure_stop(writing);
        buf_text(writing->buf, is_bash(writing) ? "[ \"$" FOUND "\" ] || " : "if (-not $" FOUND ") { ");
    }
    bool added = add_az(writing, command->words, command->count, err);
    buf_text(writing->buf, is_checked && !is_bash(writing) ? " }\n" : "\n");
    add_failure_stop(writing);
    return added;
}

/* What stops it: in bash two functions and a trap, in PowerShell the sentence. */
static void add_begin(const struct writing *writing)
{
    const char *stopped = phrase(writing, PHRASE_STOPPED);
    const char *failed = phrase(writing, PHRASE_AZ_FAILED);
    if (is_bash(writing)) {
        buf_format(writing->buf, "( set -e; trap 'echo \"%s: %s\"' ERR; stop() { echo \"%s: $1\"; exit 1; }", stopped,
                   failed, stopped);
        buf_format(writing->buf, "; need() { [ \"$2\" ] || stop \"$1 %s\"; }\n", phrase(writing, PHRASE_WAS_NOT_FOUND));
    } else {
        buf_format(writing->buf, "& { $failed = '%s: %s'\n", stopped, failed);
    }
}

static bool add_all(const struct writing *writing, const struct handoff_record *handoff, struct err *err)
{
    add_begin(writing);
    for (size_t i = 0; i < handoff->count; i++) {
        const struct handoff_command *command = &handoff->commands[i];
        bool added = command->set != NULL ? add_variable(writing, command, err) : add_command(writing, command, err);
        if (!added) {
            return false;
        }
    }
    buf_text(writing->buf, is_bash(writing) ? ")\n" : "}\n");
    return true;
}

bool runbook_commands(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style,
                      struct err *err)
{
    struct buf block AUTO(buf_clear) = {0};
    const struct writing writing = {.buf = &block, .style = style};
    buf_init(&block, LIMIT_RUNBOOK_BYTES);
    if (!add_all(&writing, handoff, err)) {
        return false;
    }
    if (block.failed) {
        return err_set(err, ERR_LIMIT, 0, "the commands are longer than %d bytes", LIMIT_RUNBOOK_BYTES);
    }
    buf_add(buf, buf_string(&block), block.size);
    return !buf->failed || err_set(err, ERR_MEMORY, 0, "no memory for the commands");
}

/* --- comments --- */

/* A clean text has no line break: it stays behind its '#'. */
static void add_comment(const struct writing *writing, int label, const char *text)
{
    if (text == NULL) {
        return;
    }
    buf_text(writing->buf, "# ");
    if (label >= 0) {
        buf_format(writing->buf, "%s: ", phrase(writing, (enum phrase)label));
    }
    text_clean(writing->buf, text, writing->style->language);
    buf_text(writing->buf, "\n");
}

static void add_comments(const struct writing *writing, const struct handoff_record *handoff, bool is_whole)
{
    enum language language = writing->style->language;
    add_comment(writing, -1, words_say(handoff->title, language));
    if (is_whole) {
        add_comment(writing, PHRASE_WHY, words_say(handoff->why, language));
    }
    add_comment(writing, PHRASE_EFFECT, words_say(handoff->effect, language));
    add_comment(writing, PHRASE_WAY_BACK, words_say(handoff->back, language));
    if (is_whole) {
        add_comment(writing, -1, handoff->page);
    }
}

void runbook_effect(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style)
{
    add_comment(&(struct writing){.buf = buf, .style = style}, PHRASE_EFFECT,
                words_say(handoff->effect, style->language));
}

void runbook_back(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style)
{
    add_comment(&(struct writing){.buf = buf, .style = style}, PHRASE_WAY_BACK,
                words_say(handoff->back, style->language));
}

void runbook_head(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style)
{
    add_comments(&(struct writing){.buf = buf, .style = style}, handoff, false);
}

void runbook_comments(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style)
{
    add_comments(&(struct writing){.buf = buf, .style = style}, handoff, true);
}
