/* SPDX-License-Identifier: MIT */
/* Between wmi.c (requests and answers) and wmi_session.c (COM): the request under way. Owned by both threads. */
#ifndef AZMEND_HOST_WINDOWS_WMI_PRIVATE_H
#define AZMEND_HOST_WINDOWS_WMI_PRIVATE_H

#include "host/windows/com.h"
#include "host/windows/wmi.h"
#include "host/windows/worker.h"

struct wmi_answer {
    struct worker worker;
    LONG is_abandoned;          /* the worker looks at it between two steps */
    int64_t deadline_ms;        /* port_now_ms */
    struct wmi_request request; /* without its text */
    VARIANT argument;           /* the method's parameter; VT_EMPTY: it takes none */
    size_t rows;
    VARIANT cells[WMI_ROWS_MOST][WMI_COLUMNS_MOST]; /* VT_EMPTY: the property could not be read */
};

/* Everything that talks COM; fills rows and cells of the answer whose worker this is. */
bool wmi_work(struct worker *worker, struct err *err) MUST_CHECK;
/* Milliseconds for the next bounded call, at most a second; 0: the time is up or nobody waits any more. */
long wmi_step_ms(struct wmi_answer *answer);

#endif
