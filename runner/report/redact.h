/* SPDX-License-Identifier: MIT */
/*
 * The last look at bytes that leave the machine. Keys and secrets are left out where they arise (op flags, columns),
 * and every text that we write is looked through (base/redact.h); event texts, files and journals are bytes of other
 * hands, so what is bundled for somebody else is searched once more.
 */
#ifndef AZMEND_REPORT_REDACT_H
#define AZMEND_REPORT_REDACT_H

#include "base/buf.h"

/*
 * In place, the length stays: each character but the dashes becomes '*' of what base/redact.h knows, and of every
 * occurrence of the texts in `secrets` (NULL-ended; NULL: none), as written and as JSON writes them.
 */
void redact(struct buf *bytes, const char *const *secrets);

#endif
