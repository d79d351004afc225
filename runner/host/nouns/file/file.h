/* SPDX-License-Identifier: MIT */
/*
 * Files of the machine under repair (not azmend's own: those are host/port.h). Paths are Windows paths with a drive;
 * %SystemRoot%, %windir%, %ProgramData% and %SystemDrive% at the start are resolved by the backend.
 * A missing file is exists == false; a link, device or pipe is FILE_IS_OTHER and never opened.
 */
#ifndef AZMEND_HOST_NOUNS_FILE_FILE_H
#define AZMEND_HOST_NOUNS_FILE_FILE_H

#include "host/host.h"

enum file_form { FILE_IS_REGULAR, FILE_IS_FOLDER, FILE_IS_OTHER };
extern const char *const file_form_names[];

struct file_facts {
    bool exists;
    enum file_form form;
    int64_t size_bytes;
    int64_t created_at; /* seconds since 1970, UTC */
    int64_t changed_at;
};

struct file_bytes {
    bool exists;
    const char *bytes;
    size_t size;
};

struct file_names {
    bool exists;
    const char *const *items; /* names without the folder, sorted by bytes */
    size_t count;
};

/* Who may do what: a self-relative security descriptor with its DACL, as the system keeps it. */
struct file_security {
    bool exists;
    const uint8_t *bytes;
    size_t size;
};

/* What a backend supplies. */
struct file_ops {
    bool (*query)(void *backend, const char *path, struct arena *arena, struct file_facts *ret_facts, struct err *err);
    bool (*read)(void *backend, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                 struct err *err);
    bool (*list)(void *backend, const char *folder, struct arena *arena, struct file_names *ret_names, struct err *err);
    bool (*security)(void *backend, const char *path, struct arena *arena, struct file_security *ret_security,
                     struct err *err);
    bool (*write)(void *backend, const char *path, const void *bytes, size_t size, struct err *err);
    bool (*remove)(void *backend, const char *path, struct err *err);
    bool (*rename)(void *backend, const char *path, const char *to, struct err *err);
};

bool host_file_query(struct host *host, const char *path, struct file_facts *ret_facts, struct err *err) MUST_CHECK;
/* Regular files of at most limit bytes (<= LIMIT_FILE_BYTES), else ERR_LIMIT. */
bool host_file_read(struct host *host, const char *path, size_t limit, struct file_bytes *ret_bytes, struct err *err)
    MUST_CHECK;
/* The same into an arena of the caller's: for a large file of which little is kept. */
bool host_file_read_into(struct host *host, const char *path, size_t limit, struct arena *arena,
                         struct file_bytes *ret_bytes, struct err *err) MUST_CHECK;
bool host_file_list(struct host *host, const char *folder, struct file_names *ret_names, struct err *err) MUST_CHECK;
bool host_file_list_into(struct host *host, const char *folder, struct arena *arena, struct file_names *ret_names,
                         struct err *err) MUST_CHECK;
/* ERR_UNSUPPORTED where the backend cannot tell. */
bool host_file_security(struct host *host, const char *path, struct file_security *ret_security, struct err *err)
    MUST_CHECK;
/* Changes (reversible; a rename as it is declared: a corrupt store that is put aside is never put back). write: beside,
 * synced, renamed over; the folder must exist. rename: same volume, no overwrite. */
bool host_file_write(struct host *host, const char *path, const void *bytes, size_t size, struct err *err) MUST_CHECK;
bool host_file_delete(struct host *host, const char *path, struct err *err) MUST_CHECK;
bool host_file_rename(struct host *host, const char *path, const char *to, enum op_class class, struct err *err)
    MUST_CHECK;

#endif
