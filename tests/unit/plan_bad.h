/* SPDX-License-Identifier: MIT */
/* A playbook with one thing wrong in it, and the line, the place and the reason that its author must be told. */
#ifndef AZMEND_TESTS_PLAN_BAD_H
#define AZMEND_TESTS_PLAN_BAD_H

#include "plan_fixture.h"

#define TABLE                                                                                                          \
    "{'table':'names','about':'n','columns':{'name':{'type':'text','about':'n'},'rank':{'type':'int','about':'r'},"    \
    "'all':{'type':'list','about':'l'},'source':{'type':'text','about':'s'},'date':{'type':'text','about':'d'}},"      \
    "'rows':[{'name':'a','rank':1,'all':['x'],'source':'s','date':'2026'}]}"

/* What every playbook here can refer to: scalars of each type, words, lists, rows. */
#define FACTS                                                                                                          \
    "'reg':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'n'}},'svc':{'look':'service','with':{'name':"    \
    "'x'}},'dn':{'look':'dns','with':{'name':'a.test'}},'az':{'look':'azure_instance'},"                               \
    "'kms':{'look':'kms_rpc','forEach':['a','b'],'with':{'address':'${item}'}}"
#define TRUE_WHEN "{'fact':'reg.exists','equals':true}"
#define SAID "{'en':'e'}"

/* One member a line, so that the line in a message can be told: 2 facts, 3 values, 4 conditions, ... */
struct bad {
    const char *name;
    const char *expected;                                 /* part of the message */
    const char *facts, *values, *conditions, *parameters; /* members */
    const char *when;                                     /* of the one finding */
    const char *finding;                                  /* its further members */
    const char *top;                                      /* members of the playbook */
    const char *severity;                                 /* of the finding, as JSON */
    const char *id;                                       /* of the playbook */
};

static inline const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static inline const char *document(struct arena *arena, const struct bad *bad)
{
    return arena_format(arena,
                        "{'id':'%s','version':'1','title':{'en':'t'},'source':'s',\n'facts':{%s%s%s},\n'values':{%s},\n"
                        "'conditions':{%s},\n'parameters':{%s},\n'findings':[{'id':'F','severity':%s,"
                        "'title':{'en':'t'},'detail':{'en':'d'},'when':%s%s%s}]%s%s}",
                        or_else(bad->id, "p"), FACTS, bad->facts != NULL ? "," : "", or_else(bad->facts, ""),
                        or_else(bad->values, ""), or_else(bad->conditions, ""), or_else(bad->parameters, ""),
                        or_else(bad->severity, "'error'"), or_else(bad->when, TRUE_WHEN),
                        bad->finding != NULL ? ",\n" : "", or_else(bad->finding, ""), bad->top != NULL ? ",\n" : "",
                        or_else(bad->top, ""));
}

static inline void refuse_rows(const struct bad *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {.tables = {TABLE}, .playbooks = {document(&fixture.arena, &rows[i])}};
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
    }
}
#define REFUSE(rows) refuse_rows(rows, COUNT_OF(rows))

#endif
