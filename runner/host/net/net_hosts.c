/* SPDX-License-Identifier: MIT */
/* The hosts file alone, read as the systems read it: what is no line of it is passed over. */
#include <string.h>

#include "base/text.h"
#include "host/net/net_private.h"

enum { HOSTS_BYTES = 1024 * 1024, WORD_SIZE = 256 };

struct line {
    const char *at, *end;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

/* The next word of the line; false: there is none. A word too long for a name or an address comes out as "". */
static bool next_word(struct line *line, char ret_word[WORD_SIZE])
{
    while (line->at < line->end && is_blank(*line->at)) {
        line->at++;
    }
    const char *start = line->at;
    while (line->at < line->end && !is_blank(*line->at)) {
        line->at++;
    }
    size_t length = (size_t)(line->at - start);
    size_t kept = length < WORD_SIZE && memchr(start, '\0', length) == NULL ? length : 0;
    memcpy(ret_word, start, kept);
    ret_word[kept] = '\0';
    return length > 0;
}

/* A name may end with the root's dot. */
static void drop_dot(char *name)
{
    size_t size = strlen(name);
    if (size > 0 && name[size - 1] == '.') {
        name[size - 1] = '\0';
    }
}

static void read_line(struct line line, const char *name, struct port_addresses *addresses)
{
    char address[WORD_SIZE];
    char word[WORD_SIZE];
    if (addresses->count == LIMIT_ADDRESSES || !next_word(&line, address) ||
        !net_canonical(address, addresses->texts[addresses->count])) {
        return;
    }
    while (next_word(&line, word)) {
        drop_dot(word);
        if (text_equal(word, name)) {
            addresses->count++;
            return;
        }
    }
}

static const char *find_or_end(const char *at, const char *end, char byte)
{
    const char *found = memchr(at, byte, (size_t)(end - at));
    return found != NULL ? found : end;
}

void hosts_find(const char *bytes, size_t size, const char *name, struct port_addresses *ret_addresses)
{
    static const char mark[] = "\xEF\xBB\xBF";
    char wanted[WORD_SIZE];
    ret_addresses->count = 0;
    /* An empty file has no bytes to point at. */
    if (size == 0 || name[0] == '\0' || strlen(name) >= sizeof wanted) {
        return;
    }
    const char *end = bytes + size;
    const char *at = size >= 3 && memcmp(bytes, mark, 3) == 0 ? bytes + 3 : bytes;
    memcpy(wanted, name, strlen(name) + 1);
    drop_dot(wanted);
    while (at < end) {
        const char *stop = find_or_end(at, end, '\n');
        read_line((struct line){at, find_or_end(at, stop, '#')}, wanted, ret_addresses);
        at = stop < end ? stop + 1 : end;
    }
}

static bool read_file(const char *path, struct buf *bytes, struct err *err)
{
    struct arena arena AUTO(arena_close) = {0};
    enum { PATH_ARENA_BYTES = 16 * 1024 };
    if (path == NULL && (!arena_open(&arena, PATH_ARENA_BYTES, err) || !port_hosts_file(&arena, &path, err))) {
        return false;
    }
    return port_file_read(path, HOSTS_BYTES, bytes, err);
}

static void end_as_err(struct task *task, const struct err *err)
{
    static const enum net_outcome outcomes[ERR_CODE_COUNT] = {
        [ERR_NOT_FOUND] = NET_NO_NAME, [ERR_DENIED] = NET_DENIED, [ERR_LIMIT] = NET_TOO_LARGE};
    enum net_outcome outcome = outcomes[err->code];
    task_end(task, outcome == NET_OPEN ? NET_FAILED : outcome, err->os, err->text);
}

void hosts_start(struct task *task)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    if (!read_file(task->net->options.hosts_file, &bytes, &err)) {
        end_as_err(task, &err);
        return;
    }
    hosts_find(buf_string(&bytes), bytes.size, task->job.host, &task->addresses);
    net_addresses_sort(&task->addresses);
    task_end(task, task->addresses.count > 0 ? NET_ANSWERED : NET_NO_NAME, 0, NULL);
}
