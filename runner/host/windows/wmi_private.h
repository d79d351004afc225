/* SPDX-License-Identifier: MIT */
/* Between wmi.c (threads and answers) and wmi_session.c (COM): the request under way. Owned by both threads. */
#ifndef AZMEND_HOST_WINDOWS_WMI_PRIVATE_H
#define AZMEND_HOST_WINDOWS_WMI_PRIVATE_H

#include "host/windows/wmi.h"

/* windows.h goes first. */
/* clang-format off */
#include <oleauto.h>
/* clang-format on */

struct wmi_answer {
    LONG owners;       /* 2, 1, and the last one frees */
    LONG is_abandoned; /* the worker looks at it between two steps */
    HANDLE done;
    int64_t deadline_ms;        /* port_now_ms */
    struct wmi_request request; /* without its text */
    VARIANT argument;           /* the method's parameter; VT_EMPTY: it takes none */
    bool succeeded;
    struct err err;
    size_t rows;
    VARIANT cells[WMI_ROWS_MOST][WMI_COLUMNS_MOST]; /* VT_EMPTY: the property could not be read */
};

/* Everything that talks COM; fills rows and cells. Called on the worker. */
bool wmi_work(struct wmi_answer *answer, struct err *err) MUST_CHECK;
/* Milliseconds for the next bounded call, at most a second; 0: the time is up or nobody waits any more. */
long wmi_step_ms(struct wmi_answer *answer);

#endif
