/* SPDX-License-Identifier: MIT */
/* When a finding must not be fixed: named refusals, which are built once however many findings use them, and its own.
 */
#include "base/text.h"
#include "plan/builder.h"

bool id_given(struct builder *builder, const struct json *owner, const char *id, struct err *err)
{
    return id != NULL || !texts_stand_apart(builder->texts) ||
           json_refuse(owner, builder->file, err, "expected \"id\": the texts beside the playbook go by it");
}

/* place: NULL-ended names that lead to its reason. */
static bool refusal_build(struct builder *builder, const struct refusal_source *source, const char *const *place,
                          struct refusal *refusal, struct err *err)
{
    if (source->when == NULL) {
        return json_refuse(source->json, builder->file, err, "the member \"when\" is missing");
    }
    refusal->hands_off = source->hands_off;
    return cond_build(builder, source->when, &refusal->when, err) && choices_take(builder, source, refusal, err) &&
           said_build(builder, source->json, "reason", place, &refusal->reason, err);
}

bool named_refusals_build(struct builder *builder, struct err *err)
{
    const struct refusal_source *sources = builder->source->refusals.items;
    size_t count = builder->source->refusals.count;
    struct refusal *refusals = arena_array(builder->arena, count, sizeof(*refusals));
    for (size_t i = 0; i < count; i++) {
        const char *const place[] = {"refusals", sources[i].name, NULL};
        if (sources[i].use != NULL || sources[i].id != NULL) {
            return json_refuse(sources[i].json, builder->file, err, "a named refusal has no \"use\" and no \"id\"");
        }
        if (!refusal_build(builder, &sources[i], place, &refusals[i], err)) {
            return false;
        }
    }
    builder->refusals = refusals;
    return true;
}

/* The texts and conditions of one of common are built where a finding uses it. */
static bool common_build(struct builder *builder, const char *name, struct refusal *ret_refusal, bool *ret_found,
                         struct err *err)
{
    const struct common *common = builder->common;
    const struct refusal_source *named = common != NULL ? common->source.refusals.items : NULL;
    *ret_found = false;
    for (size_t i = 0; common != NULL && i < common->source.refusals.count; i++) {
        if (text_same(named[i].name, name)) {
            const char *const way[] = {"refusals", name, NULL};
            struct place outer = place_enter(builder, true);
            bool built = refusal_build(builder, &named[i], way, ret_refusal, err);
            place_leave(builder, outer);
            *ret_found = true;
            return built;
        }
    }
    return true;
}

static bool use_build(struct builder *builder, const struct refusal_source *here, struct refusal *ret_refusal,
                      struct err *err)
{
    const struct refusal_source *named = builder->source->refusals.items;
    bool found = false;
    bool is_alone = here->json->type == JSON_TEXT || here->json->count == 1;
    for (size_t i = 0; is_alone && i < builder->source->refusals.count; i++) {
        if (text_same(named[i].name, here->use)) {
            *ret_refusal = builder->refusals[i];
            return true;
        }
    }
    if (is_alone && !common_build(builder, here->use, ret_refusal, &found, err)) {
        return false;
    }
    return found || json_refuse(here->json, builder->file, err, "expected \"use\" alone, with a name of \"refusals\"");
}

static bool own_build(struct builder *builder, const char *finding, const struct refusal_source *here,
                      struct refusal *ret_refusal, struct err *err)
{
    const char *const place[] = {"findings", finding, "refuse", here->id, NULL};
    return id_given(builder, here->json, here->id, err) && refusal_build(builder, here, place, ret_refusal, err);
}

bool refusals_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                    struct err *err)
{
    const struct refusal_source *sources = source->refuse.items;
    struct refusal *refusals = arena_array(builder->arena, source->refuse.count, sizeof(*refusals));
    for (size_t i = 0; i < source->refuse.count; i++) {
        bool built = sources[i].use != NULL ? use_build(builder, &sources[i], &refusals[i], err)
                                            : own_build(builder, source->id, &sources[i], &refusals[i], err);
        if (!built) {
            return false;
        }
        if (refusals[i].hands_off && source->handoff.count == 0) {
            return json_refuse(sources[i].json, builder->file, err,
                               "\"handoff\": true needs a \"handoff\" of the finding");
        }
    }
    finding->refusals = refusals;
    finding->refusal_count = source->refuse.count;
    return true;
}
