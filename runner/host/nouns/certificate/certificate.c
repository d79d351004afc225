/* SPDX-License-Identifier: MIT */
/* What can be told of certificates without asking a system. */
#include "host/nouns/certificate/certificate.h"

#include <string.h>

#include "base/text.h"
#include "host/base64.h"
#include "host/hex.h"

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

enum { DER_SEQUENCE = 0x30 };

const char *const certificate_store_names[CERTIFICATE_STORE_COUNT + 1] = {"My",       "CA",         "Root",
                                                                          "AuthRoot", "Disallowed", NULL};

/* Behind a thumbprint's digits or before them: nothing, a blank or colon, or a mark without width (U+200E, U+FEFF). */
static size_t skip_length(const char *text)
{
    static const char *const skipped[] = {" ", ":", "\t", "\xE2\x80\x8E", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < COUNT_OF(skipped); i++) {
        size_t length = strlen(skipped[i]);
        if (strncmp(text, skipped[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

const char *certificate_thumbprint(struct arena *arena, const char *text)
{
    char digits[CERTIFICATE_SHA1_DIGITS + 1] = "";
    size_t count = 0;
    while (*text != '\0') {
        size_t skipped = skip_length(text);
        if (skipped > 0) {
            text += skipped;
            continue;
        }
        if (hex_digit(*text) < 0 || count == CERTIFICATE_SHA1_DIGITS) {
            return NULL;
        }
        digits[count++] = "0123456789ABCDEF"[hex_digit(*text++)];
    }
    return count == CERTIFICATE_SHA1_DIGITS ? arena_text(arena, digits) : NULL;
}

void certificate_der(struct arena *arena, const void *bytes, size_t size, const uint8_t **ret_bytes, size_t *ret_size)
{
    *ret_bytes = bytes;
    *ret_size = size;
    if (size == 0 || ((const uint8_t *)bytes)[0] == DER_SEQUENCE || memchr(bytes, '\0', size) != NULL) {
        return;
    }
    const char *text = arena_copy(arena, bytes, size);
    const char *begin = strstr(text, PEM_BEGIN);
    if (begin != NULL) {
        begin += sizeof PEM_BEGIN - 1;
        const char *end = strstr(begin, PEM_END);
        text = end != NULL ? arena_copy(arena, begin, (size_t)(end - begin)) : begin;
    }
    if (!base64_decode(arena, text, ret_bytes, ret_size)) {
        *ret_bytes = bytes; /* none of them */
    }
}

static bool is_name_or_below(const char *found, const char *name)
{
    size_t length = strlen(found);
    size_t tail = strlen(name);
    return text_equal(found, name) || (length > tail && found[length - tail - 1] == '.' && text_ends(found, name));
}

bool certificate_is_for(const struct certificate *certificate, const char *name)
{
    for (size_t i = 0; i < certificate->dns_names.count; i++) {
        if (is_name_or_below(certificate->dns_names.items[i], name)) {
            return true;
        }
    }
    return certificate->common_name != NULL && is_name_or_below(certificate->common_name, name);
}
