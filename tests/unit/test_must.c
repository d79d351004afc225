/* SPDX-License-Identifier: MIT */
/* The ends of a run: each in a child of its own, seen by its exit code and by what its hook said. */
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "json/writer.h"
#include "unit.h"

static int report_to;

static void report(const char *what)
{
    (void)!write(report_to, what, strlen(what));
}

static void fail_again(const char *what)
{
    report(what);
    must(what == NULL);
}

static void break_must(struct arena *arena)
{
    must(arena == NULL);
}

static void fill_by_alloc(struct arena *arena)
{
    for (;;) {
        (void)arena_alloc(arena, 100);
    }
}

static void fill_by_text(struct arena *arena)
{
    for (;;) {
        (void)arena_text(arena, "some text");
    }
}

static void fill_by_format(struct arena *arena)
{
    (void)arena_format(arena, "%*s", 100000, "");
}

static void overflow_product(struct arena *arena)
{
    (void)arena_array(arena, SIZE_MAX / 2, 3);
}

static void overflow_copy(struct arena *arena)
{
    (void)arena_copy(arena, "", SIZE_MAX);
}

static void map_nothing(struct arena *arena)
{
    struct map map = {0};
    map_set(arena, &map, "key", NULL);
}

static void whole_of_a_failed_buffer(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    (void)arena;
    buf_init(&buf, 1);
    buf_text(&buf, "ab");
    (void)buf_whole(&buf);
}

static void unknown_code(struct arena *arena)
{
    (void)arena;
    (void)err_code_name(ERR_CODE_COUNT);
}

static void begin_object(struct writer *writer, struct buf *buf)
{
    buf_init(buf, 4096);
    writer_init(writer, buf, WRITER_ONE_LINE);
    writer_open_object(writer);
}

static void value_without_name(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_null(&writer);
}

static void name_twice(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_name(&writer, "a");
    writer_name(&writer, "b");
}

static void close_after_name(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_name(&writer, "a");
    writer_close_object(&writer);
}

static void close_the_wrong_way(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_close_array(&writer);
}

static void name_in_array(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_name(&writer, "a");
    writer_open_array(&writer);
    writer_name(&writer, "b");
}

static void finish_while_open(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    writer_finish(&writer);
}

static void nest_without_end(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    (void)arena;
    begin_object(&writer, &buf);
    for (writer_name(&writer, "a");;) {
        writer_open_array(&writer);
    }
}

static const struct {
    const char *name;
    void (*end)(struct arena *arena);
    void (*hook)(const char *what);
    const char *what;
} cases[] = {
    {"must", break_must, report, "internal error: arena == NULL does not hold"},
    {"must without a hook", break_must, NULL, ""},
    {"a hook that fails itself", break_must, fail_again, "internal error: arena == NULL"},
    {"arena full", fill_by_alloc, report, "out of memory: the arena"},
    {"arena full of texts", fill_by_text, report, "out of memory: the arena"},
    {"a format longer than the arena", fill_by_format, report, "out of memory: the arena"},
    {"count times size over SIZE_MAX", overflow_product, report, "out of memory: an array"},
    {"a copy of SIZE_MAX bytes", overflow_copy, report, "out of memory: a text"},
    {"the whole of a failed buffer", whole_of_a_failed_buffer, report, "out of memory: no room for a text"},
    {"a map value of NULL", map_nothing, report, "internal error: value != NULL"},
    {"a code outside the list", unknown_code, report, "internal error: "},
    {"writer: value without name", value_without_name, report, "internal error: writer->"},
    {"writer: name twice", name_twice, report, "internal error: writer->"},
    {"writer: close after name", close_after_name, report, "internal error: writer->"},
    {"writer: close the wrong way", close_the_wrong_way, report, "internal error: writer->"},
    {"writer: name in array", name_in_array, report, "internal error: writer->"},
    {"writer: finish while open", finish_while_open, report, "internal error: writer->"},
    {"writer: nest without end", nest_without_end, report, "internal error: writer->"},
};

static void run_child(size_t row, int to)
{
    static char bytes[16 * 1024];
    struct arena arena = {.bytes = bytes, .size = sizeof(bytes)};
    report_to = to;
    (void)close(STDERR_FILENO);
    must_on_failure(cases[row].hook);
    cases[row].end(&arena);
    _exit(0);
}

static void ends_with_one_and_one_report(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int ends[2];
        int status = 0;
        char what[512] = "";
        CU_ASSERT_FATAL(pipe(ends) == 0);
        pid_t child = fork();
        CU_ASSERT_FATAL(child >= 0);
        if (child == 0) {
            run_child(i, ends[1]);
        }
        (void)close(ends[1]);
        ssize_t size = read(ends[0], what, sizeof(what) - 1);
        (void)close(ends[0]);
        CU_ASSERT_FATAL(waitpid(child, &status, 0) == child);
        ROW_ASSERT(cases[i].name, WIFEXITED(status) && WEXITSTATUS(status) == 1);
        ROW_ASSERT(cases[i].name, size >= 0 && strncmp(what, cases[i].what, strlen(cases[i].what)) == 0);
    }
}

void suite_must(void);
void suite_must(void)
{
    UNIT_SUITE("must", UNIT_TEST(ends_with_one_and_one_report));
}
