/* SPDX-License-Identifier: MIT */
/* The playbook as written: field tables that decode it, refuse what is wrong and print its schema. */
#ifndef AZMEND_PLAN_PLAN_FIELDS_H
#define AZMEND_PLAN_PLAN_FIELDS_H

#include "json/fields.h"

struct said_source {
    const char *en, *ja;
};

struct parameter_source {
    const char *name;
    int type;
    const struct json *otherwise; /* "default" */
    const char *about;
    const struct json *one_of;
    const struct json *min, *max;
    bool secret;
    const struct json *json;
};

struct fact_source {
    const char *id;
    const char *look;
    const struct json *with, *when, *for_each;
    const struct json *json;
};

struct case_source {
    const struct json *when, *is;
    const struct json *json;
};

struct value_source {
    const char *id;
    const char *table, *take;
    const struct json *each, *where, *first_of, *otherwise;
    int pick;
    struct field_list cases; /* case_source */
    const struct json *json;
};

struct condition_source {
    const char *id;
    const struct json *cond;
};

struct choice_source {
    const char *name;
    const char *parameter;
    const struct json *value; /* expr: what the parameter is set to */
    const struct json *step, *then, *otherwise;
    const struct json *json;
};

struct refusal_source {
    const char *name; /* of a named one */
    const char *id, *use;
    const struct json *when;
    const struct json *reason;
    struct field_texts choices;
    bool hands_off;
    const struct json *json;
};

struct explanation_source {
    const char *finding, *class_name;
    const struct json *when;
    bool try_first;
};

struct retry_source {
    int64_t attempts, first_seconds, factor, max_seconds;
    int jitter;
    const struct json *while_true;
};

struct step_source {
    const char *ensure;
    const struct json *with, *for_each, *retry;
    const struct json *json;
};

struct run_source {
    const char *set;
    int expect;                     /* enum expect */
    const struct json *is, *unless; /* a value in place of `az`; a command as `az` */
    const struct json *stop;        /* said */
    const struct json *when, *for_each, *az;
    const struct json *json;
};

struct handoff_source {
    const char *name; /* of a named one */
    const char *id, *use;
    const struct json *when, *title, *why, *effect, *back;
    const char *page;
    struct field_list run; /* run_source */
    const struct json *json;
};

struct finding_source {
    const char *id, *class_name;
    const struct json *severity, *confidence, *when, *title, *detail;
    struct field_list refuse; /* refusal_source */
    struct field_texts needs;
    const struct json *explained_by; /* array of ids and explanation_source */
    const struct json *blocked_by;   /* blockers_source */
    struct field_list fix;           /* step_source */
    struct field_list handoff;       /* handoff_source */
    int clears;
    bool holds_fixes, holds_unknown;
    const struct json *json;
};

struct blockers_source {
    struct field_texts findings, classes;
    const struct json *when;
};

struct group_source {
    const char *group, *class_name;
    struct field_list first_of, each; /* finding_source */
    const struct json *severity, *confidence, *explained_by, *blocked_by;
    struct field_list refuse, fix, handoff; /* as in finding_source */
    const struct json *json;
};

struct word_cases_source {
    struct field_list cases; /* case_source, `is` a word */
    int otherwise;
};

struct playbook_source {
    const char *id, *version, *requires_azmend;
    const struct json *source; /* a text, or an array of texts */
    int64_t format;
    const struct json *title;
    struct field_texts uses, after, requires;
    const struct json *applies_to;
    struct field_list parameters;  /* parameter_source */
    struct field_list facts;       /* fact_source */
    struct field_list values;      /* value_source */
    const struct json *conditions; /* object of conditions */
    const struct json *filters;    /* object of conditions over an item */
    struct field_list handoffs;    /* handoff_source, by name */
    struct field_list refusals;    /* refusal_source, by name */
    struct field_list choices;     /* choice_source, by name */
    const struct json *lookups;    /* object of arrays of run_source */
    const struct json *findings;   /* array of findings and groups */
    const struct json *json;
};

struct allowed_source {
    const char *table, *take;
};

struct table_source {
    const char *table, *about;
    struct field_list columns; /* column_source */
    bool takes_clouds;
    const struct json *rows;
    const struct json *json;
};

struct column_source {
    const char *name;
    int type, shape;
    const char *about;
    const struct json *json;
};

extern const struct fields playbook_fields, finding_fields, group_fields, retry_fields, severity_fields, common_fields,
    run_fields, confidence_fields, table_fields, allowed_fields, said_fields, explanation_fields, blockers_fields;
extern const char *const parameter_type_words[];

#endif
