/* SPDX-License-Identifier: MIT */
/*
 * Whose a history is. A state folder goes along when a disk is captured as an image or cloned; what another VM did is
 * not this one's to resume or to take back.
 */
#ifndef AZMEND_HOST_JOURNAL_OWNER_H
#define AZMEND_HOST_JOURNAL_OWNER_H

/* A VM, as far as it is known; all NULL: not at all. */
struct journal_owner {
    const char *machine; /* computer name */
    const char *vm_id;   /* by the instance metadata; survives a rename and a move to another host, never a clone */
};

enum ownership {
    OWNED_HERE,
    OWNED_ELSEWHERE,
    OWNED_UNKNOWN, /* nothing that is known of both can be compared */
};

/* The vmId decides; where one of the two is not known, the computer name does. Neither counts case. */
enum ownership journal_ownership(const struct journal_owner *theirs, const struct journal_owner *ours);

#endif
