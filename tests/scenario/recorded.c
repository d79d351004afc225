/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include <string.h>

#include "channel/run/wait_network.h"
#include "engine/engine.h"
#include "host/record/recorder.h"
#include "host/sim/tell.h"
#include "intake/embedded.h"

enum { KNOWN_MOST = 64, SEED = 1 };
#define CANARY "canary4711"

/* One run that is written down. */
struct take {
    struct sim *sim;
    struct recorder *recorder;
    struct record record;
    struct host host;
};

static void close_take(struct take *take)
{
    sim_close(take->sim);
}

/* A recorder's own memory: one at a time, used again and again. */
static struct arena *recorder_memory(void)
{
    static struct arena memory;
    struct err err = {0};
    if (memory.bytes == NULL && !arena_open(&memory, LIMIT_ARENA_BYTES, &err)) {
        must_exhausted(err.text);
    }
    arena_release(&memory, 0);
    return &memory;
}

static bool run_take(const struct law_case *law, struct text machine, const char *file, struct take *take)
{
    const struct scenario *scenario = law->scenario;
    const struct engine_options options = {.mode = MODE_CHECK,
                                           .channel = "console",
                                           .run_id = "20260115T080000Z-00000000",
                                           .probe_ms = scenario->options.probe_ms,
                                           .seed = SEED};
    struct err err = {0};
    if (!sim_open(machine.bytes, machine.size, file, law->arena, &take->sim, &err)) {
        return law_broken(law, "%s", err.text);
    }
    take->recorder = recorder_open(recorder_memory());
    recorder_begin(take->recorder, &sim_ops, take->sim);
    host_init(&take->host, &recorder_ops, take->recorder, law->arena, GATE_LOOK, scenario->options.deadline_ms);
    (void)wait_network(&take->host, scenario->options.wait_network_ms);
    engine_run(scenario->plan, &take->host, &options, law->arena, &take->record);
    return true;
}

/* The playbooks and tables that are built in: what recordings take for everybody's words. */
static const struct json *const *known_documents(void)
{
    static const struct json *known[KNOWN_MOST];
    const struct embedded *const lists[] = {embedded_playbooks, embedded_common, embedded_tables};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        for (const struct embedded *item = lists[i]; item->name != NULL && count + 1 < KNOWN_MOST; item++) {
            known[count++] = item->document;
        }
    }
    known[count] = NULL;
    return known;
}

static bool write_take(const struct law_case *law, const struct take *take, bool redacts, struct text *ret_text)
{
    struct recorder_form form = {.redacts = redacts, .known = known_documents(), .seed = SEED};
    struct recorder_report report = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    form.redacted = sim_is_redacted(take->sim) ? take->sim : NULL;
    if (!recorder_write(take->recorder, &form, &buf, &report, &err)) {
        return law_broken(law, "%s", err.text);
    }
    *ret_text = (struct text){.bytes = arena_copy(law->arena, buf_string(&buf), buf.size), .size = buf.size};
    return !report.is_cut || law_broken(law, "the recording is cut");
}

static bool same_findings(const struct law_case *law, const char *what, const struct record *left,
                          const struct record *right)
{
    bool holds = true;
    for (size_t i = 0; i < left->playbook_count; i++) {
        const struct playbook_record *playbook = &left->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *is = &right->playbooks[i].findings[j];
            if (playbook->findings[j].state != is->state) {
                holds = law_broken(law, "%s: %s: expected %s, is %s%s%s", what, is->finding->id,
                                   finding_state_names[playbook->findings[j].state], finding_state_names[is->state],
                                   is->reason.en != NULL ? ": " : "", is->reason.en != NULL ? is->reason.en : "");
            }
        }
    }
    return holds;
}

/* What the recording answers is what was recorded, and recorded again it is the same bytes. */
static bool replay_holds(const struct law_case *law, const char *what, struct text recording,
                         const struct record *expected)
{
    struct take take AUTO(close_take) = {0};
    struct text again = {0};
    if (!run_take(law, recording, what, &take)) {
        return false;
    }
    bool holds = same_findings(law, what, expected, &take.record);
    if (law->first->unscripted == NULL && sim_missing_count(take.sim) > 0) {
        holds = law_broken(law, "%s: it misses %s", what, sim_missing(take.sim, 0));
    }
    return write_take(law, &take, false, &again) && law_same_machine(law, what, recording, again) && holds;
}

/* A member that no look reads. */
static bool add_canary(const struct law_case *law, struct text *ret_machine)
{
    static const char patch[] = "{\"registry\": {\"HKLM\\\\SOFTWARE\\\\" CANARY "\": {\"name\": \"" CANARY "\"}},"
                                " \"about\": \"" CANARY "\"}";
    const struct json_source source = {.file = "canary", .limit = LIMIT_MACHINE_BYTES};
    const struct json *machine = NULL;
    const struct json *canary = NULL;
    struct err err = {0};
    return (json_load(law->before.bytes, law->before.size, &source, law->arena, &machine, &err) &&
            json_load(patch, sizeof patch - 1, &source, law->arena, &canary, &err) &&
            merge_patch(machine, canary, law->arena, ret_machine, &err)) ||
           law_broken(law, "%s", err.text);
}

/* Real connections answer as they like; and whose words a given playbook's are nobody told the recorder. */
static bool has_own_playbooks(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->options.playbooks.count; i++) {
        if (embedded_find(embedded_playbooks, scenario->options.playbooks.items[i]) == NULL) {
            return true;
        }
    }
    for (size_t i = 0; i < scenario->options.parameters.count; i++) {
        if (strstr(scenario->options.parameters.items[i], "ownKmsHosts") != NULL) {
            return true; /* it names a host by its real name */
        }
    }
    return scenario->options.clouds != NULL;
}

bool recorded_holds(const struct law_case *law)
{
    struct take take AUTO(close_take) = {0};
    struct text machine = {0};
    struct text plain = {0};
    struct text redacted = {0};
    if (strstr(law->before.bytes, "\"connectTo\"") != NULL) {
        return true;
    }
    if (!add_canary(law, &machine) || !run_take(law, machine, law->scenario->machine_file, &take) ||
        !write_take(law, &take, false, &plain) || !write_take(law, &take, true, &redacted)) {
        return false;
    }
    if (strstr(plain.bytes, CANARY) != NULL) {
        return law_broken(law, "what no look reads is in the recording");
    }
    bool holds = replay_holds(law, "recording", plain, &take.record);
    return (has_own_playbooks(law->scenario) || replay_holds(law, "redacted recording", redacted, &take.record)) &&
           holds;
}
