/* SPDX-License-Identifier: MIT */
/* The journal of an earlier run, as a cut-off, a full disk or somebody's editor left it. */
#include "fuzz.h"
#include "host/journal_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct journal_record record = {0};
    struct err err = {0};
    if (!journal_read((const char *)bytes, size, "journal.jsonl", fuzz_arena(), &record, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
