/* SPDX-License-Identifier: MIT */
#include <archive_entry.h>

#include "pack/pack_private.h"

const char *pack_type_fault(unsigned type)
{
    static const struct {
        unsigned type;
        const char *why;
    } types[] = {
        {AE_IFREG, NULL},
        {AE_IFDIR, NULL},
        {AE_IFLNK, "is a symbolic link"},
        {AE_IFCHR, "is a character device"},
        {AE_IFBLK, "is a block device"},
        {AE_IFIFO, "is a FIFO"},
        {AE_IFSOCK, "is a socket"},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (types[i].type == type) {
            return types[i].why;
        }
    }
    return "is neither a file nor a folder";
}
