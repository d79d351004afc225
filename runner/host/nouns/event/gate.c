/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/event/event.h"

enum { CHANNEL_SIZE = 128, NEWEST_MOST = 16 };

/* --- what evidence shows: a block a purpose, written anew with every answer --- */

struct excerpt {
    char channel[CHANNEL_SIZE], purpose[LIMIT_TEXT_BYTES], xpath[LIMIT_TEXT_BYTES];
    uint64_t asked; /* the call at which it was last asked for */
    size_t bytes, shown, of;
    bool is_full; /* one did not fit: what is older is left out as well */
    char *xml;    /* LIMIT_EXCERPT_BYTES */
};

static struct excerpt *excerpt_at(const struct host *host, size_t index)
{
    must(index < host->excerpts.count);
    return ((struct excerpt *const *)host->excerpts.items)[index];
}

size_t host_event_excerpts(const struct host *host)
{
    return host->excerpts.count;
}

struct event_excerpt host_event_excerpt(const struct host *host, size_t index)
{
    const struct excerpt *excerpt = excerpt_at(host, index);
    return (struct event_excerpt){.channel = excerpt->channel,
                                  .xpath = excerpt->xpath,
                                  .xml = excerpt->xml,
                                  .shown = excerpt->shown,
                                  .of = excerpt->of};
}

/* That of the same purpose, else a new one, else the one that was not asked for the longest. NULL: no memory for it. */
static struct excerpt *find_excerpt(struct host *host, const char *channel, const char *purpose)
{
    struct excerpt *oldest = NULL;
    for (size_t i = 0; i < host->excerpts.count; i++) {
        struct excerpt *excerpt = excerpt_at(host, i);
        if (text_same(excerpt->channel, channel) && text_same(excerpt->purpose, purpose)) {
            return excerpt;
        }
        oldest = oldest == NULL || excerpt->asked < oldest->asked ? excerpt : oldest;
    }
    if (host->excerpts.count == LIMIT_EXCERPTS ||
        !arena_has(host->arena, sizeof(*oldest) + LIMIT_EXCERPT_BYTES + LIMIT_ARENA_RESERVE_BYTES)) {
        return oldest;
    }
    struct excerpt *added = arena_alloc(host->arena, sizeof(*added));
    added->xml = arena_uncleared(host->arena, LIMIT_EXCERPT_BYTES);
    added->xml[0] = '\0';
    *(struct excerpt **)arena_push(host->arena, &host->excerpts, sizeof(added)) = added;
    return added;
}

static struct excerpt *begin_excerpt(struct host *host, const struct event_query *query)
{
    const char *purpose = query->purpose != NULL ? query->purpose : query->xpath;
    struct excerpt *excerpt = find_excerpt(host, query->channel, purpose);
    if (excerpt != NULL) {
        (void)snprintf(excerpt->channel, sizeof(excerpt->channel), "%s", query->channel);
        (void)snprintf(excerpt->purpose, sizeof(excerpt->purpose), "%s", purpose);
        (void)snprintf(excerpt->xpath, sizeof(excerpt->xpath), "%s", query->xpath);
        excerpt->asked = host->calls;
        excerpt->bytes = excerpt->shown = excerpt->of = 0;
        excerpt->is_full = false;
    }
    return excerpt;
}

static void keep_event(struct excerpt *excerpt, const char *xml, size_t size)
{
    excerpt->of++;
    excerpt->is_full = excerpt->is_full || size + 1 > LIMIT_EXCERPT_BYTES - excerpt->bytes;
    if (!excerpt->is_full) {
        memcpy(excerpt->xml + excerpt->bytes, xml, size);
        excerpt->xml[excerpt->bytes + size] = '\0';
        excerpt->bytes += size + 1;
        excerpt->shown++;
    }
}

/* --- reading --- */

struct pass {
    struct host *host;
    struct excerpt *excerpt; /* NULL: none is kept */
    const struct event_taker *taker;
    size_t most, bytes;
    struct event_reading reading;
    struct err err; /* NONE: nothing ended it */
};

/* Parses in scratch: of the event only what the taker made of it stays. */
static bool give_event(struct pass *pass, const char *xml, size_t size)
{
    struct event_record event = {0};
    struct err err = {0};
    bool goes_on = true;
    size_t mark = arena_mark(pass->host->arena);
    if (event_parse(xml, size, pass->host->arena, &event, &err)) {
        pass->reading.count++;
        goes_on = pass->taker->take(pass->taker->context, &event);
    } else if (err.code == ERR_MEMORY) {
        pass->err = err;
        goes_on = false;
    } else {
        pass->reading.skipped++;
    }
    arena_release(pass->host->arena, mark);
    return goes_on;
}

static bool take_event(void *context, const char *xml, size_t size)
{
    struct pass *pass = context;
    pass->bytes += xml != NULL ? size : 0;
    if (pass->reading.count + pass->reading.skipped == pass->most || pass->bytes > LIMIT_EVENTS_BYTES) {
        pass->reading.cut = true;
        return false;
    }
    if (xml == NULL || size > LIMIT_EVENT_BYTES) {
        pass->reading.skipped++;
        return true;
    }
    if (pass->excerpt != NULL) {
        keep_event(pass->excerpt, xml, size);
    }
    return give_event(pass, xml, size);
}

static bool run_pass(struct pass *pass, const struct event_query *query, struct err *err)
{
    struct host *host = pass->host;
    struct event_query asked = *query;
    asked.most = query->most + 1; /* one more tells that the list is cut */
    const struct event_sink sink = {.context = pass, .take = take_event};
    must(query->most > 0 && query->most <= LIMIT_EVENTS);
    if (!gate_look(host, host->ops->event->query != NULL, "events", err) ||
        !host->ops->event->query(host->backend, &asked, host->arena, &sink, err)) {
        return false;
    }
    if (pass->err.code != ERR_NONE) {
        *err = pass->err;
        return err_context(err, "%s", query->channel);
    }
    return true;
}

bool host_event_read(struct host *host, const struct event_query *query, const struct event_taker *taker,
                     struct event_reading *ret_reading, struct err *err)
{
    struct pass pass = {
        .host = host, .excerpt = begin_excerpt(host, query), .taker = taker, .most = query->most, .bytes = 0};
    if (!run_pass(&pass, query, err)) {
        return false;
    }
    *ret_reading = pass.reading;
    return true;
}

static bool take_newest(void *context, const struct event_record *event)
{
    uint64_t *record_id = context;
    *record_id = event->record_id;
    return false;
}

bool host_event_newest(struct host *host, const char *channel, uint64_t *ret_record_id, struct err *err)
{
    uint64_t record_id = 0;
    const struct event_taker taker = {.context = &record_id, .take = take_newest};
    struct pass pass = {.host = host, .taker = &taker, .most = NEWEST_MOST};
    if (!run_pass(&pass, &(struct event_query){.channel = channel, .xpath = "*", .most = NEWEST_MOST}, err)) {
        return false;
    }
    if (record_id == 0 && pass.reading.count + pass.reading.skipped > 0) {
        return err_set(err, ERR_INVALID, 0, "the newest events of %s have no number that can be read", channel);
    }
    *ret_record_id = record_id;
    return true;
}

const struct noun_gate event_gate = {0};
