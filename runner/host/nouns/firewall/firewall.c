/* SPDX-License-Identifier: MIT */
/* Ports and addresses of rules are sets of numbers: read as spans, sorted, merged, and written back in one form. */
#include "host/nouns/firewall/firewall.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

const char *const firewall_profile_names[] = {"domain", "private", "public", NULL};
const char *const firewall_store_names[] = {"local", "policy", "mdm", NULL};

#define LOCAL_STORE "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
const struct firewall_place firewall_places[] = {
    [FIREWALL_LOCAL] = {LOCAL_STORE, {"DomainProfile", "StandardProfile", "PublicProfile"}},
    [FIREWALL_POLICY] = {"HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall",
                         {"DomainProfile", "PrivateProfile", "PublicProfile"}},
    [FIREWALL_MDM] = {LOCAL_STORE "\\Mdm", {"DomainProfile", "StandardProfile", "PublicProfile"}},
};

enum { PORT_MOST = 65535, OCTETS = 4, OCTET_MOST = 255, ADDRESS_BITS = 32, TOKEN_SIZE = 128 };
enum { LONGEST_GROWTH = 32 }; /* "0/0" becomes two whole addresses */

struct span {
    uint32_t low, high;
};

/* How a set is written. */
struct notation {
    bool (*read)(const char *token, struct span *ret_span);
    void (*write)(const struct span *span, struct buf *buf);
    bool (*is_word)(const char *token); /* stands for a set that only the system knows */
};

/* --- numbers --- */

/* Decimal digits at *at, moved behind them. */
static bool read_number(const char **at, uint32_t most, uint32_t *ret_number)
{
    uint32_t number = 0;
    const char *digit = *at;
    for (; *digit >= '0' && *digit <= '9' && number <= most; digit++) {
        number = number * 10 + (uint32_t)(*digit - '0');
    }
    if (digit == *at || number > most) {
        return false;
    }
    *at = digit;
    *ret_number = number;
    return true;
}

static bool read_end(const char *at)
{
    return *at == '\0';
}

/* --- programs --- */

const char *firewall_below_root(const char *path)
{
    static const char *const roots[] = {"%SystemRoot%\\", "%windir%\\", "_:\\Windows\\"};
    static const size_t lengths[] = {13, 9, 11};
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        bool is_drive = roots[i][0] == '_' && path[0] != '\0' && text_starts(path + 1, roots[i] + 1);
        if (is_drive || text_starts(path, roots[i])) {
            return path + lengths[i];
        }
    }
    return path;
}

const char *firewall_normal_program(struct arena *arena, const char *path)
{
    const char *below = path != NULL ? firewall_below_root(path) : NULL;
    return below != path ? arena_format(arena, "%%SystemRoot%%\\%s", below) : path;
}

/* --- ports --- */

static bool read_ports(const char *token, struct span *ret_span)
{
    struct span span = {0};
    if (!read_number(&token, PORT_MOST, &span.low)) {
        return false;
    }
    span.high = span.low;
    if (*token == '-') {
        token++;
        if (!read_number(&token, PORT_MOST, &span.high)) {
            return false;
        }
    }
    *ret_span = span;
    return read_end(token) && span.low <= span.high;
}

static void write_ports(const struct span *span, struct buf *buf)
{
    buf_format(buf, "%" PRIu32, span->low);
    if (span->high != span->low) {
        buf_format(buf, "-%" PRIu32, span->high);
    }
}

static bool no_word(const char *token)
{
    (void)token;
    return false;
}

static const struct notation ports_notation = {.read = read_ports, .write = write_ports, .is_word = no_word};

/* --- addresses: IPv4 as spans, IPv6 and the system's words as they are --- */

static bool read_address(const char **at, uint32_t *ret_address)
{
    uint32_t address = 0;
    const char *next = *at;
    for (int i = 0; i < OCTETS; i++) {
        uint32_t octet = 0;
        if ((i > 0 && *next++ != '.') || !read_number(&next, OCTET_MOST, &octet)) {
            return false;
        }
        address = address << 8U | octet;
    }
    *at = next;
    *ret_address = address;
    return true;
}

/* "255.255.255.0" or "24": the bits that are free. */
static bool read_free_bits(const char **at, uint32_t *ret_free)
{
    uint32_t mask = 0, length = 0;
    if (read_address(at, &mask)) {
        *ret_free = ~mask;
        return (~mask & (~mask + 1)) == 0;
    }
    if (!read_number(at, ADDRESS_BITS, &length)) {
        return false;
    }
    *ret_free = length == ADDRESS_BITS ? 0 : UINT32_MAX >> length;
    return true;
}

static bool read_addresses(const char *token, struct span *ret_span)
{
    uint32_t low = 0, high = 0, free_bits = 0;
    if (!read_address(&token, &low)) {
        return false;
    }
    high = low;
    if (*token == '/') {
        token++;
        if (!read_free_bits(&token, &free_bits)) {
            return false;
        }
        low &= ~free_bits;
        high |= free_bits;
    } else if (*token == '-') {
        token++;
        if (!read_address(&token, &high)) {
            return false;
        }
    }
    *ret_span = (struct span){low, high};
    return read_end(token) && low <= high;
}

static void write_address(uint32_t address, struct buf *buf)
{
    buf_format(buf, "%u.%u.%u.%u", address >> 24U, address >> 16U & OCTET_MOST, address >> 8U & OCTET_MOST,
               address & OCTET_MOST);
}

static void write_addresses(const struct span *span, struct buf *buf)
{
    uint32_t free_bits = span->low ^ span->high;
    bool is_network = (free_bits & (free_bits + 1)) == 0 && (span->low & free_bits) == 0;
    write_address(span->low, buf);
    buf_text(buf, is_network ? "/" : "-");
    write_address(is_network ? ~free_bits : span->high, buf);
}

/* LocalSubnet, DNS, DHCP, WINS, DefaultGateway, ...; source: INetFwRule::put_RemoteAddresses. */
static bool is_address_word(const char *token)
{
    bool is_version_6 = strchr(token, ':') != NULL && token[strspn(token, "0123456789abcdefABCDEF:.%/-")] == '\0';
    bool is_name = token[0] >= 'A' && token[strspn(token, "0123456789abcdefghijklmnopqrstuvwxyz"
                                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
    return is_version_6 || is_name;
}

static const struct notation addresses_notation = {
    .read = read_addresses, .write = write_addresses, .is_word = is_address_word};

/* --- sets --- */

/* Copies the next token of a list without its blanks; *at moves behind it. False: no more. Too long: "" comes. */
static bool next_token(const char **at, char token[static TOKEN_SIZE])
{
    const char *start = *at;
    if (start == NULL) {
        return false;
    }
    const char *comma = strchr(start, ',');
    *at = comma != NULL ? comma + 1 : NULL;
    const char *end = comma != NULL ? comma : start + strlen(start);
    start += strspn(start, " ");
    while (end > start && end[-1] == ' ') {
        end--;
    }
    size_t size = end > start && end - start < TOKEN_SIZE ? (size_t)(end - start) : 0;
    memcpy(token, start, size);
    token[size] = '\0';
    return true;
}

static int by_low(const void *left, const void *right)
{
    uint32_t a = ((const struct span *)left)->low, b = ((const struct span *)right)->low;
    return a < b ? -1 : a > b;
}

/* Words that differ in case only in a fixed order, so that the same one of them stays everywhere. */
static int by_text(const void *left, const void *right)
{
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;
    int order = text_compare(a, b);
    return order != 0 ? order : strcmp(a, b);
}

static void separate(struct buf *buf)
{
    if (buf->size > 0) {
        buf_text(buf, ",");
    }
}

/* Overlapping and adjacent spans become one. */
static void write_spans(const struct notation *notation, struct arena_list *spans, struct buf *buf)
{
    struct span *items = spans->items;
    if (spans->count == 0) {
        return;
    }
    qsort(items, spans->count, sizeof *items, by_low);
    struct span open = items[0];
    for (size_t i = 1; i < spans->count; i++) {
        if (items[i].low <= open.high || items[i].low - 1 == open.high) {
            open.high = items[i].high > open.high ? items[i].high : open.high;
            continue;
        }
        separate(buf);
        notation->write(&open, buf);
        open = items[i];
    }
    separate(buf);
    notation->write(&open, buf);
}

static void write_words(struct arena_list *words, struct buf *buf)
{
    const char **items = words->items;
    if (words->count > 0) {
        qsort(items, words->count, sizeof *items, by_text);
    }
    for (size_t i = 0; i < words->count; i++) {
        if (i == 0 || !text_equal(items[i], items[i - 1])) {
            separate(buf);
            buf_text(buf, items[i]);
        }
    }
}

static const char *normal(struct arena *arena, const char *text, const struct notation *notation)
{
    struct arena_list spans = {0}, words = {0};
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, (size_t)LONGEST_GROWTH * LIMIT_REGISTRY_BYTES);
    const char *at = text != NULL && text[0] != '\0' ? text : "*";
    char token[TOKEN_SIZE];
    while (next_token(&at, token)) {
        struct span span = {0};
        if (strcmp(token, "*") == 0) {
            return "*";
        }
        if (notation->read(token, &span)) {
            *(struct span *)arena_push(arena, &spans, sizeof span) = span;
        } else if (notation->is_word(token)) {
            *(const char **)arena_push(arena, &words, sizeof(char *)) = arena_text(arena, token);
        } else {
            return NULL;
        }
    }
    write_spans(notation, &spans, &buf);
    write_words(&words, &buf);
    return arena_text(arena, buf_whole(&buf));
}

const char *firewall_normal_ports(struct arena *arena, const char *ports)
{
    return normal(arena, ports, &ports_notation);
}

const char *firewall_normal_addresses(struct arena *arena, const char *addresses)
{
    return normal(arena, addresses, &addresses_notation);
}

bool firewall_ports_hold(const char *ports, int64_t port)
{
    char token[TOKEN_SIZE];
    bool holds = strcmp(ports, "*") == 0;
    while (!holds && next_token(&ports, token)) {
        struct span span = {0};
        holds = read_ports(token, &span) && port >= span.low && port <= span.high;
    }
    return holds;
}

/* One element of a set and one address. */
static enum firewall_match address_holds(const char *token, const char *address)
{
    struct span set = {0}, wanted = {0};
    bool is_version_4 = read_addresses(address, &wanted);
    if (read_addresses(token, &set)) {
        return is_version_4 && wanted.low >= set.low && wanted.high <= set.high ? FIREWALL_YES : FIREWALL_NO;
    }
    return is_version_4 && strchr(token, ':') != NULL ? FIREWALL_NO : FIREWALL_MAYBE;
}

enum firewall_match firewall_addresses_hold(const char *addresses, const char *address)
{
    char token[TOKEN_SIZE];
    enum firewall_match best = FIREWALL_NO;
    if (strcmp(addresses, "*") == 0) {
        return FIREWALL_YES;
    }
    if (address == NULL) {
        return FIREWALL_MAYBE;
    }
    while (best != FIREWALL_YES && next_token(&addresses, token)) {
        enum firewall_match match = address_holds(token, address);
        best = match > best ? match : best;
    }
    return best;
}
