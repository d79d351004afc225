/* SPDX-License-Identifier: MIT */
#include <archive.h>
#include <archive_entry.h>

#include "pack/pack.h"

enum { FILE_MODE = 0600 };

static void drop_archive(struct archive **archive)
{
    (void)archive_write_free(*archive);
}

static void drop_entry(struct archive_entry **entry)
{
    archive_entry_free(*entry);
}

static la_ssize_t take(struct archive *archive, void *target, const void *bytes, size_t size)
{
    struct buf *buf = target;
    buf_add(buf, bytes, size);
    if (buf->failed) {
        archive_set_error(archive, ARCHIVE_FATAL, "too long");
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)size;
}

static bool refuse(struct archive *archive, const struct buf *bytes, struct err *err)
{
    if (bytes->failed) {
        return err_set(err, ERR_LIMIT, 0, "an archive of more than %zu bytes", bytes->limit);
    }
    const char *why = archive_error_string(archive);
    return err_set(err, ERR_MEMORY, (uint32_t)archive_errno(archive), "make an archive: %.120s",
                   why != NULL ? why : "no memory");
}

/* Without a time: the library then writes the first one the format has, in every time zone. */
static bool add(struct archive *archive, const struct pack_entry *file)
{
    struct archive_entry *entry AUTO(drop_entry) = archive_entry_new();
    if (entry == NULL) {
        return false;
    }
    archive_entry_set_pathname(entry, file->name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, FILE_MODE);
    archive_entry_set_size(entry, (la_int64_t)file->size);
    return archive_write_header(archive, entry) == ARCHIVE_OK &&
           archive_write_data(archive, file->bytes, file->size) == (la_ssize_t)file->size;
}

static bool add_all(struct archive *archive, const struct pack_entry *files, size_t count, struct buf *bytes)
{
    /* The last block as it is: no padding behind the directory. */
    bool is_open = archive_write_set_format_zip(archive) == ARCHIVE_OK &&
                   archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
                   archive_write_open(archive, bytes, NULL, take, NULL) == ARCHIVE_OK;
    for (size_t i = 0; is_open && i < count; i++) {
        is_open = add(archive, &files[i]);
    }
    return is_open && archive_write_close(archive) == ARCHIVE_OK && !bytes->failed;
}

bool pack_zip(const struct pack_entry *files, size_t count, size_t limit, struct buf *ret_bytes, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct archive *archive AUTO(drop_archive) = archive_write_new();
    buf_init(&bytes, limit);
    if (archive == NULL || !add_all(archive, files, count, &bytes)) {
        return archive == NULL ? err_set(err, ERR_MEMORY, 0, "no memory for an archive") : refuse(archive, &bytes, err);
    }
    *ret_bytes = bytes;
    bytes = (struct buf){0};
    return true;
}
