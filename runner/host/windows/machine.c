/* SPDX-License-Identifier: MIT */
#include "host/windows/machine.h"

#include <stdlib.h>

#include "host/net/net.h"
#include "host/port.h"

#define NOUN_TABLE(upper, lower) .lower = &windows_##lower##_ops,
static const struct host_ops windows_ops = {.name = "windows", NOUNS(NOUN_TABLE)};
#undef NOUN_TABLE

bool port_machine_open(const struct host_ops **ret_ops, void **ret_backend, struct err *err)
{
    struct machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the machine");
    }
    *ret_ops = &windows_ops;
    *ret_backend = machine;
    return true;
}

void port_machine_close(void *backend)
{
    struct machine *machine = backend;
    if (machine != NULL) {
        net_close(machine->net);
        free(machine);
    }
}

bool port_is_elevated(void)
{
    HANDLE token AUTO(drop_handle) = NULL;
    TOKEN_ELEVATION elevation = {0};
    DWORD size = 0;
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) &&
           GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size) &&
           elevation.TokenIsElevated != 0;
}
