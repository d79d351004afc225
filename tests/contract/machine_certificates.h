/* SPDX-License-Identifier: MIT */
#ifndef AZMEND_TESTS_MACHINE_CERTIFICATES_H
#define AZMEND_TESTS_MACHINE_CERTIFICATES_H

#include <windows.h>

#include "base/arena.h"

DWORD machine_certificates_make(struct arena *arena);
void machine_certificates_remove(void);

#endif
