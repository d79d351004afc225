/* SPDX-License-Identifier: MIT */
/*
 * What the kinds of the playbook language say of themselves, from their own columns: as text for people, and as JSON
 * for scripts.
 */
#ifndef AZMEND_CHANNEL_DESK_KINDS_H
#define AZMEND_CHANNEL_DESK_KINDS_H

#include "json/writer.h"
#include "kinds/kind.h"
#include "report/words.h"

/* All of them, two lines each: the name, what it looks at; what a step may want. */
void kinds_list(struct buf *buf, enum language language);
/* One: parameters, properties, what may be wanted, what undo cannot give back, nouns, memory, an example. */
void kinds_page(struct buf *buf, const struct kind *kind, enum language language);
/* The same as an object. */
void kinds_write(struct writer *writer, const struct kind *kind);
/* An array of those objects. */
void kinds_write_all(struct writer *writer);
/* A playbook that looks with the kind, and wants something of it where a step may; it loads as it is. */
void kinds_example(struct buf *buf, const struct kind *kind);

#endif
