/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_BYTES = 64 * 1024 * 1024, EXIT_CANNOT = 3 };

void die(DWORD code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "stage: ");
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, code == 0 ? "\n" : " (error %lu)\n", code);
    exit(1);
}

void cannot_stage(const char *what, const char *name)
{
    fprintf(stderr, "stage: cannot stage %s: %s\n", what, name);
    exit(EXIT_CANNOT);
}

void *allocate(size_t size)
{
    void *block = calloc(1, size == 0 ? 1 : size);
    if (block == NULL) {
        die(0, "out of memory");
    }
    return block;
}

WCHAR *wide(const char *text)
{
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    if (length <= 0) {
        die(GetLastError(), "not UTF-8: %s", text);
    }
    WCHAR *result = allocate((size_t)length * sizeof(WCHAR));
    (void)MultiByteToWideChar(CP_UTF8, 0, text, -1, result, length);
    return result;
}

char *narrow(const WCHAR *text, size_t length)
{
    int size = length == 0 ? 0 : WideCharToMultiByte(CP_UTF8, 0, text, (int)length, NULL, 0, NULL, NULL);
    char *result = allocate((size_t)size + 1);
    if (size > 0) {
        (void)WideCharToMultiByte(CP_UTF8, 0, text, (int)length, result, size, NULL, NULL);
    }
    return result;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit | 0x20);
    return found == NULL ? -1 : (int)(found - digits);
}

BYTE *from_hex(const char *hex, size_t *ret_size)
{
    size_t size = strlen(hex) / 2;
    BYTE *bytes = allocate(size);
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            die(0, "not hex: %s", hex);
        }
        bytes[i] = (BYTE)(high << 4 | low);
    }
    *ret_size = size;
    return bytes;
}

char *to_hex(const BYTE *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = allocate(2 * size + 1);
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

const char *member_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

double member_number(const cJSON *object, const char *name, double otherwise)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(member) ? member->valuedouble : otherwise;
}

static cJSON *read_document(const WCHAR *path)
{
    FILE *file = _wfopen(path, L"rb");
    if (file == NULL) {
        die(0, "cannot open the machine document");
    }
    char *bytes = allocate(DOCUMENT_BYTES + 1);
    size_t size = fread(bytes, 1, DOCUMENT_BYTES, file);
    (void)fclose(file);
    cJSON *document = cJSON_ParseWithLength(bytes, size);
    if (!cJSON_IsObject(document)) {
        die(0, "the machine document is not a JSON object");
    }
    return document;
}

static const cJSON *section_of(const cJSON *document, const char *name)
{
    const cJSON *section = cJSON_GetObjectItemCaseSensitive(document, name);
    return cJSON_IsObject(section) ? section : NULL;
}

static int load(const WCHAR *path)
{
    const cJSON *document = read_document(path);
    registry_load(section_of(document, "registry"));
    system_load(section_of(document, "system"));
    service_load(section_of(document, "services"));
    file_load(section_of(document, "files"), member_text(section_of(document, "clock"), "utc"));
    if (section_of(document, "licensing") != NULL || section_of(document, "events") != NULL) {
        standin_load(path);
    }
    return 0;
}

/* Events are not dumped: as in a saved document, those that a run adds are gone with it. */
static void dump_standins(cJSON *out)
{
    const WCHAR *path = standin_document();
    cJSON *licensing = path == NULL ? NULL : cJSON_DetachItemFromObjectCaseSensitive(read_document(path), "licensing");
    if (licensing != NULL) {
        cJSON_AddItemToObject(out, "licensing", licensing);
    }
}

static int dump(const WCHAR *path)
{
    const cJSON *document = read_document(path);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "machine", "azmend.machine/1");
    cJSON_AddItemToObject(out, "registry", registry_dump(section_of(document, "registry")));
    cJSON_AddItemToObject(out, "services", service_dump(section_of(document, "services")));
    cJSON_AddItemToObject(out, "files", file_dump(section_of(document, "files")));
    dump_standins(out);
    char *text = cJSON_PrintUnformatted(out);
    if (text == NULL) {
        die(0, "out of memory");
    }
    (void)puts(text);
    return fflush(stdout) == 0 ? 0 : 1;
}

int wmain(int count, WCHAR **arguments); /* called by the C runtime, which declares it nowhere */

int wmain(int count, WCHAR **arguments)
{
    if (count == 3 && wcscmp(arguments[1], L"load") == 0) {
        return load(arguments[2]);
    }
    if (count == 3 && wcscmp(arguments[1], L"dump") == 0) {
        return dump(arguments[2]);
    }
    if (count == 3 && wcscmp(arguments[1], L"standins") == 0) {
        standin_load(arguments[2]);
        return 0;
    }
    if (count == 4 && wcscmp(arguments[1], L"service") == 0) {
        return service_main(arguments[2], arguments[3]);
    }
    if (count >= 3 && wcscmp(arguments[1], L"run") == 0) {
        return run_main(arguments[2]);
    }
    fprintf(stderr, "usage: stage load FILE | dump FILE | standins FILE | run EXE ARGUMENT...\n");
    return 2;
}
