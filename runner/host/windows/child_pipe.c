/* SPDX-License-Identifier: MIT */
#include "host/windows/child_pipe.h"

#include "base/limits.h"
#include "host/decode.h"

enum { CHUNK_BYTES = 4096 };

bool child_pipe_open(struct child_pipe *pipe, struct err *err)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    buf_init(&pipe->kept, LIMIT_CHILD_BYTES);
    pipe->nothing = CreateFileW(L"NUL", GENERIC_READ, 0, &inherited, OPEN_EXISTING, 0, NULL);
    return (pipe->nothing != INVALID_HANDLE_VALUE && CreatePipe(&pipe->ours, &pipe->childs, &inherited, 0) &&
            SetHandleInformation(pipe->ours, HANDLE_FLAG_INHERIT, 0)) ||
           windows_failed(err, GetLastError(), "make", "a pipe for a program's output");
}

void child_pipe_close(struct child_pipe *pipe)
{
    drop_handle(&pipe->ours);
    drop_handle(&pipe->childs);
    drop_handle(&pipe->nothing);
    buf_clear(&pipe->kept);
}

void child_pipe_drain(struct child_pipe *pipe)
{
    char chunk[CHUNK_BYTES];
    DWORD waiting = 0;
    /* As much as is there now, and no more: a child that never stops writing must not keep us here. */
    if (!PeekNamedPipe(pipe->ours, NULL, 0, NULL, &waiting, NULL)) {
        return;
    }
    while (waiting > 0) {
        DWORD size = 0;
        if (!ReadFile(pipe->ours, chunk, waiting < CHUNK_BYTES ? waiting : CHUNK_BYTES, &size, NULL) || size == 0) {
            return;
        }
        size_t room = LIMIT_CHILD_BYTES - pipe->kept.size;
        buf_add(&pipe->kept, chunk, size < room ? size : room);
        waiting -= size;
    }
}

const char *child_pipe_text(const struct child_pipe *pipe, struct arena *arena)
{
    const struct outside outside = {.bytes = buf_string(&pipe->kept),
                                    .size = pipe->kept.size,
                                    .page = PORT_PAGE_OEM,
                                    .is_cut = pipe->kept.size == LIMIT_CHILD_BYTES};
    return decode_text(arena, &outside).text;
}
