/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/windows/worker.h"

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

struct piped {
    struct worker worker;
    HANDLE pipe;
    size_t size;
    char bytes[];
};

static bool write_piped(struct worker *worker, struct err *err)
{
    struct piped *piped = (struct piped *)worker;
    return file_write_all(piped->pipe, piped->bytes, piped->size) ||
           windows_failed(err, GetLastError(), "write to", "a pipe");
}

static void drop_piped(struct worker *worker)
{
    free(worker);
}

/* Nobody need read a pipe, and its write does not come back then. Without memory for that care: the plain write. */
static void write_pipe(HANDLE pipe, const char *bytes, size_t size)
{
    struct err unwritten = {0};
    struct piped *piped = malloc(sizeof *piped + size);
    if (piped == NULL) {
        (void)file_write_all(pipe, bytes, size);
        return;
    }
    *piped = (struct piped){.worker = {.work = write_piped, .drop = drop_piped}, .pipe = pipe, .size = size};
    memcpy(piped->bytes, bytes, size);
    (void)!worker_run(&piped->worker, "a pipe", LIMIT_STREAM_MS, &unwritten);
    worker_release(&piped->worker);
}

static bool is_lost[PORT_STDERR + 1];

void port_write(enum port_stream stream, const char *bytes, size_t size)
{
    HANDLE handle = handle_of(stream);
    if (handle == NULL || handle == INVALID_HANDLE_VALUE) {
        return;
    }
    if (is_console(handle)) {
        write_console(handle, bytes, size);
    } else if (GetFileType(handle) == FILE_TYPE_PIPE) {
        write_pipe(handle, bytes, size);
    } else {
        is_lost[stream] = !file_write_all(handle, bytes, size) || is_lost[stream];
    }
}

bool port_write_failed(enum port_stream stream)
{
    return is_lost[stream];
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
