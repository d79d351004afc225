/* SPDX-License-Identifier: MIT */
/*
 * The table where there is no room for all of it, as in a Run Command's pane: the head, the worst finding that asks for
 * something with its best action whole, and then the rest, from whose end lines may be left out.
 *
 * The best action is the first of the finding's list that changes something (its text says what: `effect`), then the
 * first with commands, then the first: the list in the playbook is the rank. Cut in the middle it would be of no use.
 */
#ifndef AZMEND_REPORT_PANE_H
#define AZMEND_REPORT_PANE_H

#include "report/quote.h"
#include "report/words.h"

/* Appends; returns how many bytes from the start have to stay. Where the block of the action does not fit into room
 * beside head and finding, the command stands there that prints it. */
size_t pane_write(struct buf *buf, const struct record *record, enum language language, enum shell shell, size_t room);

#endif
