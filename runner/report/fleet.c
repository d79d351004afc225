/* SPDX-License-Identifier: MIT */
#include "report/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "report/fleet_parts.h"
#include "report/result_parts.h"

#define FORMAT "azmend.result/1"
enum { SLOTS = 2 * LIMIT_FLEET_VMS };

struct fleet_seen {
    uint64_t key, run; /* 0: free; 0: not told */
    int64_t started_ms;
    int32_t detail;
    bool is_taken;
};

/* --- whose it is --- */

/* FNV-1a, folded. Who can choose what stands in a result can name any VM anyway. */
static uint64_t hash(const char *kind, const char *text)
{
    uint64_t sum = 14695981039346656037u;
    for (; *kind != '\0'; kind++) {
        sum = (sum ^ (unsigned char)*kind) * 1099511628211u;
    }
    for (; *text != '\0'; text++) {
        unsigned char letter = (unsigned char)*text;
        sum = (sum ^ (letter >= 'A' && letter <= 'Z' ? letter + 32u : letter)) * 1099511628211u;
    }
    return sum != 0 ? sum : 1;
}

/* By vmId; without one by the computer name; without that each run is a VM of its own. 0: not even that is told. */
static uint64_t key_of(const struct json *result)
{
    const struct json *machine = fleet_member(result, "machine", JSON_OBJECT);
    const struct {
        const char *kind, *text;
    } names[] = {{"vmId", fleet_text_of(machine, "vmId")},
                 {"name", fleet_text_of(machine, "name")},
                 {"runId", fleet_text_of(result, "runId")}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].text != NULL) {
            return hash(names[i].kind, names[i].text);
        }
    }
    return 0;
}

static struct fleet_seen seen_of(const struct json *result)
{
    const char *run = fleet_text_of(result, "runId");
    int64_t detail = fleet_int_of(result, "detail", 0);
    return (struct fleet_seen){.key = key_of(result),
                               .run = run != NULL ? hash("", run) : 0,
                               .started_ms = fleet_started_of(result),
                               .detail = detail >= 0 && detail < INT32_MAX ? (int32_t)detail : INT32_MAX};
}

/* The slot of this VM, or the free one where it belongs: at most every second one is taken. */
static struct fleet_seen *slot_of(const struct fleet *fleet, uint64_t key)
{
    size_t at = (size_t)(key ^ (key >> 32)) & (SLOTS - 1);
    while (fleet->seen[at].key != 0 && fleet->seen[at].key != key) {
        at = (at + 1) & (SLOTS - 1);
    }
    return &fleet->seen[at];
}

/* The same run may come twice, whole from a file and shortened from an event: the whole one counts. */
static bool is_better(const struct fleet_seen *one, const struct fleet_seen *other)
{
    return one->started_ms > other->started_ms || (one->started_ms == other->started_ms && one->detail < other->detail);
}

void fleet_open(struct fleet *fleet, const struct map *words, struct arena *arena)
{
    *fleet = (struct fleet){.words = words};
    fleet->seen = arena_array(arena, SLOTS, sizeof(*fleet->seen));
    fleet->kept = arena_part(arena, LIMIT_FLEET_KEPT_BYTES);
}

bool fleet_learn(struct fleet *fleet, const struct json *result, struct err *err)
{
    const char *format = fleet_text_of(result, "result");
    const char *verdict = fleet_text_of(result, "verdict");
    const struct fleet_seen seen = seen_of(result);
    if (!text_same(format, FORMAT)) {
        return err_set(err, ERR_INVALID, 0, "its format is %.40s, not " FORMAT, format != NULL ? format : "not told");
    }
    if (verdict == NULL || text_word(verdict_names, verdict) < 0) {
        return err_set(err, ERR_INVALID, 0, "a result without a verdict that azmend knows");
    }
    if (seen.key == 0) {
        return err_set(err, ERR_INVALID, 0, "a result that names no VM and no run");
    }
    fleet->results++;
    struct fleet_seen *slot = slot_of(fleet, seen.key);
    if (slot->key == 0 && fleet->seen_count == LIMIT_FLEET_VMS) {
        fleet->beyond++;
        return true;
    }
    fleet->seen_count += slot->key == 0 ? 1 : 0;
    if (slot->key == 0 || is_better(&seen, slot)) {
        *slot = seen;
    }
    return true;
}

/* --- counting --- */

static const char *keep(struct fleet *fleet, const char *text)
{
    if (text == NULL || !arena_has(&fleet->kept, LIMIT_TEXT_BYTES)) {
        return text != NULL ? "?" : NULL;
    }
    return arena_copy(&fleet->kept, text, text_cut(text, FLEET_CLIP_BYTES));
}

/* 1970-01-01 was a Thursday. */
static int64_t monday_of(int64_t day)
{
    return day - (day + 3) % 7;
}

static void count_week(struct fleet *fleet, int64_t monday)
{
    size_t at = 0;
    while (at < fleet->week_count && fleet->weeks[at].monday < monday) {
        at++;
    }
    bool is_there = at < fleet->week_count && fleet->weeks[at].monday == monday;
    if (!is_there && fleet->week_count == LIMIT_FLEET_WEEKS) {
        fleet->weeks_beyond++;
        return;
    }
    if (!is_there) {
        memmove(&fleet->weeks[at + 1], &fleet->weeks[at], (fleet->week_count - at) * sizeof(fleet->weeks[0]));
        fleet->weeks[at] = (struct fleet_week){.monday = monday};
        fleet->week_count++;
    }
    fleet->weeks[at].vms++;
}

static void count_expiry(struct fleet *fleet, const struct json *result)
{
    int64_t day = 0;
    if (fleet_expiry(result, &day)) {
        count_week(fleet, monday_of(day));
    } else {
        fleet->undated++;
    }
}

static void count_time(struct fleet *fleet, int64_t started_ms)
{
    if (started_ms == 0) {
        return;
    }
    fleet->oldest_ms = fleet->oldest_ms == 0 || started_ms < fleet->oldest_ms ? started_ms : fleet->oldest_ms;
    fleet->newest_ms = started_ms > fleet->newest_ms ? started_ms : fleet->newest_ms;
}

/* Where a VM stands in Azure, as exactly as it is told. */
static struct fleet_machine machine_of(const struct json *result, const char *place)
{
    const struct json *machine = fleet_member(result, "machine", JSON_OBJECT);
    const char *name = fleet_text_of(machine, "name");
    const char *id = fleet_text_of(machine, "vmId");
    const char *resource = fleet_text_of(machine, "resourceId");
    return (struct fleet_machine){.name = name != NULL ? name : "?",
                                  .where = resource != NULL ? resource
                                           : id != NULL     ? id
                                                            : place};
}

bool fleet_add(struct fleet *fleet, const struct json *result, const struct fleet_place *place, struct writer *writer)
{
    char text[LIMIT_FLEET_PATH_BYTES];
    const struct fleet_seen seen = seen_of(result);
    struct fleet_seen *slot = seen.key != 0 ? slot_of(fleet, seen.key) : NULL;
    bool is_newest = slot != NULL && slot->key != 0 && !slot->is_taken && slot->run == seen.run &&
                     slot->started_ms == seen.started_ms && slot->detail == seen.detail;
    int verdict = is_newest ? text_word(verdict_names, fleet_text_of(result, "verdict")) : -1;
    if (verdict < 0) {
        return false;
    }
    struct fleet_needs needs = {.count = 0};
    const struct fleet_machine machine = machine_of(result, fleet_place_text(place, text, sizeof(text)));
    slot->is_taken = true;
    fleet->vms++;
    fleet->verdicts[verdict]++;
    count_time(fleet, seen.started_ms);
    count_expiry(fleet, result);
    fleet_take_findings(fleet, result, &machine, &needs);
    if (writer != NULL) {
        fleet_json_machine(writer, result, place, &needs);
    }
    return true;
}

void fleet_refuse(struct fleet *fleet, const struct fleet_place *place, const char *why, struct writer *writer)
{
    if (fleet->unread_count < LIMIT_FLEET_NAMED) {
        fleet->unread[fleet->unread_count] = (struct fleet_unread){
            .place = {.file = keep(fleet, place->file), .part = place->part}, .why = keep(fleet, why)};
    }
    fleet->unread_count++;
    if (writer != NULL) {
        fleet_json_unread(writer, place, why);
    }
}

/* --- the end --- */

size_t fleet_finding_vms(const struct fleet_finding *finding, enum fleet_column column)
{
    static const enum fleet_column columns[FINDING_STATE_COUNT] = {
        [FINDING_ABSENT] = FLEET_COLUMN_COUNT,
        [FINDING_UNKNOWN] = FLEET_UNKNOWN,
        [FINDING_EXPLAINED] = FLEET_EXPLAINED,
        [FINDING_FIXED] = FLEET_FIXED, /* the others are open */
    };
    size_t vms = 0;
    for (size_t state = 0; state < FINDING_STATE_COUNT; state++) {
        vms += columns[state] == column ? finding->states[state] : 0;
    }
    return vms;
}

static int most_first(size_t left, size_t right, const char *left_name, const char *right_name)
{
    return left != right ? (left < right ? 1 : -1) : strcmp(left_name, right_name);
}

static int by_findings(const void *left, const void *right)
{
    const struct fleet_finding *one = *(struct fleet_finding *const *)left;
    const struct fleet_finding *other = *(struct fleet_finding *const *)right;
    for (enum fleet_column column = FLEET_OPEN; column < FLEET_COLUMN_COUNT; column++) {
        size_t left_vms = fleet_finding_vms(one, column);
        size_t right_vms = fleet_finding_vms(other, column);
        if (left_vms != right_vms) {
            return most_first(left_vms, right_vms, one->id, other->id);
        }
    }
    return strcmp(one->id, other->id);
}

static int by_actions(const void *left, const void *right)
{
    const struct fleet_action *one = *(struct fleet_action *const *)left;
    const struct fleet_action *other = *(struct fleet_action *const *)right;
    return most_first(one->vms, other->vms, one->title, other->title);
}

static void sort(struct arena_list *list, int (*compare)(const void *left, const void *right))
{
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof(void *), compare);
    }
}

void fleet_close(struct fleet *fleet)
{
    sort(&fleet->findings, by_findings);
    sort(&fleet->actions, by_actions);
}

const char *fleet_said(const struct fleet *fleet, const char *text)
{
    const char *said = text != NULL && fleet->words != NULL ? map_find(fleet->words, text) : NULL;
    return said != NULL ? said : text;
}
