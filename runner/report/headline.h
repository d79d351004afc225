/* SPDX-License-Identifier: MIT */
/*
 * The first sentence of a result: the verdict, and where it is healthy how many warnings stand and how many checks
 * could not be made. "Nothing is wrong" is said only where neither is so. Use: headline_write_run(buf, record,
 * LANGUAGE_EN); headline_write for one playbook of it.
 */
#ifndef AZMEND_REPORT_HEADLINE_H
#define AZMEND_REPORT_HEADLINE_H

#include "base/buf.h"
#include "engine/record.h"
#include "report/words.h"

struct tally {
    size_t warnings;    /* findings of severity warning that stand: present, refused, handed over, not fixed */
    size_t not_checked; /* warnings and errors of which nobody can tell whether they stand */
};

struct tally tally_of(const struct playbook_record *playbooks, size_t count);
/* playbooks: the whole run's, or one alone. */
void headline_write(struct buf *buf, enum verdict verdict, const struct playbook_record *playbooks, size_t count,
                    enum language language);
/* Of a whole run; an undo has words of its own. */
void headline_write_run(struct buf *buf, const struct record *record, enum language language);

#endif
