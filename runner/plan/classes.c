/* SPDX-License-Identifier: MIT */
/* Classes of findings: explainedBy and blockedBy name many at once, of whatever playbook of the run. */
#include "base/text.h"
#include "plan/builder.h"

/* All findings of a run, by class. */
struct members {
    struct arena *arena;
    struct map lists; /* class to struct arena_list * of const char *: ids */
};

static void note_member(struct members *members, const struct finding *finding)
{
    struct arena_list *ids = map_find(&members->lists, finding->class_name);
    if (ids == NULL) {
        ids = arena_alloc(members->arena, sizeof(*ids));
        map_set(members->arena, &members->lists, finding->class_name, ids);
    }
    *(const char **)arena_push(members->arena, ids, sizeof(finding->id)) = finding->id;
}

static struct arena_list members_of(const struct members *members, const char *class_name)
{
    const struct arena_list *ids = map_find(&members->lists, class_name);
    return ids != NULL ? *ids : (struct arena_list){0};
}

static void add_explanation(const struct members *members, struct arena_list *list, struct explanation explanation)
{
    *(struct explanation *)arena_push(members->arena, list, sizeof(explanation)) = explanation;
}

static void resolve_explanations(const struct members *members, struct finding *finding)
{
    struct arena_list list = {0};
    for (size_t i = 0; i < finding->explained_count; i++) {
        struct explanation by = finding->explained_by[i];
        if (by.class_name == NULL) {
            add_explanation(members, &list, by);
            continue;
        }
        struct arena_list ids = members_of(members, by.class_name);
        for (size_t k = 0; k < ids.count; k++) {
            by.finding = ((const char *const *)ids.items)[k];
            if (!text_same(by.finding, finding->id)) {
                add_explanation(members, &list, by);
            }
        }
    }
    finding->explained_by = list.items;
    finding->explained_count = list.count;
}

static void add_blocker(const struct members *members, struct arena_list *list, const char *id)
{
    *(const char **)arena_push(members->arena, list, sizeof(id)) = id;
}

static void resolve_blockers(const struct members *members, struct finding *finding)
{
    struct arena_list list = {0};
    for (size_t i = 0; i < finding->blocked_count; i++) {
        add_blocker(members, &list, finding->blocked_by[i]);
    }
    for (size_t i = finding->class_count - finding->blocked_class_count; i < finding->class_count; i++) {
        struct arena_list ids = members_of(members, finding->named_classes[i]);
        for (size_t k = 0; k < ids.count; k++) {
            const char *id = ((const char *const *)ids.items)[k];
            if (!text_same(id, finding->id)) {
                add_blocker(members, &list, id);
            }
        }
    }
    finding->blocked_by = list.items;
    finding->blocked_count = list.count;
}

static void each_finding(const struct finding_list *lists, size_t count, struct members *members,
                         void (*visit)(struct members *members, struct finding *finding))
{
    for (size_t p = 0; p < count; p++) {
        for (size_t i = 0; i < lists[p].count; i++) {
            visit(members, &lists[p].items[i]);
        }
    }
}

static void note(struct members *members, struct finding *finding)
{
    if (finding->class_name != NULL) {
        note_member(members, finding);
    }
}

static void resolve(struct members *members, struct finding *finding)
{
    if (finding->class_count > 0) {
        resolve_explanations(members, finding);
        resolve_blockers(members, finding);
    }
}

void classes_resolve(const struct finding_list *lists, size_t count, struct arena *arena)
{
    struct members members = {.arena = arena};
    each_finding(lists, count, &members, note);
    each_finding(lists, count, &members, resolve);
}
