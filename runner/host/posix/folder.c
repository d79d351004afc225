/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/posix/posix.h"

const char port_separator = '/';

bool port_is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static void drop_listing(DIR **listing)
{
    if (*listing != NULL) {
        (void)closedir(*listing);
    }
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_self_or_parent(const char *name)
{
    return text_same(name, ".") || text_same(name, "..");
}

bool posix_list_in(int folder, const char *path, struct arena *arena, const char *const **ret_names, size_t *ret_count,
                   struct err *err)
{
    int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* a place of its own in the folder */
    DIR *listing AUTO(drop_listing) = own < 0 ? NULL : fdopendir(own);
    if (listing == NULL) {
        int failure = errno;
        posix_close(&own);
        return posix_failed(err, failure, "list", path);
    }
    struct arena_list names = {0};
    errno = 0;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        if (names.count == LIMIT_ENTRIES) {
            return err_set(err, ERR_LIMIT, 0, "list %s: more than %d names", path, LIMIT_ENTRIES);
        }
        if (!is_self_or_parent(entry->d_name)) {
            *(const char **)arena_push(arena, &names, sizeof(char *)) = arena_text(arena, entry->d_name);
        }
        errno = 0;
    }
    if (errno != 0) {
        return posix_failed(err, errno, "list", path);
    }
    if (names.count > 0) {
        qsort(names.items, names.count, sizeof(char *), by_bytes);
    }
    *ret_count = names.count;
    (void)arena_push(arena, &names, sizeof(char *));
    *ret_names = names.items;
    return true;
}

bool port_folder_list(const char *path, struct arena *arena, const char *const **ret_names, size_t *ret_count,
                      struct err *err)
{
    int folder AUTO(posix_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder >= 0 ? posix_list_in(folder, path, arena, ret_names, ret_count, err)
                       : posix_failed(err, errno, "list", path);
}

bool port_folder_remove(const char *path, struct err *err)
{
    return rmdir(path) == 0 || errno == ENOENT || posix_failed(err, errno, "remove folder", path);
}

/* Every folder of the path but the last; one that is already there is left as it is. */
static bool create_parents(const char *path, struct err *err)
{
    char parent[PATH_MAX];
    if (strlen(path) >= sizeof parent) {
        return posix_failed(err, ENAMETOOLONG, "create folder", path);
    }
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (path[i] == '/' && i > 0) {
            parent[i] = '\0';
            if (mkdir(parent, 0700) != 0 && errno != EEXIST) {
                return posix_failed(err, errno, "create folder", parent);
            }
        }
        parent[i] = path[i];
    }
    return true;
}

/* Looks at the folder through one descriptor, so that it cannot be exchanged between the look and the change. */
static bool make_private(const char *path, struct err *err)
{
    int folder AUTO(posix_close) = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        bool is_no_folder = errno == ENOTDIR || errno == ELOOP;
        return is_no_folder ? err_set(err, ERR_DENIED, (uint32_t)errno, "%s is a link or no folder: not trusted", path)
                            : posix_failed(err, errno, "open folder", path);
    }
    struct stat facts;
    if (fstat(folder, &facts) != 0) {
        return posix_failed(err, errno, "look at", path);
    }
    if (facts.st_uid != geteuid()) {
        return err_set(err, ERR_DENIED, 0, "%s belongs to somebody else: not trusted", path);
    }
    bool is_open = (facts.st_mode & 0077) != 0;
    return !is_open || fchmod(folder, 0700) == 0 || posix_failed(err, errno, "make private", path);
}

bool port_folder_create_private(const char *path, struct err *err)
{
    if (!create_parents(path, err)) {
        return false;
    }
    if (mkdir(path, 0700) == 0) {
        return posix_sync_folder_of(path, err);
    }
    return errno == EEXIST ? make_private(path, err) : posix_failed(err, errno, "create folder", path);
}

/* Source: XDG Base Directory Specification 0.8: an empty or relative value counts as unset. */
bool port_state_folder(struct arena *arena, const char **ret_path, struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && state[0] == '/') {
        *ret_path = arena_format(arena, "%s/azmend", state);
        return true;
    }
    if (home == NULL || home[0] != '/') {
        return err_set(err, ERR_NOT_FOUND, 0, "neither XDG_STATE_HOME nor HOME names a folder: use --state DIR");
    }
    *ret_path = arena_format(arena, "%s/.local/state/azmend", home);
    return true;
}
