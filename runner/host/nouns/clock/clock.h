/* SPDX-License-Identifier: MIT */
/*
 * Time. Bounds and durations use the monotonic clock only; the wall clock is informative and may jump.
 * On the sim both are virtual: waiting costs nothing.
 */
#ifndef AZMEND_HOST_NOUNS_CLOCK_CLOCK_H
#define AZMEND_HOST_NOUNS_CLOCK_CLOCK_H

#include "host/host.h"

/* What a backend supplies. */
struct clock_ops {
    /* Monotonic, absolute: from now on no call waits past it. NULL: none of them waits by itself. */
    void (*set_deadline)(void *backend, int64_t deadline_ms);
    int64_t (*now_ms)(void *backend);
    int64_t (*utc_ms)(void *backend);
    void (*sleep_ms)(void *backend, int64_t duration_ms);
};

int64_t host_now_ms(struct host *host); /* monotonic, from an arbitrary start */
int64_t host_utc_ms(struct host *host); /* since 1970 */
/* Waits at most until the deadline. */
void host_sleep_ms(struct host *host, int64_t duration_ms);
/* Milliseconds left of the run, >= 0. */
int64_t host_left_ms(struct host *host);
/* No time left, or asked to stop: nothing new is begun. */
bool host_is_over(struct host *host);
/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, years from 0. */
int64_t clock_days(int64_t year, int64_t month, int64_t day);
/* "2026-01-15T08:00:00.1234567Z", the fraction optional: milliseconds since 1970. -1: not that, or NULL. */
int64_t clock_read_utc(const char *text);
/* "2026-11-22T01:02:03Z" */
const char *clock_format_utc(struct arena *arena, int64_t utc_ms);

#endif
