/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "host/port.h"
#include "host/windows/backend.h"

enum {
    CODE_PAGE_JAPANESE = 932,
    PART_BYTES = 1024, /* of one WriteConsoleW; its buffer lies on the stack */
};

static HANDLE handle_of(enum port_stream stream)
{
    return GetStdHandle(stream == PORT_STDOUT ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
}

static bool is_console(HANDLE stream)
{
    DWORD mode = 0;
    return GetConsoleMode(stream, &mode);
}

static void write_console(HANDLE console, const char *bytes, size_t size)
{
    wchar_t wide[PART_BYTES];
    while (size > 0) {
        size_t part = text_cut(bytes, size < PART_BYTES ? size : PART_BYTES);
        part = part == 0 ? size : part;
        int count = MultiByteToWideChar(CP_UTF8, 0, bytes, (int)part, wide, PART_BYTES);
        DWORD written = 0;
        if (!WriteConsoleW(console, wide, (DWORD)count, &written, NULL)) {
            return;
        }
        bytes += part;
        size -= part;
    }
}

void port_write(enum port_stream stream, const char *bytes, size_t size)
{
    HANDLE handle = handle_of(stream);
    if (handle == NULL || handle == INVALID_HANDLE_VALUE) {
        return;
    }
    if (is_console(handle)) {
        write_console(handle, bytes, size);
    } else {
        (void)file_write_all(handle, bytes, size);
    }
}

bool port_is_terminal(enum port_stream stream)
{
    return is_console(handle_of(stream));
}

/* Without a console (a service, Run Command) the code page that others decode our output with counts. */
const char *port_language(void)
{
    UINT code_page = GetConsoleOutputCP();
    code_page = code_page != 0 ? code_page : GetOEMCP();
    bool is_japanese = code_page == CODE_PAGE_JAPANESE || PRIMARYLANGID(GetSystemDefaultUILanguage()) == LANG_JAPANESE;
    return is_japanese ? "ja" : "en";
}
