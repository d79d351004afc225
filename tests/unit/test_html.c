/* SPDX-License-Identifier: MIT */
/* The page: whatever a text says, it stays a text; and nothing is loaded from anywhere. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "record_fixture.h"
#include "report/html.h"
#include "report/quote.h"
#include "unit.h"

static const struct {
    const char *name, *text;
} hostile[] = {
    {"a script", "<script>alert(1)</script>"},
    {"an image", "<img src=x onerror=alert(1)>"},
    {"out of an attribute", "\" onload=\"alert(1)"},
    {"out of an attribute, single", "' onload='alert(1)"},
    {"an end of the page", "</pre></section></main></body></html><h1>"},
    {"an entity", "&lt;b&gt; &#60;b&#62;"},
    {"a comment", "--><!-- <b>"},
    {"an end of the style", "</style><b>"},
    {"ill-formed UTF-8", "\xff\xfe\xc0\xbc script \xc0\xbe"},
    {"a cut sequence", "\xe3\x81"},
    {"directions", "\xe2\x80\xae"
                   "evil"
                   "\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9"},
    {"controls", "\x01\x02\x1b[2J\x7f"},
    {"Japanese", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e <b>"},
};

/* Every tag that the page itself uses; with what may stand behind its name. */
static bool is_own_tag(const char *at)
{
    static const char *const tags[] = {"!DOCTYPE html>",
                                       "html lang=\"",
                                       "html>",
                                       "head>",
                                       "meta ",
                                       "title>",
                                       "style>",
                                       "body>",
                                       "main>",
                                       "header class=",
                                       "header>",
                                       "h1>",
                                       "h2>",
                                       "h3>",
                                       "h4>",
                                       "h5>",
                                       "p>",
                                       "p class=\"",
                                       "div class=\"",
                                       "div>",
                                       "table",
                                       "tr>",
                                       "th>",
                                       "td>",
                                       "td colspan",
                                       "section>",
                                       "section class=",
                                       "span class=\"",
                                       "span>",
                                       "code>",
                                       "pre>",
                                       "b>",
                                       "footer>"};
    at += *at == '/' ? 1 : 0;
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        if (strncmp(at, tags[i], strlen(tags[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_only_own_tags(const struct buf *page)
{
    for (const char *at = strchr(buf_string(page), '<'); at != NULL; at = strchr(at + 1, '<')) {
        if (!is_own_tag(at + 1)) {
            printf("\n    %.40s", at);
            return false;
        }
    }
    return true;
}

/* No tag of is_own_tag loads anything; a style could. */
static bool loads_nothing(const struct buf *page)
{
    const char *text = buf_string(page);
    return strstr(text, "url(") == NULL && strstr(text, "@import") == NULL &&
           strstr(text, "content=\"default-src 'none'; ") != NULL;
}

static size_t count(const struct buf *page, const char *part)
{
    size_t found = 0;
    for (const char *at = strstr(buf_string(page), part); at != NULL; at = strstr(at + 1, part)) {
        found++;
    }
    return found;
}

static void render(struct buf *page, const struct fixture *fixture, enum language language)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    buf_init(page, LIMIT_RESULT_BYTES);
    html_write(page, fixture_record(fixture, &arena), language);
}

static void hostile_texts(void)
{
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct buf page AUTO(buf_clear) = {0};
        const struct fixture fixture = {
            .playbooks = 2, .findings = 10, .text = hostile[i].text, .japanese = hostile[i].text};
        render(&page, &fixture, i % 2 == 0 ? LANGUAGE_EN : LANGUAGE_JA);
        ROW_ASSERT(hostile[i].name, !page.failed && page.size > 0);
        ROW_ASSERT(hostile[i].name, has_only_own_tags(&page));
        ROW_ASSERT(hostile[i].name, loads_nothing(&page));
        ROW_ASSERT(hostile[i].name, text_is_utf8(page.bytes, page.size, &(size_t){0}));
        ROW_ASSERT(hostile[i].name, count(&page, "</html>") == 1 && text_ends(page.bytes, "</html>\n"));
        ROW_ASSERT(hostile[i].name, strstr(page.bytes, "\xe2\x80\xae") == NULL && strchr(page.bytes, 0x1b) == NULL);
    }
}

/* The test can fail: each of these is no page of ours. */
static void the_search_finds(void)
{
    static const char *const pages[] = {"<html><script>", "<p><img src=x>", "<p onload=1>", "<!-- x -->"};
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct buf page AUTO(buf_clear) = {0};
        buf_init(&page, LIMIT_TEXT_BYTES);
        buf_text(&page, pages[i]);
        ROW_ASSERT(pages[i], !has_only_own_tags(&page));
    }
}

/* What an earlier run did, taken back or found cut off: hostile texts of a journal stay texts there, too. */
static void earlier_runs(void)
{
    static const char evil[] = "<script>alert(1)</script>";
    static const struct op op = {.verb = "set", .target = evil, .shown_before = NULL, .shown_after = evil};
    static const struct undo_step steps[] = {
        {.op = &op, .outcome = UNDO_RESTORED},
        {.op = &op, .outcome = UNDO_FAILED, .err = {.code = ERR_IO, .text = "<b>"}}};
    static const struct undo_record undo = {.run_id = evil, .steps = steps, .count = COUNT_OF(steps)};
    static const struct interrupted_record cut_off = {.closed_by = evil, .ops = &op, .count = 1};
    static const struct record records[] = {
        {.mode = MODE_UNDO, .verdict = VERDICT_NOT_FIXED, .undo = &undo},
        {.verdict = VERDICT_FAILED, .interrupted = &cut_off, .err = {.code = ERR_INTERRUPTED, .text = "<script>"}}};
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct buf page AUTO(buf_clear) = {0};
        buf_init(&page, LIMIT_RESULT_BYTES);
        html_write(&page, &records[i], LANGUAGE_JA);
        ROW_ASSERT(verdict_names[records[i].verdict], has_only_own_tags(&page) && count(&page, "&lt;script&gt;") >= 2);
        ROW_ASSERT(verdict_names[records[i].verdict], count(&page, "<table class=\"changes\">") == 1);
    }
}

static void every_finding_once(void)
{
    struct buf page AUTO(buf_clear) = {0};
    const struct fixture fixture = {.playbooks = 3, .findings = FINDING_STATE_COUNT, .text = "a text"};
    render(&page, &fixture, LANGUAGE_EN);
    CU_ASSERT_EQUAL(count(&page, "<section class=\"finding "), 3 * (FINDING_STATE_COUNT - 1));
    for (int state = FINDING_ABSENT + 1; state < (int)FINDING_STATE_COUNT; state++) {
        struct buf class AUTO(buf_clear) = {0};
        buf_init(&class, LIMIT_TEXT_BYTES);
        buf_format(&class, "<section class=\"finding %s\">", finding_state_names[state]);
        ROW_ASSERT(finding_state_names[state], count(&page, buf_string(&class)) == 3);
    }
    CU_ASSERT_EQUAL(count(&page, "<pre>"), 3 * SHELL_COUNT * (FINDING_STATE_COUNT - 1));
}

void suite_html(void);
void suite_html(void)
{
    UNIT_SUITE("html", UNIT_TEST(hostile_texts), UNIT_TEST(the_search_finds), UNIT_TEST(earlier_runs),
               UNIT_TEST(every_finding_once));
}
