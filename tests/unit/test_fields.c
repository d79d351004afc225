/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "document.h"
#include "json/fields.h"

enum level { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };
static const char *const level_words[] = {"info", "warning", "error", NULL};

struct step {
    const char *ensure;
    const struct json *with;
};

struct parameter {
    const char *name;
    const struct json *self;
    int64_t min;
};

struct retry {
    int64_t attempts;
};

struct sample {
    const struct json *self;
    const char *id, *title;
    int64_t port, any;
    enum level level;
    bool active;
    struct field_texts after;
    struct field_list steps, parameters;
    struct retry retry;
    const struct json *when, *what;
};

static const struct field step_rows[] = {
    TEXT_FIELD("ensure", struct step, ensure, FIELD_REQUIRED, 1, 64, "kind of the step"),
    JSON_FIELD("with", struct step, with, 0, NULL, "wanted properties"),
};
static const struct fields step_fields = FIELDS("step", struct step, step_rows, "one step of a fix");

static const struct field parameter_rows[] = {
    INT_FIELD("min", struct parameter, min, 0, 0, 0, "least value"),
};
static const struct fields parameter_fields =
    FIELDS_KEEPING("parameter", struct parameter, self, parameter_rows, "a parameter");

static const struct field retry_rows[] = {
    INT_FIELD("attempts", struct retry, attempts, FIELD_REQUIRED, 1, 32, "how often"),
};
static const struct fields retry_fields = FIELDS("retry", struct retry, retry_rows, "tries of a step");

static const struct field sample_rows[] = {
    TEXT_FIELD("id", struct sample, id, FIELD_REQUIRED, 1, 8, "stable name"),
    TEXT_FIELD("title", struct sample, title, 0, 0, 0, "for people"),
    INT_FIELD("port", struct sample, port, 0, 1, 65535, "TCP port"),
    INT_FIELD("any", struct sample, any, 0, 0, 0, "a number"),
    WORD_FIELD("level", struct sample, level, 0, level_words, "how bad"),
    BOOL_FIELD("active", struct sample, active, 0, "on or off"),
    TEXTS_FIELD("after", struct sample, after, 0, 0, 2, "playbooks before this one"),
    LIST_FIELD("steps", struct sample, steps, 0, 1, 3, &step_fields, "what to do"),
    MAP_FIELD("parameters", struct sample, parameters, 0, 0, 0, &parameter_fields, "by name"),
    OBJECT_FIELD("retry", struct sample, retry, struct retry, 0, &retry_fields, "when to try again"),
    JSON_FIELD("when", struct sample, when, 0, "condition", "read by the graph"),
    JSON_FIELD("what", struct sample, what, 0, NULL, "anything"),
};
static const struct fields sample_fields = FIELDS_KEEPING("sample", struct sample, self, sample_rows, "a sample");

static void decodes_every_type(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct sample sample = {0};
    struct err err = {0};
    const struct json *document = document_read(
        "{\"id\":\"x\",\"title\":\"\",\"port\":1688,\"any\":-9223372036854775808,\"level\":\"error\",\"active\":true,"
        "\"after\":[\"a\",\"b\"],\"steps\":[{\"ensure\":\"file\"},{\"ensure\":\"os\",\"with\":{}}],"
        "\"parameters\":{\"p\":{\"min\":3},\"q\":{}},\"retry\":{\"attempts\":2},\"when\":[],\"what\":null}",
        &arena);
    CU_ASSERT_FATAL(fields_decode(&sample_fields, document, "t.json", &arena, &sample, &err));
    CU_ASSERT_PTR_EQUAL(sample.self, document);
    CU_ASSERT_STRING_EQUAL(sample.id, "x");
    CU_ASSERT_STRING_EQUAL(sample.title, "");
    CU_ASSERT(sample.port == 1688 && sample.any == INT64_MIN && sample.level == LEVEL_ERROR && sample.active);
    CU_ASSERT_FATAL(sample.after.count == 2 && sample.steps.count == 2 && sample.parameters.count == 2);
    CU_ASSERT_STRING_EQUAL(sample.after.items[1], "b");
    const struct step *steps = sample.steps.items;
    CU_ASSERT_STRING_EQUAL(steps[0].ensure, "file");
    CU_ASSERT(steps[0].with == NULL && steps[1].with != NULL && steps[1].with->type == JSON_OBJECT);
    const struct parameter *parameters = sample.parameters.items;
    CU_ASSERT_STRING_EQUAL(parameters[0].name, "p");
    CU_ASSERT(parameters[0].min == 3 && parameters[0].self == &json_find(document, "parameters")->as.items[0]);
    CU_ASSERT_STRING_EQUAL(parameters[1].name, "q");
    CU_ASSERT(sample.retry.attempts == 2 && sample.when->type == JSON_ARRAY && sample.what->type == JSON_NULL);
}

static void leaves_out_what_is_left_out(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct sample sample = {0};
    struct err err = {0};
    const struct json *document = document_read("{\"id\":\"x\"}", &arena);
    CU_ASSERT(fields_decode(&sample_fields, document, "t.json", &arena, &sample, &err));
    CU_ASSERT(sample.title == NULL && sample.port == 0 && sample.when == NULL && sample.steps.count == 0);
}

static void refuses_by_name(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"[]", "t.json:1: $: expected object, found array"},
        {"{}", "t.json:1: $: the member \"id\" is missing (stable name)"},
        {"{\"id\":1}", "t.json:1: $.id: expected text, found int"},
        {"{\"id\":\"\"}", "t.json:1: $.id: expected 1 to 8 bytes, found 0"},
        {"{\"id\":\"123456789\"}", "t.json:1: $.id: expected 1 to 8 bytes, found 9"},
        {"{\"id\":\"x\",\n\"port\":0}", "t.json:2: $.port: expected 1 to 65535, found 0"},
        {"{\"port\":65536}", "t.json:1: $.port: expected 1 to 65535, found 65536"},
        {"{\"port\":\"1\"}", "t.json:1: $.port: expected int, found text"},
        {"{\"active\":1}", "t.json:1: $.active: expected bool, found int"},
        {"{\"active\":null}", "t.json:1: $.active: expected bool, found null"},
        {"{\"level\":\"Error\"}", "t.json:1: $.level: expected one of info, warning, error; found \"Error\""},
        {"{\"level\":2}", "t.json:1: $.level: expected text, found int"},
        {"{\"after\":\"a\"}", "t.json:1: $.after: expected array, found text"},
        {"{\"after\":[\"a\",1]}", "t.json:1: $.after[1]: expected text, found int"},
        {"{\"after\":[\"a\",\"b\",\"c\"]}", "t.json:1: $.after: expected 0 to 2 texts, found 3"},
        {"{\"steps\":[]}", "t.json:1: $.steps: expected 1 to 3 elements, found 0"},
        {"{\"steps\":[{\"ensure\":\"x\"},\n{}]}", "t.json:2: $.steps[1]: the member \"ensure\" is missing"},
        {"{\"steps\":[7]}", "t.json:1: $.steps[0]: expected object, found int"},
        {"{\"parameters\":[]}", "t.json:1: $.parameters: expected object, found array"},
        {"{\"parameters\":{\"a b\":{\"max\":1}}}", "t.json:1: $.parameters[\"a b\"].max: no such member in parameter"},
        {"{\"retry\":{\"attempts\":33}}", "t.json:1: $.retry.attempts: expected 1 to 32, found 33"},
        {"{\"Level\":1}", "t.json:1: $.Level: no such member in sample; is \"level\" meant?"},
        {"{\"prot\":1}", "t.json:1: $.prot: no such member in sample; is \"port\" meant?"},
        {"{\"paramters\":1}", "t.json:1: $.paramters: no such member in sample; is \"parameters\" meant?"},
        {"{\"x\":1}", "t.json:1: $.x: no such member in sample"},
        {"{\"completely\":1}", "t.json:1: $.completely: no such member in sample"},
        {"{\"\":1}", "t.json:1: $[\"\"]: no such member in sample"},
    };
    struct arena arena AUTO(arena_close) = document_arena();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sample sample = {0};
        struct err err = {0};
        const struct json *document = document_read(cases[i].text, &arena);
        ROW_ASSERT(cases[i].text, !fields_decode(&sample_fields, document, "t.json", &arena, &sample, &err));
        bool said = strncmp(err.text, cases[i].message, strlen(cases[i].message)) == 0;
        ROW_ASSERT(cases[i].message, said && err.code == ERR_INVALID);
        if (!said) {
            printf("    said: %s\n", err.text);
        }
    }
}

static void bounds_a_text_without_a_range(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    char text[LIMIT_TEXT_BYTES + 64];
    for (int extra = 0; extra <= 1; extra++) {
        struct sample sample = {0};
        struct err err = {0};
        (void)snprintf(text, sizeof(text), "{\"id\":\"x\",\"title\":\"%0*d\"}", LIMIT_TEXT_BYTES + extra, 0);
        const struct json *document = document_read(text, &arena);
        CU_ASSERT_EQUAL(fields_decode(&sample_fields, document, "t.json", &arena, &sample, &err), extra == 0);
    }
}

static void prints_its_schema(void)
{
    static const char wanted[] =
        "{\"description\":\"a sample\",\"type\":\"object\",\"properties\":{"
        "\"id\":{\"description\":\"stable name\",\"type\":\"string\",\"minLength\":1,\"maxLength\":8},"
        "\"title\":{\"description\":\"for people\",\"type\":\"string\",\"maxLength\":4096},"
        "\"port\":{\"description\":\"TCP port\",\"type\":\"integer\",\"minimum\":1,\"maximum\":65535},"
        "\"any\":{\"description\":\"a number\",\"type\":\"integer\"},"
        "\"level\":{\"description\":\"how bad\",\"enum\":[\"info\",\"warning\",\"error\"]},"
        "\"active\":{\"description\":\"on or off\",\"type\":\"boolean\"},"
        "\"after\":{\"description\":\"playbooks before this one\",\"type\":\"array\",\"minItems\":0,\"maxItems\":2,"
        "\"items\":{\"type\":\"string\",\"maxLength\":4096}},"
        "\"steps\":{\"description\":\"what to do\",\"type\":\"array\",\"minItems\":1,\"maxItems\":3,"
        "\"items\":{\"$ref\":\"#/$defs/step\"}},"
        "\"parameters\":{\"description\":\"by name\",\"type\":\"object\",\"minProperties\":0,\"maxProperties\":16384,"
        "\"additionalProperties\":{\"$ref\":\"#/$defs/parameter\"}},"
        "\"retry\":{\"description\":\"when to try again\",\"$ref\":\"#/$defs/retry\"},"
        "\"when\":{\"description\":\"read by the graph\",\"$ref\":\"#/$defs/condition\"},"
        "\"what\":true},\"required\":[\"id\"],\"additionalProperties\":false}";
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&buf, DOCUMENT_LIMIT);
    writer_init(&writer, &buf, WRITER_ONE_LINE);
    fields_schema(&sample_fields, &writer);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), wanted);
}

void suite_fields(void);
void suite_fields(void)
{
    UNIT_SUITE("fields", UNIT_TEST(decodes_every_type), UNIT_TEST(leaves_out_what_is_left_out),
               UNIT_TEST(refuses_by_name), UNIT_TEST(bounds_a_text_without_a_range), UNIT_TEST(prints_its_schema));
}
