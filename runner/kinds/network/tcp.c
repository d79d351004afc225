/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { TRIES_DEFAULT = 4, TRIES_MAX = 8, SPREAD = 20 };
enum { PARAM_HOST, PARAM_PORT, PARAM_TRIES, PARAM_COUNT };
enum { TCP_OUTCOME, TCP_OPEN_COUNT, TCP_TRIES, TCP_ADDRESS, TCP_DETAIL, TCP_COUNT };

static const struct column params[] = {
    [PARAM_HOST] = TEXT_COLUMN("host", COLUMN_REQUIRED, "name or address"),
    [PARAM_PORT] = INT_COLUMN("port", 1, 65535, UNIT_NUMBER, COLUMN_REQUIRED, "TCP port"),
    [PARAM_TRIES] =
        INT_COLUMN("tries", 1, TRIES_MAX, UNIT_COUNT, 0, "connections to try, a little apart; 4 when left out"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [TCP_OUTCOME] = WORD_COLUMN("outcome", net_outcome_names, 0, "open when one try got through, else the first one's"),
    [TCP_OPEN_COUNT] = INT_COLUMN("openCount", 0, TRIES_MAX, UNIT_COUNT, 0, "tries that got through"),
    [TCP_TRIES] = INT_COLUMN("tries", 0, TRIES_MAX, UNIT_COUNT, 0, "tries made"),
    [TCP_ADDRESS] = SHAPED_COLUMN("address", SHAPE_ADDRESS, 0, "the one that was connected, if any"),
    [TCP_DETAIL] = TEXT_COLUMN("detail", 0, "what the system said about the first failure"),
};
_Static_assert(COUNT_OF(properties) == TCP_COUNT, "one row a property");

/* A later try starts later and waits less: all of them end within one probe time. */
static size_t tcp_next(struct look *look, struct net_job *jobs, size_t room)
{
    size_t tries = (size_t)look_int(look, PARAM_TRIES, TRIES_DEFAULT);
    size_t count = 0;
    for (size_t i = look->reply_count; i < tries && count < room; i++, count++) {
        int64_t delay_ms = look->probe_ms / SPREAD * (int64_t)i;
        jobs[count] = (struct net_job){
            .type = NET_CONNECT,
            .host = look_text(look, PARAM_HOST),
            .port = (uint16_t)look_int(look, PARAM_PORT, 0),
            .timeout_ms = look->probe_ms - delay_ms,
            .delay_ms = delay_ms,
        };
    }
    return count;
}

/* The reply that tells most: one that got through, else the first one from which anything was learnt. */
static const struct net_reply *telling_reply(const struct look *look)
{
    const struct net_reply *telling = &look->replies[0];
    for (size_t i = 0; i < look->reply_count; i++) {
        if (look->replies[i].outcome == NET_OPEN) {
            return &look->replies[i];
        }
        if (telling->outcome == NET_FAILED) {
            telling = &look->replies[i];
        }
    }
    return telling;
}

/* Nothing is learnt about the way where no connection was tried: it could not be, or the name had no address in time.
 */
static bool is_tried(const struct net_reply *reply)
{
    return reply->outcome != NET_FAILED && reply->outcome != NET_NO_NAME && !reply->unnamed;
}

static void tcp_read(struct look *look)
{
    int64_t tries = 0;
    int64_t open_count = 0;
    for (size_t i = 0; i < look->reply_count; i++) {
        tries += is_tried(&look->replies[i]) ? 1 : 0;
        open_count += look->replies[i].outcome == NET_OPEN ? 1 : 0;
    }
    const struct net_reply *telling = telling_reply(look);
    look->cells[TCP_OUTCOME] = cell_outcome(look->arena, telling);
    look->cells[TCP_OPEN_COUNT] = tries > 0 ? value_int(open_count) : cell_unreached(look->arena, telling);
    look->cells[TCP_TRIES] = value_int(tries);
    look->cells[TCP_DETAIL] = cell_text(look->arena, telling->detail);
    if (telling->address_count > 0) {
        look->cells[TCP_ADDRESS] = cell_checked(look->arena, &properties[TCP_ADDRESS], telling->addresses[0].text);
    }
}

const struct kind kind_tcp = {
    .name = "tcp",
    .about = "TCP connections to one port, closed at once",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"host\": \"azkms.core.windows.net\", \"port\": 1688}",
    .next = tcp_next,
    .read = tcp_read,
};
