/* SPDX-License-Identifier: MIT */
#include "host/swept.h"

#include <stdatomic.h>
#include <stdint.h>

/* FNV-1a, 64 bits; never 0. Two folders with the same one: the second is not swept, which only tidiness misses. */
static uint64_t hash_of(const unsigned char *bytes, size_t size)
{
    uint64_t hash = 0xCBF29CE484222325ULL;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001B3ULL;
    }
    return hash | 1U;
}

bool swept_first(const void *path, size_t size)
{
    static _Atomic uint64_t folders[SWEPT_FOLDERS];
    uint64_t folder = hash_of(path, size);
    for (size_t i = 0; i < SWEPT_FOLDERS; i++) {
        uint64_t other = 0;
        if (atomic_compare_exchange_strong(&folders[i], &other, folder)) {
            return true;
        }
        if (other == folder) {
            return false;
        }
    }
    return true;
}
