/* SPDX-License-Identifier: MIT */
#include "channel/scenario/told.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"

bool outcome_wrong(const struct outcome *outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    *(const char **)arena_push(outcome->arena, outcome->wrong, sizeof(char *)) =
        arena_vformat(outcome->arena, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_object(const struct json *json, const char *file, struct err *err)
{
    return json == NULL || json_want(json, JSON_OBJECT, file, err);
}

bool told_read(const struct scenario *scenario, struct err *err)
{
    const char *file = scenario->machine_file;
    if (!is_object(scenario->says, file, err) || !is_object(scenario->confidence, file, err) ||
        !is_object(scenario->tried, file, err)) {
        return false;
    }
    for (size_t i = 0; scenario->says != NULL && i < scenario->says->count; i++) {
        const struct json *texts = &scenario->says->as.items[i];
        bool is_known = json_want(texts, JSON_ARRAY, file, err);
        for (size_t j = 0; is_known && j < texts->count; j++) {
            is_known = json_want(&texts->as.items[j], JSON_TEXT, file, err);
        }
        if (!is_known) {
            return false;
        }
    }
    for (size_t i = 0; scenario->confidence != NULL && i < scenario->confidence->count; i++) {
        const struct json *word = &scenario->confidence->as.items[i];
        if (!json_want(word, JSON_TEXT, file, err)) {
            return false;
        }
        if (text_word(confidence_names, word->as.text) < 0) {
            return json_refuse(word, file, err, "expected certain, likely or possible");
        }
    }
    for (size_t i = 0; scenario->tried != NULL && i < scenario->tried->count; i++) {
        if (!json_want(&scenario->tried->as.items[i], JSON_INT, file, err)) {
            return false;
        }
    }
    return true;
}

static const struct finding_record *finding_named(const struct outcome *outcome, const char *id)
{
    for (size_t i = 0; i < outcome->run->record.playbook_count; i++) {
        const struct playbook_record *playbook = &outcome->run->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (text_same(playbook->findings[j].finding->id, id)) {
                return &playbook->findings[j];
            }
        }
    }
    return NULL;
}

static const char *said(const struct outcome *outcome, const char *text, struct spoken spoken)
{
    return spoken.en != NULL ? arena_format(outcome->arena, "%s %s", text, spoken.en) : text;
}

/* Title, detail, reason, choices and hand-overs without their commands, in English. */
static const char *text_of(const struct outcome *outcome, const char *id)
{
    const struct finding_record *finding = finding_named(outcome, id);
    const char *text = "";
    if (finding == NULL) {
        return text;
    }
    text = said(outcome, said(outcome, said(outcome, text, finding->title), finding->detail), finding->reason);
    for (size_t i = 0; i < finding->choice_count; i++) {
        const struct choice_record *choice = &finding->choices[i];
        text = said(outcome, text, (struct spoken){.en = choice->parameter});
        text = said(outcome, said(outcome, said(outcome, text, choice->step), choice->then), choice->otherwise);
    }
    for (size_t i = 0; i < finding->handoff_count; i++) {
        text = said(outcome, said(outcome, text, finding->handoffs[i].title), finding->handoffs[i].why);
    }
    return text;
}

/* "!TEXT": it must not say so. */
static bool says_hold(const struct outcome *outcome)
{
    const struct json *says = outcome->scenario->says;
    bool holds = true;
    for (size_t i = 0; says != NULL && i < says->count; i++) {
        const struct json *texts = &says->as.items[i];
        const char *text = text_of(outcome, texts->name);
        for (size_t j = 0; j < texts->count; j++) {
            const char *wanted = texts->as.items[j].as.text;
            bool is_not = *wanted == '!';
            if ((strstr(text, is_not ? wanted + 1 : wanted) != NULL) == is_not) {
                holds = outcome_wrong(outcome, "%s says:%s; expected: %s", texts->name, text, wanted);
            }
        }
    }
    return holds;
}

static bool confidence_holds(const struct outcome *outcome)
{
    const struct json *words = outcome->scenario->confidence;
    bool holds = true;
    for (size_t i = 0; words != NULL && i < words->count; i++) {
        const struct json *wanted = &words->as.items[i];
        const struct finding_record *finding = finding_named(outcome, wanted->name);
        const char *word = finding == NULL ? "no such finding" : confidence_names[finding->confidence];
        if (!text_same(word, wanted->as.text)) {
            holds = outcome_wrong(outcome, "confidence of %s: expected %s, is %s", wanted->name, wanted->as.text, word);
        }
    }
    return holds;
}

static int64_t count_of(const struct host *host, const char *verb)
{
    int64_t count = 0;
    for (size_t i = 0; i < host_op_count(host); i++) {
        count += text_same(host_op(host, i)->verb, verb) ? 1 : 0;
    }
    return count;
}

static bool tried_hold(const struct outcome *outcome)
{
    const struct json *tried = outcome->scenario->tried;
    bool holds = true;
    for (size_t i = 0; tried != NULL && i < tried->count; i++) {
        const struct json *member = &tried->as.items[i];
        int64_t is = count_of(&outcome->run->host, member->name);
        if (is != member->as.integer) {
            holds = outcome_wrong(outcome, "%s: expected %" PRId64 " times, is %" PRId64, member->name,
                                  member->as.integer, is);
        }
    }
    return holds;
}

bool told_holds(const struct outcome *outcome)
{
    bool says_so = says_hold(outcome);
    bool is_as_sure = confidence_holds(outcome);
    return tried_hold(outcome) && says_so && is_as_sure;
}
