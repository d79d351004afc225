/* SPDX-License-Identifier: MIT */
/*
 * The least that the same work costs: a bare loop with the same system calls and nothing else.
 *   floor read FOLDER N     N files looked at (what is it? a link is not followed), looked at again before reading,
 * opened, looked at, read to the end and compared floor write FOLDER N    N files written beside, synced, renamed over,
 * and their folder synced Files are FOLDER/fNNNNN.txt. Prints how many differed or were written.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, TEXT_BYTES = 4096 };
static const char wanted[] = "wanted\n";

static int read_one(const char *path)
{
    char text[TEXT_BYTES];
    struct stat facts;
    if (lstat(path, &facts) != 0 || lstat(path, &facts) != 0) {
        return -1;
    }
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0) {
        return -1;
    }
    ssize_t size = read(file, text, sizeof text);
    char more = 0;
    if (size < 0 || read(file, &more, 1) != 0) {
        size = -1;
    }
    (void)close(file);
    return size == (ssize_t)strlen(wanted) && memcmp(text, wanted, strlen(wanted)) == 0 ? 0 : 1;
}

static bool sync_folder(const char *path)
{
    char folder[PATH_BYTES];
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = opened >= 0 && fsync(opened) == 0;
    if (opened >= 0) {
        (void)close(opened);
    }
    return done;
}

static int write_one(const char *path)
{
    char beside[PATH_BYTES + 8];
    (void)snprintf(beside, sizeof beside, "%s.new", path);
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = file >= 0 && write(file, wanted, strlen(wanted)) == (ssize_t)strlen(wanted) && fsync(file) == 0;
    if (file >= 0 && close(file) != 0) {
        done = false;
    }
    return done && rename(beside, path) == 0 && sync_folder(path) ? 1 : -1;
}

static int peak(char **program)
{
    struct rusage usage = {0};
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, program[0], NULL, NULL, program, NULL) != 0 || wait4(child, &status, 0, &usage) != child) {
        return 1;
    }
    return fprintf(stderr, "%ld\n", usage.ru_maxrss) < 0;
}

int main(int count, char **arguments)
{
    if (count > 2 && strcmp(arguments[1], "peak") == 0) {
        return peak(&arguments[2]);
    }
    if (count != 4) {
        (void)fputs("usage: floor read|write FOLDER N, floor peak PROGRAM...\n", stderr);
        return 2;
    }
    int (*work)(const char *) = strcmp(arguments[1], "read") == 0 ? read_one : write_one;
    long total = strtol(arguments[3], NULL, 10), sum = 0;
    for (long i = 0; i < total; i++) {
        char path[PATH_BYTES];
        (void)snprintf(path, sizeof path, "%s/f%05ld.txt", arguments[2], i);
        int one = work(path);
        if (one < 0) {
            perror(path);
            return 1;
        }
        sum += one;
    }
    return printf("%ld\n", sum) < 0;
}
