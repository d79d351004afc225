/* SPDX-License-Identifier: MIT */
/* The simulated machine from a document. */
#include "contract.h"
#include "host/port.h"
#include "host/sim/sim.h"

const struct contract_row contract_machine[] = {{NULL, NULL}};

bool contract_is_child(int count, char **arguments, int *ret_code)
{
    (void)count;
    (void)arguments;
    (void)ret_code;
    return false;
}

bool contract_open(struct contract *contract, const char *document, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct sim *sim = NULL;
    if (document == NULL) {
        return err_set(err, ERR_INVALID, 0, "usage: contract FOLDER MACHINE.json");
    }
    if (!port_file_read(document, LIMIT_MACHINE_BYTES, &bytes, err) ||
        !sim_open(buf_string(&bytes), bytes.size, document, contract->arena, &sim, err)) {
        return false;
    }
    contract->ops = &sim_ops;
    contract->backend = sim;
    return true;
}

void contract_close(struct contract *contract)
{
    sim_close(contract->backend);
}

bool contract_is_wine(void)
{
    return false;
}
