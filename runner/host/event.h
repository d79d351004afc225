/* SPDX-License-Identifier: MIT */
/*
 * The event log by XPath, language-neutral: provider, id, time and data by position; never a rendered message.
 * The backend gives the XML that EvtRender makes; one parser (expat) serves every backend.
 * Source: https://learn.microsoft.com/windows/win32/wes/eventschema-elements and .../wes/consuming-events.
 */
#ifndef AZMEND_HOST_EVENT_H
#define AZMEND_HOST_EVENT_H

#include "host/host.h"

struct event_record {
    const char *provider;
    uint32_t id;
    uint64_t record_id;
    int64_t utc_ms;          /* TimeCreated/@SystemTime, since 1970 */
    const char *const *data; /* EventData/Data in order, as stored: one Data may hold several comma-separated fields */
    size_t data_count;
};

struct event_records {
    const struct event_record *items; /* newest first */
    size_t count;
    bool cut; /* there were more than asked for */
};

/* What a backend is asked, and what it answers: each event as the XML that EvtRender gives, newest first. */
struct event_query {
    const char *channel, *xpath;
    size_t most;
};
struct event_xml {
    const char *const *items;
    size_t count;
};

/* A query and its last answer: evidence keeps what a diagnosis rests on. */
struct event_excerpt {
    const char *channel, *xpath;
    struct event_xml xml;
};
size_t host_event_excerpts(const struct host *host, const struct event_excerpt **ret_excerpts);

/* A channel that does not exist is an empty list. most <= LIMIT_EVENTS. An event that cannot be parsed is ERR_INVALID.
 */
bool host_event_query(struct host *host, const char *channel, const char *xpath, size_t most,
                      struct event_records *ret_records, struct err *err) MUST_CHECK;
/* One event's XML, at most LIMIT_EVENT_BYTES; entities other than XML's five, DTDs and deep nesting are refused. */
bool event_parse(const char *xml, size_t size, struct arena *arena, struct event_record *ret_record, struct err *err)
    MUST_CHECK;

#endif
