/* SPDX-License-Identifier: MIT */
#ifndef AZMEND_TESTS_INJECT_H
#define AZMEND_TESTS_INJECT_H

#include <windows.h>

/*
 * Lets a thread of the process load the DLL, and waits until it has. The process was started suspended and has not run
 * yet. FALSE: GetLastError tells.
 */
BOOL inject(HANDLE process, const WCHAR *dll);

#endif
