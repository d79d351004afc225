/* SPDX-License-Identifier: MIT */
/*
 * DCOM's default access permission. Where somebody has set one that leaves SELF out, the licensing service's own calls
 * are denied. Source: https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/
 * error-0x80070005-access-denied, https://learn.microsoft.com/windows/win32/com/defaultaccesspermission.
 */
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/windows/security.h"

enum { DCOM_EXISTS, DCOM_ALLOWS_SELF, DCOM_COUNT };
enum { COM_RIGHTS_EXECUTE = 1 };

static const struct column properties[] = {
    [DCOM_EXISTS] = BOOL_COLUMN("exists", 0, "one is set; false: the defaults hold, which are fine"),
    [DCOM_ALLOWS_SELF] = BOOL_COLUMN("allowsSelf", 0, "it lets SELF (S-1-5-10) in"),
};
_Static_assert(COUNT_OF(properties) == DCOM_COUNT, "one row a property");

static struct value allows_self(struct look *look, const struct registry_value *value)
{
    static const char *const self[] = {"S-1-5-10", NULL};
    struct security_list list = {0};
    struct err err = {0};
    if (value->type != REGISTRY_BINARY) {
        return value_unknown_format(look->arena, "a value of type %u, not binary", (unsigned)value->type);
    }
    if (!security_parse(value->bytes, value->size, look->arena, &list, &err)) {
        return cell_failed(look->arena, &err);
    }
    return value_bool(security_allows(&list, self, COM_RIGHTS_EXECUTE));
}

static bool dcom_permission_look(struct look *look, struct host *host, struct err *err)
{
    struct registry_value value = {0};
    if (!host_registry_query(host, "HKLM\\SOFTWARE\\Microsoft\\Ole", "DefaultAccessPermission", &value, err)) {
        return false;
    }
    look->cells[DCOM_EXISTS] = value_bool(value.exists);
    if (value.exists) {
        look->cells[DCOM_ALLOWS_SELF] = allows_self(look, &value);
    }
    return true;
}

const struct kind kind_dcom_permission = {
    .name = "dcom_permission",
    .about = "the default access permission of DCOM",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .look = dcom_permission_look,
};
