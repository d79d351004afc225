/* SPDX-License-Identifier: MIT */
/* Archives made by pack_archives.py, which starts this with their folder in AZMEND_PACK_FOLDER; `index` says what to
 * expect of each. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "pack/pack.h"
#include "unit.h"

void suite_pack(void);

enum { FILE_MAX = 64 * 1024 * 1024, LEAST_HOSTILE_NAMES = 200 };
/* Of an archive of more bytes than this not every bit is changed, but every 23rd: its headers repeat, and each is met.
 */
enum { SMALL_BYTES = 1000, BIT_STEP = 23 };

static struct arena arena;

static int set_up(void)
{
    struct err err = {0};
    return arena_open(&arena, LIMIT_ARENA_BYTES, &err) ? 0 : 1;
}

static int tear_down(void)
{
    arena_close(&arena);
    return 0;
}

static void close_file(FILE **file)
{
    if (*file != NULL) {
        (void)fclose(*file);
    }
}

static struct buf load(const char *name)
{
    char block[4096];
    struct buf bytes = {0};
    const char *folder = getenv("AZMEND_PACK_FOLDER");
    const char *path = arena_format(&arena, "%s/%s", folder != NULL ? folder : ".", name);
    FILE *file AUTO(close_file) = fopen(path, "rb");
    buf_init(&bytes, FILE_MAX);
    for (size_t got = sizeof(block); file != NULL && got == sizeof(block);) {
        got = fread(block, 1, sizeof(block), file);
        buf_add(&bytes, block, got);
    }
    ROW_ASSERT(path, bytes.size > 0 && !bytes.failed);
    return bytes;
}

/* --- what the index says --- */

/* Its name and a newline, three times. */
static bool has_content(const struct pack_entry *entry)
{
    size_t length = strlen(entry->name) + 1;
    for (size_t i = 0; i < 3; i++) {
        if (entry->size != 3 * length || memcmp(entry->bytes + i * length, entry->name, length - 1) != 0 ||
            entry->bytes[(i + 1) * length - 1] != '\n') {
            return false;
        }
    }
    return entry->bytes[entry->size] == '\0';
}

/* Names parted by blanks; '+' stands for a blank within. */
static void check_taken(const char *row, char *names)
{
    struct buf bytes AUTO(buf_clear) = load(row);
    struct pack pack = {0};
    struct err err = {0};
    bool is_taken = pack_open(bytes.bytes, bytes.size, row, &arena, &pack, &err);
    if (!is_taken) {
        printf("\n    %s", err.text);
    }
    ROW_ASSERT(row, is_taken);
    size_t count = 0;
    for (char *at = names; *at != '\0' && count < pack.count; count++) {
        size_t length = strcspn(at, " ");
        bool is_last = at[length] == '\0';
        at[length] = '\0';
        for (char *plus = strchr(at, '+'); plus != NULL; plus = strchr(plus, '+')) {
            *plus = ' ';
        }
        ROW_ASSERT(row, text_same(pack.entries[count].name, at));
        ROW_ASSERT(row, has_content(&pack.entries[count]));
        at += is_last ? length : length + 1;
        names = at;
    }
    ROW_ASSERT(row, *names == '\0' && count == pack.count);
}

static void check_refused(const char *row, const char *words)
{
    static const struct pack_entry untouched = {"untouched", "", 0};
    struct buf bytes AUTO(buf_clear) = load(row);
    struct pack pack = {.entries = &untouched, .count = 1};
    struct err err = {0};
    ROW_ASSERT(row, !pack_open(bytes.bytes, bytes.size, "ARCHIVE", &arena, &pack, &err));
    if (strstr(err.text, words) == NULL) {
        printf("\n    %s", err.text);
    }
    ROW_ASSERT(row, strstr(err.text, words) != NULL);
    ROW_ASSERT(row, text_starts(err.text, "ARCHIVE: ") && text_is_ascii(err.text) && strchr(err.text, '\n') == NULL);
    ROW_ASSERT(row, err.code == ERR_INVALID || err.code == ERR_LIMIT);
    ROW_ASSERT(row, pack.count == 1 && pack.entries == &untouched);
    ROW_ASSERT(row, pack_is_archive(bytes.bytes, bytes.size) || memcmp(bytes.bytes, "MZ", 2) == 0);
}

/* Runs check over the rows whose file begins so; returns how many. */
static size_t each_row(const char *prefix, void (*check)(const char *row, char *expected))
{
    struct buf index AUTO(buf_clear) = load("index");
    size_t count = 0;
    for (char *line = index.bytes; line != NULL && *line != '\0';) {
        char *next = strchr(line, '\n');
        char *tab = strchr(line, '\t');
        CU_ASSERT_FATAL(next != NULL && tab != NULL && tab < next);
        *next = '\0';
        *tab = '\0';
        size_t mark = arena_mark(&arena);
        if (text_starts(line, prefix)) {
            check(line, tab + 1);
            count++;
        }
        arena_release(&arena, mark);
        line = next + 1;
    }
    return count;
}

static void check_row(const char *row, char *expected)
{
    if (expected[0] == '=') {
        check_taken(row, expected + 1);
    } else {
        check_refused(row, expected);
    }
}

static void hostile_names_are_refused(void)
{
    CU_ASSERT(each_row("name-", check_row) >= 2 * LEAST_HOSTILE_NAMES);
    CU_ASSERT(each_row("clash-", check_row) > 0);
}

static void links_and_devices_are_refused(void)
{
    CU_ASSERT(each_row("type-", check_row) > 0);
}

static void lies_are_refused(void)
{
    CU_ASSERT(each_row("lie-", check_row) > 0);
}

static void bombs_are_refused(void)
{
    CU_ASSERT(each_row("bomb-", check_row) > 0);
}

static void good_ones_are_taken(void)
{
    CU_ASSERT(each_row("good-", check_row) > 0);
}

/* --- every change of a small archive --- */

static bool same(const struct pack *left, const struct pack *right)
{
    bool is_same = left->count == right->count;
    for (size_t i = 0; is_same && i < left->count; i++) {
        const struct pack_entry *one = &left->entries[i];
        const struct pack_entry *two = &right->entries[i];
        is_same =
            text_same(one->name, two->name) && one->size == two->size && memcmp(one->bytes, two->bytes, one->size) == 0;
    }
    return is_same;
}

/* ret_taken: was the changed archive taken as the same? False: it was taken as another one. */
static bool is_refused_or_same(const struct buf *bytes, size_t size, const struct pack *original, bool *ret_taken)
{
    struct pack pack = {0};
    struct err err = {0};
    size_t mark = arena_mark(&arena);
    *ret_taken = pack_open(bytes->bytes, size, "ARCHIVE", &arena, &pack, &err);
    bool holds = *ret_taken ? same(&pack, original) : err.text[0] != '\0';
    arena_release(&arena, mark);
    return holds;
}

static void check_changes(const char *row, char *expected)
{
    struct buf bytes AUTO(buf_clear) = load(row);
    struct pack original = {0};
    struct err err = {0};
    bool is_taken = false;
    (void)expected;
    ROW_ASSERT(row, pack_open(bytes.bytes, bytes.size, row, &arena, &original, &err));
    for (size_t size = 0; size < bytes.size; size++) {
        bool is_sound = is_refused_or_same(&bytes, size, &original, &is_taken) && !is_taken;
        ROW_ASSERT(arena_format(&arena, "%s cut to %zu bytes", row, size), is_sound);
    }
    size_t step = bytes.size > SMALL_BYTES ? BIT_STEP : 1;
    for (size_t i = 0; i < bytes.size * 8; i += step) {
        bytes.bytes[i / 8] = (char)(bytes.bytes[i / 8] ^ 1 << i % 8);
        bool is_sound = is_refused_or_same(&bytes, bytes.size, &original, &is_taken);
        if (!is_sound) {
            ROW_ASSERT(arena_format(&arena, "%s with bit %zu of byte %zu changed", row, i % 8, i / 8), is_sound);
        }
        bytes.bytes[i / 8] = (char)(bytes.bytes[i / 8] ^ 1 << i % 8);
    }
}

static void a_cut_or_changed_archive_is_refused_or_the_same(void)
{
    CU_ASSERT(each_row("good-", check_changes) > 0);
}

void suite_pack(void)
{
    OPENED_SUITE("pack", set_up, tear_down, UNIT_TEST(hostile_names_are_refused),
                 UNIT_TEST(links_and_devices_are_refused), UNIT_TEST(lies_are_refused), UNIT_TEST(bombs_are_refused),
                 UNIT_TEST(good_ones_are_taken), UNIT_TEST(a_cut_or_changed_archive_is_refused_or_the_same));
}
