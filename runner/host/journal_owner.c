/* SPDX-License-Identifier: MIT */
#include "host/journal_owner.h"

#include <stddef.h>

#include "base/text.h"

enum ownership journal_ownership(const struct journal_owner *theirs, const struct journal_owner *ours)
{
    if (theirs->vm_id != NULL && ours->vm_id != NULL) {
        return text_equal(theirs->vm_id, ours->vm_id) ? OWNED_HERE : OWNED_ELSEWHERE;
    }
    if (theirs->machine != NULL && ours->machine != NULL) {
        return text_equal(theirs->machine, ours->machine) ? OWNED_HERE : OWNED_ELSEWHERE;
    }
    return OWNED_UNKNOWN;
}
