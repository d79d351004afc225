/* SPDX-License-Identifier: MIT */
/* The metadata service's answers: the same body for every question, from every kind that asks; no cell may come of it
 * that its column does not allow. */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "host/sim/sim.h"
#include "kinds/catalog.h"

enum { CELLS = 32, REPLIES = 64, JOBS = 16, PROBE_MS = 5000 };

static bool cell_fits(const struct column *column, const struct value *cell)
{
    size_t bad = 0;
    if (cell->state != VALUE_KNOWN || column->base != TYPE_TEXT) {
        return cell->state != VALUE_KNOWN || cell->base == column->base;
    }
    return cell->base == TYPE_TEXT && text_is_utf8(cell->as.text, strlen(cell->as.text), &bad) &&
           (column->words == NULL || text_word(column->words, cell->as.text) >= 0) &&
           (column->shape == SHAPE_FREE || shape_accepts(column->shape, cell->as.text));
}

static const char machine[] =
    "{\"machine\": \"azmend.machine/1\", \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 9},"
    " \"system\": {\"assetTag\": \"\"}, \"registry\": {}}";

/* Only the system is asked before the network. */
static void look_around(const struct kind *kind, struct look *look)
{
    struct host host = {0};
    struct sim *sim = NULL;
    struct err err = {0};
    fuzz_promise(sim_open(machine, sizeof machine - 1, "machine.json", look->arena, &sim, &err), "the machine loads");
    host_init(&host, &sim_ops, sim, look->arena, GATE_LOOK, LIMIT_RUN_MS);
    fuzz_promise(kind->look == NULL || kind->look(look, &host, &err), "the machine is looked at");
    sim_close(sim);
}

static void ask(const struct kind *kind, const struct net_reply *answer, struct arena *arena)
{
    struct value params[CELLS] = {0};
    struct value cells[CELLS] = {0};
    struct net_reply *replies = arena_array(arena, REPLIES, sizeof *replies);
    struct net_job jobs[JOBS];
    struct look look = {.params = params, .cells = cells, .arena = arena, .replies = replies, .probe_ms = PROBE_MS};
    look_around(kind, &look);
    for (size_t count = 1; count > 0 && look.reply_count < REPLIES - JOBS;) {
        count = kind->next(&look, jobs, JOBS);
        for (size_t i = 0; i < count; i++) {
            replies[look.reply_count++] = *answer;
        }
    }
    kind->read(&look);
    for (size_t i = 0; i < kind->properties.count; i++) {
        fuzz_promise(cell_fits(&kind->properties.items[i], &cells[i]), kind->properties.items[i].name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct kind *const kinds[] = {&kind_azure_instance, &kind_azure_load_balancer};
    static const long statuses[] = {200, 400, 410};
    struct arena *arena = fuzz_arena();
    for (size_t i = 0; size > 0 && i < COUNT_OF(kinds); i++) {
        const struct net_reply answer = {.outcome = NET_ANSWERED,
                                         .status = statuses[bytes[0] % COUNT_OF(statuses)],
                                         .body = arena_copy(arena, bytes + 1, size - 1),
                                         .body_size = size - 1,
                                         .content_type = "application/json"};
        ask(kinds[i], &answer, arena);
    }
    return 0;
}
