/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* --- steps --- */

static bool retry_build(struct builder *builder, const struct json *json, struct retry *ret_retry, struct err *err)
{
    struct retry_source source = {0};
    *ret_retry = (struct retry){.attempts = 1};
    if (json == NULL) {
        return true;
    }
    if (!fields_decode(&retry_fields, json, builder->file, builder->arena, &source, err)) {
        return false;
    }
    *ret_retry = (struct retry){.attempts = source.attempts,
                                .first_seconds = source.first_seconds,
                                .factor = source.factor,
                                .max_seconds = source.max_seconds};
    return cond_build(builder, source.while_true, &ret_retry->while_true, err);
}

static bool step_inputs_build(struct builder *builder, const struct step_source *source, struct step *step,
                              struct err *err)
{
    const struct expr **params = NULL, **wanted = NULL;
    if (!with_build(builder, source->with, step->kind, &params, &wanted, err)) {
        return false;
    }
    step->params = params;
    step->wanted = wanted;
    size_t asked = 0;
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        asked += wanted[i] != NULL ? 1 : 0;
    }
    for (size_t i = 0; i < step->kind->params.count; i++) {
        const struct column *column = &step->kind->params.items[i];
        if ((column->flags & COLUMN_REQUIRED) != 0 && params[i] == NULL) {
            return json_refuse(source->with, builder->file, err, "kind \"%s\" needs \"%s\"", step->kind->name,
                               column->name);
        }
    }
    if (asked == 0) {
        return json_refuse(source->with, builder->file, err, "expected at least one property to ensure");
    }
    return true;
}

static bool step_build(struct builder *builder, const struct step_source *source, struct step *step, struct err *err)
{
    const struct json *at = json_find(source->json, "ensure");
    if (!kind_build(builder, at, source->ensure, &step->kind, err)) {
        return false;
    }
    if (step->kind->set == NULL) {
        return json_refuse(at, builder->file, err, "kind \"%s\" only looks", source->ensure);
    }
    struct type element = {0};
    if (source->for_each != NULL) {
        if (!expr_build(builder, source->for_each, &step->for_each, err)) {
            return false;
        }
        const struct type *type = &step->for_each->type;
        if (type->base != TYPE_LIST && type->base != TYPE_ROWS) {
            return json_refuse(source->for_each, builder->file, err, "expected a list or rows, found %s",
                               type_text(type));
        }
        element = type_element(type);
        builder->item = &element;
    }
    bool built = step_inputs_build(builder, source, step, err);
    builder->item = NULL;
    return built && retry_build(builder, source->retry, &step->retry, err);
}

/* --- findings --- */

static void note_class(struct builder *builder, const char *name, struct arena_list *classes)
{
    *(const char **)arena_push(builder->arena, classes, sizeof(name)) = name;
}

/* An id, or {finding or class, when}. */
static bool explanation_build(struct builder *builder, const struct json *json, struct arena_list *classes,
                              struct explanation *ret_explanation, struct err *err)
{
    struct explanation_source source = {0};
    if (json->type == JSON_TEXT) {
        *ret_explanation = (struct explanation){.finding = json->as.text};
        return true;
    }
    if (!fields_decode(&explanation_fields, json, builder->file, builder->arena, &source, err)) {
        return false;
    }
    if ((source.finding == NULL) == (source.class_name == NULL)) {
        return json_refuse(json, builder->file, err, "expected \"finding\" or \"class\"");
    }
    if (source.class_name != NULL) {
        note_class(builder, source.class_name, classes);
    }
    ret_explanation->finding = source.finding;
    ret_explanation->class_name = source.class_name;
    ret_explanation->try_first = source.try_first;
    return source.when == NULL || cond_build(builder, source.when, &ret_explanation->when, err);
}

static bool explanations_build(struct builder *builder, const struct finding_source *source, struct arena_list *classes,
                               struct finding *finding, struct err *err)
{
    const struct json *list = source->explained_by;
    if (list == NULL) {
        return true;
    }
    if (!json_want(list, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    struct explanation *explanations = arena_array(builder->arena, list->count, sizeof(*explanations));
    for (uint32_t i = 0; i < list->count; i++) {
        if (!explanation_build(builder, &list->as.items[i], classes, &explanations[i], err)) {
            return false;
        }
    }
    finding->explained_by = explanations;
    finding->explained_count = list->count;
    return true;
}

static bool blockers_build(struct builder *builder, const struct finding_source *source, struct arena_list *classes,
                           struct finding *finding, struct err *err)
{
    struct blockers_source blockers = {0};
    if (source->blocked_by == NULL) {
        return true;
    }
    if (source->fix.count == 0) {
        return json_refuse(source->blocked_by, builder->file, err, "blockedBy needs a \"fix\" of the finding");
    }
    if (!fields_decode(&blockers_fields, source->blocked_by, builder->file, builder->arena, &blockers, err) ||
        (blockers.when != NULL && !cond_build(builder, blockers.when, &finding->blocked_when, err))) {
        return false;
    }
    finding->blocked_by = blockers.findings.items;
    finding->blocked_count = blockers.findings.count;
    finding->blocked_class_count = blockers.classes.count;
    for (size_t i = 0; i < blockers.classes.count; i++) {
        note_class(builder, blockers.classes.items[i], classes);
    }
    return blockers.findings.count + blockers.classes.count > 0 ||
           json_refuse(source->blocked_by, builder->file, err, "expected \"findings\" or \"classes\"");
}

/* Which other findings are named here, by id or by class: classes are resolved when all playbooks are there. */
static bool others_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                         struct err *err)
{
    struct arena_list classes = {0};
    bool built = explanations_build(builder, source, &classes, finding, err) &&
                 blockers_build(builder, source, &classes, finding, err);
    finding->class_name = source->class_name;
    finding->named_classes = classes.items;
    finding->class_count = classes.count;
    return built;
}

static bool needs_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                        struct err *err)
{
    uint32_t *needs = arena_array(builder->arena, source->needs.count, sizeof(*needs));
    const struct plan_choice **choices = arena_array(builder->arena, source->needs.count, sizeof(*choices));
    for (size_t i = 0; i < source->needs.count; i++) {
        const void *found = map_find(&builder->parameter_names, source->needs.items[i]);
        uint32_t index = found != NULL ? (uint32_t)((uintptr_t)found - 1) : 0;
        if (found == NULL || builder->parameters[index].column.base != TYPE_BOOL) {
            return json_refuse(json_find(source->json, "needs"), builder->file, err,
                               "\"%s\" is no bool parameter of this playbook", source->needs.items[i]);
        }
        needs[i] = index;
        choices[i] = choice_of_parameter(builder, source->needs.items[i]);
    }
    finding->needs = needs;
    finding->need_choices = choices;
    finding->need_count = source->needs.count;
    return true;
}

static bool fix_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                      struct err *err)
{
    const struct step_source *steps = source->fix.items;
    const struct handoff_source *handoffs = source->handoff.items;
    struct step *built = arena_array(builder->arena, source->fix.count, sizeof(*built));
    struct handoff *handed = arena_array(builder->arena, source->handoff.count, sizeof(*handed));
    for (size_t i = 0; i < source->fix.count; i++) {
        if (!step_build(builder, &steps[i], &built[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < source->handoff.count; i++) {
        if (!handoff_build(builder, source->id, &handoffs[i], &handed[i], err)) {
            return false;
        }
    }
    finding->steps = built;
    finding->step_count = source->fix.count;
    finding->handoffs = handed;
    finding->handoff_count = source->handoff.count;
    return true;
}

/* --- evidence: what the condition looked at --- */

struct evidence_search {
    struct builder *builder;
    struct arena_list refs; /* struct ref */
    uint32_t visit;         /* of this search */
    unsigned depth;
};

static void find_in_condition(void *context, uint32_t condition);

static void find_ref(void *context, const struct ref *ref)
{
    struct evidence_search *search = context;
    const struct ref *found = search->refs.items;
    /* A list or rows that a fact reports were seen on the machine; those from a table are common knowledge. */
    bool is_many = ref->type.base == TYPE_LIST || ref->type.base == TYPE_ROWS;
    bool shown = ref->root != REF_ITEM && (type_is_scalar(ref->type.base) || (is_many && ref->root == REF_FACT));
    for (size_t i = 0; shown && i < search->refs.count; i++) {
        shown = !text_same(found[i].text, ref->text);
    }
    if (shown && search->refs.count < LIMIT_EVIDENCE) {
        *(struct ref *)arena_push(search->builder->arena, &search->refs, sizeof(*ref)) = *ref;
    }
}

static void find_in_condition(void *context, uint32_t condition)
{
    struct evidence_search *search = context;
    struct ref_visitor visitor = {.context = search, .ref = find_ref, .named = find_in_condition};
    uint32_t *visit = &search->builder->condition_visits[condition];
    /* Each condition once: the ways through a net of them are without number. */
    if (*visit != search->visit && search->depth < LIMIT_CONDITION_DEPTH && search->refs.count < LIMIT_EVIDENCE) {
        *visit = search->visit;
        search->depth++;
        cond_visit(search->builder->conditions[condition].cond, &visitor);
        search->depth--;
    }
}

static void evidence_build(struct builder *builder, struct finding *finding)
{
    struct evidence_search search = {.builder = builder, .visit = ++builder->evidence_searches};
    struct ref_visitor visitor = {.context = &search, .ref = find_ref, .named = find_in_condition};
    cond_visit(finding->when, &visitor);
    finding->evidence = search.refs.items;
    finding->evidence_count = search.refs.count;
}

static bool id_is_well_formed(const char *id)
{
    bool is_letter = id[0] >= 'A' && id[0] <= 'Z';
    return is_letter && id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static bool finding_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                          struct err *err)
{
    const char *const title[] = {"findings", source->id, "title", NULL};
    const char *const detail[] = {"findings", source->id, "detail", NULL};
    if (!id_is_well_formed(source->id)) {
        return json_refuse(json_find(source->json, "id"), builder->file, err, "expected A-Z, 0-9 and _");
    }
    finding->id = source->id;
    finding->line = source->json->line;
    finding->clears_after_reboot = source->clears == 1;
    finding->clears_with_run = source->clears == 2;
    finding->holds_fixes = source->holds_fixes;
    finding->holds_unknown = source->holds_unknown;
    if (!grades_build(builder, source, finding, err) || !cond_build(builder, source->when, &finding->when, err) ||
        !said_build(builder, source->json, "title", title, &finding->title, err) ||
        !said_build(builder, source->json, "detail", detail, &finding->detail, err) ||
        !refusals_build(builder, source, finding, err) || !others_build(builder, source, finding, err) ||
        !needs_build(builder, source, finding, err) || !fix_build(builder, source, finding, err)) {
        return false;
    }
    evidence_build(builder, finding);
    return true;
}

static struct finding *add_finding(struct builder *builder, struct arena_list *findings)
{
    return arena_push(builder->arena, findings, sizeof(struct finding));
}

static void inherit_json(const struct json *shared, const struct json **own)
{
    *own = *own != NULL ? *own : shared;
}

/* What a member says itself, be it nothing ([]), stands in place of what its group says. */
static void inherit_list(const struct finding_source *member, const char *name, const struct field_list *shared,
                         struct field_list *own)
{
    *own = json_find(member->json, name) != NULL ? *own : *shared;
}

static void inherit(const struct group_source *group, struct finding_source *member)
{
    member->class_name = member->class_name != NULL ? member->class_name : group->class_name;
    inherit_json(group->severity, &member->severity);
    inherit_json(group->confidence, &member->confidence);
    inherit_json(group->explained_by, &member->explained_by);
    inherit_list(member, "refuse", &group->refuse, &member->refuse);
    inherit_list(member, "fix", &group->fix, &member->fix);
    inherit_list(member, "handoff", &group->handoff, &member->handoff);
    if (member->fix.count > 0) {
        inherit_json(group->blocked_by, &member->blocked_by);
    }
}

/* Is it a differential diagnosis, which has a name, or are they findings that share something, which need none? */
static bool group_form(struct builder *builder, const struct group_source *group, struct err *err)
{
    bool is_diagnosis = group->first_of.count > 0;
    if (is_diagnosis == (group->each.count > 0)) {
        return json_refuse(group->json, builder->file, err, "expected findings in \"firstOf\" or in \"each\"");
    }
    return is_diagnosis == (group->group != NULL) ||
           json_refuse(group->json, builder->file, err, "\"firstOf\" needs a \"group\", and \"each\" has none");
}

static bool group_build(struct builder *builder, const struct json *json, struct arena_list *findings, struct err *err)
{
    struct group_source group = {0};
    if (!fields_decode(&group_fields, json, builder->file, builder->arena, &group, err) ||
        !group_form(builder, &group, err)) {
        return false;
    }
    const struct field_list *list = group.group != NULL ? &group.first_of : &group.each;
    struct finding_source *members = list->items;
    for (size_t i = 0; i < list->count; i++) {
        struct finding *finding = add_finding(builder, findings);
        finding->group = group.group;
        finding->group_index = group.group != NULL ? (uint32_t)i : 0;
        inherit(&group, &members[i]);
        if (!finding_build(builder, &members[i], finding, err)) {
            return false;
        }
    }
    return true;
}

static bool is_group(const struct json *json)
{
    return json_find(json, "firstOf") != NULL || json_find(json, "each") != NULL || json_find(json, "group") != NULL;
}

bool findings_build(struct builder *builder, struct err *err)
{
    const struct json *list = builder->source->findings;
    struct arena_list findings = {0};
    struct map ids = {0};
    if (!json_want(list, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const struct json *json = &list->as.items[i];
        struct finding_source source = {0};
        bool built = is_group(json)
                         ? group_build(builder, json, &findings, err)
                         : fields_decode(&finding_fields, json, builder->file, builder->arena, &source, err) &&
                               finding_build(builder, &source, add_finding(builder, &findings), err);
        if (!built) {
            return false;
        }
        if (findings.count > LIMIT_ENTRIES) {
            return json_refuse(list, builder->file, err, "a playbook has at most %d findings", (int)LIMIT_ENTRIES);
        }
    }
    struct finding *items = findings.items;
    for (size_t i = 0; i < findings.count; i++) {
        if (map_find(&ids, items[i].id) != NULL) {
            return json_refuse(list, builder->file, err, "the finding %s stands here twice", items[i].id);
        }
        map_set(builder->arena, &ids, items[i].id, builder);
    }
    builder->findings = items;
    builder->playbook.findings = items;
    builder->playbook.finding_count = findings.count;
    return true;
}
