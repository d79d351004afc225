/* SPDX-License-Identifier: MIT */
/*
 * What the hosts file pins a name to. A pinned address outlives the service behind it, and wins over DNS. Only taking
 * a name out is offered: pinning another one would be the same fault again.
 */
#include "kinds/network/hosts_entry.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/net/net.h"
#include "host/nouns/file/file.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

#define HOSTS_FILE "%SystemRoot%\\System32\\drivers\\etc\\hosts"
#define BLANKS " \t\r\v\f"

enum { NAME_SIZE = 256 };
enum { PARAM_NAME, PARAM_COUNT };
enum { ENTRY_EXISTS, ENTRY_ADDRESSES, ENTRY_COUNT };

static const struct column params[] = {
    [PARAM_NAME] = TEXT_COLUMN("name", COLUMN_REQUIRED, "the name to look for"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

/* The name leads to a KMS host again. */
static const char *const with_a_name[] = {"license", NULL};

static const struct column properties[] = {
    [ENTRY_EXISTS] = {.name = "exists",
                      .about = "a line gives the name an address; false: it is taken out, every other byte stays",
                      .base = TYPE_BOOL,
                      .wants = wants_false,
                      .flags = COLUMN_ENSURE,
                      .brings = with_a_name},
    [ENTRY_ADDRESSES] = LIST_COLUMN("addresses", TYPE_TEXT, 0, "what the lines give it"),
};
_Static_assert(COUNT_OF(properties) == ENTRY_COUNT, "one row a property");

static bool hosts_entry_look(struct look *look, struct host *host, struct err *err)
{
    struct arena scratch AUTO(arena_close) = {0};
    struct file_bytes file = {0};
    struct port_addresses found = {0};
    if (!arena_open(&scratch, LIMIT_HOSTS_SCRATCH_BYTES, err) ||
        !host_file_read_into(host, HOSTS_FILE, LIMIT_FILE_BYTES, &scratch, &file, err)) {
        return false;
    }
    if (file.exists) {
        hosts_find(file.bytes, file.size, look_text(look, PARAM_NAME), &found);
    }
    struct value *items = arena_array(look->arena, found.count, sizeof *items);
    for (size_t i = 0; i < found.count; i++) {
        items[i] = cell_text(look->arena, found.texts[i]);
    }
    look->cells[ENTRY_EXISTS] = value_bool(found.count > 0);
    look->cells[ENTRY_ADDRESSES] = value_list(TYPE_TEXT, items, found.count);
    return true;
}

/* --- set: the file again, without the name and with every other byte --- */

struct span {
    const char *at, *end;
};

static bool names(struct span line, const char *name)
{
    struct port_addresses found = {0};
    hosts_find(line.at, (size_t)(line.end - line.at), name, &found);
    return found.count > 0;
}

static bool is_blank(char byte)
{
    return byte != '\0' && strchr(BLANKS, byte) != NULL;
}

/* The blanks and the word behind them; empty: none is left. */
static struct span next_word(struct span rest)
{
    struct span word = {rest.at, rest.at};
    while (word.end < rest.end && is_blank(*word.end)) {
        word.end++;
    }
    const char *start = word.end;
    while (word.end < rest.end && !is_blank(*word.end)) {
        word.end++;
    }
    return word.end > start ? word : (struct span){rest.at, rest.at};
}

/* A name may end with the root's dot. */
static size_t size_without_dot(const char *name, size_t size)
{
    return size > 0 && name[size - 1] == '.' ? size - 1 : size;
}

static bool is_name(struct span word, const char *name)
{
    char text[NAME_SIZE] = {0};
    char wanted[NAME_SIZE] = {0};
    while (word.at < word.end && is_blank(*word.at)) {
        word.at++;
    }
    size_t size = size_without_dot(word.at, (size_t)(word.end - word.at));
    size_t wanted_size = size_without_dot(name, strlen(name));
    if (size != wanted_size || size >= sizeof text) {
        return false;
    }
    memcpy(text, word.at, size);
    memcpy(wanted, name, size);
    return text_equal(text, wanted);
}

/* A line that keeps an alias keeps its comment; one that has no name left goes whole. */
static void add_line_without(struct buf *buf, struct span line, const char *name)
{
    struct buf kept AUTO(buf_clear) = {0};
    const char *words_end = memchr(line.at, '#', (size_t)(line.end - line.at));
    words_end = words_end != NULL ? words_end : line.end;
    words_end -= words_end > line.at && words_end[-1] == '\n' ? 1 : 0;
    struct span rest = {line.at, words_end};
    struct span word = next_word(rest);
    size_t aliases = 0;
    buf_init(&kept, LIMIT_FILE_BYTES);
    buf_add(&kept, word.at, (size_t)(word.end - word.at));
    rest.at = word.end;
    for (word = next_word(rest); word.end > word.at; word = next_word(rest)) {
        rest.at = word.end;
        bool is_kept = !is_name(word, name);
        buf_add(&kept, word.at, is_kept ? (size_t)(word.end - word.at) : 0);
        aliases += is_kept ? 1 : 0;
    }
    buf_add(&kept, rest.at, (size_t)(line.end - rest.at));
    buf_add(buf, buf_string(&kept), aliases > 0 ? kept.size : 0);
    buf->failed = buf->failed || kept.failed;
}

void hosts_entry_without(struct buf *buf, const struct file_bytes *file, const char *name)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct span line = {file->bytes, file->bytes};
    const char *end = file->bytes + file->size;
    if (file->size >= 3 && memcmp(file->bytes, mark, 3) == 0) {
        line.at += 3;
        buf_add(buf, mark, 3);
    }
    for (; line.at < end; line.at = line.end) {
        const char *stop = memchr(line.at, '\n', (size_t)(end - line.at));
        line.end = stop != NULL ? stop + 1 : end;
        if (names(line, name)) {
            add_line_without(buf, line, name);
        } else {
            buf_add(buf, line.at, (size_t)(line.end - line.at));
        }
    }
}

static bool hosts_entry_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct file_bytes file = {0};
    if (wanted_bool(&wanted->cells[ENTRY_EXISTS], false)) {
        return err_set(err, ERR_INVALID, 0, "a name is never pinned: exists may only be wanted false");
    }
    if (!host_file_read(host, HOSTS_FILE, LIMIT_FILE_BYTES, &file, err)) {
        return false;
    }
    if (!file.exists) {
        return err_set(err, ERR_NOT_FOUND, 0, "the hosts file is gone");
    }
    buf_init(&buf, LIMIT_FILE_BYTES);
    hosts_entry_without(&buf, &file, wanted->params[PARAM_NAME].as.text);
    return (!buf.failed || err_set(err, ERR_MEMORY, 0, "no memory for the hosts file")) &&
           host_file_write(host, HOSTS_FILE, buf_string(&buf), buf.size, err);
}

const struct kind kind_hosts_entry = {
    .name = "hosts_entry",
    .about = "what the hosts file pins a name to",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_FILE),
    .changes = NOUN_BIT(NOUN_FILE),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"name\": \"azkms.core.windows.net\"}",
    .example_step = "{\"name\": \"azkms.core.windows.net\", \"exists\": false}",
    .look = hosts_entry_look,
    .set = hosts_entry_set,
};
