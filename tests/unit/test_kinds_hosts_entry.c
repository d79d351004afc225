/* SPDX-License-Identifier: MIT */
/* A name is taken out of the hosts file, and every other byte stays. */
#include "host/nouns/file/file.h"
#include "kinds_fixture.h"
#include "unit.h"

#define HOSTS_FILE "%SystemRoot%\\System32\\drivers\\etc\\hosts"
#define MARK "\xEF\xBB\xBF"

/* \r, \n, \t and the like as JSON writes them. */
static void open_hosts(struct fixture *fixture, const char *text)
{
    struct buf document AUTO(buf_clear) = {0};
    buf_init(&document, LIMIT_MACHINE_BYTES);
    buf_text(&document,
             "{\"machine\": \"azmend.machine/1\", \"files\": {\"%SystemRoot%\\\\System32\\\\drivers\\\\etc\\\\"
             "hosts\": ");
    buf_text(&document, text != NULL ? "{\"hex\": \"" : "false");
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        buf_format(&document, "%02x", (unsigned)(unsigned char)*at);
    }
    buf_text(&document, text != NULL ? "\"}}}" : "}}");
    fixture_machine(fixture, buf_string(&document));
}

static const struct {
    const char *name, *before, *after; /* after NULL: there is nothing to take out */
} rows[] = {
    {"a line of its own", "1.2.3.4 a.test\r\n", ""},
    {"between others", "# one\r\n1.2.3.4 a.test\r\n5.6.7.8 b.test\r\n", "# one\r\n5.6.7.8 b.test\r\n"},
    {"its comment goes along", "1.2.3.4\ta.test # why\n\n", "\n"},
    {"an alias stays", "1.2.3.4 b.test a.test c.test # why\n", "1.2.3.4 b.test c.test # why\n"},
    {"the first of several", "1.2.3.4   a.test\tb.test\r\n", "1.2.3.4\tb.test\r\n"},
    {"twice in a line", "1.2.3.4 a.test b.test A.TEST\n", "1.2.3.4 b.test\n"},
    {"several lines", "1.2.3.4 a.test\n::1 a.test\n9.9.9.9 x\n", "9.9.9.9 x\n"},
    {"capitals and the root's dot", "1.2.3.4 A.Test.\n9.9.9.9 x", "9.9.9.9 x"},
    {"without an end of line", "9.9.9.9 x\r\n1.2.3.4 a.test", "9.9.9.9 x\r\n"},
    {"a byte order mark", MARK "1.2.3.4 a.test\n9.9.9.9 x\n", MARK "9.9.9.9 x\n"},
    {"in a comment only", "# 1.2.3.4 a.test\n1.2.3.4 b.test # a.test\n", NULL},
    {"part of another name", "1.2.3.4 a.test.example xa.test\n", NULL},
    {"no address", "here a.test\n", NULL},
    {"the name as the address", "a.test 1.2.3.4\n", NULL},
    {"an empty file", "", NULL},
    {"no file", NULL, NULL},
};

static const char *content(struct fixture *fixture)
{
    struct file_bytes file = {0};
    struct err err = {0};
    if (!host_file_read(&fixture->host, HOSTS_FILE, LIMIT_FILE_BYTES, &file, &err) || !file.exists) {
        return NULL;
    }
    return arena_copy(&fixture->arena, file.bytes, file.size);
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_hosts(&fixture, rows[i].before);
        fixture.params[0] = value_text("a.test");
        ROW_ASSERT(rows[i].name, kind_hosts_entry.look(&fixture.look, &fixture.host, &fixture.err));
        ROW_ASSERT(rows[i].name, fixture.cells[0].as.boolean == (rows[i].after != NULL));
        if (rows[i].after == NULL) {
            continue;
        }
        const struct value wish[] = {value_bool(false), value_absent()};
        const bool differs[] = {true, false};
        const struct wanted wanted = {.params = fixture.params,
                                      .facts = fixture.cells,
                                      .cells = wish,
                                      .differs = differs,
                                      .arena = &fixture.arena};
        ROW_ASSERT(rows[i].name, kind_hosts_entry.set(&fixture.host, &wanted, &fixture.err));
        ROW_ASSERT(rows[i].name, text_same(content(&fixture), rows[i].after));
        ROW_ASSERT(rows[i].name, kind_hosts_entry.look(&fixture.look, &fixture.host, &fixture.err));
        ROW_ASSERT(rows[i].name, !fixture.cells[0].as.boolean);
    }
}

static void test_refusals(void)
{
    struct fixture fixture AUTO(fixture_close);
    const struct value pin[] = {value_bool(true), value_absent()};
    const struct value take_out[] = {value_bool(false), value_absent()};
    struct wanted wanted = {.params = fixture.params, .cells = pin, .arena = &fixture.arena};
    open_hosts(&fixture, NULL);
    fixture.params[0] = value_text("a.test");
    CU_ASSERT(!kind_hosts_entry.set(&fixture.host, &wanted, &fixture.err) && fixture.err.code == ERR_INVALID);
    wanted.cells = take_out;
    CU_ASSERT(!kind_hosts_entry.set(&fixture.host, &wanted, &fixture.err) && fixture.err.code == ERR_NOT_FOUND);
}

void suite_kinds_hosts_entry(void);
void suite_kinds_hosts_entry(void)
{
    UNIT_SUITE("kinds: hosts_entry", UNIT_TEST(test_rows), UNIT_TEST(test_refusals));
}
