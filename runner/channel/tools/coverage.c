/* SPDX-License-Identifier: MIT */
#include "channel/tools/coverage.h"

#include <stdio.h>
#include <string.h>

#define NEAR "near-miss"

/* One scenario, by finding. */
struct coverage_case {
    const char *name;
    bool *listed;  /* what it expects in any state but absent */
    bool *present; /* of those, what is there: not unknown */
    bool *near;    /* what its nearMiss names */
    bool names_near;
};

static size_t index_of(const struct coverage *coverage, const char *id)
{
    for (size_t i = 0; i < coverage->finding_count; i++) {
        if (text_same(coverage->findings[i]->id, id)) {
            return i;
        }
    }
    return coverage->finding_count;
}

void coverage_begin(const struct playbook *const *playbooks, size_t count, size_t scenario_count, struct arena *arena,
                    struct coverage *ret_coverage)
{
    struct arena_list findings = {0};
    struct coverage coverage = {.capacity = scenario_count};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < playbooks[i]->finding_count; j++) {
            *(const struct finding **)arena_push(arena, &findings, sizeof(struct finding *)) =
                &playbooks[i]->findings[j];
        }
    }
    coverage.findings = findings.items;
    coverage.finding_count = findings.count;
    coverage.cases = arena_array(arena, scenario_count, sizeof(*coverage.cases));
    for (size_t i = 0; i < scenario_count; i++) {
        coverage.cases[i].listed = arena_array(arena, findings.count, sizeof(bool));
        coverage.cases[i].present = arena_array(arena, findings.count, sizeof(bool));
        coverage.cases[i].near = arena_array(arena, findings.count, sizeof(bool));
    }
    *ret_coverage = coverage;
}

void coverage_add(struct coverage *coverage, const struct scenario *scenario, const char *name)
{
    must(coverage->case_count < coverage->capacity);
    struct coverage_case *one = &coverage->cases[coverage->case_count++];
    one->name = name;
    for (size_t i = 0; i < scenario->finding_count; i++) {
        size_t at = index_of(coverage, scenario->findings[i].finding);
        if (at < coverage->finding_count) {
            one->listed[at] = true;
            one->present[at] = !text_same(scenario->findings[i].state, finding_state_names[FINDING_UNKNOWN]);
        }
    }
    const struct json *near = scenario->near_miss;
    one->names_near = near != NULL && near->count > 0;
    for (size_t i = 0; near != NULL && i < near->count; i++) {
        size_t at = index_of(coverage, near->as.items[i].as.text);
        if (at < coverage->finding_count) {
            one->near[at] = true;
        }
    }
}

/* Of "dns/stale-near-miss-renewing" the length of "dns/stale"; 0: it is no such name, or is about nothing. */
static size_t topic_length(const char *name)
{
    const char *near = strstr(name, NEAR);
    size_t length = near == NULL ? 0 : (size_t)(near - name);
    length -= length > 0 && name[length - 1] == '-' ? 1 : 0;
    return length > 0 && name[length - 1] != '/' ? length : 0;
}

/* Does the name of the other one begin with what this one is about, up to a '-' or its end? */
static bool is_about(const struct coverage_case *near, const struct coverage_case *other)
{
    size_t length = topic_length(near->name);
    return length > 0 && strstr(other->name, NEAR) == NULL && strncmp(near->name, other->name, length) == 0 &&
           (other->name[length] == '-' || other->name[length] == '\0');
}

static bool is_near(const struct coverage *coverage, const struct coverage_case *one, size_t finding)
{
    if (one->listed[finding] || one->names_near) {
        return !one->listed[finding] && one->near[finding];
    }
    for (size_t i = 0; i < coverage->case_count; i++) {
        if (coverage->cases[i].present[finding] && is_about(one, &coverage->cases[i])) {
            return true;
        }
    }
    return false;
}

static size_t tell_missing(const char *finding, const char *what, void (*tell)(const char *text))
{
    char line[LIMIT_TEXT_BYTES];
    (void)snprintf(line, sizeof(line), "%s: %s", finding, what);
    tell(line);
    return 1;
}

size_t coverage_tell(const struct coverage *coverage, void (*tell)(const char *text))
{
    size_t missing = 0;
    for (size_t i = 0; i < coverage->finding_count; i++) {
        bool has_scenario = false;
        bool has_near = false;
        for (size_t j = 0; j < coverage->case_count; j++) {
            has_scenario = has_scenario || coverage->cases[j].present[i];
            has_near = has_near || is_near(coverage, &coverage->cases[j], i);
        }
        missing += has_scenario ? 0 : tell_missing(coverage->findings[i]->id, "no scenario has it", tell);
        missing += has_near ? 0 : tell_missing(coverage->findings[i]->id, "no near miss", tell);
    }
    return missing;
}
