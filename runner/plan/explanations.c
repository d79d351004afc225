/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* What is explained by nobody of this run, or only by findings that are so themselves, is grounded. */
static bool is_grounded(const struct finding *finding, const struct map *known, const struct map *grounded)
{
    for (size_t i = 0; i < finding->explained_count; i++) {
        const char *by = finding->explained_by[i].finding;
        if (map_find(known, by) != NULL && map_find(grounded, by) == NULL) {
            return false;
        }
    }
    return true;
}

/* Returns one that is not grounded yet, or NULL. */
static const struct finding *ground(const struct playbook *playbook, const struct map *known, struct map *grounded,
                                    struct arena *arena)
{
    const struct finding *open = NULL;
    for (size_t i = 0; i < playbook->finding_count; i++) {
        const struct finding *finding = &playbook->findings[i];
        if (is_grounded(finding, known, grounded)) {
            map_set(arena, grounded, finding->id, (void *)(uintptr_t)1);
        } else {
            open = finding;
        }
    }
    return open;
}

/* Findings that explain each other would all be explained: a fault would stand, and the verdict be healthy. */
bool explanations_end(const struct plan *plan, const struct map *known, struct arena *arena, struct err *err)
{
    struct map grounded = {0};
    const struct finding *open = NULL;
    const char *file = NULL;
    for (size_t round = 0; round == 0 || (open != NULL && round < LIMIT_REFERENCE_DEPTH); round++) {
        open = NULL;
        for (size_t p = 0; p < plan->count; p++) {
            const struct finding *here = ground(&plan->playbooks[p], known, &grounded, arena);
            file = here != NULL ? plan->playbooks[p].file : file;
            open = here != NULL ? here : open;
        }
    }
    return open == NULL ||
           err_set(err, ERR_INVALID, 0, "%s:%u: finding %s is explained by itself, or more than %d deep", file,
                   open->line, open->id, (int)LIMIT_REFERENCE_DEPTH);
}

/* Classes and findings stand in maps of their own: a class may be called as a finding is. */
struct known {
    struct map ids, classes;
};

static bool classes_known(const struct playbook *playbook, const struct finding *finding, const struct known *known,
                          struct err *err)
{
    for (size_t i = 0; i < finding->class_count; i++) {
        if (map_find(&known->classes, finding->named_classes[i]) == NULL) {
            return err_set(err, ERR_INVALID, 0, "%s:%u: finding %s names the class \"%s\", which no finding here has",
                           playbook->file, finding->line, finding->id, finding->named_classes[i]);
        }
    }
    return true;
}

static bool names_known(const struct playbook *playbook, const struct finding *finding, const struct known *known,
                        struct err *err)
{
    for (size_t i = 0; i < finding->explained_count; i++) {
        const char *by = finding->explained_by[i].finding;
        if (map_find(&known->ids, by) == NULL) {
            return err_set(err, ERR_INVALID, 0, "%s:%u: finding %s is explained by %s, which no playbook here has",
                           playbook->file, finding->line, finding->id, by);
        }
    }
    for (size_t i = 0; i < finding->blocked_count; i++) {
        if (map_find(&known->ids, finding->blocked_by[i]) == NULL) {
            return err_set(err, ERR_INVALID, 0, "%s:%u: finding %s is blocked by %s, which no playbook here has",
                           playbook->file, finding->line, finding->id, finding->blocked_by[i]);
        }
    }
    return classes_known(playbook, finding, known, err);
}

static void note_findings(const struct plan *plan, struct known *known, struct arena *arena)
{
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            const struct finding *finding = &plan->playbooks[p].findings[i];
            map_set(arena, &known->ids, finding->id, (void *)(uintptr_t)1);
            if (finding->class_name != NULL) {
                map_set(arena, &known->classes, finding->class_name, (void *)(uintptr_t)1);
            }
        }
    }
}

bool plan_explanations_known(const struct plan *plan, const struct plan *at_hand, struct arena *arena, struct err *err)
{
    struct known known = {0};
    note_findings(plan, &known, arena);
    note_findings(at_hand, &known, arena);
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            if (!names_known(&plan->playbooks[p], &plan->playbooks[p].findings[i], &known, err)) {
                return false;
            }
        }
    }
    return true;
}
