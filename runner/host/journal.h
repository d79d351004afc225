/* SPDX-License-Identifier: MIT */
/*
 * The journal of a run, journal.jsonl: one ASCII JSON line a fact, each synced before the call returns. The intent
 * of a change stands in it before the machine sees the change, the answer after. What cannot be journalled is not
 * done.
 *
 *   {"seq": 1, "intent": "set", "noun": "registry", "target": "HKLM\\...|Name", "class": "reversible",
 *    "before": "null", "after": "\"azkms.core.windows.net\""}
 *   {"seq": 1, "outcome": "done", "durationMs": 2}        failed and unknown: also "error": {code, os, text}
 *
 * before and after are the op's states: canonical JSON, kept as text so that they compare byte for byte.
 */
#ifndef AZMEND_HOST_JOURNAL_H
#define AZMEND_HOST_JOURNAL_H

#include "host/host.h"

struct journal;

/* Appends to path. ERR_DENIED, ERR_IO. */
bool journal_open(const char *path, struct journal **ret_journal, struct err *err) MUST_CHECK;
void journal_close(struct journal *journal); /* takes NULL */
/* What host.journal takes. A line over LIMIT_JOURNAL_BYTES in all is ERR_LIMIT. */
struct journal_sink journal_sink(struct journal *journal);

#endif
