/* SPDX-License-Identifier: MIT */
/* A child's output: read as it comes and never waited for, so that a grandchild that holds the pipe stops nobody. */
#ifndef AZMEND_HOST_WINDOWS_CHILD_PIPE_H
#define AZMEND_HOST_WINDOWS_CHILD_PIPE_H

#include "base/buf.h"
#include "host/windows/backend.h"

struct child_pipe {
    HANDLE ours, childs; /* childs: inheritable, both outputs of the child */
    HANDLE nothing;      /* inheritable, its input: at its end from the beginning */
    struct buf kept;     /* the first LIMIT_CHILD_BYTES */
};

/* The caller's: AUTO(child_pipe_close), also when it fails. */
bool child_pipe_open(struct child_pipe *pipe, struct err *err) MUST_CHECK;
void child_pipe_close(struct child_pipe *pipe);
/* What is there now; the rest of it is dropped once enough is kept. */
void child_pipe_drain(struct child_pipe *pipe);
/* What was kept, as decode_text reads it; the code page is that of consoles. */
const char *child_pipe_text(const struct child_pipe *pipe, struct arena *arena);

#endif
