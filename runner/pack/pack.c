/* SPDX-License-Identifier: MIT */
#include "pack/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/text.h"
#include "pack/pack_private.h"

enum { TAR_BLOCK_BYTES = 512 };

/* One archive being read. */
struct reading {
    struct archive *archive;
    const char *name; /* of the archive */
    size_t packed;    /* its size, bytes */
    bool is_zip;
    struct zip_directory promised; /* a zip: what must be there; a tar has no directory */
    struct arena *arena;
    struct arena_list names;   /* const char *: files and folders */
    struct arena_list entries; /* struct pack_entry */
    uint64_t unpacked;         /* bytes, by the stored lengths so far */
};

static void drop_archive(struct archive **archive)
{
    (void)archive_read_free(*archive);
}

static bool refuse(const struct reading *reading, const char *entry, const char *why, struct err *err)
{
    return pack_refuse(reading->name, entry, strlen(entry), why, err);
}

static bool refuse_broken(const struct reading *reading, struct err *err)
{
    const char *why = archive_error_string(reading->archive);
    return err_set(err, ERR_INVALID, 0, "%s: truncated or damaged: %s", reading->name, why != NULL ? why : "no reason");
}

/* --- one entry --- */

static const char *entry_fault(struct archive_entry *entry)
{
    const char *fault = pack_type_fault(archive_entry_filetype(entry));
    if (archive_entry_hardlink(entry) != NULL) {
        return "is a hard link";
    }
    if (fault != NULL) {
        return fault;
    }
    if (archive_entry_is_encrypted(entry)) {
        return "is encrypted";
    }
    if (archive_entry_sparse_reset(entry) > 0) {
        return "has holes";
    }
    if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) < 0) {
        return "does not tell its length";
    }
    return archive_entry_filetype(entry) == AE_IFDIR && archive_entry_size(entry) > 0 ? "is a folder with content"
                                                                                      : NULL;
}

/* A folder's name ends with '/' or not, as its maker likes; tar puts "./" before. "" is the archive's root. */
static const char *plain_name(const struct reading *reading, const char *raw, bool is_folder)
{
    const char *name = text_starts(raw, "./") ? raw + 2 : raw;
    size_t size = strlen(name);
    return arena_copy(reading->arena, name, is_folder && size > 0 && name[size - 1] == '/' ? size - 1 : size);
}

static bool is_promised(const struct zip_directory *directory, const char *raw)
{
    for (size_t i = 0; i < directory->count; i++) {
        if (text_same(directory->names[i], raw)) {
            return true;
        }
    }
    return false;
}

/* Notes the name, unless the archive may not have it. */
static bool take_name(struct reading *reading, const char *name, struct err *err)
{
    const char **names = reading->names.items;
    const char *fault = pack_name_fault(name, strlen(name));
    if (fault != NULL) {
        return refuse(reading, name, fault, err);
    }
    for (size_t i = 0; i < reading->names.count; i++) {
        if (text_equal(names[i], name)) {
            return refuse(reading, name, "is there twice, or differs by case only", err);
        }
    }
    *(const char **)arena_push(reading->arena, &reading->names, sizeof(name)) = name;
    return true;
}

/* Before a byte is unpacked. */
static bool take_length(struct reading *reading, const char *name, uint64_t size, struct err *err)
{
    if (size > LIMIT_ARCHIVE_BYTES || reading->unpacked + size > LIMIT_ARCHIVE_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "%s: \"%s\" would make it more than %d bytes unpacked", reading->name, name,
                       LIMIT_ARCHIVE_BYTES);
    }
    reading->unpacked += size;
    if (reading->unpacked / LIMIT_ARCHIVE_RATIO > reading->packed) {
        return err_set(err, ERR_LIMIT, 0, "%s: \"%s\" would make it more than %d times its size", reading->name, name,
                       LIMIT_ARCHIVE_RATIO);
    }
    return true;
}

/* Exactly as many bytes as were told; the read behind the last one is where checksums are looked at. */
static bool read_bytes(const struct reading *reading, char *bytes, size_t size)
{
    char more = 0;
    for (size_t done = 0; done < size;) {
        la_ssize_t got = archive_read_data(reading->archive, bytes + done, size - done);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return archive_read_data(reading->archive, &more, 1) == 0;
}

static bool read_file(struct reading *reading, const char *name, uint64_t told, struct err *err)
{
    if (!take_length(reading, name, told, err)) {
        return false;
    }
    size_t size = (size_t)told;
    char *bytes = arena_alloc(reading->arena, size + 1);
    if (!read_bytes(reading, bytes, size)) {
        return refuse(reading, name, "is truncated or damaged, or not as long as told", err);
    }
    struct pack_entry *entry = arena_push(reading->arena, &reading->entries, sizeof(*entry));
    *entry = (struct pack_entry){.name = name, .bytes = bytes, .size = size};
    return true;
}

static bool read_entry(struct reading *reading, struct archive_entry *entry, struct err *err)
{
    const char *raw = archive_entry_pathname(entry);
    bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    if (raw == NULL) {
        return refuse(reading, "?", "has a name that is not printable ASCII", err);
    }
    const char *name = plain_name(reading, raw, is_folder);
    const char *fault = entry_fault(entry);
    if (fault != NULL) {
        return refuse(reading, raw, fault, err);
    }
    if (reading->is_zip && !is_promised(&reading->promised, raw)) {
        return refuse(reading, raw, "has another name in the archive's directory", err);
    }
    if (is_folder && name[0] == '\0') {
        return true;
    }
    return take_name(reading, name, err) &&
           (is_folder || read_file(reading, name, (uint64_t)archive_entry_size(entry), err));
}

/* --- all of them --- */

static bool read_entries(struct reading *reading, struct err *err)
{
    struct archive_entry *entry = NULL;
    size_t count = 0;
    int got = archive_read_next_header(reading->archive, &entry);
    for (; got == ARCHIVE_OK; got = archive_read_next_header(reading->archive, &entry)) {
        if (++count > LIMIT_ARCHIVE_ENTRIES) {
            return err_set(err, ERR_LIMIT, 0, "%s: more than %d entries", reading->name, LIMIT_ARCHIVE_ENTRIES);
        }
        if (!read_entry(reading, entry, err)) {
            return false;
        }
    }
    if (got != ARCHIVE_EOF) {
        return refuse_broken(reading, err);
    }
    if (reading->is_zip && reading->promised.count != count) {
        return err_set(err, ERR_INVALID, 0, "%s: not all entries of its directory are there", reading->name);
    }
    return true;
}

static bool read_zip(struct reading *reading, const char *bytes, struct err *err)
{
    reading->is_zip = true;
    if (!zip_directory_read(bytes, reading->packed, reading->name, reading->arena, &reading->promised, err)) {
        return false;
    }
    if (reading->promised.count == 0) {
        return true; /* libarchive does not take it for a zip */
    }
    if (archive_read_support_format_zip_seekable(reading->archive) != ARCHIVE_OK ||
        archive_read_open_memory(reading->archive, bytes, reading->packed) != ARCHIVE_OK) {
        return refuse_broken(reading, err);
    }
    return read_entries(reading, err);
}

/* Two empty blocks end a tar: without them it was cut, be it between two entries. */
static bool tar_has_end(const struct buf *tar)
{
    size_t zeros = 0;
    while (zeros < tar->size && tar->bytes[tar->size - 1 - zeros] == '\0') {
        zeros++;
    }
    return tar->size % TAR_BLOCK_BYTES == 0 && zeros >= 2 * (size_t)TAR_BLOCK_BYTES;
}

static bool read_tar_gz(struct reading *reading, const char *bytes, struct err *err)
{
    struct buf tar AUTO(buf_clear) = {0};
    if (!gzip_unpack(bytes, reading->packed, reading->name, &tar, err)) {
        return false;
    }
    if (!tar_has_end(&tar)) {
        return err_set(err, ERR_INVALID, 0, "%s: not a whole tar file inside gzip", reading->name);
    }
    if (archive_read_support_format_tar(reading->archive) != ARCHIVE_OK ||
        archive_read_open_memory(reading->archive, tar.bytes, tar.size) != ARCHIVE_OK) {
        return refuse_broken(reading, err);
    }
    return read_entries(reading, err);
}

/* --- which kind --- */

static const struct kind {
    size_t offset;
    const char *mark;
    size_t mark_size;
    bool (*read)(struct reading *reading, const char *bytes, struct err *err); /* NULL: not taken */
} kinds[] = {
    {0, "PK\3\4", 4, read_zip},
    {0, "PK\5\6", 4, read_zip}, /* an empty one */
    {0, "\x1f\x8b", 2, read_tar_gz},
    {0, "BZh", 3, NULL},
    {0,
     "\xfd"
     "7zXZ",
     5, NULL},
    {0, "7z\xbc\xaf", 4, NULL},
    {0, "Rar!", 4, NULL},
    {0, "\x28\xb5\x2f\xfd", 4, NULL}, /* zstd */
    {0, "MSCF", 4, NULL},
    {257, "ustar", 5, NULL},
};

static const struct kind *kind_of(const char *bytes, size_t size)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *kind = &kinds[i];
        if (size >= kind->offset + kind->mark_size && memcmp(bytes + kind->offset, kind->mark, kind->mark_size) == 0) {
            return kind;
        }
    }
    return NULL;
}

bool pack_is_archive(const char *bytes, size_t size)
{
    return kind_of(bytes, size) != NULL;
}

bool pack_open(const char *bytes, size_t size, const char *name, struct arena *arena, struct pack *ret_pack,
               struct err *err)
{
    const struct kind *kind = kind_of(bytes, size);
    if (kind == NULL || kind->read == NULL) {
        return err_set(err, ERR_INVALID, 0, "%s: an archive has to be a zip or a tar.gz", name);
    }
    struct archive *archive AUTO(drop_archive) = archive_read_new();
    if (archive == NULL) {
        return err_set(err, ERR_MEMORY, 0, "%s: no memory to unpack it", name);
    }
    struct reading reading = {.archive = archive, .name = name, .packed = size, .arena = arena};
    if (!kind->read(&reading, bytes, err)) {
        return false;
    }
    *ret_pack = (struct pack){.entries = reading.entries.items, .count = reading.entries.count};
    return true;
}
