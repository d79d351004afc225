/* SPDX-License-Identifier: MIT */
#include "host/windows/wmi.h"

#include <stdlib.h>

#include "base/text.h"
#include "host/port.h"
#include "host/windows/wmi_private.h"

enum { STEP_MS = 1000 };

static void drop(struct worker *worker)
{
    struct wmi_answer *answer = (struct wmi_answer *)worker;
    for (size_t i = 0; i < answer->rows * WMI_COLUMNS_MOST; i++) {
        (void)VariantClear(&answer->cells[i / WMI_COLUMNS_MOST][i % WMI_COLUMNS_MOST]);
    }
    (void)VariantClear(&answer->argument);
    free(answer);
}

void wmi_drop(struct wmi_answer **answer)
{
    if (*answer != NULL) {
        worker_release(&(*answer)->worker);
    }
}

long wmi_step_ms(struct wmi_answer *answer)
{
    int64_t left = answer->deadline_ms - port_now_ms();
    bool is_over = left <= 0 || InterlockedCompareExchange(&answer->is_abandoned, 0, 0) != 0;
    return is_over ? 0 : left < STEP_MS ? (long)left : STEP_MS;
}

/* WMI takes uint32 as VT_I4. Source: https://learn.microsoft.com/windows/win32/wmisdk/numbers */
static bool copy_argument(struct wmi_answer *answer, struct err *err)
{
    const wchar_t *text = answer->request.text;
    answer->request.text = NULL; /* the caller's: it may be gone before the worker is */
    if (answer->request.parameter == NULL) {
        return true;
    }
    V_VT(&answer->argument) = text != NULL ? VT_BSTR : VT_I4;
    if (text == NULL) {
        V_I4(&answer->argument) = (LONG)answer->request.number;
        return true;
    }
    V_BSTR(&answer->argument) = SysAllocString(text);
    return V_BSTR(&answer->argument) != NULL || err_set(err, ERR_MEMORY, 0, "no memory to ask WMI");
}

bool wmi_run(const struct wmi_request *request, int64_t timeout_ms, struct wmi_answer **ret_answer, struct err *err)
{
    struct wmi_answer *answer AUTO(wmi_drop) = calloc(1, sizeof *answer);
    if (answer == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to ask WMI");
    }
    answer->worker = (struct worker){.work = wmi_work, .drop = drop};
    answer->request = *request;
    answer->deadline_ms = port_now_ms() + timeout_ms;
    if (!copy_argument(answer, err)) {
        return false;
    }
    if (!worker_run(&answer->worker, "WMI", timeout_ms, err)) {
        (void)InterlockedExchange(&answer->is_abandoned, 1);
        return false;
    }
    *ret_answer = answer;
    answer = NULL;
    return true;
}

size_t wmi_rows(const struct wmi_answer *answer)
{
    return answer->rows;
}

const char *wmi_text(const struct wmi_answer *answer, size_t row, size_t column, struct arena *arena)
{
    const VARIANT *cell = &answer->cells[row][column];
    bool is_text = V_VT(cell) == VT_BSTR && V_BSTR(cell) != NULL;
    return is_text ? narrow_part(arena, V_BSTR(cell), SysStringLen(V_BSTR(cell))) : NULL;
}

/*
 * WMI hands uint32 over as VT_I4 and 64-bit numbers as text. claim: wmi.uint32-is-int32
 * Source: https://learn.microsoft.com/windows/win32/wmisdk/numbers
 */
int64_t wmi_number(const struct wmi_answer *answer, size_t row, size_t column, int64_t otherwise)
{
    const VARIANT *cell = &answer->cells[row][column];
    switch (V_VT(cell)) {
    case VT_I4:
        return (uint32_t)V_I4(cell);
    case VT_UI4:
        return V_UI4(cell);
    case VT_I2:
        return V_I2(cell);
    case VT_UI1:
        return V_UI1(cell);
    default:
        return otherwise;
    }
}

bool wmi_bool(const struct wmi_answer *answer, size_t row, size_t column)
{
    const VARIANT *cell = &answer->cells[row][column];
    return V_VT(cell) == VT_BOOL && V_BOOL(cell) != VARIANT_FALSE;
}
