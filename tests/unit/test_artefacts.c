/* SPDX-License-Identifier: MIT */
/* Pieces of real machines (tests/artefacts) are read as they are: firewall rules and signers of attested documents. */
#include <stdio.h>

#include "base/text.h"
#include "host/certificate.h"
#include "host/firewall.h"
#include "json/json.h"
#include "kinds_fixture.h"
#include "unit.h"

void suite_artefacts(void);

#define ARTEFACTS AZMEND_SOURCE_DIR "/tests/artefacts/"
#define MACHINE                                                                                                        \
    "{\"machine\": \"azmend.machine/1\", \"about\": \"test\", \"clock\": {\"utc\": \"2026-07-20T08:00:00Z\","          \
    " \"uptimeSeconds\": 1}}"
enum { FILE_BYTES = 64 * 1024 };

/* The whole file with a NUL behind it; the size is 0 when it cannot be read. */
static const char *read_artefact(struct arena *arena, const char *name, size_t *ret_size)
{
    char *bytes = arena_alloc(arena, FILE_BYTES);
    FILE *file = fopen(arena_format(arena, ARTEFACTS "%s", name), "rb");
    *ret_size = file != NULL ? fread(bytes, 1, FILE_BYTES - 1, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    bytes[*ret_size] = '\0';
    return bytes;
}

/* --- firewall rules --- */

static bool says(const struct json *read, const char *member, const char *text)
{
    const struct json *wanted = json_find(read, member);
    return wanted == NULL || (text != NULL && text_equal(wanted->as.text, text));
}

/* The artefact names a program by its last part, and not always where it names a service. */
static bool is_program(const struct json *read, const char *application)
{
    const struct json *wanted = json_find(read, "application");
    return wanted == NULL ? application == NULL || json_find(read, "service") != NULL
                          : application != NULL && text_ends(application, wanted->as.text);
}

static bool is_read_right(const struct json *read, const struct firewall_rule *rule)
{
    const struct json *active = json_find(read, "active"), *protocol = json_find(read, "protocol");
    return active != NULL && active->as.boolean == rule->enabled && protocol != NULL &&
           protocol->as.integer == rule->protocol && says(read, "action", rule->allows ? "allow" : "block") &&
           says(read, "direction", rule->outbound ? "out" : "in") && is_program(read, rule->application);
}

static void firewall_rules_of_real_machines(void)
{
    struct fixture fixture AUTO(fixture_close);
    const struct json *rows = NULL;
    struct err err = {0};
    size_t size = 0;
    fixture_machine(&fixture, MACHINE);
    const char *text = read_artefact(&fixture.arena, "firewall/rules.json", &size);
    const struct json_source source = {.file = "rules.json", .limit = FILE_BYTES};
    CU_ASSERT_FATAL(json_load(text, size, &source, &fixture.arena, &rows, &err) && rows->count == 18);
    for (size_t i = 0; i < rows->count; i++) {
        const char *stored = json_find(&rows->as.items[i], "rule")->as.text;
        struct firewall_rule rule = {0};
        const struct json *read = json_find(&rows->as.items[i], "read");
        bool has_version = text_starts(stored, "v2."); /* one of a public script has a word in its place: no rule */
        ROW_ASSERT(stored, firewall_rule_parse(&fixture.arena, FIREWALL_LOCAL, stored, &rule) == has_version);
        ROW_ASSERT(stored, !has_version || is_read_right(read, &rule));
    }
}

/* --- signers of attested documents --- */

static void signers_of_real_documents(void)
{
    static const struct {
        const char *file, *common_name, *issuer, *urls[2];
        size_t url_count;
    } rows[] = {
        {"attested-signer-public-2026.pem",
         "metadata.azure.com",
         "Microsoft TLS G2 RSA CA OCSP 02",
         {"http://www.microsoft.com/", "http://caissuers.microsoft.com/"},
         2},
        {"attested-signer-public-2022.pem",
         "metadata.azure.com",
         "Microsoft RSA TLS CA 01",
         {"http://www.microsoft.com/", NULL},
         1},
        {"attested-signer-usgov-2023.pem",
         "metadata.azure.us",
         "Microsoft Azure TLS Issuing CA 05",
         {"http://www.microsoft.com/", NULL},
         1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct certificate certificate = {0};
        struct err err = {0};
        size_t size = 0;
        fixture_machine(&fixture, MACHINE);
        const char *pem =
            read_artefact(&fixture.arena, arena_format(&fixture.arena, "certificates/%s", rows[i].file), &size);
        ROW_ASSERT(rows[i].file, host_certificate_read(&fixture.host, (const uint8_t *)pem, size, &certificate, &err));
        ROW_ASSERT(rows[i].file, certificate.exists);
        ROW_ASSERT(rows[i].file, text_same(certificate.common_name, rows[i].common_name));
        ROW_ASSERT(rows[i].file, text_same(certificate.issuer_name, rows[i].issuer));
        ROW_ASSERT(rows[i].file, certificate.issuer_urls.count == rows[i].url_count);
        for (size_t j = 0; j < certificate.issuer_urls.count && j < rows[i].url_count; j++) {
            ROW_ASSERT(rows[i].file, text_starts(certificate.issuer_urls.items[j], rows[i].urls[j]));
        }
    }
}

void suite_artefacts(void)
{
    UNIT_SUITE("artefacts of real machines", UNIT_TEST(firewall_rules_of_real_machines),
               UNIT_TEST(signers_of_real_documents));
}
