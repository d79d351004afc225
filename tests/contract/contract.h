/* SPDX-License-Identifier: MIT */
/*
 * The contract between the gate and a backend: one table of host facts, run against any struct host_ops. Run on the
 * simulated machine and on Windows it keeps the simulated one honest. A row may use only the places below. Every row
 * leaves the machine as it found it.
 */
#ifndef AZMEND_TESTS_CONTRACT_H
#define AZMEND_TESTS_CONTRACT_H

#include "host/host_ops.h"

#define CONTRACT_KEY "HKLM\\SOFTWARE\\azmend-contract"   /* absent */
#define CONTRACT_DENIED "HKLM\\SOFTWARE\\azmend-denied"  /* a key that nobody may read or write */
#define CONTRACT_SERVICE "azmend-contract"               /* stopped, manual, its program does not exist */
#define CONTRACT_NO_SERVICE "azmend-nothing"             /* absent */
#define CONTRACT_FOLDER "%SystemDrive%\\azmend-contract" /* an empty folder */
#define CONTRACT_SAME_FOLDER "C:\\azmend-contract"       /* the same one */
#define CONTRACT_TASK "\\azmend-contract\\Task"          /* enabled, never run */
/* Programs: one that writes and ends with a code, one that writes its arguments, one that takes a minute. */
#define CONTRACT_CHILD_CODE "%SystemDrive%\\azmend-contract-code.exe"
#define CONTRACT_CHILD_ECHO "%SystemDrive%\\azmend-contract-echo.exe"
#define CONTRACT_CHILD_WAIT "%SystemDrive%\\azmend-contract-wait.exe"
/*
 * Of tests/certificates: "extension" with its key in My, "root" in Root, "leafOtherName" in Disallowed, of the others
 * none; what else the machine has in its stores is its own.
 */

struct contract {
    const struct host_ops *ops;
    void *backend;
    struct arena *arena;
    const char *folder; /* native path of a folder for azmend's own files; stays behind, empty but for folders */
    struct err err;     /* of the call just made */
    bool row_failed;
};

struct contract_row {
    const char *name;
    void (*run)(struct contract *contract);
};

/* Prints what does not hold, with the last error where there is one. */
void contract_expect(struct contract *contract, bool holds, const char *what, int line);
#define EXPECT(contract, condition) contract_expect((contract), (condition), #condition, __LINE__)

extern const struct contract_row contract_registry[], contract_service[], contract_file[], contract_firewall[],
    contract_system[], contract_port[], contract_state[], contract_licensing[], contract_event[], contract_task[],
    contract_process[], contract_crypto[], contract_artefacts[];
extern const struct contract_row contract_machine[]; /* what only the backend of this build has */

void contract_firewall_store(struct contract *contract); /* rows of the above */
void contract_stores_unchanged(struct contract *contract);
void contract_replace_waits(struct contract *contract);
void contract_replace_gives_up(struct contract *contract);
void contract_replace_settles(struct contract *contract);

/* The machine that the program was built for. False: err says why. */
/* A program that the contract itself has started does something else. */
bool contract_is_child(int count, char **arguments, int *ret_code);
bool contract_open(struct contract *contract, const char *document, struct err *err);
void contract_close(struct contract *contract);
bool contract_is_wine(void);

#endif
