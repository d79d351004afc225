/* SPDX-License-Identifier: MIT */
/* A machine document; what is accepted is saved, and what was saved gives the same bytes when it is loaded again. */
#include <string.h>

#include "fuzz.h"
#include "host/sim/sim.h"

static bool save(const char *bytes, size_t size, struct arena *arena, struct buf *ret_saved, struct err *err)
{
    struct sim *sim = NULL;
    if (!sim_open(bytes, size, "fuzz.json", arena, &sim, err)) {
        return false;
    }
    buf_init(ret_saved, LIMIT_MACHINE_BYTES);
    sim_save(sim, ret_saved);
    sim_close(sim);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = fuzz_arena();
    struct buf first AUTO(buf_clear) = {0};
    struct buf second AUTO(buf_clear) = {0};
    struct err err = {0};
    if (!save((const char *)bytes, size, arena, &first, &err)) {
        fuzz_refused(&err);
        return 0;
    }
    fuzz_promise(save(buf_string(&first), first.size, arena, &second, &err), "what was saved can be loaded");
    fuzz_promise(first.size == second.size && memcmp(buf_string(&first), buf_string(&second), first.size) == 0,
                 "saving, loading and saving again gives the same bytes");
    return 0;
}
