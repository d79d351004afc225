/* SPDX-License-Identifier: MIT */
/* Values, parameters and findings that must not load. */
#include "plan_bad.h"

static void test_values(void)
{
    static const struct bad rows[] = {
        {"no form", "p0.json:3: $.values.v: expected table, each, firstOf or case", .values = "'v':{'pick':'all'}"},
        {"two forms", "p0.json:3: $.values.v.firstOf: does not go with \"table\"",
         .values = "'v':{'table':'names','firstOf':[1]}"},
        {"a member of another form", "$.values.v.take: does not go with \"firstOf\"",
         .values = "'v':{'firstOf':[1],'take':'name'}"},
        {"pick of each", "$.values.v.pick: does not go with \"each\"", .values = "'v':{'each':['a'],'pick':'one'}"},
        {"else of each", "$.values.v.else: does not go with", .values = "'v':{'each':['a'],'else':'b'}"},
        {"unknown table", "$.values.v.table: there is no table \"nams\"", .values = "'v':{'table':'nams'}"},
        {"unknown column", "$.values.v.take: there is no column \"nam\" there",
         .values = "'v':{'table':'names','take':'nam'}"},
        {"a column of a scalar", "$.values.v.take: there is no column \"name\" there",
         .values = "'v':{'each':['a'],'take':'name'}"},
        {"a list column", "$.values.v.take: only a scalar column can be taken",
         .values = "'v':{'table':'names','take':'all'}"},
        {"unknown pick", "$.values.v.pick: expected one of one, all", .values = "'v':{'table':'names','pick':'two'}"},
        {"where on an unknown column", "item.nam: there is no \"nam\" there",
         .values = "'v':{'table':'names','where':{'fact':'item.nam','equals':'a'}}"},
        {"each over a scalar", "$.values.v.each: expected a list or rows, found int", .values = "'v':{'each':1}"},
        {"firstOf of a wrong type", "$.values.v.firstOf: expected array, found int", .values = "'v':{'firstOf':1}"},
        {"firstOf of two types", "$.values.v.firstOf[1]: expected int as before, found text",
         .values = "'v':{'firstOf':[1,'a']}"},
        {"lists of two types", "$.values.v.firstOf[2]: expected list of text as before, found list of int",
         .values = "'v':{'firstOf':[[],['a'],[1]]}"},
        {"case of two types", "$.values.v.case[1].is: expected text as before, found bool",
         .values = "'v':{'case':[{'when':" TRUE_WHEN ",'is':'a'},{'when':" TRUE_WHEN ",'is':true}]}"},
        {"else of another type", "$.values.v.else: expected text as before, found int",
         .values = "'v':{'case':[{'when':" TRUE_WHEN ",'is':'a'}],'else':1}"},
        {"a bad case", "$.values.v.case[0].when: expected object",
         .values = "'v':{'case':[{'when':true,'is':'a'}],'else':'b'}"},
        {"a bad reference in a case", "$.values.v.case[0].is: nobody.x: there is no fact",
         .values = "'v':{'case':[{'when':" TRUE_WHEN ",'is':'${nobody.x}'}]}"},
        {"words are kept through a value", "equals: expected one of ", .values = "'v':{'firstOf':['${svc.state}']}",
         .when = "{'fact':'values.v','equals':'runing'}"},
    };
    REFUSE(rows);
}

static void test_parameters(void)
{
    static const struct bad rows[] = {
        {"unknown type", "p0.json:5: $.parameters.q.type: expected one of bool, int, text, list",
         .parameters = "'q':{'type':'number','about':'a'}"},
        {"default of a wrong type", "p0.json:5: $.parameters.q.default: q: expected bool, found text",
         .parameters = "'q':{'type':'bool','about':'a','default':'yes'}"},
        {"default that is no constant", "$.parameters.q.default: expected a constant",
         .parameters = "'q':{'type':'text','about':'a','default':'${reg.text}'}"},
        {"default that holds a reference", "$.parameters.q.default: expected a constant",
         .parameters = "'q':{'type':'text','about':'a','default':'a ${reg.text}'}"},
        {"default list with a reference", "$.parameters.q.default: expected constants",
         .parameters = "'q':{'type':'list','about':'a','default':['${reg.text}']}"},
        {"default of another parameter", "$.parameters.q.default: expected a constant",
         .parameters = "'q':{'type':'text','about':'a','default':'${parameters.r}'},'r':{'type':'text','about':'a'}"},
        {"default out of range", "$.parameters.q.default: q: expected 1 to 5",
         .parameters = "'q':{'type':'int','about':'a','min':1,'max':5,'default':6}"},
        {"default that is not allowed", "$.parameters.q.default: the default is not one of oneOf",
         .parameters = "'q':{'type':'text','about':'a','oneOf':['x','y'],'default':'z'}"},
        {"oneOf of a wrong type", "$.parameters.q.oneOf: q: expected list of int, found list of text",
         .parameters = "'q':{'type':'int','about':'a','oneOf':['x']}"},
        {"oneOf that is no list", "$.parameters.q.oneOf: q: expected list of int, found int",
         .parameters = "'q':{'type':'int','about':'a','oneOf':1}"},
        {"min of a text", "$.parameters.q.min: only an int has bounds",
         .parameters = "'q':{'type':'text','about':'a','min':1}"},
        {"max of a wrong type", "$.parameters.q.max: expected int, found text",
         .parameters = "'q':{'type':'int','about':'a','max':'5'}"},
        {"min over max", "p0.json:5: $.parameters.q: min is greater than max",
         .parameters = "'q':{'type':'int','about':'a','min':5,'max':1}"},
        {"no about", "p0.json:5: $.parameters.q: the member \"about\" is missing", .parameters = "'q':{'type':'int'}"},
    };
    REFUSE(rows);
}

#define STEP(with) "{'ensure':'registry_value','with':{" with "}}"
#define KEY "'key':'HKLM\\\\A','name':'n'"

static void test_steps(void)
{
    static const struct bad rows[] = {
        {"a kind that only looks", "p0.json:7: $.findings[0].fix[0].ensure: kind \"os\" only looks",
         .finding = "'fix':[{'ensure':'os','with':{}}]"},
        {"unknown kind", "$.findings[0].fix[0].ensure: there is no kind \"x\"",
         .finding = "'fix':[{'ensure':'x','with':{}}]"},
        {"a parameter it needs", "$.findings[0].fix[0].with: kind \"registry_value\" needs \"name\"",
         .finding = "'fix':[" STEP("'key':'HKLM\\\\A','text':'x'") "]"},
        {"nothing to ensure", "$.findings[0].fix[0].with: expected at least one property to ensure",
         .finding = "'fix':[" STEP(KEY) "]"},
        {"a property that cannot be ensured", "$.findings[0].fix[0].with.sizeBytes: kind \"registry_value\" takes no",
         .finding = "'fix':[" STEP(KEY ",'sizeBytes':1") "]"},
        {"a wanted word", "$.findings[0].fix[0].with.state: state: expected one of",
         .finding = "'fix':[{'ensure':'service','with':{'name':'a','state':'started'}}]"},
        {"a wanted type", "number: expected int, found text", .finding = "'fix':[" STEP(KEY ",'number':'1'") "]"},
        {"forEach over a scalar", "$.findings[0].fix[0].forEach: expected a list or rows, found text",
         .finding = "'fix':[{'ensure':'registry_value','forEach':'${reg.text}','with':{" KEY ",'number':1}}]"},
        {"item without forEach", "item exists only inside", .finding = "'fix':[" STEP(KEY ",'text':'${item}'") "]"},
        {"item of the step before", "$.findings[0].fix[1].with.text: item: item exists only inside",
         .finding = "'fix':[{'ensure':'registry_value','forEach':['a'],'with':{" KEY
                    ",'text':'${item}'}}," STEP(KEY ",'text':'${item}'") "]"},
        {"too many tries", "$.findings[0].fix[0].retry.attempts: expected 2 to 32",
         .finding = "'fix':[{'ensure':'registry_value','with':{" KEY ",'number':1},'retry':{'attempts':33,"
                    "'firstSeconds':1,'factor':2,'maxSeconds':9,'jitter':'full'}}]"},
        {"a bad while", "$.findings[0].fix[0].retry.while: expected object",
         .finding = "'fix':[{'ensure':'registry_value','with':{" KEY ",'number':1},'retry':{'attempts':3,"
                    "'firstSeconds':1,'factor':2,'maxSeconds':9,'jitter':'full','while':1}}]"},
    };
    REFUSE(rows);
}

#define HANDOFF(runs) "'handoff':[{'title':" SAID ",'why':" SAID ",'run':[" runs "]}]"

static void test_findings(void)
{
    static const struct bad rows[] = {
        {"needs what nobody gives", "p0.json:7: $.findings[0].needs: \"q\" is no bool parameter of this playbook",
         .finding = "'needs':['q']"},
        {"needs an int", "$.findings[0].needs: \"q\" is no bool parameter", .finding = "'needs':['q']",
         .parameters = "'q':{'type':'int','about':'a'}"},
        {"blocked, and nothing to block", "$.findings[0].blockedBy: blockedBy needs a \"fix\" of the finding",
         .finding = "'blockedBy':{'findings':['A']}"},
        {"blocked by nothing", "$.findings[0].blockedBy.findings: ",
         .finding = "'blockedBy':{'findings':[]},'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':"
                    "'n','number':1}}]"},
        {"a bad refusal", "$.findings[0].refuse[0].when: expected object",
         .finding = "'refuse':[{'when':1,'reason':" SAID "}]"},
        {"a refusal that hands nothing over", "$.findings[0].refuse[0]: \"handoff\": true needs a \"handoff\" of the",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':" SAID ",'handOver':true}]"},
        {"a choice that nobody wrote", "$.findings[0].refuse[0].choices: there is no choice \"x\"",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':" SAID ",'choices':['x']}]"},
        {"a choice of no parameter", "$.choices.x: \"q\" is no parameter of this playbook",
         .top = "'choices':{'x':{'parameter':'q','then':" SAID ",'otherwise':" SAID "}}"},
        {"a choice without its value", "$.choices.x: \"q\" is no bool: expected \"value\"",
         .top = "'choices':{'x':{'parameter':'q','then':" SAID ",'otherwise':" SAID "}}",
         .parameters = "'q':{'type':'text','about':'a'}"},
        {"a choice without a step", "$.choices.x: the member \"do\" is missing",
         .top = "'choices':{'x':{'then':" SAID ",'otherwise':" SAID "}}"},
        {"a choice that leaves open what comes without it", "$.choices.x: the member \"otherwise\" is missing",
         .top = "'choices':{'x':{'do':" SAID ",'then':" SAID "}}"},
        {"a choice with a bad value", "$.choices.x.value: nobody.x: there is no fact",
         .top = "'choices':{'x':{'parameter':'q','value':'${nobody.x}','then':" SAID ",'otherwise':" SAID "}}",
         .parameters = "'q':{'type':'text','about':'a'}"},
        {"no severity", "$.findings[1]: the member \"severity\" is missing", .top = "'format':2",
         .severity = "'error','title':{'en':'t'},'detail':{'en':'d'},'when':" TRUE_WHEN "},{'id':'G','class':'c'"},
        {"explained by nothing", "$.findings[0].explainedBy[0]: expected \"finding\" or \"class\"",
         .finding = "'explainedBy':[{'when':" TRUE_WHEN "}]"},
        {"explained by both", "$.findings[0].explainedBy[0]: expected \"finding\" or \"class\"",
         .finding = "'explainedBy':[{'finding':'A','class':'c'}]"},
        {"blocked by no one", "$.findings[0].blockedBy: expected \"findings\" or \"classes\"",
         .finding = "'blockedBy':{},'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'n',"
                    "'number':1}}]"},
        {"a free text in a command", "$.findings[0].handoff[0].run[0].az[1]: only values with a shape",
         .finding = HANDOFF("{'az':['vm','${reg.text}']}")},
        {"a free text inside a word", "run[0].az[0]: only values with a shape",
         .finding = HANDOFF("{'az':['x${reg.text}']}")},
        {"a list inside a word", "run[0].az[0]: ", .values = "'v':{'table':'names','take':'name','pick':'all'}",
         .finding = HANDOFF("{'az':['x${values.v}']}")},
        {"a hand-over that nobody wrote", "$.findings[0].handoff[0]: expected \"use\" alone, with a name of",
         .finding = "'handoff':[{'use':'nobody'}]"},
        {"a hand-over without a reason", "$.findings[0].handoff[0]: the member \"why\" is missing",
         .finding = "'handoff':[{'title':" SAID "}]"},
        {"a bool in a command", "run[0].az[0]: only values with a shape",
         .finding = HANDOFF("{'az':['${reg.exists}']}")},
        {"a list in a command", "run[0].az[0]: only values with a shape", .finding = HANDOFF("{'az':[['a']]}")},
        {"null in a command", "run[0].az[0]: only values with a shape", .finding = HANDOFF("{'az':[null]}")},
        {"a value loses its shape beside a free one", "run[0].az[0]: only values with a shape",
         .values = "'v':{'firstOf':['${az.vmId}','${reg.text}']}", .finding = HANDOFF("{'az':['${values.v}']}")},
        {"an empty command", "run[0].az: expected 1 to 64 words", .finding = HANDOFF("{'az':[]}")},
        {"a command of a wrong type", "run[0].az: expected array, found int", .finding = HANDOFF("{'az':1}")},
        {"a bad reference in a command", "run[0].az[0]: az.x: there is no", .finding = HANDOFF("{'az':['${az.x}']}")},
        {"a variable that nobody sets", "run[0].az[1]: no command before sets \"nic\"",
         .finding = HANDOFF("{'az':['nic','@nic']},{'set':'nic','az':['vm']}")},
        {"a variable that is no name", "run[0].set: expected a-z, A-Z, 0-9 and _",
         .finding = HANDOFF("{'set':'a;b','az':['vm']}")},
        {"a variable that begins with a digit", "run[0].set: expected", .finding = HANDOFF("{'set':'1a','az':['vm']}")},
        {"a bad text of a hand-over", "$.findings[0].handoff[0].title.en: nobody.x: there is no fact",
         .finding = "'handoff':[{'title':{'en':'${nobody.x}'},'why':" SAID "}]"},
    };
    REFUSE(rows);
}

/* Findings are told apart by id: in one playbook, in a group, over all playbooks of a run. */
static void test_finding_ids(void)
{
    static const struct {
        const char *name, *expected, *findings;
    } rows[] = {
        {"twice", "p0.json:1: $.findings: the finding A stands here twice",
         PLAN_FINDING("A", "{'fact':'o.build','exists':true}",
                      "") "," PLAN_FINDING("A", "{'fact':'o.build','exists':true}", "")},
        {"alone and in a group", "the finding A stands here twice",
         PLAN_FINDING("A", "{'fact':'o.build','exists':true}",
                      "") ",{'group':'g','firstOf':[" PLAN_FINDING("A", "{'fact':'o.build','exists':true}", "") "]}"},
        {"lower case", "$.findings[0].id: expected A-Z, 0-9 and _",
         PLAN_FINDING("Ab", "{'fact':'o.build','exists':true}", "")},
        {"a digit first", "$.findings[0].id: expected", PLAN_FINDING("1A", "{'fact':'o.build','exists':true}", "")},
        {"inside a group", "$.findings[0].firstOf[0].id: expected A-Z",
         "{'group':'g','firstOf':[" PLAN_FINDING("a", "{'fact':'o.build','exists':true}", "") "]}"},
        {"no finding", "$.findings[0]: expected object, found int", "1"},
        {"a group with more", "$.findings[0].when: no such member in group", "{'group':'g','firstOf':[],'when':1}"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {
            .playbooks = {arena_format(&fixture.arena, PLAN_HEAD("p") ",'facts':{'o':{'look':'os'}},'findings':[%s]}",
                                       rows[i].findings)}};
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
    }
}

void suite_plan_findings(void);
void suite_plan_findings(void)
{
    UNIT_SUITE("plan/findings", UNIT_TEST(test_values), UNIT_TEST(test_parameters), UNIT_TEST(test_steps),
               UNIT_TEST(test_findings), UNIT_TEST(test_finding_ids));
}
