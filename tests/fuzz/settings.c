/* SPDX-License-Identifier: MIT */
/* N.settings of the extension handler; what is accepted is a command line, or refused as one. */
#include "channel/handler/settings.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct handler_settings settings = {0};
    struct options options = {0};
    struct err err = {0};
    if (!handler_settings_read((const char *)bytes, size, "0.settings", fuzz_arena(), &settings, &err) ||
        !handler_settings_apply(&settings, &options, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
