/* SPDX-License-Identifier: MIT */
/*
 * What an unattended run (--unattended) remembers of earlier runs on the same VM.
 *
 *     DIR/distance.json    {"distance":"azmend.distance/1","vmId":"...","machine":"...", as the fields in distance.c
 * say}
 *
 *   Activate     not within LIMIT_ASK_MS of the last run that asked, whoever asked for that one; doubled up to
 *                LIMIT_ASK_MOST_MS with each unattended run that gets the same answer. The repeats that a playbook
 *                allows belong to the run, and are made only where the answer is another one than the last.
 *   one way      a fix that nothing takes back is begun once in LIMIT_ONCE_MS on the same evidence; one that was cut
 *                off, LIMIT_BEGINS times.
 *   the event    on a change of verdict, else once in LIMIT_TOLD_MS. A run that held something back knows less than one
 *                that tried: each is compared with the last of its own.
 *
 * A run of a person is held by none of it, and is remembered. Time goes by the uptime while the VM is not restarted,
 * so that a clock that is set changes nothing. What is there and cannot be understood, is foreign, or is from the
 * future counts as an Activate just now: never more of them than stated, and never held for longer than LIMIT_ASK_MS.
 * What is another VM's, by journal_ownership, is not there.
 */
#ifndef AZMEND_CHANNEL_RUN_DISTANCE_H
#define AZMEND_CHANNEL_RUN_DISTANCE_H

#include "channel/run/state.h"
#include "engine/engine.h"
#include "json/fields.h"

struct distance_once {
    const char *evidence; /* a digest */
    int64_t at_ms;        /* UTC, when it was last begun */
    int64_t begun;        /* how often since it last ended by itself */
    bool has_ended;       /* with its run */
};

/* The file. Times are UTC in ms; 0: never. */
struct distance_kept {
    const char *format, *vm_id, *machine;
    int64_t asked_ms, wait_ms;    /* the last run that asked, and how long no other does */
    const char *boot_id;          /* of that run; NULL: not known */
    int64_t uptime_ms;            /* then */
    const char *answer;           /* to the last run that got one; NULL: to none yet */
    struct field_list once;       /* struct distance_once, oldest first */
    enum verdict told, told_held; /* the last events: of a run that held nothing back, of one that did */
    int64_t told_at_ms, told_held_at_ms;
};

struct distance {
    const struct state *state; /* NULL: nothing is kept */
    struct host *host;
    struct arena *arena;
    bool is_unattended;
    bool was_there;
    bool is_damaged;   /* it was, and says nothing */
    bool has_asked;    /* this run */
    bool is_quiet;     /* distance_close: this run writes no event */
    size_t own;        /* the last so many of `now.once` are this run's */
    int64_t longer_ms; /* how long none asks after this run, if the answer is the same */
    const char *answer_before;
    struct distance_kept now;
};

/* By who holds the lock, once the state knows whose it is. */
void distance_open(const struct state *state, struct host *host, bool is_unattended, struct arena *arena,
                   struct distance *ret_distance);
struct distance_sink distance_sink(struct distance *distance);
/* At the end of a run: what was begun has ended, and whether the verdict is an event. False: it is not written. */
bool distance_close(struct distance *distance, const struct record *record, struct err *err) MUST_CHECK;

/* --- the rule, without a file: pure functions of what is kept; the fleet simulation runs them, too --- */
struct distance_moment {
    int64_t utc_ms, uptime_ms;
    const char *boot_id; /* NULL: not known, and the uptime says nothing */
};
/* False: it is from the future, and counts as asked just now. */
bool distance_is_known(const struct distance_kept *kept, const struct distance_moment *now);
/* How long an unattended run does not ask from now on; 0: it may. */
int64_t distance_left_ms(const struct distance_kept *kept, const struct distance_moment *now);
/* How long none asks after a run that asks now, if it gets the same answer. */
int64_t distance_longer_ms(const struct distance_kept *kept, bool is_unattended);
void distance_asked(struct distance_kept *kept, const struct distance_moment *now, int64_t wait_ms);
void distance_heard(struct distance_kept *kept, const char *answer, bool is_same, int64_t longer_ms);
/* Whether this run may try again after an answer. */
bool distance_may_repeat(bool is_same, bool is_unattended);

/* The file's bytes. False: not to be understood. */
bool distance_read(const char *bytes, size_t size, struct arena *arena, struct distance_kept *ret_kept);

#endif
