/* SPDX-License-Identifier: MIT */
/* What only POSIX can show: FIFOs, devices, links, folders of others. The port's common rows stand in
 * tests/contract. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "host/port.h"
#include "unit.h"

void suite_posix(void);

static char folder[] = "/tmp/azmend-posix-XXXXXX";
static struct arena arena;

static int make_folder(void)
{
    struct err err;
    return mkdtemp(folder) != NULL && arena_open(&arena, (size_t)1024 * 1024, &err) ? 0 : 1;
}

static int drop_folder(void)
{
    arena_close(&arena);
    return rmdir(folder);
}

static const char *at(const char *name)
{
    return arena_format(&arena, "%s/%s", folder, name);
}

/* Never waited on: a FIFO without a writer would block an ordinary open for ever. */
static void test_irregular_files_are_refused(void)
{
    const char *fifo = at("fifo"), *link = at("link"), *dangling = at("dangling");
    CU_ASSERT_FATAL(mkfifo(fifo, 0600) == 0 && symlink("/etc/hostname", link) == 0 &&
                    symlink("/nothing", dangling) == 0);
    const struct {
        const char *path;
        enum err_code code;
    } rows[] = {{fifo, ERR_INVALID}, {"/dev/zero", ERR_INVALID}, {folder, ERR_INVALID},
                {link, ERR_DENIED},  {dangling, ERR_DENIED},     {at("none"), ERR_NOT_FOUND}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf bytes AUTO(buf_clear) = {0};
        struct err err = {0};
        ROW_ASSERT(rows[i].path, !port_file_read(rows[i].path, 100, &bytes, &err) && err.code == rows[i].code);
        ROW_ASSERT(rows[i].path, bytes.bytes == NULL);
    }
    struct port_appender *appender = NULL;
    struct port_lock *lock = NULL;
    const char *holder = NULL;
    struct err err = {0};
    CU_ASSERT(!port_appender_open(fifo, &appender, &err) && err.os != 0);
    CU_ASSERT(!port_appender_open(link, &appender, &err) && err.code == ERR_DENIED);
    CU_ASSERT(!port_lock_take(dangling, "run", &arena, &lock, &holder, &err) && err.code == ERR_DENIED);
    CU_ASSERT(unlink(fifo) == 0 && unlink(link) == 0 && unlink(dangling) == 0);
}

/* The name goes, what it pointed to stays. */
static void test_replace_does_not_follow_a_link(void)
{
    const char *target = at("target"), *link = at("link");
    struct err err = {0};
    CU_ASSERT_FATAL(port_file_replace(target, "old", 3, &err) && symlink(target, link) == 0);
    CU_ASSERT(port_file_replace(link, "new", 3, &err));
    struct buf bytes AUTO(buf_clear) = {0};
    CU_ASSERT(port_file_read(target, 100, &bytes, &err) && text_same(buf_string(&bytes), "old"));
    struct stat facts;
    CU_ASSERT(lstat(link, &facts) == 0 && S_ISREG(facts.st_mode) && (facts.st_mode & 0777) == 0600);
    CU_ASSERT(port_file_remove(target, &err) && port_file_remove(link, &err));
}

static void test_private_folder(void)
{
    const char *open = at("open"), *link = at("link");
    struct err err = {0};
    struct stat facts;
    CU_ASSERT_FATAL(mkdir(open, 0777) == 0 && chmod(open, 0777) == 0 && symlink(open, link) == 0);
    CU_ASSERT(port_folder_create_private(open, &err));
    CU_ASSERT(stat(open, &facts) == 0 && (facts.st_mode & 0777) == 0700);
    CU_ASSERT(!port_folder_create_private(link, &err) && err.code == ERR_DENIED);
    if (geteuid() == 0) {
        CU_ASSERT(chown(open, 65534, 65534) == 0);
        CU_ASSERT(!port_folder_create_private(open, &err) && err.code == ERR_DENIED);
    }
    CU_ASSERT(rmdir(open) == 0 && unlink(link) == 0);
}

static const struct {
    const char *all, *messages, *lang, *language;
} locales[] = {
    {NULL, NULL, NULL, "en"},         {NULL, NULL, "ja_JP.UTF-8", "ja"},       {NULL, NULL, "C", "en"},
    {"C", NULL, "ja_JP.UTF-8", "en"}, {"ja_JP.eucJP", "C", "C", "ja"},         {"", "", "ja", "ja"},
    {NULL, "ja_JP", "en_US", "ja"},   {"en_US.UTF-8", "ja_JP", "ja_JP", "en"},
};

static void set(const char *name, const char *value)
{
    (void)(value == NULL ? unsetenv(name) : setenv(name, value, 1));
}

static void test_language(void)
{
    for (size_t i = 0; i < COUNT_OF(locales); i++) {
        set("LC_ALL", locales[i].all);
        set("LC_MESSAGES", locales[i].messages);
        set("LANG", locales[i].lang);
        CU_ASSERT_STRING_EQUAL(port_language(), locales[i].language);
    }
}

static void test_state_folder(void)
{
    static const struct {
        const char *state, *home, *folder;
    } rows[] = {{"/var/s", "/home/a", "/var/s/azmend"},
                {"", "/home/a", "/home/a/.local/state/azmend"},
                {"relative", "/home/a", "/home/a/.local/state/azmend"},
                {NULL, NULL, NULL},
                {NULL, "relative", NULL}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *path = NULL;
        struct err err = {0};
        set("XDG_STATE_HOME", rows[i].state);
        set("HOME", rows[i].home);
        CU_ASSERT(port_state_folder(&arena, &path, &err) == (rows[i].folder != NULL));
        CU_ASSERT(text_same(path, rows[i].folder));
    }
}

/* A number that was given to another program ends nobody; one of this program ends, one that is gone is gone. */
static void test_only_this_program_is_ended(void)
{
    static char name[] = "sleep", seconds[] = "60";
    char *const words[] = {name, seconds, NULL};
    struct err err = {0};
    int status = 0;
    pid_t other = fork();
    if (other == 0) {
        (void)execv("/bin/sleep", words);
        _exit(1);
    }
    pid_t own = fork();
    if (own == 0) {
        (void)pause();
        _exit(1);
    }
    CU_ASSERT_FATAL(other > 0 && own > 0);
    (void)nanosleep(&(struct timespec){.tv_nsec = 300 * 1000 * 1000}, NULL);
    CU_ASSERT(!port_process_end(other, &err) && err.code == ERR_REFUSED);
    CU_ASSERT(waitpid(other, &status, WNOHANG) == 0);
    CU_ASSERT(port_process_end(own, &err) && waitpid(own, &status, 0) == own && WIFSIGNALED(status));
    CU_ASSERT(kill(other, SIGKILL) == 0 && waitpid(other, &status, 0) == other);
    CU_ASSERT(port_process_end(other, &err));
}

static void test_no_machine(void)
{
    const struct host_ops *ops = NULL;
    void *backend = NULL;
    struct err err = {0};
    CU_ASSERT(!port_machine_open(&ops, &backend, &err) && err.code == ERR_UNSUPPORTED);
    CU_ASSERT(text_contains(err.text, "--machine"));
}

void suite_posix(void)
{
    OPENED_SUITE("posix", make_folder, drop_folder, UNIT_TEST(test_irregular_files_are_refused),
                 UNIT_TEST(test_replace_does_not_follow_a_link), UNIT_TEST(test_private_folder),
                 UNIT_TEST(test_language), UNIT_TEST(test_state_folder), UNIT_TEST(test_no_machine),
                 UNIT_TEST(test_only_this_program_is_ended));
}
