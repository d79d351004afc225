/* SPDX-License-Identifier: MIT */
/* The XML of one event. */
#include "host/nouns/event/event.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct event_record record = {0};
    struct err err = {0};
    if (!event_parse((const char *)bytes, size, fuzz_arena(), &record, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
