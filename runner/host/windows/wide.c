/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "host/windows/backend.h"

/* The texts a caller may hand in are bounded; int is what the conversion functions count in. */
enum { WIDE_MOST = LIMIT_LICENSE_BYTES };
_Static_assert((size_t)WIDE_MOST >= LIMIT_REGISTRY_BYTES, "a licence file is the longest of them");

bool wide_open(const char *text, wchar_t **ret_wide, struct err *err)
{
    size_t size = strlen(text);
    if (size > WIDE_MOST) {
        return err_set(err, ERR_LIMIT, 0, "a text of %zu bytes is too long", size);
    }
    wchar_t *wide = calloc(size + 1, sizeof *wide); /* no byte of UTF-8 takes more than one unit */
    if (wide == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a text of %zu bytes", size);
    }
    (void)MultiByteToWideChar(CP_UTF8, 0, text, (int)size, wide, (int)size);
    *ret_wide = wide;
    return true;
}

void drop_wide(wchar_t **wide)
{
    free(*wide);
}

char *narrow_part(struct arena *arena, const wchar_t *wide, size_t count)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, (int)count, NULL, 0, NULL, NULL);
    char *text = arena_alloc(arena, (size_t)size + 1);
    (void)WideCharToMultiByte(CP_UTF8, 0, wide, (int)count, text, size, NULL, NULL);
    return text;
}

char *narrow(struct arena *arena, const wchar_t *wide)
{
    return narrow_part(arena, wide, wcslen(wide));
}
