/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "host/port.h"
#include "host/posix/posix.h"

struct port_reader {
    int descriptor;
};

/* Takes the descriptor. */
static bool keep(int descriptor, struct port_reader **ret_reader, struct err *err)
{
    struct port_reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        posix_close(&descriptor);
        return err_set(err, ERR_MEMORY, 0, "no memory to read a file");
    }
    reader->descriptor = descriptor;
    *ret_reader = reader;
    return true;
}

bool port_reader_open(const char *path, struct port_reader **ret_reader, struct err *err)
{
    int descriptor = -1;
    if (!posix_open_regular(path, O_RDONLY, &descriptor, err)) {
        return false;
    }
    return keep(descriptor, ret_reader, err);
}

bool port_reader_open_input(struct port_reader **ret_reader, struct err *err)
{
    int descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor < 0) {
        return err_set(err, ERR_NOT_FOUND, (uint32_t)errno, "there is no standard input");
    }
    return keep(descriptor, ret_reader, err);
}

bool port_reader_read(struct port_reader *reader, void *bytes, size_t size, size_t *ret_size, struct err *err)
{
    ssize_t got = -1;
    do {
        got = read(reader->descriptor, bytes, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return posix_failed(err, errno, "read", "a file");
    }
    *ret_size = (size_t)got;
    return true;
}

void port_reader_close(struct port_reader *reader)
{
    if (reader != NULL) {
        posix_close(&reader->descriptor);
        free(reader);
    }
}

static void drop_listing(DIR **listing)
{
    if (*listing != NULL) {
        (void)closedir(*listing);
    }
}

bool port_folder_each(const char *path, const struct port_names *names, struct arena *arena, struct err *err)
{
    DIR *listing AUTO(drop_listing) = opendir(path);
    if (listing == NULL) {
        return posix_failed(err, errno, "list", path);
    }
    (void)arena;
    errno = 0;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        if (!text_same(entry->d_name, ".") && !text_same(entry->d_name, "..")) {
            names->take(names->context, entry->d_name);
        }
        errno = 0;
    }
    return errno == 0 || posix_failed(err, errno, "list", path);
}
