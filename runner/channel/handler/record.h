/* SPDX-License-Identifier: MIT */
/*
 * What this handler has done, kept in its own folder: settings are handled once, whatever the agent repeats.
 *
 *     ROOT/mrseq            the number handled last, where the Linux agent looks for it and carries it to a new version
 *     ROOT/handled.json     {"handled":"azmend.handled/1","sequence":3,"begun":1}: how often that number was begun
 *     ROOT/handled.status   the status it came to; as long as it is missing, the number is not done
 *     ROOT/stop             whom to stop: a number, or "all"
 *     ROOT/worker           a kernel lock, held by the one process that is at work
 *     ROOT/group            "PROCESS TIME": it ends what it has begun, at most until then (UTC, ms): host/group.h
 *
 * begun is written before the playbooks run, so that a crash is counted; handled.status before N.status, so that a
 * number whose result was shown is never run again. All but stop is written by the holder of the lock alone.
 */
#ifndef AZMEND_CHANNEL_HANDLER_RECORD_H
#define AZMEND_CHANNEL_HANDLER_RECORD_H

#include "channel/handler/place.h"
#include "host/port.h"
#include "report/status.h"

#define HANDLER_MRSEQ "mrseq"
#define HANDLER_HANDLED "handled.json"
#define HANDLER_RESULT "handled.status"
#define HANDLER_STOP "stop"
#define HANDLER_LOCK "worker"
#define HANDLER_GROUP "group"

struct handled {
    int64_t sequence; /* -1: nothing was ever handled */
    int64_t begun;    /* times */
};

/* Absent, or not to be understood: nothing was handled. */
void handled_read(const struct handler_place *place, struct arena *arena, struct handled *ret_handled);
/* The same by the file's bytes. */
struct handled handled_parse(const char *bytes, size_t size, struct arena *arena);
/* The result of another number goes; then this one counts as begun. */
bool handled_begin(const struct handler_place *place, const struct handled *handled, struct arena *arena,
                   struct err *err) MUST_CHECK;
/*
 * The bytes of the status that this number came to, or ret_bytes empty: not done yet. Where an update brought mrseq and
 * the status folder along and nothing else, N.status itself counts.
 */
void handled_result(const struct handler_place *place, int64_t sequence, struct arena *arena, struct buf *ret_bytes);

/*
 * Writes N.status, which a reader sees whole or not at all; who holds it open is waited for. A folder that is missing
 * is made. Bytes that break the agent's rules never go out: ERR_INVALID.
 */
bool handler_show(const struct handler_place *place, int64_t sequence, const struct buf *status, struct arena *arena,
                  struct err *err) MUST_CHECK;
/* Keeps the status as the result of this number, then shows it. */
bool handler_conclude(const struct handler_place *place, int64_t sequence, const struct buf *status,
                      struct arena *arena, struct err *err) MUST_CHECK;

/* sequence HANDLER_ALL: whoever it is. */
enum { HANDLER_ALL = -1 };
bool handler_ask_stop(const struct handler_place *place, int64_t sequence, struct arena *arena, struct err *err)
    MUST_CHECK;
bool handler_unask_stop(const struct handler_place *place, struct arena *arena, struct err *err) MUST_CHECK;
/* Is this number asked to stop? */
bool handler_is_stopped(const struct handler_place *place, int64_t sequence, struct arena *arena);

/*
 * This process is in the middle of something that has to end whole, for at most left_ms: it is not ended by force so
 * long. held: what is left of that for the process, at most LIMIT_REBUILD_MS; 0: nothing.
 */
bool handler_hold(const struct handler_place *place, int64_t left_ms, struct arena *arena, struct err *err) MUST_CHECK;
int64_t handler_held_ms(const struct handler_place *place, int64_t process, struct arena *arena);

/* Waits up to patience_ms for it. ERR_BUSY: ret_process is who holds it (0: not told). */
bool handler_lock(const struct handler_place *place, int64_t patience_ms, struct arena *arena,
                  struct port_lock **ret_lock, int64_t *ret_process, struct err *err) MUST_CHECK;

#endif
