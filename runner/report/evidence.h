/* SPDX-License-Identifier: MIT */
/*
 * What a support engineer asks for, in one zip:
 *
 *     contents.json        what is in here, and what had to be left out and why
 *     case.txt             for a support case: whose VM, verdict, findings, and the looks that Microsoft asks for; UTC
 *     overview.html        the page of --html
 *     result.json          azmend.result/1, whole
 *     configuration.json   the program, the options and parameters that took effect, the playbooks with their SHA-256
 *     looks.json           every look with its parameters and what it saw
 *     events/NN.xml        the events that were read, as the system renders them, newest first
 *     journal.jsonl, ...   the files that the report names
 *
 * Searched for secrets before it is packed (redact.h). The same content gives the same bytes. At most
 * LIMIT_EVIDENCE_BYTES, packed and unpacked: what does not fit is left out whole, the events first. libarchive is
 * called, so only after the result is out.
 */
#ifndef AZMEND_REPORT_EVIDENCE_H
#define AZMEND_REPORT_EVIDENCE_H

#include "base/buf.h"
#include "report/report.h"

/* ret_zip is initialised here. ERR_LIMIT, ERR_MEMORY. */
bool evidence_make(const struct report *report, struct buf *ret_zip, struct err *err) MUST_CHECK;

#endif
