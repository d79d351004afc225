/* SPDX-License-Identifier: MIT */
/* Documents of others: a scenario ('s'), and what `report` reads ('r'). The first byte says which; the others are it.
 */
#include <string.h>

#include "base/text.h"
#include "channel/scenario/outcome.h"
#include "channel/tools/sources.h"
#include "fuzz.h"
#include "plan/plan.h"

struct input {
    const uint8_t *bytes;
    size_t size;
    struct arena *arena;
};

static const char *chars(const struct input *input)
{
    return (const char *)input->bytes;
}

static void is_clean(const char *text)
{
    size_t bad = 0;
    fuzz_promise(text_is_utf8(text, strlen(text), &bad), "what is shown is UTF-8");
}

static const char machine[] =
    "{\"machine\": \"azmend.machine/1\", \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 9},"
    " \"system\": {\"assetTag\": \"7783-7084-3265-9085-8269-3286-77\"}, \"registry\": {\"HKLM\\\\SOFTWARE\\\\F\": "
    "{\"Text\": \"a\"}}}";

/* --- a scenario: read, and run when it can be --- */

static bool scenario_machine(void *context, const char *name, struct arena *arena, const struct json **ret_json,
                             const char **ret_file, struct err *err)
{
    struct json_source source = {.file = "machine.json", .limit = LIMIT_MACHINE_BYTES};
    (void)context;
    (void)name;
    *ret_file = source.file;
    return json_load(machine, sizeof machine - 1, &source, arena, ret_json, err);
}

static bool scenario_plan(void *context, const struct options *options, struct arena *arena,
                          const struct plan **ret_plan, struct err *err)
{
    static const char book[] =
        "{\"id\":\"a\",\"version\":\"1\",\"title\":{\"en\":\"A\"},\"source\":\"a test\",\"facts\":{\"a\":{\"look\":"
        "\"registry_value\",\"with\":{\"key\":\"HKLM\\\\A\",\"name\":\"T\"}}},\"findings\":[{\"id\":\"A\",\"severity\":"
        "\"error\",\"title\":{\"en\":\"A\"},\"detail\":{\"en\":\"A\"},\"when\":{\"fact\":\"a.text\",\"exists\":true}}]"
        "}";
    const struct plan_source source = {.file = "a.json", .bytes = book, .size = sizeof book - 1, .selected = true};
    (void)context;
    (void)options;
    return plan_load(NULL, 0, &source, 1, NULL, 0, arena, ret_plan, err);
}

static void scenario(const struct input *input)
{
    static const struct scenario_ground ground = {
        .machine = scenario_machine, .plan = scenario_plan, .is_closed = true};
    struct json_source source = {.file = "fuzz.json", .limit = LIMIT_MACHINE_BYTES};
    struct scenario_file file = {.file = source.file, .name = "fuzz"};
    struct scenario read;
    struct err err = {0};
    if (!json_load(chars(input), input->size, &source, input->arena, &file.json, &err) ||
        !scenario_read(&file, &ground, input->arena, &read, &err)) {
        fuzz_refused(&err);
        return;
    }
    struct trial trial;
    struct arena_list wrong = {0};
    struct outcome outcome = {.scenario = &read, .run = &trial, .arena = input->arena, .wrong = &wrong};
    struct trial_setup setup = {.scenario = &read, .mode = trial_mode(&read)};
    if (!trial_canonical(&read, read.machine, input->arena, &outcome.before, &err)) {
        fuzz_refused(&err);
        return;
    }
    setup.machine = outcome.before;
    fuzz_promise(trial_run(&setup, input->arena, &trial, &err), "what was saved can be run");
    fuzz_promise(outcome_holds(&outcome) == (wrong.count == 0), "what is wrong is said");
}

/* --- many results --- */

struct collected {
    struct fleet *fleet;
    struct writer writer;
    bool is_second;
};

static void collect(void *context, const struct json *result, const struct fleet_place *place)
{
    struct collected *collected = context;
    struct err err = {0};
    if (collected->is_second) {
        (void)fleet_add(collected->fleet, result, place, &collected->writer);
    } else if (!fleet_learn(collected->fleet, result, &err)) {
        fuzz_refused(&err);
    }
}

static void pass_over(void *context, const struct fleet_place *place, const char *why)
{
    struct collected *collected = context;
    if (!collected->is_second) {
        fleet_refuse(collected->fleet, place, why, &collected->writer);
    }
}

static size_t sum_of(const struct fleet *fleet)
{
    size_t sum = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        sum += fleet->verdicts[i];
    }
    return sum;
}

static void reports(const struct input *input)
{
    struct collected collected = {.fleet = arena_alloc(input->arena, sizeof(struct fleet))};
    const struct source_sink sink = {.context = &collected, .take = collect, .refuse = pass_over};
    struct buf document AUTO(buf_clear) = {0};
    struct buf page AUTO(buf_clear) = {0};
    buf_init(&document, LIMIT_FLEET_PAGE_BYTES);
    buf_init(&page, LIMIT_FLEET_PAGE_BYTES);
    writer_init(&collected.writer, &document, WRITER_ONE_LINE);
    fleet_open(collected.fleet, NULL, input->arena);
    fleet_json_begin(&collected.writer);
    sources_bytes("input", chars(input), input->size, input->arena, &sink);
    fleet_json_machines(&collected.writer);
    collected.is_second = true;
    sources_bytes("input", chars(input), input->size, input->arena, &sink);
    fleet_close(collected.fleet);
    fleet_json_end(&collected.writer, collected.fleet);
    fleet_html(&page, collected.fleet, LANGUAGE_JA);
    fuzz_promise(text_is_ascii(buf_whole(&document)), "the document is ASCII");
    is_clean(buf_whole(&page));
    fuzz_promise(sum_of(collected.fleet) == collected.fleet->vms, "each VM has one verdict");
    fuzz_promise(collected.fleet->vms <= collected.fleet->results, "no VM without a result");
    fuzz_promise(collected.fleet->results + collected.fleet->unread_count > 0, "what is given is counted");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct input input = {.bytes = bytes + 1, .size = size - 1, .arena = fuzz_arena()};
    if (bytes[0] == 's') {
        scenario(&input);
    } else if (bytes[0] == 'r') {
        reports(&input);
    }
    return 0;
}
