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
/* child.c: a child of azmend.exe's own gets all of this too. */
extern struct import import_children[];
/* count.c: calls that change something, each counted before it is made. */
extern struct import import_changes[];
/* imports.c: what is imported at its first call. */
extern struct import import_delayed[];

/* imports.c: this DLL's own path. */
extern wchar_t imports_file[MAX_PATH];

/*
 * Ends the process before its n-th change, from 1, by the environment: AZMEND_STANDIN_KILL_AT=n; with
 * AZMEND_STANDIN_KILL_VERB only where its command line has these words; with AZMEND_STANDIN_KILL_PARENT its parent goes
 * first. Once: C:\azmend-standins\killed.txt is made then, and where it is nobody is killed.
 */
void count_change(void);
/* Leaves the number of changes in C:\azmend-standins\changes.txt. */
void count_tell(void);

#define STANDIN_PARENT L"AZMEND_STANDIN_PARENT" /* set by child.c: a process id */

#endif
