/* SPDX-License-Identifier: MIT */
#include "record_fixture.h"

static void add_op(struct host *host, struct arena *arena, const char *target, const char *before, const char *after)
{
    struct op *op = arena_alloc(arena, sizeof(*op));
    *op = (struct op){.sequence = (uint32_t)host->log.count + 1,
                      .noun = NOUN_REGISTRY,
                      .class = OP_REVERSIBLE,
                      .outcome = OP_DONE,
                      .verb = "set",
                      .target = target,
                      .shown_before = before,
                      .shown_after = after};
    struct op **kept = arena_push(arena, &host->log, sizeof(struct op *));
    *kept = op;
}

static void add_step(struct finding_record *finding, struct host *host, struct arena *arena, const char *text)
{
    struct step_record *step = arena_push(arena, &finding->steps, sizeof(*step));
    *step = (struct step_record){
        .ensure = "kms_target", .outcome = STEP_CHANGED, .op_first = host->log.count, .op_count = 1, .attempts = 1};
    add_op(host, arena, text, NULL, text);
}

static const struct handoff_record *make_handoff(struct spoken spoken, struct arena *arena)
{
    static const char *const show[] = {"vm", "show", "--ids", "/subscriptions/x/vm", "--query", "a.b[0].id"};
    static const char *const routes[] = {"network", "nic", "show-effective-route-table", "--ids", "@nic"};
    struct handoff_command *commands = arena_array(arena, 2, sizeof(*commands));
    struct handoff_record *handoff = arena_alloc(arena, sizeof(*handoff));
    commands[0] = (struct handoff_command){.set = "nic", .words = show, .count = COUNT_OF(show)};
    commands[1] = (struct handoff_command){.words = routes, .count = COUNT_OF(routes)};
    *handoff = (struct handoff_record){.title = spoken, .why = spoken, .commands = commands, .count = 2};
    return handoff;
}

static void fill_finding(struct finding_record *record, size_t index, const struct fixture *fixture, struct host *host,
                         struct arena *arena)
{
    const struct spoken spoken = {fixture->text, fixture->japanese};
    struct finding *finding = arena_alloc(arena, sizeof(*finding));
    struct evidence *evidence = arena_alloc(arena, sizeof(*evidence));
    finding->id = arena_format(arena, "FINDING_NUMBER_%zu", index);
    *evidence = (struct evidence){.name = "target.host", .value = value_text(fixture->text)};
    *record = (struct finding_record){
        .finding = finding,
        .state = fixture->only_one_state ? FINDING_FIXED : (enum finding_state)(index % FINDING_STATE_COUNT),
        .severity = (enum severity)(index % SEVERITY_COUNT),
        .confidence = CONFIDENCE_LIKELY,
        .title = spoken,
        .detail = spoken,
        .reason = spoken,
        .explained_by = index % 7 == 0 ? "ANOTHER_FINDING" : NULL,
        .evidence = evidence,
        .evidence_count = 1};
    if (record->state != FINDING_ABSENT) {
        add_step(record, host, arena, fixture->text);
        record->handoffs = make_handoff(spoken, arena);
        record->handoff_count = 1;
    }
}

static void fill_playbook(struct playbook_record *record, size_t index, const struct fixture *fixture,
                          struct host *host, struct arena *arena)
{
    struct playbook *playbook = arena_alloc(arena, sizeof(*playbook));
    playbook->id = arena_format(arena, "playbook-%zu", index);
    playbook->version = "1.0.0";
    playbook->finding_count = fixture->findings;
    *record = (struct playbook_record){
        .playbook = playbook, .verdict = VERDICT_FIXED, .applies = true, .title = {fixture->text, fixture->japanese}};
    record->findings = arena_array(arena, fixture->findings, sizeof(*record->findings));
    for (size_t i = 0; i < fixture->findings; i++) {
        fill_finding(&record->findings[i], i, fixture, host, arena);
    }
}

const struct record *fixture_record(const struct fixture *fixture, struct arena *arena)
{
    struct record *record = arena_alloc(arena, sizeof(*record));
    struct host *host = arena_alloc(arena, sizeof(*host));
    *record = (struct record){.run_id = "20260115T080000Z-00000000",
                              .started_utc_ms = 1768464000000,
                              .mode = MODE_FIX,
                              .channel = "console",
                              .verdict = VERDICT_FIXED,
                              .host = host};
    record->machine = (struct machine_record){.name = fixture->text,
                                              .vm_id = fixture->text,
                                              .cloud = fixture->text,
                                              .os = fixture->text,
                                              .azure_known = true};
    record->license = (struct license_record){.known = true, .status = "licensed", .expires_in_days = 170};
    record->playbook_count = fixture->playbooks;
    record->playbooks = arena_array(arena, fixture->playbooks, sizeof(*record->playbooks));
    for (size_t i = 0; i < fixture->playbooks; i++) {
        fill_playbook(&record->playbooks[i], i, fixture, host, arena);
    }
    record->changes = host->log.count;
    return record;
}

static void set_finding(struct finding_record *finding, const char *id, enum finding_state state, struct spoken title)
{
    struct finding *named = (struct finding *)(uintptr_t)finding->finding;
    named->id = id;
    finding->state = state;
    finding->severity = SEVERITY_ERROR;
    finding->title = title;
    finding->explained_by = NULL;
    finding->detail = finding->reason = (struct spoken){NULL, NULL};
}

const struct record *fixture_typical(struct arena *arena)
{
    const struct fixture fixture = {.playbooks = 2, .findings = 3, .text = "23.102.135.246", .only_one_state = true};
    struct record *record = (struct record *)(uintptr_t)fixture_record(&fixture, arena);
    struct finding_record *findings = record->playbooks[0].findings;
    set_finding(
        &findings[0], "KMS_TARGET_RETIRED_ADDRESS", FINDING_FIXED,
        (struct spoken){"Windows asks a KMS address that is retired", "廃止された KMS アドレスを参照しています"});
    set_finding(&findings[1], "KMS_PORT_FILTERED", FINDING_HANDED_OFF,
                (struct spoken){"Port 1688 is filtered", "ポート 1688 が遮断されています"});
    findings[0].handoff_count = 0;
    findings[1].steps = (struct arena_list){0};
    for (size_t i = 2; i < 6; i++) {
        record->playbooks[i / 3].findings[i % 3].state = FINDING_ABSENT;
    }
    record->playbooks[1].verdict = VERDICT_HEALTHY;
    record->machine = (struct machine_record){.name = "vm-web-01",
                                              .cloud = "AzurePublicCloud",
                                              .os = "Windows Server 2022 Datacenter",
                                              .on_azure = true,
                                              .azure_known = true};
    record->verdict = VERDICT_NEEDS_AZURE_CHANGE;
    record->changes = 1;
    return record;
}
