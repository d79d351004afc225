/* SPDX-License-Identifier: MIT */
/* The attested document on the simulated machine: signed when it is asked for, or served as it stands. */
#include "certificates_sim.h"
#include "host/sim/sim.h"
#include "kinds/azure/attestation.h"
#include "kinds_fixture.h"
#include "unit.h"

enum { PARAM_SIGNERS, PARAM_HOSTS };

#define CAISSUERS "caissuers.azmend-test.example"
#define OCSP "ocsp.azmend-test.example"
#define NO_ROOTS                                                                                                       \
    "'HKLM\\\\SOFTWARE\\\\Policies\\\\Microsoft\\\\SystemCertificates\\\\AuthRoot': {'DisableRootAutoUpdate': 1},"

/* A machine: what differs from one on which all is as it should be. NULL: as it should be. */
struct attested_machine {
    const char *ca, *root, *disallowed, *user; /* names, blanks between */
    const char *attested;                      /* the member of imds, ' for " */
    const char *utc;
    const char *registry; /* further keys */
    const char *http;     /* members of network.http */
    const char *imds;     /* instead of the service as documented */
    const char *tcp;      /* members of network.tcp, instead of all open */
};

/* Signed by `signer`, with further members of the content. */
static const char *signed_by(const char *signer, const char *content)
{
    return arena_format(&sim_arena, "{'certificate': '%s', 'key': '%s', 'content': {'vmId': '%s'%s}}",
                        certificate_text(signer), certificate_key(&sim_arena, signer),
                        "02aab8a4-74ef-476e-8182-f6d2ba4166a6", content);
}

static const char *served(const char *message)
{
    return arena_format(&sim_arena, "{'encoding': 'pkcs7', 'signature': '%s'}", message_text(message));
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static const char *network_of(const struct attested_machine *machine)
{
    static const char open[] = "'" CAISSUERS ":80': 'open', '" OCSP ":80': 'open'";
    const char *service = arena_format(&sim_arena, "{'versions': ['2018-10-01', '2021-02-01'], 'attested': %s}",
                                       machine->attested != NULL ? machine->attested : signed_by("leaf", ""));
    return arena_format(&sim_arena,
                        "{'imds': %s, 'resolve': {'system': {'" CAISSUERS "': ['203.0.113.1'], '" OCSP
                        "': ['203.0.113.2']}}, 'tcp': {%s}, 'http': {%s}}",
                        or_else(machine->imds, service), or_else(machine->tcp, open), or_else(machine->http, ""));
}

static const char *machine_text(const struct attested_machine *machine)
{
    const char *stores = arena_format(&sim_arena, "{'CA': {%s}, 'Root': {%s}, 'Disallowed': {%s}, 'userCA': {%s}}",
                                      store_members(&sim_arena, or_else(machine->ca, "issuing cross")),
                                      store_members(&sim_arena, or_else(machine->root, "root")),
                                      store_members(&sim_arena, or_else(machine->disallowed, "")),
                                      store_members(&sim_arena, or_else(machine->user, "")));
    return arena_format(
        &sim_arena,
        "{'machine': 'azmend.machine/1', 'clock': {'utc': '%s'}, 'registry': {%s"
        "'HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Internet Settings\\\\Connections': {},"
        "'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\Session Manager\\\\Environment': {},"
        "'HKLM\\\\SOFTWARE\\\\Policies\\\\Microsoft': {}},"
        "'certificates': %s, 'network': %s}",
        or_else(machine->utc, "2026-01-15T08:00:00Z"), or_else(machine->registry, ""), stores, network_of(machine));
}

static struct value text_list(struct arena *arena, const char *first, const char *second)
{
    struct value *items = arena_array(arena, 2, sizeof *items);
    items[0] = value_text(first);
    items[1] = value_text(second);
    return value_list(TYPE_TEXT, items, second != NULL ? 2 : 1);
}

static void look_at(struct fixture *fixture, const struct attested_machine *machine)
{
    fixture_quoted(fixture, machine_text(machine));
    fixture->params[PARAM_SIGNERS] = text_list(&fixture->arena, "metadata.azure.com", NULL);
    fixture->params[PARAM_HOSTS] = text_list(&fixture->arena, CAISSUERS, OCSP);
    CU_ASSERT(fixture_look(fixture, &kind_azure_attestation));
    if (sim_unscripted(fixture->sim) != NULL) {
        printf("\n    unscripted: %s", sim_unscripted(fixture->sim));
    }
    CU_ASSERT(sim_unscripted(fixture->sim) == NULL);
}

#define HTTP(name) "'http://" CAISSUERS "/" name ".crt'"

static const char *fetchable(const char *names)
{
    const char *members = "";
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        const char *name = arena_copy(&sim_arena, names, length);
        members = arena_format(&sim_arena, "%s%s'http://" CAISSUERS "/%s.crt': {'status': 200, 'body': '%s'}", members,
                               *members != '\0' ? ", " : "", name, certificate_text(name));
        names += length + strspn(names + length, " ");
    }
    return members;
}

static void check(const char *name, const struct attested_machine *machine, const struct expected_cell *cells)
{
    struct fixture fixture AUTO(fixture_close);
    look_at(&fixture, machine);
    ROW_ASSERT(name, cells_match(&fixture, &kind_azure_attestation, cells));
}

#define CELLS(...)                                                                                                     \
    (const struct expected_cell[])                                                                                     \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            NULL, NULL                                                                                                 \
        }                                                                                                              \
    }

static void all_is_well(void)
{
    check("all is well", &(struct attested_machine){0},
          CELLS({"document", "true"}, {"readable", "true"}, {"flaw", "absent"}, {"signature", "true"},
                {"nonce", "true"}, {"current", "true"}, {"vmId", "02aab8a4-74ef-476e-8182-f6d2ba4166a6"},
                {"signer", "metadata.azure.com"}, {"signerKnown", "true"}, {"selfSigned", "false"},
                {"complete", "true"}, {"rootTrusted", "true"}, {"holds", "true"}, {"holdsCached", "true"},
                {"cachedOnly", "false"}, {"holdsFetched", "true"}, {"missingIssuer", "absent"}, {"disallowed", ""},
                {"expiresInDays", "350"}, {"winHttpProxy", "absent"}, {"environmentProxy", "absent"},
                {"proxySwallows", "false"}));
}

/* Each doubt about the document is a fact of its own. */
static void doubtful_documents(void)
{
    check("another nonce", &(struct attested_machine){.attested = signed_by("leaf", ", 'nonce': '1234567890'")},
          CELLS({"signature", "true"}, {"nonce", "false"}, {"current", "true"}, {"holds", "true"}));
    check("no nonce", &(struct attested_machine){.attested = signed_by("leaf", ", 'nonce': null")},
          CELLS({"nonce", "false"}, {"signature", "true"}));
    check("over",
          &(struct attested_machine){
              .attested = signed_by(
                  "leaf",
                  ", 'timeStamp': {'createdOn': '01/14/26 08:00:00 -0000', 'expiresOn': '01/14/26 14:00:00 -0000'}")},
          CELLS({"current", "false"}, {"createdOn", "1768377600"}, {"expiresOn", "1768399200"}, {"nonce", "true"}));
    check("not yet",
          &(struct attested_machine){
              .attested = signed_by(
                  "leaf",
                  ", 'timeStamp': {'createdOn': '01/15/26 08:06:00 -0000', 'expiresOn': '01/15/26 14:00:00 -0000'}")},
          CELLS({"current", "false"}));
    check("a clock that is a little late",
          &(struct attested_machine){
              .attested = signed_by(
                  "leaf",
                  ", 'timeStamp': {'createdOn': '01/15/26 08:04:00 -0000', 'expiresOn': '01/15/26 14:00:00 -0000'}")},
          CELLS({"current", "true"}));
    check("no times", &(struct attested_machine){.attested = signed_by("leaf", ", 'timeStamp': 'soon'")},
          CELLS({"current", "unknown"}, {"createdOn", "unknown"}, {"expiresOn", "unknown"}, {"signature", "true"}));
    check("another signer", &(struct attested_machine){.attested = signed_by("leafOtherName", "")},
          CELLS({"signature", "true"}, {"signerKnown", "false"}, {"signer", "metadata.azure.com.example"},
                {"holds", "true"}, {"hosts", ""}));
    check("a signer that vouches for itself", &(struct attested_machine){.attested = signed_by("extension", "")},
          CELLS({"signature", "true"}, {"signerKnown", "false"}, {"selfSigned", "true"}, {"rootTrusted", "false"},
                {"holds", "false"}, {"missingIssuer", "absent"}));
    check("tampered with", &(struct attested_machine){.attested = served("tampered")},
          CELLS({"readable", "true"}, {"signature", "false"}, {"nonce", "false"}, {"hosts", ""}));
    check("no certificate", &(struct attested_machine){.attested = served("withoutCertificates")},
          CELLS({"readable", "true"}, {"signature", "false"}, {"signer", "unknown"}, {"holds", "unknown"}));
}

/* What is no document is told as that, and nothing below it counts as good or bad. */
static void unreadable_documents(void)
{
    static const struct {
        const char *name, *attested, *flaw;
    } rows[] = {
        {"no members", "{}", "its encoding is not pkcs7"},
        {"another encoding", "{'encoding': 'jws', 'signature': 'AAAA'}", "its encoding is not pkcs7"},
        {"no signature", "{'encoding': 'pkcs7'}", "it has no signature"},
        {"an empty one", "{'encoding': 'pkcs7', 'signature': ''}", "it has no signature"},
        {"a number", "{'encoding': 'pkcs7', 'signature': 7}", "it has no signature"},
        {"base64 cut off", "{'encoding': 'pkcs7', 'signature': 'MIIEEgYJK'}", "its signature is not base64"},
        {"no message", "{'encoding': 'pkcs7', 'signature': 'bm8gbWVzc2FnZQ=='}", "not a message in DER"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check(rows[i].name, &(struct attested_machine){.attested = rows[i].attested},
              CELLS({"document", "true"}, {"readable", "false"}, {"flaw", rows[i].flaw}, {"signature", "unknown"},
                    {"nonce", "unknown"}, {"current", "unknown"}, {"holds", "unknown"}, {"missing", "unknown"},
                    {"expiresInDays", "unknown"}, {"proxySwallows", "false"}));
    }
    check("an envelope", &(struct attested_machine){.attested = served("enveloped")},
          CELLS({"readable", "false"}, {"flaw", "not signed data"}));
    check("content that is not JSON", &(struct attested_machine){.attested = served("notJson")},
          CELLS({"readable", "false"}, {"flaw", "its content is no JSON object"}, {"signature", "unknown"}));
}

static void no_answer(void)
{
    check("IMDS has none", &(struct attested_machine){.attested = "false"},
          CELLS({"document", "false"}, {"readable", "unknown"}, {"holds", "unknown"}));
    check("silence", &(struct attested_machine){.imds = "{'outcome': 'timeout'}"},
          CELLS({"document", "unknown"}, {"signature", "unknown"}, {"holds", "unknown"}));
    check("a megabyte", &(struct attested_machine){.imds = "{'outcome': 'too_large'}"},
          CELLS({"document", "unknown"}, {"holds", "unknown"}));
    check("a proxy's page",
          &(struct attested_machine){.imds = "{'status': 200, 'body': '<html>', 'contentType': 'text/html'}"},
          CELLS({"document", "unknown"}, {"holds", "unknown"}));
}

/* Microsoft's own sample, printed in 2018: read, and told as what it is by now. */
static void sample_of_the_documentation(void)
{
    check("the page's sample", &(struct attested_machine){.attested = served("sample")},
          CELLS({"document", "true"}, {"readable", "true"}, {"signature", "true"}, {"nonce", "false"},
                {"current", "false"}, {"createdOn", "1542751659"}, {"expiresOn", "1542751704"}, {"vmId", "absent"},
                {"signer", "testsubdomain.metadata.azure.com"}, {"signerKnown", "true"}, {"selfSigned", "true"},
                {"complete", "true"}, {"rootTrusted", "false"}, {"holds", "false"}, {"holdsCached", "false"},
                {"holdsFetched", "false"}, {"expiresInDays", "-2583"}));
}

static const char *missing_shown(struct fixture *fixture)
{
    const struct value *cell = cell_named(fixture, &kind_azure_attestation, "missing");
    const char *shown = "";
    for (size_t i = 0; cell->state == VALUE_KNOWN && i < cell->as.list.count; i++) {
        const struct row *row = &cell->as.list.items[i].as.row;
        shown = arena_format(&fixture->arena, "%s%s%s%s", shown, i > 0 ? ", " : "", row->cells[0].as.text,
                             row->cells[1].state == VALUE_KNOWN ? "" : " (not had)");
    }
    return shown;
}

#define CROSS "azmend test TLS root G2"
#define ISSUING "azmend test issuing CA 06"

static void missing_intermediates(void)
{
    static const struct {
        const char *name;
        struct attested_machine machine;
        const char *fetchable, *missing;
        struct expected_cell cells[5];
    } rows[] = {
        {"both, both fetched",
         {.ca = ""},
         "issuing cross",
         CROSS ", " ISSUING,
         {{"holds", "false"}, {"complete", "false"}, {"holdsFetched", "true"}, {"missingIssuer", ISSUING}}},
        {"the upper one",
         {.ca = "issuing"},
         "cross",
         CROSS,
         {{"holds", "false"}, {"holdsFetched", "true"}, {"missingIssuer", CROSS}}},
        {"the lower one", {.ca = "cross"}, "issuing", ISSUING, {{"holdsFetched", "true"}, {"missingIssuer", ISSUING}}},
        {"both, the upper one is not there",
         {.ca = ""},
         "issuing",
         CROSS " (not had), " ISSUING,
         {{"holds", "false"}, {"holdsFetched", "unknown"}}},
        {"cached for the account",
         {.ca = "cross", .user = "issuing"},
         "issuing",
         ISSUING,
         {{"holds", "false"}, {"holdsCached", "true"}, {"cachedOnly", "true"}, {"holdsFetched", "true"}}},
        {"cached, and nothing to be fetched",
         {.ca = "cross", .user = "issuing"},
         "",
         ISSUING,
         {{"holds", "false"}, {"cachedOnly", "true"}, {"holdsFetched", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct attested_machine machine = rows[i].machine;
        const char *others = HTTP("issuing") ": {'status': 404}, " HTTP("cross") ": {'outcome': 'timeout'}";
        machine.http = fetchable(rows[i].fetchable);
        if (strstr(rows[i].fetchable, "issuing") == NULL || strstr(rows[i].fetchable, "cross") == NULL) {
            const char *rest = strstr(rows[i].fetchable, "issuing") != NULL ? HTTP("cross") ": {'status': 404}"
                               : strstr(rows[i].fetchable, "cross") != NULL ? HTTP("issuing") ": {'status': 404}"
                                                                            : others;
            machine.http = arena_format(&sim_arena, "%s%s%s", machine.http, *machine.http != '\0' ? ", " : "", rest);
        }
        look_at(&fixture, &machine);
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_azure_attestation, rows[i].cells));
        ROW_ASSERT(rows[i].name, text_same(missing_shown(&fixture), rows[i].missing));
    }
}

/* What is fetched must be what was looked for; whatever else comes is not taken for it. */
static void wrong_things_fetched(void)
{
    static const char *const bodies[] = {"root", "leaf", "issuingExpired", NULL};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct fixture fixture AUTO(fixture_close);
        const char *body = bodies[i] != NULL ? certificate_text(bodies[i]) : "<html>not here</html>";
        struct attested_machine machine = {
            .ca = "cross", .http = arena_format(&sim_arena, HTTP("issuing") ": {'status': 200, 'body': '%s'}", body)};
        look_at(&fixture, &machine);
        ROW_ASSERT(body, text_same(shown(&fixture, &kind_azure_attestation, "holdsFetched"), "unknown"));
        ROW_ASSERT(body, text_same(missing_shown(&fixture), ISSUING " (not had)"));
    }
}

static void roots(void)
{
    const char *reachable = fetchable("issuing cross");
    check("the root is not there", &(struct attested_machine){.root = "otherRoot", .http = fetchable("root")},
          CELLS({"holds", "false"}, {"complete", "false"}, {"rootTrusted", "unknown"},
                {"missingIssuer", "azmend test root G2"}, {"missing", ""}, {"holdsFetched", "unknown"}));
    check("and Windows must not fetch it",
          &(struct attested_machine){.root = "otherRoot", .http = fetchable("root"), .registry = NO_ROOTS},
          CELLS({"holds", "false"}, {"rootTrusted", "false"}, {"holdsFetched", "false"}));
    check("an intermediate is disallowed", &(struct attested_machine){.disallowed = "cross", .http = reachable},
          CELLS({"holds", "false"}, {"complete", "true"}, {"rootTrusted", "true"},
                {"disallowed", certificate_sha1("cross")}));
    check("an intermediate has expired",
          &(struct attested_machine){.attested = signed_by("leafOfExpired", ""), .ca = "issuingExpired cross"},
          CELLS({"holds", "false"}, {"complete", "true"}, {"expiresInDays", "-380"}));
}

static void hosts(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct attested_machine machine = {.tcp = "'" CAISSUERS ":80': 'timeout', '" OCSP ":80': 'open'"};
    look_at(&fixture, &machine);
    const struct value *cell = cell_named(&fixture, &kind_azure_attestation, "hosts");
    CU_ASSERT_FATAL(cell->state == VALUE_KNOWN && cell->as.list.count == 2);
    const struct value *first = cell->as.list.items[0].as.row.cells, *second = cell->as.list.items[1].as.row.cells;
    CU_ASSERT_STRING_EQUAL(first[0].as.text, CAISSUERS);
    CU_ASSERT_STRING_EQUAL(first[1].as.text, "issuer");
    CU_ASSERT_STRING_EQUAL(first[2].as.text, "timeout");
    CU_ASSERT_STRING_EQUAL(second[1].as.text, "ocsp");
    CU_ASSERT_STRING_EQUAL(second[2].as.text, "open");
}

/* Whom nobody documented is named and not asked: the network of this machine would not even know it. */
static void undocumented_hosts(void)
{
    struct fixture fixture AUTO(fixture_close);
    fixture_quoted(&fixture, machine_text(&(struct attested_machine){.ca = ""}));
    fixture.params[PARAM_SIGNERS] = text_list(&fixture.arena, "metadata.azure.com", NULL);
    fixture.params[PARAM_HOSTS] = text_list(&fixture.arena, "other.example", NULL);
    CU_ASSERT(fixture_look(&fixture, &kind_azure_attestation) && fixture.look.reply_count == 2);
    const struct value *cell = cell_named(&fixture, &kind_azure_attestation, "hosts");
    CU_ASSERT_FATAL(cell->state == VALUE_KNOWN && cell->as.list.count == 2);
    CU_ASSERT(cell->as.list.items[0].as.row.cells[2].state == VALUE_ABSENT);
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_azure_attestation, "holdsFetched"), "unknown");
}

static void reads_times_and_hosts(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } times[] = {{"11/20/18 22:07:39 -0000", 1542751659}, {"01/01/00 00:00:00 -0000", 946684800},
                 {"13/20/18 22:07:39 -0000", -1},         {"11/20/18 22:07:39 +0100", -1},
                 {"11/20/2018 22:07:39 -0000", -1},       {"11-20-18 22:07:39 -0000", -1},
                 {"1 /20/18 22:07:39 -0000", -1},         {"", -1}};
    static const struct {
        const char *url, *host;
    } urls[] = {{"http://caissuers.microsoft.com/pkiops/certs/x%20y.crt", "caissuers.microsoft.com"},
                {"http://oneocsp.microsoft.com", "oneocsp.microsoft.com"},
                {"https://www.microsoft.com/x", NULL},
                {"http://user@host.example/", NULL},
                {"http://host.example:8080/", NULL},
                {"http://host.example/\r\nX: y", NULL},
                {"ldap:///CN=x", NULL},
                {"http://", NULL}};
    CU_ASSERT(attestation_time(NULL) == -1);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        ROW_ASSERT(times[i].text, attestation_time(times[i].text) == times[i].seconds);
    }
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        ROW_ASSERT(urls[i].url, text_same(attestation_host(&sim_arena, urls[i].url), urls[i].host));
    }
}

void suite_kinds_attestation(void);
void suite_kinds_attestation(void)
{
    CERTIFICATES_SUITE("kinds: azure_attestation", UNIT_TEST(all_is_well), UNIT_TEST(doubtful_documents),
                       UNIT_TEST(unreadable_documents), UNIT_TEST(no_answer), UNIT_TEST(sample_of_the_documentation),
                       UNIT_TEST(missing_intermediates), UNIT_TEST(wrong_things_fetched), UNIT_TEST(roots),
                       UNIT_TEST(hosts), UNIT_TEST(undocumented_hosts), UNIT_TEST(reads_times_and_hosts));
}
