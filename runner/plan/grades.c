/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "json/json.h"
#include "plan/builder.h"

const char *const severity_names[SEVERITY_COUNT + 1] = {"error", "warning", "info", NULL};
const char *const confidence_names[CONFIDENCE_COUNT + 1] = {"certain", "likely", "possible", NULL};

/* What a word that may depend is one of. */
struct vocabulary {
    const char *const *names;
    const struct fields *cases;
    const char *expected;
};

static const struct vocabulary severities = {severity_names, &severity_fields, "expected error, warning or info"};
static const struct vocabulary confidences = {confidence_names, &confidence_fields,
                                              "expected certain, likely or possible"};

static bool word_build(struct builder *builder, const struct json *json, const struct vocabulary *words, int *ret_word,
                       struct err *err)
{
    int word = json->type == JSON_TEXT ? text_word(words->names, json->as.text) : -1;
    if (word < 0) {
        return json_refuse(json, builder->file, err, "%s", words->expected);
    }
    *ret_word = word;
    return true;
}

static bool word_cases_build(struct builder *builder, const struct json *json, const struct vocabulary *words,
                             struct word_cases *ret_cases, struct err *err)
{
    struct word_cases_source source = {0};
    if (json->type == JSON_TEXT) {
        return word_build(builder, json, words, &ret_cases->otherwise, err);
    }
    if (!fields_decode(words->cases, json, builder->file, builder->arena, &source, err)) {
        return false;
    }
    const struct case_source *cases = source.cases.items;
    struct word_case *built = arena_array(builder->arena, source.cases.count, sizeof(*built));
    for (size_t i = 0; i < source.cases.count; i++) {
        if (!word_build(builder, cases[i].is, words, &built[i].is, err) ||
            !cond_build(builder, cases[i].when, &built[i].when, err)) {
            return false;
        }
    }
    *ret_cases = (struct word_cases){.otherwise = source.otherwise, .items = built, .count = source.cases.count};
    return true;
}

bool grades_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                  struct err *err)
{
    if (source->severity == NULL) {
        return json_refuse(source->json, builder->file, err, "the member \"severity\" is missing");
    }
    return word_cases_build(builder, source->severity, &severities, &finding->severity, err) &&
           (source->confidence == NULL ||
            word_cases_build(builder, source->confidence, &confidences, &finding->confidence, err));
}
