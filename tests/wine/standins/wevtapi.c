/* SPDX-License-Identifier: MIT */
/*
 * The stand-in for the event log: queries of one channel, newest first, and events as XML.
 * Source: https://learn.microsoft.com/windows/win32/wes/querying-for-events
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "artefacts.h"
#include "base/limits.h"
#include "machine.h"

/* windows.h goes first. */
/* clang-format off */
#include <winevt.h>
/* clang-format on */

/* A log whose service never answers: nothing that Windows has. */
#define SILENT L"azmend-contract/Silent"
/* A log of events that somebody hostile wrote: the newest over its bound, all others just within. */
#define LARGE L"azmend-contract/Large"
/* A log of a real machine: tests/artefacts/events/NAME.json, as it is there. The model has no part in it. */
#define ARTEFACT L"azmend-artefact/"
enum { QUERY_BYTES = 8 * 1024 * 1024 };

/* Behind every EVT_HANDLE: the events found, or (count 1) one of them. */
struct found {
    wchar_t **xml; /* heap, each too */
    size_t count, next;
};

static struct found *found_make(size_t count)
{
    struct found *found = standin_allocate(sizeof *found);
    found->xml = standin_allocate((count + 1) * sizeof *found->xml);
    found->count = count;
    return found;
}

/* Windows has no log of this name. */
static bool is_missing(const struct sim *sim, const char *channel)
{
    const struct sim_node *node = sim_table_find(&sim->tables[NOUN_EVENT], channel);
    return node != NULL && !node->exists;
}

static bool take(void *context, const char *xml, size_t size)
{
    struct found *found = context;
    must(size == strlen(xml));
    found->xml[found->count++] = standin_wide(xml);
    return true;
}

static struct found *ask(struct sim *sim, const struct event_query *query, DWORD *ret_failure)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct found *found = found_make(query->most);
    const struct event_sink sink = {.context = found, .take = take};
    found->count = 0;
    *ret_failure = is_missing(sim, query->channel) ? ERROR_EVT_CHANNEL_NOT_FOUND : ERROR_EVT_INVALID_QUERY;
    if (is_missing(sim, query->channel) || !arena_open(&arena, QUERY_BYTES, &err) ||
        !sim_ops.event->query(sim, query, &arena, &sink, &err)) {
        EvtClose(found);
        return NULL;
    }
    return found;
}

static struct found *large_events(void)
{
    struct found *found = found_make(LIMIT_EVENTS + 1);
    wchar_t *within = standin_allocate((LIMIT_EVENT_BYTES + 1) * sizeof *within);
    wchar_t *over = standin_allocate((LIMIT_EVENT_BYTES + 2) * sizeof *over);
    wmemset(within, L'x', LIMIT_EVENT_BYTES);
    wmemset(over, L'x', LIMIT_EVENT_BYTES + 1);
    for (size_t i = 0; i < found->count; i++) {
        found->xml[i] = i == 0 ? over : within;
    }
    return found;
}

/* --- the logs of real machines --- */

/* Of `EventID=N` at least one, where the query has any; the provider, which is none but Security-SPP in these logs. */
static bool is_asked_for(const char *xml, const char *xpath)
{
    const char *provider = strstr(xpath, "@Name='"), *id = strstr(xpath, "EventID=");
    char wanted[64] = "";
    if (provider != NULL) {
        (void)snprintf(wanted, sizeof wanted, "<Provider Name='%.*s'", (int)strcspn(provider + 7, "'"), provider + 7);
    }
    if (strstr(xml, wanted) == NULL) {
        return false;
    }
    for (; id != NULL; id = strstr(id + 1, "EventID=")) {
        (void)snprintf(wanted, sizeof wanted, ">%lu</EventID>", strtoul(id + strlen("EventID="), NULL, 10));
        if (strstr(xml, wanted) != NULL) {
            return true;
        }
    }
    return strstr(xpath, "EventID=") == NULL;
}

static struct found *artefact_events(const char *name, const char *xpath)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    const struct json *events = NULL;
    if (!arena_open(&arena, QUERY_BYTES, &err) ||
        (events = artefact_json(&arena, arena_format(&arena, "events/%s.json", name))) == NULL) {
        machine_refuse("EvtQuery: no artefact %s", name);
        return NULL;
    }
    struct found *found = found_make(events->count);
    found->count = 0;
    for (size_t i = events->count; i-- > 0;) {
        if (is_asked_for(events->as.items[i].as.text, xpath)) {
            found->xml[found->count++] = standin_wide(events->as.items[i].as.text);
        }
    }
    return found;
}

static struct found *ask_artefact(LPCWSTR path, LPCWSTR query)
{
    char *name = standin_narrow(path + wcslen(ARTEFACT)), *xpath = standin_narrow(query);
    struct found *found = artefact_events(name, xpath);
    free(name);
    free(xpath);
    SetLastError(found != NULL ? ERROR_SUCCESS : ERROR_EVT_CHANNEL_NOT_FOUND);
    return found;
}

EVT_HANDLE WINAPI EvtQuery(EVT_HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags)
{
    DWORD failure = ERROR_INVALID_PARAMETER;
    struct found *found = NULL;
    bool is_known =
        session == NULL && path != NULL && query != NULL && flags == (EvtQueryChannelPath | EvtQueryReverseDirection);
    if (is_known && wcscmp(path, SILENT) == 0) {
        Sleep(INFINITE);
    }
    if (is_known && wcscmp(path, LARGE) == 0) {
        return large_events();
    }
    if (is_known && wcsncmp(path, ARTEFACT, wcslen(ARTEFACT)) == 0) {
        return ask_artefact(path, query);
    }
    struct sim *sim = is_known ? machine_enter() : NULL;
    if (!is_known) {
        machine_refuse("EvtQuery: not a query of the stand-in, flags 0x%lX", flags);
    }
    if (sim != NULL) {
        char *channel = standin_narrow(path), *xpath = standin_narrow(query);
        found = ask(sim, &(struct event_query){.channel = channel, .xpath = xpath, .most = LIMIT_EVENTS + 1}, &failure);
        free(channel);
        free(xpath);
        machine_leave(sim);
    }
    SetLastError(found != NULL ? ERROR_SUCCESS : failure);
    return found;
}

WINBOOL WINAPI EvtNext(EVT_HANDLE set, DWORD size, EVT_HANDLE *events, DWORD timeout_ms, DWORD flags, PDWORD ret_count)
{
    struct found *found = set;
    must(size > 0 && flags == 0 && timeout_ms != INFINITE);
    *ret_count = 0;
    while (*ret_count < size && found->next < found->count) {
        struct found *event = found_make(1);
        event->xml[0] = found->xml[found->next++];
        events[(*ret_count)++] = event;
    }
    if (*ret_count == 0) {
        SetLastError(ERROR_NO_MORE_ITEMS);
    }
    return *ret_count > 0;
}

WINBOOL WINAPI EvtRender(EVT_HANDLE context, EVT_HANDLE fragment, DWORD flags, DWORD size, PVOID buffer,
                         PDWORD ret_used, PDWORD ret_properties)
{
    const struct found *event = fragment;
    must(context == NULL && flags == EvtRenderEventXml && event->count == 1);
    *ret_used = (DWORD)((wcslen(event->xml[0]) + 1) * sizeof(wchar_t));
    *ret_properties = 0;
    if (*ret_used > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memcpy(buffer, event->xml[0], *ret_used);
    return TRUE;
}

/* The texts stay: an event's is its query's too. */
WINBOOL WINAPI EvtClose(EVT_HANDLE object)
{
    struct found *found = object;
    free(found->xml);
    free(found);
    return TRUE;
}
