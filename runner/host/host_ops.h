/* SPDX-License-Identifier: MIT */
/*
 * What a backend must supply, nothing else: `windows` (the real machine), `sim` (a machine document). Only gate.c calls
 * it. Queries answer absence as a value; ret_ memory is the arena given. A backend never decides whether a change is
 * allowed, never journals, never retries and never waits beyond what is said here.
 * A NULL member means ERR_UNSUPPORTED.
 */
#ifndef AZMEND_HOST_HOST_OPS_H
#define AZMEND_HOST_HOST_OPS_H

#include "host/nouns.h"
#include "host/nouns/certificate/certificate.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/crypto/crypto.h"
#include "host/nouns/event/event.h"
#include "host/nouns/file/file.h"
#include "host/nouns/firewall/firewall.h"
#include "host/nouns/licensing/licensing.h"
#include "host/nouns/net/net.h"
#include "host/nouns/process/process.h"
#include "host/nouns/registry/registry.h"
#include "host/nouns/service/service.h"
#include "host/nouns/system/system.h"
#include "host/nouns/task/task.h"

#define NOUN_OPS(upper, lower) struct lower##_ops;
NOUNS(NOUN_OPS)
#undef NOUN_OPS

struct host_ops {
    const char *name; /* "windows", "sim" */
#define NOUN_OPS(upper, lower) const struct lower##_ops *lower;
    NOUNS(NOUN_OPS)
#undef NOUN_OPS
};

#endif
