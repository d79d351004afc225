/* SPDX-License-Identifier: MIT */
/* What answers over https mean. The downloads themselves: tests/intake/https. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "intake/fetch.h"
#include "unit.h"

void suite_fetch(void);

#define NEXT "https://b.test/x.zip"

static const struct {
    const char *name;
    struct net_reply reply;
    enum err_code code; /* ERR_NONE: taken */
    const char *words;  /* of the refusal, or where it leads; NULL: the bytes */
} answers[] = {
    {"bytes", {.outcome = NET_ANSWERED, .status = 200}, ERR_NONE, NULL},
    {"bytes, with a location all the same", {.outcome = NET_ANSWERED, .status = 200, .location = NEXT}, ERR_NONE, NULL},
    {"301", {.outcome = NET_ANSWERED, .status = 301, .location = NEXT}, ERR_NONE, NEXT},
    {"302", {.outcome = NET_ANSWERED, .status = 302, .location = NEXT}, ERR_NONE, NEXT},
    {"303", {.outcome = NET_ANSWERED, .status = 303, .location = NEXT}, ERR_NONE, NEXT},
    {"307", {.outcome = NET_ANSWERED, .status = 307, .location = NEXT}, ERR_NONE, NEXT},
    {"308", {.outcome = NET_ANSWERED, .status = 308, .location = "HTTPS://b.test/"}, ERR_NONE, "HTTPS://b.test/"},
    {"to http", {.outcome = NET_ANSWERED, .status = 302, .location = "http://b.test/"}, ERR_REFUSED, "https://"},
    {"to file", {.outcome = NET_ANSWERED, .status = 302, .location = "file:///etc/passwd"}, ERR_REFUSED, "https://"},
    {"to nothing", {.outcome = NET_ANSWERED, .status = 302, .location = ""}, ERR_REFUSED, "https://"},
    {"redirect to nowhere", {.outcome = NET_ANSWERED, .status = 302}, ERR_NETWORK, "status 302"},
    {"not modified", {.outcome = NET_ANSWERED, .status = 304, .location = NEXT}, ERR_NETWORK, "status 304"},
    {"use a proxy", {.outcome = NET_ANSWERED, .status = 305, .location = NEXT}, ERR_NETWORK, "status 305"},
    {"a part", {.outcome = NET_ANSWERED, .status = 206}, ERR_NETWORK, "status 206"},
    {"none", {.outcome = NET_ANSWERED, .status = 204}, ERR_NETWORK, "status 204"},
    {"absent", {.outcome = NET_ANSWERED, .status = 404}, ERR_NETWORK, "status 404"},
    {"denied", {.outcome = NET_ANSWERED, .status = 403}, ERR_NETWORK, "status 403"},
    {"server error", {.outcome = NET_ANSWERED, .status = 503}, ERR_NETWORK, "status 503"},
    {"refused", {.outcome = NET_REFUSED}, ERR_NETWORK, "refused"},
    {"bad certificate", {.outcome = NET_FAILED, .detail = "certificate has expired"}, ERR_NETWORK, "has expired"},
    {"timeout", {.outcome = NET_TIMEOUT, .detail = "nothing"}, ERR_TIMEOUT, "timeout: nothing"},
    {"too large", {.outcome = NET_TOO_LARGE}, ERR_LIMIT, "too_large"},
};

static void answers_mean_bytes_another_place_or_an_error(void)
{
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const char *next = "untouched";
        struct err err = {0};
        bool is_taken = fetch_read(&answers[i].reply, &next, &err);
        ROW_ASSERT(answers[i].name, is_taken == (answers[i].code == ERR_NONE) && err.code == answers[i].code);
        ROW_ASSERT(answers[i].name, !is_taken || text_same(next, answers[i].words));
        ROW_ASSERT(answers[i].name,
                   is_taken || (text_same(next, "untouched") && strstr(err.text, answers[i].words) != NULL));
    }
}

static const struct {
    const char *url, *shown;
} urls[] = {
    {"https://a.test/x.zip", "https://a.test/x.zip"},
    {"https://a.test/x.zip?sv=1&sig=SECRET", "https://a.test/x.zip"},
    {"https://a.test/x.zip#SECRET", "https://a.test/x.zip"},
    {"https://a.test?SECRET#SECRET", "https://a.test"},
    {"https://user:SECRET@a.test/x@y.zip", "https://a.test/x@y.zip"},
    {"https://SECRET@SECRET@a.test", "https://a.test"},
    {"https://a.test?x=://SECRET@", "https://a.test"},
    {"file.zip?x", "file.zip"},
    {"", ""},
};

static void a_url_is_shown_without_its_signature(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_TEXT_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        ROW_ASSERT(urls[i].url, text_same(fetch_shown(urls[i].url, &arena), urls[i].shown));
    }
}

static void nothing_but_https_is_asked(void)
{
    static const char *const others[] = {"http://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "x://", "://"};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_TEXT_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct fetched fetched = {0};
        ROW_ASSERT(others[i], !fetch(others[i], LIMIT_DOWNLOAD_MS, &arena, &fetched, &err));
        ROW_ASSERT(others[i], err.code == ERR_INVALID && strstr(err.text, "https://") != NULL);
    }
}

void suite_fetch(void)
{
    UNIT_SUITE("fetch", UNIT_TEST(answers_mean_bytes_another_place_or_an_error),
               UNIT_TEST(a_url_is_shown_without_its_signature), UNIT_TEST(nothing_but_https_is_asked));
}
