/* SPDX-License-Identifier: MIT */
/* The test hierarchy and the messages of tests/certificates/certificates.json, by name. */
#ifndef AZMEND_TESTS_CERTIFICATES_H
#define AZMEND_TESTS_CERTIFICATES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "host/base64.h"
#include "host/port.h"
#include "json/json.h"

#define CERTIFICATES_FILE AZMEND_SOURCE_DIR "/tests/certificates/certificates.json"

/* Arena of the caller; the file is read once a suite. */
static const struct json *certificates_json;

static inline void certificates_load(struct arena *arena)
{
    const struct json_source source = {.file = "certificates.json", .limit = LIMIT_MACHINE_BYTES};
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    if (!port_file_read(CERTIFICATES_FILE, LIMIT_MACHINE_BYTES, &bytes, &err) ||
        !json_load(arena_copy(arena, buf_string(&bytes), bytes.size), bytes.size, &source, arena, &certificates_json,
                   &err)) {
        printf("%s\n", err.text);
        abort();
    }
}

static inline const char *certificates_member(const char *list, const char *name, const char *member)
{
    const struct json *found = json_find(json_find(certificates_json, list), name);
    must(found != NULL);
    found = member != NULL ? json_find(found, member) : found;
    must(found != NULL && found->type == JSON_TEXT);
    return found->as.text;
}

/* DER as base64, its thumbprint, its key with its line ends escaped for a JSON text. */
static inline const char *certificate_text(const char *name)
{
    return certificates_member("certificates", name, "certificate");
}

static inline const char *certificate_sha1(const char *name)
{
    return certificates_member("certificates", name, "thumbprint");
}

static inline const char *certificate_key(struct arena *arena, const char *name)
{
    const char *pem = certificates_member("certificates", name, "key");
    char *text = arena_alloc(arena, 2 * strlen(pem) + 1);
    for (char *at = text; *pem != '\0'; pem++) {
        if (*pem == '\n') {
            *at++ = '\\';
        }
        *at++ = *pem == '\n' ? 'n' : *pem;
    }
    return text;
}

static inline const char *message_text(const char *name)
{
    return certificates_member("messages", name, NULL);
}

/* Members of a store of the machine document, from names with blanks between: "'SHA1': {'certificate': '...'}, ..." */
static inline const char *store_members(struct arena *arena, const char *names)
{
    const char *members = "";
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        const char *name = arena_copy(arena, names, length);
        members = arena_format(arena, "%s%s'%s': {'certificate': '%s'}", members, *members != '\0' ? ", " : "",
                               certificate_sha1(name), certificate_text(name));
        names += length + strspn(names + length, " ");
    }
    return members;
}

#endif
