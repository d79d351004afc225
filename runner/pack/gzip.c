/* SPDX-License-Identifier: MIT */
#include <archive.h>
#include <archive_entry.h>

#include "pack/pack_private.h"

enum { GZIP_HEADER_BYTES = 10, GZIP_TRAILER_BYTES = 8, CHUNK_BYTES = 4096 };

/* Four bits at a time: half a table of 256 is a table of 16. Source: RFC 1952 section 8. */
static uint32_t crc_32(const char *bytes, size_t size)
{
    static const uint32_t steps[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                       0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)bytes[i];
        crc = steps[crc & 15] ^ crc >> 4;
        crc = steps[crc & 15] ^ crc >> 4;
    }
    return ~crc;
}

static void drop_archive(struct archive **archive)
{
    (void)archive_read_free(*archive);
}

/* One gzip layer and nothing else: the library would as well take bytes that only began like gzip as they are. */
static bool open_layer(struct archive *archive, const char *bytes, size_t size)
{
    struct archive_entry *entry = NULL;
    return archive_read_support_filter_gzip(archive) == ARCHIVE_OK &&
           archive_read_support_format_raw(archive) == ARCHIVE_OK &&
           archive_read_open_memory(archive, bytes, size) == ARCHIVE_OK &&
           archive_read_next_header(archive, &entry) == ARCHIVE_OK && archive_filter_count(archive) == 2 &&
           archive_filter_code(archive, 0) == ARCHIVE_FILTER_GZIP;
}

/* False: broken, or longer than buf's limit. */
static bool read_all(struct archive *archive, struct buf *buf)
{
    char chunk[CHUNK_BYTES];
    la_ssize_t got = archive_read_data(archive, chunk, sizeof(chunk));
    while (got > 0 && !buf->failed) {
        buf_add(buf, chunk, (size_t)got);
        got = archive_read_data(archive, chunk, sizeof(chunk));
    }
    return got == 0 && !buf->failed;
}

/* libarchive does not look at the checksum and the length at the end: this does. */
bool gzip_unpack(const char *bytes, size_t size, const char *archive, struct buf *ret_bytes, struct err *err)
{
    struct buf unpacked AUTO(buf_clear) = {0};
    struct archive *reader AUTO(drop_archive) = archive_read_new();
    if (reader == NULL) {
        return err_set(err, ERR_MEMORY, 0, "%s: no memory to unpack it", archive);
    }
    if (size < GZIP_HEADER_BYTES + GZIP_TRAILER_BYTES) {
        return err_set(err, ERR_INVALID, 0, "%s: not a whole gzip file", archive);
    }
    const char *trailer = bytes + size - GZIP_TRAILER_BYTES;
    uint32_t length = pack_u32(trailer + 4);
    if (length > LIMIT_ARCHIVE_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "%s: more than %d bytes unpacked", archive, LIMIT_ARCHIVE_BYTES);
    }
    buf_init(&unpacked, length);
    if (!open_layer(reader, bytes, size) || !read_all(reader, &unpacked) || unpacked.size != length ||
        crc_32(buf_string(&unpacked), length) != pack_u32(trailer)) {
        return err_set(err, ERR_INVALID, 0, "%s: truncated or damaged, or more than one gzip file", archive);
    }
    *ret_bytes = unpacked;
    unpacked = (struct buf){0};
    return true;
}
