/* SPDX-License-Identifier: MIT */
/* What every port promises: the same rows under POSIX and on Windows. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "contract.h"
#include "host/port.h"

static const char *at(struct contract *contract, const char *name)
{
    return arena_format(contract->arena, "%s%c%s", contract->folder, port_separator, name);
}

static bool holds(struct contract *contract, const char *path, const char *bytes, size_t size)
{
    struct buf got AUTO(buf_clear) = {0};
    return port_file_read(path, size, &got, &contract->err) && got.size == size &&
           memcmp(buf_string(&got), bytes, size) == 0;
}

static void private_folder(struct contract *contract)
{
    EXPECT(contract, port_folder_create_private(contract->folder, &contract->err));
    EXPECT(contract, port_folder_create_private(contract->folder, &contract->err));
    EXPECT(contract, port_is_folder(contract->folder));
    const char *deep = at(contract, "one/two");
    EXPECT(contract, port_folder_create_private(deep, &contract->err) && port_is_folder(deep));
}

static void replaces(struct contract *contract)
{
    const char *path = at(contract, "file");
    EXPECT(contract, port_file_replace(path, "\0long text", 10, &contract->err));
    EXPECT(contract, holds(contract, path, "\0long text", 10));
    EXPECT(contract, port_file_replace(path, "new", 3, &contract->err) && holds(contract, path, "new", 3));
    EXPECT(contract, port_file_replace(path, "", 0, &contract->err) && holds(contract, path, "", 0));
    EXPECT(contract, port_file_remove(path, &contract->err) && port_file_remove(path, &contract->err));
    bool replaced = port_file_replace(at(contract, "no/such/file"), "x", 1, &contract->err);
    EXPECT(contract, !replaced && contract->err.code == ERR_NOT_FOUND);
}

static void reads_with_a_limit(struct contract *contract)
{
    const char *path = at(contract, "file");
    struct buf got AUTO(buf_clear) = {0};
    EXPECT(contract, port_file_replace(path, "12345678", 8, &contract->err));
    EXPECT(contract, holds(contract, path, "12345678", 8));
    bool read = port_file_read(path, 7, &got, &contract->err);
    EXPECT(contract, !read && contract->err.code == ERR_LIMIT && got.bytes == NULL);
    read = port_file_read(contract->folder, 100, &got, &contract->err);
    EXPECT(contract, !read && contract->err.code == ERR_INVALID);
    EXPECT(contract, port_file_remove(path, &contract->err));
    read = port_file_read(path, 100, &got, &contract->err);
    EXPECT(contract, !read && contract->err.code == ERR_NOT_FOUND && contract->err.os != 0);
}

static void japanese_names(struct contract *contract)
{
    const char *path = at(contract, "\xE6\x97\xA5\xE6\x9C\xAC.json");
    const char *const *names = NULL;
    size_t count = 0;
    EXPECT(contract, port_file_replace(path, "x", 1, &contract->err));
    EXPECT(contract, port_folder_list(contract->folder, contract->arena, &names, &count, &contract->err));
    EXPECT(contract, count >= 1 && text_same(names[count - 1], "\xE6\x97\xA5\xE6\x9C\xAC.json"));
    EXPECT(contract, names[count] == NULL);
    EXPECT(contract, port_file_remove(path, &contract->err));
    bool listed = port_folder_list(at(contract, "no"), contract->arena, &names, &count, &contract->err);
    EXPECT(contract, !listed && contract->err.code == ERR_NOT_FOUND);
}

/* Over 260 characters: where Windows paths once ended. */
static void long_path(struct contract *contract)
{
    char name[200];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    const char *folder = at(contract, name);
    const char *path = arena_format(contract->arena, "%s%c%s", folder, port_separator, name);
    EXPECT(contract, port_folder_create_private(folder, &contract->err));
    EXPECT(contract, port_file_replace(path, "far", 3, &contract->err) && holds(contract, path, "far", 3));
    EXPECT(contract, port_file_remove(path, &contract->err));
}

static const char *in(const struct contract *contract, const char *folder, const char *name)
{
    return arena_format(contract->arena, "%s%c%s", folder, port_separator, name);
}

static bool left_by_one_killed(struct contract *contract, const char *path)
{
    struct port_appender *appender = NULL;
    bool is_made = port_appender_open(path, &appender, &contract->err);
    port_appender_close(appender);
    return is_made;
}

/* What a killed replace left in the folder goes with the first one there; what others called so stays. */
static void replace_sweeps(struct contract *contract)
{
    const char *place = at(contract, "swept");
    const char *left = in(contract, place, ".azmend-0123456789abcdef.tmp");
    const char *folder = in(contract, place, ".azmend-folder.tmp");
    const char *path = in(contract, place, "file");
    struct file_facts facts;
    EXPECT(contract, port_folder_create_private(folder, &contract->err) && left_by_one_killed(contract, left));
    EXPECT(contract, port_file_replace(path, "new", 3, &contract->err) && holds(contract, path, "new", 3));
    EXPECT(contract, port_path_query(left, &facts, &contract->err) && !facts.exists);
    EXPECT(contract, left_by_one_killed(contract, left) && port_file_replace(path, "newer", 5, &contract->err));
    EXPECT(contract, port_path_query(left, &facts, &contract->err) && facts.exists); /* once is enough */
    EXPECT(contract, port_is_folder(folder) && port_folder_remove(folder, &contract->err));
    EXPECT(contract, port_file_remove(path, &contract->err) && port_file_remove(left, &contract->err));
    EXPECT(contract, port_folder_remove(place, &contract->err));
}

enum { WRITERS = 4, REPLACES = 100 };

struct writers {
    const char *path;
    atomic_int failed, ended;
};

static void write_often(void *context)
{
    struct writers *writers = context;
    for (int i = 0; i < REPLACES; i++) {
        struct err err;
        bool is_replaced = port_file_replace(writers->path, "whole", 5, &err);
        writers->failed += is_replaced ? 0 : 1;
    }
    writers->ended++;
}

/* What a living one is writing is not taken for what a killed one left. */
static void replaces_at_once(struct contract *contract)
{
    static struct writers writers;
    writers.path = at(contract, "file");
    for (int i = 0; i < WRITERS; i++) {
        EXPECT(contract, port_thread_start(write_often, &writers, &contract->err));
    }
    for (int i = 0; i < 6000 && writers.ended < WRITERS; i++) {
        port_sleep_ms(10);
    }
    EXPECT(contract, writers.ended == WRITERS && writers.failed == 0);
    EXPECT(contract, holds(contract, writers.path, "whole", 5) && port_file_remove(writers.path, &contract->err));
}

static void appends(struct contract *contract)
{
    const char *path = at(contract, "journal");
    struct port_appender *appender = NULL;
    EXPECT(contract, port_appender_open(path, &appender, &contract->err));
    EXPECT(contract, port_appender_write(appender, "one\n", 4, &contract->err) && holds(contract, path, "one\n", 4));
    port_appender_close(appender);
    EXPECT(contract, port_appender_open(path, &appender, &contract->err));
    EXPECT(contract, port_appender_add(appender, "two\n", 4, &contract->err));
    EXPECT(contract, holds(contract, path, "one\ntwo\n", 8) && port_appender_sync(appender, &contract->err));
    EXPECT(contract, port_appender_write(appender, "three\n", 6, &contract->err));
    EXPECT(contract, holds(contract, path, "one\ntwo\nthree\n", 14));
    port_appender_close(appender);
    port_appender_close(NULL);
    bool opened = port_appender_open(contract->folder, &appender, &contract->err);
    EXPECT(contract, !opened && contract->err.code != ERR_NONE);
    EXPECT(contract, port_file_remove(path, &contract->err));
}

static void locks(struct contract *contract)
{
    const char *path = at(contract, "lock"), *holder = NULL;
    struct port_lock *lock = NULL, *second = NULL;
    EXPECT(contract, port_lock_take(path, "run 1", contract->arena, &lock, &holder, &contract->err));
    bool taken = port_lock_take(path, "run 2", contract->arena, &second, &holder, &contract->err);
    EXPECT(contract, !taken && contract->err.code == ERR_BUSY && text_same(holder, "run 1"));
    port_lock_release(lock);
    EXPECT(contract, port_lock_take(path, "3", contract->arena, &lock, &holder, &contract->err));
    taken = port_lock_take(path, "run 4", contract->arena, &second, &holder, &contract->err);
    EXPECT(contract, !taken && text_same(holder, "3"));
    port_lock_release(lock);
    port_lock_release(NULL);
    EXPECT(contract, port_file_remove(path, &contract->err));
}

static void chance(struct contract *contract)
{
    unsigned char first[32] = {0}, second[32] = {0};
    EXPECT(contract, port_random(first, sizeof first, &contract->err) && port_random(second, 32, &contract->err));
    EXPECT(contract, memcmp(first, second, sizeof first) != 0);
    EXPECT(contract, port_random(first, 0, &contract->err));
}

static void ring(void *flag)
{
    *(volatile bool *)flag = true;
}

static void threads_and_time(struct contract *contract)
{
    static volatile bool rang;
    void *flag = (void *)(uintptr_t)&rang;
    int64_t start = port_now_ms();
    EXPECT(contract, port_thread_start(ring, flag, &contract->err));
    port_sleep_ms(10);
    for (int i = 0; i < 500 && !rang; i++) {
        port_sleep_ms(10);
    }
    EXPECT(contract, rang && port_now_ms() >= start + 10);
    EXPECT(contract, port_process_id() > 0 && port_utc_ms() > 1577836800000);
    EXPECT(contract, text_same(port_language(), "en") || text_same(port_language(), "ja"));
}

static void state_folder(struct contract *contract)
{
    const char *path = NULL;
    EXPECT(contract, port_state_folder(contract->arena, &path, &contract->err) && text_ends(path, "azmend"));
}

static void own_process(struct contract *contract)
{
    const char *path = NULL;
    struct file_facts facts;
    EXPECT(contract, port_program(contract->arena, &path, &contract->err) && path[0] != '\0');
    EXPECT(contract, port_path_query(path, &facts, &contract->err) && facts.exists && facts.size_bytes > 0);
    EXPECT(contract, port_environment("PATH", contract->arena) != NULL);
    EXPECT(contract, port_environment("AZMEND_NOBODY_SETS_THIS", contract->arena) == NULL);
}

static void removes_folders(struct contract *contract)
{
    const char *folder = at(contract, "removed"), *inner = at(contract, "removed/inner");
    EXPECT(contract, port_folder_create_private(inner, &contract->err));
    bool removed = port_folder_remove(folder, &contract->err);
    EXPECT(contract, !removed && contract->err.code != ERR_NONE && port_is_folder(inner));
    EXPECT(contract, port_folder_remove(inner, &contract->err) && port_folder_remove(folder, &contract->err));
    EXPECT(contract, !port_is_folder(folder) && port_folder_remove(folder, &contract->err));
}

const struct contract_row contract_port[] = {
    {"port: a private folder and its parents", private_folder},
    {"port: replace, read, remove", replaces},
    {"port: a limit refuses, a folder is no file", reads_with_a_limit},
    {"port: names beyond ASCII", japanese_names},
    {"port: a long path", long_path},
    {"port: appends", appends},
    {"port: a lock says who holds it", locks},
    {"port: chance", chance},
    {"port: threads and time", threads_and_time},
    {"port: a replace sweeps", replace_sweeps},
    {"port: replaces at once", replaces_at_once},
    {"port: where the state is kept", state_folder},
    {"port: this program, and its environment", own_process},
    {"port: only an empty folder is removed", removes_folders},
    {NULL, NULL},
};
