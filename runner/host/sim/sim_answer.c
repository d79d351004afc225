/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

/* One answer as it is written; each form lets only some of the members in. */
struct notation {
    int outcome;
    int64_t ms, status, retry_after;
    struct field_texts addresses;
    struct field_list services;
    const char *body, *content_type, *date;
};

struct service {
    const char *target;
    int64_t port, priority, weight;
};

#define OUTCOME WORD_FIELD("outcome", struct notation, outcome, 0, net_outcome_names, "how it ends")
#define MS INT_FIELD("ms", struct notation, ms, 0, 0, INT32_MAX, "virtual time until it is known")

static const struct field srv_items[] = {
    TEXT_FIELD("target", struct service, target, FIELD_REQUIRED, 0, 0, "host name"),
    INT_FIELD("port", struct service, port, 0, 0, UINT16_MAX, "TCP port"),
    INT_FIELD("priority", struct service, priority, 0, 0, UINT16_MAX, "lowest first"),
    INT_FIELD("weight", struct service, weight, 0, 0, UINT16_MAX, "share among equals"),
};
const struct fields sim_srv_fields = FIELDS("srvRecord", struct service, srv_items, "an SRV record");

static const struct field plain_items[] = {OUTCOME, MS};
static const struct fields plain_fields = FIELDS("plainAnswer", struct notation, plain_items, "an outcome");

static const struct field resolve_items[] = {
    OUTCOME,
    MS,
    TEXTS_FIELD("addresses", struct notation, addresses, 0, 0, LIMIT_ADDRESSES, "A and AAAA records"),
    LIST_FIELD("services", struct notation, services, 0, 0, LIMIT_ADDRESSES, &sim_srv_fields, "SRV records"),
};
static const struct fields resolve_fields =
    FIELDS("resolveAnswer", struct notation, resolve_items, "what a resolver answers");

static const struct field http_items[] = {
    OUTCOME,
    MS,
    INT_FIELD("status", struct notation, status, 0, 100, 599, "HTTP status; 200 when left out"),
    TEXT_FIELD("body", struct notation, body, 0, 0, LIMIT_MACHINE_BYTES, "body"),
    TEXT_FIELD("contentType", struct notation, content_type, 0, 0, 0, "Content-Type"),
    INT_FIELD("retryAfter", struct notation, retry_after, 0, 0, INT32_MAX, "Retry-After, seconds"),
    TEXT_FIELD("date", struct notation, date, 0, 0, 0, "Date, written 2026-01-15T08:00:00Z; now: by a right clock"),
};
static const struct fields http_fields = FIELDS("httpAnswer", struct notation, http_items, "an HTTP answer");

#define BIT(outcome) (1U << (unsigned)(outcome))
/* What a TCP connection may come to. */
#define TCP_FAILURES (BIT(NET_REFUSED) | BIT(NET_TIMEOUT) | BIT(NET_UNREACHABLE) | BIT(NET_DENIED) | BIT(NET_FAILED))
#define TALK_FAILURES (TCP_FAILURES | BIT(NET_RESET) | BIT(NET_CLOSED) | BIT(NET_GARBAGE))

const struct sim_answer_form sim_form_resolve = {
    .what = "a resolver",
    .table = &resolve_fields,
    .outcomes = BIT(NET_ANSWERED) | BIT(NET_REFUSED) | BIT(NET_TIMEOUT) | BIT(NET_UNREACHABLE) | BIT(NET_DENIED) |
                BIT(NET_NO_NAME) | BIT(NET_NO_DATA) | BIT(NET_SERVER_FAILURE) | BIT(NET_GARBAGE) | BIT(NET_FAILED),
    .success = NET_ANSWERED,
};
const struct sim_answer_form sim_form_tcp = {
    .what = "a TCP connection",
    .table = &plain_fields,
    .outcomes = BIT(NET_OPEN) | TCP_FAILURES,
    .success = NET_OPEN,
};
const struct sim_answer_form sim_form_kms = {
    .what = "a KMS bind",
    .table = &plain_fields,
    .outcomes = BIT(NET_ACCEPTED) | BIT(NET_REJECTED) | TALK_FAILURES,
    .success = NET_ACCEPTED,
};
const struct sim_answer_form sim_form_http = {
    .what = "an HTTP request",
    .table = &http_fields,
    .outcomes = BIT(NET_ANSWERED) | BIT(NET_TOO_LARGE) | TALK_FAILURES,
    .success = NET_ANSWERED,
};

static struct sim_answer plain_answer(enum net_outcome outcome)
{
    return (struct sim_answer){.reply = {.outcome = outcome, .retry_after_ms = -1, .date = -1},
                               .ms = outcome == NET_TIMEOUT ? SIM_NEVER : 0};
}

static bool check_outcome(const struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                          int outcome, struct err *err)
{
    return (outcome >= 0 && (form->outcomes & BIT(outcome)) != 0) ||
           json_refuse(json, sim->file, err, "this is no outcome of %s", form->what);
}

static bool take_addresses(const struct sim *sim, const struct json *json, const struct notation *notation,
                           struct net_reply *reply, struct err *err)
{
    struct net_address *addresses = arena_array(sim->arena, notation->addresses.count, sizeof *addresses);
    for (size_t i = 0; i < notation->addresses.count; i++) {
        addresses[i].text = notation->addresses.items[i];
        if (!text_is_address(addresses[i].text)) {
            return json_refuse(json, sim->file, err, "expected addresses, not %s", addresses[i].text);
        }
    }
    reply->addresses = addresses;
    reply->address_count = notation->addresses.count;
    return true;
}

static void take_services(struct arena *arena, const struct field_list *list, struct net_reply *reply)
{
    const struct service *source = list->items;
    struct net_service *services = arena_array(arena, list->count, sizeof *services);
    for (size_t i = 0; i < list->count; i++) {
        services[i] = (struct net_service){.target = source[i].target,
                                           .port = (uint16_t)source[i].port,
                                           .priority = (uint16_t)source[i].priority,
                                           .weight = (uint16_t)source[i].weight};
    }
    reply->services = services;
    reply->service_count = list->count;
}

static bool take_http(const struct sim *sim, const struct json *json, const struct notation *notation,
                      struct net_reply *reply, struct err *err)
{
    reply->status = json_find(json, "status") != NULL ? (long)notation->status : 200;
    reply->body = notation->body != NULL ? notation->body : "";
    reply->body_size = strlen(reply->body);
    reply->content_type = notation->content_type;
    reply->retry_after_ms = json_find(json, "retryAfter") != NULL ? notation->retry_after * 1000 : -1;
    if (notation->date != NULL && text_same(notation->date, "now")) {
        reply->date = SIM_DATE_NOW;
        return true;
    }
    return notation->date == NULL || sim_clock_parse(notation->date, &reply->date) ||
           json_refuse(json_find(json, "date"), sim->file, err, "expected now or a time like 2026-01-15T08:00:00Z");
}

static bool take_content(const struct sim *sim, const struct json *json, const struct notation *notation,
                         const struct sim_answer_form *form, struct net_reply *reply, struct err *err)
{
    if (form == &sim_form_http) {
        return take_http(sim, json, notation, reply, err);
    }
    if (form != &sim_form_resolve) {
        return true;
    }
    take_services(sim->arena, &notation->services, reply);
    if (!take_addresses(sim, json, notation, reply, err)) {
        return false;
    }
    return reply->address_count + reply->service_count > 0 ||
           json_refuse(json, sim->file, err, "an answer without a record is no_data or no_name");
}

static bool load_object(const struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                        struct sim_answer *ret_answer, struct err *err)
{
    struct notation notation = {0};
    if (!fields_decode(form->table, json, sim->file, sim->arena, &notation, err)) {
        return false;
    }
    bool has_outcome = json_find(json, "outcome") != NULL;
    int outcome = has_outcome ? notation.outcome : (int)form->success;
    if (!check_outcome(sim, json, form, outcome, err)) {
        return false;
    }
    struct sim_answer answer = plain_answer((enum net_outcome)outcome);
    answer.ms = answer.ms == SIM_NEVER ? SIM_NEVER : notation.ms;
    bool is_success = outcome == (int)form->success;
    if (is_success && !take_content(sim, json, &notation, form, &answer.reply, err)) {
        return false;
    }
    *ret_answer = answer;
    return true;
}

/* A bare list is a resolver's answer: addresses, or SRV records. */
static bool load_list(const struct sim *sim, const struct json *json, struct sim_answer *ret_answer, struct err *err)
{
    bool has_texts = json->count > 0 && json->as.items[0].type == JSON_TEXT;
    struct json member = *json;
    member.name = has_texts ? "addresses" : "services";
    struct json object = *json;
    object.type = JSON_OBJECT;
    object.count = 1;
    object.as.items = &member;
    return load_object(sim, &object, &sim_form_resolve, ret_answer, err);
}

static bool load_answer(const struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                        struct sim_answer *ret_answer, struct err *err)
{
    if (json->type == JSON_OBJECT) {
        return load_object(sim, json, form, ret_answer, err);
    }
    if (json->type == JSON_ARRAY && form == &sim_form_resolve) {
        return load_list(sim, json, ret_answer, err);
    }
    if (json->type != JSON_TEXT) {
        return json_refuse(json, sim->file, err, "expected an outcome or an object");
    }
    int outcome = text_word(net_outcome_names, json->as.text);
    if (!check_outcome(sim, json, form, outcome, err)) {
        return false;
    }
    *ret_answer = plain_answer((enum net_outcome)outcome);
    bool lacks_records = form == &sim_form_resolve && outcome == NET_ANSWERED;
    return !lacks_records || json_refuse(json, sim->file, err, "an answer of a resolver needs its records");
}

bool sim_answers_load(struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                      struct sim_answers *ret_answers, struct err *err)
{
    const struct json *sequence = json_find(json, "sequence");
    const struct json *first = sequence != NULL ? sequence->as.items : json;
    if (sequence != NULL && (json->count != 1 || sequence->type != JSON_ARRAY || sequence->count == 0)) {
        return json_refuse(json, sim->file, err, "expected a sequence of at least one answer and nothing beside it");
    }
    size_t count = sequence != NULL ? sequence->count : 1;
    struct sim_answer *items = arena_array(sim->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        if (!load_answer(sim, &first[i], form, &items[i], err)) {
            return false;
        }
    }
    *ret_answers = (struct sim_answers){.node = {.name = json->name, .exists = true}, .items = items, .count = count};
    return true;
}

bool sim_answers_load_table(struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                            struct sim_table *table, struct err *err)
{
    if (json == NULL) {
        return true;
    }
    if (!json_want(json, JSON_OBJECT, sim->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < json->count; i++) {
        struct sim_answers *answers = arena_alloc(sim->arena, sizeof *answers);
        if (!sim_answers_load(sim, &json->as.items[i], form, answers, err) ||
            !sim_add_member(sim, table, &answers->node, &json->as.items[i], err)) {
            return false;
        }
    }
    return true;
}

struct sim_answer sim_answers_take(struct sim_answers *answers)
{
    struct sim_answer answer = answers->items[answers->next];
    answers->next += answers->next + 1 < answers->count ? 1 : 0;
    return answer;
}

enum net_outcome sim_answers_outcome(const struct sim_answers *answers)
{
    return answers->items[answers->next].reply.outcome;
}
