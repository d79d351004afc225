/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include "host/port.h"

bool port_machine_open(const struct host_ops **ret_ops, void **ret_backend, struct err *err)
{
    (void)ret_ops;
    (void)ret_backend;
    return err_set(err, ERR_UNSUPPORTED, 0, "there is no Windows machine here: use --machine FILE");
}

void port_machine_close(void *backend)
{
    (void)backend;
}

bool port_is_elevated(void)
{
    return geteuid() == 0;
}
