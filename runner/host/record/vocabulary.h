/* SPDX-License-Identifier: MIT */
/* Words that every Windows and every Azure VM has, beside those of the playbooks, their tables and the format. */
#ifndef AZMEND_HOST_RECORD_VOCABULARY_H
#define AZMEND_HOST_RECORD_VOCABULARY_H

extern const char *const vocabulary[]; /* texts; NULL-ended */

#endif
