/* SPDX-License-Identifier: MIT */
#include "report/quote.h"

#include <string.h>

#include "base/letters.h"
#include "base/limits.h"
#include "base/text.h"

struct lines {
    struct buf of[LIMIT_STEPS]; /* one per command, the same index */
};

static void drop_lines(struct lines *lines)
{
    for (size_t i = 0; i < COUNT_OF(lines->of); i++) {
        buf_clear(&lines->of[i]);
    }
}

/* Words that neither shell looks into. A comma makes a list in PowerShell; it splits "-a.b" and "-a:b" in two. */
static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/-.:";
    bool is_split = word[0] == '-' && strpbrk(word, ".:") != NULL;
    return word[strspn(word, plain)] == '\0' && word[0] != '.' && word[0] != ':' && !is_split;
}

static bool is_quotable(const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i < length;) {
        uint32_t point = 0;
        size_t size = text_decode(word + i, &point);
        bool is_ascii = point >= ' ' && point <= '~' && point != '\'' && point != '"';
        if (size == 0 || (!is_ascii && !letters_hold(point))) {
            return false;
        }
        i += size;
    }
    return length > 0 && word[length - 1] != '\\';
}

/* The command before `index` that set the variable, or NULL. */
static const struct buf *find_set(const struct lines *lines, const struct handoff_record *handoff, size_t index,
                                  const char *name)
{
    for (size_t i = index; i > 0; i--) {
        if (text_same(handoff->commands[i - 1].set, name)) {
            return &lines->of[i - 1];
        }
    }
    return NULL;
}

static bool add_word(struct lines *lines, const struct handoff_record *handoff, size_t index, const char *word,
                     struct err *err)
{
    struct buf *line = &lines->of[index];
    if (word[0] == '@') {
        const struct buf *set = find_set(lines, handoff, index, word + 1);
        if (set == NULL) {
            return err_set(err, ERR_REFUSED, 0, "no earlier command sets %.64s", word);
        }
        buf_format(line, " \"$(%s)\"", buf_string(set));
        return true;
    }
    if (!is_quotable(word)) {
        return err_set(err, ERR_REFUSED, 0, "an element cannot be quoted alike for bash and PowerShell");
    }
    buf_format(line, is_plain(word) ? " %s" : " '%s'", word);
    return true;
}

static bool add_command(struct lines *lines, const struct handoff_record *handoff, size_t index, struct err *err)
{
    const struct handoff_command *command = &handoff->commands[index];
    buf_init(&lines->of[index], LIMIT_TEXT_BYTES);
    buf_text(&lines->of[index], "az");
    for (size_t i = 0; i < command->count; i++) {
        if (!add_word(lines, handoff, index, command->words[i], err)) {
            return false;
        }
    }
    return !lines->of[index].failed ||
           err_set(err, ERR_LIMIT, 0, "the command line is longer than %d bytes", LIMIT_TEXT_BYTES);
}

bool quote_command(struct buf *buf, const struct handoff_record *handoff, size_t index, struct err *err)
{
    struct lines lines AUTO(drop_lines) = {0};
    if (index >= handoff->count || index >= COUNT_OF(lines.of)) {
        return err_set(err, ERR_LIMIT, 0, "more than %d commands in one hand-over", LIMIT_STEPS);
    }
    for (size_t i = 0; i <= index; i++) {
        if (!add_command(&lines, handoff, i, err)) {
            return false;
        }
    }
    buf_text(buf, buf_string(&lines.of[index]));
    return !buf->failed || err_set(err, ERR_MEMORY, 0, "no memory for the command line");
}
