/* SPDX-License-Identifier: MIT */
#include "engine/narrowing.h"

#include <string.h>

#include "base/text.h"

static const char separators[] = ",; \t\r\n";

const char *const leave_names[LEAVE_COUNT + 1] = {"fix", "check", "off", NULL};

void narrowing_take(struct narrowing *narrowing, const char *word, const char *from)
{
    enum leave leave = LEAVE_CHECK;
    for (enum leave known = LEAVE_FIX; known < LEAVE_COUNT; known++) {
        leave = text_equal(word, leave_names[known]) ? known : leave;
    }
    if (leave > narrowing->most) {
        narrowing->most = leave;
        narrowing->from = from;
    }
}

const char *const *narrowing_list(const char *text, struct arena *arena, size_t *ret_count)
{
    const char **items = arena_array(arena, strlen(text) / 2 + 1, sizeof(*items));
    size_t count = 0;
    for (const char *at = text + strspn(text, separators); *at != '\0'; at += strspn(at, separators)) {
        size_t size = strcspn(at, separators);
        items[count++] = arena_copy(arena, at, size);
        at += size;
    }
    *ret_count = count;
    return items;
}

bool narrowing_names(const char *const *items, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(items[i], name)) {
            return true;
        }
    }
    return false;
}

bool narrowing_applies(const struct narrowing *narrowing)
{
    return narrowing->most != LEAVE_FIX || narrowing->finding_count > 0 || narrowing->noun_count > 0;
}
