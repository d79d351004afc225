/* SPDX-License-Identifier: MIT */
/* What every user of COM needs: to enter it on a worker thread, and values that let go of themselves. */
#ifndef AZMEND_HOST_WINDOWS_COM_H
#define AZMEND_HOST_WINDOWS_COM_H

#include <windows.h>

/* windows.h goes first. */
/* clang-format off */
#include <oleauto.h>
/* clang-format on */

/* This thread's part in COM, as a value of AUTO(com_leave): while it succeeded, COM may be called. */
HRESULT com_enter(void);
void com_leave(const HRESULT *entered);
/* Servers of this process' calls may act as its account, as WMI and the Task Scheduler ask for. */
HRESULT com_let_impersonate(void);

void drop_bstr(BSTR *text);
void drop_object(void *held); /* a pointer to an interface of any kind, or to NULL */

#endif
