/* SPDX-License-Identifier: MIT */
/* The contract's own children, and the rows that only real ones can show. */
#ifndef AZMEND_TESTS_CONTRACT_CHILD_H
#define AZMEND_TESTS_CONTRACT_CHILD_H

#include "contract.h"

/* Copies this program to the names that CONTRACT_CHILD_* say, and away again. */
bool contract_child_copy(void);
void contract_child_remove(void);
/* Was this program started by one of those names? Then it has done what the name says. */
bool contract_child_main(int count, char **arguments, int *ret_code);

void contract_child_grandchild(struct contract *contract);
void contract_child_much(struct contract *contract);
void contract_child_input(struct contract *contract);
void contract_child_words(struct contract *contract);
void contract_child_stuck(struct contract *contract);
void contract_child_ended(struct contract *contract);

#endif
