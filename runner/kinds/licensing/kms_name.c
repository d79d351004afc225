/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/kms_name.h"

#include <string.h>

#include "base/text.h"

#define AROUND " \t\r\n\"'"
#define SCHEME "://"

/* A run of the stored text. */
struct part {
    const char *begin, *end;
};

static void trim(struct part *part)
{
    while (part->begin < part->end && strchr(AROUND, *part->begin) != NULL) {
        part->begin++;
    }
    while (part->end > part->begin && strchr(AROUND, part->end[-1]) != NULL) {
        part->end--;
    }
}

static const char *find_byte(const struct part *part, char byte)
{
    return memchr(part->begin, byte, (size_t)(part->end - part->begin));
}

static void drop_scheme_and_path(struct part *part)
{
    const char *scheme = strstr(part->begin, SCHEME);
    if (scheme != NULL && scheme < part->end) {
        part->begin = scheme + strlen(SCHEME);
    }
    const char *path = find_byte(part, '/');
    part->end = path != NULL ? path : part->end;
}

/* "[v6]:port", "[v6]", "name:port"; more than one colon without brackets is an IPv6 literal. */
static void drop_port(struct part *part)
{
    const char *bracket = find_byte(part, ']');
    if (part->begin < part->end && *part->begin == '[' && bracket != NULL) {
        part->begin++;
        part->end = bracket;
        return;
    }
    const char *colon = find_byte(part, ':');
    if (colon != NULL && memchr(colon + 1, ':', (size_t)(part->end - colon - 1)) == NULL) {
        part->end = colon;
    }
}

const char *kms_name_meant(struct arena *arena, const char *stored)
{
    struct part part = {stored, stored + strlen(stored)};
    trim(&part);
    drop_scheme_and_path(&part);
    drop_port(&part);
    trim(&part);
    while (part.end > part.begin && part.end[-1] == '.') {
        part.end--;
    }
    return part.begin == part.end ? stored : arena_copy(arena, part.begin, (size_t)(part.end - part.begin));
}
