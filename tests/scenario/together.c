/* SPDX-License-Identifier: MIT */
#include "together.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/decide.h"
#include "engine/narrowing.h"
#include "undo.h"

enum {
    CHILD_SECONDS = 60,
    LICENSED = 1,
    UNANSWERED_TELL = 2, /* as many as the playbooks take for a sign */
    LAWS_PER_CODE = 7,   /* an exit code has eight bits; the highest says that the child ended by itself */
    CHILD_ENDED = 1 << LAWS_PER_CODE,
    CHILD_SILENT = SIGUSR1 /* by which a child ends whose machine is left out */
};
_Static_assert((int)TOGETHER_COUNT <= (int)LAWS_PER_CODE, "each law has a bit of the exit code");

const char *const together_names[TOGETHER_COUNT + 1] = {"ends", "looks", "keeps",      "agrees",
                                                        "once", "azure", "gives back", NULL};
const char *const defect_names[DEFECT_COUNT + 1] = {"none",  "key",  "license", "plan", "left",
                                                    "azure", "loud", "crash",   NULL};

/* All runs on one machine. */
struct together_runs {
    struct law_case law;
    const struct overlay *overlay;
    struct trial check, plan, fix, again;
};

static bool run(struct together_runs *runs, struct text machine, enum run_mode mode, struct trial *ret_trial)
{
    struct err err = {0};
    struct trial_setup setup = {.scenario = runs->law.scenario, .machine = machine, .mode = mode};
    return trial_run(&setup, runs->law.arena, ret_trial, &err) || law_broken(&runs->law, "%s", err.text);
}

/* --- ends, looks, azure --- */

static bool ends(struct together_runs *runs)
{
    const struct trial *all[] = {&runs->check, &runs->plan, &runs->fix, &runs->again};
    bool holds = true;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const struct record *record = &all[i]->record;
        holds = law_output_holds(&runs->law, all[i]) && holds;
        holds = (record->verdict != VERDICT_FAILED ||
                 law_broken(&runs->law, "%s: %s", run_mode_names[record->mode], record->err.text)) &&
                holds;
    }
    return holds;
}

static bool looks(struct together_runs *runs)
{
    return law_same_machine(&runs->law, "check", runs->law.before, runs->check.saved) &&
           law_same_machine(&runs->law, "plan", runs->law.before, runs->plan.saved);
}

static bool off_azure(struct together_runs *runs)
{
    return !runs->overlay->is_off_azure || runs->fix.record.changes == 0 ||
           law_broken(&runs->law, "%zu changes where nothing says Azure, the first %s %s", runs->fix.record.changes,
                      host_op(&runs->fix.host, 0)->verb, host_op(&runs->fix.host, 0)->target);
}

/* --- keeps --- */

/* Windows' own product, as the document has it. */
struct license {
    const char *partial_key; /* NULL: no product has a key */
    bool licensed;
};

static const struct json *member(const struct json *object, const char *name, enum json_type type)
{
    const struct json *found = json_find(object, name);
    return found != NULL && found->type == type ? found : NULL;
}

static struct license read_license(const struct json *machine)
{
    struct license license = {0};
    const struct json *products = member(json_find(machine, "licensing"), "products", JSON_ARRAY);
    for (size_t i = 0; products != NULL && i < products->count; i++) {
        const struct json *product = &products->as.items[i];
        const struct json *addon = member(product, "addon", JSON_BOOL);
        const struct json *key = member(product, "partialKey", JSON_TEXT);
        const struct json *status = member(product, "status", JSON_INT);
        if (key == NULL || (addon != NULL && addon->as.boolean)) {
            continue;
        }
        bool is_licensed = status != NULL && status->as.integer == LICENSED;
        if (license.partial_key == NULL || is_licensed) {
            license.partial_key = key->as.text;
        }
        license.licensed = license.licensed || is_licensed;
    }
    return license;
}

static bool load(struct together_runs *runs, struct text text, const struct json **ret_json)
{
    struct json_source source = {.file = "machine", .limit = LIMIT_MACHINE_BYTES};
    struct err err = {0};
    return json_load(text.bytes, text.size, &source, runs->law.arena, ret_json, &err) ||
           law_broken(&runs->law, "%s", err.text);
}

/* Does the look ask for the requests of some products, not for those of Office as well? */
static bool names_products(const struct look_record *look)
{
    int product = columns_find(&look->kind->params, "product");
    int products = columns_find(&look->kind->params, "products");
    return (product >= 0 && look->params[product].state == VALUE_KNOWN) ||
           (products >= 0 && look->params[products].state == VALUE_KNOWN);
}

/* Has the log, or this run, seen Windows' requests without an answer, as far as the plan could know? */
static bool is_foretold(const struct trial *plan)
{
    for (size_t i = 0; i < plan->record.look_count; i++) {
        const struct look_record *look = &plan->record.looks[i];
        const struct columns *columns = &look->kind->properties;
        bool is_known = look->result.state == VALUE_KNOWN && names_products(look);
        for (size_t j = 0; is_known && j < columns->count; j++) {
            const struct value *cell = &look->result.as.row.cells[j];
            bool is_count = text_same(look->kind->name, "kms_events") &&
                            text_same(columns->items[j].name, "unansweredInRow") && cell->state == VALUE_KNOWN;
            if (is_count && cell->as.integer >= UNANSWERED_TELL) {
                return true;
            }
        }
    }
    return false;
}

/*
 * A KMS that takes the bind and turns the request away is found out by the request alone, and asking for one is what a
 * rebuild and a key are for. Where the log said so before, it is no excuse.
 */
static bool is_turned_away(const struct together_runs *runs, const struct json *machine)
{
    const struct json *serves = json_find(json_find(machine, "licensing"), "kmsServes");
    bool always = serves == NULL || (serves->type == JSON_BOOL && serves->as.boolean);
    return !always && !is_foretold(&runs->plan);
}

/*
 * By the documents, whatever the store lets a look see: a store that is damaged today may be repaired by others, and
 * then the licence in it is there again.
 */
static bool keeps(struct together_runs *runs)
{
    const struct json *machines[2] = {NULL};
    if (!load(runs, runs->law.before, &machines[0]) || !load(runs, runs->fix.saved, &machines[1])) {
        return false;
    }
    struct license before = read_license(machines[0]);
    struct license after = read_license(machines[1]);
    if (before.partial_key != NULL && after.partial_key == NULL) {
        return law_broken(&runs->law, "the key %s is gone, and there is none", before.partial_key);
    }
    return !before.licensed || after.licensed || is_turned_away(runs, machines[0]) ||
           law_broken(&runs->law, "it was licensed with %s, and is not with %s", before.partial_key, after.partial_key);
}

/* --- agrees --- */

static const struct finding_record *find(const struct trial *trial, const char *id)
{
    for (size_t i = 0; i < trial->record.playbook_count; i++) {
        const struct playbook_record *playbook = &trial->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (text_same(playbook->findings[j].finding->id, id)) {
                return &playbook->findings[j];
            }
        }
    }
    return NULL;
}

static bool is_made(const struct trial *trial, const struct step_record *step)
{
    bool made = false;
    for (size_t i = 0; i < step->op_count; i++) {
        enum op_outcome outcome = host_op(&trial->host, step->op_first + i)->outcome;
        made = made || outcome == OP_DONE || outcome == OP_UNKNOWN;
    }
    return made;
}

/* Is the step in the plan of its finding, as one that it would make, or cannot tell yet? */
static bool is_planned(const struct finding_record *planned, const char *ensure)
{
    const struct step_record *steps = planned->steps.items;
    for (size_t i = 0; i < planned->steps.count; i++) {
        if (text_same(steps[i].ensure, ensure)) {
            return true;
        }
    }
    return false;
}

/* Would plan fix another of the group? Then the fault is in the plan, and how it is cured shows as it is tried. */
static bool group_is_planned(const struct trial *plan, const struct finding *finding)
{
    for (size_t i = 0; i < plan->record.playbook_count && finding->group != NULL; i++) {
        const struct playbook_record *playbook = &plan->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *other = &playbook->findings[j];
            if (other->finding != finding && other->state == FINDING_WOULD_FIX &&
                text_same(other->finding->group, finding->group)) {
                return true;
            }
        }
    }
    return false;
}

/* Did a step of the plan say that this kind may follow? */
static bool is_announced(const struct trial *plan, struct arena *arena, const char *ensure)
{
    for (size_t i = 0; i < plan->record.playbook_count; i++) {
        const struct playbook_record *playbook = &plan->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct step_record *steps = playbook->findings[j].steps.items;
            for (size_t k = 0; k < playbook->findings[j].steps.count; k++) {
                const char *named = steps[k].may_follow != NULL ? steps[k].may_follow : "";
                size_t count = 0;
                const char *const *kinds = narrowing_list(named, arena, &count);
                if (narrowing_names(kinds, count, ensure)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/*
 * Was something tried in vain: it failed, or it was made and the finding stands all the same, for a cause that only
 * then could be seen? What plan would do behind it may then be left undone.
 */
static bool is_in_vain(const struct finding_record *finding)
{
    return finding->state == FINDING_NOT_FIXED || (finding->steps.count > 0 && decide_stands(finding->state));
}

static bool has_failed(const struct trial *fix)
{
    bool failed = false;
    for (size_t i = 0; i < fix->record.playbook_count; i++) {
        const struct playbook_record *playbook = &fix->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            failed = failed || is_in_vain(&playbook->findings[j]);
        }
    }
    return failed;
}

/* Is it refused for another finding that only came up on the way? A plan speaks of what it sees. */
static bool is_in_the_way(struct together_runs *runs, const struct finding_record *refused)
{
    for (size_t i = 0; refused->state == FINDING_REFUSED && i < refused->finding->blocked_count; i++) {
        const struct finding_record *planned = find(&runs->plan, refused->finding->blocked_by[i]);
        const struct finding_record *blocker = find(&runs->fix, refused->finding->blocked_by[i]);
        bool was_seen = planned != NULL && planned->state != FINDING_ABSENT && planned->state != FINDING_UNKNOWN;
        if (blocker != NULL && !was_seen && decide_stands(blocker->state)) {
            return true;
        }
    }
    return false;
}

static bool finding_agrees(struct together_runs *runs, const struct finding_record *fixed)
{
    const struct finding_record *planned = find(&runs->plan, fixed->finding->id);
    const struct step_record *steps = fixed->steps.items;
    bool holds = true;
    bool tried = fixed->steps.count > 0;
    for (size_t i = 0; i < fixed->steps.count; i++) {
        if (is_made(&runs->fix, &steps[i]) && !is_planned(planned, steps[i].ensure) &&
            !group_is_planned(&runs->plan, fixed->finding) &&
            !is_announced(&runs->plan, runs->law.arena, steps[i].ensure)) {
            holds = law_broken(&runs->law, "%s: fix changed %s, and plan said %s", fixed->finding->id, steps[i].ensure,
                               finding_state_names[planned->state]);
        }
    }
    if (planned->state == FINDING_WOULD_FIX && !tried && !has_failed(&runs->fix) && !is_in_the_way(runs, fixed) &&
        fixed->state != FINDING_ABSENT && fixed->state != FINDING_FIXED && fixed->state != FINDING_EXPLAINED) {
        holds = law_broken(&runs->law, "%s: plan would fix it, and fix says %s: %s", fixed->finding->id,
                           finding_state_names[fixed->state], fixed->reason.en != NULL ? fixed->reason.en : "");
    }
    return holds;
}

static bool agrees(struct together_runs *runs)
{
    bool holds = true;
    for (size_t i = 0; i < runs->fix.record.playbook_count; i++) {
        const struct playbook_record *playbook = &runs->fix.record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            holds = finding_agrees(runs, &playbook->findings[j]) && holds;
        }
    }
    return holds;
}

/* --- once --- */

/* Well, where the first fix said it was not; what waits for a restart is for the second one healthy. */
static bool is_better(enum verdict first, enum verdict second)
{
    bool is_well = second == VERDICT_HEALTHY || second == VERDICT_FIXED || second == VERDICT_NEEDS_REBOOT;
    return is_well && first != VERDICT_HEALTHY && first != VERDICT_FIXED && first != VERDICT_NEEDS_REBOOT;
}

static bool once(struct together_runs *runs)
{
    const struct record *first = &runs->fix.record;
    const struct record *second = &runs->again.record;
    if (overlay_excludes(runs->overlay, law_names[LAW_IDEMPOTENT])) {
        return true;
    }
    if (second->changes != 0) {
        const struct op *op = host_op(&runs->again.host, 0);
        return law_broken(&runs->law, "the second fix made %zu changes, the first %s %s; %s, then %s", second->changes,
                          op->verb, op->target, verdict_names[first->verdict], verdict_names[second->verdict]);
    }
    if (first->verdict == VERDICT_FIXED && second->verdict != VERDICT_HEALTHY) {
        return law_broken(&runs->law, "it was called fixed, and the second fix says %s",
                          verdict_names[second->verdict]);
    }
    return !is_better(first->verdict, second->verdict) ||
           law_broken(&runs->law, "%s, and the second fix says %s", verdict_names[first->verdict],
                      verdict_names[second->verdict]);
}

/* --- all of them --- */

static bool gives_back(struct together_runs *runs)
{
    bool is_excluded = overlay_excludes(runs->overlay, law_names[LAW_UNDO]);
    return is_excluded || runs->fix.record.changes == 0 || undo_holds(&runs->law);
}

static bool patch(struct together_runs *runs, const char *text, struct text *machine)
{
    const struct json *json[2] = {NULL};
    struct err err = {0};
    return load(runs, *machine, &json[0]) && load(runs, (struct text){text, strlen(text)}, &json[1]) &&
           merge_patch(json[0], json[1], runs->law.arena, machine, &err);
}

static bool put_in(struct together_runs *runs, enum defect defect)
{
    static char loud[LIMIT_STDOUT_BYTES + 2];
    static const char no_key[] = "{\"licensing\": {\"products\": []}}";
    static const char no_license[] = "{\"licensing\": {\"products\": [{\"partialKey\": \"6VM33\", \"status\": 5}]}}";
    switch (defect) {
    case DEFECT_KEY:
        return patch(runs, no_key, &runs->fix.saved);
    case DEFECT_LICENSE:
        return patch(runs, no_license, &runs->fix.saved);
    case DEFECT_PLAN:
        runs->plan = runs->check;
        return true;
    case DEFECT_LEFT:
        runs->fix.saved = runs->law.before;
        return run(runs, runs->fix.saved, MODE_FIX, &runs->again);
    case DEFECT_LOUD:
        (void)memset(loud, '\n', sizeof(loud) - 1);
        runs->fix.console = (struct text){loud, sizeof(loud) - 1};
        return true;
    case DEFECT_CRASH:
        abort();
    case DEFECT_NONE:
    case DEFECT_AZURE:
    case DEFECT_COUNT:
        break;
    }
    return true;
}

static int check(struct together_runs *runs, enum defect defect)
{
    static bool (*const laws[TOGETHER_COUNT])(struct together_runs *) = {[TOGETHER_ENDS] = ends,
                                                                         [TOGETHER_LOOKS] = looks,
                                                                         [TOGETHER_KEEPS] = keeps,
                                                                         [TOGETHER_AGREES] = agrees,
                                                                         [TOGETHER_ONCE] = once,
                                                                         [TOGETHER_AZURE] = off_azure,
                                                                         [TOGETHER_GIVES_BACK] = gives_back};
    int broken = 0;
    if (!run(runs, runs->law.before, MODE_CHECK, &runs->check) ||
        !run(runs, runs->law.before, MODE_PLAN, &runs->plan) || !run(runs, runs->law.before, MODE_FIX, &runs->fix) ||
        !run(runs, runs->fix.saved, MODE_FIX, &runs->again) || !put_in(runs, defect)) {
        return 1 << TOGETHER_ENDS;
    }
    if (runs->fix.unscripted != NULL) {
        (void)raise(CHILD_SILENT);
    }
    for (int i = 0; i < TOGETHER_COUNT; i++) {
        runs->law.name = together_names[i];
        broken |= laws[i](runs) ? 0 : 1 << i;
    }
    return broken;
}

int together_check(const struct overlay *overlay, const struct scenario *scenario, enum defect defect,
                   struct arena *arena)
{
    static struct together_runs runs;
    int status = 0;
    struct overlay seen = *overlay;
    struct err err = {0};
    runs = (struct together_runs){.law = {.scenario = scenario, .arena = arena, .name = together_names[TOGETHER_ENDS]},
                                  .overlay = &seen};
    seen.is_off_azure = overlay->is_off_azure || defect == DEFECT_AZURE;
    if (!trial_canonical(scenario, scenario->machine, arena, &runs.law.before, &err)) {
        return TOGETHER_REFUSED;
    }
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        int broken = check(&runs, defect);
        (void)fflush(stdout);
        _exit(broken | CHILD_ENDED);
    }
    bool has_ended = child > 0 && waitpid(child, &status, 0) == child;
    if (has_ended && WIFSIGNALED(status) && WTERMSIG(status) == CHILD_SILENT) {
        return TOGETHER_SILENT;
    }
    if (!has_ended || !WIFEXITED(status) || (WEXITSTATUS(status) & CHILD_ENDED) == 0) {
        (void)law_broken(&runs.law, "it ends with wait status %d", status);
        return 1 << TOGETHER_ENDS;
    }
    return WEXITSTATUS(status) & ~CHILD_ENDED;
}
