/* SPDX-License-Identifier: MIT */
/* A secret, as a buffer may show it. Apart from redact.h: buffers stand on errors, and error texts are redacted. */
#ifndef AZMEND_BASE_REDACT_BUF_H
#define AZMEND_BASE_REDACT_BUF_H

#include "base/buf.h"
#include "base/redact.h"

/* A star for each byte; dashes stay. */
void redact_stars(struct buf *buf, const struct redact_piece *secret);

#endif
