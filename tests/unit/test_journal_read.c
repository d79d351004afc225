/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/journal.h"
#include "host/journal_read.h"
#include "host/port.h"
#include "unit.h"

static struct arena arena;
static char path[64];

static int set_up(void)
{
    char name[] = "/tmp/azmend-journal-XXXXXX";
    struct err err = {0};
    int descriptor = mkstemp(name);
    memcpy(path, name, sizeof(name));
    return descriptor < 0 || close(descriptor) != 0 || !arena_open(&arena, LIMIT_ARENA_BYTES, &err);
}

static int tear_down(void)
{
    arena_close(&arena);
    return unlink(path);
}

static const struct op made[] = {
    {.sequence = 1,
     .noun = NOUN_REGISTRY,
     .class = OP_REVERSIBLE,
     .outcome = OP_DONE,
     .verb = "set",
     .target = "HKLM\\K|\xe6\x97\xa5",
     .before = "null",
     .after = "{\"type\":1,\"hex\":\"6100\"}",
     .shown_after = "a",
     .duration_ms = 3},
    {.sequence = 2,
     .noun = NOUN_SERVICE,
     .class = OP_REVERSIBLE,
     .outcome = OP_FAILED,
     .verb = "start",
     .target = "sppsvc",
     .before = "{\"state\":\"stopped\"}",
     .after = "{\"state\":\"running\"}",
     .shown_before = "stopped",
     .shown_after = "running",
     .undoes = 9,
     .err = {.code = ERR_DENIED, .os = 5, .text = "denied"}},
    {.sequence = 3,
     .noun = NOUN_LICENSING,
     .class = OP_ONE_WAY,
     .outcome = OP_UNKNOWN,
     .verb = "activate",
     .target = "SoftwareLicensingProduct|x",
     .before = "null",
     .after = "{\"status\":1}",
     .stands = "{\"status\":5}",
     .err = {.code = ERR_TIMEOUT, .text = "abandoned"}},
};

/* The journal of an undo with these ops, the last one without its answer if so wanted. */
static struct buf write_journal(bool last_answered)
{
    struct buf bytes = {0};
    struct journal *journal = NULL;
    struct err err = {0};
    CU_ASSERT_FATAL(port_file_remove(path, &err) && journal_open(path, &journal, &err));
    CU_ASSERT_FATAL(journal_undoes(journal, "20260115T080000Z-00000000", &err));
    const struct journal_sink sink = journal_sink(journal);
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        CU_ASSERT_FATAL(sink.begin(sink.context, &made[i], &err));
        CU_ASSERT_FATAL((i + 1 == COUNT_OF(made) && !last_answered) || sink.end(sink.context, &made[i], &err));
    }
    journal_close(journal);
    buf_init(&bytes, LIMIT_JOURNAL_BYTES);
    CU_ASSERT_FATAL(port_file_read(path, LIMIT_JOURNAL_BYTES, &bytes, &err));
    return bytes;
}

static bool take(const char *bytes, size_t size, struct journal_record *ret_record)
{
    struct err err = {0};
    arena_release(&arena, 0);
    bool is_read = journal_read(bytes, size, "journal.jsonl", &arena, ret_record, &err);
    CU_ASSERT(is_read || (err.code == ERR_INVALID && strstr(err.text, "journal.jsonl:") != NULL));
    return is_read;
}

static bool is_same_op(const struct op *left, const struct op *right)
{
    return left->sequence == right->sequence && left->undoes == right->undoes && left->noun == right->noun &&
           left->class == right->class && left->outcome == right->outcome && left->err.code == right->err.code &&
           left->err.os == right->err.os && text_same(left->err.text, right->err.text) &&
           left->duration_ms == right->duration_ms && text_same(left->verb, right->verb) &&
           text_same(left->target, right->target) && text_same(left->before, right->before) &&
           text_same(left->after, right->after) && text_same(left->shown_before, right->shown_before) &&
           text_same(left->shown_after, right->shown_after) && text_same(left->stands, right->stands);
}

static void what_was_written_is_read(void)
{
    struct journal_record record = {0};
    struct buf bytes AUTO(buf_clear) = write_journal(true);
    CU_ASSERT_FATAL(take(bytes.bytes, bytes.size, &record) && record.count == COUNT_OF(made));
    CU_ASSERT(text_same(record.undoes, "20260115T080000Z-00000000"));
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        ROW_ASSERT(made[i].verb, record.entries[i].answered && is_same_op(&record.entries[i].op, &made[i]));
    }
}

/* What of a VM is known stands before the first line that says something; a run without changes says nothing. */
static void whose_it_is_is_said_first(void)
{
    static const struct journal_owner owners[] = {
        {"web-1", "f1a0a6c2-0000-4000-8000-000000000001"}, {"web-1", NULL}, {NULL, "x"}, {NULL, NULL}};
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        struct buf bytes AUTO(buf_clear) = {0};
        struct journal_record record = {0};
        struct journal *journal = NULL;
        struct err err = {0};
        CU_ASSERT_FATAL(port_file_remove(path, &err) && journal_open(path, &journal, &err));
        journal_own(journal, &owners[i]);
        CU_ASSERT(port_file_read(path, LIMIT_JOURNAL_BYTES, &bytes, &err) && bytes.size == 0);
        buf_clear(&bytes);
        CU_ASSERT(i % 2 == 0 || journal_undoes(journal, "r", &err));
        const struct journal_sink sink = journal_sink(journal);
        CU_ASSERT(sink.begin(sink.context, &made[0], &err) && sink.end(sink.context, &made[0], &err));
        journal_close(journal);
        CU_ASSERT_FATAL(port_file_read(path, LIMIT_JOURNAL_BYTES, &bytes, &err));
        CU_ASSERT(take(bytes.bytes, bytes.size, &record) && record.count == 1 && record.entries[0].answered);
        CU_ASSERT(text_same(record.owner.machine, owners[i].machine) && text_same(record.owner.vm_id, owners[i].vm_id));
        CU_ASSERT(text_same(record.undoes, i % 2 == 0 ? NULL : "r"));
    }
}

static const struct {
    const char *name;
    struct journal_owner theirs, ours;
    enum ownership ownership;
} whose[] = {
    {"this VM", {"web-1", "aa"}, {"web-1", "AA"}, OWNED_HERE},
    {"renamed since", {"web-1", "aa"}, {"web-2", "aa"}, OWNED_HERE},
    {"a clone of the same name", {"web-1", "aa"}, {"web-1", "bb"}, OWNED_ELSEWHERE},
    {"from an image", {"image", "aa"}, {"web-1", "bb"}, OWNED_ELSEWHERE},
    {"not told now: by the name", {"web-1", "aa"}, {"WEB-1", NULL}, OWNED_HERE},
    {"not told then: by the name", {"web-1", NULL}, {"web-1", "aa"}, OWNED_HERE},
    {"not told now, another name", {"image", "aa"}, {"web-1", NULL}, OWNED_ELSEWHERE},
    {"never told", {NULL, NULL}, {"web-1", "aa"}, OWNED_UNKNOWN},
    {"nothing in common", {NULL, "aa"}, {"web-1", NULL}, OWNED_UNKNOWN},
    {"nothing at all", {NULL, NULL}, {NULL, NULL}, OWNED_UNKNOWN},
};

static void a_history_has_an_owner(void)
{
    for (size_t i = 0; i < COUNT_OF(whose); i++) {
        ROW_ASSERT(whose[i].name, journal_ownership(&whose[i].theirs, &whose[i].ours) == whose[i].ownership);
    }
}

static void an_intent_may_lack_its_answer(void)
{
    struct journal_record record = {0};
    struct buf bytes AUTO(buf_clear) = write_journal(false);
    CU_ASSERT_FATAL(take(bytes.bytes, bytes.size, &record) && record.count == COUNT_OF(made));
    CU_ASSERT(!record.entries[2].answered && record.entries[2].op.outcome == OP_UNKNOWN);
    CU_ASSERT(record.entries[2].op.err.code == ERR_NONE);
    CU_ASSERT(take("", 0, &record) && record.count == 0 && record.undoes == NULL);
}

/* Cut off anywhere: what was in whole lines, and nothing else. */
static void every_prefix_is_a_journal(void)
{
    struct buf bytes AUTO(buf_clear) = write_journal(true);
    for (size_t size = 0; size <= bytes.size; size++) {
        struct journal_record record = {0};
        size_t lines = 0;
        for (size_t i = 0; i < size; i++) {
            lines += bytes.bytes[i] == '\n';
        }
        bool is_read = take(bytes.bytes, size, &record);
        CU_ASSERT_FATAL(is_read);
        CU_ASSERT_EQUAL(record.count, lines / 2);
        CU_ASSERT(record.count == 0 || record.entries[record.count - 1].answered == (lines % 2 == 1));
    }
}

/* Whatever byte becomes whatever other one: refused, or read as if the last line had been torn. */
static void no_changed_byte_goes_unseen(void)
{
    struct buf bytes AUTO(buf_clear) = write_journal(true);
    size_t read_as_torn = 0;
    for (size_t at = 0; at < bytes.size; at++) {
        char kept = bytes.bytes[at];
        for (int value = 0; value < 256; value++) {
            struct journal_record record = {0};
            bytes.bytes[at] = (char)value;
            if (bytes.bytes[at] != kept && take(bytes.bytes, bytes.size, &record)) {
                read_as_torn++;
                CU_ASSERT(at + 1 == bytes.size && record.count == COUNT_OF(made) && !record.entries[2].answered);
            }
        }
        bytes.bytes[at] = kept;
    }
    CU_ASSERT_EQUAL(read_as_torn, 255);
}

/* What a file system leaves of a batch that was not synced: a sector of zeros, and whatever came behind it. */
static void a_hole_at_the_end_was_not_written(void)
{
    enum { SECTOR = 512 };
    struct buf bytes AUTO(buf_clear) = write_journal(true);
    struct journal_record whole = {0}, record = {0};
    size_t start = SECTOR;
    CU_ASSERT_FATAL(bytes.size > SECTOR);
    while (bytes.bytes[start - 1] != '\n') {
        start--;
    }
    size_t size = (size_t)(strchr(bytes.bytes + SECTOR, '\n') + 1 - bytes.bytes);
    CU_ASSERT_FATAL(start < SECTOR && take(bytes.bytes, start, &whole) && whole.size == start && whole.count > 0);
    memset(bytes.bytes + start, 0, SECTOR - start);
    CU_ASSERT(take(bytes.bytes, size, &record) && record.size == start && record.count == whole.count);
    CU_ASSERT(take(bytes.bytes, SECTOR, &record) && record.size == start);   /* zeros to the end */
    CU_ASSERT(size < bytes.size && !take(bytes.bytes, bytes.size, &record)); /* what stands before a line was synced */
    bytes.bytes[SECTOR - 1] = '{';
    CU_ASSERT(!take(bytes.bytes, size, &record)); /* zeros, but no sector of them */
}

/* An answer that looking found is a line like any other. */
static void an_answer_is_added(void)
{
    struct journal_record record = {0};
    struct buf bytes AUTO(buf_clear) = write_journal(false);
    struct buf whole AUTO(buf_clear) = {0};
    CU_ASSERT_FATAL(take(bytes.bytes, bytes.size, &record) && record.size == bytes.size);
    buf_init(&whole, LIMIT_JOURNAL_BYTES);
    buf_add(&whole, bytes.bytes, bytes.size);
    CU_ASSERT(journal_answer(&made[2], &whole) && take(whole.bytes, whole.size, &record));
    CU_ASSERT(record.count == COUNT_OF(made) && record.entries[2].answered &&
              is_same_op(&record.entries[2].op, &made[2]));
    struct buf full = {.size = LIMIT_JOURNAL_BYTES};
    CU_ASSERT(!journal_answer(&made[2], &full) && full.size == LIMIT_JOURNAL_BYTES);
}

/* Each line as journal.c would write it, but not where it may stand or not of the form. The crc is put behind. */
static const struct {
    const char *name;
    const char *lines[3];
} refused[] = {
    {"not an object", {"[1"}},
    {"of no form", {"{\"seq\":1"}},
    {"an answer first", {"{\"seq\":1,\"outcome\":\"done\",\"durationMs\":0"}},
    {"a sequence that does not begin",
     {"{\"seq\":2,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\""}},
    {"an unknown noun",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"fil\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\""}},
    {"an unknown member",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\",\"x\":1"}},
    {"a state that is no text",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":null,"
      "\"after\":\"\""}},
    {"two intents",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\"",
      "{\"seq\":2,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\""}},
    {"two answers",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\"",
      "{\"seq\":1,\"outcome\":\"done\",\"durationMs\":0", "{\"seq\":1,\"outcome\":\"done\",\"durationMs\":0"}},
    {"the answer to another one",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\"",
      "{\"seq\":2,\"outcome\":\"done\",\"durationMs\":0"}},
    {"an answer that is a plan",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\"",
      "{\"seq\":1,\"outcome\":\"planned\",\"durationMs\":0"}},
    {"an undo in the middle",
     {"{\"seq\":1,\"intent\":\"set\",\"noun\":\"file\",\"target\":\"t\",\"class\":\"one_way\",\"before\":\"\","
      "\"after\":\"\"",
      "{\"undoes\":\"r\""}},
};

static void add_line(struct buf *journal, const char *line)
{
    char crc[JOURNAL_CRC_SIZE];
    if (line != NULL) {
        journal_crc(line, strlen(line), crc);
        buf_format(journal, "%s,\"crc\":\"%s\"}\n", line, crc);
    }
}

static void what_no_run_writes_is_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct buf journal AUTO(buf_clear) = {0};
        struct journal_record record = {0};
        buf_init(&journal, LIMIT_JOURNAL_BYTES);
        for (size_t j = 0; j < COUNT_OF(refused[i].lines); j++) {
            add_line(&journal, refused[i].lines[j]);
        }
        ROW_ASSERT(refused[i].name, !take(journal.bytes, journal.size, &record));
    }
}

void suite_journal_read(void);
void suite_journal_read(void)
{
    OPENED_SUITE("journal read", set_up, tear_down, UNIT_TEST(what_was_written_is_read),
                 UNIT_TEST(an_intent_may_lack_its_answer), UNIT_TEST(every_prefix_is_a_journal),
                 UNIT_TEST(whose_it_is_is_said_first), UNIT_TEST(a_history_has_an_owner),
                 UNIT_TEST(no_changed_byte_goes_unseen), UNIT_TEST(a_hole_at_the_end_was_not_written),
                 UNIT_TEST(an_answer_is_added), UNIT_TEST(what_no_run_writes_is_refused));
}
