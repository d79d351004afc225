/* SPDX-License-Identifier: MIT */
/*
 * A hand-over's `az` command as one line that a person pastes: the same line for bash and PowerShell, so that it
 * does not matter which Cloud Shell opens.
 *
 * What both read alike: plain words, and single quotes with nothing special inside. A variable set by an earlier
 * command is not assigned (the two differ) but put in place as "$(az ...)". An element is refused that cannot be
 * quoted alike in both, or that would not reach `az` unharmed: quotes of any kind, control characters, what outside
 * ASCII is neither letter nor digit (PowerShell takes the typographic quotes for quotes), a trailing backslash, nothing
 * at all.
 * Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules and
 * .../about_parsing; https://www.gnu.org/software/bash/manual/html_node/Quoting.html
 */
#ifndef AZMEND_REPORT_QUOTE_H
#define AZMEND_REPORT_QUOTE_H

#include "base/buf.h"
#include "engine/record.h"

/*
 * Appends the line of commands[index]; an element "@name" stands for the output of the earlier command that set it.
 * ERR_REFUSED: an element cannot be quoted, or names nothing set before; buf is then as before. ERR_LIMIT: the line
 * would be longer than LIMIT_TEXT_BYTES.
 */
bool quote_command(struct buf *buf, const struct handoff_record *handoff, size_t index, struct err *err) MUST_CHECK;

#endif
