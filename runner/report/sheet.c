/* SPDX-License-Identifier: MIT */
#include "report/sheet.h"

#include "base/text.h"
#include "report/clean.h"

enum { STATE_COLUMNS = 16 };

void sheet_say(const struct sheet *sheet, const char *text)
{
    text_clean(sheet->buf, text, sheet->language);
}

const char *sheet_phrase(const struct sheet *sheet, enum phrase phrase)
{
    return words_phrase(phrase, sheet->language);
}

void sheet_end_line(const struct sheet *sheet)
{
    buf_add(sheet->buf, "\n", 1);
}

void sheet_indent(const struct sheet *sheet)
{
    buf_format(sheet->buf, "%*s", STATE_COLUMNS, "");
}

void sheet_under(const struct sheet *sheet, const char *label, const char *text)
{
    text_line(sheet->buf, STATE_COLUMNS, label, text, sheet->language);
}

/* East Asian letters take two columns. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;
    while (*text != '\0') {
        uint32_t point = 0;
        text += text_decode(text, &point); /* our own words: well-formed */
        columns += point >= 0x1100 ? 2 : 1;
    }
    return columns;
}

void sheet_state(const struct sheet *sheet, const char *word)
{
    size_t columns = columns_of(word);
    buf_text(sheet->buf, word);
    buf_format(sheet->buf, "%*s", columns < STATE_COLUMNS ? (int)(STATE_COLUMNS - columns) : 1, "");
}

void sheet_arrow(const struct sheet *sheet, const struct op *op, const char *from, const char *to)
{
    const char *none = sheet_phrase(sheet, PHRASE_NO_VALUE);
    sheet_say(sheet, op->target);
    buf_text(sheet->buf, ": ");
    sheet_say(sheet, from != NULL ? from : none);
    buf_text(sheet->buf, " -> ");
    sheet_say(sheet, to != NULL ? to : none);
    if (op->outcome != OP_FAILED) { /* what did not happen need not be undone */
        buf_text(sheet->buf, words_class(op->class, sheet->language));
    }
}
