/* SPDX-License-Identifier: MIT */
/* The `when` of a finding: loaded, evaluated on a small machine, and what came of it written and read again. */
#include <string.h>

#include "engine/engine.h"
#include "fuzz.h"
#include "host/sim/sim.h"
#include "report/result.h"

static const char before[] =
    "{\"id\": \"fuzz\", \"version\": \"1\", \"title\": {\"en\": \"F\"}, \"source\": \"s\","
    " \"facts\": {\"text\": {\"look\": \"registry_value\", \"with\": {\"key\": \"HKLM\\\\SOFTWARE\\\\F\", \"name\": "
    "\"Text\"}},"
    "  \"number\": {\"look\": \"registry_value\", \"with\": {\"key\": \"HKLM\\\\SOFTWARE\\\\F\", \"name\": "
    "\"Number\"}},"
    "  \"absent\": {\"look\": \"registry_value\", \"with\": {\"key\": \"HKLM\\\\SOFTWARE\\\\F\", \"name\": "
    "\"Absent\"}},"
    "  \"unknown\": {\"look\": \"registry_value\", \"with\": {\"key\": \"HKLM\\\\SOFTWARE\\\\Denied\", \"name\": "
    "\"Any\"}},"
    "  \"all\": {\"look\": \"registry_value\", \"forEach\": [\"Text\", \"Number\", \"Absent\"],"
    "   \"with\": {\"key\": \"HKLM\\\\SOFTWARE\\\\F\", \"name\": \"${item}\"}}},"
    " \"values\": {\"list\": {\"firstOf\": [[\"a\", \"b\"]]}},"
    " \"conditions\": {\"set\": {\"fact\": \"text.exists\", \"equals\": true}},"
    " \"findings\": [{\"id\": \"A\", \"severity\": \"error\", \"title\": {\"en\": \"T\"}, \"detail\": {\"en\": \"D\"},"
    "  \"when\": ";
static const char after[] = "}]}";
static const char machine[] =
    "{\"machine\": \"azmend.machine/1\", \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 9},"
    " \"system\": {\"assetTag\": \"\"}, \"registry\": {\"HKLM\\\\SOFTWARE\\\\F\": {\"Text\": \"a\", \"Number\": 7},"
    "  \"HKLM\\\\SOFTWARE\\\\Denied\": {\"denied\": true}}}";

static void check_result(const struct record *record, struct arena *arena)
{
    struct buf result AUTO(buf_clear) = {0};
    const struct json_source source = {.file = "result", .limit = LIMIT_RESULT_BYTES};
    const struct json *read = NULL;
    struct err err = {0};
    fuzz_promise(result_whole(&result, record, &err), "a result fits");
    fuzz_promise(json_load(buf_string(&result), result.size, &source, arena, &read, &err), "a result is JSON");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = fuzz_arena();
    const struct engine_options options = {.mode = MODE_CHECK, .channel = "fuzz", .run_id = "fuzz", .probe_ms = 1};
    const char *document = arena_format(arena, "%s%.*s%s", before, (int)size, (const char *)bytes, after);
    const struct plan_source playbook = {
        .file = "fuzz.json", .bytes = document, .size = strlen(document), .selected = true};
    const struct plan *plan = NULL;
    struct record record = {0};
    struct host host = {0};
    struct sim *sim = NULL;
    struct err err = {0};
    if (!plan_load(NULL, 0, &playbook, 1, NULL, 0, arena, &plan, &err)) {
        fuzz_refused(&err);
        return 0;
    }
    fuzz_promise(sim_open(machine, sizeof machine - 1, "machine.json", arena, &sim, &err), "the machine loads");
    host_init(&host, &sim_ops, sim, arena, GATE_LOOK, LIMIT_RUN_MS);
    engine_run(plan, &host, &options, arena, &record);
    check_result(&record, arena);
    sim_close(sim);
    return 0;
}
