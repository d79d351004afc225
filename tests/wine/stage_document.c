/* SPDX-License-Identifier: MIT */
/* What every program of the harness needs: the document, its members, texts. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

enum { EXIT_CANNOT = 3 };

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

cJSON *read_document(const WCHAR *path)
{
    FILE *file = _wfopen(path, L"rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        die(0, "cannot open the machine document");
    }
    size_t room = (size_t)ftell(file);
    char *bytes = allocate(room + 1);
    rewind(file);
    size_t size = fread(bytes, 1, room, file);
    (void)fclose(file);
    cJSON *document = cJSON_ParseWithLength(bytes, size);
    if (!cJSON_IsObject(document)) {
        die(0, "the machine document is not a JSON object");
    }
    return document;
}
