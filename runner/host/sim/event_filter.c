/* SPDX-License-Identifier: MIT */
/*
 * The XPath of event queries, as far as azmend uses it:
 *     *                    *[System[TERM and TERM ...]]
 *     Provider[@Name='text']        EventID=1        (EventID=1 or EventID=2 ...)
 *     TimeCreated[timediff(@SystemTime) <= milliseconds]      TimeCreated[@SystemTime >= '2026-01-15T08:00:00.000Z']
 *     EventRecordID > number
 * Source: https://learn.microsoft.com/windows/win32/wes/consuming-events (XPath 1.0 limitations).
 */
#include <string.h>

#include "base/text.h"
#include "host/sim/sim_private.h"

struct cursor {
    const char *at;
    struct arena *arena;
};

static void skip_blanks(struct cursor *cursor)
{
    cursor->at += strspn(cursor->at, " ");
}

/* The words of a token, with blanks allowed before it. */
static bool take(struct cursor *cursor, const char *token)
{
    skip_blanks(cursor);
    size_t length = strlen(token);
    if (strncmp(cursor->at, token, length) != 0) {
        return false;
    }
    cursor->at += length;
    return true;
}

/* Several tokens in a row; nothing is taken when one is missing. */
static bool take_all(struct cursor *cursor, const char *const *tokens)
{
    struct cursor trial = *cursor;
    for (size_t i = 0; tokens[i] != NULL; i++) {
        if (!take(&trial, tokens[i])) {
            return false;
        }
    }
    *cursor = trial;
    return true;
}

static bool take_number(struct cursor *cursor, int64_t *ret_number)
{
    skip_blanks(cursor);
    size_t length = strspn(cursor->at, "0123456789");
    const char *digits = arena_copy(cursor->arena, cursor->at, length);
    cursor->at += length;
    return length > 0 && text_to_int(digits, ret_number);
}

static bool take_quoted(struct cursor *cursor, const char **ret_text)
{
    skip_blanks(cursor);
    char quote = *cursor->at;
    const char *end = quote == '\'' || quote == '"' ? strchr(cursor->at + 1, quote) : NULL;
    if (end == NULL) {
        return false;
    }
    *ret_text = arena_copy(cursor->arena, cursor->at + 1, (size_t)(end - cursor->at - 1));
    cursor->at = end + 1;
    return true;
}

static bool take_id(struct cursor *cursor, struct sim_event_filter *filter)
{
    static const char *const head[] = {"EventID", "=", NULL};
    int64_t id = 0;
    if (!take_all(cursor, head) || !take_number(cursor, &id) || id > UINT32_MAX ||
        filter->id_count == COUNT_OF(filter->ids)) {
        return false;
    }
    filter->ids[filter->id_count++] = (uint32_t)id;
    return true;
}

static bool take_ids(struct cursor *cursor, struct sim_event_filter *filter)
{
    do {
        if (!take_id(cursor, filter)) {
            return false;
        }
    } while (take(cursor, "or "));
    return take(cursor, ")");
}

static bool take_provider(struct cursor *cursor, struct sim_event_filter *filter)
{
    return take(cursor, "=") && take_quoted(cursor, &filter->provider) && take(cursor, "]");
}

static bool take_age(struct cursor *cursor, struct sim_event_filter *filter)
{
    return take(cursor, "<=") && take_number(cursor, &filter->within_ms) && take(cursor, "]");
}

/* Whole seconds: what stands behind the point is left away. */
static bool take_start(struct cursor *cursor, struct sim_event_filter *filter)
{
    const char *text = NULL;
    int64_t seconds = 0;
    if (!take(cursor, ">=") || !take_quoted(cursor, &text) || strlen(text) < strlen("2026-01-15T08:00:00Z")) {
        return false;
    }
    const char *whole = arena_format(cursor->arena, "%.19sZ", text);
    if (!text_ends(text, "Z") || !sim_clock_parse(whole, &seconds)) {
        return false;
    }
    filter->since_ms = seconds * 1000;
    return take(cursor, "]");
}

static bool take_after(struct cursor *cursor, struct sim_event_filter *filter)
{
    return take_number(cursor, &filter->after);
}

static const struct {
    const char *head[8];
    bool (*take)(struct cursor *cursor, struct sim_event_filter *filter);
} terms[] = {
    {{"Provider", "[", "@Name"}, take_provider},
    {{"TimeCreated", "[", "timediff", "(", "@SystemTime", ")"}, take_age},
    {{"TimeCreated", "[", "@SystemTime"}, take_start},
    {{"EventRecordID", ">"}, take_after},
    {{"("}, take_ids},
};

static bool take_term(struct cursor *cursor, struct sim_event_filter *filter)
{
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        if (take_all(cursor, terms[i].head)) {
            return terms[i].take(cursor, filter);
        }
    }
    return take_id(cursor, filter);
}

bool sim_event_filter_parse(struct arena *arena, const char *xpath, struct sim_event_filter *ret_filter)
{
    static const char *const head[] = {"*", "[", "System", "[", NULL};
    static const char *const tail[] = {"]", "]", NULL};
    struct cursor cursor = {.at = xpath, .arena = arena};
    struct sim_event_filter filter = {.within_ms = -1, .since_ms = -1, .after = -1};
    bool is_all = strcmp(xpath, "*") == 0;
    if (!is_all) {
        if (!take_all(&cursor, head)) {
            return false;
        }
        do {
            if (!take_term(&cursor, &filter)) {
                return false;
            }
        } while (take(&cursor, "and "));
        if (!take_all(&cursor, tail) || *cursor.at != '\0') {
            return false;
        }
    }
    *ret_filter = filter;
    return true;
}
