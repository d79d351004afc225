/* SPDX-License-Identifier: MIT */
/*
 * The event log by XPath, language-neutral: provider, id, time and data by position; never a rendered message.
 * The backend gives the XML that EvtRender makes; one parser (expat) serves every backend.
 * Source: https://learn.microsoft.com/windows/win32/wes/eventschema-elements and .../wes/consuming-events.
 */
#ifndef AZMEND_HOST_NOUNS_EVENT_EVENT_H
#define AZMEND_HOST_NOUNS_EVENT_EVENT_H

#include "host/host.h"

struct event_record {
    const char *provider;
    uint32_t id;
    uint64_t record_id;
    int64_t utc_ms;          /* TimeCreated/@SystemTime, since 1970 */
    const char *const *data; /* EventData/Data in order, as stored: one Data may hold several comma-separated fields */
    size_t data_count;
};

/* What a backend is asked: a query in the words of XPath, and how many events at most. */
struct event_query {
    const char *channel, *xpath;
    const char *purpose; /* what evidence knows the answer by; the same purpose replaces it. NULL: the xpath */
    size_t most;         /* newest first; 1..LIMIT_EVENTS */
};

/*
 * Who takes the XML that EvtRender gives, one event at a time, newest first. xml NULL: an event over LIMIT_EVENT_BYTES.
 * What is handed over may be gone when take returns. False: no further one is wanted.
 */
struct event_sink {
    void *context;
    bool (*take)(void *context, const char *xml, size_t size);
};

/*
 * The same behind the parser. A record lives only until take returns; take keeps what it wants in memory of its own and
 * allocates nothing in the host's arena. False: no further one is wanted.
 */
struct event_taker {
    void *context;
    bool (*take)(void *context, const struct event_record *event);
};

/* What a backend supplies. */
struct event_ops {
    /* A channel that does not exist is an empty list. The arena is for scratch: nothing stays in it. */
    bool (*query)(void *backend, const struct event_query *query, struct arena *arena, const struct event_sink *sink,
                  struct err *err);
};

/* What became of a query. */
struct event_reading {
    size_t count;   /* events given to the taker */
    size_t skipped; /* over LIMIT_EVENT_BYTES, or no XML of an event: nothing that Windows' own providers write */
    bool cut;       /* there were more than were read, in number or in LIMIT_EVENTS_BYTES */
};

/* A query and what its last answer began with: evidence keeps what a diagnosis rests on. */
struct event_excerpt {
    const char *channel, *xpath;
    const char *xml; /* the newest events, each ended by a NUL */
    size_t shown;    /* of them in xml */
    size_t of;       /* read */
};
/* At most LIMIT_EXCERPTS of them, however often the log is asked. */
size_t host_event_excerpts(const struct host *host);
struct event_excerpt host_event_excerpt(const struct host *host, size_t index);

/*
 * Gives the events that fit to the taker. The memory that it takes does not grow with the log. A channel that does not
 * exist is an empty one.
 */
bool host_event_read(struct host *host, const struct event_query *query, const struct event_taker *taker,
                     struct event_reading *ret_reading, struct err *err) MUST_CHECK;
/* EventRecordID of the newest event of the channel: what is logged later has a higher one (claim: events.numbers-grow).
 * 0: there is none. */
bool host_event_newest(struct host *host, const char *channel, uint64_t *ret_record_id, struct err *err) MUST_CHECK;
/* One event's XML, at most LIMIT_EVENT_BYTES; entities other than XML's five, DTDs and deep nesting are refused. */
bool event_parse(const char *xml, size_t size, struct arena *arena, struct event_record *ret_record, struct err *err)
    MUST_CHECK;

#endif
