/* SPDX-License-Identifier: MIT */
/*
 * Keys a clean prefix brings along keep their sub-keys (Wine needs them); every listed key gets exactly the values
 * listed. A dump walks below every listed key, so a key that something added comes out too.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "staged.h"

/* windows.h goes first. */
/* clang-format off */
#include <sddl.h>
/* clang-format on */

enum { NAME_CHARS = 16384, DEPTH_MAX = 16 };

static const struct {
    const char *prefix;
    HKEY root;
} roots[] = {{"HKLM\\", HKEY_LOCAL_MACHINE}, {"HKU\\", HKEY_USERS}};

static HKEY root_of(const char *key, WCHAR **ret_path)
{
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        size_t length = strlen(roots[i].prefix);
        if (_strnicmp(key, roots[i].prefix, length) == 0) {
            *ret_path = wide(key + length);
            return roots[i].root;
        }
    }
    die(0, "not a key: %s", key);
}

static HKEY create_key(const char *key)
{
    WCHAR *path = NULL;
    HKEY root = root_of(key, &path);
    HKEY handle = NULL;
    LSTATUS status = RegCreateKeyExW(root, path, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &handle, NULL);
    if (status != ERROR_SUCCESS) {
        die((DWORD)status, "cannot create %s", key);
    }
    return handle;
}

static void delete_key(const char *key)
{
    WCHAR *path = NULL;
    HKEY root = root_of(key, &path);
    HKEY handle = NULL;
    if (RegOpenKeyExW(root, path, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &handle) != ERROR_SUCCESS) {
        return;
    }
    (void)RegDeleteTreeW(handle, NULL);
    RegCloseKey(handle);
    (void)RegDeleteKeyExW(root, path, KEY_WOW64_64KEY, 0);
}

static void set_value(HKEY key, const char *name, DWORD type, const void *bytes, size_t size)
{
    LSTATUS status = RegSetValueExW(key, wide(name), 0, type, bytes, (DWORD)size);
    if (status != ERROR_SUCCESS) {
        die((DWORD)status, "cannot set value %s", name);
    }
}

static void set_text(HKEY key, const char *name, DWORD type, const char *text)
{
    WCHAR *value = wide(text);
    set_value(key, name, type, value, (wcslen(value) + 1) * sizeof(WCHAR));
}

static void set_number(HKEY key, const char *name, double number, DWORD type)
{
    uint64_t value = (uint64_t)number;
    set_value(key, name, type, &value, type == REG_QWORD ? sizeof(uint64_t) : sizeof(uint32_t));
}

static void load_value(HKEY key, const cJSON *value)
{
    const char *name = value->string;
    const cJSON *first = value->child;
    size_t size = 0;
    if (cJSON_IsString(value)) {
        set_text(key, name, REG_SZ, value->valuestring);
    } else if (cJSON_IsNumber(value)) {
        set_number(key, name, value->valuedouble, REG_DWORD);
    } else if (member_text(value, "expand") != NULL) {
        set_text(key, name, REG_EXPAND_SZ, member_text(value, "expand"));
    } else if (member_text(value, "hex") != NULL) {
        const BYTE *bytes = from_hex(member_text(value, "hex"), &size);
        set_value(key, name, (DWORD)member_number(value, "type", REG_BINARY), bytes, size);
    } else if (cJSON_IsNumber(first) && strcmp(first->string, "dword") == 0) {
        set_number(key, name, first->valuedouble, REG_DWORD);
    } else if (cJSON_IsNumber(first) && strcmp(first->string, "qword") == 0) {
        set_number(key, name, first->valuedouble, REG_QWORD);
    } else {
        cannot_stage("registry value", name);
    }
}

/* Values the document does not list: a key has exactly the listed ones. */
static void clear_values(HKEY key)
{
    static WCHAR name[NAME_CHARS];
    DWORD length = NAME_CHARS;
    while (RegEnumValueW(key, 0, name, &length, NULL, NULL, NULL, NULL) == ERROR_SUCCESS) {
        if (RegDeleteValueW(key, name) != ERROR_SUCCESS) {
            die(0, "cannot delete a value");
        }
        length = NAME_CHARS;
    }
}

static void load_key(const cJSON *entry)
{
    if (cJSON_IsFalse(entry)) {
        delete_key(entry->string);
        return;
    }
    HKEY key = create_key(entry->string);
    clear_values(key);
    const cJSON *value = NULL;
    cJSON_ArrayForEach (value, entry) {
        if (!cJSON_IsBool(value)) {
            load_value(key, value);
        }
    }
    RegCloseKey(key);
}

/* Once all keys are there. The owner may always change the access back, which nobody here does. */
static void set_access(const char *path, const WCHAR *access)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    WCHAR *name = NULL;
    HKEY root = root_of(path, &name), key = NULL;
    LSTATUS status = RegOpenKeyExW(root, name, 0, WRITE_DAC | KEY_WOW64_64KEY, &key);
    if (status == ERROR_FILE_NOT_FOUND) {
        return;
    }
    if (status != ERROR_SUCCESS ||
        !ConvertStringSecurityDescriptorToSecurityDescriptorW(access, SDDL_REVISION_1, &descriptor, NULL) ||
        RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor) != ERROR_SUCCESS) {
        die((DWORD)status, "cannot set the access rights of %s", path);
    }
    LocalFree(descriptor);
    RegCloseKey(key);
}

/* An access list without entries lets nobody in; the keys below keep lists of their own. */
static void protect(const cJSON *section, const cJSON *entry)
{
    bool is_denied = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "denied"));
    bool is_read_only = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "$readOnly"));
    const cJSON *below = NULL;
    if (!is_denied && !is_read_only) {
        return;
    }
    size_t length = strlen(entry->string);
    cJSON_ArrayForEach (below, section) {
        char end = _strnicmp(below->string, entry->string, length) == 0 ? below->string[length] : '?';
        if (end == '\0' || (end == '\\' && is_denied)) {
            set_access(below->string, is_denied ? L"D:P" : L"D:P(A;;KR;;;WD)");
        }
    }
}

void registry_set(const char *key, const cJSON *value)
{
    HKEY handle = create_key(key);
    load_value(handle, value);
    RegCloseKey(handle);
}

/* What a clean prefix says of its version goes, so that the document's word is the only one. */
static void clear_version(void)
{
    HKEY key = create_key("HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion");
    (void)RegDeleteValueW(key, L"CSDVersion");
    (void)RegDeleteValueW(key, L"CurrentVersion");
    (void)RegDeleteValueW(key, L"CurrentBuildNumber");
    RegCloseKey(key);
}

void registry_load(const cJSON *section)
{
    const cJSON *entry = NULL;
    clear_version();
    cJSON_ArrayForEach (entry, section) {
        load_key(entry);
    }
    cJSON_ArrayForEach (entry, section) {
        protect(section, entry);
    }
}

/* Text only when writing it back would give the same bytes. */
static cJSON *text_value(DWORD type, const BYTE *bytes, DWORD size)
{
    size_t length = size / sizeof(WCHAR);
    WCHAR *text = allocate((length + 1) * sizeof(WCHAR));
    memcpy(text, bytes, length * sizeof(WCHAR));
    if (size % sizeof(WCHAR) != 0 || length == 0 || wcslen(text) != length - 1) {
        return NULL;
    }
    cJSON *string = cJSON_CreateString(narrow(text, length - 1));
    if (type == REG_SZ) {
        return string;
    }
    cJSON *value = cJSON_CreateObject();
    cJSON_AddItemToObject(value, "expand", string);
    return value;
}

static cJSON *number_value(const char *word, const BYTE *bytes, size_t size)
{
    uint64_t number = 0;
    memcpy(&number, bytes, size);
    cJSON *value = cJSON_CreateObject();
    cJSON_AddNumberToObject(value, word, (double)number);
    return value;
}

static cJSON *dump_value(DWORD type, const BYTE *bytes, DWORD size)
{
    cJSON *value = NULL;
    if (type == REG_SZ || type == REG_EXPAND_SZ) {
        value = text_value(type, bytes, size);
    } else if (type == REG_DWORD && size == sizeof(uint32_t)) {
        value = number_value("dword", bytes, size);
    } else if (type == REG_QWORD && size == sizeof(uint64_t)) {
        value = number_value("qword", bytes, size);
    }
    if (value == NULL) {
        value = cJSON_CreateObject();
        cJSON_AddNumberToObject(value, "type", type);
        cJSON_AddStringToObject(value, "hex", to_hex(bytes, size));
    }
    return value;
}

static cJSON *dump_values(HKEY key)
{
    static WCHAR name[NAME_CHARS];
    cJSON *values = cJSON_CreateObject();
    for (DWORD i = 0;; i++) {
        DWORD length = NAME_CHARS;
        DWORD type = 0;
        DWORD size = 0;
        if (RegEnumValueW(key, i, name, &length, NULL, &type, NULL, &size) != ERROR_SUCCESS) {
            return values;
        }
        BYTE *bytes = allocate(size);
        LSTATUS status = RegQueryValueExW(key, name, NULL, &type, bytes, &size);
        if (status != ERROR_SUCCESS) {
            die((DWORD)status, "cannot read a value");
        }
        cJSON_AddItemToObject(values, narrow(name, length), dump_value(type, bytes, size));
    }
}

static void dump_key(const char *path, unsigned depth, cJSON *out);

static void dump_below(HKEY key, const char *path, unsigned depth, cJSON *out)
{
    for (DWORD i = 0;; i++) {
        WCHAR name[256];
        DWORD length = 256;
        if (RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL) != ERROR_SUCCESS) {
            return;
        }
        const char *leaf = narrow(name, length);
        size_t size = strlen(path) + strlen(leaf) + 2;
        char *below = allocate(size);
        (void)snprintf(below, size, "%s\\%s", path, leaf);
        dump_key(below, depth + 1, out);
    }
}

static void dump_key(const char *path, unsigned depth, cJSON *out)
{
    WCHAR *name = NULL;
    HKEY root = root_of(path, &name);
    HKEY key = NULL;
    if (depth > DEPTH_MAX) {
        die(0, "keys too deep: %s", path);
    }
    /* Also found below a listed key that came before: once is enough. cJSON compares names without case. */
    if (cJSON_GetObjectItem(out, path) != NULL) {
        return;
    }
    LSTATUS status = RegOpenKeyExW(root, name, 0, KEY_READ | KEY_WOW64_64KEY, &key);
    if (status == ERROR_FILE_NOT_FOUND) {
        cJSON_AddFalseToObject(out, path);
        return;
    }
    if (status == ERROR_ACCESS_DENIED) {
        cJSON_AddTrueToObject(cJSON_AddObjectToObject(out, path), "denied");
        return;
    }
    if (status != ERROR_SUCCESS) {
        die((DWORD)status, "cannot open %s", path);
    }
    cJSON_AddItemToObject(out, path, dump_values(key));
    dump_below(key, path, depth, out);
    RegCloseKey(key);
}

cJSON *registry_dump(const cJSON *section)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *entry = NULL;
    cJSON_ArrayForEach (entry, section) {
        dump_key(entry->string, 0, out);
    }
    return out;
}

/* The document's own value stays. */
static void set_missing(const char *path, const char *name, const char *text)
{
    HKEY key = create_key(path);
    if (RegQueryValueExW(key, wide(name), NULL, NULL, NULL, NULL) == ERROR_FILE_NOT_FOUND) {
        set_text(key, name, REG_SZ, text);
    }
    RegCloseKey(key);
}

static void stage_sku(const cJSON *section)
{
    DWORD sku = (DWORD)member_number(section, "sku", 0);
    if (sku != 0 &&
        RegSetKeyValueW(HKEY_LOCAL_MACHINE, STAGED_KEY, STAGED_SKU, REG_DWORD, &sku, sizeof sku) != ERROR_SUCCESS) {
        die(0, "cannot stage the product number");
    }
}

void system_load(const cJSON *section)
{
    static const char version[] = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    static const char options[] = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions";
    static const char *const types[] = {NULL, "WinNT", "LanmanNT", "ServerNT"};
    char text[64];
    stage_sku(section);
    double type = member_number(section, "productType", 0);
    if (type >= 1 && type <= 3) {
        HKEY key = create_key(options);
        set_text(key, "ProductType", REG_SZ, types[(int)type]);
        RegCloseKey(key);
    }
    double build = member_number(section, "build", 0);
    if (build > 0) {
        /* A clean prefix says Windows 7. Wine parses CurrentVersion, where real systems after 8.1 go on saying 6.3. */
        (void)snprintf(text, sizeof(text), "%.0f.%.0f", member_number(section, "major", 0),
                       member_number(section, "minor", 0));
        set_missing(version, "CurrentVersion", text);
        (void)snprintf(text, sizeof(text), "%.0f", build);
        set_missing(version, "CurrentBuildNumber", text);
    }
}
