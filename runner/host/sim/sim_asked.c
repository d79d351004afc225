/* SPDX-License-Identifier: MIT */
/* What the network answered while a machine was recorded, question by question: no model, only what was seen. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

struct asked {
    int outcome;
    int64_t ms, os, status, retry_after_ms, date;
    bool unnamed;
    const char *detail, *body, *hex, *content_type, *location;
    struct field_texts addresses;
    struct field_list services; /* struct srv */
};

/* As sim_srv_fields has it. */
struct srv {
    const char *target;
    int64_t port, priority, weight;
};

#define TEXT(name, member, most, text) TEXT_FIELD(name, struct asked, member, 0, 0, most, text)
static const struct field items[] = {
    WORD_FIELD("outcome", struct asked, outcome, FIELD_REQUIRED, net_outcome_names, "how it ended"),
    INT_FIELD("ms", struct asked, ms, 0, 0, INT32_MAX, "how long it took"),
    INT_FIELD("os", struct asked, os, 0, 0, UINT32_MAX, "the system's number"),
    TEXT("detail", detail, 0, "one line for people"),
    BOOL_FIELD("unnamed", struct asked, unnamed, 0, "it ended before the name had an address"),
    TEXTS_FIELD("addresses", struct asked, addresses, 0, 0, LIMIT_ADDRESSES, "of the name, or the one connected"),
    LIST_FIELD("services", struct asked, services, 0, 0, LIMIT_ADDRESSES, &sim_srv_fields, "SRV records"),
    INT_FIELD("status", struct asked, status, 0, 0, 999, "HTTP status"),
    TEXT("body", body, LIMIT_MACHINE_BYTES, "body"),
    TEXT("bodyHex", hex, LIMIT_MACHINE_BYTES, "a body that is no text, digits"),
    TEXT("contentType", content_type, 0, "Content-Type"),
    TEXT("location", location, 0, "where a redirect leads"),
    INT_FIELD("retryAfterMs", struct asked, retry_after_ms, 0, -1, INT32_MAX, "Retry-After; -1 or left out: none"),
    INT_FIELD("date", struct asked, date, 0, -1, INT64_MAX, "Date, seconds since 1970; -1 or left out: none"),
};
const struct fields sim_asked_fields = FIELDS("askedAnswer", struct asked, items, "what a question got");

static void take_records(struct arena *arena, const struct asked *asked, struct net_reply *reply)
{
    struct net_address *addresses = arena_array(arena, asked->addresses.count, sizeof *addresses);
    struct net_service *services = arena_array(arena, asked->services.count, sizeof *services);
    const struct srv *listed = asked->services.items;
    for (size_t i = 0; i < asked->addresses.count; i++) {
        addresses[i].text = asked->addresses.items[i];
    }
    for (size_t i = 0; i < asked->services.count; i++) {
        services[i] = (struct net_service){.target = listed[i].target,
                                           .port = (uint16_t)listed[i].port,
                                           .priority = (uint16_t)listed[i].priority,
                                           .weight = (uint16_t)listed[i].weight};
    }
    reply->addresses = addresses;
    reply->address_count = asked->addresses.count;
    reply->services = services;
    reply->service_count = asked->services.count;
}

static bool take_body(const struct sim *sim, const struct json *json, const struct asked *asked,
                      struct net_reply *reply, struct err *err)
{
    const uint8_t *bytes = NULL;
    if (asked->hex == NULL) {
        reply->body = asked->body;
        reply->body_size = asked->body != NULL ? strlen(asked->body) : 0;
        return true;
    }
    if (!hex_decode(sim->arena, asked->hex, &bytes, &reply->body_size)) {
        return json_refuse(json, sim->file, err, "expected pairs of hexadecimal digits in bodyHex");
    }
    reply->body = arena_copy(sim->arena, bytes, reply->body_size);
    return true;
}

static bool load_answer(const struct sim *sim, const struct json *json, struct sim_answer *ret_answer, struct err *err)
{
    struct asked asked = {0};
    if (!fields_decode(&sim_asked_fields, json, sim->file, sim->arena, &asked, err)) {
        return false;
    }
    for (size_t i = 0; i < asked.addresses.count; i++) {
        if (!text_is_address(asked.addresses.items[i])) {
            return json_refuse(json, sim->file, err, "expected addresses, not %.80s", asked.addresses.items[i]);
        }
    }
    struct net_reply reply = {.outcome = (enum net_outcome)asked.outcome,
                              .os = (uint32_t)asked.os,
                              .detail = asked.detail,
                              .unnamed = asked.unnamed,
                              .status = (long)asked.status,
                              .content_type = asked.content_type,
                              .location = asked.location,
                              .retry_after_ms = json_find(json, "retryAfterMs") != NULL ? asked.retry_after_ms : -1,
                              .date = json_find(json, "date") != NULL ? asked.date : -1};
    take_records(sim->arena, &asked, &reply);
    *ret_answer = (struct sim_answer){.ms = asked.ms};
    if (!take_body(sim, json, &asked, &reply, err)) {
        return false;
    }
    ret_answer->reply = reply;
    return true;
}

static bool load_answers(struct sim *sim, const struct json *json, struct err *err)
{
    const struct json *sequence = json_find(json, "sequence");
    bool is_sequence = sequence != NULL && json->count == 1 && sequence->type == JSON_ARRAY && sequence->count > 0;
    const struct json *first = is_sequence ? sequence->as.items : json;
    size_t count = is_sequence ? sequence->count : 1;
    struct sim_answer *answers = arena_array(sim->arena, count, sizeof *answers);
    for (size_t i = 0; i < count; i++) {
        if (!load_answer(sim, &first[i], &answers[i], err)) {
            return false;
        }
    }
    struct sim_answers *all = arena_alloc(sim->arena, sizeof *all);
    *all = (struct sim_answers){.node = {.name = json->name, .exists = true}, .items = answers, .count = count};
    return sim_add_member(sim, &sim->document.network.asked, &all->node, json, err);
}

bool sim_asked_load(struct sim *sim, const struct json *json, struct err *err)
{
    if (json != NULL && !sim_is_recording(sim)) {
        return json_refuse(json, sim->file, err, "only a recording says what was asked");
    }
    return sim_load_members(sim, json, load_answers, err);
}

bool sim_asked(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    const char *name = sim_job_name(sim->arena, job);
    struct sim_answers *answers = (struct sim_answers *)sim_table_find(&sim->document.network.asked, name);
    if (answers == NULL) {
        return sim_unlisted(sim, err, "network: %s", name);
    }
    *ret_answer = sim_answers_take(answers);
    return true;
}

const char *sim_job_name(struct arena *arena, const struct net_job *job)
{
    static const char *const records[] = {"A", "AAAA", "SRV"};
    switch (job->type) {
    case NET_RESOLVE_SYSTEM:
        return arena_format(arena, "name %s", job->host);
    case NET_RESOLVE_HOSTS:
        return arena_format(arena, "hosts %s", job->host);
    case NET_RESOLVE_SERVER:
        return arena_format(arena, "%s %s of %s", records[job->record], job->host, job->server);
    case NET_CONNECT:
        return arena_format(arena, "tcp %s port %u", job->host, job->port);
    case NET_KMS_BIND:
        return arena_format(arena, "kms %s port %u", job->host, job->port);
    case NET_HTTP:
        return arena_format(arena, "get %s", job->url);
    case NET_TYPE_COUNT:
        break;
    }
    must(false);
    return NULL;
}

static bool is_text(const struct net_reply *reply)
{
    size_t bad = 0;
    return memchr(reply->body, '\0', reply->body_size) == NULL && text_is_utf8(reply->body, reply->body_size, &bad);
}

void sim_tell_answer(struct writer *writer, const struct net_reply *reply, struct arena *arena)
{
    const char **addresses = arena_array(arena, reply->address_count, sizeof *addresses);
    struct srv *services = arena_array(arena, reply->service_count, sizeof *services);
    for (size_t i = 0; i < reply->address_count; i++) {
        addresses[i] = reply->addresses[i].text;
    }
    for (size_t i = 0; i < reply->service_count; i++) {
        const struct net_service *service = &reply->services[i];
        services[i] = (struct srv){service->target, service->port, service->priority, service->weight};
    }
    struct asked asked = {.outcome = (int)reply->outcome,
                          .ms = reply->elapsed_ms,
                          .os = reply->os,
                          .detail = reply->detail,
                          .unnamed = reply->unnamed,
                          .addresses = {.items = addresses, .count = reply->address_count},
                          .services = {.items = services, .count = reply->service_count},
                          .status = reply->status,
                          .content_type = reply->content_type,
                          .location = reply->location,
                          .retry_after_ms = reply->retry_after_ms,
                          .date = reply->date};
    if (reply->body != NULL && is_text(reply)) {
        asked.body = arena_copy(arena, reply->body, reply->body_size);
    } else if (reply->body != NULL) {
        asked.hex = hex_encode(arena, reply->body, reply->body_size);
    }
    sim_write_struct(writer, &sim_asked_fields, &asked, NULL);
}
