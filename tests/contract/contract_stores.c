/* SPDX-License-Identifier: MIT */
/* All that the registry has of certificate stores, of the machine and of the account, before and after looking. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "base/text.h"
#include "certificates.h"
#include "contract.h"

#define STORES L"SOFTWARE\\Microsoft\\SystemCertificates"

enum { NAME_SIZE = 256, VALUE_SIZE = 32 * 1024, DEPTH_MAX = 8 };

/* Sums up every name and value below a key, so that whatever is added, changed or removed changes the sum. */
struct tally {
    uint64_t hash;
    unsigned keys, values;
};

static void take(struct tally *tally, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        tally->hash = (tally->hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211U; /* FNV-1a */
    }
}

static void take_values(struct tally *tally, HKEY key)
{
    static BYTE value[VALUE_SIZE];
    wchar_t name[NAME_SIZE];
    DWORD type = 0, name_size = NAME_SIZE, size = VALUE_SIZE;
    for (DWORD i = 0; RegEnumValueW(key, i, name, &name_size, NULL, &type, value, &size) == ERROR_SUCCESS; i++) {
        take(tally, name, name_size * sizeof *name);
        take(tally, value, size);
        tally->values++;
        name_size = NAME_SIZE;
        size = VALUE_SIZE;
    }
}

static void take_key(struct tally *tally, HKEY parent, const wchar_t *path, unsigned depth)
{
    wchar_t name[NAME_SIZE];
    DWORD size = NAME_SIZE;
    HKEY key = NULL;
    if (depth == DEPTH_MAX || RegOpenKeyExW(parent, path, 0, KEY_READ | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS) {
        return;
    }
    tally->keys++;
    take_values(tally, key);
    for (DWORD i = 0; RegEnumKeyExW(key, i, name, &size, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++) {
        take(tally, name, size * sizeof *name);
        take_key(tally, key, name, depth + 1);
        size = NAME_SIZE;
    }
    (void)RegCloseKey(key);
}

static struct tally tally_of(HKEY root)
{
    struct tally tally = {.hash = 14695981039346656037U};
    take_key(&tally, root, STORES, 0);
    return tally;
}

static bool is_same(const struct tally *left, const struct tally *right)
{
    return left->hash == right->hash && left->keys == right->keys && left->values == right->values;
}

/* Every look that the noun has. */
static void look_at_all(struct contract *contract)
{
    struct certificate leaf = {0}, found = {0};
    struct certificates list = {0};
    struct crypto_message message = {0};
    const uint8_t *der = NULL;
    size_t size = 0;
    void *backend = contract->backend;
    struct arena *arena = contract->arena;
    EXPECT(contract, base64_decode(arena, certificate_text("leafLong"), &der, &size));
    EXPECT(contract, contract->ops->certificate->read(backend, der, size, arena, &leaf, &contract->err));
    for (unsigned store = 0; store < CERTIFICATE_STORE_COUNT; store++) {
        EXPECT(contract, contract->ops->certificate->list(backend, store, arena, &list, &contract->err));
        EXPECT(contract, contract->ops->certificate->query(backend, store, leaf.sha1, arena, &found, &contract->err));
    }
    for (unsigned reach = CRYPTO_MACHINE; reach <= CRYPTO_CACHED; reach++) {
        struct crypto_chain_query query = {.leaf = &leaf, .reach = reach};
        struct crypto_chain chain = {0};
        EXPECT(contract, contract->ops->crypto->chain(backend, &query, arena, &chain, &contract->err));
    }
    EXPECT(contract, base64_decode(arena, message_text("withChain"), &der, &size));
    EXPECT(contract, contract->ops->crypto->open_message(backend, der, size, arena, &message, &contract->err));
}

void contract_stores_unchanged(struct contract *contract)
{
    certificates_load(contract->arena);
    struct tally machine = tally_of(HKEY_LOCAL_MACHINE), account = tally_of(HKEY_CURRENT_USER);
    EXPECT(contract, machine.values > 0); /* the contract's own three are there */
    look_at_all(contract);
    struct tally machine_after = tally_of(HKEY_LOCAL_MACHINE), account_after = tally_of(HKEY_CURRENT_USER);
    EXPECT(contract, is_same(&machine, &machine_after));
    EXPECT(contract, is_same(&account, &account_after));
}
