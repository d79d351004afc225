/* SPDX-License-Identifier: MIT */
#ifndef AZMEND_TESTS_STANDIN_FIREWALL_H
#define AZMEND_TESTS_STANDIN_FIREWALL_H

#include <stdbool.h>

/* Under Wine: from now on this process' firewall is the stand-in. On Windows: nothing, the real one is asked. */
bool standin_firewall_start(void);
bool standin_firewall_is_used(void);

#endif
