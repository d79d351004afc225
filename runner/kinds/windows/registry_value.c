/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_KEY, PARAM_NAME, PARAM_COUNT };
enum { VALUE_EXISTS, VALUE_TYPE, VALUE_TEXT, VALUE_NUMBER, VALUE_SIZE_BYTES, VALUE_COUNT };

static const struct {
    const char *word;
    uint32_t type;
} type_words[] = {
    {"none", REGISTRY_NONE},         {"sz", REGISTRY_SZ},       {"expand_sz", REGISTRY_EXPAND_SZ},
    {"dword", REGISTRY_DWORD},       {"qword", REGISTRY_QWORD}, {"binary", REGISTRY_BINARY},
    {"multi_sz", REGISTRY_MULTI_SZ},
};
static const char *const types[] = {"none", "sz", "expand_sz", "dword", "qword", "binary", "multi_sz", "other", NULL};

static const struct column params[] = {
    [PARAM_KEY] = TEXT_COLUMN("key", COLUMN_REQUIRED, "HKLM\\... or HKU\\..., the 64-bit view"),
    [PARAM_NAME] = TEXT_COLUMN("name", COLUMN_REQUIRED, "name of the value; empty: the default value"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const char *const types_written[] = {"sz", "expand_sz", "dword", "qword", NULL};

static const struct column properties[] = {
    [VALUE_EXISTS] = BOOL_COLUMN("exists", COLUMN_ENSURE, "the value is there"),
    [VALUE_TYPE] =
        WANTED_WORD_COLUMN("type", types, types_written, 0, "its type; left out of a step: kept, else sz or dword"),
    [VALUE_TEXT] = TEXT_COLUMN("text", COLUMN_ENSURE, "of a sz or expand_sz, not expanded"),
    [VALUE_NUMBER] = INT_COLUMN("number", 0, INT64_MAX, UNIT_NUMBER, COLUMN_ENSURE, "of a dword or qword"),
    [VALUE_SIZE_BYTES] = INT_COLUMN("sizeBytes", 0, 0, UNIT_BYTES, 0, "its size as stored"),
};
_Static_assert(COUNT_OF(properties) == VALUE_COUNT, "one row a property");

static const char *type_word(uint32_t type)
{
    for (size_t i = 0; i < COUNT_OF(type_words); i++) {
        if (type_words[i].type == type) {
            return type_words[i].word;
        }
    }
    return "other";
}

static bool type_from_word(const char *word, uint32_t *ret_type)
{
    for (size_t i = 0; i < COUNT_OF(type_words); i++) {
        if (text_equal(type_words[i].word, word)) {
            *ret_type = type_words[i].type;
            return true;
        }
    }
    return false;
}

static bool registry_value_look(struct look *look, struct host *host, struct err *err)
{
    struct registry_value value = {0};
    if (!host_registry_query(host, look_text(look, PARAM_KEY), look_text(look, PARAM_NAME), &value, err)) {
        return false;
    }
    look->cells[VALUE_EXISTS] = value_bool(value.exists);
    if (!value.exists) {
        return true;
    }
    look->cells[VALUE_TYPE] = value_text(type_word(value.type));
    look->cells[VALUE_SIZE_BYTES] = value_int((int64_t)value.size);
    look->cells[VALUE_TEXT] = cell_text(look->arena, value.text);
    if (value.is_number) {
        look->cells[VALUE_NUMBER] = value_int(value.number);
    }
    return true;
}

/* The wanted type, else the stored one where it can hold what is wanted, else the plain one. */
static uint32_t wanted_type(const struct wanted *wanted, uint32_t plain, uint32_t other)
{
    uint32_t type = plain;
    const char *word = wanted_text(&wanted->cells[VALUE_TYPE]);
    if (word == NULL) {
        word = wanted_text(&wanted->facts[VALUE_TYPE]);
        bool fits = word != NULL && type_from_word(word, &type) && (type == plain || type == other);
        return fits ? type : plain;
    }
    return type_from_word(word, &type) ? type : REGISTRY_NONE;
}

static bool make_text(const struct wanted *wanted, const char *text, struct registry_value *ret_value, struct err *err)
{
    uint32_t type = wanted_type(wanted, REGISTRY_SZ, REGISTRY_EXPAND_SZ);
    if (type != REGISTRY_SZ && type != REGISTRY_EXPAND_SZ) {
        return err_set(err, ERR_INVALID, 0, "a %s holds no text", type_word(type));
    }
    *ret_value = registry_from_text(wanted->arena, text);
    ret_value->type = type;
    return true;
}

static bool make_number(const struct wanted *wanted, int64_t number, struct registry_value *ret_value, struct err *err)
{
    uint32_t type = wanted_type(wanted, REGISTRY_DWORD, REGISTRY_QWORD);
    if (type == REGISTRY_DWORD && number <= UINT32_MAX) {
        *ret_value = registry_from_dword(wanted->arena, (uint32_t)number);
        return true;
    }
    if (type != REGISTRY_QWORD) {
        return err_set(err, ERR_INVALID, 0, "a %s cannot hold %" PRId64, type_word(type), number);
    }
    uint8_t *bytes = arena_alloc(wanted->arena, sizeof number);
    for (size_t i = 0; i < sizeof number; i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (8U * i));
    }
    struct registry_value value = {.exists = true, .type = REGISTRY_QWORD, .bytes = bytes, .size = sizeof number};
    registry_decode(wanted->arena, &value);
    *ret_value = value;
    return true;
}

static bool registry_value_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *key = wanted->params[PARAM_KEY].as.text;
    const char *name = wanted->params[PARAM_NAME].as.text;
    if (!wanted_bool(&wanted->cells[VALUE_EXISTS], true)) {
        return host_registry_delete(host, key, name, err);
    }
    struct registry_value value = {0};
    const char *text = wanted_text(&wanted->cells[VALUE_TEXT]);
    int64_t number = wanted_int(&wanted->cells[VALUE_NUMBER], -1);
    if (text == NULL && number < 0) {
        return err_set(err, ERR_INVALID, 0, "%s: neither text nor number is wanted", name);
    }
    bool made = text != NULL ? make_text(wanted, text, &value, err) : make_number(wanted, number, &value, err);
    return made && host_registry_set(host, key, name, &value, err);
}

const struct kind kind_registry_value = {
    .name = "registry_value",
    .about = "one value of the registry",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY),
    .changes = NOUN_BIT(NOUN_REGISTRY),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"key\": \"HKLM\\\\SOFTWARE\\\\Contoso\", \"name\": \"Size\"}",
    .example_step = "{\"key\": \"HKLM\\\\SOFTWARE\\\\Contoso\", \"name\": \"Size\", \"number\": 1}",
    .look = registry_value_look,
    .set = registry_value_set,
};
