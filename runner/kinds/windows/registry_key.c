/* SPDX-License-Identifier: MIT */
/*
 * A key of the registry. Where Windows says something by a key that is there, without a value in it: that component
 * servicing waits for a restart, for one.
 */
#include "base/limits.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_KEY, PARAM_COUNT };
enum { KEY_EXISTS, KEY_SUBKEYS, KEY_COUNT };

static const struct column params[] = {
    [PARAM_KEY] = TEXT_COLUMN("key", COLUMN_REQUIRED, "HKLM\\... or HKU\\..., the 64-bit view"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [KEY_EXISTS] = BOOL_COLUMN("exists", 0, "the key is there"),
    [KEY_SUBKEYS] = INT_COLUMN("subkeys", 0, INT64_MAX, UNIT_NUMBER, 0, "how many keys are directly below it"),
};
_Static_assert(COUNT_OF(properties) == KEY_COUNT, "one row a property");

static bool registry_key_look(struct look *look, struct host *host, struct err *err)
{
    struct registry_names names = {0};
    if (!host_registry_subkeys(host, look_text(look, PARAM_KEY), &names, err)) {
        return false;
    }
    look->cells[KEY_EXISTS] = value_bool(names.exists);
    if (names.exists) {
        look->cells[KEY_SUBKEYS] = value_int((int64_t)names.count);
    }
    return true;
}

const struct kind kind_registry_key = {
    .name = "registry_key",
    .about = "one key of the registry",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"key\": \"HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Component Based "
               "Servicing\\\\RebootPending\"}",
    .look = registry_key_look,
};
