/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "host/port.h"
#include "host/windows/backend.h"

bool port_page_decode(enum port_page page, const void *bytes, size_t size, struct arena *arena, const char **ret_text)
{
    static const UINT pages[] = {[PORT_PAGE_OEM] = CP_OEMCP, [PORT_PAGE_ANSI] = CP_ACP};
    if (size == 0) {
        *ret_text = "";
        return true;
    }
    int count =
        size > LIMIT_FILE_BYTES ? 0 : MultiByteToWideChar(pages[page], MB_ERR_INVALID_CHARS, bytes, (int)size, NULL, 0);
    if (count <= 0) {
        return false;
    }
    wchar_t *wide = arena_array(arena, (size_t)count, sizeof *wide);
    (void)MultiByteToWideChar(pages[page], MB_ERR_INVALID_CHARS, bytes, (int)size, wide, count);
    *ret_text = narrow_part(arena, wide, (size_t)count);
    return true;
}
