/* SPDX-License-Identifier: MIT */
#include "channel/run/narrow.h"

#include "host/nouns/registry/registry.h"

#define POLICY_KEY "HKLM\\SOFTWARE\\Policies\\azmend"
enum { SHOWN_BYTES = 40 }; /* of a word that is none of ours: enough to see the mistake */

static void take(struct narrowing *narrowing, const char *place, const char *word, struct arena *arena)
{
    narrowing_take(narrowing, word, arena_format(arena, "%s = %.*s", place, (int)SHOWN_BYTES, word));
}

/* NULL: it is not there. A value that cannot be read, or is no text, takes away what may have been meant to go. */
static const char *policy(struct host *host, const char *name, struct arena *arena, struct narrowing *narrowing)
{
    struct registry_value value = {0};
    struct err err = {0};
    bool is_read = host_registry_query(host, POLICY_KEY, name, &value, &err);
    if (!is_read || (value.exists && value.text == NULL)) {
        take(narrowing, arena_format(arena, POLICY_KEY "\\%s", name), "?", arena);
    }
    return is_read && value.exists ? value.text : NULL;
}

void narrow_by_policy(struct host *host, struct arena *arena, struct narrowing *narrowing)
{
    const char *mode = policy(host, "Mode", arena, narrowing);
    const char *findings = policy(host, "DeniedFindings", arena, narrowing);
    const char *nouns = policy(host, "DeniedNouns", arena, narrowing);
    if (mode != NULL) {
        take(narrowing, POLICY_KEY "\\Mode", mode, arena);
    }
    if (findings != NULL) {
        narrowing->findings = narrowing_list(findings, arena, &narrowing->finding_count);
    }
    if (nouns != NULL) {
        narrowing->nouns = narrowing_list(nouns, arena, &narrowing->noun_count);
    }
}

void narrow_by_tag(const char *tag, struct arena *arena, struct narrowing *narrowing)
{
    if (tag != NULL) {
        take(narrowing, "tag azmend", tag, arena);
    }
}
