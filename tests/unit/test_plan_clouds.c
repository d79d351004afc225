/* SPDX-License-Identifier: MIT */
/* A file of clouds beside the tables: whose rows it adds, and what it may not say. */
#include "plan_fixture.h"

#define SOURCE "'source':'a test','date':'2026-11-30'"
#define NAMES                                                                                                          \
    "{'table':'names','about':'a','takesClouds':true,'columns':{'cloud':{'type':'text','about':'a'},"                  \
    "'name':{'type':'text','shape':'host','about':'a'},'note':{'type':'text','about':'a'},"                            \
    "'source':{'type':'text','about':'a'},'date':{'type':'text','about':'a'}},"                                        \
    "'rows':[{'cloud':'Earth','name':'kms.earth.example','note':'one'," SOURCE "},"                                    \
    "{'cloud':'Earth','name':'kms2.earth.example'," SOURCE "}]}"
#define OTHERS                                                                                                         \
    "{'table':'others','about':'a','columns':{'name':{'type':'text','about':'a'},"                                     \
    "'source':{'type':'text','about':'a'},'date':{'type':'text','about':'a'}},'rows':[]}"
#define BOOK                                                                                                           \
    "{'id':'p','version':'1','title':{'en':'t'},'source':'s','parameters':{'cloud':{'type':'text','about':'a',"        \
    "'default':null,'oneOf':{'table':'names','take':'cloud'}}},'facts':{'o':{'look':'os'}},"                           \
    "'values':{'name':{'table':'names','take':'name','pick':'all'}},"                                                  \
    "'findings':[{'id':'A','severity':'error','title':{'en':'t'},'detail':{'en':'d'},"                                 \
    "'when':{'fact':'parameters.cloud','exists':true}}]}"
#define ROW_OF(name) "{'name':'" name "'," SOURCE "}"
#define MOON(rows) "{'clouds':{'Moon':{'names':[" rows "]}}}"

static bool load(struct plan_fixture *fixture, const char *clouds, const char *cloud)
{
    struct arena *arena = &fixture->arena;
    struct plan_source tables[] = {plan_document(arena, "clouds.json", clouds), plan_document(arena, "t0.json", NAMES),
                                   plan_document(arena, "t1.json", OTHERS)};
    struct plan_source book = plan_document(arena, "p0.json", BOOK);
    struct plan_parameter given = {.name = "cloud", .value = cloud};
    tables[0].has_clouds = true;
    return plan_load(tables, COUNT_OF(tables), &book, 1, &given, cloud != NULL ? 1 : 0, arena, &fixture->plan,
                     &fixture->err);
}

static void the_rows_stand_behind_those_of_the_table(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(load(&fixture, MOON(ROW_OF("kms.moon.example") "," ROW_OF("kms2.moon.example")), "Moon"));
    const struct plan_table *table = fixture.plan->playbooks[0].values[0].table;
    CU_ASSERT_EQUAL_FATAL(table->count, 4);
    CU_ASSERT(text_same(table->rows[0].as.row.cells[1].as.text, "kms.earth.example"));
    CU_ASSERT(text_same(table->rows[2].as.row.cells[0].as.text, "Moon"));
    CU_ASSERT(text_same(table->rows[3].as.row.cells[1].as.text, "kms2.moon.example"));
    CU_ASSERT(table->rows[3].as.row.cells[2].state == VALUE_ABSENT);
}

static void a_plan_says_who_made_clouds_known(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(load(&fixture, MOON(ROW_OF("kms.moon.example")), NULL));
    CU_ASSERT_STRING_EQUAL_FATAL(fixture.plan->clouds.file, "clouds.json");
    CU_ASSERT_PTR_NULL(fixture.plan->clouds.sha256);
    const struct plan_texts without = {.tables = {NAMES, OTHERS}, .playbooks = {BOOK}};
    CU_ASSERT_FATAL(plan_try(&fixture, &without));
    CU_ASSERT_PTR_NULL(fixture.plan->clouds.file);
}

/* The document of the extension's settings was read already. */
static void a_document_serves_like_a_file(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    const struct json_source origin = {.file = "3.settings", .limit = LIMIT_CLOUDS_BYTES};
    const char *text = plan_quoted(&fixture.arena, MOON(ROW_OF("kms.moon.example")));
    const struct json *document = NULL;
    CU_ASSERT_FATAL(json_load(text, strlen(text), &origin, &fixture.arena, &document, &fixture.err));
    struct plan_source tables[] = {plan_document(&fixture.arena, "t0.json", NAMES),
                                   {.file = "3.settings", .has_clouds = true, .document = document}};
    struct plan_source book = plan_document(&fixture.arena, "p0.json", BOOK);
    CU_ASSERT(plan_load(tables, 2, &book, 1, NULL, 0, &fixture.arena, &fixture.plan, &fixture.err));
    CU_ASSERT_EQUAL(fixture.plan->playbooks[0].values[0].table->count, 3);
}

static void a_parameter_takes_the_clouds_of_its_table(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT(load(&fixture, MOON(ROW_OF("kms.moon.example")), "Earth"));
    CU_ASSERT_FALSE(load(&fixture, MOON(ROW_OF("kms.moon.example")), "Mars"));
    CU_ASSERT(text_contains(fixture.err.text, "Earth") && text_contains(fixture.err.text, "Moon"));
}

static const struct {
    const char *name, *clouds, *error;
} refused[] = {
    {"cut off", "{'clouds':{'Moon':{'names':[", "clouds.json:1"},
    {"a known cloud", "{'clouds':{'EARTH':{}}}", "known already"},
    {"no name", "{'clouds':{'a b':{}}}", "the name of a cloud"},
    {"no such table", "{'clouds':{'Moon':{'hosts':[]}}}", "no table of this name"},
    {"a table that takes none", "{'clouds':{'Moon':{'others':[]}}}", "no table of this name"},
    {"rows as an object", "{'clouds':{'Moon':{'names':{}}}}", "expected array"},
    {"a cloud as a list", "{'clouds':{'Moon':[]}}", "expected object"},
    {"a row of another cloud", MOON("{'cloud':'Earth','name':'a.example'," SOURCE "}"), "not in a row"},
    {"a row without its source", MOON("{'name':'a.example','date':'d'}"), "expected \"source\""},
    {"a name that is none", MOON(ROW_OF("a b")), "does not look like one"},
    {"another column", MOON("{'host':'a.example'," SOURCE "}"), "no such column"},
    {"no clouds", "{'clouds':{}}", "1 to 16 clouds"},
    {"another member", "{'clouds':{'Moon':{}},'hosts':[]}", "hosts"},
};

static void what_a_file_may_not_say_is_refused_by_its_place(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        ROW_ASSERT(refused[i].name, !load(&fixture, refused[i].clouds, NULL));
        ROW_ASSERT(refused[i].name, fixture.err.code == ERR_INVALID);
        ROW_ASSERT(refused[i].name, text_contains(fixture.err.text, refused[i].error));
    }
}

/* Two rows are there; the bound is asked before any row is read. */
static void a_table_has_a_bound(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_PLAYBOOK_BYTES);
    buf_text(&text, "{'clouds':{'Moon':{'names':[0");
    for (size_t i = 0; i < LIMIT_TABLE_ROWS - 2; i++) {
        buf_text(&text, ",0");
    }
    buf_text(&text, "]}}}");
    CU_ASSERT_FALSE(load(&fixture, buf_string(&text), NULL));
    CU_ASSERT(text_contains(fixture.err.text, "at most 4096 rows"));
}

static void an_of_table_that_is_none_is_refused(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    const struct plan_texts texts = {.tables = {OTHERS}, .playbooks = {BOOK}};
    CU_ASSERT(plan_refused(&fixture, &texts, "no table has such a column"));
}

void suite_plan_clouds(void);
void suite_plan_clouds(void)
{
    UNIT_SUITE("plan clouds", UNIT_TEST(the_rows_stand_behind_those_of_the_table),
               UNIT_TEST(a_plan_says_who_made_clouds_known), UNIT_TEST(a_document_serves_like_a_file),
               UNIT_TEST(a_parameter_takes_the_clouds_of_its_table),
               UNIT_TEST(what_a_file_may_not_say_is_refused_by_its_place), UNIT_TEST(a_table_has_a_bound),
               UNIT_TEST(an_of_table_that_is_none_is_refused));
}
