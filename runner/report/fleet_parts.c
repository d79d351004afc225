/* SPDX-License-Identifier: MIT */
#include "report/fleet_parts.h"

#include <stdio.h>

#include "host/nouns/clock/clock.h"
#include "report/result_parts.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, YEAR_LAST = 2200 };

const struct json *fleet_member(const struct json *json, const char *name, enum json_type type)
{
    const struct json *found = json_find(json, name);
    return found != NULL && found->type == type ? found : NULL;
}

const char *fleet_text_of(const struct json *json, const char *name)
{
    const struct json *found = fleet_member(json, name, JSON_TEXT);
    return found != NULL && found->as.text[0] != '\0' ? found->as.text : NULL;
}

size_t fleet_count_of(const struct json *list)
{
    return list != NULL ? list->count : 0;
}

int64_t fleet_int_of(const struct json *json, const char *name, int64_t otherwise)
{
    const struct json *found = fleet_member(json, name, JSON_INT);
    return found != NULL ? found->as.integer : otherwise;
}

int64_t fleet_started_of(const struct json *result)
{
    int64_t started_ms = clock_read_utc(fleet_text_of(result, "startedAt"));
    return started_ms > 0 && started_ms < clock_days(YEAR_LAST, 1, 1) * DAY_MS ? started_ms : 0;
}

bool fleet_expiry(const struct json *result, int64_t *ret_day)
{
    int64_t days = fleet_int_of(fleet_member(result, "license", JSON_OBJECT), "expiresInDays", -1);
    int64_t started_ms = fleet_started_of(result);
    if (days < 0 || days > 100 * 366 || started_ms == 0) {
        return false;
    }
    *ret_day = started_ms / DAY_MS + days;
    return true;
}

const struct fleet_finding *fleet_finding_at(const struct fleet *fleet, size_t index)
{
    return ((struct fleet_finding *const *)fleet->findings.items)[index];
}

const struct fleet_action *fleet_action_at(const struct fleet *fleet, size_t index)
{
    return ((struct fleet_action *const *)fleet->actions.items)[index];
}

const char *fleet_day(int64_t day, struct fleet_date *date)
{
    struct utc_text utc = {0};
    struct arena arena = {.bytes = utc.bytes, .size = sizeof(utc.bytes)};
    (void)snprintf(date->text, sizeof(date->text), "%.10s", clock_format_utc(&arena, day * DAY_MS));
    return date->text;
}

const char *fleet_place_text(const struct fleet_place *place, char *text, size_t size)
{
    (void)snprintf(text, size, place->part > 0 ? "%s:%u" : "%s", place->file, (unsigned)place->part);
    return text;
}
