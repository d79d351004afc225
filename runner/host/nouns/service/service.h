/* SPDX-License-Identifier: MIT */
/*
 * Windows services through the service manager. A missing service is exists == false.
 * Source: https://learn.microsoft.com/windows/win32/api/winsvc/ (QueryServiceStatusEx, QueryServiceConfigW,
 * ChangeServiceConfigW: SERVICE_NO_CHANGE for the rest).
 */
#ifndef AZMEND_HOST_NOUNS_SERVICE_SERVICE_H
#define AZMEND_HOST_NOUNS_SERVICE_SERVICE_H

#include "host/host.h"

enum service_state {
    SERVICE_IS_STOPPED,
    SERVICE_IS_START_PENDING,
    SERVICE_IS_STOP_PENDING,
    SERVICE_IS_RUNNING,
    SERVICE_IS_CONTINUE_PENDING,
    SERVICE_IS_PAUSE_PENDING,
    SERVICE_IS_PAUSED,
};
extern const char *const service_state_names[];

enum service_start {
    SERVICE_STARTS_BOOT,
    SERVICE_STARTS_SYSTEM,
    SERVICE_STARTS_AUTOMATIC,
    SERVICE_STARTS_MANUAL,
    SERVICE_STARTS_DISABLED,
};
extern const char *const service_start_names[];

struct service_facts {
    bool exists;
    enum service_state state;
    enum service_start start;
    bool delayed;       /* delayed automatic start */
    bool is_protected;  /* launch-protected: configuration changes may be denied */
    const char *image;  /* binary path as configured */
    uint32_t exit_code; /* win32 exit code of the last run */
};

/* What a backend supplies. */
struct service_ops {
    bool (*query)(void *backend, const char *name, struct arena *arena, struct service_facts *ret_facts,
                  struct err *err);
    bool (*set_start)(void *backend, const char *name, enum service_start start, bool delayed, struct err *err);
    /* Ask only; the gate waits. Already there: true. */
    bool (*start)(void *backend, const char *name, struct err *err);
    bool (*stop)(void *backend, const char *name, struct err *err);
};

bool host_service_query(struct host *host, const char *name, struct service_facts *ret_facts, struct err *err)
    MUST_CHECK;
/* Changes (reversible). start and stop wait, bounded by LIMIT_SERVICE_MS and the deadline (ERR_TIMEOUT). */
bool host_service_set_start(struct host *host, const char *name, enum service_start start, bool delayed,
                            struct err *err) MUST_CHECK;
bool host_service_start(struct host *host, const char *name, struct err *err) MUST_CHECK;
bool host_service_stop(struct host *host, const char *name, struct err *err) MUST_CHECK;

#endif
