/* SPDX-License-Identifier: MIT */
/* A playbook, loaded beside one of the shipped tables; behind a NUL its English texts. */
#include <string.h>

#include "fuzz.h"
#include "intake/embedded.h"
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct embedded *shipped = embedded_find(embedded_tables, "kms-endpoints");
    const struct plan_source table = {.file = shipped->name, .document = shipped->document};
    const uint8_t *end = size > 0 ? memchr(bytes, '\0', size) : NULL;
    struct plan_source playbook = {.file = "fuzz.json", .bytes = (const char *)bytes, .size = size, .selected = true};
    if (end != NULL) {
        playbook.size = (size_t)(end - bytes);
        playbook.texts[LANGUAGE_EN] =
            (struct plan_text){"fuzz.en.json", (const char *)end + 1, size - playbook.size - 1, NULL};
    }
    const struct plan *plan = NULL;
    struct err err = {0};
    if (!plan_load(&table, 1, &playbook, 1, NULL, 0, fuzz_arena(), &plan, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
