/* SPDX-License-Identifier: MIT */
/*
 * What the licensing service logs about asking a KMS. An event 12288 says that a request was sent, a 12289 behind it
 * that a response was processed; each carries one Data whose fields are separated by commas:
 *     12288  HRESULT, flags, host:port, client machine id, time, is-VM, licence state, minutes left, product, count
 *     12289  HRESULT, flags, bound (1: activated), unused, count, activation interval, renewal interval, time
 * Whoever may write to the log wrote it: what does not look like that is counted as unreadable and otherwise ignored.
 * Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/ff793440 and
 * https://learn.microsoft.com/windows-server/get-started/activation-troubleshoot-kms-general.
 */
#ifndef AZMEND_KINDS_SPP_EVENTS_H
#define AZMEND_KINDS_SPP_EVENTS_H

#include "host/event.h"

enum {
    SPP_LICENSING_STATUS = 1003, /* dump of every product */
    SPP_SCHEDULER_FAILED = 8196,
    SPP_ACTIVATION_FAILED = 8198, /* AutoActivate by slui.exe */
    SPP_TICKET_FAILED = 8200,
    SPP_TICKET_REJECTED = 8208,
    SPP_RULE_FAILED = 8229,
    SPP_SERVICE_RESTART = 16384,
    SPP_REQUEST = 12288,
    SPP_RESPONSE = 12289,
};

/* A request, and the response that came before the next one. */
struct spp_exchange {
    int64_t utc_ms;      /* of the request */
    uint32_t sent;       /* its code; 0: it went out */
    const char *host;    /* host:port as logged */
    const char *product; /* id as logged; empty: none */
    bool is_answered;
    uint32_t answer; /* code of the response */
    bool is_bound;   /* the KMS activated this machine */
};

struct spp_exchanges {
    const struct spp_exchange *items; /* newest first */
    size_t count;
    size_t unreadable; /* events of these ids that say nothing we understand */
};

/* Events of the licensing service with one of these ids (0-ended), not before since (seconds since 1970; 0: any). */
bool spp_events_query(struct host *host, const unsigned *ids, int64_t since, struct event_records *ret_records,
                      struct err *err) MUST_CHECK;
/* The newest `most` events with one id. */
bool spp_events_newest(struct host *host, unsigned id, int64_t since, size_t most, struct event_records *ret_records,
                       struct err *err) MUST_CHECK;
/* Pairs the requests and responses among them. */
struct spp_exchanges spp_events_pair(struct arena *arena, const struct event_records *records);
/* "0xC004F074", also at the beginning of a longer text such as "0x0, ..." or "0x0]", and behind "hr=". */
bool spp_events_code(const char *text, uint32_t *ret_code);
/* First code of the event's data; false: none. */
bool spp_event_code(const struct event_record *record, uint32_t *ret_code);

#endif
