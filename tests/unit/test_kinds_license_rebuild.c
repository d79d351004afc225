/* SPDX-License-Identifier: MIT */
/* A rebuild of the licensing store: what is left for people, who may end it, and licence files that fail. */
#include "base/limits.h"
#include "host/group.h"
#include "license_store_fixture.h"
#include "unit.h"

void suite_kinds_license_rebuild(void);

/* --- what is left for people, and who may end it --- */

struct kept {
    char text[LIMIT_NOTE_BYTES];
    size_t op_count, drops; /* ops when it was written; how often it was taken away */
    bool fails;
    struct fixture *fixture;
};

static bool keep(void *context, const char *name, const char *text, struct err *err)
{
    struct kept *kept = context;
    if (kept->fails) {
        return err_set(err, ERR_IO, 28, "write %s: the disk is full", name);
    }
    if (text == NULL) {
        kept->drops++;
        return true;
    }
    (void)snprintf(kept->text, sizeof kept->text, "%s", text);
    kept->op_count = host_op_count(&kept->fixture->host);
    return true;
}

#define MARK "\xEF\xBB\xBF"

static void a_word_is_left_before_anything_is_moved(void)
{
    static struct kept kept;
    static const char *const lines[] = {
        MARK "azmend",
        "\r\n    net start sppsvc\r\n",
        "slmgr.vbs /rilc\r\n",
        "that ends in 6VM33 with slmgr.vbs /ipk",
        "slmgr.vbs /skms kms.example:1688\r\n",
        "\r\n    net stop sppsvc\r\n",
        "    ren \"%SystemRoot%\\System32\\spp\\store\\2.0\\tokens.dat.azmend-1768464000\" \"tokens.dat\"\r\n",
        "\xE5\x86\x8D\xE6\xA7\x8B\xE7\xAF\x89",
    };
    struct fixture fixture AUTO(fixture_close);
    kept = (struct kept){.fixture = &fixture};
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    fixture.params[1] = value_text("6VM33");
    fixture.host.notes = (struct note_sink){.context = &kept, .keep = keep};
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    CU_ASSERT(kept.op_count == 0 && kept.drops == 0);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        ROW_ASSERT(lines[i], strstr(kept.text, lines[i]) != NULL);
    }
}

static void without_the_word_nothing_is_moved(void)
{
    static struct kept kept;
    struct fixture fixture AUTO(fixture_close);
    kept = (struct kept){.fixture = &fixture, .fails = true};
    open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
    fixture.host.notes = (struct note_sink){.context = &kept, .keep = keep};
    CU_ASSERT(!fixture_set(&fixture, &kind_license_store, rebuilt) && fixture.err.code == ERR_IO);
    CU_ASSERT(host_op_count(&fixture.host) == 0);
}

/* Whoever watches sees the group before the first change, and a stop that comes then ends it; later it does not. */
struct watcher {
    struct host *host;
    size_t opened_at; /* ops when the group was first seen; SIZE_MAX: never */
    size_t stop_at;   /* ops from which on a stop is asked for */
};

static void stop_from(void *context, const char *what)
{
    struct watcher *watcher = context;
    size_t ops = host_op_count(watcher->host);
    (void)what;
    watcher->opened_at = watcher->opened_at == SIZE_MAX && watcher->host->group.end_ms != 0 ? ops : watcher->opened_at;
    watcher->host->stop_asked |= ops >= watcher->stop_at;
}

static void a_stop_ends_only_what_was_not_begun(void)
{
    for (size_t stop_at = 0; stop_at < 4; stop_at++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, MACHINE("", FILES(""), DAMAGED));
        struct watcher watcher = {.host = &fixture.host, .opened_at = SIZE_MAX, .stop_at = stop_at};
        fixture.host.progress = (struct waiting_sink){.context = &watcher, .waiting = stop_from};
        bool is_done = fixture_set(&fixture, &kind_license_store, rebuilt);
        CU_ASSERT(watcher.opened_at == 0);
        CU_ASSERT(is_done == (stop_at > 0) && host_op_count(&fixture.host) == (stop_at > 0 ? 3 : 0));
        CU_ASSERT(host_group_holds(&fixture.host) == (stop_at > 0) && fixture.host.stop_asked);
    }
}

/* Each file takes longer than all of them may: the time for the key is left. */
static void the_time_for_the_key_is_kept(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, MACHINE("",
                                   FILES("") ", '" LICENSES "\\\\skus\\\\A\\\\b.xrm-ms': {'text': 'B'}, '" LICENSES
                                             "\\\\skus\\\\A\\\\c.xrm-ms': {'text': 'C'}",
                                   "'products': [], 'store': {'damaged': '0xC004E015', 'installMs': 400000}, " KEYS));
    CU_ASSERT(fixture_set(&fixture, &kind_license_store, rebuilt));
    const struct op *op = host_op(&fixture.host, host_op_count(&fixture.host) - 1);
    CU_ASSERT(op->outcome == OP_DONE && strstr(op->shown_after, "was over before all were tried") != NULL);
    CU_ASSERT(host_group_left_ms(&fixture.host) > 0);
}

/* What a licence file is, and what is said of those that stay out. */
static void files_that_fail_are_named(void)
{
    static const struct {
        const char *name, *file, *store, *shown;
        bool is_done;
    } cases[] = {
        {"all are in", "{'text': 'B'}", "", "installed again: 2", true},
        {"ANSI", "{'hex': '3c613ee93c2f613e'}", "", "installed again: 2", true},
        {"UTF-16", "{'hex': 'fffe42004300'}", "", "installed again: 2", true},
        {"no text", "{'hex': '00ff0000'}", "", "installed again: 1, not: 1, among them %SystemRoot%", true},
        {"denied", "{'text': 'B', 'denied': true}", "", "b.xrm-ms (0x00000005)", true},
        {"refused", "{'text': 'B'}", ", 'refuses': 'B'", "b.xrm-ms (0xC004F011)", true},
        {"refused once", "{'text': 'B'}", ", 'refuses': 'B', 'refusesTimes': 1", "installed again: 2", true},
        {"all refused", "{'text': 'xA'}", ", 'refuses': 'A'", NULL, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_RESULT_BYTES);
        const char *parts[] = {"{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z'}, 'system':"
                               " {'major': 10, 'minor': 0, 'build': 20348}, 'registry': {'" SPP "': {}}, 'services':"
                               " {'sppsvc': {'state': 'stopped', 'start': 'automatic'}}, 'files': {" FILES(
                                   "") ", 'C:\\\\Windows\\\\System32\\\\oem\\\\b.xrm-ms': ",
                               cases[i].file,
                               "}, 'events': {'Application': []}, 'licensing': {'products': [], 'store': {'damaged':"
                               " '0xC004E015'",
                               cases[i].store, "}, " KEYS "}}"};
        for (size_t part = 0; part < COUNT_OF(parts); part++) {
            buf_text(&document, parts[part]);
        }
        open_machine(&fixture, buf_string(&document));
        ROW_ASSERT(cases[i].name, fixture_set(&fixture, &kind_license_store, rebuilt) == cases[i].is_done);
        const struct op *op = host_op(&fixture.host, host_op_count(&fixture.host) - 1);
        ROW_ASSERT(cases[i].name, cases[i].shown == NULL || strstr(op->shown_after, cases[i].shown) != NULL);
        ROW_ASSERT(cases[i].name, (op->outcome == OP_DONE) == cases[i].is_done);
    }
}

void suite_kinds_license_rebuild(void)
{
    UNIT_SUITE("kinds: rebuild", UNIT_TEST(a_word_is_left_before_anything_is_moved),
               UNIT_TEST(without_the_word_nothing_is_moved), UNIT_TEST(a_stop_ends_only_what_was_not_begun),
               UNIT_TEST(the_time_for_the_key_is_kept), UNIT_TEST(files_that_fail_are_named));
}
