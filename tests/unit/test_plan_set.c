/* SPDX-License-Identifier: MIT */
/* Tables, several playbooks together, and the parameters somebody gives. */
#include "plan_fixture.h"

#define COLUMN(type) "{'type':'" type "','about':'a'}"
#define ORIGIN "'source':" COLUMN("text") ",'date':" COLUMN("text")
#define TABLE(columns, rows) "{'table':'t','about':'a','columns':{" columns "},\n'rows':[" rows "]}"
#define ROW(cells) "{" cells ",'source':'s','date':'d'}"
#define NONE "'facts':{'o':{'look':'os'}},'findings':[]}"

static void test_bad_tables(void)
{
    static const struct {
        const char *name, *expected, *first, *second;
    } rows[] = {
        {"no source", "t0.json:1: $.columns: expected the columns source and date", TABLE("'date':" COLUMN("text"), ""),
         NULL},
        {"no date", "t0.json:1: $.columns: expected the columns source and date", TABLE("'source':" COLUMN("text"), ""),
         NULL},
        {"unknown column", "t0.json:2: $.rows[0].b: there is no such column",
         TABLE("'a':" COLUMN("text") "," ORIGIN, ROW("'b':'x'")), NULL},
        {"a text in an int column", "t0.json:2: $.rows[1].a: expected int, found text",
         TABLE("'a':" COLUMN("int") "," ORIGIN, ROW("'a':1") "," ROW("'a':'1'")), NULL},
        {"an int in a bool column", "$.rows[0].a: expected bool, found int",
         TABLE("'a':" COLUMN("bool") "," ORIGIN, ROW("'a':1")), NULL},
        {"a text in a list column", "$.rows[0].a: expected array, found text",
         TABLE("'a':" COLUMN("list") "," ORIGIN, ROW("'a':'x'")), NULL},
        {"an int in a list", "$.rows[0].a[1]: expected text, found int",
         TABLE("'a':" COLUMN("list") "," ORIGIN, ROW("'a':['x',1]")), NULL},
        {"a row that is none", "$.rows[0]: expected object, found array", TABLE(ORIGIN, "[]"), NULL},
        {"rows that are none", "$.rows: expected array, found object",
         "{'table':'t','about':'a','columns':{" ORIGIN "},'rows':{}}", NULL},
        {"unknown column type", "$.columns.a.type: expected one of bool, int, text, list",
         TABLE("'a':" COLUMN("row") "," ORIGIN, ""), NULL},
        {"no JSON", "t0.json:1", "{", NULL},
        {"twice", "t1.json: table \"t\" is in t0.json too", TABLE(ORIGIN, ""), TABLE(ORIGIN, "")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {.tables = {rows[i].first, rows[i].second}, .playbooks = {PLAN_HEAD("p") "," NONE}};
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
    }
}

static void test_a_table(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {
        .tables = {TABLE("'a':" COLUMN("int") ",'b':" COLUMN("bool") ",'c':" COLUMN("list") "," ORIGIN,
                         ROW("'a':1,'b':true,'c':['x','y']") "," ROW("'a':null"))},
        .playbooks = {PLAN_HEAD("p") ",'values':{'v':{'table':'t','pick':'all'}}," NONE},
    };
    CU_ASSERT_FATAL(plan_accepted(&fixture, &texts));
    const struct plan_table *table = fixture.plan->playbooks[0].values[0].table;
    CU_ASSERT_EQUAL_FATAL(table->count, 2);
    const struct value *cells = table->rows[0].as.row.cells;
    CU_ASSERT(cells[0].as.integer == 1 && cells[1].as.boolean && cells[2].as.list.count == 2);
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT(table->rows[1].as.row.cells[i].state == VALUE_ABSENT);
    }
}

/* --- several playbooks --- */

/* The ids of the plan's playbooks, in order: "b a c". */
static const char *order_of(struct plan_fixture *fixture)
{
    const char *order = "";
    for (size_t i = 0; i < fixture->plan->count; i++) {
        order = arena_format(&fixture->arena, "%s%s%s", order, i > 0 ? " " : "", fixture->plan->playbooks[i].id);
    }
    return order;
}

#define PLAYBOOK(id, more) PLAN_HEAD(id) more "," NONE

static void test_order(void)
{
    static const struct {
        const char *name, *expected;
        struct plan_texts texts;
    } rows[] = {
        {"as given", "b a c", {.playbooks = {PLAYBOOK("b", ""), PLAYBOOK("a", ""), PLAYBOOK("c", "")}}},
        {"after",
         "c a b",
         {.playbooks = {PLAYBOOK("b", ",'after':['a']"), PLAYBOOK("a", ",'after':['c']"), PLAYBOOK("c", "")}}},
        {"after one that is not here", "a", {.playbooks = {PLAYBOOK("a", ",'after':['gone']")}}},
        {"after one that is not selected",
         "a",
         {.playbooks = {PLAYBOOK("b", ",'after':['a']"), PLAYBOOK("a", ",'after':['b']")}, .unselected = {true}}},
        {"not selected", "b", {.playbooks = {PLAYBOOK("a", ""), PLAYBOOK("b", "")}, .unselected = {true}}},
        {"required by a selected one",
         "a b",
         {.playbooks = {PLAYBOOK("a", ""), PLAYBOOK("b", ",'requires':['a']")}, .unselected = {true}}},
        {"required by a required one",
         "c b a",
         {.playbooks = {PLAYBOOK("c", ""), PLAYBOOK("b", ",'requires':['c']"), PLAYBOOK("a", ",'requires':['b']")},
          .unselected = {true, true}}},
        {"they may require each other",
         "a b",
         {.playbooks = {PLAYBOOK("a", ",'requires':['b']"), PLAYBOOK("b", ",'requires':['a']")},
          .unselected = {false, true}}},
        {"not selected, and broken: nobody reads it",
         "b",
         {.playbooks = {"{'id':'a', no JSON", PLAYBOOK("b", ",'after':['a']")}, .unselected = {true}}},
        {"required by nobody who runs",
         "c",
         {.playbooks = {PLAYBOOK("a", ""), PLAYBOOK("b", ",'requires':['a']"), PLAYBOOK("c", "")},
          .unselected = {true, true}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        bool loaded = plan_accepted(&fixture, &rows[i].texts);
        ROW_ASSERT(rows[i].name, loaded && text_same(order_of(&fixture), rows[i].expected));
    }
}

#define FOUND(id) PLAN_FINDING(id, "{'fact':'o.build','exists':true}", "")
#define FINDS(playbook, finding) PLAN_HEAD(playbook) ",'facts':{'o':{'look':'os'}},\n'findings':[" finding "]}"

#define EXPLAINED(id, by) PLAN_FINDING(id, "{'fact':'o.build','exists':true}", ",'explainedBy':['" by "']")

/* Explanations may form chains, and name findings that are not of this run. */
static void test_explanations(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {.playbooks = {FINDS("a", EXPLAINED("A", "B") "," EXPLAINED("B", "C")),
                                             FINDS("b", EXPLAINED("C", "GONE") "," EXPLAINED("D", "A"))}};
    CU_ASSERT(plan_accepted(&fixture, &texts));
}

/* Where all playbooks are at hand, a name that nobody has is misspelt. */
static void test_misspelt_explanations(void)
{
    static const struct {
        const char *name, *by, *refused;
    } rows[] = {
        {"of the same playbook", "A", NULL},
        {"of one at hand", "C", NULL},
        {"of none", "AA", "p0.json:2: finding D is explained by AA, which no playbook here has"},
        {"by its case", "a", "is explained by a, which"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        char text[512];
        (void)snprintf(text, sizeof(text), FINDS("b", FOUND("A") "," EXPLAINED("D", "%s")), rows[i].by);
        ROW_ASSERT(rows[i].name, plan_accepted(&fixture, &(struct plan_texts){.playbooks = {FINDS("a", FOUND("C"))}}));
        const struct plan *at_hand = fixture.plan;
        ROW_ASSERT(rows[i].name, plan_accepted(&fixture, &(struct plan_texts){.playbooks = {text}}));
        bool known = plan_explanations_known(fixture.plan, at_hand, &fixture.arena, &fixture.err);
        ROW_ASSERT(rows[i].name, known == (rows[i].refused == NULL));
        ROW_ASSERT(rows[i].name, known || strstr(fixture.err.text, rows[i].refused) != NULL);
    }
}

static void test_misspelt_blockers(void)
{
    static const struct {
        const char *by, *refused;
    } rows[] = {{"A", NULL}, {"AA", "p0.json:2: finding D is blocked by AA, which no playbook here has"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        char text[512];
        (void)snprintf(text, sizeof(text),
                       FINDS("b", FOUND("A") "," PLAN_FINDING("D", "{'fact':'o.build','exists':true}",
                                                              ",'fix':[{'ensure':'registry_value','with':{'key':"
                                                              "'HKLM\\\\A','name':'n','number':1}}],'blockedBy':"
                                                              "{'findings':['%s']}")),
                       rows[i].by);
        ROW_ASSERT(rows[i].by, plan_accepted(&fixture, &(struct plan_texts){.playbooks = {text}}));
        bool known = plan_explanations_known(fixture.plan, fixture.plan, &fixture.arena, &fixture.err);
        ROW_ASSERT(rows[i].by, known == (rows[i].refused == NULL));
        ROW_ASSERT(rows[i].by, known || strstr(fixture.err.text, rows[i].refused) != NULL);
    }
}

static void test_bad_sets(void)
{
    static const struct {
        const char *name, *expected;
        struct plan_texts texts;
    } rows[] = {
        {"a circle over after",
         "the playbooks' \"after\" form a circle",
         {.playbooks = {PLAYBOOK("a", ",'after':['b']"), PLAYBOOK("b", ",'after':['a']")}}},
        {"after itself", "form a circle", {.playbooks = {PLAYBOOK("a", ",'after':['a']")}}},
        {"requires what is not here",
         "p0.json: requires playbook \"b\", which is not here",
         {.playbooks = {PLAYBOOK("a", ",'requires':['b']")}}},
        {"requires what is broken",
         "p0.json:1: ",
         {.playbooks = {"{'id':'b', no JSON", PLAYBOOK("a", ",'requires':['b']")}, .unselected = {true}}},
        {"requires one that calls itself otherwise",
         "p1.json: requires playbook \"b\", which is not here",
         {.playbooks = {PLAYBOOK("c", ""), PLAYBOOK("a", ",'requires':['b']")}, .unselected = {true}}},
        {"a playbook twice",
         "p1.json: playbook \"a\" is in p0.json too",
         {.playbooks = {PLAYBOOK("a", ""), PLAYBOOK("a", "")}}},
        {"a finding in two playbooks",
         "p1.json:2: finding F stands in p0.json too",
         {.playbooks = {FINDS("a", FOUND("F")), FINDS("b", FOUND("F"))}}},
        {"a finding explains itself",
         "p0.json:2: finding F is explained by itself",
         {.playbooks = {FINDS("a", EXPLAINED("F", "F"))}}},
        {"findings explain each other",
         "is explained by itself",
         {.playbooks = {FINDS("a", EXPLAINED("F", "G")), FINDS("b", FOUND("H") "," EXPLAINED("G", "F"))}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &rows[i].texts, rows[i].expected));
    }
}

static void test_too_many_playbooks(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_source sources[LIMIT_PLAYBOOKS + 1];
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        const char *id = arena_format(&fixture.arena, "p%zu", i);
        const char *text =
            arena_format(&fixture.arena, "{'id':'%s','version':'1','title':{'en':'t'},'source':'s'," NONE, id);
        sources[i] = plan_document(&fixture.arena, id, text);
    }
    struct arena *arena = &fixture.arena;
    CU_ASSERT(plan_load(NULL, 0, sources, LIMIT_PLAYBOOKS, NULL, 0, arena, &fixture.plan, &fixture.err));
    CU_ASSERT_FALSE(plan_load(NULL, 0, sources, LIMIT_PLAYBOOKS + 1, NULL, 0, arena, &fixture.plan, &fixture.err));
    CU_ASSERT_EQUAL(fixture.err.code, ERR_LIMIT);
}

/* --- given parameters --- */

#define TUNED(id)                                                                                                      \
    PLAN_HEAD(id)                                                                                                      \
    ",'parameters':{'flag':{'type':'bool','about':'a','default':false},'count':{'type':'int','about':'a','min':1,"     \
    "'max':9},'word':{'type':'text','about':'a','oneOf':['x','y']},'key':{'type':'text','about':'a','secret':true},"   \
    "'many':{'type':'list','about':'a','oneOf':['x','y','']}}," NONE

static const struct parameter *parameter_of(const struct plan_fixture *fixture, size_t playbook, const char *name)
{
    const struct playbook *from = &fixture->plan->playbooks[playbook];
    for (size_t i = 0; i < from->parameter_count; i++) {
        if (text_same(from->parameters[i].column.name, name)) {
            return &from->parameters[i];
        }
    }
    return NULL;
}

static void test_given(void)
{
    static const struct {
        const char *name, *given, *value, *parameter;
        const char *shown[2]; /* in playbook a and b; NULL: not given */
    } rows[] = {
        {"to all that have it", "count", "9", "count", {"9", "9"}},
        {"to one", "b.count", "9", "count", {NULL, "9"}},
        {"a bool", "a.flag", "true", "flag", {"true", NULL}},
        {"a text", "word", "Y", "word", {"Y", "Y"}},
        {"a secret", "a.key", "AAAAA", "key", {"(redacted)", NULL}},
        {"a list", "a.many", "y,x", "many", {"y, x", NULL}},
        {"a list with an empty element", "a.many", "y,", "many", {"y, ", NULL}},
        {"an empty list", "a.many", "", "many", {"", NULL}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {.playbooks = {TUNED("a"), TUNED("b")},
                                   .given = {{.name = rows[i].given, .value = rows[i].value}}};
        ROW_ASSERT(rows[i].name, plan_accepted(&fixture, &texts));
        for (size_t p = 0; fixture.plan != NULL && p < 2; p++) {
            const struct parameter *parameter = parameter_of(&fixture, p, rows[i].parameter);
            struct value given = parameter != NULL ? parameter->given : value_absent();
            const char *shown = given.state == VALUE_KNOWN ? value_display(&fixture.arena, &given) : NULL;
            ROW_ASSERT(rows[i].name, text_same(shown, rows[i].shown[p]));
        }
    }
}

static void test_given_badly(void)
{
    static const struct {
        const char *name, *given, *value, *expected;
    } rows[] = {
        {"unknown", "cuont", "1", "no playbook of this run has a parameter \"cuont\""},
        {"of an unknown playbook", "c.count", "1", "no playbook of this run has a parameter \"c.count\""},
        {"of a playbook that begins so", "aa.count", "1", "no playbook of this run"},
        {"no int", "a.count", "one", "parameter a.count: expected int"},
        {"no int behind one", "count", "1 ", "parameter a.count: expected int"},
        {"no bool", "flag", "True", "parameter a.flag: expected bool"},
        {"out of range", "b.count", "10", "parameter b.count: expected 1 to 9"},
        {"not allowed", "word", "z", "parameter a.word: expected one of x, y"},
        {"an element that is not allowed", "many", "x,z", "parameter a.many: expected one of x, y"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {.playbooks = {TUNED("a"), TUNED("b")},
                                   .given = {{.name = rows[i].given, .value = rows[i].value}}};
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
    }
}

/* A playbook that is only at hand has no say: its parameters are not this run's. */
static void test_given_to_nobody(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {
        .playbooks = {TUNED("a"), PLAYBOOK("b", "")}, .unselected = {true}, .given = {{.name = "count", .value = "1"}}};
    CU_ASSERT(plan_refused(&fixture, &texts, "no playbook of this run has a parameter \"count\""));
}

void suite_plan_set(void);
void suite_plan_set(void)
{
    UNIT_SUITE("plan/set", UNIT_TEST(test_bad_tables), UNIT_TEST(test_a_table), UNIT_TEST(test_order),
               UNIT_TEST(test_explanations), UNIT_TEST(test_misspelt_explanations), UNIT_TEST(test_misspelt_blockers),
               UNIT_TEST(test_bad_sets), UNIT_TEST(test_too_many_playbooks), UNIT_TEST(test_given),
               UNIT_TEST(test_given_badly), UNIT_TEST(test_given_to_nobody));
}
