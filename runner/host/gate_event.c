/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "host/gate.h"

bool host_event_query(struct host *host, const char *channel, const char *xpath, size_t most,
                      struct event_records *ret_records, struct err *err)
{
    struct event_xml xml = {0};
    must(most > 0 && most <= LIMIT_EVENTS);
    if (!gate_look(host, host->ops->event_query != NULL, "events", err) ||
        !host->ops->event_query(host->backend, &(struct event_query){channel, xpath, most}, host->arena, &xml, err)) {
        return false;
    }
    struct event_record *records = arena_array(host->arena, xml.count, sizeof(*records));
    for (size_t i = 0; i < xml.count; i++) {
        if (!event_parse(xml.items[i], strlen(xml.items[i]), host->arena, &records[i], err)) {
            return err_context(err, "%s", channel);
        }
    }
    *ret_records = (struct event_records){.items = records, .count = xml.count, .cut = xml.count == most};
    return true;
}
