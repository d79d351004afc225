/* SPDX-License-Identifier: MIT */
/* Findings and what they hand over, counted over all VMs. */
#include <string.h>

#include "base/text.h"
#include "report/fleet_parts.h"
#include "report/result.h"

/* One VM while it is counted. */
struct counting {
    struct fleet *fleet;
    const struct fleet_machine *machine;
    struct fleet_needs *needs;
};

static bool has_room(const struct fleet *fleet)
{
    return arena_has(&fleet->kept, 8 * LIMIT_TEXT_BYTES + 2 * LIMIT_RUNBOOK_BYTES);
}

static const char *keep(struct fleet *fleet, const char *text, size_t most)
{
    return text != NULL ? arena_copy(&fleet->kept, text, text_cut(text, most)) : NULL;
}

/* --- findings --- */

static struct fleet_finding *finding_of(struct fleet *fleet, const struct json *json, const char *id)
{
    struct fleet_finding *found = map_find(&fleet->finding_map, id);
    const char *severity = fleet_text_of(json, "severity");
    int word = severity != NULL ? text_word(severity_names, severity) : -1;
    if (found != NULL) {
        return found;
    }
    if (fleet->findings.count == LIMIT_FLEET_FINDINGS || strlen(id) > FLEET_CLIP_BYTES || !has_room(fleet)) {
        fleet->findings_beyond++;
        return NULL;
    }
    found = arena_alloc(&fleet->kept, sizeof(*found));
    found->id = arena_text(&fleet->kept, id);
    found->title = keep(fleet, fleet_text_of(json, "title"), FLEET_CLIP_BYTES);
    found->severity = word >= 0 ? (enum severity)word : SEVERITY_ERROR;
    map_set(&fleet->kept, &fleet->finding_map, found->id, found);
    *(struct fleet_finding **)arena_push(&fleet->kept, &fleet->findings, sizeof(void *)) = found;
    return found;
}

/* --- actions --- */

static void keep_commands(struct fleet *fleet, struct fleet_action *action, const struct json *handoff)
{
    for (size_t shell = 0; shell < SHELL_COUNT; shell++) {
        action->commands[shell] = keep(fleet, fleet_text_of(handoff, shell_names[shell]), LIMIT_RUNBOOK_BYTES);
    }
}

/* Before there were blocks to paste, each command had a line. */
static void keep_lines(struct fleet *fleet, struct fleet_action *action, const struct json *handoff)
{
    const struct json *commands = fleet_member(handoff, "commands", JSON_ARRAY);
    struct buf lines AUTO(buf_clear) = {0};
    buf_init(&lines, LIMIT_RUNBOOK_BYTES);
    for (size_t i = 0; i < fleet_count_of(commands); i++) {
        const char *line = fleet_text_of(&commands->as.items[i], "line");
        if (line != NULL) {
            buf_format(&lines, "%s\n", line);
        }
    }
    action->commands[SHELL_BASH] = keep(fleet, lines.size > 0 ? buf_string(&lines) : NULL, LIMIT_RUNBOOK_BYTES);
}

static struct fleet_action *make_action(const struct counting *counting, const struct json *handoff, const char *title)
{
    struct fleet *fleet = counting->fleet;
    struct fleet_action *action = arena_alloc(&fleet->kept, sizeof(*action));
    *action = (struct fleet_action){.id = fleet->actions.count + 1,
                                    .title = arena_text(&fleet->kept, title),
                                    .why = keep(fleet, fleet_text_of(handoff, "why"), LIMIT_TEXT_BYTES),
                                    .effect = keep(fleet, fleet_text_of(handoff, "effect"), LIMIT_TEXT_BYTES),
                                    .back = keep(fleet, fleet_text_of(handoff, "back"), LIMIT_TEXT_BYTES),
                                    .page = keep(fleet, fleet_text_of(handoff, "page"), FLEET_CLIP_BYTES),
                                    .commands_of = keep(fleet, counting->machine->name, FLEET_CLIP_BYTES)};
    keep_commands(fleet, action, handoff);
    if (action->commands[SHELL_BASH] == NULL) {
        keep_lines(fleet, action, handoff);
    }
    map_set(&fleet->kept, &fleet->action_map, action->title, action);
    *(struct fleet_action **)arena_push(&fleet->kept, &fleet->actions, sizeof(void *)) = action;
    return action;
}

static struct fleet_action *action_of(const struct counting *counting, const struct json *handoff)
{
    struct fleet *fleet = counting->fleet;
    const char *title = fleet_text_of(handoff, "title");
    struct fleet_action *found = title != NULL ? map_find(&fleet->action_map, title) : NULL;
    if (found != NULL) {
        return found;
    }
    if (title == NULL || fleet->actions.count == LIMIT_FLEET_ACTIONS || strlen(title) > FLEET_CLIP_BYTES ||
        !has_room(fleet)) {
        fleet->actions_beyond++;
        return NULL;
    }
    return make_action(counting, handoff, title);
}

static void name_finding(struct fleet *fleet, struct fleet_action *action, const char *id)
{
    const char *const *ids = action->findings.items;
    for (size_t i = 0; i < action->findings.count; i++) {
        if (text_same(ids[i], id)) {
            return;
        }
    }
    if (action->findings.count < FLEET_FINDINGS_OF_ACTION && has_room(fleet)) {
        *(const char **)arena_push(&fleet->kept, &action->findings, sizeof(char *)) = keep(fleet, id, FLEET_CLIP_BYTES);
    }
}

/* The first ones are named; how many there are is counted. */
static void name_machine(struct fleet *fleet, struct fleet_action *action, const struct fleet_machine *machine)
{
    if (action->machines.count == LIMIT_FLEET_MACHINES || !has_room(fleet)) {
        fleet->machines_beyond++;
        return;
    }
    struct fleet_machine *named = arena_push(&fleet->kept, &action->machines, sizeof(*named));
    named->name = keep(fleet, machine->name, FLEET_CLIP_BYTES);
    named->where = keep(fleet, machine->where, FLEET_CLIP_BYTES);
}

static void take_handoff(const struct counting *counting, const struct json *handoff, const char *id)
{
    struct fleet *fleet = counting->fleet;
    struct fleet_needs *needs = counting->needs;
    struct fleet_action *action = action_of(counting, handoff);
    if (action == NULL) {
        return;
    }
    name_finding(fleet, action, id);
    if (action->last_vm == fleet->vms) { /* another finding of the same VM wants it, too */
        return;
    }
    action->last_vm = fleet->vms;
    action->vms++;
    name_machine(fleet, action, counting->machine);
    if (needs->count < COUNT_OF(needs->ids)) {
        needs->ids[needs->count++] = action->id;
    }
}

static void take_finding(const struct counting *counting, const struct json *json)
{
    const char *id = fleet_text_of(json, "id");
    const char *word = fleet_text_of(json, "state");
    int state = word != NULL ? text_word(finding_state_names, word) : -1;
    const struct json *handoffs = fleet_member(json, "handoff", JSON_ARRAY);
    if (id == NULL || state <= FINDING_ABSENT) {
        return;
    }
    struct fleet_finding *finding = finding_of(counting->fleet, json, id);
    if (finding != NULL && finding->last_vm != counting->fleet->vms) {
        finding->last_vm = counting->fleet->vms;
        finding->states[state]++;
    }
    for (size_t i = 0; i < fleet_count_of(handoffs); i++) {
        take_handoff(counting, &handoffs->as.items[i], id);
    }
}

void fleet_take_findings(struct fleet *fleet, const struct json *result, const struct fleet_machine *machine,
                         struct fleet_needs *ret_needs)
{
    const struct counting counting = {.fleet = fleet, .machine = machine, .needs = ret_needs};
    const struct json *playbooks = fleet_member(result, "playbooks", JSON_ARRAY);
    int verdict = text_word(verdict_names, fleet_text_of(result, "verdict"));
    const struct json *detail = fleet_member(result, "detail", JSON_INT);
    fleet->shortened += detail != NULL && detail->as.integer >= DETAIL_STATES && verdict < VERDICT_FIXED ? 1 : 0;
    for (size_t i = 0; i < fleet_count_of(playbooks); i++) {
        const struct json *findings = fleet_member(&playbooks->as.items[i], "findings", JSON_ARRAY);
        for (size_t j = 0; j < fleet_count_of(findings); j++) {
            take_finding(&counting, &findings->as.items[j]);
        }
    }
}
