/* SPDX-License-Identifier: MIT */
/*
 * The journal of a run, journal.jsonl: one ASCII JSON line a fact. The intent of a change is on the disk before the
 * machine sees the change, the answer stands in it after. What cannot be journalled is not done.
 *
 * An answer is on the disk before anything else follows, with one exception: that a reversible change was made as
 * wanted. It is written at once, which is all that the end of the process needs, and synced with the next intent, or
 * by journal_sync. A power cut may take it along, at most one; looking then tells the same. See decisions/0093.
 *
 *   {"seq": 1, "intent": "set", "noun": "registry", "target": "HKLM\\...|Name", "class": "reversible",
 *    "before": "null", "after": "{\"type\":1,...}", "shownAfter": "azkms.core.windows.net", "crc": "5e0a7c11"}
 *   {"seq": 1, "outcome": "done", "durationMs": 2, "crc": "..."}    failed and unknown: also "error": {code, os, text};
 *                                                                  unknown: "stands", the state in which it was left
 *
 * Its first line names the VM as far as it is known, {"machine": "web-1", "vmId": "...", "crc": "..."}; a run that
 * changes nothing has none. An undo says next whose changes it takes back, {"undoes": "<runId>", "crc": "..."}, and
 * each of its intents which one: "undoes": 1.
 *
 * before and after are the op's states: canonical JSON, kept as text so that they compare byte for byte. crc is over
 * the bytes of the line that stand before it: what is put back must be what was written.
 */
#ifndef AZMEND_HOST_JOURNAL_H
#define AZMEND_HOST_JOURNAL_H

#include "base/buf.h"
#include "host/host.h"
#include "host/journal_owner.h"

struct journal;
struct port_appender;

/* Appends to path. ERR_DENIED, ERR_IO. */
bool journal_open(const char *path, struct journal **ret_journal, struct err *err) MUST_CHECK;
/* On a file that is open; the appender becomes the journal's, on failure it is closed. */
bool journal_start(struct port_appender *file, struct journal **ret_journal, struct err *err) MUST_CHECK;
void journal_close(struct journal *journal); /* takes NULL; syncs what can be synced */
/* Whose it is, said before its first line. The texts live as long as the journal. */
void journal_own(struct journal *journal, const struct journal_owner *owner);
/* What host.journal takes. A line over LIMIT_JOURNAL_BYTES in all is ERR_LIMIT. */
struct journal_sink journal_sink(struct journal *journal);
/* The last answer, before the run's result says the same. */
bool journal_sync(struct journal *journal, struct err *err) MUST_CHECK;
/* Behind the whole lines of a journal: what came of its last op, found by looking. False: there is no room for it. */
bool journal_answer(const struct op *op, struct buf *bytes) MUST_CHECK;
/* Before the first change of an undo. */
bool journal_undoes(struct journal *journal, const char *run_id, struct err *err) MUST_CHECK;

enum { JOURNAL_CRC_SIZE = 9 };
/* CRC-32 as zip has it, eight hexadecimal digits: one changed byte never goes unseen. */
void journal_crc(const char *bytes, size_t size, char ret_digits[JOURNAL_CRC_SIZE]);

#endif
