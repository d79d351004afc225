/* SPDX-License-Identifier: MIT */
#include "kinds/azure/attestation.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/base64.h"
#include "host/nouns/clock/clock.h"
#include "kinds/azure/imds.h"

bool attestation_bytes(struct arena *arena, const struct json *answer, const uint8_t **ret_bytes, size_t *ret_size,
                       const char **ret_flaw)
{
    const char *encoding = imds_text(answer, "encoding");
    const char *signature = imds_text(answer, "signature");
    if (encoding == NULL || !text_equal(encoding, "pkcs7")) {
        *ret_flaw = "its encoding is not pkcs7";
    } else if (signature == NULL || *signature == '\0') {
        *ret_flaw = "it has no signature";
    } else if (!base64_decode(arena, signature, ret_bytes, ret_size)) {
        *ret_flaw = "its signature is not base64";
    } else {
        return true;
    }
    return false;
}

/* Two digits; -1: not. */
static int64_t two_digits(const char *text)
{
    bool are_digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return are_digits ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

int64_t attestation_time(const char *text)
{
    static const char form[] = "00/00/00 00:00:00 -0000";
    static const struct {
        size_t at;
        int64_t min, max;
    } parts[] = {{0, 1, 12}, {3, 1, 31}, {6, 0, 99}, {9, 0, 23}, {12, 0, 59}, {15, 0, 60}};
    int64_t numbers[COUNT_OF(parts)];
    if (text == NULL || strlen(text) != sizeof form - 1 || strcmp(text + 17, form + 17) != 0) {
        return -1;
    }
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        numbers[i] = two_digits(text + parts[i].at);
        bool is_parted = i + 1 == COUNT_OF(parts) || text[parts[i].at + 2] == form[parts[i].at + 2];
        if (!is_parted || numbers[i] < parts[i].min || numbers[i] > parts[i].max) {
            return -1;
        }
    }
    int64_t days = clock_days(2000 + numbers[2], numbers[0], numbers[1]);
    return ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5];
}

bool attestation_content(struct arena *arena, const char *content, size_t size, struct attested_content *ret_content)
{
    const struct json_source source = {.file = "attested document", .limit = LIMIT_IMDS_BYTES};
    const struct json *document = NULL;
    struct err err = {0};
    if (!json_load(content, size, &source, arena, &document, &err) || document->type != JSON_OBJECT) {
        return false;
    }
    const struct json *stamp = json_find(document, "timeStamp");
    *ret_content = (struct attested_content){
        .nonce = imds_text(document, "nonce"),
        .vm_id = imds_text(document, "vmId"),
        .created_on = attestation_time(stamp != NULL ? imds_text(stamp, "createdOn") : NULL),
        .expires_on = attestation_time(stamp != NULL ? imds_text(stamp, "expiresOn") : NULL),
    };
    return true;
}

const char *attestation_host(struct arena *arena, const char *url)
{
    static const char scheme[] = "http://";
    bool is_clean = strpbrk(url, " \t\r\n") == NULL && text_is_ascii(url);
    if (!is_clean || !text_starts(url, scheme)) {
        return NULL;
    }
    url += sizeof scheme - 1;
    size_t length = strcspn(url, "/?#");
    const char *host = arena_copy(arena, url, length);
    return shape_accepts(SHAPE_HOST, host) ? host : NULL;
}
