/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for single functions of the system: where Wine 8 cannot answer as the machine document says, and to end the
 * process at a given change. They take the place of azmend.exe's own imports (a documented table of the PE format), in
 * memory, before its first instruction; the file is the one that ships. `stage.exe run` loads this DLL.
 */
#ifndef AZMEND_TESTS_IMPORTS_H
#define AZMEND_TESTS_IMPORTS_H

#include <windows.h>

struct import {
    const char *name; /* as imported; NULL ends a table */
    void (*standin)(void);
    void (*real)(void); /* filled in when it is replaced; NULL: the program does not import it */
};
#define STANDIN(function) ((void (*)(void))(function))

/* answers.c: what Wine does not know, from the staged document. */
extern struct import import_answers[];
/* count.c: calls that change something, each counted before it is made. */
extern struct import import_changes[];

/* Ends the process where the environment says AZMEND_STANDIN_KILL_AT=n and this is the n-th change, from 1. */
void count_change(void);
/* Leaves the number of changes in C:\azmend-standins\changes.txt. */
void count_tell(void);

#endif
