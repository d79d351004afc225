/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/stat.h>

#include "host/nouns/file/file.h"
#include "host/port.h"
#include "host/posix/posix.h"

struct file_facts posix_facts(const struct stat *facts)
{
    enum file_form form = S_ISREG(facts->st_mode)   ? FILE_IS_REGULAR
                          : S_ISDIR(facts->st_mode) ? FILE_IS_FOLDER
                                                    : FILE_IS_OTHER;
    /* POSIX keeps no time of creation. */
    return (struct file_facts){.exists = true,
                               .form = form,
                               .size_bytes = form == FILE_IS_REGULAR ? facts->st_size : 0,
                               .created_at = facts->st_mtime,
                               .changed_at = facts->st_mtime};
}

bool port_path_query(const char *path, struct file_facts *ret_facts, struct err *err)
{
    struct stat facts;
    if (lstat(path, &facts) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            return posix_failed(err, errno, "look at", path);
        }
        *ret_facts = (struct file_facts){0};
        return true;
    }
    *ret_facts = posix_facts(&facts);
    return true;
}
