/* SPDX-License-Identifier: MIT */
/* What the files of fleet.h share; private to report/fleet*.c. */
#ifndef AZMEND_REPORT_FLEET_PARTS_H
#define AZMEND_REPORT_FLEET_PARTS_H

#include "report/fleet.h"

enum { FLEET_CLIP_BYTES = 400, FLEET_FINDINGS_OF_ACTION = 8, FLEET_ACTIONS_OF_VM = 64 };

/* A member of that type, or NULL. */
const struct json *fleet_member(const struct json *json, const char *name, enum json_type type);
const char *fleet_text_of(const struct json *json, const char *name);
size_t fleet_count_of(const struct json *list);
int64_t fleet_int_of(const struct json *json, const char *name, int64_t otherwise);
/* When its run began, of a time that a calendar knows; else 0. */
int64_t fleet_started_of(const struct json *result);
/* "FILE", "FILE:LINE" */
const char *fleet_place_text(const struct fleet_place *place, char *text, size_t size);
/* Monday of the week in which a result's activation expires; false: not told. */
bool fleet_expiry(const struct json *result, int64_t *ret_day);

/* The actions that one VM is handed over, each once. */
struct fleet_needs {
    size_t ids[FLEET_ACTIONS_OF_VM];
    size_t count;
};
void fleet_take_findings(struct fleet *fleet, const struct json *result, const struct fleet_machine *machine,
                         struct fleet_needs *ret_needs);
void fleet_json_machine(struct writer *writer, const struct json *result, const struct fleet_place *place,
                        const struct fleet_needs *needs);
void fleet_json_unread(struct writer *writer, const struct fleet_place *place, const char *why);

#endif
