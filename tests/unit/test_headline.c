/* SPDX-License-Identifier: MIT */
/* Nothing is wrong only where no warning stands and everything that may be wrong could be checked. */
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/headline.h"
#include "unit.h"

enum { FINDINGS = 3 };

static void test_headlines(void)
{
    static const struct {
        struct finding_record findings[FINDINGS];
        const char *en, *ja;
    } cases[] = {
        {{{.state = FINDING_ABSENT, .severity = SEVERITY_ERROR},
          {.state = FINDING_PRESENT, .severity = SEVERITY_INFO},
          {.state = FINDING_UNKNOWN, .severity = SEVERITY_INFO}},
         "No problems found",
         "問題は見つかりませんでした"},
        {{{.state = FINDING_PRESENT, .severity = SEVERITY_WARNING}}, "healthy, 1 warning", "正常 (警告 1 件)"},
        {{{.state = FINDING_REFUSED, .severity = SEVERITY_WARNING},
          {.state = FINDING_PRESENT, .severity = SEVERITY_WARNING}},
         "healthy, 2 warnings",
         "正常 (警告 2 件)"},
        {{{.state = FINDING_EXPLAINED, .severity = SEVERITY_WARNING}},
         "No problems found",
         "問題は見つかりませんでした"},
        {{{.state = FINDING_UNKNOWN, .severity = SEVERITY_WARNING}},
         "healthy, 1 check could not be made",
         "正常 (確認できない項目 1 件)"},
        {{{.state = FINDING_PRESENT, .severity = SEVERITY_WARNING},
          {.state = FINDING_UNKNOWN, .severity = SEVERITY_WARNING},
          {.state = FINDING_UNKNOWN, .severity = SEVERITY_WARNING}},
         "healthy, 1 warning, 2 checks could not be made",
         "正常 (警告 1 件、確認できない項目 2 件)"},
    };
    static const struct playbook playbook = {.finding_count = FINDINGS};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct finding_record findings[FINDINGS];
        struct buf said AUTO(buf_clear) = {0};
        buf_init(&said, LIMIT_TEXT_BYTES);
        for (size_t j = 0; j < FINDINGS; j++) {
            findings[j] = cases[i].findings[j];
        }
        const struct playbook_record record = {.playbook = &playbook, .findings = findings};
        headline_write(&said, VERDICT_HEALTHY, &record, 1, LANGUAGE_EN);
        buf_text(&said, "|");
        headline_write(&said, VERDICT_HEALTHY, &record, 1, LANGUAGE_JA);
        const char *bar = strchr(buf_string(&said), '|');
        ROW_ASSERT(cases[i].en, bar != NULL && text_starts(buf_string(&said), cases[i].en) &&
                                    (size_t)(bar - buf_string(&said)) == strlen(cases[i].en));
        ROW_ASSERT(cases[i].ja, bar != NULL && text_same(bar + 1, cases[i].ja));
    }
}

static void test_other_verdicts_keep_their_words(void)
{
    static const struct playbook playbook = {.finding_count = 1};
    struct finding_record finding = {.state = FINDING_PRESENT, .severity = SEVERITY_WARNING};
    const struct playbook_record record = {.playbook = &playbook, .findings = &finding};
    struct buf said AUTO(buf_clear) = {0};
    buf_init(&said, LIMIT_TEXT_BYTES);
    headline_write(&said, VERDICT_NEEDS_DECISION, &record, 1, LANGUAGE_EN);
    CU_ASSERT(text_same(buf_string(&said), words_verdict(VERDICT_NEEDS_DECISION, LANGUAGE_EN)));
}

void suite_headline(void);
void suite_headline(void)
{
    UNIT_SUITE("headline", UNIT_TEST(test_headlines), UNIT_TEST(test_other_verdicts_keep_their_words));
}
