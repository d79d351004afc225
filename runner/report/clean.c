/* SPDX-License-Identifier: MIT */
#include "report/clean.h"

#include <string.h>

#include "base/redact_buf.h"
#include "base/text.h"

/* A part of a NUL-ended text; it ends between two characters. */
static void clean_part(struct buf *buf, const char *text, size_t part_size, enum language language)
{
    for (const char *end = text + part_size; text < end;) {
        uint32_t point = 0;
        size_t size = text_decode(text, &point);
        bool is_control =
            size == 0 || point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
        bool is_direction = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
        bool is_foreign = language == LANGUAGE_EN && point >= 0x7f;
        bool is_shown = !is_control && !is_direction && !is_foreign;
        buf_add(buf, is_shown ? text : "?", is_shown ? size : 1);
        text += size == 0 ? 1 : size;
    }
}

void text_clean(struct buf *buf, const char *text, enum language language)
{
    struct redact_walk walk;
    struct redact_piece piece;
    redact_begin(&walk, text, strlen(text));
    while (redact_next(&walk, &piece)) {
        if (piece.is_secret) {
            redact_stars(buf, &piece);
        } else {
            clean_part(buf, piece.text, piece.size, language);
        }
    }
}

void text_line(struct buf *buf, int indent, const char *label, const char *text, enum language language)
{
    if (text == NULL) {
        return;
    }
    buf_format(buf, "%*s", indent, "");
    if (label != NULL) {
        text_clean(buf, label, language);
        buf_text(buf, ": ");
    }
    text_clean(buf, text, language);
    buf_text(buf, "\n");
}
