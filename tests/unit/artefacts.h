/* SPDX-License-Identifier: MIT */
/* Pieces of real machines (tests/artefacts): read, and compared with what azmend makes of them. */
#ifndef AZMEND_TESTS_ARTEFACTS_H
#define AZMEND_TESTS_ARTEFACTS_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "json/json.h"

#define ARTEFACTS AZMEND_SOURCE_DIR "/tests/artefacts/"
enum { ARTEFACT_BYTES = 64 * 1024 };

/* The whole file with a NUL behind it; the size is 0 when it cannot be read. */
static inline const char *artefact_read(struct arena *arena, const char *name, size_t *ret_size)
{
    char *bytes = arena_alloc(arena, ARTEFACT_BYTES);
    FILE *file = fopen(arena_format(arena, ARTEFACTS "%s", name), "rb");
    *ret_size = file != NULL ? fread(bytes, 1, ARTEFACT_BYTES - 1, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    bytes[*ret_size] = '\0';
    return bytes;
}

/* NULL: it cannot be read. */
static inline const struct json *artefact_json(struct arena *arena, const char *name)
{
    const struct json *json = NULL;
    struct err err = {0};
    size_t size = 0;
    const char *text = artefact_read(arena, name, &size);
    const struct json_source source = {.file = name, .limit = ARTEFACT_BYTES};
    return json_load(text, size, &source, arena, &json, &err) ? json : NULL;
}

/* --- firewall rules --- */

static inline bool artefact_says(const struct json *read, const char *member, const char *text)
{
    const struct json *wanted = json_find(read, member);
    return wanted == NULL || (text != NULL && text_equal(wanted->as.text, text));
}

/* The artefact names a program by its last part, and not always where it names a service. */
static inline bool artefact_program_is(const struct json *read, const char *application)
{
    const struct json *wanted = json_find(read, "application");
    return wanted == NULL ? application == NULL || json_find(read, "service") != NULL
                          : application != NULL && text_ends(application, wanted->as.text);
}

static inline bool artefact_rule_is(const struct json *read, const struct firewall_rule *rule)
{
    const struct json *active = json_find(read, "active"), *protocol = json_find(read, "protocol");
    const struct json *package = json_find(read, "package");
    return rule->for_package == (package != NULL && package->as.boolean) && active != NULL &&
           active->as.boolean == rule->enabled && protocol != NULL && protocol->as.integer == rule->protocol &&
           artefact_says(read, "action", rule->allows ? "allow" : "block") &&
           artefact_says(read, "direction", rule->outbound ? "out" : "in") &&
           artefact_program_is(read, rule->application);
}

/* Where it holds, and whether it has conditions that are not told. */
static inline bool artefact_place_is(const struct json *read, const struct firewall_rule *rule)
{
    const struct json *narrower = json_find(read, "narrower"), *ports = json_find(read, "localPorts");
    return artefact_says(read, "remotePorts", rule->remote_ports) && artefact_says(read, "service", rule->service) &&
           ((narrower == NULL && ports == NULL) || rule->is_narrower);
}

/* --- fields of an event's one Data --- */

/* Every digit is 9, a hexadecimal one too. */
static inline const char *artefact_form_of(struct arena *arena, const char *data)
{
    char *form = arena_text(arena, data);
    for (char *at = form; *at != '\0'; at++) {
        *at = strchr("0123456789abcdefABCDEF", *at) != NULL ? '9' : *at;
    }
    return form;
}

/* Field by field. A plain number may be longer there, and a host is another one. */
static inline bool artefact_form_is(struct arena *arena, const char *ours, const char *theirs)
{
    for (size_t field = 0; *ours != '\0' && *theirs != '\0'; field++) {
        size_t our_size = strcspn(ours, ","), their_size = strcspn(theirs, ",");
        const char *one = artefact_form_of(arena, arena_copy(arena, ours, our_size));
        const char *other = artefact_form_of(arena, arena_copy(arena, theirs, their_size));
        bool is_number = strspn(one, " 9") == our_size && strspn(other, " 9") == their_size;
        bool is_host = strchr(other, ':') != NULL && strchr(other, '/') == NULL;
        if (!is_number && !is_host && !text_same(one, other)) {
            printf("\n    field %zu: \"%s\", and on a real server \"%s\"", field, one, other);
            return false;
        }
        ours += our_size + (ours[our_size] == ',' ? 1 : 0);
        theirs += their_size + (theirs[their_size] == ',' ? 1 : 0);
    }
    return *ours == *theirs;
}

#endif
