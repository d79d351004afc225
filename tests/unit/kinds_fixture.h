/* SPDX-License-Identifier: MIT */
/*
 * One look or one set without an engine: parameters by index, replies fed by hand or asked of a simulated machine.
 */
#ifndef AZMEND_TESTS_KINDS_FIXTURE_H
#define AZMEND_TESTS_KINDS_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/sim/sim.h"
#include "kinds/catalog.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(bytes, size) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(bytes, size) ((void)0)
#endif

enum { FIXTURE_ARENA = 8 * 1024 * 1024, FIXTURE_PROBE_MS = 5000, FIXTURE_CELLS = 40, FIXTURE_ROUNDS = 32 };

#define AZURE_TAG "7783-7084-3265-9085-8269-3286-77"

struct fixture {
    struct arena arena;
    struct host host;
    struct sim *sim;
    struct value params[8];
    struct value cells[FIXTURE_CELLS];
    struct net_reply replies[FIXTURE_ROUNDS];
    struct look look;
    struct err err;
};

/* Stays from one row to the next: thousands are opened, and to the sanitizers a fresh one costs more than a row does.
 */
static inline struct arena *fixture_kept(void)
{
    static struct arena kept;
    return &kept;
}

/* Of what is kept, nothing may be read again. */
static inline void fixture_close(struct fixture *fixture)
{
    struct arena *kept = fixture_kept();
    sim_close(fixture->sim);
    if (kept->bytes != NULL || fixture->arena.size != FIXTURE_ARENA) {
        arena_close(&fixture->arena);
        return;
    }
    *kept = (struct arena){.bytes = fixture->arena.bytes, .size = FIXTURE_ARENA, .peak = fixture->arena.peak};
    ASAN_POISON_MEMORY_REGION(kept->bytes, kept->peak);
    fixture->arena = (struct arena){0};
}

static inline bool fixture_take_kept(struct fixture *fixture)
{
    struct arena *kept = fixture_kept();
    if (kept->bytes == NULL) {
        return false;
    }
    ASAN_UNPOISON_MEMORY_REGION(kept->bytes, kept->peak);
    fixture->arena = (struct arena){.bytes = kept->bytes, .size = kept->size};
    *kept = (struct arena){0};
    return true;
}

static inline void fixture_open(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    if (!fixture_take_kept(fixture) && !arena_open(&fixture->arena, FIXTURE_ARENA, &fixture->err)) {
        abort();
    }
    fixture->look = (struct look){
        .params = fixture->params,
        .cells = fixture->cells,
        .arena = &fixture->arena,
        .replies = fixture->replies,
        .probe_ms = FIXTURE_PROBE_MS,
    };
}

/* A machine to look at and, on Azure, to change. */
static inline void fixture_machine(struct fixture *fixture, const char *document)
{
    fixture_open(fixture);
    if (!sim_open(document, strlen(document), "machine", &fixture->arena, &fixture->sim, &fixture->err)) {
        printf("\n    %s\n", fixture->err.text);
        abort();
    }
    host_init(&fixture->host, &sim_ops, fixture->sim, &fixture->arena, GATE_CHANGE, LIMIT_RUN_MS);
    (void)host_prove_azure(&fixture->host, AZURE_TAG, NULL);
}

/* The same, of a document that is written with ' for ", so that it can be read. */
static inline void fixture_quoted(struct fixture *fixture, const char *document)
{
    struct buf json AUTO(buf_clear);
    buf_init(&json, LIMIT_MACHINE_BYTES);
    buf_text(&json, document);
    for (size_t i = 0; i < json.size; i++) {
        json.bytes[i] = json.bytes[i] == '\'' ? '"' : json.bytes[i];
    }
    fixture_machine(fixture, buf_string(&json));
}

/* The rounds of a look against the simulated network. */
static inline void fixture_rounds(struct fixture *fixture, const struct kind *kind)
{
    struct net_job jobs[FIXTURE_ROUNDS];
    size_t count = kind->next(&fixture->look, jobs, COUNT_OF(jobs));
    while (count > 0 && fixture->look.reply_count + count <= FIXTURE_ROUNDS) {
        size_t first = fixture->look.reply_count;
        for (size_t i = 0; i < count; i++) {
            must(host_net_submit(&fixture->host, &jobs[i], &fixture->replies[first + i], &fixture->err));
        }
        for (size_t i = 0; i < count; i++) {
            void *tag = NULL;
            struct net_reply reply = {0};
            must(host_net_wait(&fixture->host, &tag, &reply, &fixture->err));
            *(struct net_reply *)tag = reply;
        }
        fixture->look.reply_count += count;
        if (kind->verify != NULL) {
            kind->verify(&fixture->look, &fixture->host);
        }
        count = kind->next(&fixture->look, jobs, COUNT_OF(jobs));
    }
}

/* The whole look. False: the fact is unknown, err says why. */
static inline bool fixture_look(struct fixture *fixture, const struct kind *kind)
{
    memset(fixture->cells, 0, sizeof fixture->cells);
    fixture->look.reply_count = 0;
    if (kind->look != NULL && !kind->look(&fixture->look, &fixture->host, &fixture->err)) {
        return false;
    }
    if (kind->next != NULL) {
        fixture_rounds(fixture, kind);
        kind->read(&fixture->look);
    }
    return true;
}

/* What a step would do: look, mark what differs, set. wanted: by property, absent where not asked for. */
static inline bool fixture_set(struct fixture *fixture, const struct kind *kind, const struct value *wanted)
{
    bool differs[FIXTURE_CELLS] = {false};
    if (!fixture_look(fixture, kind)) {
        return false;
    }
    for (size_t i = 0; i < kind->properties.count; i++) {
        differs[i] = wanted[i].state == VALUE_KNOWN && !value_equal(&wanted[i], &fixture->cells[i]);
    }
    struct wanted request = {.params = fixture->params,
                             .facts = fixture->cells,
                             .cells = wanted,
                             .differs = differs,
                             .arena = &fixture->arena};
    return kind->set(&fixture->host, &request, &fixture->err);
}

static inline const struct value *cell_named(const struct fixture *fixture, const struct kind *kind, const char *name)
{
    int index = columns_find(&kind->properties, name);
    must(index >= 0);
    return &fixture->cells[index];
}

/* "absent", "unknown", or the value as people see it. */
static inline const char *shown(struct fixture *fixture, const struct kind *kind, const char *name)
{
    const struct value *cell = cell_named(fixture, kind, name);
    if (cell->state != VALUE_KNOWN) {
        return cell->state == VALUE_ABSENT ? "absent" : "unknown";
    }
    return value_display(&fixture->arena, cell);
}

/* What a property should show. */
struct expected_cell {
    const char *name, *shown;
};

static inline bool cells_match(struct fixture *fixture, const struct kind *kind, const struct expected_cell *cells)
{
    bool match = true;
    for (size_t i = 0; cells[i].name != NULL; i++) {
        const char *found = shown(fixture, kind, cells[i].name);
        if (!text_same(found, cells[i].shown)) {
            printf("\n    %s: %s, expected %s", cells[i].name, found, cells[i].shown);
            match = false;
        }
    }
    return match;
}

#endif
