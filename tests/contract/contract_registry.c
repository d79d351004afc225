/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "contract.h"

#define BYTES(literal) .bytes = (literal), .size = sizeof(literal) - 1
#define VERSION_KEY "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

static bool query(struct contract *contract, const char *key, const char *name, struct registry_value *ret_value)
{
    *ret_value = (struct registry_value){0};
    return contract->ops->registry->query(contract->backend, key, name, contract->arena, ret_value, &contract->err);
}

static bool set(struct contract *contract, const char *key, const char *name, const struct registry_value *value)
{
    return contract->ops->registry->set(contract->backend, key, name, value, &contract->err);
}

static bool delete (struct contract *contract, const char *key, const char *name)
{
    return contract->ops->registry->delete (contract->backend, key, name, &contract->err);
}

static void absent_key(struct contract *contract)
{
    struct registry_value value;
    EXPECT(contract, query(contract, CONTRACT_KEY "\\Nothing\\Below", "Name", &value) && !value.exists);
    struct registry_names names = {.exists = true};
    EXPECT(contract, contract->ops->registry->subkeys(contract->backend, CONTRACT_KEY "\\Nothing", contract->arena,
                                                      &names, &contract->err));
    EXPECT(contract, !names.exists && names.count == 0);
    EXPECT(contract, delete (contract, CONTRACT_KEY "\\Nothing", "Name"));
}

static void absent_value(struct contract *contract)
{
    struct registry_value value;
    EXPECT(contract, query(contract, VERSION_KEY, "azmend-nothing", &value) && !value.exists && value.text == NULL);
    EXPECT(contract, delete (contract, VERSION_KEY, "azmend-nothing"));
}

static void known_value(struct contract *contract)
{
    struct registry_value value;
    EXPECT(contract, query(contract, VERSION_KEY, "CurrentBuildNumber", &value) && value.exists);
    EXPECT(contract, value.type == REGISTRY_SZ && value.text != NULL && value.text[0] >= '0' && value.text[0] <= '9');
}

static const struct {
    const char *name;
    uint32_t type;
    const char *bytes;
    size_t size;
    const char *text;
    bool is_number;
} stored[] = {
    {"text", REGISTRY_SZ,
     BYTES("1\0"
           "6\0"
           "8\0"
           "8\0\0\0"),
     "1688", false},
    {"text without NUL", REGISTRY_SZ, BYTES("a\0b\0"), "ab", false},
    {"text with more behind its NUL", REGISTRY_SZ, BYTES("a\0\0\0b\0\0\0"), "a", false},
    {"text of odd size", REGISTRY_SZ, BYTES("a\0b"), NULL, false},
    {"text of one byte", REGISTRY_SZ, BYTES("a"), NULL, false},
    {"text of no bytes", REGISTRY_SZ, BYTES(""), "", false},
    {"Japanese", REGISTRY_SZ, BYTES("\xE5\x65\x2C\x67\0\0"), "\xE6\x97\xA5\xE6\x9C\xAC", false},
    {"half of a pair", REGISTRY_SZ, BYTES("\x3D\xD8\0\0"), "\xEF\xBF\xBD", false},
    {"expand stays unexpanded", REGISTRY_EXPAND_SZ, BYTES("%\0w\0i\0n\0d\0i\0r\0%\0\0\0"), "%windir%", false},
    {"bytes", REGISTRY_BINARY, BYTES("\0\xFF\x10"), NULL, false},
    {"no bytes", REGISTRY_BINARY, BYTES(""), NULL, false},
    {"number", REGISTRY_DWORD, BYTES("\x04\0\0\0"), NULL, true},
    {"short number", REGISTRY_DWORD, BYTES("\x04\x01"), NULL, false},
    {"long number", REGISTRY_DWORD, BYTES("\x04\0\0\0\0\0"), NULL, false},
    {"wide number", REGISTRY_QWORD, BYTES("\x04\0\0\0\0\0\0\x7F"), NULL, true},
    {"texts", REGISTRY_MULTI_SZ, BYTES("a\0\0\0b\0\0\0\0\0"), NULL, false},
    {"no type", REGISTRY_NONE, BYTES("x"), NULL, false},
    {"a type nobody knows", 0x00000ABC, BYTES("xyz"), NULL, false},
};

/* Set, get, delete: the same type and bytes, whatever they are, under a name and as the default value. */
static void round_trip(struct contract *contract)
{
    for (size_t i = 0; i < 2 * COUNT_OF(stored); i++) {
        const char *name = i % 2 == 0 ? "Value" : "";
        size_t row = i / 2;
        struct registry_value value = {.exists = true,
                                       .type = stored[row].type,
                                       .bytes = (const uint8_t *)stored[row].bytes,
                                       .size = stored[row].size};
        struct registry_value got;
        contract_expect(contract, set(contract, CONTRACT_KEY, name, &value), stored[row].name, __LINE__);
        bool same = query(contract, CONTRACT_KEY, name, &got) && got.exists && got.type == value.type &&
                    got.size == value.size && (value.size == 0 || memcmp(got.bytes, value.bytes, value.size) == 0);
        contract_expect(contract, same, stored[row].name, __LINE__);
        bool is_decoded = text_same(got.text, stored[row].text) && got.is_number == stored[row].is_number;
        contract_expect(contract, is_decoded, stored[row].name, __LINE__);
        EXPECT(contract, delete (contract, CONTRACT_KEY, name));
        EXPECT(contract, query(contract, CONTRACT_KEY, name, &got) && !got.exists);
    }
}

static void large_value(struct contract *contract)
{
    enum { SIZE = LIMIT_REGISTRY_VALUE_BYTES };
    char *bytes = arena_alloc(contract->arena, SIZE);
    memset(bytes, 'x', SIZE);
    struct registry_value value = {
        .exists = true, .type = REGISTRY_BINARY, .bytes = (const uint8_t *)bytes, .size = SIZE};
    struct registry_value got;
    EXPECT(contract, set(contract, CONTRACT_KEY, "Large", &value));
    EXPECT(contract, query(contract, CONTRACT_KEY, "Large", &got) && got.size == SIZE);
    EXPECT(contract, got.size == SIZE && memcmp(got.bytes, bytes, SIZE) == 0);
    EXPECT(contract, delete (contract, CONTRACT_KEY, "Large"));
}

static void names_have_no_case(struct contract *contract)
{
    struct registry_value value = registry_from_dword(contract->arena, 1), got;
    EXPECT(contract, set(contract, CONTRACT_KEY, "MixedCase", &value));
    EXPECT(contract, query(contract, "hklm\\software\\AZMEND-CONTRACT", "mixedcase", &got) && got.number == 1);
    value = registry_from_text(contract->arena, "another type");
    EXPECT(contract, set(contract, CONTRACT_KEY, "MIXEDCASE", &value));
    EXPECT(contract, query(contract, CONTRACT_KEY, "MixedCase", &got) && got.type == REGISTRY_SZ);
    EXPECT(contract, delete (contract, CONTRACT_KEY, "mixedCASE"));
    EXPECT(contract, query(contract, CONTRACT_KEY, "MixedCase", &got) && !got.exists);
}

static bool has_name(const struct registry_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (text_same(names->items[i], name)) {
            return true;
        }
    }
    return false;
}

/* Set makes every key on the way. */
static void subkeys(struct contract *contract)
{
    struct registry_value value = registry_from_dword(contract->arena, 1);
    struct registry_names names = {0};
    EXPECT(contract, set(contract, CONTRACT_KEY "\\One\\Deep", "Value", &value));
    EXPECT(contract, set(contract, CONTRACT_KEY "\\Two", "Value", &value));
    EXPECT(contract,
           contract->ops->registry->subkeys(contract->backend, CONTRACT_KEY, contract->arena, &names, &contract->err));
    EXPECT(contract, names.exists && names.count == 2 && has_name(&names, "One") && has_name(&names, "Two"));
    EXPECT(contract, delete (contract, CONTRACT_KEY "\\One\\Deep", "Value"));
    EXPECT(contract, delete (contract, CONTRACT_KEY "\\Two", "Value"));
}

static void denied(struct contract *contract)
{
    struct registry_value value;
    bool answered = query(contract, CONTRACT_DENIED, "Value", &value);
    bool is_denied = !answered && contract->err.code == ERR_DENIED && contract->err.os == 5;
    EXPECT(contract, is_denied);
    value = registry_from_dword(contract->arena, 1);
    answered = set(contract, CONTRACT_DENIED, "Value", &value);
    is_denied = !answered && contract->err.code == ERR_DENIED && contract->err.os == 5;
    EXPECT(contract, is_denied);
}

const struct contract_row contract_registry[] = {
    {"registry: an absent key is a value", absent_key},
    {"registry: an absent value is a value", absent_value},
    {"registry: the build number", known_value},
    {"registry: type and bytes survive", round_trip},
    {"registry: a large value", large_value},
    {"registry: names have no case", names_have_no_case},
    {"registry: sub-keys", subkeys},
    {"registry: denied", denied},
    {NULL, NULL},
};
