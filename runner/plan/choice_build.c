/* SPDX-License-Identifier: MIT */
/* What a person may decide where azmend does not fix: named ones, which refusals and needed parameters lead to. */
#include "base/text.h"
#include "plan/builder.h"

/* A parameter of the playbook, set to something: true where nothing else is said of a bool. */
static bool parameter_build(struct builder *builder, const struct choice_source *source, struct plan_choice *choice,
                            struct err *err)
{
    const void *found = map_find(&builder->parameter_names, source->parameter);
    if (found == NULL) {
        return json_refuse(source->json, builder->file, err, "\"%s\" is no parameter of this playbook",
                           source->parameter);
    }
    const struct parameter *parameter = &builder->parameters[(uint32_t)((uintptr_t)found - 1)];
    if (source->value == NULL && parameter->column.base != TYPE_BOOL) {
        return json_refuse(source->json, builder->file, err, "\"%s\" is no bool: expected \"value\"",
                           source->parameter);
    }
    choice->parameter = parameter->column.name;
    return source->value == NULL || expr_build(builder, source->value, &choice->value, err);
}

static bool choice_build(struct builder *builder, const struct choice_source *source, struct plan_choice *choice,
                         struct err *err)
{
    const char *const step[] = {"choices", source->name, "do", NULL};
    const char *const then[] = {"choices", source->name, "then", NULL};
    const char *const otherwise[] = {"choices", source->name, "otherwise", NULL};
    choice->name = source->name;
    bool built = source->parameter != NULL ? parameter_build(builder, source, choice, err)
                                           : said_build(builder, source->json, "do", step, &choice->step, err);
    return built && said_build(builder, source->json, "then", then, &choice->then, err) &&
           said_build(builder, source->json, "otherwise", otherwise, &choice->otherwise, err);
}

bool choices_build(struct builder *builder, struct err *err)
{
    const struct choice_source *sources = builder->source->choices.items;
    size_t count = builder->source->choices.count;
    builder->choices = arena_array(builder->arena, count, sizeof(*builder->choices));
    for (size_t i = 0; i < count; i++) {
        if (!choice_build(builder, &sources[i], &builder->choices[i], err)) {
            return false;
        }
    }
    return true;
}

static const struct plan_choice *choice_named(const struct builder *builder, const char *name)
{
    for (size_t i = 0; i < builder->source->choices.count; i++) {
        if (text_same(builder->choices[i].name, name)) {
            return &builder->choices[i];
        }
    }
    return NULL;
}

bool choices_take(struct builder *builder, const struct refusal_source *source, struct refusal *refusal,
                  struct err *err)
{
    size_t count = source->choices.count;
    const struct plan_choice **choices = arena_array(builder->arena, count, sizeof(*choices));
    for (size_t i = 0; i < count; i++) {
        choices[i] = choice_named(builder, source->choices.items[i]);
        if (choices[i] == NULL) {
            return json_refuse(json_find(source->json, "choices"), builder->file, err, "there is no choice \"%s\"",
                               source->choices.items[i]);
        }
    }
    refusal->choices = choices;
    refusal->choice_count = count;
    return true;
}

const struct plan_choice *choice_of_parameter(const struct builder *builder, const char *parameter)
{
    for (size_t i = 0; i < builder->source->choices.count; i++) {
        if (text_same(builder->choices[i].parameter, parameter)) {
            return &builder->choices[i];
        }
    }
    return NULL;
}
