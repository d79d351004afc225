/* SPDX-License-Identifier: MIT */
/* Events: only what is read of them, so that nothing else of the log goes along. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/record/entries.h"

struct relay {
    struct recorder *recorder;
    struct channel_entry *channel;
    const struct event_sink *sink;
    uint64_t newer; /* number of the event before */
};

static void add_escaped(struct buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        const char *entity = *text == '&'    ? "&amp;"
                             : *text == '<'  ? "&lt;"
                             : *text == '>'  ? "&gt;"
                             : *text == '\'' ? "&apos;"
                             : *text == '\r' ? "&#13;"
                                             : NULL;
        buf_add(buf, entity != NULL ? entity : text, entity != NULL ? strlen(entity) : 1);
    }
}

static void tell_event(struct telling *telling, const struct event_record *event, struct arena *arena)
{
    struct buf xml AUTO(buf_clear);
    buf_init(&xml, LIMIT_MACHINE_BYTES);
    buf_text(&xml, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>");
    if (event->provider != NULL) {
        buf_text(&xml, "<Provider Name='");
        add_escaped(&xml, event->provider);
        buf_text(&xml, "'/>");
    }
    buf_format(&xml, "<EventID>%" PRIu32 "</EventID>", event->id);
    if (event->utc_ms >= 0) {
        buf_format(&xml, "<TimeCreated SystemTime='%.19s.%03" PRId64 "0000Z'/>", clock_format_utc(arena, event->utc_ms),
                   event->utc_ms % 1000);
    }
    buf_format(&xml, "<EventRecordID>%" PRIu64 "</EventRecordID></System><EventData>", event->record_id);
    for (size_t i = 0; i < event->data_count; i++) {
        buf_text(&xml, "<Data>");
        add_escaped(&xml, event->data[i]);
        buf_text(&xml, "</Data>");
    }
    buf_text(&xml, "</EventData></Event>");
    writer_text(&telling->writer, buf_whole(&xml));
}

/* By its number; of several with one number the newest last. What cannot be read goes with the one before it. */
static void keep_in_order(struct relay *relay, struct telling *telling)
{
    enum { ALIKE = 1000 };
    for (unsigned i = 1; i < ALIKE; i++) {
        char number[48];
        (void)snprintf(number, sizeof number, "%020" PRIu64 " %03u", relay->newer, ALIKE - i);
        const struct entry *entry = entries_find(relay->recorder, &relay->channel->events, number);
        if (entry == NULL) {
            recorder_keep(relay->recorder, &relay->channel->events, number, telling);
            return;
        }
        if (text_same(*(const char *const *)entry->answers.items, buf_string(&telling->buf))) {
            return;
        }
    }
}

static void keep_event(struct relay *relay, const char *xml, size_t size)
{
    struct recorder *recorder = relay->recorder;
    struct event_record event = {0};
    struct err err = {0};
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    if (!recorder_has_room(recorder, 8 * (size_t)LIMIT_EVENT_BYTES)) {
        return;
    }
    size_t mark = arena_mark(recorder->arena);
    size = xml != NULL ? size : 0;
    bool is_read = xml != NULL && event_parse(xml, size, recorder->arena, &event, &err);
    if (is_read) {
        tell_event(&telling, &event, recorder->arena);
    } else {
        writer_text(&telling.writer, "an event that cannot be read");
    }
    arena_release(recorder->arena, mark);
    relay->newer = is_read ? event.record_id : relay->newer;
    keep_in_order(relay, &telling);
}

static bool relay_event(void *context, const char *xml, size_t size)
{
    struct relay *relay = context;
    keep_event(relay, xml, size);
    return relay->sink->take(relay->sink->context, xml, size);
}

static void keep_query(struct recorder *recorder, const struct event_query *query)
{
    const char *asked = arena_format(recorder->arena, SIM_LOOK_EVENTS, query->channel, query->xpath);
    for (size_t i = 0; i < recorder->queries.count; i++) {
        if (text_same(((const char *const *)recorder->queries.items)[i], asked)) {
            return;
        }
    }
    *(const char **)arena_push(recorder->arena, &recorder->queries, sizeof asked) = asked;
}

static bool event_query(void *context, const struct event_query *query, struct arena *arena,
                        const struct event_sink *sink, struct err *err)
{
    struct recorder *recorder = context;
    if (!recorder_has_room(recorder, 8 * (size_t)LIMIT_TEXT_BYTES)) {
        return ASK(event, query, err, query, arena, sink, err);
    }
    struct relay relay = {.recorder = recorder, .channel = recorder_channel(recorder, query->channel), .sink = sink};
    const struct event_sink own = {.context = &relay, .take = relay_event};
    bool made = ASK(event, query, err, query, arena, &own, err);
    if (made) {
        keep_query(recorder, query);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_EVENTS, query->channel, query->xpath);
}

const struct event_ops recorder_event_ops = {.query = event_query};
