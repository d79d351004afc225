/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pack/pack_private.h"

enum {
    END_BYTES = 22, /* the end record without its comment */
    COMMENT_MAX = 65535,
    RECORD_BYTES = 46, /* one entry of the directory without its name, extra field and comment */
    FLAG_ENCRYPTED = 0x0001 | 0x0040 | 0x2000,
    MODE_TYPE = 0xF000, /* of a Unix mode; 0: the maker did not tell */
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
};
static const char end_mark[] = "PK\5\6";
static const char record_mark[] = "PK\1\2";

static uint32_t u16(const char *bytes)
{
    return (uint32_t)(unsigned char)bytes[0] | (uint32_t)(unsigned char)bytes[1] << 8;
}

static bool refuse(const char *archive, struct err *err)
{
    return err_set(err, ERR_INVALID, 0, "%s: not a whole zip file: its directory is truncated or contradicts the file",
                   archive);
}

/* The last mark in the file. It alone counts: a second one in the comment would be another archive to other readers. */
static const char *find_end(const char *bytes, size_t size)
{
    size_t tail = size < END_BYTES + COMMENT_MAX ? size : END_BYTES + COMMENT_MAX;
    for (size_t back = END_BYTES; back <= tail; back++) {
        const char *at = bytes + size - back;
        if (memcmp(at, end_mark, 4) == 0) {
            return back == END_BYTES + u16(at + 20) ? at : NULL;
        }
    }
    return NULL;
}

static const char *record_fault(const char *record, const char *name, size_t name_size)
{
    uint32_t method = u16(record + 10);
    if ((u16(record + 8) & FLAG_ENCRYPTED) != 0) {
        return "is encrypted";
    }
    if (method != METHOD_STORED && method != METHOD_DEFLATED) {
        return "is packed by a method other than deflate";
    }
    uint32_t type = pack_u32(record + 38) >> 16 & MODE_TYPE;
    const char *fault = type != 0 ? pack_type_fault(type) : NULL; /* libarchive takes a FIFO for a file */
    if (fault != NULL) {
        return fault;
    }
    bool is_folder = name_size > 1 && name[name_size - 1] == '/';
    return pack_name_fault(name, is_folder ? name_size - 1 : name_size);
}

/* ret_at: behind the record. */
static bool read_record(const char **ret_at, const char *end, const char *archive, struct arena *arena,
                        struct zip_directory *directory, struct err *err)
{
    const char *record = *ret_at;
    size_t left = (size_t)(end - record);
    if (left < RECORD_BYTES || memcmp(record, record_mark, 4) != 0) {
        return refuse(archive, err);
    }
    const char *name = record + RECORD_BYTES;
    size_t name_size = u16(record + 28);
    size_t size = RECORD_BYTES + name_size + u16(record + 30) + u16(record + 32);
    if (size > left) {
        return refuse(archive, err);
    }
    const char *fault = record_fault(record, name, name_size);
    if (fault != NULL) {
        return pack_refuse(archive, name, name_size, fault, err);
    }
    directory->names[directory->count++] = arena_copy(arena, name, name_size);
    *ret_at = record + size;
    return true;
}

bool zip_directory_read(const char *bytes, size_t size, const char *archive, struct arena *arena,
                        struct zip_directory *ret_directory, struct err *err)
{
    struct zip_directory directory = {0};
    const char *end = size < END_BYTES ? NULL : find_end(bytes, size);
    if (end == NULL) {
        return refuse(archive, err);
    }
    size_t count = u16(end + 10);
    uint64_t start = pack_u32(end + 16);
    bool is_one_disk = pack_u32(end + 4) == 0 && u16(end + 8) == count;
    if (!is_one_disk || start + pack_u32(end + 12) != (uint64_t)(end - bytes)) {
        return refuse(archive, err);
    }
    if (count > LIMIT_ARCHIVE_ENTRIES) {
        return err_set(err, ERR_LIMIT, 0, "%s: more than %d entries", archive, LIMIT_ARCHIVE_ENTRIES);
    }
    const char *at = bytes + start;
    for (size_t i = 0; i < count; i++) {
        if (!read_record(&at, end, archive, arena, &directory, err)) {
            return false;
        }
    }
    if (at != end) {
        return refuse(archive, err);
    }
    *ret_directory = directory;
    return true;
}
