/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/sim/sim_private.h"

static const struct field items[] = {
    TEXT_FIELD("utc", struct sim_clock, utc, FIELD_REQUIRED, 0, 0, "wall clock at the start, 2026-01-15T08:00:00Z"),
    INT_FIELD("uptimeSeconds", struct sim_clock, uptime_seconds, 0, 0, INT32_MAX, "since the boot, at the start"),
    INT_FIELD("skewSeconds", struct sim_clock, skew_seconds, 0, INT32_MIN, INT32_MAX,
              "how far it is ahead of everybody else's, seconds"),
};
static const struct fields sim_clock_fields =
    FIELDS("clock", struct sim_clock, items, "virtual time: it passes only while the run waits");

static bool take_number(const char *text, size_t digits, int64_t *ret_number)
{
    char part[5] = {0};
    memcpy(part, text, digits);
    return part[0] != '-' && text_to_int(part, ret_number);
}

bool sim_clock_parse(const char *text, int64_t *ret_seconds)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ";
    static const struct {
        size_t at, digits;
        int64_t min, max;
    } parts[] = {{0, 4, 1970, 9999}, {5, 2, 1, 12}, {8, 2, 1, 31}, {11, 2, 0, 23}, {14, 2, 0, 59}, {17, 2, 0, 59}};
    if (strlen(text) != strlen(pattern)) {
        return false;
    }
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        if (pattern[i] != 'd' && pattern[i] != text[i]) {
            return false;
        }
    }
    int64_t numbers[COUNT_OF(parts)];
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!take_number(text + parts[i].at, parts[i].digits, &numbers[i]) || numbers[i] < parts[i].min ||
            numbers[i] > parts[i].max) {
            return false;
        }
    }
    int64_t days = clock_days(numbers[0], numbers[1], numbers[2]);
    *ret_seconds = ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5];
    return true;
}

void sim_tell_clock(struct writer *writer, int64_t utc_ms, int64_t uptime_ms, struct arena *arena)
{
    const struct sim_clock clock = {.utc = clock_format_utc(arena, utc_ms), .uptime_seconds = uptime_ms / 1000};
    sim_write_struct(writer, &sim_clock_fields, &clock, NULL);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_clock *clock = &sim->document.clock;
    if (clock->utc == NULL) {
        clock->utc = "2026-01-01T00:00:00Z";
    }
    int64_t seconds = 0;
    if (!sim_clock_parse(clock->utc, &seconds)) {
        return json_refuse(json_find(json, "utc"), sim->file, err, "expected a time like 2026-01-15T08:00:00Z");
    }
    clock->began_ms = seconds * 1000;
    return true;
}

static int64_t now_ms(void *backend)
{
    return ((const struct sim *)backend)->now_ms;
}

int64_t sim_utc_ms(void *backend)
{
    const struct sim *sim = backend;
    return sim->document.clock.began_ms + sim->now_ms;
}

int64_t sim_clock_right(const struct sim *sim)
{
    const struct sim_clock *clock = &sim->document.clock;
    return (clock->began_ms + sim->now_ms) / 1000 - clock->skew_seconds;
}

int64_t sim_left_ms(const struct sim *sim, int64_t most_ms)
{
    int64_t left_ms = sim->deadline_ms > sim->now_ms ? sim->deadline_ms - sim->now_ms : 0;
    return sim->deadline_ms == 0 || most_ms < left_ms ? most_ms : left_ms;
}

static void set_deadline(void *backend, int64_t deadline_ms)
{
    ((struct sim *)backend)->deadline_ms = deadline_ms;
}

void sim_sleep_ms(void *backend, int64_t duration_ms)
{
    struct sim *sim = backend;
    if (duration_ms > 0) {
        sim->now_ms += duration_ms;
    }
}

const struct clock_ops sim_clock_ops = {
    .set_deadline = set_deadline,
    .now_ms = now_ms,
    .utc_ms = sim_utc_ms,
    .sleep_ms = sim_sleep_ms,
};

const struct sim_section sim_clock_section = {
    .field = SIM_OBJECT("clock", clock, struct sim_clock, &sim_clock_fields, "virtual time"),
    .load = load_section,
};
