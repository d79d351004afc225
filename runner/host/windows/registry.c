/* SPDX-License-Identifier: MIT */
#include "host/nouns/registry/registry.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/windows/backend.h"

enum {
    RESIZE_TRIES = 8,     /* somebody else may grow the value between asking its size and reading it */
    KEY_NAME_UNITS = 256, /* 255 and a NUL: the documented limit of a key's name */
};

static void drop_key(HKEY *key)
{
    if (*key != NULL) {
        (void)RegCloseKey(*key);
    }
}

/* "HKLM\path" to root and path. */
static bool split(const char *key, HKEY *ret_root, const char **ret_path, struct err *err)
{
    static const struct {
        const char *prefix;
        size_t length;
        HKEY root;
    } roots[] = {{"HKLM\\", 5, HKEY_LOCAL_MACHINE}, {"HKU\\", 4, HKEY_USERS}};
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        if (text_starts(key, roots[i].prefix)) {
            *ret_root = roots[i].root;
            *ret_path = key + roots[i].length;
            return true;
        }
    }
    return err_set(err, ERR_INVALID, 0, "registry key %s: neither below HKLM nor HKU", key);
}

static bool is_absent(LSTATUS status)
{
    return status == ERROR_FILE_NOT_FOUND || status == ERROR_PATH_NOT_FOUND || status == ERROR_KEY_DELETED;
}

/* ret_key NULL: no such key. */
static bool open_key(const char *key, REGSAM access, HKEY *ret_key, struct err *err)
{
    HKEY root = NULL;
    const char *path = NULL;
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!split(key, &root, &path, err) || !wide_open(path, &wide, err)) {
        return false;
    }
    HKEY opened = NULL;
    LSTATUS status = RegOpenKeyExW(root, wide, 0, access | KEY_WOW64_64KEY, &opened);
    if (status != ERROR_SUCCESS && !is_absent(status)) {
        return windows_failed(err, (DWORD)status, "open key", key);
    }
    *ret_key = opened;
    return true;
}

/* Asks the size, makes room, reads, and starts over when the value grew meanwhile. */
static LSTATUS read_value(HKEY key, const wchar_t *name, struct arena *arena, struct registry_value *ret_value)
{
    LSTATUS status = ERROR_MORE_DATA;
    for (int i = 0; i < RESIZE_TRIES && status == ERROR_MORE_DATA; i++) {
        DWORD type = 0, size = 0;
        status = RegQueryValueExW(key, name, NULL, &type, NULL, &size);
        if (status != ERROR_SUCCESS || size > LIMIT_REGISTRY_VALUE_BYTES) {
            return status == ERROR_SUCCESS ? ERROR_FILE_TOO_LARGE : status;
        }
        uint8_t *bytes = arena_alloc(arena, size);
        status = RegQueryValueExW(key, name, NULL, &type, bytes, &size);
        *ret_value = (struct registry_value){.exists = true, .type = type, .bytes = bytes, .size = size};
    }
    return status;
}

static bool query(void *backend, const char *key, const char *name, struct arena *arena,
                  struct registry_value *ret_value, struct err *err)
{
    (void)backend;
    HKEY opened AUTO(drop_key) = NULL;
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!open_key(key, KEY_QUERY_VALUE, &opened, err) || !wide_open(name, &wide, err)) {
        return false;
    }
    struct registry_value value = {0};
    LSTATUS status = opened == NULL ? ERROR_FILE_NOT_FOUND : read_value(opened, wide, arena, &value);
    if (status == ERROR_FILE_TOO_LARGE) {
        return err_set(err, ERR_LIMIT, 0, "registry value %s|%s: over %d bytes", key, name, LIMIT_REGISTRY_VALUE_BYTES);
    }
    if (status != ERROR_SUCCESS && !is_absent(status)) {
        return windows_failed(err, (DWORD)status, "read registry value", arena_format(arena, "%s|%s", key, name));
    }
    if (status == ERROR_SUCCESS) {
        registry_decode(arena, &value);
    }
    *ret_value = status == ERROR_SUCCESS ? value : (struct registry_value){0};
    return true;
}

static LSTATUS list_subkeys(HKEY key, struct arena *arena, struct arena_list *names)
{
    wchar_t name[KEY_NAME_UNITS];
    for (DWORD i = 0; i < LIMIT_REGISTRY_NAMES; i++) {
        DWORD count = KEY_NAME_UNITS;
        LSTATUS status = RegEnumKeyExW(key, i, name, &count, NULL, NULL, NULL, NULL);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        *(const char **)arena_push(arena, names, sizeof(char *)) = narrow_part(arena, name, count);
    }
    return ERROR_FILE_TOO_LARGE;
}

static bool subkeys(void *backend, const char *key, struct arena *arena, struct registry_names *ret_names,
                    struct err *err)
{
    (void)backend;
    HKEY opened AUTO(drop_key) = NULL;
    if (!open_key(key, KEY_ENUMERATE_SUB_KEYS, &opened, err)) {
        return false;
    }
    struct arena_list names = {0};
    LSTATUS status = opened == NULL ? ERROR_NO_MORE_ITEMS : list_subkeys(opened, arena, &names);
    if (status == ERROR_FILE_TOO_LARGE) {
        return err_set(err, ERR_LIMIT, 0, "registry key %s: over %d sub-keys", key, LIMIT_REGISTRY_NAMES);
    }
    if (status != ERROR_NO_MORE_ITEMS) {
        return windows_failed(err, (DWORD)status, "list key", key);
    }
    *ret_names = (struct registry_names){.exists = opened != NULL, .items = names.items, .count = names.count};
    return true;
}

static bool set_value(void *backend, const char *key, const char *name, const struct registry_value *value,
                      struct err *err)
{
    (void)backend;
    HKEY root = NULL;
    const char *path = NULL;
    wchar_t *wide_key AUTO(drop_wide) = NULL;
    wchar_t *wide_name AUTO(drop_wide) = NULL;
    if (!split(key, &root, &path, err) || !wide_open(path, &wide_key, err) || !wide_open(name, &wide_name, err)) {
        return false;
    }
    HKEY opened AUTO(drop_key) = NULL;
    REGSAM access = KEY_SET_VALUE | KEY_QUERY_VALUE | KEY_WOW64_64KEY; /* a flush needs to query */
    LSTATUS status = RegCreateKeyExW(root, wide_key, 0, NULL, REG_OPTION_NON_VOLATILE, access, NULL, &opened, NULL);
    if (status == ERROR_SUCCESS) {
        status = RegSetValueExW(opened, wide_name, 0, value->type, value->bytes, (DWORD)value->size);
    }
    if (status == ERROR_SUCCESS) {
        status = RegFlushKey(opened); /* lazily written otherwise: "fixed" must survive a power cut */
    }
    return status == ERROR_SUCCESS || windows_failed(err, (DWORD)status, "set registry value in", key);
}

static bool delete_value(void *backend, const char *key, const char *name, struct err *err)
{
    (void)backend;
    HKEY opened AUTO(drop_key) = NULL;
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!open_key(key, KEY_SET_VALUE | KEY_QUERY_VALUE, &opened, err) || !wide_open(name, &wide, err)) {
        return false;
    }
    LSTATUS status = opened == NULL ? ERROR_FILE_NOT_FOUND : RegDeleteValueW(opened, wide);
    if (is_absent(status)) {
        return true;
    }
    if (status == ERROR_SUCCESS) {
        status = RegFlushKey(opened);
    }
    return status == ERROR_SUCCESS || windows_failed(err, (DWORD)status, "delete registry value in", key);
}

const struct registry_ops windows_registry_ops = {
    .query = query,
    .subkeys = subkeys,
    .set = set_value,
    .delete = delete_value,
};
