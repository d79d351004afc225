/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/gate.h"

size_t host_event_excerpts(const struct host *host, const struct event_excerpt **ret_excerpts)
{
    *ret_excerpts = host->excerpts.items;
    return host->excerpts.count;
}

/* A query that is asked again has a new answer, not a second one. */
static struct event_excerpt *excerpt_of(struct host *host, const char *channel, const char *xpath)
{
    struct event_excerpt *items = host->excerpts.items;
    for (size_t i = 0; i < host->excerpts.count; i++) {
        if (text_same(items[i].channel, channel) && text_same(items[i].xpath, xpath)) {
            return &items[i];
        }
    }
    struct event_excerpt *added = arena_push(host->arena, &host->excerpts, sizeof(*added));
    added->channel = arena_text(host->arena, channel);
    added->xpath = arena_text(host->arena, xpath);
    return added;
}

bool host_event_query(struct host *host, const char *channel, const char *xpath, size_t most,
                      struct event_records *ret_records, struct err *err)
{
    struct event_xml xml = {0};
    must(most > 0 && most <= LIMIT_EVENTS);
    if (!gate_look(host, host->ops->event_query != NULL, "events", err) ||
        !host->ops->event_query(host->backend, &(struct event_query){channel, xpath, most}, host->arena, &xml, err)) {
        return false;
    }
    excerpt_of(host, channel, xpath)->xml = xml;
    struct event_record *records = arena_array(host->arena, xml.count, sizeof(*records));
    for (size_t i = 0; i < xml.count; i++) {
        if (!event_parse(xml.items[i], strlen(xml.items[i]), host->arena, &records[i], err)) {
            return err_context(err, "%s", channel);
        }
    }
    *ret_records = (struct event_records){.items = records, .count = xml.count, .cut = xml.count == most};
    return true;
}
