/* SPDX-License-Identifier: MIT */
/*
 * Pieces of real machines (tests/artefacts), through each backend: the simulated machine has them in its document, the
 * stand-in of the event log answers from the file, Windows reads the certificates and finds the rules in its registry.
 * Above each row is what was believed before, and what it fails with.
 */
#include "contract_artefacts.h"

#include <string.h>

#include "artefacts.h"
#include "base/limits.h"
#include "contract.h"
#include "events_given.h"
#include "host/nouns/certificate/certificate.h"

enum { MOST = 64, REQUEST_FIELDS = 10, ANSWER_FIELDS = 8, PRODUCT_FIELD = 9, LARGEST_DUMP = 8642 };

#define SPP "Provider[@Name='Microsoft-Windows-Security-SPP']"
#define REQUESTS "*[System[" SPP " and (EventID=12288 or EventID=12289)]]"
#define SERVER_PRODUCT "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03" /* Server 2022 Datacenter, in the artefact's README */
#define WINDOWS "55c92734-d682-4d71-983e-d6ec3f16059f"

static size_t ask(struct contract *contract, const char *name, const char *xpath, struct events_given *given)
{
    const struct event_query query = {
        .channel = arena_format(contract->arena, CONTRACT_ARTEFACT "%s", name), .xpath = xpath, .most = MOST};
    *given = (struct events_given){.arena = contract->arena};
    EXPECT(contract, events_ask(contract->ops, contract->backend, &query, given, &contract->err));
    return given->items.count;
}

static struct event_record read(struct contract *contract, const struct events_given *given, size_t index)
{
    struct event_record event = {0};
    const char *xml = index < given->items.count ? events_at(given, index) : "";
    EXPECT(contract, event_parse(xml, strlen(xml), contract->arena, &event, &contract->err));
    return event;
}

/* Field by its number, from 1; "" behind the last one. */
static const char *field_of(struct contract *contract, const char *data, size_t wanted, size_t *ret_count)
{
    const char *found = "";
    *ret_count = 0;
    while (*data != '\0') {
        size_t size = strcspn(data, ",");
        *ret_count += 1;
        found = *ret_count == wanted ? arena_copy(contract->arena, data, size) : found;
        data += size + strspn(data + size, ", ");
    }
    return found;
}

/*
 * Believed: codes as 0x0; a Data for each field; the source's name, which is EventSourceName, as the provider; an
 * answer before a second is over told by its time. claim: events.one-data-with-commas, events.product-is-ninth-field
 */
static void requests_and_answers(struct contract *contract)
{
    struct events_given given;
    EXPECT(contract, ask(contract, "server-2022-kms-client", REQUESTS, &given) == 6);
    for (size_t i = 0; i + 1 < given.items.count; i += 2) {
        struct event_record answer = read(contract, &given, i), request = read(contract, &given, i + 1);
        size_t answers = 0, requests = 0;
        EXPECT(contract, answer.id == 12289 && request.id == 12288 && answer.data_count == 1);
        EXPECT(contract, request.data_count == 1 && answer.record_id == request.record_id + 1);
        if (answer.data_count != 1 || request.data_count != 1) {
            return;
        }
        EXPECT(contract, text_same(field_of(contract, answer.data[0], 1, &answers), "0x00000000"));
        EXPECT(contract, text_same(field_of(contract, request.data[0], PRODUCT_FIELD, &requests), SERVER_PRODUCT));
        EXPECT(contract, answers == ANSWER_FIELDS && requests == REQUEST_FIELDS);
        EXPECT(contract, answer.utc_ms > request.utc_ms && answer.utc_ms - request.utc_ms < 1000);
    }
}

/* Believed: what a server logs besides is a few events, so that all are asked for. Seven ids are. */
static void only_what_is_asked_for(struct contract *contract)
{
    struct events_given given;
    EXPECT(contract, ask(contract, "server-2022-kms-client", "*", &given) == 44);
    struct event_record newest = read(contract, &given, 0), oldest = read(contract, &given, 43);
    EXPECT(contract, newest.record_id > oldest.record_id && oldest.id == 16394 && oldest.record_id == 8024);
    EXPECT(contract, ask(contract, "server-2022-kms-client", "*[System[" SPP " and (EventID=1003)]]", &given) == 4);
    EXPECT(contract, ask(contract, "server-2022-kms-client",
                         "*[System[Provider[@Name='Software Protection Platform Service']]]", &given) == 0);
}

/* Believed: an event fits into the first buffer, and a status dump is a line. claim: events.size */
static void largest_dump(struct contract *contract)
{
    struct events_given given;
    EXPECT(contract, ask(contract, "windows-10-largest-1003", "*[System[" SPP " and (EventID=1003)]]", &given) == 1);
    struct event_record dump = read(contract, &given, 0);
    EXPECT(contract, given.items.count == 1 && strlen(events_at(&given, 0)) == LARGEST_DUMP);
    EXPECT(contract, dump.data_count == 2 && text_same(dump.data[0], WINDOWS));
    EXPECT(contract, dump.data_count == 2 && text_contains(dump.data[1], "\n75: "));
}

/* Believed: the first Data of 8198 is the code alone; the end of an event is its EventData.
 * claim: events.8198-begins-hr */
static void forwarded(struct contract *contract)
{
    struct events_given given;
    EXPECT(contract, ask(contract, "windows-10-forwarded", "*[System[" SPP " and (EventID=8198)]]", &given) == 1);
    struct event_record failure = read(contract, &given, 0);
    EXPECT(contract, failure.data_count == 2 && text_same(failure.data[0], "hr=0x800704CF"));
    EXPECT(contract, failure.data_count == 2 && text_contains(failure.data[1], "AppId=" WINDOWS ";"));
}

/* Believed: EventData has data. */
static void no_data(struct contract *contract)
{
    struct events_given given;
    EXPECT(contract, ask(contract, "windows-10-first-boot", "*[System[(EventID=8224 or EventID=8206)]]", &given) == 2);
    EXPECT(contract, read(contract, &given, 0).data_count == 0 && read(contract, &given, 1).data_count == 0);
}

/* Believed: one address for the issuer; the subject has an organization. claim: certificates.several-issuer-urls */
static void signers(struct contract *contract)
{
    static const struct {
        const char *file, *common_name, *issuer, *url;
        size_t urls;
    } rows[] = {
        {"public-2026", "metadata.azure.com", "Microsoft TLS G2 RSA CA OCSP 02", "http://caissuers.microsoft.com/", 2},
        {"public-2022", "metadata.azure.com", "Microsoft RSA TLS CA 01", "http://www.microsoft.com/", 1},
        {"usgov-2023", "metadata.azure.us", "Microsoft Azure TLS Issuing CA 05", "http://www.microsoft.com/", 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = 0, der_size = 0;
        const uint8_t *der = NULL;
        struct certificate signer = {0};
        const char *file = arena_format(contract->arena, "certificates/attested-signer-%s.pem", rows[i].file);
        const char *pem = artefact_read(contract->arena, file, &size);
        certificate_der(contract->arena, pem, size, &der, &der_size);
        EXPECT(contract, contract->ops->certificate->read(contract->backend, der, der_size, contract->arena, &signer,
                                                          &contract->err));
        EXPECT(contract, signer.exists && text_same(signer.common_name, rows[i].common_name));
        EXPECT(contract, text_same(signer.issuer_name, rows[i].issuer) && signer.issuer_urls.count == rows[i].urls);
        EXPECT(contract, signer.issuer_urls.count == rows[i].urls &&
                             text_starts(signer.issuer_urls.items[rows[i].urls - 1], rows[i].url));
    }
}

static const struct firewall_rule *rule_of(const struct firewall_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->rule_count; i++) {
        if (facts->rules[i].store == FIREWALL_POLICY && text_same(facts->rules[i].name, name)) {
            return &facts->rules[i];
        }
    }
    return NULL;
}

/* Believed: members are those of v2.10 in a fixed order; what is not known makes no rule; a package has an AppPkgId. */
static void stored_rules(struct contract *contract)
{
    const struct json *rows = artefact_json(contract->arena, "firewall/rules.json");
    struct firewall_facts facts = {0};
    size_t counted = 0;
    EXPECT(contract, rows != NULL && rows->count == 18);
    EXPECT(contract, contract->ops->firewall->query(contract->backend, contract->arena, &facts, &contract->err));
    for (size_t i = 0; rows != NULL && i < rows->count; i++) {
        const struct json *row = &rows->as.items[i], *read = json_find(row, "read");
        const char *name = contract_artefact_member(contract->arena, json_find(row, "rule")->as.text, "Name");
        const struct firewall_rule *rule = rule_of(&facts, name);
        bool is_counted = contract_artefact_counts(row);
        counted += is_counted ? 1 : 0;
        contract_expect(contract, (rule != NULL) == is_counted, name, __LINE__);
        contract_expect(contract, rule == NULL || artefact_rule_is(read, rule), name, __LINE__);
        contract_expect(contract, rule == NULL || artefact_place_is(read, rule), name, __LINE__);
    }
    EXPECT(contract, counted > 5 && !facts.is_cut);
}

/* What a row needs of the machine is there for this row alone. */
#define ROW(name)                                                                                                      \
    static void name##_row(struct contract *contract)                                                                  \
    {                                                                                                                  \
        struct contract_artefacts before = {0};                                                                        \
        EXPECT(contract, contract_artefacts_open(contract, &before));                                                  \
        name(contract);                                                                                                \
        contract_artefacts_close(contract, &before);                                                                   \
    }
ROW(requests_and_answers)
ROW(only_what_is_asked_for)
ROW(largest_dump)
ROW(forwarded)
ROW(no_data)
ROW(stored_rules)

const struct contract_row contract_artefacts[] = {
    {"artefacts: requests of a real KMS client and their answers", requests_and_answers_row},
    {"artefacts: the log of a real server, whole and filtered", only_what_is_asked_for_row},
    {"artefacts: the largest status dump", largest_dump_row},
    {"artefacts: a forwarded 8198", forwarded_row},
    {"artefacts: events without data", no_data_row},
    {"artefacts: signers of real attested documents", signers},
    {"artefacts: firewall rules as they are stored", stored_rules_row},
    {NULL, NULL},
};
