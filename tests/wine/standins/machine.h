/* SPDX-License-Identifier: MIT */
/*
 * The machine behind the stand-ins: the simulated one, from the document that stage.exe put into the prefix. What else
 * lives in the prefix for real (KMS values of the registry, the licensing service, its store file) is taken over
 * before a call and written back after it. One instance a process, as the native scenarios have one a run.
 */
#ifndef AZMEND_TESTS_STANDINS_MACHINE_H
#define AZMEND_TESTS_STANDINS_MACHINE_H

#include <stdio.h>
#include <windows.h>

#include "host/sim/licensing.h"

#define MACHINE_FOLDER "C:\\azmend-standins"
#define MACHINE_DOCUMENT MACHINE_FOLDER "\\machine.json"
/* What nobody scripted and what the stand-ins do not speak, a line each: the harness fails the scenario for it. */
#define MACHINE_REFUSED MACHINE_FOLDER "\\refused.txt"

/* A line for each run of a stand-in for a program: its path. */
#define MACHINE_RAN MACHINE_FOLDER "\\ran.txt"

/* One caller at a time, until machine_leave. NULL: no document, or a broken one; it has been refused. */
struct sim *machine_enter(void);
void machine_leave(struct sim *sim);
void machine_refuse(const char *format, ...) PRINTF_LIKE(1, 2);

/* Told before whatever changes the machine: who counts changes may end the process here (imports/count.c). */
void standin_count_change(void);

void standin_close(FILE **file); /* takes NULL in it */

/* Zeroed heap; ends the process when there is none. */
void *standin_allocate(size_t size);
wchar_t *standin_wide(const char *text);   /* heap */
char *standin_narrow(const wchar_t *text); /* heap */

#endif
