/* SPDX-License-Identifier: MIT */
/* Values and texts as a playbook sees them: what is absent, what is unknown and why, what is shown to people. */
#include "engine_fixture.h"

#define TABLE                                                                                                          \
    "{'table':'t','about':'a','columns':{'name':{'type':'text','about':'n'},'kind':{'type':'text','about':'k'},"       \
    "'source':{'type':'text','about':'s'},'date':{'type':'text','about':'d'}},'rows':["                                \
    "{'name':'one','kind':'a','source':'s','date':'d'},{'name':'two','kind':'b','source':'s','date':'d'},"             \
    "{'name':'three','kind':'b','source':'s','date':'d'},{'kind':'c','source':'s','date':'d'}]}"

/* a is set, c is not, u cannot be read; rows hold one that exists and one that does not. */
#define FACTS                                                                                                          \
    "'facts':{" VALUE_FACT("a") "," VALUE_FACT("c") "," VALUE_FACT("u") ",'n':{'look':'registry_value','with':{'key':" \
                                                                        "'HKLM\\\\A','name':'number'}},'rows':{"       \
                                                                        "'look':'registry_value','forEach':['a','c'"   \
                                                                        "],'with':{'key':'HKLM\\\\A','name':'${item}'" \
                                                                        "}},'odd':{'look':'registry_value','forEach':" \
                                                                        "['a','u'],'with':{'key':'HKLM\\\\A','name':"  \
                                                                        "'${item}'}}}"

/* What a text says of values.v. */
static void run_value(struct engine_fixture *fixture, const char *value, const char *detail)
{
    char playbook[4096];
    (void)snprintf(playbook, sizeof(playbook),
                   PLAN_HEAD("p") "," FACTS ",'parameters':{'given':{'type':'text','about':'a'},'other':{'type':'text',"
                                  "'about':'a','default':'usual'},'key':{'type':'text','about':'a','secret':true}},"
                                  "'values':{'v':%s,'w':{'firstOf':['${values.v}']}},'findings':[{'id':'F','severity':"
                                  "'error','when':{'fact':'a.exists','equals':true},'title':{'en':'t'},'detail':{"
                                  "'en':'%s'}}]}",
                   value, detail);
    struct plan_texts texts = {.tables = {TABLE},
                               .playbooks = {playbook},
                               .given = {{.name = "given", .value = "hello"}, {.name = "key", .value = "AAAAA-BBBBB"}}};
    engine_open(fixture, MACHINE("'a':'word','number':7"), &texts);
    spy.denied = "u";
    (void)engine_go(fixture, MODE_CHECK);
}

static void test_values(void)
{
    static const struct {
        const char *name, *value, *shown;
    } rows[] = {
        {"a fact", "{'firstOf':['${a.text}']}", "word"},
        {"an int", "{'firstOf':['${n.number}']}", "7"},
        {"a given parameter", "{'firstOf':['${parameters.given}']}", "hello"},
        {"a default", "{'firstOf':['${parameters.other}']}", "usual"},
        {"a secret", "{'firstOf':['${parameters.key}']}", "(redacted)"},
        {"a secret in a text", "{'firstOf':['key ${parameters.key}']}", "(redacted)"},
        {"firstOf: the first that is there", "{'firstOf':['${c.text}','${a.text}','x']}", "word"},
        {"firstOf: none", "{'firstOf':['${c.text}',null]}", "(not set)"},
        {"firstOf: an unknown one might be it", "{'firstOf':['${u.text}','${a.text}']}", "(unknown)"},
        {"firstOf: found before the unknown one", "{'firstOf':['${a.text}','${u.text}']}", "word"},
        {"case: the first true one",
         "{'case':[{'when':{'fact':'c.exists','equals':true},'is':1},{'when':{'fact':'a.exists','equals':true},'is':2},"
         "{'when':{'fact':'u.exists','equals':true},'is':3}],'else':4}",
         "2"},
        {"case: else", "{'case':[{'when':{'fact':'c.exists','equals':true},'is':1}],'else':4}", "4"},
        {"case: no else", "{'case':[{'when':{'fact':'c.exists','equals':true},'is':1}]}", "(not set)"},
        {"case: unknown",
         "{'case':[{'when':{'fact':'u.exists','equals':true},'is':1},{'when':{'fact':'a.exists','equals':true},'is':2}]"
         ","
         "'else':4}",
         "(unknown)"},
        {"table: one row", "{'table':'t','where':{'fact':'item.kind','equals':'a'},'take':'name'}", "one"},
        {"table: no row", "{'table':'t','where':{'fact':'item.kind','equals':'z'},'take':'name'}", "(not set)"},
        {"table: two rows where one is expected",
         "{'table':'t','where':{'fact':'item.kind','equals':'b'},'take':'name'}", "(unknown)"},
        {"table: all", "{'table':'t','take':'name','pick':'all'}", "one, two, three"},
        {"table: an empty cell", "{'table':'t','where':{'fact':'item.kind','equals':'c'},'take':'name'}", "(not set)"},
        {"table: by an unknown fact", "{'table':'t','where':{'fact':'item.kind','equals':'${u.text}'},'take':'name'}",
         "(unknown)"},
        {"each: of rows", "{'each':'${rows}','take':'text'}", "word"},
        {"each: where", "{'each':'${rows}','where':{'fact':'item.exists','equals':false},'take':'each'}", "c"},
        {"each: of a list", "{'each':['x','y'],'where':{'fact':'item','notEquals':'x'}}", "y"},
        {"each: an unknown one might belong",
         "{'each':'${odd}','where':{'fact':'item.exists','equals':true},'take':'each'}", "(unknown)"},
        {"each: an unknown cell", "{'each':'${odd}','take':'text'}", "(unknown)"},
        {"each: an unknown list", "{'each':['${u.text}']}", "(unknown)"},
        {"a list: what is absent falls out", "{'firstOf':[['${a.text}','${c.text}','z']]}", "word, z"},
        {"a list: what is unknown spoils it", "{'firstOf':[['${a.text}','${u.text}']]}", "(unknown)"},
        {"a text", "{'firstOf':['<${a.text}|${n.number}>']}", "<word|7>"},
        {"a text with an absent part", "{'firstOf':['<${c.text}>','else']}", "else"},
        {"a text with an unknown part", "{'firstOf':['<${u.text}>','else']}", "(unknown)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        run_value(&fixture, rows[i].value, "${values.w}");
        ROW_ASSERT(rows[i].name, engine_says(engine_finding(&fixture, "F")->detail.en, rows[i].shown));
    }
}

/* Texts for people say what is missing instead of failing. */
static void test_texts_for_people(void)
{
    static const struct {
        const char *name, *text, *shown;
    } rows[] = {
        {"plain", "plain", "plain"},
        {"known", "host ${a.text}, ${n.number}", "host word, 7"},
        {"absent", "host ${c.text}", "host (not set)"},
        {"unknown", "host ${u.text}", "host (unknown)"},
        {"a secret among others", "host ${a.text} key ${parameters.key}", "host word key (redacted)"},
        {"escaped", "$${a.text}", "${a.text}"},
        {"a truth", "there: ${a.exists}, ${c.exists}", "there: yes, no"},
        {"an optional part that is known", "a$[, host ${a.text}].", "a, host word."},
        {"one that is absent", "a$[, host ${c.text}].", "a."},
        {"one that is unknown", "a$[, host ${u.text}].", "a."},
        {"one of two is absent", "a$[, hosts ${a.text} and ${c.text}].", "a."},
        {"a list without elements", "a$[, hosts ${values.w}].", "a."},
        {"each for itself", "$[${c.text}, ]$[${a.text}, ]$[${u.text}, ]${n.number}", "word, 7"},
        {"nothing but an absent one", "$[host ${c.text}]", ""},
        {"a secret in an optional part", "a$[, key ${parameters.key}].", "a, key (redacted)."},
        {"brackets are no optional part", "[${c.text}]", "[(not set)]"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        run_value(&fixture, "{'firstOf':[[]]}", rows[i].text);
        ROW_ASSERT(rows[i].name, engine_says(engine_finding(&fixture, "F")->detail.en, rows[i].shown));
        ROW_ASSERT(rows[i].name, engine_finding(&fixture, "F")->detail.ja == NULL);
    }
}

static void test_empty_lists_for_people(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    run_value(&fixture, "{'table':'t','pick':'all','where':{'fact':'item.kind','equals':'z'},'take':'name'}",
              "[${values.w}]");
    CU_ASSERT(engine_says(engine_finding(&fixture, "F")->detail.en, "[none]"));
}

/* What stands in for a missing part speaks the language of the text around it. */
static void test_texts_in_japanese(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    static const char playbook[] = PLAN_HEAD("p") ",'facts':{" VALUE_FACT("a") "," VALUE_FACT(
        "c") "},'findings':[{'id':'F','severity':'info','when':" IS("a", "x") ",'title':{'en':'t'},"
                                                                              "'detail':{'en':'${c.text}','ja':"
                                                                              "'値: ${c.text}, ${a.exists}, "
                                                                              "${c.exists}'}}]}";
    engine_open(&fixture, MACHINE("'a':'x'"), &(struct plan_texts){.playbooks = {playbook}});
    (void)engine_go(&fixture, MODE_CHECK);
    CU_ASSERT(engine_says(engine_finding(&fixture, "F")->detail.en, "(not set)"));
    CU_ASSERT(engine_says(engine_finding(&fixture, "F")->detail.ja, "値: (未設定), はい, いいえ"));
}

/* A text that grows over what a text may be is unknown, not cut. */
static void test_a_text_too_long(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
    buf_text(&buf, PLAN_HEAD("p") ",'facts':{" VALUE_FACT("a") "},'values':{'v':{'firstOf':['");
    for (size_t i = 0; i < 80; i++) {
        buf_text(&buf, "${a.text}");
    }
    buf_text(&buf, "']}},'findings':[" PLAN_FINDING("F", "{'fact':'values.v','exists':true}", "") "]}");
    char machine[1024];
    char word[65];
    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    (void)snprintf(machine, sizeof(machine), MACHINE("'a':'%s'"), word);
    engine_open(&fixture, machine, &(struct plan_texts){.playbooks = {buf_string(&buf)}});
    (void)engine_go(&fixture, MODE_CHECK);
    CU_ASSERT_EQUAL(engine_finding(&fixture, "F")->state, FINDING_UNKNOWN);
    CU_ASSERT(engine_says(engine_finding(&fixture, "F")->reason.en, "a text grew over its limit"));
}

void suite_scope(void);
void suite_scope(void)
{
    UNIT_SUITE("engine/scope", UNIT_TEST(test_values), UNIT_TEST(test_texts_for_people),
               UNIT_TEST(test_empty_lists_for_people), UNIT_TEST(test_texts_in_japanese),
               UNIT_TEST(test_a_text_too_long));
}
