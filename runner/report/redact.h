/* SPDX-License-Identifier: MIT */
/*
 * The last look at bytes that leave the machine. Keys and secrets are left out where they arise (op flags, columns);
 * event texts, files and journals of other hands are not ours, so what is bundled for somebody else is searched once
 * more for what no support case needs.
 */
#ifndef AZMEND_REPORT_REDACT_H
#define AZMEND_REPORT_REDACT_H

#include "base/buf.h"

/*
 * In place, the length stays: each character but the dashes becomes '*' of
 *   - a product key, with or without its dashes, but for the last five characters;
 *   - the signature of a SAS ("sig=..." of a URL), also where '&' is escaped;
 *   - every occurrence of the texts in `secrets` (NULL-ended; NULL: none), as written and as JSON writes them.
 */
void redact(struct buf *bytes, const char *const *secrets);

#endif
