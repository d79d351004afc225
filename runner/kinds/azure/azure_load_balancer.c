/* SPDX-License-Identifier: MIT */
/* Source: https://learn.microsoft.com/azure/load-balancer/howto-load-balancer-imds */
#include "base/limits.h"
#include "base/text.h"
#include "json/json.h"
#include "kinds/azure/imds.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { BALANCER_STATE, BALANCER_OUTBOUND_RULES, BALANCER_PUBLIC_IPS, BALANCER_COUNT };
enum { STATE_NONE, STATE_PRESENT };

static const char *const states[] = {"none", "present", NULL};
static const char *const versions[] = {"2020-10-01", NULL};
static const struct imds_question question = {
    .path = "/metadata/loadbalancer",
    .versions = versions,
    .patient = false,
};

static const struct column properties[] = {
    [BALANCER_STATE] =
        WORD_COLUMN("state", states, 0, "none: no load balancer, or a Basic one, which IMDS does not tell"),
    [BALANCER_OUTBOUND_RULES] = INT_COLUMN("outboundRules", 0, 0, UNIT_COUNT, 0, "number of outbound rules"),
    [BALANCER_PUBLIC_IPS] = LIST_COLUMN("publicIps", TYPE_TEXT, 0, "its public front ends"),
};
_Static_assert(COUNT_OF(properties) == BALANCER_COUNT, "one row a property");

static size_t azure_load_balancer_next(struct look *look, struct net_job *jobs, size_t room)
{
    return imds_next(look, &question, jobs, room);
}

static void fill_unknown(struct look *look, const char *why)
{
    for (size_t i = 0; i < BALANCER_COUNT; i++) {
        look->cells[i] = value_unknown(why);
    }
}

static struct value public_ips(struct look *look, const struct json *list)
{
    size_t count = list->count < LIMIT_ADDRESSES ? list->count : LIMIT_ADDRESSES;
    struct value *items = arena_array(look->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const char *address = imds_text(&list->as.items[i], "frontendIpAddress");
        if (address == NULL || !text_is_address(address)) {
            return value_unknown("IMDS: a front end without an address");
        }
        items[i] = value_text(address);
    }
    return value_list(TYPE_TEXT, items, count);
}

static void fill_present(struct look *look, const struct json *document)
{
    const struct json *balancer = json_find(document, "loadbalancer");
    const struct json *rules = balancer != NULL ? json_find(balancer, "outboundRules") : NULL;
    const struct json *addresses = balancer != NULL ? json_find(balancer, "publicIpAddresses") : NULL;
    bool is_whole = rules != NULL && rules->type == JSON_ARRAY && addresses != NULL && addresses->type == JSON_ARRAY;
    if (!is_whole) {
        fill_unknown(look, "IMDS: an answer without rules or addresses");
        return;
    }
    look->cells[BALANCER_STATE] = value_text(states[STATE_PRESENT]);
    look->cells[BALANCER_OUTBOUND_RULES] = value_int(rules->count);
    look->cells[BALANCER_PUBLIC_IPS] = public_ips(look, addresses);
}

static void azure_load_balancer_read(struct look *look)
{
    struct imds_answer answer = imds_follow(look, &question);
    if (answer.outcome == IMDS_ANSWERED) {
        fill_present(look, answer.document);
    } else if (answer.outcome == IMDS_NONE) {
        look->cells[BALANCER_STATE] = value_text(states[STATE_NONE]);
    } else {
        fill_unknown(look, answer.why != NULL ? answer.why : "IMDS was not asked to the end");
    }
}

const struct kind kind_azure_load_balancer = {
    .name = "azure_load_balancer",
    .about = "the Standard load balancer in front of this machine, as IMDS tells it",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .next = azure_load_balancer_next,
    .read = azure_load_balancer_read,
};
