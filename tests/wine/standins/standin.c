/* SPDX-License-Identifier: MIT */
/* What every stand-in needs: heap, texts, telling. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

void *standin_allocate(size_t size)
{
    void *block = calloc(1, size);
    if (block == NULL) {
        abort();
    }
    return block;
}

wchar_t *standin_wide(const char *text)
{
    size_t units = strlen(text) + 1;
    wchar_t *wide = standin_allocate(units * sizeof(wchar_t));
    (void)MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, (int)units);
    return wide;
}

char *standin_narrow(const wchar_t *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = standin_allocate((size_t)size + 1);
    (void)WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, size, NULL, NULL);
    return narrow;
}

void standin_close(FILE **file)
{
    if (*file != NULL) {
        (void)fclose(*file);
    }
}

void machine_refuse(const char *format, ...)
{
    FILE *file AUTO(standin_close) = fopen(MACHINE_REFUSED, "ab");
    if (file != NULL) {
        va_list arguments;
        va_start(arguments, format);
        (void)vfprintf(file, format, arguments);
        va_end(arguments);
        (void)fputc('\n', file);
    }
}

void standin_count_change(void)
{
    HMODULE imports = GetModuleHandleW(L"imports.dll");
    FARPROC found = imports != NULL ? GetProcAddress(imports, "count_change") : NULL;
    void (*count)(void) = NULL;
    memcpy(&count, &found, sizeof count);
    if (count != NULL) {
        count();
    }
}
