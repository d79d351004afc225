/* SPDX-License-Identifier: MIT */
#include "channel/run/splay.h"

/* FNV-1a, 64 bits, and its high half mixed in: the low bits of vmIds that differ in one digit would stay close. */
static uint64_t hash(const char *text)
{
    uint64_t sum = 0xcbf29ce484222325U;
    for (const char *at = text; *at != '\0'; at++) {
        sum = (sum ^ (unsigned char)*at) * 0x100000001b3U;
    }
    sum = (sum ^ (sum >> 32)) * 0xd6e8feb86659fd93U;
    return sum ^ (sum >> 32);
}

int64_t splay_place(const char *identity, int64_t window_ms)
{
    return window_ms > 0 ? (int64_t)(hash(identity) % (uint64_t)window_ms) : 0;
}
