/* SPDX-License-Identifier: MIT */
/*
 * Many results as one report. They pass by twice, one at a time: fleet_learn tells which one of each VM is the newest,
 * fleet_add counts that one. What is kept grows with the findings, actions and weeks that differ, and is capped by the
 * LIMIT_FLEET_ numbers; a VM takes 32 bytes. What a cap leaves out is counted.
 *
 * A result is read leniently: a member that is not there is not counted, whatever release wrote it.
 */
#ifndef AZMEND_REPORT_FLEET_H
#define AZMEND_REPORT_FLEET_H

#include "base/map.h"
#include "engine/record.h"
#include "json/json.h"
#include "json/writer.h"
#include "report/quote.h"
#include "report/words.h"

/* Where something was read. */
struct fleet_place {
    const char *file;
    uint32_t part; /* line or event, from 1; 0: the file as a whole */
};

struct fleet_finding {
    const char *id, *title;
    enum severity severity;
    size_t states[FINDING_STATE_COUNT]; /* VMs */
    size_t last_vm;
};

struct fleet_machine {
    const char *name, *where; /* "?" where nothing is known; where: resource id, vmId or file */
};

struct fleet_action {
    size_t id; /* from 1, as the machines of the JSON name it */
    const char *title, *why, *effect, *back, *page;
    const char *commands[SHELL_COUNT]; /* of the first VM; NULL: none */
    const char *commands_of;           /* its name */
    struct arena_list findings;        /* const char *: ids that hand it over */
    struct arena_list machines;        /* struct fleet_machine, the first LIMIT_FLEET_MACHINES */
    size_t vms, last_vm;
};

struct fleet_week {
    int64_t monday; /* days since 1970 */
    size_t vms;
};

struct fleet_unread {
    struct fleet_place place;
    const char *why;
};

struct fleet {
    struct arena kept;
    const struct map *words; /* what is said in English, in the language of the page; ids of findings to their titles */
    struct fleet_seen *seen; /* by what names a VM: its newest result */
    size_t seen_count;

    size_t results, vms;
    size_t beyond; /* results of VMs over LIMIT_FLEET_VMS: not counted further */
    size_t verdicts[VERDICT_COUNT];
    struct map finding_map, action_map;
    struct arena_list findings, actions; /* pointers */
    size_t findings_beyond, actions_beyond, machines_beyond;
    size_t shortened; /* VMs with problems whose result had no room for its actions */
    struct fleet_week weeks[LIMIT_FLEET_WEEKS];
    size_t week_count, weeks_beyond, undated;
    struct fleet_unread unread[LIMIT_FLEET_NAMED];
    size_t unread_count;
    int64_t oldest_ms, newest_ms; /* of the results that count; 0: not told */
};

/* Takes LIMIT_FLEET_KEPT_BYTES and the table of VMs from the arena. */
void fleet_open(struct fleet *fleet, const struct map *words, struct arena *arena);
/* ERR_INVALID: no result that can be counted. */
bool fleet_learn(struct fleet *fleet, const struct json *result, struct err *err) MUST_CHECK;
/* True: it is the newest of its VM and was counted; the machine goes to the writer (NULL: none). */
bool fleet_add(struct fleet *fleet, const struct json *result, const struct fleet_place *place, struct writer *writer);
/* What could not be read; named as far as LIMIT_FLEET_NAMED goes. */
void fleet_refuse(struct fleet *fleet, const struct fleet_place *place, const char *why, struct writer *writer);
/* Behind the last fleet_add: worst, most frequent and earliest first. */
void fleet_close(struct fleet *fleet);

/* How a finding stands, for people: open is what somebody or another run has still to resolve. */
enum fleet_column { FLEET_OPEN, FLEET_FIXED, FLEET_EXPLAINED, FLEET_UNKNOWN, FLEET_COLUMN_COUNT };
size_t fleet_finding_vms(const struct fleet_finding *finding, enum fleet_column column);
const struct fleet_finding *fleet_finding_at(const struct fleet *fleet, size_t index);
const struct fleet_action *fleet_action_at(const struct fleet *fleet, size_t index);
/* An English text in the language of the page, or itself. */
const char *fleet_said(const struct fleet *fleet, const char *text);
/* "2026-11-30" */
struct fleet_date {
    char text[16];
};
const char *fleet_day(int64_t day, struct fleet_date *date);

/* The document: begun before what fleet_refuse and fleet_add write, and ended behind it. */
void fleet_json_begin(struct writer *writer);
void fleet_json_machines(struct writer *writer); /* between the two */
void fleet_json_end(struct writer *writer, const struct fleet *fleet);
void fleet_schema(struct writer *writer);
void fleet_html(struct buf *buf, const struct fleet *fleet, enum language language);
void fleet_text(struct buf *buf, const struct fleet *fleet, enum language language);

#endif
