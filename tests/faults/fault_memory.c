/* SPDX-License-Identifier: MIT */
/* malloc and its kin. What calls them from inside the C library (strdup, getaddrinfo, threads) comes here too. */
#include <errno.h>
#include <stdlib.h>

#include "faults.h"

/* glibc keeps its own under these names, for this purpose. NOLINTBEGIN(cert-dcl51-cpp, readability-identifier-naming)
 * Source: https://sourceware.org/glibc/manual/html_node/Replacing-malloc.html */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* NOLINTEND(cert-dcl51-cpp, readability-identifier-naming) */

static bool refuses(const void *caller)
{
    fault_note_owner(caller);
    bool strikes = fault_strikes(&fault_memory);
    if (strikes) {
        fault_tell_owner(caller);
        errno = ENOMEM;
    }
    return strikes;
}

void *malloc(size_t size)
{
    return refuses(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refuses(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return refuses(__builtin_return_address(0)) ? NULL : __libc_realloc(block, size);
}

int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
    void *block = refuses(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    *ret_block = block == NULL ? *ret_block : block;
    return block == NULL ? ENOMEM : 0;
}
