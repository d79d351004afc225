/* SPDX-License-Identifier: MIT */
/*
 * A journal, read back: what a run meant to do and what came of it. Strictly: a line that is not as journal.c wrote it
 * makes the whole journal unreadable, since what was changed on the way would be put back wrongly. The last line may
 * be torn, when the process or the machine died while it was written: it then counts for nothing. After a power cut
 * what was not synced may also be there as zeros, a sector long, with more behind them: a last line that begins in such
 * a hole was not synced, so nothing that it says had begun.
 */
#ifndef AZMEND_HOST_JOURNAL_READ_H
#define AZMEND_HOST_JOURNAL_READ_H

#include "host/host.h"
#include "host/journal_owner.h"

struct journal_entry {
    struct op op;  /* without an answer: OP_UNKNOWN */
    bool answered; /* false only of the last one: it may have been made */
};

struct journal_record {
    struct journal_owner owner; /* of an empty journal, and of one from before this was kept: not known */
    const char *undoes;         /* the run that this one takes back; NULL: an ordinary run */
    const struct journal_entry *entries;
    size_t count; /* entries[i].op.sequence is i + 1 */
    size_t size;  /* bytes of its whole lines */
};

/* file: its name for messages. ERR_INVALID names the line. Memory: the arena. */
bool journal_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                  struct journal_record *ret_record, struct err *err) MUST_CHECK;

#endif
