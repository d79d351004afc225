/* SPDX-License-Identifier: MIT */
/* What a run on the real machine keeps between two calls: the backend that the tables of windows get. */
#ifndef AZMEND_HOST_WINDOWS_MACHINE_H
#define AZMEND_HOST_WINDOWS_MACHINE_H

#include "host/windows/backend.h"

struct net;

struct machine {
    struct net *net;     /* opened with the first job: most looks need none */
    int64_t deadline_ms; /* port_now_ms; 0: none */
};

#endif
