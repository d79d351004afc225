/* SPDX-License-Identifier: MIT */
/* What DSC sends on stdin. */
#include "channel/dsc/wanted.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct dsc_wanted wanted;
    struct err err = {0};
    if (!dsc_wanted_read((const char *)bytes, size, fuzz_arena(), &wanted, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
