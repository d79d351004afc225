/* SPDX-License-Identifier: MIT */
/*
 * The plan: playbooks after loading, typed and const. Every reference is resolved, every operator fits its types,
 * every cycle is refused; nothing behind this header sees JSON. All memory: the arena.
 */
#ifndef AZMEND_PLAN_PLAN_H
#define AZMEND_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/language.h"
#include "json/json.h"
#include "json/value.h"
#include "kinds/kind.h"

/* The type of an expression; of a ref, the column it ends in. */
struct type {
    enum type_base base, item;
    const struct columns *cells;
    const char *const *words;
    enum text_shape shape;
    bool secret;
};

enum ref_root { REF_FACT, REF_VALUE, REF_PARAMETER, REF_ITEM };

struct ref {
    enum ref_root root;
    uint32_t index;       /* fact, value or parameter of the playbook */
    const uint32_t *path; /* columns, one after the other */
    size_t path_count;
    const char *text; /* as written */
    struct type type;
};

enum expr_form {
    EXPR_LITERAL, /* value */
    EXPR_LIST,    /* items, each a scalar */
    EXPR_REF,     /* "${ref}" alone: keeps its type */
    EXPR_TEXT,    /* items joined: literals and refs; in a text for people optional parts too */
    EXPR_OPTIONAL /* "$[...]": items joined, or nothing while a ref among them has nothing to tell */
};

struct expr {
    enum expr_form form;
    struct type type;
    struct value literal;
    struct ref ref;
    const struct expr *items;
    size_t count;
};

enum cond_form { COND_ALL, COND_ANY, COND_NOT, COND_NAMED, COND_COMPARE, COND_COUNT };

enum cond_op {
    COND_EQUALS,
    COND_NOT_EQUALS,
    COND_IN,
    COND_NOT_IN,
    COND_LIKE,
    COND_NOT_LIKE,
    COND_CONTAINS,
    COND_NOT_CONTAINS,
    COND_LESS,
    COND_LESS_OR_EQUALS,
    COND_GREATER,
    COND_GREATER_OR_EQUALS,
    COND_EXISTS,  /* this and the next ask for the state of a value, not for the value */
    COND_UNKNOWN, /* never unknown itself */
    COND_OP_COUNT
};
extern const char *const cond_op_names[COND_OP_COUNT + 1];

struct cond {
    enum cond_form form;
    enum cond_op op;          /* COMPARE, COUNT */
    const struct cond *items; /* ALL, ANY: count; NOT: 1; COUNT: `where`, 0 or 1 */
    size_t count;
    uint32_t named;     /* NAMED: condition of the playbook */
    struct ref subject; /* COMPARE: what is compared; COUNT: what is counted (ROWS or LIST) */
    const struct expr *operand;
};

struct parameter {
    struct column column;
    struct value otherwise; /* default; absent: null */
    struct value one_of;    /* LIST of allowed values, or absent */
    struct value given;     /* from the command line or settings; absent: not given */
};

struct fact {
    const char *id;
    const struct kind *kind;
    const struct expr **params;    /* one per kind->params; NULL: not given */
    const struct cond *when;       /* NULL: always */
    const struct expr *for_each;   /* NULL: one look */
    const struct columns *columns; /* of the fact: the kind's properties, or {each, properties} rows for forEach */
    const uint32_t *after;         /* facts whose answers the inputs need, transitively through values and conditions */
    size_t after_count;
    bool gated; /* waits for appliesTo (false: appliesTo itself needs it) */
};

enum value_form { VALUE_OF_TABLE, VALUE_OF_EACH, VALUE_FIRST_OF, VALUE_CASE };

struct plan_table {
    const char *id;
    const struct columns *columns;
    const struct value *rows; /* ROW values */
    size_t count;
    bool takes_clouds; /* a file of clouds may add rows */
};

struct plan_case {
    const struct cond *when;
    const struct expr *is;
};

struct plan_value {
    const char *id;
    enum value_form form;
    struct type type;
    const struct plan_table *table;  /* OF_TABLE */
    const struct expr *each;         /* OF_EACH: ROWS or LIST */
    const struct cond *where;        /* OF_TABLE, OF_EACH; NULL: all */
    const uint32_t *take;            /* column taken, NULL: the whole row or item */
    bool pick_all;                   /* false: exactly one, or absent */
    const struct expr *const *first; /* FIRST_OF */
    size_t first_count;
    const struct plan_case *cases; /* CASE */
    size_t case_count;
    const struct expr *otherwise; /* CASE else; NULL: absent */
    const uint32_t *after;        /* facts it needs, transitively */
    size_t after_count;
};

struct plan_condition {
    const char *id;
    const struct cond *cond;
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO, SEVERITY_COUNT };
enum confidence { CONFIDENCE_CERTAIN, CONFIDENCE_LIKELY, CONFIDENCE_POSSIBLE, CONFIDENCE_COUNT };
extern const char *const severity_names[SEVERITY_COUNT + 1];
extern const char *const confidence_names[CONFIDENCE_COUNT + 1];

/* A text for people, a language each; NULL: the English one serves. */
struct said {
    const struct expr *in[LANGUAGE_COUNT];
};

/* What a person may decide where azmend does not fix: a parameter that is given, or a step. */
struct plan_choice {
    const char *name;
    const char *parameter;    /* NULL: it is a step */
    const struct expr *value; /* of the parameter; NULL: true */
    struct said step;         /* empty with a parameter */
    struct said then, otherwise;
};

struct refusal {
    const struct cond *when;
    struct said reason;
    const struct plan_choice **choices;
    size_t choice_count;
    bool hands_off; /* it is somebody else's to change: handed over, not refused */
};

struct retry {
    int64_t attempts; /* 1: no retry */
    int64_t first_seconds, factor, max_seconds;
    const struct cond *while_true; /* NULL: while not converged */
};

struct step {
    const struct kind *kind;
    const struct expr **params; /* one per kind->params; NULL: not given */
    const struct expr **wanted; /* one per kind->properties; NULL: not asked for */
    const struct expr *for_each;
    struct retry retry;
};

/* What a variable must hold, or nothing after it runs. */
enum expect { EXPECT_SOMETHING, EXPECT_NOTHING, EXPECT_ANYTHING };

struct handoff_run {
    const struct cond *when;     /* only when true; NULL: always */
    const struct expr *for_each; /* NULL: one command; else one an element */
    const char *set;             /* name of the shell variable that takes the output, or NULL */
    bool is_value;               /* words is one: what the variable is, and no command */
    enum expect expect;          /* of `set` */
    struct said stop;            /* said when it is not so; empty: that it was not found */
    const struct expr *words;    /* argv behind `az`; "@name", inside others "@{name}", is a variable set before */
    size_t count;
    const struct expr *unless; /* argv of a command: when it prints something, this one does not run */
    size_t unless_count;       /* 0: it always runs */
};

struct handoff {
    const struct cond *when; /* only when true; NULL: always */
    struct said title, why;
    struct said effect, back; /* on others and at what cost; how to take it back. Empty: not said */
    const char *page;         /* https address, or NULL */
    const struct handoff_run *runs;
    size_t run_count;
};

struct word_case {
    const struct cond *when;
    int is;
};

/* A word of an enumeration that may depend on what was seen. */
struct word_cases {
    int otherwise; /* where no case is true; also when a case is unknown */
    const struct word_case *items;
    size_t count;
};

/* Another finding, of any playbook, that explains this one while it stands. */
struct explanation {
    const char *finding;     /* id; NULL only while its class is not yet resolved */
    const char *class_name;  /* that it was named by; NULL: by its id */
    const struct cond *when; /* only while this is true; NULL: always */
    bool try_first;          /* suspected only: the fix of the explained one is tried once all the same */
};

struct finding {
    const char *id;
    const char *class_name;       /* NULL: none */
    const char *group;            /* NULL: on its own */
    uint32_t group_index;         /* place within its group */
    struct word_cases severity;   /* enum severity */
    struct word_cases confidence; /* enum confidence */
    const struct cond *when;
    struct said title, detail;
    const struct refusal *refusals;
    size_t refusal_count;
    const uint32_t *needs;                   /* bool parameters that must be true before a fix (consent) */
    const struct plan_choice **need_choices; /* of each; NULL: the playbook says nothing of it */
    size_t need_count;
    const struct explanation *explained_by;
    size_t explained_count;
    const char *const *blocked_by;    /* ids of findings: while one stands no fix of this one is begun */
    size_t blocked_count;             /* 0: never */
    const char *const *named_classes; /* those of explainedBy, then those of blockedBy */
    size_t class_count, blocked_class_count;
    const struct cond *blocked_when; /* only while this is true; NULL: always */
    const struct step *steps;
    size_t step_count;
    const struct handoff *handoffs;
    size_t handoff_count;
    bool clears_after_reboot;
    bool clears_with_run;       /* its fix ends with the run: it is told as present, whatever came of it */
    bool holds_fixes;           /* while it stands no fix of any playbook is begun */
    bool holds_unknown;         /* nor while it cannot be told */
    const struct ref *evidence; /* scalar refs of `when`, each once, in order of appearance */
    size_t evidence_count;
    uint32_t line;
};

struct playbook {
    const char *id, *version, *file;
    struct said title;
    const char *source;
    const char *const *after;
    size_t after_count;
    const char *const *requires;
    size_t requires_count;
    const struct cond *applies_to; /* NULL: always */
    const struct parameter *parameters;
    size_t parameter_count;
    const struct fact *facts;
    size_t fact_count;
    const struct plan_value *values;
    size_t value_count;
    const struct plan_condition *conditions;
    size_t condition_count;
    const struct finding *findings;
    size_t finding_count;
    const char *sha256; /* of the bytes it was loaded from; NULL: not told */
};

/* Who made clouds known that the program does not know. */
struct plan_clouds {
    const char *file;   /* as it was named; NULL: none was */
    const char *sha256; /* of its bytes; NULL: not told, as of what stands inside settings */
};

struct plan {
    const struct playbook *playbooks; /* in the order of their fixes: `after` respected, else as given */
    size_t count;
    struct plan_clouds clouds;
};

/* Is a value (absent and unknown ones always) of the column's type, among its words and within its range? */
bool column_accepts(const struct column *column, const struct value *value);

/* The texts of a playbook in one language, where they stand in a file of their own. */
struct plan_text {
    const char *file; /* NULL: there is none */
    const char *bytes;
    size_t size;
    const struct json *document; /* read already; NULL: its bytes are here */
};

/* A playbook or table as intake hands it over. */
struct plan_source {
    const char *file;
    const char *bytes;
    size_t size;
    bool has_clouds;             /* among the tables: a file of clouds, whose rows go to the others */
    const struct json *document; /* read already; NULL: its bytes are here */
    bool selected;               /* run it; else only at hand for `requires`: not even read unless one needs it */
    const char *sha256;          /* of the bytes; NULL: not told */
    const char *id;              /* of one that is not selected: what `requires` calls it */
    bool is_common;              /* common.json, which playbooks use: nothing that runs */
    struct plan_text texts[LANGUAGE_COUNT]; /* of a playbook; none at all: it holds its texts itself */
};

struct plan_parameter {
    const char *name;  /* "[playbook.]name" */
    const char *value; /* text as given; converted to the parameter's type */
    bool is_secret;    /* only for a parameter that its playbook declares secret: any other would be shown */
};

/*
 * Loads tables, then playbooks, checks everything, orders them. ERR_INVALID with "file:line: $.path: ...".
 * A parameter that no selected playbook has is refused.
 */
bool plan_load(const struct plan_source *tables, size_t table_count, const struct plan_source *playbooks,
               size_t playbook_count, const struct plan_parameter *parameters, size_t parameter_count,
               struct arena *arena, const struct plan **ret_plan, struct err *err) MUST_CHECK;
/*
 * Does every explainedBy and blockedBy of the plan name a finding of it, or of at_hand? A run takes others as not
 * there: they may belong to a playbook that is not part of it. For its author it is a mistake: ERR_INVALID with
 * "file:line: ...".
 */
bool plan_explanations_known(const struct plan *plan, const struct plan *at_hand, struct arena *arena, struct err *err)
    MUST_CHECK;

#endif
