/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/journal.h"
#include "host/port.h"
#include "json/json.h"
#include "unit.h"

static char path[64];
static int syncs;

/* Instead of the C library's. */
int fdatasync(int descriptor)
{
    syncs++;
    return fsync(descriptor);
}

static int set_up(void)
{
    char name[] = "/tmp/azmend-journal-XXXXXX";
    int descriptor = mkstemp(name);
    memcpy(path, name, sizeof(name));
    return descriptor < 0 || close(descriptor) != 0;
}

static int tear_down(void)
{
    return unlink(path);
}

static void read_back(struct buf *ret_bytes)
{
    struct err err = {0};
    buf_clear(ret_bytes);
    buf_init(ret_bytes, LIMIT_JOURNAL_BYTES);
    CU_ASSERT_FATAL(port_file_read(path, LIMIT_JOURNAL_BYTES, ret_bytes, &err));
}

static struct op make_op(void)
{
    return (struct op){.sequence = 7,
                       .noun = NOUN_REGISTRY,
                       .class = OP_REVERSIBLE,
                       .verb = "set",
                       .target = "HKLM\\K|\xe6\x97\xa5",
                       .before = "null",
                       .after = "{\"sz\":\"a\"}",
                       .shown_after = "a"};
}

/* The line is in the file before the change is made: read back between begin and end. */
static void intent_stands_before_the_answer(void)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct journal *journal = NULL;
    struct err err = {0};
    struct op op = make_op();
    CU_ASSERT_FATAL(journal_open(path, &journal, &err));
    const struct journal_sink sink = journal_sink(journal);
    CU_ASSERT(sink.begin(sink.context, &op, &err));
    read_back(&bytes);
    CU_ASSERT_STRING_EQUAL(buf_string(&bytes),
                           "{\"seq\":7,\"intent\":\"set\",\"noun\":\"registry\",\"target\":\"HKLM\\\\K|\\u65e5\","
                           "\"class\":\"reversible\",\"before\":\"null\",\"after\":\"{\\\"sz\\\":\\\"a\\\"}\","
                           "\"shownAfter\":\"a\",\"crc\":\"cdcd2e33\"}\n");
    op.outcome = OP_FAILED;
    op.duration_ms = 3;
    op.err = (struct err){.code = ERR_DENIED, .os = 5, .text = "denied"};
    CU_ASSERT(sink.end(sink.context, &op, &err));
    journal_close(journal);
    read_back(&bytes);
    CU_ASSERT(text_ends(buf_string(&bytes),
                        "{\"seq\":7,\"outcome\":\"failed\",\"durationMs\":3,\"error\":{\"code\":\"denied\",\"os\":5,"
                        "\"text\":\"denied\"},\"crc\":\"bbd9631f\"}\n"));
    CU_ASSERT(text_is_ascii(buf_string(&bytes)));
}

/* What comes of each sort of change, and how often the disk is waited for from its intent to its answer. */
static const struct {
    const char *name;
    enum op_class class;
    enum op_outcome outcome;
    int syncs;
} answers[] = {
    {"reversible, done: the next intent carries it", OP_REVERSIBLE, OP_DONE, 1},
    {"reversible, failed: looked at later it might be another's", OP_REVERSIBLE, OP_FAILED, 2},
    {"reversible, unknown: how it was left", OP_REVERSIBLE, OP_UNKNOWN, 2},
    {"one way, done", OP_ONE_WAY, OP_DONE, 2},
    {"one way, failed", OP_ONE_WAY, OP_FAILED, 2},
    {"costly, done", OP_COSTLY, OP_DONE, 2},
};

static void an_answer_that_looking_tells_is_not_synced(void)
{
    struct journal *journal = NULL;
    struct err err = {0};
    CU_ASSERT_FATAL(journal_open(path, &journal, &err));
    const struct journal_sink sink = journal_sink(journal);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct op op = make_op();
        op.class = answers[i].class;
        op.outcome = answers[i].outcome;
        syncs = 0;
        ROW_ASSERT(answers[i].name, sink.begin(sink.context, &op, &err) && sink.end(sink.context, &op, &err));
        ROW_ASSERT(answers[i].name, syncs == answers[i].syncs);
    }
    journal_close(journal);
}

static void the_last_answer_is_synced_once(void)
{
    struct journal *journal = NULL;
    struct err err = {0};
    struct op op = make_op();
    op.outcome = OP_DONE;
    CU_ASSERT_FATAL(journal_open(path, &journal, &err));
    const struct journal_sink sink = journal_sink(journal);
    CU_ASSERT(sink.begin(sink.context, &op, &err) && sink.end(sink.context, &op, &err));
    syncs = 0;
    CU_ASSERT(journal_sync(journal, &err) && syncs == 1);
    CU_ASSERT(journal_sync(journal, &err) && syncs == 1);
    CU_ASSERT(sink.begin(sink.context, &op, &err) && sink.end(sink.context, &op, &err) && syncs == 2);
    journal_close(journal); /* whoever forgot to ask */
    CU_ASSERT_EQUAL(syncs, 3);
}

static void a_full_journal_stops_the_change(void)
{
    struct journal *journal = NULL;
    struct err err = {0};
    struct op op = make_op();
    static char large[1024 * 1024];
    memset(large, 'x', sizeof(large) - 1);
    op.after = large;
    CU_ASSERT_FATAL(journal_open(path, &journal, &err));
    const struct journal_sink sink = journal_sink(journal);
    int lines = 0;
    while (lines < 10 && sink.begin(sink.context, &op, &err)) {
        lines++;
    }
    CU_ASSERT_EQUAL(lines, 2);
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    /* The last quarter is for answers and for what must be ended. */
    CU_ASSERT(sink.end(sink.context, &op, &err));
    op.class = OP_ONE_WAY;
    CU_ASSERT(sink.begin(sink.context, &op, &err));
    CU_ASSERT_FALSE(sink.begin(sink.context, &op, &err));
    journal_close(journal);
}

static void a_folder_that_is_not_there_is_an_error(void)
{
    struct journal *journal = NULL;
    struct err err = {0};
    CU_ASSERT(!journal_open("/nonexistent/journal.jsonl", &journal, &err));
    CU_ASSERT(err.code != ERR_NONE && journal == NULL);
    journal_close(NULL);
}

void suite_journal(void);
void suite_journal(void)
{
    OPENED_SUITE("journal", set_up, tear_down, UNIT_TEST(intent_stands_before_the_answer),
                 UNIT_TEST(an_answer_that_looking_tells_is_not_synced), UNIT_TEST(the_last_answer_is_synced_once),
                 UNIT_TEST(a_full_journal_stops_the_change), UNIT_TEST(a_folder_that_is_not_there_is_an_error));
}
