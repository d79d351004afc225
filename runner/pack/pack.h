/* SPDX-License-Identifier: MIT */
/*
 * Archives in memory: a zip or a tar.gz becomes a list of files. Nothing is ever written to disk, and no name from an
 * archive ever becomes a path; names are held to what every file system takes all the same, so that what is accepted
 * here means one thing to whoever unpacks the archive elsewhere.
 *
 * An archive is taken whole or refused whole. Refused, with one line that names the entry:
 *   - names: absolute, parent (..), drive, UNC, stream (:), backslash, empty part, reserved device (CON, NUL, COM1 with
 *     any extension), part that ends with a dot or a blank, short name (~1), anything but printable ASCII, too long,
 * too many folders, or two that differ by case only;
 *   - anything but files and folders: links, hard links, devices, FIFOs, sockets, files with holes, encrypted ones;
 *   - more than LIMIT_ARCHIVE_ENTRIES, LIMIT_ARCHIVE_BYTES or LIMIT_ARCHIVE_RATIO, by the stored lengths before
 * anything is unpacked, and again by what is read;
 *   - bytes that are truncated, changed or contradict each other. A tar without gzip is refused too: it has no checksum
 *     over what is in it.
 *
 * libarchive exits (the emergency result answers then) or crashes when an allocation fails: open before the first
 * change only, make one only after the result is out.
 * Source: PKWARE APPNOTE 6.3.10; RFC 1952;
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
#ifndef AZMEND_PACK_PACK_H
#define AZMEND_PACK_PACK_H

#include "base/arena.h"
#include "base/buf.h"

struct pack_entry {
    const char *name;  /* "tables/a.json": parts joined by '/', no "./" before */
    const char *bytes; /* NUL behind */
    size_t size;
};

struct pack {
    const struct pack_entry *entries; /* files, in the order of the archive; folders are left out */
    size_t count;
};

/* Do the first bytes say so? True for kinds that pack_open refuses, too: such a file is no text. */
bool pack_is_archive(const char *bytes, size_t size);

/* name: for messages. Memory: the arena. ERR_INVALID, ERR_LIMIT, ERR_MEMORY. */
bool pack_open(const char *bytes, size_t size, const char *name, struct arena *arena, struct pack *ret_pack,
               struct err *err) MUST_CHECK;

/*
 * A zip of these files in this order, deflated, without times or owners: the same bytes for the same content.
 * ret_bytes is initialised here, at most limit bytes. ERR_LIMIT, ERR_MEMORY.
 */
bool pack_zip(const struct pack_entry *files, size_t count, size_t limit, struct buf *ret_bytes, struct err *err)
    MUST_CHECK;

#endif
