/* SPDX-License-Identifier: MIT */
/* Pieces of real machines (tests/artefacts) are read as they are: firewall rules and signers of attested documents. */
#include <stdio.h>

#include "artefacts.h"
#include "base/text.h"
#include "host/host_ops.h"
#include "host/nouns/certificate/certificate.h"
#include "host/nouns/event/event.h"
#include "host/nouns/firewall/firewall.h"
#include "host/nouns/licensing/licensing.h"
#include "json/json.h"
#include "licensing_fixture.h"
#include "unit.h"

void suite_artefacts(void);

#define MACHINE                                                                                                        \
    "{\"machine\": \"azmend.machine/1\", \"about\": \"test\", \"clock\": {\"utc\": \"2026-07-20T08:00:00Z\","          \
    " \"uptimeSeconds\": 1}}"

/* --- firewall rules --- */
/* claim: firewall.rule-grammar */

static void firewall_rules_of_real_machines(void)
{
    struct fixture fixture AUTO(fixture_close);
    const struct json *rows = NULL;
    struct err err = {0};
    size_t size = 0;
    fixture_machine(&fixture, MACHINE);
    const char *text = artefact_read(&fixture.arena, "firewall/rules.json", &size);
    const struct json_source source = {.file = "rules.json", .limit = ARTEFACT_BYTES};
    CU_ASSERT_FATAL(json_load(text, size, &source, &fixture.arena, &rows, &err) && rows->count == 18);
    for (size_t i = 0; i < rows->count; i++) {
        const char *stored = json_find(&rows->as.items[i], "rule")->as.text;
        struct firewall_rule rule = {0};
        const struct json *read = json_find(&rows->as.items[i], "read");
        bool has_version = text_starts(stored, "v2."); /* one of a public script has a word in its place: no rule */
        ROW_ASSERT(stored, firewall_rule_parse(&fixture.arena, FIREWALL_LOCAL, stored, &rule) == has_version);
        ROW_ASSERT(stored, !has_version || (artefact_rule_is(read, &rule) && artefact_place_is(read, &rule)));
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
            artefact_read(&fixture.arena, arena_format(&fixture.arena, "certificates/%s", rows[i].file), &size);
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

/* --- events: what the simulated machine logs has the form of what a server logged --- */
/* claim: events.one-data-with-commas, claim: events.request-state */

/* The newest event of this id: the text of its one Data. */
struct newest {
    struct arena arena;
    uint32_t id;
    const char *data;
};

static bool keep_newest(void *context, const struct event_record *event)
{
    struct newest *newest = context;
    if (event->id == newest->id && newest->data == NULL && event->data_count == 1) {
        newest->data = arena_text(&newest->arena, event->data[0]);
    }
    return true;
}

static const char *real_data(struct fixture *fixture, uint32_t id)
{
    const struct json *list = NULL;
    struct event_record event = {0};
    size_t size = 0;
    const char *text = artefact_read(&fixture->arena, "events/server-2022-kms-client.json", &size);
    const struct json_source source = {.file = "events", .limit = ARTEFACT_BYTES};
    CU_ASSERT_FATAL(json_load(text, size, &source, &fixture->arena, &list, &fixture->err));
    for (size_t i = 0; i < list->count; i++) {
        const char *xml = list->as.items[i].as.text;
        if (event_parse(xml, strlen(xml), &fixture->arena, &event, &fixture->err) && event.id == id) {
            return event.data_count == 1 ? event.data[0] : NULL;
        }
    }
    return NULL;
}

static void an_activation_logs_as_a_server_does(void)
{
    static const uint32_t ids[] = {12288, 12289};
    struct fixture fixture AUTO(fixture_close);
    fixture_quoted(&fixture, LICENSING_MACHINE("", "", "", KMS_CLIENT("5"), ""));
    CU_ASSERT_FATAL(host_licensing_activate(&fixture.host, SKU, &fixture.err));
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct newest newest = {.id = ids[i]};
        struct event_reading reading = {0};
        const struct event_taker taker = {.context = &newest, .take = keep_newest};
        const char *xpath = arena_format(
            &fixture.arena, "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=%u)]]", ids[i]);
        CU_ASSERT_FATAL(arena_open(&newest.arena, ARTEFACT_BYTES, &fixture.err));
        CU_ASSERT(host_event_read(&fixture.host,
                                  &(struct event_query){.channel = "Application", .xpath = xpath, .most = 8}, &taker,
                                  &reading, &fixture.err));
        const char *real = real_data(&fixture, ids[i]);
        CU_ASSERT_FATAL(newest.data != NULL && real != NULL);
        CU_ASSERT(artefact_form_is(&fixture.arena, newest.data, real));
        arena_close(&newest.arena);
    }
}

/* --- values of the licensing provider that mislead --- */
/* claim: wmi.not-applicable, claim: wmi.service-port-reads-1688, claim: wmi.effective-kms-host */

static struct {
    int64_t port, minutes;
    const char *product_host;
} misleading;

static bool give_misleading_service(void *backend, struct arena *arena, struct licensing_service *ret_service,
                                    struct err *err)
{
    bool given = sim_ops.licensing->service(backend, arena, ret_service, err);
    ret_service->kms_port = misleading.port;
    return given;
}

static bool give_misleading_products(void *backend, struct arena *arena, struct licensing_products *ret_products,
                                     struct err *err)
{
    struct licensing_products products = {0};
    if (!sim_ops.licensing->products(backend, arena, &products, err)) {
        return false;
    }
    struct licensing_product *items = arena_array(arena, products.count, sizeof *items);
    for (size_t i = 0; i < products.count; i++) {
        items[i] = products.items[i];
        items[i].kms_host = misleading.product_host;
        items[i].kms_port = misleading.port;
        items[i].grace_minutes = misleading.minutes;
        items[i].extended_minutes = misleading.minutes;
    }
    *ret_products = (struct licensing_products){.items = items, .count = products.count};
    return true;
}

/* What is set is what the registry says, and what does not apply is absent. */
static void check_misleading(const char *name)
{
    static struct host_ops ops;
    static struct licensing_ops licensing;
    struct fixture fixture AUTO(fixture_close);
    fixture_quoted(&fixture, LICENSING_MACHINE("", "", "", KMS_CLIENT("1"), ""));
    ops = sim_ops;
    licensing = *sim_ops.licensing;
    licensing.service = give_misleading_service;
    licensing.products = give_misleading_products;
    ops.licensing = &licensing;
    fixture.host.ops = &ops;
    ROW_ASSERT(name, fixture_look(&fixture, &kind_kms_target));
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_kms_target, "scope"), "root"));
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_kms_target, "skuHost"), "absent"));
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_kms_target, "rootPort"), "absent"));
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_kms_target, "port"), "1688"));
    ROW_ASSERT(name, fixture_look(&fixture, &kind_license));
    bool applies = misleading.minutes != UINT32_MAX;
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_license, "graceMinutes"), applies ? "230400" : "absent"));
    ROW_ASSERT(name, text_same(shown(&fixture, &kind_license, "expiresInDays"), applies ? "160" : "absent"));
}

static void values_that_mislead(void)
{
    struct fixture fixture AUTO(fixture_close);
    const struct json *rows = NULL;
    size_t size = 0, ports = 0, inapplicable = 0;
    fixture_machine(&fixture, MACHINE);
    const char *text = artefact_read(&fixture.arena, "wmi/values.json", &size);
    const struct json_source source = {.file = "values.json", .limit = ARTEFACT_BYTES};
    CU_ASSERT_FATAL(json_load(text, size, &source, &fixture.arena, &rows, &fixture.err));
    for (size_t i = 0; i < rows->count; i++) {
        const struct json *row = &rows->as.items[i], *value = json_find(row, "value");
        const char *property = json_find(row, "property")->as.text;
        bool is_port = text_same(property, "KeyManagementServicePort");
        bool is_inapplicable = value->type == JSON_INT && value->as.integer == UINT32_MAX;
        misleading.port = is_port ? value->as.integer : 0;
        misleading.minutes = is_inapplicable ? value->as.integer : 230400;
        misleading.product_host = "kms.example"; /* the root's */
        check_misleading(property);
        ports += is_port ? 1 : 0;
        inapplicable += is_inapplicable ? 1 : 0;
    }
    CU_ASSERT(ports == 2 && inapplicable == 2);
}

void suite_artefacts(void)
{
    UNIT_SUITE("artefacts of real machines", UNIT_TEST(firewall_rules_of_real_machines),
               UNIT_TEST(signers_of_real_documents), UNIT_TEST(an_activation_logs_as_a_server_does),
               UNIT_TEST(values_that_mislead));
}
