/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for addresses: a bit changes or not by what stands before it, so that two addresses that begin alike still
 * do, bit by bit. What says of which kind a network is stays: private, link-local, and the first octet of all others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/text.h"
#include "host/record/redactor.h"

enum { OCTET_BITS = 8, ADDRESS_BITS = 32, MULTICAST = 224, GROUP_MIN = 0x1000, GROUP_RANGE = 0xE000 };

/* splitmix64: spreads, and keeps nothing from whoever has the seed. */
static uint64_t spread(uint64_t seed, uint64_t number)
{
    uint64_t z = seed ^ (number * 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

static uint32_t read_ipv4(const char *literal)
{
    uint32_t number = 0;
    for (const char *at = literal; at != NULL; at = strchr(at, '.')) {
        at += *at == '.' ? 1 : 0;
        number = number << (unsigned)OCTET_BITS | (uint32_t)strtoul(at, NULL, 10);
    }
    return number;
}

/* How many leading bits say what kind of network it is. */
static unsigned kept_bits(uint32_t number)
{
    static const unsigned shared[] = {100, 169, 172, 192, 198, 203}; /* octets that hold networks of several kinds */
    unsigned first = number >> 24U;
    for (size_t i = 0; i < COUNT_OF(shared); i++) {
        if (shared[i] == first) {
            return 2 * OCTET_BITS;
        }
    }
    return OCTET_BITS;
}

static uint32_t other_ipv4(uint64_t seed, uint32_t number)
{
    uint32_t other = number;
    const uint64_t wide = number;
    for (unsigned bit = kept_bits(number); bit < ADDRESS_BITS; bit++) {
        uint64_t prefix = (wide >> (ADDRESS_BITS - bit) << 8U) | bit;
        other ^= (uint32_t)(spread(seed, prefix) & 1U) << (ADDRESS_BITS - 1 - bit);
    }
    return other;
}

static const char *spell(struct arena *arena, uint32_t number)
{
    return arena_format(arena, "%u.%u.%u.%u", number >> 24U, number >> 16U & 0xFFU, number >> 8U & 0xFFU,
                        number & 0xFFU);
}

static bool stays(uint32_t number)
{
    unsigned first = number >> 24U;
    return first == 0 || first == 127 || first >= MULTICAST;
}

/* Bits of the network behind "/24" or "/255.255.255.0"; -1: none is told. */
static int prefix_of(const char *behind)
{
    const char *told = *behind == '/' ? behind + 1 : "";
    size_t length = strspn(told, "0123456789.");
    if (length == 0 || *told == '.') {
        return -1;
    }
    if (memchr(told, '.', length) == NULL) {
        return (int)strtol(told, NULL, 10);
    }
    uint32_t mask = read_ipv4(told);
    int bits = 0;
    for (; (mask & 0x80000000U) != 0; mask <<= 1U) {
        bits++;
    }
    return bits;
}

const char *redact_ipv4(struct arena *arena, uint64_t seed, const char *literal, const char *behind)
{
    uint32_t number = read_ipv4(literal);
    int bits = prefix_of(behind);
    if (stays(number)) {
        return literal;
    }
    uint32_t other = other_ipv4(seed, number);
    if (bits >= 0 && bits < ADDRESS_BITS) {
        uint32_t mask = bits == 0 ? 0 : 0xFFFFFFFFU << (unsigned)(ADDRESS_BITS - bits);
        bool is_network = (number & ~mask) == 0;
        other = is_network ? other & mask : other;
    }
    return spell(arena, other);
}

/* "10.0.0.0-10.0.0.255": a block stays one; of any other range the ends are in order. */
const char *redact_range(struct arena *arena, uint64_t seed, const char *first, const char *last)
{
    uint32_t low = read_ipv4(first);
    uint32_t high = read_ipv4(last);
    uint32_t differing = low ^ high;
    bool is_block = low < high && (differing & (differing + 1)) == 0 && (low & differing) == 0;
    if (stays(low) || stays(high)) {
        return arena_format(arena, "%s-%s", first, last);
    }
    uint32_t other_low = other_ipv4(seed, low);
    uint32_t other_high = other_ipv4(seed, high);
    if (is_block) {
        other_low &= ~differing;
        other_high = other_low | differing;
    } else if (other_low > other_high) {
        uint32_t swapped = other_low;
        other_low = other_high;
        other_high = swapped;
    }
    return arena_format(arena, "%s-%s", spell(arena, other_low), spell(arena, other_high));
}

/* Group by group; the first says the kind, zeros stay, so that a network stays one. */
const char *redact_ipv6(struct arena *arena, uint64_t seed, const char *literal)
{
    uint64_t prefix = 0;
    const char *other = "";
    bool is_first = true;
    if (address_class_of(literal) == ADDRESS_LOOPBACK) {
        return literal;
    }
    for (const char *at = literal; *at != '\0';) {
        size_t length = strcspn(at, ":");
        const char *group = arena_copy(arena, at, length);
        unsigned long number = strtoul(group, NULL, 16);
        if (strchr(group, '.') != NULL) {
            group = redact_ipv4(arena, seed, group, "");
        } else if (number != 0 && !is_first) {
            group = arena_format(arena, "%x", (unsigned)(GROUP_MIN + spread(seed, prefix ^ number) % GROUP_RANGE));
        }
        prefix = spread(prefix, number + 1);
        is_first = false;
        at += length;
        other = arena_format(arena, "%s%s%s", other, group, *at == ':' ? ":" : "");
        at += *at == ':' ? 1 : 0;
    }
    return other;
}
