/* SPDX-License-Identifier: MIT */
#ifndef AZMEND_TESTS_MACHINE_TASK_H
#define AZMEND_TESTS_MACHINE_TASK_H

#include <windows.h>

/* CONTRACT_TASK: enabled, never run, its program does not exist. */
HRESULT machine_task_make(void);
void machine_task_remove(void);

#endif
