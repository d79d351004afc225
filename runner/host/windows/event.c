/* SPDX-License-Identifier: MIT */
/*
 * The event log as the event service renders it: XML, never the message of the system's language.
 * Source: https://learn.microsoft.com/windows/win32/wes/querying-for-events
 */
#include "host/event.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/limits.h"
#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/backend.h"
#include <winevt.h>
/* clang-format on */

/* First size of a rendered event, in units. Most have fewer; a unit of UTF-16 is at least one byte of UTF-8. */
enum { BATCH = 16, FIRST_UNITS = 4096, MOST_UNITS = LIMIT_EVENT_BYTES };

static void drop_event(EVT_HANDLE *event)
{
    if (*event != NULL) {
        (void)EvtClose(*event);
    }
}

struct batch {
    EVT_HANDLE events[BATCH];
    DWORD count;
};

static void drop_batch(struct batch *batch)
{
    for (DWORD i = 0; i < batch->count; i++) {
        drop_event(&batch->events[i]);
    }
}

/* A query under way, and where its events go. */
struct query {
    EVT_HANDLE found;
    const struct event_query *asked;
    int64_t deadline_ms; /* port_now_ms */
    struct arena *arena;
    struct arena_list xml; /* const char * */
};

/* The size is asked for by rendering: an event that does not fit says how much it needs, once. */
static bool render(EVT_HANDLE event, const struct query *query, const char **ret_xml, struct err *err)
{
    DWORD size = FIRST_UNITS * sizeof(wchar_t), used = 0, properties = 0, failure = ERROR_INSUFFICIENT_BUFFER;
    for (int tries = 0; tries < 2 && failure == ERROR_INSUFFICIENT_BUFFER; tries++) {
        wchar_t *xml AUTO(drop_wide) = malloc(size);
        if (xml == NULL) {
            return err_set(err, ERR_MEMORY, 0, "no memory for an event");
        }
        if (EvtRender(NULL, event, EvtRenderEventXml, size, xml, &used, &properties)) {
            *ret_xml = narrow_part(query->arena, xml, wcsnlen(xml, used / sizeof(wchar_t)));
            return true;
        }
        failure = GetLastError();
        if (failure == ERROR_INSUFFICIENT_BUFFER && used > MOST_UNITS * sizeof(wchar_t)) {
            return err_set(err, ERR_LIMIT, failure, "an event of %s has %lu bytes", query->asked->channel, used);
        }
        size = used;
    }
    return windows_failed(err, failure, "render an event of", query->asked->channel);
}

static bool take(struct query *query, const struct batch *batch, struct err *err)
{
    for (DWORD i = 0; i < batch->count && query->xml.count < query->asked->most; i++) {
        const char *xml = NULL;
        if (!render(batch->events[i], query, &xml, err)) {
            return false;
        }
        const char **place = arena_push(query->arena, &query->xml, sizeof *place);
        *place = xml;
    }
    return true;
}

static bool take_all(struct query *query, struct err *err)
{
    while (query->xml.count < query->asked->most) {
        struct batch batch AUTO(drop_batch) = {.count = 0};
        int64_t left_ms = query->deadline_ms - port_now_ms();
        if (!EvtNext(query->found, BATCH, batch.events, left_ms > 0 ? (DWORD)left_ms : 0, 0, &batch.count)) {
            DWORD failure = GetLastError();
            batch.count = 0;
            return failure == ERROR_NO_MORE_ITEMS || windows_failed(err, failure, "read", query->asked->channel);
        }
        if (batch.count == 0 || !take(query, &batch, err)) {
            return batch.count == 0;
        }
    }
    return true;
}

/* NULL without an error: there is no such channel. */
static bool open_query(const struct event_query *asked, EVT_HANDLE *ret_found, struct err *err)
{
    wchar_t *path AUTO(drop_wide) = NULL;
    wchar_t *query AUTO(drop_wide) = NULL;
    if (!wide_open(asked->channel, &path, err) || !wide_open(asked->xpath, &query, err)) {
        return false;
    }
    EVT_HANDLE found = EvtQuery(NULL, path, query, EvtQueryChannelPath | EvtQueryReverseDirection);
    DWORD failure = found == NULL ? GetLastError() : ERROR_SUCCESS;
    if (found == NULL && failure != ERROR_EVT_CHANNEL_NOT_FOUND) {
        return windows_failed(err, failure, "query", asked->channel);
    }
    *ret_found = found;
    return true;
}

bool windows_event_query(void *backend, const struct event_query *query, struct arena *arena, struct event_xml *ret_xml,
                         struct err *err)
{
    (void)backend;
    EVT_HANDLE found AUTO(drop_event) = NULL;
    if (!open_query(query, &found, err)) {
        return false;
    }
    struct query running = {
        .found = found, .asked = query, .deadline_ms = port_now_ms() + LIMIT_EVENTS_MS, .arena = arena};
    if (found != NULL && !take_all(&running, err)) {
        return false;
    }
    *ret_xml = (struct event_xml){.items = running.xml.items, .count = running.xml.count};
    return true;
}
