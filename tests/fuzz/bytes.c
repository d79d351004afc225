/* SPDX-License-Identifier: MIT */
/* Parsers of a few bytes, in one table. The first byte is the letter of a row, the others are what that parser gets. */
#include <string.h>

#include "base/text.h"
#include "channel/console/provision.h"
#include "channel/handler/place.h"
#include "channel/handler/record.h"
#include "channel/run/distance.h"
#include "channel/run/pending.h"
#include "channel/tools/explain_result.h"
#include "fuzz.h"
#include "host/decode.h"
#include "host/gate.h"
#include "host/net/net_private.h"
#include "host/nouns/licensing/parts.h"
#include "host/record/redactor.h"
#include "host/restore.h"
#include "host/sim/sim.h"
#include "host/smbios.h"
#include "kinds/azure/attestation.h"
#include "kinds/azure/proxy.h"
#include "kinds/licensing/spp_events.h"
#include "kinds/network/hosts_entry.h"
#include "kinds/windows/security.h"
#include "plan/plan.h"
#include "report/status.h"

#define ADDRESS "169.254.169.254"

enum { ARGUMENTS_MAX = 24 };

struct input {
    const uint8_t *bytes;
    size_t size;
    struct arena *arena;
};

static const char *chars(const struct input *input)
{
    return (const char *)input->bytes;
}

/* The bytes as a text: what a backend gives never holds a NUL. */
static const char *text_of(const struct input *input)
{
    return arena_copy(input->arena, input->bytes, input->size);
}

static void is_clean(const char *text)
{
    size_t bad = 0;
    fuzz_promise(text_is_utf8(text, strlen(text), &bad), "what is shown is UTF-8");
}

/* --- of the machine --- */

/* Without a name, the others are found as before. */
static void without(const struct input *input, const char *name, const char *other)
{
    const struct file_bytes file = {.exists = true, .bytes = chars(input), .size = input->size};
    struct buf left AUTO(buf_clear) = {0};
    struct port_addresses none = {0}, before = {0}, after = {0};
    buf_init(&left, LIMIT_FILE_BYTES);
    hosts_entry_without(&left, &file, name);
    const char *bytes = buf_whole(&left);
    hosts_find(bytes, left.size, name, &none);
    hosts_find(chars(input), input->size, other, &before);
    hosts_find(bytes, left.size, other, &after);
    fuzz_promise(none.count == 0, "a name that was taken out is not found");
    fuzz_promise(before.count == after.count, "the others are found as before");
}

static void hosts(const struct input *input)
{
    static const char *const names[] = {"azkms.core.windows.net", "localhost.", "a"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct port_addresses found = {0};
        char canonical[PORT_ADDRESS_SIZE];
        hosts_find(chars(input), input->size, names[i], &found);
        without(input, names[i], names[(i + 1) % COUNT_OF(names)]);
        fuzz_promise(found.count <= LIMIT_ADDRESSES, "so many addresses");
        for (size_t at = 0; at < found.count; at++) {
            fuzz_promise(net_canonical(found.texts[at], canonical) && text_same(canonical, found.texts[at]),
                         "an address is spelt in one way");
        }
    }
}

static void smbios(const struct input *input)
{
    const char *tag = NULL;
    struct err err = {0};
    if (!smbios_asset_tag(input->bytes, input->size, input->arena, &tag, &err)) {
        fuzz_refused(&err);
        return;
    }
    fuzz_promise(text_is_ascii(tag), "a tag is ASCII");
}

static void descriptor(const struct input *input)
{
    static const char *const sids[] = {"S-1-5-10", "S-1-1-0", NULL};
    struct security_list list = {0};
    struct err err = {0};
    if (!security_parse(input->bytes, input->size, input->arena, &list, &err)) {
        fuzz_refused(&err);
        return;
    }
    (void)security_allows(&list, sids, 1);
    fuzz_promise(!list.is_open || list.count == 0, "no list has no entries");
}

/* The first byte is the type. */
static void registry(const struct input *input)
{
    if (input->size == 0) {
        return;
    }
    struct registry_value value = {
        .exists = true, .type = input->bytes[0], .bytes = input->bytes + 1, .size = input->size - 1};
    registry_decode(input->arena, &value);
    is_clean(value.text != NULL ? value.text : "");
    fuzz_promise(value.text == NULL || !value.is_number, "a text is no number");
    is_clean(gate_registry_state(input->arena, &value));
}

/* Whatever stands before the last '@' may be a password. */
static void proxy_shown(const struct value *proxy)
{
    if (proxy->state == VALUE_KNOWN) {
        is_clean(proxy->as.text);
        fuzz_promise(strchr(proxy->as.text, '@') == NULL, "a proxy is shown without its user");
    }
}

static void winhttp(const struct input *input)
{
    struct value proxy = proxy_read_winhttp(input->arena, input->bytes, input->size, ADDRESS);
    proxy_shown(&proxy);
}

/* One line is the proxy, the rest its exceptions. */
static void proxy_text(const struct input *input)
{
    const char *text = text_of(input);
    size_t line = strcspn(text, "\n");
    const char *proxy = arena_copy(input->arena, text, line);
    struct value shown = proxy_read_text(input->arena, proxy, text + line, ADDRESS);
    proxy_shown(&shown);
}

/* --- texts from outside --- */

/* The first byte says which page, and whether it was cut. */
static void child_output(const struct input *input)
{
    if (input->size == 0) {
        return;
    }
    unsigned how = input->bytes[0];
    const struct outside outside = {.bytes = input->bytes + 1,
                                    .size = input->size - 1,
                                    .page = (how & 1U) != 0 ? PORT_PAGE_OEM : PORT_PAGE_ANSI,
                                    .is_cut = (how & 2U) != 0,
                                    .is_marked = (how & 4U) != 0};
    size_t used = arena_mark(input->arena);
    struct decoded decoded = decode_text(input->arena, &outside);
    is_clean(decoded.text);
    fuzz_promise(input->arena->used - used <= outside.size * DECODE_GROWTH + DECODE_ROOM, "as much memory as is said");
}

static void license(const struct input *input)
{
    const struct file_bytes file = {.exists = true, .bytes = chars(input), .size = input->size};
    struct err err = {0};
    const char *text = licensing_file_text(input->arena, &file, &err);
    if (text == NULL) {
        fuzz_refused(&err);
        return;
    }
    is_clean(text);
}

static void attested(const struct input *input)
{
    struct attested_content content = {0};
    if (attestation_content(input->arena, chars(input), input->size, &content)) {
        fuzz_promise(content.created_on >= -1 && content.expires_on >= -1, "a time is one, or -1");
    }
    (void)attestation_host(input->arena, text_of(input));
}

static void code(const struct input *input)
{
    uint32_t number = 0;
    (void)spp_events_code(text_of(input), &number);
}

/* --- events: pairs of request and response, as XML one behind the other, each ended by a NUL --- */

static bool give_events(void *backend, const struct event_query *query, struct arena *arena,
                        const struct event_sink *sink, struct err *err)
{
    const struct input *input = backend;
    size_t at = 0;
    (void)query;
    (void)arena;
    (void)err;
    while (at < input->size) {
        const uint8_t *end = memchr(input->bytes + at, 0, input->size - at);
        size_t size = end != NULL ? (size_t)(end - input->bytes) - at : input->size - at;
        if (!sink->take(sink->context, chars(input) + at, size)) {
            return true;
        }
        at += size + 1;
    }
    return true;
}

static int64_t no_time(void *backend)
{
    (void)backend;
    return 0;
}

static bool take_exchange(void *context, const struct spp_exchange *exchange)
{
    size_t *count = context;
    fuzz_promise(memchr(exchange->host, 0, sizeof(exchange->host)) != NULL, "a host is a text");
    fuzz_promise(memchr(exchange->product, 0, sizeof(exchange->product)) != NULL, "a product is a text");
    (*count)++;
    return true;
}

static void exchanges(const struct input *input)
{
    static const struct clock_ops clock = {.now_ms = no_time};
    static const struct event_ops event = {.query = give_events};
    static const struct host_ops ops = {.name = "fuzz", .event = &event, .clock = &clock};
    struct input own = *input;
    struct host host = {0};
    struct spp_reading reading = {0};
    struct err err = {0};
    size_t count = 0;
    const struct spp_query query = {.purpose = "fuzz"};
    host_init(&host, &ops, &own, input->arena, GATE_LOOK, LIMIT_RUN_MS);
    if (!spp_exchanges_read(&host, &query, &(struct spp_taker){&count, take_exchange}, &reading, &err)) {
        fuzz_refused(&err);
        return;
    }
    fuzz_promise(count + reading.unreadable <= reading.events.count, "no exchange without its event");
}

/* --- files of this program and of its agent --- */

static void environment(const struct input *input)
{
    struct handler_place place = {0};
    struct err err = {0};
    if (!handler_place_read(chars(input), input->size, "HandlerEnvironment.json", input->arena, &place, &err)) {
        fuzz_refused(&err);
        return;
    }
    fuzz_promise(place.config != NULL && place.status != NULL, "a place is whole");
}

static void lint(const struct input *input)
{
    enum status_word word = STATUS_WORD_COUNT;
    struct err err = {0};
    if (!status_lint(chars(input), input->size, input->arena, &word, &err)) {
        fuzz_refused(&err);
        return;
    }
    fuzz_promise(word < STATUS_WORD_COUNT && input->size <= LIMIT_STATUS_BYTES, "what passes has its word");
}

static void pending(const struct input *input)
{
    struct pending waits = pending_read(chars(input), input->size, input->arena);
    fuzz_promise(waits.count <= LIMIT_PENDING && (waits.count == 0 || waits.boot_id != NULL), "it belongs to a boot");
}

static void distance(const struct input *input)
{
    struct distance_kept kept = {0};
    bool is_read = distance_read(chars(input), input->size, input->arena, &kept);
    fuzz_promise(!is_read || (kept.wait_ms <= LIMIT_ASK_MOST_MS && kept.once.count <= LIMIT_ONCE),
                 "it holds nobody for long");
}

static void handled(const struct input *input)
{
    struct handled done = handled_parse(chars(input), input->size, input->arena);
    fuzz_promise(done.sequence >= -1 && done.begun >= 0, "numbers count from 0");
}

static void provisioned(const struct input *input)
{
    enum verdict verdict = VERDICT_COUNT;
    bool is_known = provision_verdict(chars(input), input->size, input->arena, &verdict);
    fuzz_promise(!is_known || verdict < VERDICT_COUNT, "a verdict is one, or none");
}

static void result(const struct input *input)
{
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        const struct explained explained = {
            .from = "last", .file = "result.json", .finding = "KMS_TARGET_UNSET", .language = (enum language)language};
        struct buf text AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&text, 2 * LIMIT_RESULT_BYTES);
        if (!explain_result_read(&text, &explained, chars(input), input->size, input->arena, &err)) {
            fuzz_refused(&err);
            return;
        }
        is_clean(buf_whole(&text));
    }
}

static const char machine[] =
    "{\"machine\": \"azmend.machine/1\", \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 9},"
    " \"system\": {\"assetTag\": \"7783-7084-3265-9085-8269-3286-77\"}, \"registry\": {\"HKLM\\\\SOFTWARE\\\\F\": "
    "{\"Text\": \"a\"}}}";

/* A way back as a journal tells it, three lines: verb, target, state before. */
static void way_back(const struct input *input)
{
    enum { VERB, TARGET, BEFORE, LINES };
    const char *lines[LINES] = {"", "", ""};
    const char *text = text_of(input);
    for (size_t i = 0; i < LINES; i++) {
        size_t size = strcspn(text, "\n");
        lines[i] = arena_copy(input->arena, text, size);
        text += size + (text[size] == '\n' ? 1 : 0);
    }
    for (int noun = 0; noun < NOUN_COUNT; noun++) {
        const struct op op = {.noun = (enum noun)noun,
                              .verb = lines[VERB],
                              .target = lines[TARGET],
                              .before = lines[BEFORE],
                              .after = "null"};
        const char *state = NULL;
        struct host host = {0};
        struct sim *sim = NULL;
        struct err err = {0};
        fuzz_promise(sim_open(machine, sizeof machine - 1, "machine.json", input->arena, &sim, &err), "it loads");
        host_init(&host, &sim_ops, sim, input->arena, GATE_CHANGE, LIMIT_RUN_MS);
        (void)host_prove_azure(&host, "7783-7084-3265-9085-8269-3286-77", NULL);
        if (!host_state(&host, &op, &state, &err)) {
            fuzz_refused(&err);
        }
        err = (struct err){0};
        if (!host_restore(&host, &op, &err)) {
            fuzz_refused(&err);
        }
        sim_close(sim);
    }
}

/* --- the command line: arguments, each ended by a NUL --- */

static void command_line(const struct input *input)
{
    char *arguments[ARGUMENTS_MAX + 1] = {arena_text(input->arena, "azmend")};
    char *text = arena_copy(input->arena, input->bytes, input->size);
    struct options options = {0};
    struct err err = {0};
    int count = 1;
    for (size_t at = 0; at < input->size && count < ARGUMENTS_MAX; at += strlen(text + at) + 1) {
        arguments[count++] = text + at;
    }
    if (!options_parse(count, arguments, &options, &err)) {
        fuzz_refused(&err);
        return;
    }
    fuzz_promise(options.language >= 0 && options.language < LANGUAGE_COUNT, "a language that there is");
}

/* A recording, or a text, or bytes within one: the stand-ins are the same again, and a length that counts stays. */
static void recording(const struct input *input)
{
    const struct json_source source = {.file = "recording", .limit = LIMIT_MACHINE_BYTES};
    const struct json *document = NULL;
    struct err err = {0};
    size_t size = 0;
    struct redactor *redactor = redactor_open(input->arena, 1);
    redactor_know(redactor, "windows 168.63.129.16");
    const char *text = redactor_text(redactor, text_of(input));
    fuzz_promise(text_same(text, redactor_text(redactor, text_of(input))), "the same text has the same stand-ins");
    (void)redactor_within(redactor, input->bytes, input->size);
    (void)redactor_wide(redactor, input->bytes, input->size, &size);
    fuzz_promise(size % 2 == 0, "wide characters are whole");
    (void)redactor_bytes(redactor, input->bytes, input->size);
    if (json_load(chars(input), input->size, &source, input->arena, &document, &err) &&
        json_find(document, "recording") != NULL && json_find(document, "recording")->type == JSON_OBJECT) {
        struct buf buf AUTO(buf_clear);
        struct writer writer;
        buf_init(&buf, LIMIT_MACHINE_BYTES);
        writer_init(&writer, &buf, WRITER_ONE_LINE);
        redactor_write(redactor, document, &writer);
    }
}

static const struct {
    char letter;
    void (*try)(const struct input *input);
} rows[] = {
    {'a', command_line}, {'c', child_output}, {'d', descriptor}, {'e', exchanges}, {'g', handled},     {'h', hosts},
    {'k', recording},    {'l', license},      {'m', smbios},     {'n', code},      {'p', pending},     {'q', distance},
    {'r', registry},     {'u', way_back},     {'s', lint},       {'t', attested},  {'v', environment}, {'w', winhttp},
    {'x', proxy_text},   {'y', provisioned},  {'z', result},
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct input input = {.bytes = bytes + 1, .size = size - 1, .arena = fuzz_arena()};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].letter == (char)bytes[0]) {
            rows[i].try(&input);
        }
    }
    return 0;
}
