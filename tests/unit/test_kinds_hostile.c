/* SPDX-License-Identifier: MIT */
/*
 * Whatever the network answers: every look ends within its jobs, and every known cell fits its column, so that no
 * later room meets a type, word or shape that the plan did not check. Replies are drawn from a seeded generator.
 */
#include "certificates.h"
#include "kinds_fixture.h"
#include "unit.h"

enum { SEEDS = 400, ADDRESSES = 3 };

static const char machine[] =
    "{\"machine\": \"azmend.machine/1\", \"about\": \"nothing is set: every look goes to the network\","
    " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 3600},"
    " \"system\": {\"assetTag\": \"\", \"dnsSuffixes\": [\"a.example\", \"b.example\"]},"
    " \"services\": {\"sppsvc\": {\"state\": \"stopped\", \"start\": \"automatic\"}},"
    " \"licensing\": {\"version\": \"1\", \"products\": []}, \"files\": {}, \"certificates\": {},"
    " \"registry\": {\"HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform\": "
    "{},"
    " \"HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Internet Settings\\\\Connections\": {},"
    " \"HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\Session Manager\\\\Environment\": {},"
    " \"HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\\\\Interfaces\": {}}}";

static const char *const bodies[] = {
    "",
    "{",
    "[]",
    "null",
    "<html>",
    "{\"compute\": 1}",
    "{\"compute\": {}, \"network\": {\"interface\": [1]}}",
    "{\"compute\": {\"vmId\": \"\\u202e\", \"azEnvironment\": \"azurechinacloud\", \"name\": \"-x\"}}",
    "{\"compute\": {\"vmId\": \"02aab8a4-74ef-476e-8182-f6d2ba4166a6\", \"location\": [1]}}",
    "{\"compute\": {\"resourceId\": \"/subscriptions/../..\", \"resourceGroupName\": \"a b\"}}",
    "{\"compute\": {}, \"network\": {\"interface\": [{\"ipv4\": {\"ipAddress\": [{}]}}]}}",
    "{\"newest-versions\": [7, \"2099-99-99\", \"x\"]}",
    "{\"newest-versions\": {}}",
    "{\"loadbalancer\": []}",
    "{\"loadbalancer\": {\"publicIpAddresses\": [1, {}], \"outboundRules\": [null]}}",
    "{\"loadbalancer\": {\"publicIpAddresses\": [{\"frontendIpAddress\": \"::1\"}], \"outboundRules\": []}}"};
static const long statuses[] = {-1, 0, 100, 200, 200, 200, 204, 302, 400, 403, 404, 407, 410, 429, 500, 599, 999};
static const char *const texts[] = {NULL,           "",         ".",        "1.2.3.4", "::1", "not an address",
                                    "kms\n\033[2J", "\xff\xfe", "text/html"};

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state ^= *state << 13U;
    *state ^= *state >> 7U;
    *state ^= *state << 17U;
    return *state % below;
}

#define DRAW(state, array) (array)[draw((state), COUNT_OF(array))]

static const char *draw_text(uint64_t *state)
{
    const char *text = DRAW(state, texts);
    return text != NULL ? text : "";
}

/* Attested documents, and the certificates that they lead to: every second body is one of these. */
static const char *const documents[] = {"good", "withChain", "tampered", "withoutCertificates", "notJson", "sample"};
static const char *const answers[] = {"issuing", "cross", "root", "leafOtherRoot"};

static const char *draw_body(struct arena *arena, uint64_t *state)
{
    switch (draw(state, 4)) {
    case 0:
        return arena_format(arena, "{\"encoding\": \"pkcs7\", \"signature\": \"%s\"}",
                            message_text(DRAW(state, documents)));
    case 1:
        return certificate_text(DRAW(state, answers));
    default:
        return DRAW(state, bodies);
    }
}

static struct net_reply draw_reply(struct arena *arena, uint64_t *state)
{
    struct net_address *addresses = arena_array(arena, ADDRESSES, sizeof *addresses);
    struct net_service *services = arena_array(arena, ADDRESSES, sizeof *services);
    for (size_t i = 0; i < ADDRESSES; i++) {
        addresses[i].text = draw_text(state);
        services[i] = (struct net_service){.target = draw_text(state), .port = (uint16_t)draw(state, 65536)};
    }
    const char *body = draw_body(arena, state);
    return (struct net_reply){.outcome = (enum net_outcome)draw(state, NET_OUTCOME_COUNT),
                              .detail = DRAW(state, texts),
                              .elapsed_ms = (int64_t)draw(state, 6000),
                              .addresses = addresses,
                              .address_count = draw(state, ADDRESSES + 1),
                              .services = services,
                              .service_count = draw(state, ADDRESSES + 1),
                              .status = DRAW(state, statuses),
                              .body = body,
                              .body_size = strlen(body),
                              .content_type = DRAW(state, texts),
                              .retry_after_ms = (int64_t)draw(state, 20000) - 1,
                              .date = (int64_t)draw(state, 2) - 1};
}

static bool cell_fits(const struct column *column, const struct value *cell)
{
    if (cell->state != VALUE_KNOWN) {
        return cell->state == VALUE_ABSENT || cell->as.why != NULL;
    }
    if (cell->base != column->base) {
        return false;
    }
    if (cell->base == TYPE_INT) {
        bool has_range = column->min != 0 || column->max != 0;
        return !has_range || (cell->as.integer >= column->min && cell->as.integer <= column->max);
    }
    if (cell->base != TYPE_TEXT) {
        return true;
    }
    size_t bad = 0;
    return text_is_utf8(cell->as.text, strlen(cell->as.text), &bad) &&
           (column->words == NULL || text_word(column->words, cell->as.text) >= 0) &&
           (column->shape == SHAPE_FREE || shape_accepts(column->shape, cell->as.text));
}

/* True when the look ended by itself. */
static bool feed(struct fixture *fixture, const struct kind *kind, uint64_t *state)
{
    struct net_job jobs[FIXTURE_ROUNDS];
    size_t count = 0;
    while ((count = kind->next(&fixture->look, jobs, COUNT_OF(jobs))) > 0) {
        for (size_t i = 0; i < count && fixture->look.reply_count < FIXTURE_ROUNDS; i++) {
            CU_ASSERT(jobs[i].timeout_ms > 0 && jobs[i].delay_ms >= 0);
            fixture->replies[fixture->look.reply_count++] = draw_reply(&fixture->arena, state);
        }
        if (fixture->look.reply_count == FIXTURE_ROUNDS) {
            return false;
        }
        if (kind->verify != NULL) {
            kind->verify(&fixture->look, &fixture->host);
        }
    }
    kind->read(&fixture->look);
    return true;
}

/* What fits a parameter: required ones, and the address that makes a look go to the network. */
static struct value param_for(struct arena *arena, const struct column *column)
{
    static const struct {
        const char *name, *text;
    } fitting[] = {{"thumbprint", "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4"},
                   {"url", "http://host.example/"},
                   {"signers", "metadata.azure.com"},
                   {"hosts", "caissuers.azmend-test.example"}};
    const char *text = column->words != NULL ? column->words[0] : "host.example";
    bool is_named = false;
    for (size_t i = 0; i < COUNT_OF(fitting); i++) {
        bool is_this = text_same(fitting[i].name, column->name);
        text = is_this ? fitting[i].text : text;
        is_named = is_named || is_this;
    }
    if (!is_named && (column->flags & COLUMN_REQUIRED) == 0) {
        return value_absent();
    }
    if (column->base == TYPE_LIST) {
        struct value *item = arena_alloc(arena, sizeof *item);
        *item = value_text(text);
        return value_list(TYPE_TEXT, item, 1);
    }
    return column->base == TYPE_INT ? value_int(1688) : value_text(text);
}

static void give_params(struct fixture *fixture, const struct kind *kind)
{
    for (size_t i = 0; i < kind->params.count; i++) {
        fixture->params[i] = param_for(&fixture->arena, &kind->params.items[i]);
    }
}

static void check_kind(const struct kind *kind, uint64_t seed)
{
    struct fixture fixture AUTO(fixture_close);
    uint64_t state = seed * 2654435761U + 1;
    fixture_machine(&fixture, machine);
    give_params(&fixture, kind);
    bool looked = kind->look == NULL || kind->look(&fixture.look, &fixture.host, &fixture.err);
    ROW_ASSERT(kind->name, looked && feed(&fixture, kind, &state));
    for (size_t i = 0; i < kind->properties.count; i++) {
        ROW_ASSERT(kind->properties.items[i].name, cell_fits(&kind->properties.items[i], &fixture.cells[i]));
    }
}

static void test_any_replies(void)
{
    struct arena texts_arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&texts_arena, LIMIT_MACHINE_BYTES, &err));
    certificates_load(&texts_arena);
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        for (uint64_t seed = 1; kind_catalog[i]->next != NULL && seed <= SEEDS; seed++) {
            check_kind(kind_catalog[i], seed);
        }
    }
}

void suite_kinds_hostile(void);
void suite_kinds_hostile(void)
{
    UNIT_SUITE("kinds: hostile replies", UNIT_TEST(test_any_replies));
}
