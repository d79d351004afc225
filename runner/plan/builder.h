/* SPDX-License-Identifier: MIT */
/*
 * Inside the plan room: one playbook while it is being built. Names are resolved on demand, so that a type is known
 * wherever it is needed; `resolving` bounds and detects circles on the way.
 */
#ifndef AZMEND_PLAN_BUILDER_H
#define AZMEND_PLAN_BUILDER_H

#include "base/map.h"
#include "plan/plan.h"
#include "plan/plan_fields.h"

/* Texts of a playbook beside it. */
struct texts {
    const struct json *documents[LANGUAGE_COUNT]; /* NULL: none in this language */
    const char *files[LANGUAGE_COUNT];
    struct arena_list asked[LANGUAGE_COUNT]; /* const struct json *: those that something asked for */
};

/* common.json, read once for all playbooks of a plan. */
struct common {
    const char *file;
    struct playbook_source source;
    struct texts texts;
    struct map fact_names, value_names, condition_names; /* to index + 1 */
};
#define COMMON_NAME "common"

enum build_state { BUILD_UNSEEN, BUILD_OPEN, BUILD_DONE };

struct builder {
    struct arena *arena;
    const char *file, *own_file; /* where what is being built stands; the playbook's */
    const struct plan_table *tables;
    size_t table_count;
    struct playbook playbook; /* what is done so far */
    const struct playbook_source *source;
    const struct common *common; /* NULL: not used */
    struct texts *texts;         /* of what is being built: one of these */
    struct texts own_texts, common_texts;
    const struct fact_source **fact_sources; /* the playbook's own, then those that were taken from common */
    const struct value_source **value_sources;
    const struct json **condition_sources;
    uint32_t own_facts, own_values, own_conditions;
    struct handoff *handoffs;    /* the named ones, as in source->handoffs */
    struct refusal *refusals;    /* the named ones, as in source->refusals */
    struct plan_choice *choices; /* as in source->choices */
    bool *filters_used;          /* as in source->filters */

    struct parameter *parameters;
    struct fact *facts;
    struct plan_value *values;
    struct plan_condition *conditions;
    struct finding *findings;      /* as in playbook.findings, until their classes are resolved */
    enum build_state *fact_states; /* of forEach and columns */
    enum build_state *value_states;
    struct map fact_names, value_names, condition_names, parameter_names; /* to index + 1 */

    uint32_t *condition_visits; /* per condition: the last evidence search that went through it */
    uint32_t evidence_searches;

    const struct type *item; /* what `item` is here; NULL: there is none */
    unsigned resolving;      /* depth of values and forEach being resolved */
};

/* common.c */
/* The conditions of a playbook or of common: an object of LIMIT_ENTRIES names at most; NULL: there are none. */
bool conditions_fit(const struct json *conditions, const char *file, struct err *err) MUST_CHECK;
bool common_load(const struct plan_source *from, struct arena *arena, struct common *ret_common, struct err *err)
    MUST_CHECK;
/* What a playbook says it uses, into the builder. common: NULL where there is none. */
bool common_uses(const struct playbook_source *source, const char *file, const struct common *common,
                 struct builder *builder, struct err *err) MUST_CHECK;
/* Where messages and texts belong while something of common is built; back again. */
struct place {
    const char *file;
    struct texts *texts;
};
struct place place_enter(struct builder *builder, bool is_common);
void place_leave(struct builder *builder, struct place outer);
/* By name: one of the playbook's own, or taken from common. False: there is none. */
bool fact_find(struct builder *builder, const char *name, uint32_t *ret_index);
bool value_find(struct builder *builder, const char *name, uint32_t *ret_index);
bool condition_find(struct builder *builder, const struct json *at, const char *name, uint32_t *ret_index,
                    struct err *err) MUST_CHECK;
/* A condition over an item, built anew wherever a `where` names it. NULL: there is none, or a condition goes first. */
const struct json *filter_find(struct builder *builder, const char *name, bool *ret_is_common);
/* Each of the playbook's own was named: what nothing names was never looked at. */
bool filters_end(const struct builder *builder, struct err *err) MUST_CHECK;

/* expr.c */
bool expr_build(struct builder *builder, const struct json *json, const struct expr **ret_expr, struct err *err)
    MUST_CHECK;
/* A ref as written without "${}". */
bool ref_build(struct builder *builder, const struct json *at, const char *text, struct ref *ret_ref, struct err *err)
    MUST_CHECK;
/* Adds the pieces of a text: literals and refs. */
bool text_pieces(struct builder *builder, const struct json *at, const char *text, struct arena_list *pieces,
                 struct err *err) MUST_CHECK;
/* The pieces as one text, which none of them may be too wide for. */
bool text_join(struct builder *builder, const struct json *at, const struct arena_list *pieces, struct expr *ret_expr,
               struct err *err) MUST_CHECK;
/*
 * A text for people: {"en": ..., "ja": ...} in a member of its owner, or in the texts beside the playbook, where the
 * names (NULL-ended) lead to it.
 */
bool said_build(struct builder *builder, const struct json *owner, const char *member, const char *const *names,
                struct said *ret_said, struct err *err) MUST_CHECK;
/* The same of one that may be missing, in English: empty then. */
bool said_build_optional(struct builder *builder, const struct json *owner, const char *member,
                         const char *const *names, struct said *ret_said, struct err *err) MUST_CHECK;
struct type column_type(const struct column *column);
/* The type of an element of a LIST or ROWS. */
struct type type_element(const struct type *type);
const char *type_text(const struct type *type);
bool type_is_scalar(enum type_base base);
/* Does an expression of this type fit a column? Words and ranges of literals are checked too. */
bool expr_fits(struct builder *builder, const struct json *at, const struct expr *expr, const struct column *column,
               struct err *err) MUST_CHECK;
/* "a, b, c": for messages. Memory: the arena. */
const char *words_text(struct arena *arena, const char *const *words);

/* cond.c */
bool cond_build(struct builder *builder, const struct json *json, const struct cond **ret_cond, struct err *err)
    MUST_CHECK;

/* value_build.c, fact_build.c: resolve one by index; called on demand. */
bool value_resolve(struct builder *builder, uint32_t index, struct err *err) MUST_CHECK;
bool fact_resolve(struct builder *builder, uint32_t index, struct err *err) MUST_CHECK;
bool fact_build_inputs(struct builder *builder, uint32_t index, struct err *err) MUST_CHECK;

/* grades.c: how bad a finding is, and how sure. Each is a word, or cases of words. */
bool grades_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                  struct err *err) MUST_CHECK;

/* finding_build.c */
bool findings_build(struct builder *builder, struct err *err) MUST_CHECK;
/* choice_build.c */
bool choices_build(struct builder *builder, struct err *err) MUST_CHECK;
/* Those of these names, into the refusal. */
bool choices_take(struct builder *builder, const struct refusal_source *source, struct refusal *refusal,
                  struct err *err) MUST_CHECK;
/* The one that gives this parameter, or NULL. */
const struct plan_choice *choice_of_parameter(const struct builder *builder, const char *parameter);
/* refusal_build.c */
bool named_refusals_build(struct builder *builder, struct err *err) MUST_CHECK;
bool refusals_build(struct builder *builder, const struct finding_source *source, struct finding *finding,
                    struct err *err) MUST_CHECK;
/* Can the texts of a refusal or hand-over of a finding be found? Its own name is needed only where they stand apart. */
bool id_given(struct builder *builder, const struct json *owner, const char *id, struct err *err) MUST_CHECK;
/* A `with` object: names of kind parameters and, with wanted not NULL, of properties that can be ensured. */
bool with_build(struct builder *builder, const struct json *with, const struct kind *kind,
                const struct expr ***ret_params, const struct expr ***ret_wanted, struct err *err) MUST_CHECK;
bool kind_build(struct builder *builder, const struct json *at, const char *name, const struct kind **ret_kind,
                struct err *err) MUST_CHECK;

/* command.c: an array of one text an argument. */
bool command_read(struct builder *builder, const struct json *json, const struct json **ret_words, struct err *err)
    MUST_CHECK;

/* handoff_build.c */
bool handoffs_build(struct builder *builder, struct err *err) MUST_CHECK;
/* One of a finding: a named one, or one that stands there. */
bool handoff_build(struct builder *builder, const char *finding, const struct handoff_source *here,
                   struct handoff *ret_handoff, struct err *err) MUST_CHECK;

/*
 * version.c: is it for this program and of a format that it reads? ERR_INVALID says so in one line. A document of an
 * older format comes back as one of the newest.
 */
bool version_read(const struct json *document, const char *file, struct arena *arena, const struct json **ret_document,
                  struct err *err) MUST_CHECK;

/* texts.c. owner: the playbook's file, for messages; id: what the documents have to call it. */
bool texts_load(const struct plan_text *sources, const char *owner, const char *id, struct arena *arena,
                struct texts *ret_texts, struct err *err) MUST_CHECK;
bool texts_stand_apart(const struct texts *texts);
/* names: NULL-ended, from the document down. To be asked once for each text. */
bool texts_find(struct texts *texts, enum language language, const char *const *names, struct arena *arena,
                const struct json **ret_text, struct err *err) MUST_CHECK;
/* Refuses a text that nothing asked for. */
bool texts_end(const struct texts *texts, struct err *err) MUST_CHECK;

/* graph.c: order, circles, the facts each fact waits for, which facts appliesTo needs. */
bool graph_build(struct builder *builder, struct err *err) MUST_CHECK;

/* refs.c: every ref and named condition below an expression or condition. */
struct ref_visitor {
    void *context;
    void (*ref)(void *context, const struct ref *ref);
    void (*named)(void *context, uint32_t condition);
};
void expr_visit(const struct expr *expr, const struct ref_visitor *visitor);
void cond_visit(const struct cond *cond, const struct ref_visitor *visitor);

/* classes.c: the findings of each playbook of a plan; what names a class then names every other finding of it. */
struct finding_list {
    struct finding *items;
    size_t count;
};
void classes_resolve(const struct finding_list *lists, size_t count, struct arena *arena);

/* explanations.c: no finding is explained by itself, over however many others. known: the ids of all findings. */
bool explanations_end(const struct plan *plan, const struct map *known, struct arena *arena, struct err *err)
    MUST_CHECK;

/* table.c */
bool table_load(const struct plan_source *source, struct arena *arena, struct plan_table *ret_table, struct err *err)
    MUST_CHECK;
bool row_load(const struct json *json, const struct columns *columns, const char *file, struct arena *arena,
              struct value *ret_row, struct err *err) MUST_CHECK;
/* clouds.c: adds the rows of a file of clouds to the loaded tables. ERR_INVALID: the file says what it may not. */
bool clouds_load(const struct plan_source *source, struct plan_table *tables, size_t count, struct arena *arena,
                 struct err *err) MUST_CHECK;
/* parameter.c */
bool parameters_build(struct builder *builder, struct err *err) MUST_CHECK;
/* Converts a text from the command line; sets `given`. */
bool parameter_give(struct parameter *parameter, const char *playbook, const char *text, struct arena *arena,
                    struct err *err) MUST_CHECK;

#endif
