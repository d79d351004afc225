/* SPDX-License-Identifier: MIT */
/*
 * What a look keeps of the run's memory, for every kind there is, against the bound that it states: a machine and a
 * network of which every answer is as long as the gate lets it through, and the event logs of real machines beside it.
 */
#include "certificates.h"
#include "kinds_fixture.h"
#include "unit.h"

void suite_kinds_memory(void);

/* How long a text of the provider, of a rule or of a certificate's name can get no page says: judged. */
enum { WORST_ARENA = 64 * 1024 * 1024, LONG_TEXT = 32 * 1024, ROUNDS = LIMIT_NET_JOBS };
enum { PRODUCTS = 64, PRODUCT_TEXT = 512, RULE_TEXT = 512, CERTIFICATE_TEXT = 256, EMBEDDED = 8 };
#define SKU "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define OFFICE "0ff1ce15-a989-479d-af46-f275c6370663"
#define THUMBPRINT "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4"

#define KIND_ADDRESS(name) &kind_##name,
static const struct kind *const kinds[] = {KINDS(KIND_ADDRESS)};

static const char document[] = "{\"machine\": \"azmend.machine/1\", \"about\": \"every answer comes from the test\","
                               " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 3600}}";

/* --- a backend that answers with as much as it may --- */

static char long_text[LONG_TEXT]; /* a path or a name that Windows can hold: 32,767 characters */
static char *garbage;             /* LIMIT_FILE_BYTES, no text in any form */

static bool give_value(void *backend, const char *key, const char *name, struct arena *arena,
                       struct registry_value *ret_value, struct err *err)
{
    (void)backend, (void)key, (void)err;
    if (text_same(name, "TokenStore")) {
        return true; /* where the store lies by itself, or the look would end there */
    }
    uint8_t *bytes = arena_alloc(arena, LIMIT_REGISTRY_VALUE_BYTES);
    *ret_value = (struct registry_value){
        .exists = true, .type = REGISTRY_SZ, .bytes = bytes, .size = LIMIT_REGISTRY_VALUE_BYTES};
    memset(bytes, 0x30, LIMIT_REGISTRY_VALUE_BYTES); /* U+3030: three bytes of UTF-8 */
    return true;
}

/* 255: the longest name of a key, of a file and of a domain. */
static const char **long_names(struct arena *arena, size_t count)
{
    const char **names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = arena_copy(arena, long_text, 255);
    }
    return names;
}

static bool give_subkeys(void *backend, const char *key, struct arena *arena, struct registry_names *ret_names,
                         struct err *err)
{
    (void)backend, (void)key, (void)err;
    *ret_names = (struct registry_names){
        .exists = true, .items = long_names(arena, LIMIT_REGISTRY_NAMES), .count = LIMIT_REGISTRY_NAMES};
    return true;
}

static bool give_service(void *backend, const char *name, struct arena *arena, struct service_facts *ret_facts,
                         struct err *err)
{
    (void)backend, (void)name, (void)err;
    *ret_facts = (struct service_facts){.exists = true, .image = arena_copy(arena, long_text, LONG_TEXT - 1)};
    return true;
}

static bool give_file(void *backend, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                      struct err *err)
{
    (void)backend, (void)path, (void)err;
    *ret_bytes = (struct file_bytes){.exists = true, .bytes = arena_copy(arena, garbage, limit), .size = limit};
    return true;
}

static bool give_file_facts(void *backend, const char *path, struct arena *arena, struct file_facts *ret_facts,
                            struct err *err)
{
    (void)backend, (void)path, (void)arena, (void)err;
    *ret_facts = (struct file_facts){.exists = true, .form = FILE_IS_REGULAR, .size_bytes = LIMIT_FILE_BYTES};
    return true;
}

static bool give_names(void *backend, const char *folder, struct arena *arena, struct file_names *ret_names,
                       struct err *err)
{
    (void)backend, (void)folder, (void)err;
    *ret_names = (struct file_names){.exists = true, .items = long_names(arena, LIMIT_ENTRIES), .count = LIMIT_ENTRIES};
    return true;
}

static bool give_security(void *backend, const char *path, struct arena *arena, struct file_security *ret_security,
                          struct err *err)
{
    (void)backend, (void)path, (void)err;
    *ret_security = (struct file_security){
        .exists = true, .bytes = arena_alloc(arena, LIMIT_REGISTRY_VALUE_BYTES), .size = LIMIT_REGISTRY_VALUE_BYTES};
    return true;
}

static bool give_system(void *backend, struct arena *arena, struct system_facts *ret_facts, struct err *err)
{
    (void)backend, (void)err;
    *ret_facts = (struct system_facts){.known = ~0U,
                                       .family = "windows",
                                       .computer_name = arena_copy(arena, long_text, 255),
                                       .boot_id = arena_copy(arena, long_text, 255),
                                       .asset_tag = arena_copy(arena, long_text, 255),
                                       .dns_suffixes = long_names(arena, LIMIT_SUFFIXES),
                                       .dns_suffix_count = LIMIT_SUFFIXES};
    return true;
}

static bool give_products(void *backend, struct arena *arena, struct licensing_products *ret_products, struct err *err)
{
    (void)backend, (void)err;
    struct licensing_product *items = arena_array(arena, PRODUCTS, sizeof *items);
    for (size_t i = 0; i < PRODUCTS; i++) {
        items[i] = (struct licensing_product){.id = SKU,
                                              .application = i > 0 ? OFFICE : NULL,
                                              .name = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .description = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .family = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .channel = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .partial_key = "6VM33",
                                              .status = (int64_t)i % 7,
                                              .kms_host = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .discovered_host = arena_copy(arena, long_text, PRODUCT_TEXT)};
    }
    *ret_products = (struct licensing_products){.items = items, .count = PRODUCTS};
    return true;
}

static bool give_licensing_service(void *backend, struct arena *arena, struct licensing_service *ret_service,
                                   struct err *err)
{
    (void)backend, (void)err;
    *ret_service = (struct licensing_service){.version = arena_copy(arena, long_text, PRODUCT_TEXT),
                                              .kms_host = arena_copy(arena, long_text, PRODUCT_TEXT)};
    return true;
}

/* Every event as long as it may be, with a code, a host and a product of its own. */
static bool give_events(void *backend, const struct event_query *query, struct arena *arena,
                        const struct event_sink *sink, struct err *err)
{
    static const unsigned ids[] = {1003, 8198, 12288, 12289, 8229};
    static char xml[LIMIT_EVENT_BYTES + 1];
    (void)backend, (void)query, (void)arena, (void)err;
    for (size_t i = 0; i < LIMIT_EVENTS + 1; i++) {
        int head = snprintf(xml, sizeof xml,
                            "<Event><System><Provider Name='Microsoft-Windows-Security-SPP'/><EventID>%u</EventID>"
                            "<TimeCreated SystemTime='2026-01-15T07:59:59.0Z'/><EventRecordID>%zu</EventRecordID>"
                            "</System><EventData><Data>0x8%07zX, 0x0, host%zu.example:1688, a, b, 1, 5, 0, %08zx-0000, "
                            "5</Data><Data>",
                            ids[i % COUNT_OF(ids)], i + 1, i, i, i);
        static const char tail[] = "</Data></EventData></Event>";
        size_t filled = LIMIT_EVENT_BYTES - (size_t)head - strlen(tail);
        memset(xml + head, 'x', filled);
        memcpy(xml + head + filled, tail, sizeof tail);
        if (!sink->take(sink->context, xml, LIMIT_EVENT_BYTES)) {
            break;
        }
    }
    return true;
}

static bool give_task(void *backend, const char *path, struct task_facts *ret_facts, struct err *err)
{
    (void)backend, (void)path, (void)err;
    *ret_facts = (struct task_facts){.exists = true};
    return true;
}

static bool give_firewall(void *backend, struct arena *arena, struct firewall_facts *ret_facts, struct err *err)
{
    (void)backend, (void)err;
    struct firewall_rule *rules = arena_array(arena, LIMIT_FIREWALL_RULES, sizeof *rules);
    for (size_t i = 0; i < LIMIT_FIREWALL_RULES; i++) {
        rules[i] = (struct firewall_rule){.name = arena_copy(arena, long_text, RULE_TEXT),
                                          .enabled = true,
                                          .outbound = true,
                                          .protocol = FIREWALL_PROTOCOL_TCP,
                                          .remote_ports = "1688",
                                          .remote_addresses = arena_copy(arena, long_text, RULE_TEXT),
                                          .application = arena_copy(arena, long_text, RULE_TEXT),
                                          .interface_types = "All",
                                          .profiles = FIREWALL_ALL};
    }
    *ret_facts = (struct firewall_facts){.running = true,
                                         .active = FIREWALL_ALL,
                                         .rules = rules,
                                         .rule_count = LIMIT_FIREWALL_RULES,
                                         .is_cut = true,
                                         .program = arena_copy(arena, long_text, LONG_TEXT - 1)};
    for (size_t i = 0; i < COUNT_OF(ret_facts->profiles); i++) {
        ret_facts->profiles[i] = (struct firewall_profile_facts){.enabled = true, .merges_local_rules = true};
    }
    return true;
}

static struct certificate worst_certificate(struct arena *arena)
{
    const char **names = arena_array(arena, LIMIT_CERTIFICATE_NAMES, sizeof *names);
    for (size_t i = 0; i < LIMIT_CERTIFICATE_NAMES; i++) {
        names[i] = arena_copy(arena, long_text, CERTIFICATE_TEXT);
    }
    const struct certificate_texts texts = {.items = names, .count = LIMIT_CERTIFICATE_NAMES};
    return (struct certificate){.exists = true,
                                .sha1 = THUMBPRINT,
                                .sha256 = arena_copy(arena, long_text, CERTIFICATE_SHA256_DIGITS),
                                .subject = arena_copy(arena, long_text, CERTIFICATE_TEXT),
                                .issuer = arena_copy(arena, long_text, CERTIFICATE_TEXT),
                                .dns_names = texts,
                                .issuer_urls = texts,
                                .ocsp_urls = texts,
                                .bytes = arena_alloc(arena, LIMIT_CERTIFICATE_BYTES),
                                .size = LIMIT_CERTIFICATE_BYTES};
}

static bool lacks_certificate(void *backend, enum certificate_store store, const char *thumbprint, struct arena *arena,
                              struct certificate *ret_certificate, struct err *err)
{
    (void)backend, (void)store, (void)thumbprint, (void)arena, (void)err;
    *ret_certificate = (struct certificate){0};
    return true;
}

static bool give_certificate(void *backend, const void *der, size_t size, struct arena *arena,
                             struct certificate *ret_certificate, struct err *err)
{
    (void)backend, (void)der, (void)size, (void)err;
    *ret_certificate = worst_certificate(arena);
    return true;
}

static bool give_message(void *backend, const void *bytes, size_t size, struct arena *arena,
                         struct crypto_message *ret_message, struct err *err)
{
    (void)backend, (void)err;
    struct certificate *embedded = arena_array(arena, EMBEDDED, sizeof *embedded);
    for (size_t i = 0; i < EMBEDDED; i++) {
        embedded[i] = worst_certificate(arena);
    }
    *ret_message = (struct crypto_message){.content = arena_copy(arena, bytes, size),
                                           .content_size = size,
                                           .signature_holds = true,
                                           .signer = worst_certificate(arena),
                                           .embedded = {.items = embedded, .count = EMBEDDED}};
    return true;
}

static bool give_chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                       struct crypto_chain *ret_chain, struct err *err)
{
    (void)backend, (void)query, (void)err;
    struct crypto_element *elements = arena_array(arena, LIMIT_CHAIN, sizeof *elements);
    for (size_t i = 0; i < LIMIT_CHAIN; i++) {
        elements[i] = (struct crypto_element){.certificate = worst_certificate(arena), .place = CRYPTO_IN_EXTRA};
    }
    *ret_chain = (struct crypto_chain){.elements = elements, .count = LIMIT_CHAIN};
    return true;
}

/* --- a network that does the same --- */

static const char *worst_body(struct arena *arena, const struct net_job *job)
{
    char *body = arena_copy(arena, garbage, job->limit_bytes);
    if (strstr(job->url, "attested") != NULL) {
        memset(body, ' ', job->limit_bytes);
        int size = snprintf(body, job->limit_bytes, "{\"encoding\":\"pkcs7\",\"signature\":\"%s\"}",
                            message_text("withChain"));
        body[size] = ' '; /* no end before the last byte */
    }
    return body;
}

static struct net_reply worst_reply(struct arena *arena, const struct net_job *job)
{
    struct net_address *addresses = arena_array(arena, LIMIT_ADDRESSES, sizeof *addresses);
    struct net_service *services = arena_array(arena, LIMIT_ADDRESSES, sizeof *services);
    for (size_t i = 0; i < LIMIT_ADDRESSES; i++) {
        addresses[i].text = arena_text(arena, "2001:0db8:0000:0000:0000:0000:0000:0001");
        services[i] = (struct net_service){.target = arena_copy(arena, long_text, 255), .port = 1688};
    }
    struct net_reply reply = {.outcome = NET_ANSWERED,
                              .detail = arena_copy(arena, long_text, 255),
                              .addresses = addresses,
                              .address_count = LIMIT_ADDRESSES,
                              .services = services,
                              .service_count = LIMIT_ADDRESSES,
                              .retry_after_ms = -1,
                              .date = 1};
    if (job->type == NET_HTTP) {
        reply.status = 200;
        reply.location = arena_copy(arena, long_text, LIMIT_HTTP_HEADER_BYTES - 1);
        reply.content_type = arena_copy(arena, long_text, LIMIT_HTTP_HEADER_BYTES - 1);
        reply.body = worst_body(arena, job);
        reply.body_size = job->limit_bytes;
    }
    return reply;
}

/* As the engine runs it: replies stay, round by round. */
static void feed(struct fixture *fixture, const struct kind *kind)
{
    static struct net_reply replies[ROUNDS];
    struct net_job jobs[ROUNDS];
    size_t count = 0;
    fixture->look.replies = replies;
    memset(jobs, 0, sizeof jobs);
    while ((count = kind->next(&fixture->look, jobs, ROUNDS - fixture->look.reply_count)) > 0) {
        for (size_t i = 0; i < count; i++) {
            replies[fixture->look.reply_count++] = worst_reply(&fixture->arena, &jobs[i]);
        }
        if (kind->verify != NULL) {
            kind->verify(&fixture->look, &fixture->host);
        }
        memset(jobs, 0, sizeof jobs);
        if (fixture->look.reply_count == ROUNDS) {
            break;
        }
    }
    kind->read(&fixture->look);
}

/* --- the test --- */

static struct value param_for(struct arena *arena, const struct column *column)
{
    static const struct {
        const char *name, *text;
    } fitting[] = {{"thumbprint", THUMBPRINT},
                   {"url", "http://host.example/"},
                   {"signers", "metadata.azure.com"},
                   {"damage", "0xC004E015"}};
    const char *text = column->words != NULL ? column->words[0] : "host.example";
    for (size_t i = 0; i < COUNT_OF(fitting); i++) {
        text = text_same(fitting[i].name, column->name) ? fitting[i].text : text;
    }
    if (column->base == TYPE_LIST) {
        struct value *item = arena_alloc(arena, sizeof *item);
        *item = value_text(text);
        return value_list(TYPE_TEXT, item, 1);
    }
    return column->base == TYPE_INT ? value_int(1688) : column->base == TYPE_BOOL ? value_bool(true) : value_text(text);
}

static struct host_ops worst_ops(void)
{
    struct host_ops ops = sim_ops;
    static const struct registry_ops registry = {.query = give_value, .subkeys = give_subkeys};
    ops.registry = &registry;
    static const struct service_ops service = {.query = give_service};
    ops.service = &service;
    static const struct file_ops file = {
        .query = give_file_facts, .read = give_file, .list = give_names, .security = give_security};
    ops.file = &file;
    static const struct system_ops system = {.query = give_system};
    ops.system = &system;
    static const struct licensing_ops licensing = {.products = give_products, .service = give_licensing_service};
    ops.licensing = &licensing;
    static const struct event_ops event = {.query = give_events};
    ops.event = &event;
    static const struct firewall_ops firewall = {.query = give_firewall};
    ops.firewall = &firewall;
    static struct certificate_ops certificate;
    certificate = *sim_ops.certificate;
    certificate.query = lacks_certificate;
    certificate.read = give_certificate;
    ops.certificate = &certificate;
    static struct crypto_ops crypto;
    crypto = *sim_ops.crypto;
    crypto.open_message = give_message;
    crypto.chain = give_chain;
    ops.crypto = &crypto;
    static const struct task_ops task = {.query = give_task};
    ops.task = &task;
    return ops;
}

/* What the first look keeps for the evidence is kept once, however often the log is asked. */
static size_t look_bytes(const struct kind *kind)
{
    static struct host_ops ops;
    struct arena of_machine AUTO(arena_close) = {0}; /* goes last: the simulated machine lies in it */
    struct fixture fixture AUTO(fixture_close);
    fixture_machine(&fixture, document);
    of_machine = fixture.arena;
    CU_ASSERT_FATAL(arena_open(&fixture.arena, WORST_ARENA, &fixture.err));
    ops = worst_ops();
    fixture.host.ops = &ops;
    size_t kept = 0;
    for (int i = 0; i < 2; i++) {
        size_t before = arena_mark(&fixture.arena);
        for (size_t p = 0; p < kind->params.count; p++) {
            fixture.params[p] = param_for(&fixture.arena, &kind->params.items[p]);
        }
        memset(fixture.cells, 0, sizeof fixture.cells);
        fixture.look.reply_count = 0;
        bool is_known = kind->look == NULL || kind->look(&fixture.look, &fixture.host, &fixture.err);
        ROW_ASSERT(kind->name, is_known);
        if (is_known && kind->next != NULL) {
            feed(&fixture, kind);
        }
        kept = arena_mark(&fixture.arena) - before;
    }
    return kept;
}

static void each_kind_keeps_to_its_bound(void)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t kept = look_bytes(kinds[i]);
        if (kept > kinds[i]->memory_bytes) {
            printf("\n    %s: %zu bytes a look", kinds[i]->name, kept);
        }
        ROW_ASSERT(kinds[i]->name, kept <= kinds[i]->memory_bytes);
    }
}

static struct arena texts;

static int open_texts(void)
{
    struct err err = {0};
    if (!arena_open(&texts, LIMIT_ARENA_BYTES, &err)) {
        return 1;
    }
    certificates_load(&texts);
    memset(long_text, 'x', sizeof long_text - 1);
    garbage = arena_alloc(&texts, LIMIT_FILE_BYTES);
    memset(garbage, '\xE9', LIMIT_FILE_BYTES);
    return 0;
}

static int close_texts(void)
{
    arena_close(&texts);
    return 0;
}

void suite_kinds_memory(void)
{
    OPENED_SUITE("kinds: memory", open_texts, close_texts, UNIT_TEST(each_kind_keeps_to_its_bound));
}
