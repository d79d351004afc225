/* SPDX-License-Identifier: MIT */
#include "contract.h"

#include <stdio.h>

#include "host/port.h"

void contract_expect(struct contract *contract, bool holds, const char *what, int line)
{
    if (!holds) {
        printf("    line %d: %s", line, what);
        printf(contract->err.code == ERR_NONE ? "\n" : " (%s, %s)\n", contract->err.text,
               err_code_name(contract->err.code));
        contract->row_failed = true;
    }
    contract->err = (struct err){0};
}

static void run_rows(struct contract *contract, const struct contract_row *rows, unsigned *passed, unsigned *failed)
{
    for (; rows->name != NULL; rows++) {
        contract->row_failed = false;
        contract->err = (struct err){0};
        rows->run(contract);
        *(contract->row_failed ? failed : passed) += 1;
        if (contract->row_failed) {
            printf("FAIL %s: %s\n", contract->ops->name, rows->name);
        }
    }
}

/* Licensing and events are the document's, or an artefact's: of the simulated machine, and of the stand-ins under Wine.
 */
static int run_all(struct contract *contract, bool has_document)
{
    unsigned passed = 0, failed = 0;
    run_rows(contract, contract_registry, &passed, &failed);
    run_rows(contract, contract_service, &passed, &failed);
    run_rows(contract, contract_file, &passed, &failed);
    run_rows(contract, contract_firewall, &passed, &failed);
    run_rows(contract, contract_system, &passed, &failed);
    run_rows(contract, contract_crypto, &passed, &failed);
    run_rows(contract, contract_port, &passed, &failed);
    run_rows(contract, contract_state, &passed, &failed);
    run_rows(contract, contract_task, &passed, &failed);
    run_rows(contract, contract_process, &passed, &failed);
    run_rows(contract, contract_machine, &passed, &failed);
    if (has_document) {
        run_rows(contract, contract_licensing, &passed, &failed);
        run_rows(contract, contract_event, &passed, &failed);
        run_rows(contract, contract_artefacts, &passed, &failed);
    }
    printf("%s: %u passed, %u failed\n", contract->ops->name, passed, failed);
    return failed != 0 || passed == 0;
}

int azmend_main(int argument_count, char **arguments)
{
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct contract contract = {.arena = &arena};
    int code = 0;
    if (contract_is_child(argument_count, arguments, &code)) {
        return code;
    }
    if (argument_count < 2) {
        printf("usage: contract FOLDER [MACHINE.json]\n");
        return 2;
    }
    contract.folder = arguments[1];
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err) ||
        !contract_open(&contract, argument_count > 2 ? arguments[2] : NULL, &err)) {
        printf("cannot start: %s\n", err.text);
        return 1;
    }
    int failed = run_all(&contract, argument_count > 2);
    contract_close(&contract);
    (void)fflush(stdout);
    return failed;
}
