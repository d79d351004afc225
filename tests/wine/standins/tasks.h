/* SPDX-License-Identifier: MIT */
#ifndef AZMEND_TESTS_STANDINS_TASKS_H
#define AZMEND_TESTS_STANDINS_TASKS_H

#include <windows.h>

/* An instance of CLSID_TaskScheduler. */
HRESULT tasks_make_service(REFIID iid, void **ret_object);

#endif
