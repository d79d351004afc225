/* SPDX-License-Identifier: MIT */
/*
 * WMI over COM, root\cimv2: one query, and at most one method on the row it finds, made by a worker thread that is
 * abandoned when overdue. The worker owns a copy of all it touches; what it still does later changes nothing here.
 * Source: https://learn.microsoft.com/windows/win32/wmisdk/wmi-c---application-examples and
 * .../making-a-semisynchronous-call-with-c--
 */
#ifndef AZMEND_HOST_WINDOWS_WMI_H
#define AZMEND_HOST_WINDOWS_WMI_H

#include "host/windows/backend.h"

enum { WMI_ROWS_MOST = 64, WMI_COLUMNS_MOST = 20, WMI_TEXT_UNITS = 512 };

struct wmi_request {
    const wchar_t *class; /* this and the other pointers but text: literals, they outlive an abandoned worker */
    const wchar_t *const
        *columns; /* NULL-ended, at most WMI_COLUMNS_MOST; with a method the first one is the class' key */
    wchar_t where[WMI_TEXT_UNITS]; /* WQL; "": every instance */
    const wchar_t *method;         /* NULL: look only; else called on the one row */
    const wchar_t *parameter;      /* of the method; NULL: it takes none */
    const wchar_t *text;           /* its value, copied; NULL: number is */
    uint32_t number;
};

struct wmi_answer;

/*
 * Waits at most timeout_ms. ERR_UNSUPPORTED: no WMI, no such class or no provider; ERR_NOT_FOUND: a method's row is
 * missing; ERR_TIMEOUT: abandoned, a method may still come to pass; never the answer of a method. err.os: the HRESULT.
 * An answer is the caller's: AUTO(wmi_drop).
 */
bool wmi_run(const struct wmi_request *request, int64_t timeout_ms, struct wmi_answer **ret_answer, struct err *err)
    MUST_CHECK;
void wmi_drop(struct wmi_answer **answer);

size_t wmi_rows(const struct wmi_answer *answer);
/* NULL: the property is null, missing or no text. */
const char *wmi_text(const struct wmi_answer *answer, size_t row, size_t column, struct arena *arena);
/* otherwise: the property is null, missing or no number. Unsigned 32-bit ones come as such. */
int64_t wmi_number(const struct wmi_answer *answer, size_t row, size_t column, int64_t otherwise);
bool wmi_bool(const struct wmi_answer *answer, size_t row, size_t column);

#endif
