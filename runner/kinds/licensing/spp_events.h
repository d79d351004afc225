/* SPDX-License-Identifier: MIT */
/*
 * What the licensing service logs about asking a KMS. An event 12288 says that a request was sent, a 12289 behind it
 * that a response was processed; each carries one Data whose fields are separated by commas:
 *     12288  HRESULT, flags, host:port, client machine id, time, is-VM, licence state, minutes left, product, count
 *     12289  HRESULT, flags, bound (1: activated), unused, count, activation interval, renewal interval, time
 * Whoever may write to the log wrote it: what does not look like that is counted as unreadable and otherwise ignored.
 * claim: events.product-is-ninth-field, claim: events.answer-names-no-product, claim: events.one-data-with-commas
 * Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/ff793440 and
 * https://learn.microsoft.com/windows-server/get-started/activation-troubleshoot-kms-general.
 */
#ifndef AZMEND_KINDS_LICENSING_SPP_EVENTS_H
#define AZMEND_KINDS_LICENSING_SPP_EVENTS_H

#include "host/nouns/event/event.h"

#define SPP_CHANNEL "Application"

enum {
    SPP_LICENSING_STATUS = 1003, /* dump of every product */
    SPP_SCHEDULER_FAILED = 8196,
    SPP_ACTIVATION_FAILED = 8198, /* AutoActivate by slui.exe */
    SPP_RULE_FAILED = 8229,
    SPP_REQUEST = 12288,
    SPP_RESPONSE = 12289,
};

/* What became of a request. Who asks for what product is in the request alone: a response names none. */
enum spp_answer {
    SPP_UNANSWERED,
    SPP_ANSWERED,
    SPP_IN_DOUBT, /* two products asked at once, and the responses may be either's */
};

enum { SPP_HOST_SIZE = 264, SPP_PRODUCT_SIZE = 40 }; /* a DNS name and a port; a GUID */

struct spp_exchange {
    int64_t utc_ms; /* of the request */
    uint64_t record_id;
    uint32_t sent;                  /* its code; 0: it went out */
    char host[SPP_HOST_SIZE];       /* host:port as logged */
    char product[SPP_PRODUCT_SIZE]; /* id as logged; empty: none */
    enum spp_answer answer;
    int64_t answer_ms;
    uint32_t code; /* of the response */
    bool is_bound; /* the KMS activated this machine */
};

/* Which events of the licensing service. */
struct spp_query {
    const char *purpose; /* as in struct event_query */
    const unsigned *ids; /* 0-ended; of spp_exchanges_read: left out */
    int64_t since;       /* not before, seconds since 1970; 0: any */
    uint64_t after;      /* EventRecordID is higher; 0: any */
    size_t most;         /* 0: LIMIT_EVENTS */
};

/* Newest first; an exchange lives only until take returns. False: no further one is wanted. */
struct spp_taker {
    void *context;
    bool (*take)(void *context, const struct spp_exchange *exchange);
};

struct spp_reading {
    struct event_reading events;
    size_t unreadable; /* events of these ids that say nothing we understand */
};

bool spp_events_read(struct host *host, const struct spp_query *query, const struct event_taker *taker,
                     struct event_reading *ret_reading, struct err *err) MUST_CHECK;
/* Requests, each with its response. */
bool spp_exchanges_read(struct host *host, const struct spp_query *query, const struct spp_taker *taker,
                        struct spp_reading *ret_reading, struct err *err) MUST_CHECK;
/* Is it a request for this product? */
bool spp_exchange_is_of(const struct spp_exchange *exchange, const char *product);
/* "0xC004F074", also at the beginning of a longer text such as "0x0, ..." or "0x0]", and behind "hr=". */
bool spp_events_code(const char *text, uint32_t *ret_code);
/* First code of the event's data; false: none. */
bool spp_event_code(const struct event_record *record, uint32_t *ret_code);

#endif
