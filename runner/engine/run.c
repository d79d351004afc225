/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

#include "host/host.h"

void run_refresh(struct run *run)
{
    size_t before = arena_mark(run->arena);
    if (!run->looked || run->generation != run->host->generation) {
        dataflow_run(run);
        machine_record(run);
        run->looked = true;
        run->generation = run->host->generation;
        run->judged = false;
    }
    if (!run->judged) {
        findings_evaluate(run);
        run->judged = true;
    }
    size_t taken = arena_mark(run->arena) - before;
    run->refresh_bytes = taken > run->refresh_bytes ? taken : run->refresh_bytes;
}
