/* SPDX-License-Identifier: MIT */
/* An archive: refused, or within its bounds. */
#include "fuzz.h"
#include "pack/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = fuzz_arena();
    struct pack pack = {0};
    struct err err = {0};
    size_t unpacked = 0;
    (void)pack_is_archive((const char *)bytes, size);
    if (!pack_open((const char *)bytes, size, "fuzz", arena, &pack, &err)) {
        fuzz_refused(&err);
        return 0;
    }
    for (size_t i = 0; i < pack.count; i++) {
        unpacked += pack.entries[i].size;
    }
    fuzz_promise(pack.count <= LIMIT_ARCHIVE_ENTRIES, "so many entries");
    fuzz_promise(unpacked <= LIMIT_ARCHIVE_BYTES, "so many bytes");
    return 0;
}
