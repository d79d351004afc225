/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/port.h"
#include "host/posix/posix.h"

#define PROGRAM "/proc/self/exe"

struct port_worker {
    pid_t id;
    bool has_ended;
};

bool port_program(struct arena *arena, const char **ret_path, struct err *err)
{
    char path[PATH_MAX];
    ssize_t size = readlink(PROGRAM, path, sizeof path);
    if (size < 0 || (size_t)size == sizeof path) {
        return posix_failed(err, size < 0 ? errno : ENAMETOOLONG, "read", PROGRAM);
    }
    *ret_path = arena_copy(arena, path, (size_t)size);
    return true;
}

const char *port_environment(const char *name, struct arena *arena)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : arena_text(arena, value);
}

/* In the child, where nothing but system calls is safe. */
_Noreturn static void become(char **arguments)
{
    int nothing = open("/dev/null", O_RDWR);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        (void)dup2(nothing, stream);
    }
    if (nothing > STDERR_FILENO) {
        (void)close(nothing);
    }
    if (setsid() >= 0) {
        (void)execv(PROGRAM, arguments);
    }
    _exit(127);
}

static size_t count(const char *const *arguments)
{
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    return count;
}

bool port_worker_start(const char *const *arguments, struct port_worker **ret_worker, struct err *err)
{
    static char name[] = "azmend";
    size_t size = count(arguments);
    struct port_worker *worker = calloc(1, sizeof *worker);
    char **copy = calloc(size + 2, sizeof *copy);
    if (worker == NULL || copy == NULL) {
        free(worker);
        free(copy);
        return err_set(err, ERR_MEMORY, 0, "no memory for a process");
    }
    copy[0] = name;
    memcpy(copy + 1, arguments, size * sizeof *copy);
    worker->id = fork();
    if (worker->id == 0) {
        become(copy);
    }
    free(copy);
    if (worker->id < 0) {
        free(worker);
        return posix_failed(err, errno, "start", PROGRAM);
    }
    *ret_worker = worker;
    return true;
}

bool port_worker_ended(struct port_worker *worker)
{
    if (!worker->has_ended) {
        worker->has_ended = waitpid(worker->id, NULL, WNOHANG) != 0;
    }
    return worker->has_ended;
}

void port_worker_forget(struct port_worker *worker)
{
    free(worker);
}

bool port_process_end(int64_t id, struct err *err)
{
    char link[sizeof "/proc//exe" + 20];
    struct stat own, other;
    must(id > 1 && id <= INT_MAX);
    (void)snprintf(link, sizeof link, "/proc/%lld/exe", (long long)id);
    if (stat(link, &other) != 0 && errno == ENOENT) {
        return true;
    }
    if (stat(link, &other) != 0 || stat(PROGRAM, &own) != 0 || own.st_ino != other.st_ino ||
        own.st_dev != other.st_dev) {
        return err_set(err, ERR_REFUSED, 0, "process %lld is not this program's: it is not ended", (long long)id);
    }
    return kill((pid_t)id, SIGKILL) == 0 || errno == ESRCH || posix_failed(err, errno, "end", "a process");
}
