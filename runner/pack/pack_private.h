/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. */
#ifndef AZMEND_PACK_PACK_PRIVATE_H
#define AZMEND_PACK_PACK_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

/* Refuses a whole archive for one entry: 'ARCHIVE: "ENTRY" WHY'. What is not printable in the name becomes '?'. */
bool pack_refuse(const char *archive, const char *entry, size_t size, const char *why, struct err *err);

/* NULL when a file or folder of this name may be taken; else why not, to be read behind the name. */
const char *pack_name_fault(const char *name, size_t size);

/* The same for a type as in a Unix mode (S_IFMT). */
const char *pack_type_fault(unsigned type);

/* The names that a zip's central directory promises, as written there. */
struct zip_directory {
    const char *names[LIMIT_ARCHIVE_ENTRIES];
    size_t count;
};

/*
 * Walks the directory without believing any length in it: that it is whole, one, at the end of the file and no longer
 * than allowed; that every entry is plain, stored or deflated, and its name fit.
 */
bool zip_directory_read(const char *bytes, size_t size, const char *archive, struct arena *arena,
                        struct zip_directory *ret_directory, struct err *err) MUST_CHECK;

/* A gzip file of one member, whole, its checksum true. ret_bytes is initialised here. */
bool gzip_unpack(const char *bytes, size_t size, const char *archive, struct buf *ret_bytes, struct err *err)
    MUST_CHECK;

/* A number of a file format, little-endian. */
static inline uint32_t pack_u32(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

#endif
