/* SPDX-License-Identifier: MIT */
/* The state of the instance as DSC reads it, and the schema of both. */
#ifndef AZMEND_CHANNEL_DSC_STATE_H
#define AZMEND_CHANNEL_DSC_STATE_H

#include "channel/dsc/wanted.h"

/* One line. Parameters are not told again: one of them may be secret. */
void dsc_state_write(struct buf *buf, const struct dsc_wanted *wanted, const struct record *record,
                     struct arena *arena);
void dsc_schema_write(struct writer *writer);

#endif
