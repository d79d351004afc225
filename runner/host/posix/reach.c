/* SPDX-License-Identifier: MIT */
/* The folder of a file that is to be written: links on the way are followed only where this user or root made them. */
/* NOLINTNEXTLINE(readability-identifier-naming,cert-dcl51-cpp,cert-dcl37-c,bugprone-reserved-identifier): O_PATH */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/posix/posix.h"

enum { LINKS_MOST = 16 };

struct way {
    int folder;
    int links; /* followed so far */
    const char *path;
};

static bool walk(struct way *way, const char *text, struct err *err);

/* Where it leads is read from the link that was looked at. */
static bool follow(struct way *way, int link, const struct stat *facts, struct err *err)
{
    char target[PATH_MAX];
    if (facts->st_uid != 0 && facts->st_uid != geteuid()) {
        return err_set(err, ERR_REFUSED, 0, "%s: a link on the way was made by another user: not followed", way->path);
    }
    ssize_t size = readlinkat(link, "", target, sizeof target - 1);
    if (size <= 0 || ++way->links > LINKS_MOST) {
        return posix_failed(err, size < 0 ? errno : ELOOP, "follow a link of", way->path);
    }
    target[size] = '\0';
    return walk(way, target, err);
}

static bool step(struct way *way, const char *name, struct err *err)
{
    struct stat facts;
    int next AUTO(posix_close) = openat(way->folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0 || fstat(next, &facts) != 0) {
        return posix_failed(err, errno, "open the folder of", way->path);
    }
    if (S_ISLNK(facts.st_mode)) {
        return follow(way, next, &facts, err);
    }
    posix_close(&way->folder);
    way->folder = next;
    next = -1;
    return S_ISDIR(facts.st_mode) || posix_failed(err, ENOTDIR, "open the folder of", way->path);
}

static bool walk(struct way *way, const char *text, struct err *err)
{
    char name[NAME_MAX + 1];
    bool is_done = text[0] != '/' || step(way, "/", err);
    for (const char *at = text + strspn(text, "/"); is_done && *at != '\0'; at += strspn(at, "/")) {
        size_t size = strcspn(at, "/");
        if (size > NAME_MAX) {
            return posix_failed(err, ENAMETOOLONG, "open the folder of", way->path);
        }
        memcpy(name, at, size);
        name[size] = '\0';
        is_done = step(way, name, err);
        at += size;
    }
    return is_done;
}

bool posix_open_folder_of(const char *path, int *ret_folder, struct err *err)
{
    char folder[PATH_MAX];
    size_t length = posix_folder_length(path);
    struct way way = {.folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), .path = path};
    if (way.folder < 0 || length >= sizeof folder) {
        int failure = way.folder < 0 ? errno : ENAMETOOLONG;
        posix_close(&way.folder);
        return posix_failed(err, failure, "open the folder of", path);
    }
    memcpy(folder, path, length);
    folder[length] = '\0';
    bool is_there = walk(&way, folder, err);
    int opened = is_there ? openat(way.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int failure = errno;
    posix_close(&way.folder);
    if (is_there && opened < 0) {
        return posix_failed(err, failure, "open the folder of", path);
    }
    *ret_folder = is_there ? opened : *ret_folder;
    return is_there;
}
