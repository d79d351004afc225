/* SPDX-License-Identifier: MIT */
/*
 * The table for people. English is ASCII only, because Run Command decodes with the OEM code page; Japanese is UTF-8.
 * No text from outside can move the cursor or begin a line of its own: control characters become '?'.
 */
#ifndef AZMEND_REPORT_TEXT_H
#define AZMEND_REPORT_TEXT_H

#include "base/buf.h"
#include "report/quote.h"
#include "report/words.h"

enum { TEXT_LEFT_OUT_BYTES = 96 }; /* the line of text_shorten */

/* Worst findings first; a playbook without findings takes one word at the end. Every line ends with a newline. */
void text_write(struct buf *buf, const struct record *record, enum language language, enum shell shell);
/* The part of one playbook alone, its commands for bash. */
void text_write_playbook(struct buf *buf, const struct record *record, size_t playbook, enum language language);
/*
 * Drops whole lines from the end until the rest, with a line that says how many are missing, fits into size bytes.
 * When not even that line fits nothing is left.
 */
void text_shorten(struct buf *buf, size_t size, enum language language);

#endif
