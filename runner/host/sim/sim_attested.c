/* SPDX-License-Identifier: MIT */
/*
 * The attested document: served as the machine document has it, or signed while it is asked, with the nonce of the
 * query and the time of a right clock, as the service does.
 * Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (attested data: nonce,
 * timeStamp, encoding, signature).
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/sim/certificate.h"

enum { VALID_SECONDS = 6 * 3600, PEM_MAX = 2 * LIMIT_CERTIFICATE_BYTES }; /* the page's second sample: six hours */

struct attested {
    const char *certificate, *key, *extra;
    const struct json *content;
};

static const struct field items[] = {
    TEXT_FIELD("certificate", struct attested, certificate, FIELD_REQUIRED, 1, PEM_MAX,
               "the signer's: PEM, or DER as base64"),
    TEXT_FIELD("key", struct attested, key, FIELD_REQUIRED, 1, PEM_MAX, "its private key, PEM"),
    TEXT_FIELD("extra", struct attested, extra, 0, 0, PEM_MAX, "a further certificate that goes along"),
    JSON_FIELD("content", struct attested, content, FIELD_REQUIRED, NULL,
               "what is signed; nonce and timeStamp are added unless they stand here"),
};
const struct fields sim_attested_fields =
    FIELDS("attested", struct attested, items, "an attested document that is signed when it is asked for");

/* "01/15/26 08:00:00 -0000" */
static const char *stamp(struct arena *arena, int64_t seconds)
{
    const char *text = clock_format_utc(arena, seconds * 1000); /* 2026-01-15T08:00:00Z */
    return arena_format(arena, "%.2s/%.2s/%.2s %.8s -0000", text + 5, text + 8, text + 2, text + 11);
}

/* The query's, else the time, as the service puts it. */
static const char *nonce_of(struct sim *sim, const char *query)
{
    const char *found = strstr(query, "nonce=");
    if (found != NULL) {
        found += strlen("nonce=");
        return arena_copy(sim->arena, found, strcspn(found, "&"));
    }
    const char *text = clock_format_utc(sim->arena, sim_clock_right(sim) * 1000);
    return arena_format(sim->arena, "%.4s%.2s%.2s-%.2s%.2s%.2s", text, text + 5, text + 8, text + 11, text + 14,
                        text + 17);
}

static const char *content_of(struct sim *sim, const struct json *content, const char *query)
{
    struct buf text AUTO(buf_clear);
    struct writer writer;
    buf_init(&text, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &text, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    if (json_find(content, "nonce") == NULL) {
        writer_named_text(&writer, "nonce", nonce_of(sim, query));
    }
    if (json_find(content, "timeStamp") == NULL) {
        int64_t now = sim_clock_right(sim);
        writer_name(&writer, "timeStamp");
        writer_open_object(&writer);
        writer_named_text(&writer, "createdOn", stamp(sim->arena, now));
        writer_named_text(&writer, "expiresOn", stamp(sim->arena, now + VALID_SECONDS));
        writer_close_object(&writer);
    }
    for (uint32_t i = 0; i < content->count; i++) {
        writer_name(&writer, content->as.items[i].name);
        sim_write_json(&writer, &content->as.items[i], sim->arena);
    }
    writer_close_object(&writer);
    return arena_copy(sim->arena, buf_string(&text), text.size);
}

static bool sign(struct sim *sim, const struct attested *attested, const char *query, const struct json **ret_document,
                 struct err *err)
{
    const struct json_source source = {.file = "attested document", .limit = LIMIT_MACHINE_BYTES};
    const struct sim_signing signing = {
        .certificate = attested->certificate, .key = attested->key, .extra = attested->extra};
    const char *message = NULL;
    if (!sim_crypto_sign(sim->arena, &signing, content_of(sim, attested->content, query), &message, err)) {
        return false;
    }
    const char *text = arena_format(sim->arena, "{\"encoding\":\"pkcs7\",\"signature\":\"%s\"}", message);
    return json_load(text, strlen(text), &source, sim->arena, ret_document, err);
}

static bool decode(struct sim *sim, struct attested *ret_attested, struct err *err)
{
    return fields_decode(&sim_attested_fields, sim->document.network.imds.attested, sim->file, sim->arena, ret_attested,
                         err) &&
           json_want(ret_attested->content, JSON_OBJECT, sim->file, err);
}

static bool is_to_sign(const struct json *attested)
{
    return attested != NULL && attested->type == JSON_OBJECT && json_find(attested, "content") != NULL;
}

bool sim_attested_load(struct sim *sim, struct err *err)
{
    struct attested attested = {0};
    return !is_to_sign(sim->document.network.imds.attested) || decode(sim, &attested, err);
}

bool sim_attested_make(struct sim *sim, const char *query, const struct json **ret_document, struct err *err)
{
    struct attested attested = {0};
    if (!is_to_sign(sim->document.network.imds.attested)) {
        *ret_document = sim->document.network.imds.attested;
        return true;
    }
    return decode(sim, &attested, err) && sign(sim, &attested, query, ret_document, err);
}
