/* SPDX-License-Identifier: MIT */
#include "engine/looks.h"

#include <string.h>

#include "base/limits.h"
#include "host/nouns/clock/clock.h"

struct queued_job {
    struct look_entry *entry;
    struct net_reply *replies; /* of the round it belongs to */
    size_t slot;               /* place of the reply */
    struct net_job job;
    bool is_cut; /* it has less than its own time: the run's deadline comes before */
};

void looks_init(struct looks *looks, struct host *host, struct arena *arena, int64_t probe_ms)
{
    *looks = (struct looks){.host = host, .arena = arena, .probe_ms = probe_ms};
}

/* --- one look --- */

static void end_look(struct looks *looks, struct look_entry *entry, const char *why)
{
    if (entry->state == LOOK_RUNNING) {
        looks->running--;
    }
    entry->state = LOOK_DONE;
    entry->result = why != NULL ? value_unknown(why) : value_row(&entry->kind->properties, entry->look.cells);
}

static void queue_round(struct looks *looks, struct look_entry *entry, const struct net_job *jobs, size_t count)
{
    struct look *look = &entry->look;
    struct net_reply *replies = arena_array(looks->arena, look->reply_count + count, sizeof(*replies));
    if (look->reply_count > 0) {
        memcpy(replies, look->replies, look->reply_count * sizeof(*replies));
    }
    for (size_t i = 0; i < count; i++) {
        struct queued_job *queued = arena_alloc(looks->arena, sizeof(*queued));
        *queued =
            (struct queued_job){.entry = entry, .replies = replies, .slot = look->reply_count + i, .job = jobs[i]};
        *(struct queued_job **)arena_push(looks->arena, &looks->queue, sizeof(queued)) = queued;
    }
    entry->replies = replies;
    look->replies = replies;
    look->reply_count += count;
    entry->waiting = count;
}

/* Asks the kind for its next round; without one, reads and ends. */
static void next_round(struct looks *looks, struct look_entry *entry)
{
    struct net_job jobs[LIMIT_NET_JOBS];
    size_t room = LIMIT_NET_JOBS - entry->look.reply_count;
    memset(jobs, 0, sizeof(jobs));
    size_t count = room > 0 ? entry->kind->next(&entry->look, jobs, room) : 0;
    must(count <= room);
    if (count == 0) {
        entry->kind->read(&entry->look);
        end_look(looks, entry, NULL);
        return;
    }
    if (entry->state != LOOK_RUNNING) {
        entry->state = LOOK_RUNNING;
        looks->running++;
    }
    queue_round(looks, entry, jobs, count);
}

/* Its bound would leave the end of the run too little. */
static bool is_too_large(const struct looks *looks, const struct kind *kind)
{
    return !arena_has(looks->arena, kind->memory_bytes + LIMIT_ARENA_END_BYTES);
}

static void begin_look(struct looks *looks, struct look_entry *entry)
{
    struct look *look = &entry->look;
    look->cells = arena_array(looks->arena, entry->kind->properties.count, sizeof(struct value));
    look->local = NULL;
    look->replies = NULL;
    entry->replies = NULL;
    look->reply_count = 0;
    entry->state = LOOK_IDLE;
    entry->generation = looks->host->generation;
    struct err err = {0};
    if (is_too_large(looks, entry->kind)) {
        end_look(looks, entry,
                 arena_format(looks->arena, "%s: too little of this run's memory is left", entry->kind->name));
    } else if (entry->kind->look != NULL && !entry->kind->look(look, looks->host, &err)) {
        end_look(looks, entry, arena_format(looks->arena, "%s: %s", entry->kind->name, err.text));
    } else if (entry->kind->next != NULL) {
        next_round(looks, entry);
    } else {
        end_look(looks, entry, NULL);
    }
}

/* --- the table --- */

static const char *key_of(struct looks *looks, const struct kind *kind, const struct value *params)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
    buf_text(&buf, kind->name);
    for (size_t i = 0; i < kind->params.count; i++) {
        buf_text(&buf, "\n");
        value_write(&buf, &params[i]);
    }
    return arena_text(looks->arena, buf_whole(&buf));
}

struct look_entry *looks_want(struct looks *looks, const struct kind *kind, const struct value *params)
{
    const char *key = key_of(looks, kind, params);
    struct look_entry *entry = map_find(&looks->by_key, key);
    if (entry == NULL) {
        entry = arena_alloc(looks->arena, sizeof(*entry));
        *entry = (struct look_entry){.kind = kind, .key = key};
        entry->look = (struct look){.params = params, .arena = looks->arena, .probe_ms = looks->probe_ms};
        map_set(looks->arena, &looks->by_key, key, entry);
        *(struct look_entry **)arena_push(looks->arena, &looks->entries, sizeof(entry)) = entry;
        begin_look(looks, entry);
    } else if (entry->state == LOOK_DONE && host_generation(looks->host, kind->reads) > entry->generation) {
        begin_look(looks, entry);
    }
    return entry;
}

/* --- the event loop --- */

/* Silence of a shorter time than a probe has says nothing about the network. */
static void deliver(struct looks *looks, struct queued_job *queued, const struct net_reply *reply)
{
    struct look_entry *entry = queued->entry;
    if (queued->is_cut && reply->outcome == NET_TIMEOUT) {
        end_look(looks, entry,
                 arena_format(looks->arena, "%s: the deadline of this run has passed", entry->kind->name));
        return;
    }
    entry->replies[queued->slot] = *reply;
    entry->waiting--;
    if (entry->waiting > 0) {
        return;
    }
    if (entry->kind->verify != NULL) {
        entry->kind->verify(&entry->look, looks->host);
    }
    next_round(looks, entry);
}

/* A job that could not even be handed over ends as failed, with the reason. */
static void fail_job(struct looks *looks, struct queued_job *queued, const struct err *err)
{
    struct net_reply reply = {.outcome = NET_FAILED,
                              .os = err->os,
                              .detail = arena_text(looks->arena, err->text),
                              .retry_after_ms = -1,
                              .date = -1};
    deliver(looks, queued, &reply);
}

static void hand_over(struct looks *looks)
{
    while (looks->queue_next < looks->queue.count && host_net_pending(looks->host) < LIMIT_NET_AT_ONCE) {
        struct queued_job *queued = ((struct queued_job **)looks->queue.items)[looks->queue_next++];
        struct err err = {0};
        queued->is_cut = host_left_ms(looks->host) < queued->job.delay_ms + queued->job.timeout_ms;
        if (!host_net_submit(looks->host, &queued->job, queued, &err)) {
            fail_job(looks, queued, &err);
        }
    }
}

/* The loop itself broke: what is under way ends unknown rather than waiting for ever. */
static void end_all(struct looks *looks, const struct err *err)
{
    for (size_t i = 0; i < looks->entries.count; i++) {
        struct look_entry *entry = ((struct look_entry **)looks->entries.items)[i];
        if (entry->state == LOOK_RUNNING) {
            end_look(looks, entry, arena_format(looks->arena, "%s: %s", entry->kind->name, err->text));
        }
    }
    looks->queue_next = looks->queue.count;
}

bool looks_wait(struct looks *looks)
{
    if (looks->running == 0) {
        return false;
    }
    hand_over(looks);
    if (host_net_pending(looks->host) == 0) {
        /* What could not be handed over has failed by now; a reply that is lost must not be waited for. */
        const struct err lost = {.text = "no reply is under way any more"};
        end_all(looks, &lost);
        return true;
    }
    void *tag = NULL;
    struct net_reply reply = {0};
    struct err err = {0};
    if (!arena_has(looks->arena, (size_t)LIMIT_REPLY_BYTES + LIMIT_ARENA_END_BYTES)) {
        const struct err full = {.text = "too little of this run's memory is left"};
        end_all(looks, &full);
        return true;
    }
    if (!host_net_wait(looks->host, &tag, &reply, &err)) {
        end_all(looks, &err);
        return true;
    }
    struct queued_job *queued = tag;
    /* After end_all a late reply may belong to a round that is over, or to a look begun anew. */
    if (queued->entry->state == LOOK_RUNNING && queued->entry->replies == queued->replies) {
        deliver(looks, queued, &reply);
    }
    return true;
}

void looks_finish(struct looks *looks, struct look_entry *entry)
{
    while (entry->state != LOOK_DONE && looks_wait(looks)) {
    }
    must(entry->state == LOOK_DONE);
}
