/* SPDX-License-Identifier: MIT */
/*
 * A fleet against a pool of KMS hosts, in virtual time and seeded: which VM asks when is told by the shipped functions
 * (splay_place, retry_wait_ms, the rule of distance.h, the retry of the shipped playbook); here are only the arrivals,
 * the pool and Windows' own client.
 *
 *     simulate SEED VMS SPLAY [ATTEMPTS FACTOR MAX]     a line of JSON for each arrival, client and capacity; SPLAY and
 * MAX in seconds; without the last three the playbook's own retry
 *
 * The pool: CAPACITY requests a second (judged: no figure is published; the other capacities show what comes of it), a
 * queue of 2 seconds, what is beyond it is refused at once with a transient answer. One NAT address has 64,512 ports
 * to one destination, each of which rests 65 seconds after its connection
 * (https://learn.microsoft.com/azure/nat-gateway/nat-gateway-snat and .../nat-gateway-resource): what finds none is
 * reset. Windows' own client asks every 2 hours while it is not activated
 * (https://learn.microsoft.com/windows-server/get-started/kms-client-activation-keys and
 * .../activation-troubleshoot-kms-general).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "channel/run/distance.h"
#include "channel/run/load.h"
#include "channel/run/splay.h"
#include "engine/run.h"
#include "host/port.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define FINDING "NOT_LICENSED"

enum { CAPACITY = 500, QUEUE_S = 2, PORTS = 64512, PORT_REST_S = 65, LOOP_TRIES = 12, LOOP_PAUSE_S = 5 };

/* --- chance: of the model, not of the program --- */

static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13U;
    *state ^= *state >> 7U;
    *state ^= *state << 17U;
    return *state * 0x2545F4914F6CDD1DULL >> 11U;
}

static int64_t below(uint64_t *state, int64_t bound)
{
    return bound > 0 ? (int64_t)(draw(state) % (uint64_t)bound) : 0;
}

/* Of mean 0 and deviation 1, near enough: twelve uniform ones. */
static double normal(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += (double)below(state, 1000000) / 1e6;
    }
    return sum;
}

/* --- what happens, in the order of time --- */

enum happens { HAPPENS_RUN, HAPPENS_TRY, HAPPENS_WINDOWS };

struct event {
    int64_t at_ms;
    uint32_t vm;
    enum happens what;
};

struct heap {
    struct event *items;
    size_t count, capacity;
};

static void swap(struct event *one, struct event *other)
{
    struct event kept = *one;
    *one = *other;
    *other = kept;
}

static void push(struct heap *heap, struct event event)
{
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity * 2 + 1024;
        heap->items = realloc(heap->items, heap->capacity * sizeof(*heap->items));
        must(heap->items != NULL);
    }
    size_t at = heap->count++;
    heap->items[at] = event;
    for (; at > 0 && heap->items[at].at_ms < heap->items[(at - 1) / 2].at_ms; at = (at - 1) / 2) {
        swap(&heap->items[at], &heap->items[(at - 1) / 2]);
    }
}

static bool pop(struct heap *heap, struct event *ret_event)
{
    if (heap->count == 0) {
        return false;
    }
    *ret_event = heap->items[0];
    heap->items[0] = heap->items[--heap->count];
    for (size_t at = 0, next = 1; next < heap->count; at = next, next = 2 * at + 1) {
        next += next + 1 < heap->count && heap->items[next + 1].at_ms < heap->items[next].at_ms ? 1 : 0;
        if (heap->items[at].at_ms <= heap->items[next].at_ms) {
            return true;
        }
        swap(&heap->items[at], &heap->items[next]);
    }
    return true;
}

/* --- the pool --- */

struct pool {
    double per_ms, free_at_ms;
    int64_t down_from_ms, down_to_ms;
    bool has_nat;
    int64_t *ports; /* when each rests no more, in a ring: all rest equally long */
    size_t port_first, port_count;
};

static bool takes_port(struct pool *pool, int64_t now_ms)
{
    while (pool->port_count > 0 && pool->ports[pool->port_first] <= now_ms) {
        pool->port_first = (pool->port_first + 1) % PORTS;
        pool->port_count--;
    }
    if (pool->port_count == PORTS) {
        return false;
    }
    pool->ports[(pool->port_first + pool->port_count++) % PORTS] = now_ms + PORT_REST_S * SECOND;
    return true;
}

/* All but the first may pass, as the table of codes says: a refusal is tried anew, too, which is the worst for the
 * pool. */
static const char *const answers[] = {NULL, "0x8007232A", "0x800706BA", "0xC004F074"};
enum answer { ANSWER_ACTIVATED, ANSWER_RESET, ANSWER_BUSY, ANSWER_REFUSED };

static enum answer ask_pool(struct pool *pool, int64_t now_ms)
{
    if (pool->has_nat && !takes_port(pool, now_ms)) {
        return ANSWER_RESET;
    }
    if (now_ms >= pool->down_from_ms && now_ms < pool->down_to_ms) {
        return ANSWER_BUSY;
    }
    double begin_ms = pool->free_at_ms > (double)now_ms ? pool->free_at_ms : (double)now_ms;
    if (begin_ms - (double)now_ms > QUEUE_S * SECOND) {
        return ANSWER_BUSY;
    }
    pool->free_at_ms = begin_ms + 1 / pool->per_ms;
    return ANSWER_ACTIVATED;
}

/* --- arrivals --- */

enum arrival { ARRIVAL_RESET, ARRIVAL_OUTAGE, ARRIVAL_POLICY, ARRIVAL_MORNING, ARRIVAL_AUTOCORRECT, ARRIVAL_COUNT };
static const char *const arrival_names[] = {"reset", "outage", "policy", "morning", "autocorrect"};

/* When the first run of a VM is started, and what there is to it. judged: no figure is published, but for the policy's.
 */
static const struct plan_of {
    int64_t from_ms, every_ms, end_ms; /* every_ms 0: once */
    int64_t refused_percent, licensed_percent;
    bool has_nat, has_outage;
} plans[ARRIVAL_COUNT] = {
    /* A task that starts everywhere at one time of the clock, on the day after all of them lost their activation. */
    [ARRIVAL_RESET] = {.from_ms = DAY, .end_ms = DAY + 8 * HOUR, .has_nat = true},
    /* The same while the pool is down, from the beginning for ten minutes. */
    [ARRIVAL_OUTAGE] = {.from_ms = DAY, .end_ms = DAY + 8 * HOUR, .has_outage = true},
    /* A remediation task has 50,000 resources at most and 30 of them at once: two tasks, 90 seconds each (judged).
     * https://learn.microsoft.com/azure/governance/policy/how-to/remediate-resources */
    [ARRIVAL_POLICY] = {.from_ms = DAY, .end_ms = 5 * DAY},
    /* Session hosts are started before work begins: within half an hour, about eight (judged). */
    [ARRIVAL_MORNING] = {.from_ms = DAY, .end_ms = DAY + 8 * HOUR},
    /* Machine configuration looks every 15 minutes, each VM at its own moment; a fifth is always refused (judged). */
    [ARRIVAL_AUTOCORRECT] = {.every_ms = 15 * MINUTE, .end_ms = 7 * DAY, .refused_percent = 20, .licensed_percent = 80},
};

enum { AT_ONCE = 60, EACH_S = 90, MORNING_DEVIATION_S = 600 };

static int64_t start_of(enum arrival arrival, uint32_t vm, uint64_t *chance)
{
    int64_t from_ms = plans[arrival].from_ms;
    switch (arrival) {
    case ARRIVAL_POLICY:
        return from_ms + (int64_t)(vm / AT_ONCE) * EACH_S * SECOND + below(chance, EACH_S * SECOND);
    case ARRIVAL_MORNING:
        return from_ms + HOUR + (int64_t)(normal(chance) * MORNING_DEVIATION_S * (double)SECOND);
    case ARRIVAL_AUTOCORRECT:
        return from_ms + below(chance, plans[arrival].every_ms);
    case ARRIVAL_RESET:
    case ARRIVAL_OUTAGE:
    case ARRIVAL_COUNT:
        break;
    }
    return from_ms + below(chance, 10 * SECOND); /* clocks differ by some seconds */
}

/* --- a fleet --- */

enum client { CLIENT_AZMEND, CLIENT_LOOP, CLIENT_COUNT };
static const char *const client_names[] = {"azmend", "loop"};

struct vm {
    struct distance_kept kept;
    uint64_t random;
    const char *answer_before; /* of the run before */
    int64_t longer_ms, activated_ms;
    uint32_t requests, tries;
    bool is_licensed, is_refused;
};

struct fleet_run {
    enum arrival arrival;
    enum client client;
    const struct retry *retry;
    int64_t splay_ms;
    uint32_t count;
    struct vm *vms;
    struct pool pool;
    struct heap heap;
    uint64_t chance;
    uint32_t *each_second, *each_windows;
    size_t seconds;
    uint64_t requests, windows;
};

static void schedule(struct fleet_run *run, uint32_t vm, enum happens what, int64_t at_ms)
{
    if (at_ms < plans[run->arrival].end_ms) {
        push(&run->heap, (struct event){.at_ms = at_ms, .vm = vm, .what = what});
    }
}

static enum answer request(struct fleet_run *run, struct vm *vm, int64_t now_ms)
{
    enum answer answer = ask_pool(&run->pool, now_ms);
    if (answer == ANSWER_ACTIVATED && vm->is_refused) {
        answer = ANSWER_REFUSED;
    }
    if (answer == ANSWER_ACTIVATED) {
        vm->is_licensed = true;
        vm->activated_ms = now_ms;
    }
    return answer;
}

/* What the engine does of a finding whose step asks: once a run it is held or begun, then try after try. */
static void begin_run(struct fleet_run *run, uint32_t index, int64_t now_ms)
{
    struct vm *vm = &run->vms[index];
    const struct distance_moment now = {.utc_ms = now_ms};
    vm->tries = 0;
    if (run->client == CLIENT_LOOP) {
        schedule(run, index, HAPPENS_TRY, now_ms); /* it does not look whether there is anything to do */
        return;
    }
    if (vm->is_licensed) {
        return;
    }
    /* The runs between find it held, and do nothing: the next one that may ask is the next event. */
    int64_t every_ms = plans[run->arrival].every_ms;
    int64_t left_ms = distance_left_ms(&vm->kept, &now);
    if (every_ms > 0) {
        schedule(run, index, HAPPENS_RUN, now_ms + every_ms * (left_ms > 0 ? (left_ms + every_ms - 1) / every_ms : 1));
    }
    if (left_ms > 0) {
        return;
    }
    vm->answer_before = vm->kept.answer;
    vm->longer_ms = distance_longer_ms(&vm->kept, true);
    distance_asked(&vm->kept, &now, vm->longer_ms);
    schedule(run, index, HAPPENS_TRY, now_ms);
}

static void try_once(struct fleet_run *run, uint32_t index, int64_t now_ms)
{
    struct vm *vm = &run->vms[index];
    if (run->client == CLIENT_AZMEND && vm->is_licensed) { /* Windows was first: seen before each try */
        return;
    }
    size_t second = (size_t)(now_ms / SECOND);
    run->each_second[second]++;
    run->requests++;
    vm->requests++;
    vm->tries++;
    const char *answer = answers[request(run, vm, now_ms)];
    if (run->client == CLIENT_LOOP) {
        if (vm->tries < LOOP_TRIES) {
            schedule(run, index, HAPPENS_TRY, now_ms + LOOP_PAUSE_S * SECOND);
        }
        return;
    }
    bool is_same = vm->answer_before != NULL && text_same(vm->answer_before, answer);
    distance_heard(&vm->kept, answer, is_same, vm->longer_ms);
    bool may_repeat = answer != NULL && distance_may_repeat(is_same, true);
    if (may_repeat && vm->tries < run->retry->attempts) {
        schedule(run, index, HAPPENS_TRY, now_ms + retry_wait_ms(run->retry, vm->tries + 1, &vm->random));
    }
}

static void ask_as_windows(struct fleet_run *run, uint32_t index, int64_t now_ms)
{
    struct vm *vm = &run->vms[index];
    if (!vm->is_licensed) {
        run->each_windows[now_ms / SECOND]++;
        run->windows++;
        (void)request(run, vm, now_ms);
        schedule(run, index, HAPPENS_WINDOWS, now_ms + 2 * HOUR);
    }
}

static void place_vms(struct fleet_run *run)
{
    const struct plan_of *plan = &plans[run->arrival];
    for (uint32_t i = 0; i < run->count; i++) {
        char identity[64];
        struct vm *vm = &run->vms[i];
        (void)snprintf(identity, sizeof(identity), "%08x-4d57-4c23-ac45-%012" PRIx64, i * 2654435761U,
                       draw(&run->chance) >> 5U);
        vm->is_refused = (int64_t)(i % 100) < plan->refused_percent;
        vm->is_licensed = !vm->is_refused && (int64_t)(i % 100) >= 100 - plan->licensed_percent;
        vm->random = draw(&run->chance);
        int64_t start_ms = start_of(run->arrival, i, &run->chance);
        int64_t place_ms = run->client == CLIENT_AZMEND ? splay_place(identity, run->splay_ms) : 0;
        schedule(run, i, HAPPENS_RUN, start_ms + place_ms);
        if (!vm->is_licensed) {
            int64_t up_ms = run->arrival == ARRIVAL_MORNING ? start_ms : plan->from_ms; /* it asks from its start on */
            schedule(run, i, HAPPENS_WINDOWS, up_ms + below(&run->chance, 2 * HOUR));
        }
    }
}

/* --- one of them, and what is told of it --- */

static int by_time(const void *left, const void *right)
{
    int64_t one = *(const int64_t *)left;
    int64_t other = *(const int64_t *)right;
    return (one > other) - (one < other);
}

/* Seconds after the beginning when that share of all that ever will be are activated; -1: none. */
static int64_t reached(const struct fleet_run *run, int64_t *times, size_t count, size_t percent)
{
    size_t wanted = (size_t)run->count * percent / 100;
    return count >= wanted && wanted > 0 ? (times[wanted - 1] - plans[run->arrival].from_ms) / SECOND : -1;
}

static void tell(const struct fleet_run *run, double factor)
{
    int64_t *times = calloc(run->count, sizeof(*times));
    size_t count = 0;
    uint32_t peak = 0;
    uint32_t most = 0;
    uint32_t sum_peak = 0;
    must(times != NULL);
    for (uint32_t i = 0; i < run->count; i++) {
        most = run->vms[i].requests > most ? run->vms[i].requests : most;
        if (run->vms[i].activated_ms > 0) {
            times[count++] = run->vms[i].activated_ms;
        }
    }
    qsort(times, count, sizeof(*times), by_time);
    for (size_t i = 0; i < run->seconds; i++) {
        uint32_t sum = run->each_second[i] + run->each_windows[i];
        peak = run->each_second[i] > peak ? run->each_second[i] : peak;
        sum_peak = sum > sum_peak ? sum : sum_peak;
    }
    printf("{\"arrival\":\"%s\",\"client\":\"%s\",\"capacity\":%.0f,\"factor\":%g,\"vms\":%u,\"requests\":%" PRIu64
           ",\"perVm\":%.3f,\"most\":%u,\"peak\":%u,\"peakShare\":%.3f,\"peakWithWindows\":%.3f,\"windows\":%" PRIu64
           ",\"activated\":%zu,\"t50\":%" PRId64 ",\"t99\":%" PRId64 "}\n",
           arrival_names[run->arrival], client_names[run->client], CAPACITY * factor, factor, run->count, run->requests,
           (double)run->requests / run->count, most, peak, peak / (CAPACITY * factor), sum_peak / (CAPACITY * factor),
           run->windows, count, reached(run, times, count, 50), reached(run, times, count, 99));
    free(times);
}

static void simulate(enum arrival arrival, enum client client, double factor, const struct retry *retry,
                     const uint64_t arguments[3])
{
    const struct plan_of *plan = &plans[arrival];
    struct fleet_run run = {.arrival = arrival,
                            .client = client,
                            .retry = retry,
                            .chance = arguments[0] + 1,
                            .count = (uint32_t)arguments[1],
                            .splay_ms = (int64_t)arguments[2] * SECOND};
    struct event event = {0};
    run.seconds = (size_t)(plan->end_ms / SECOND) + 1;
    run.vms = calloc(run.count, sizeof(*run.vms));
    run.each_second = calloc(run.seconds, sizeof(*run.each_second));
    run.each_windows = calloc(run.seconds, sizeof(*run.each_windows));
    run.pool = (struct pool){.per_ms = CAPACITY * factor / (double)SECOND, .has_nat = plan->has_nat};
    run.pool.ports = calloc(PORTS, sizeof(*run.pool.ports));
    must(run.vms != NULL && run.each_second != NULL && run.each_windows != NULL && run.pool.ports != NULL);
    if (plan->has_outage) {
        run.pool.down_from_ms = plan->from_ms;
        run.pool.down_to_ms = plan->from_ms + 10 * MINUTE;
    }
    place_vms(&run);
    static void (*const does[])(struct fleet_run * run, uint32_t vm, int64_t now_ms) = {begin_run, try_once,
                                                                                        ask_as_windows};
    while (pop(&run.heap, &event)) {
        does[event.what](&run, event.vm, event.at_ms);
    }
    tell(&run, factor);
    free(run.vms);
    free(run.each_second);
    free(run.each_windows);
    free(run.pool.ports);
    free(run.heap.items);
}

/* The retry that the shipped playbook gives the step that activates. */
static const struct retry *shipped_retry(struct arena *arena)
{
    const struct options built_in = {.command = COMMAND_CHECK};
    const struct plan *plan = NULL;
    struct err err = {0};
    must(load_plan(&built_in, arena, &plan, &err));
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->playbooks[i].finding_count; j++) {
            const struct finding *finding = &plan->playbooks[i].findings[j];
            if (text_same(finding->id, FINDING) && finding->step_count > 0) {
                return &finding->steps[0].retry;
            }
        }
    }
    return NULL;
}

/* The port's own entry point calls it. */
int azmend_main(int argument_count, char **arguments)
{
    static const double factors[] = {0.25, 0.5, 1, 2, 4};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    int64_t numbers[6] = {0};
    if ((argument_count != 4 && argument_count != 7) || !arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        return 2;
    }
    for (int i = 0; i + 1 < argument_count; i++) {
        if (!text_to_int(arguments[i + 1], &numbers[i]) || numbers[i] < 0) {
            return 2;
        }
    }
    const uint64_t given[3] = {(uint64_t)numbers[0], (uint64_t)numbers[1], (uint64_t)numbers[2]};
    const struct retry *shipped = shipped_retry(&arena);
    must(shipped != NULL);
    struct retry retry = *shipped;
    if (argument_count == 7) {
        retry.attempts = numbers[3];
        retry.factor = numbers[4];
        retry.max_seconds = numbers[5];
    }
    printf("{\"attempts\":%" PRId64 ",\"firstSeconds\":%" PRId64 ",\"factor\":%" PRId64 ",\"maxSeconds\":%" PRId64
           ",\"splaySeconds\":%" PRIu64 "}\n",
           retry.attempts, retry.first_seconds, retry.factor, retry.max_seconds, given[2]);
    for (enum arrival arrival = 0; arrival < ARRIVAL_COUNT; arrival++) {
        for (enum client client = 0; client < CLIENT_COUNT; client++) {
            /* The loop every 15 minutes for a week, which looks at nothing before it asks, needs no model. */
            bool is_counted = client == CLIENT_LOOP && arrival == ARRIVAL_AUTOCORRECT;
            for (size_t i = 0; i < COUNT_OF(factors) && !is_counted; i++) {
                simulate(arrival, client, factors[i], &retry, given);
            }
        }
    }
    return 0;
}
