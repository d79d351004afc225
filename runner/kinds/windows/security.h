/* SPDX-License-Identifier: MIT */
/*
 * Who may do what: the discretionary list of a self-relative security descriptor. The bytes come from the registry or
 * the file system of a broken machine: every length and offset is checked, and what does not add up is refused whole.
 * Source: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/ (2.4.2.2 SID, 2.4.4.1 ACE_HEADER, 2.4.5 ACL,
 * 2.4.6 SECURITY_DESCRIPTOR).
 */
#ifndef AZMEND_KINDS_WINDOWS_SECURITY_H
#define AZMEND_KINDS_WINDOWS_SECURITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct security_entry {
    bool allows; /* false: denies */
    uint32_t mask;
    const char *sid; /* "S-1-5-10" */
};

struct security_list {
    bool is_open;                       /* no list at all: everybody may do everything */
    const struct security_entry *items; /* in order; what counts only for things below is left away */
    size_t count;
};

/* ERR_INVALID: not such a descriptor. Entries of other types than plain allow and deny are passed over. */
bool security_parse(const uint8_t *bytes, size_t size, struct arena *arena, struct security_list *ret_list,
                    struct err *err) MUST_CHECK;
/* May somebody with these SIDs (NULL-ended) do all that the mask says? In the order of the list, as Windows goes. */
bool security_allows(const struct security_list *list, const char *const *sids, uint32_t mask);

#endif
