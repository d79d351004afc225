/* SPDX-License-Identifier: MIT */
#include "base/redact.h"

#include <string.h>

#include "base/attr.h"

enum {
    GROUP = 5,
    GROUPS = 5,
    KEY_LETTERS = GROUP * GROUPS,
    DASHED = KEY_LETTERS + GROUPS - 1,
    USER_MOST = 1024, /* bytes of user and password together: what is longer is none, and a scan has its end */
    PORT_DIGITS = 5,
};

struct text {
    const char *bytes;
    size_t size;
};

struct span {
    size_t begin, end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c);
}

static bool starts(const struct text *text, size_t at, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text->size - at < size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (lower(text->bytes[at + i]) != prefix[i]) {
            return false;
        }
    }
    return true;
}

/* --- one character, however it is spelled --- */

struct letter {
    char c;      /* '\0' also for a letter outside ASCII that is spelled by its number */
    size_t size; /* bytes of its spelling */
    bool is_percent, is_escaped;
};

static int hex_digit(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

/* Digits of a number in base 16; -1: not all of them are. */
static int hex_number(const struct text *text, size_t at, size_t digits)
{
    int number = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = at + i < text->size ? hex_digit(text->bytes[at + i]) : -1;
        if (digit < 0) {
            return -1;
        }
        number = number * 16 + digit;
    }
    return number;
}

/* "%40", and "%2540" of a text that was encoded twice. */
static struct letter percent_letter(const struct text *text, size_t at)
{
    size_t digits = at + 1;
    while (hex_number(text, digits, 2) == '%' && hex_number(text, digits + 2, 2) >= 0) {
        digits += 2;
    }
    int number = hex_number(text, digits, 2);
    return number < 0 ? (struct letter){.c = '%', .size = 1}
                      : (struct letter){.c = (char)number, .size = digits + 2 - at, .is_percent = true};
}

/* As JSON writes it. A backslash before anything else is itself: "DOMAIN\user". */
static struct letter backslash_letter(const struct text *text, size_t at)
{
    static const char spelled[] = "\"\\/nrtbf";
    static const char meant[] = "\"\\/\n\r\t\b\f";
    char next = at + 1 < text->size ? text->bytes[at + 1] : '\0';
    int number = next == 'u' ? hex_number(text, at + 2, 4) : -1;
    if (number >= 0) {
        return (struct letter){.c = number < 0x80 ? (char)number : '\0', .size = 6, .is_escaped = true};
    }
    const char *found = next != '\0' ? strchr(spelled, next) : NULL;
    bool is_escape = found != NULL && (next == '"' || next == '\\' || next == '/');
    return is_escape ? (struct letter){.c = meant[found - spelled], .size = 2, .is_escaped = true}
                     : (struct letter){.c = '\\', .size = 1};
}

static struct letter entity_letter(const struct text *text, size_t at)
{
    static const struct {
        const char *spelled;
        char c;
    } entities[] = {{"&amp;", '&'},   {"&quot;", '"'}, {"&lt;", '<'},  {"&gt;", '>'},
                    {"&apos;", '\''}, {"&#39;", '\''}, {"&#34;", '"'}, {"&#x22;", '"'}};
    for (size_t i = 0; i < COUNT_OF(entities); i++) {
        if (starts(text, at, entities[i].spelled)) {
            return (struct letter){.c = entities[i].c, .size = strlen(entities[i].spelled), .is_escaped = true};
        }
    }
    return (struct letter){.c = '&', .size = 1};
}

/* Past the end: '\0' of no size. */
static struct letter letter_at(const struct text *text, size_t at)
{
    if (at >= text->size) {
        return (struct letter){0};
    }
    switch (text->bytes[at]) {
    case '%':
        return percent_letter(text, at);
    case '\\':
        return backslash_letter(text, at);
    case '&':
        return entity_letter(text, at);
    default:
        return (struct letter){.c = text->bytes[at], .size = 1};
    }
}

/* --- user and password of a URL --- */

static bool is_blank(struct letter letter)
{
    bool is_number = letter.is_escaped && letter.c == '\0'; /* some letter outside ASCII */
    return !is_number && (unsigned char)letter.c <= ' ' && !letter.is_percent;
}

/* Where a text that holds the URL goes on: behind blanks, a closing quote, an end tag. */
static bool ends_url(const struct text *text, size_t at, struct letter letter)
{
    char next = at + 1 < text->size ? text->bytes[at + 1] : '\0';
    bool is_quote = letter.c == '"' && !letter.is_percent;
    char behind = at + letter.size < text->size ? text->bytes[at + letter.size] : '\0';
    return is_blank(letter) || (letter.c == '<' && letter.size == 1 && next == '/') ||
           (is_quote && (behind == '\0' || strchr(",}]:) \t\r\n", behind) != NULL));
}

/* "8080", and whatever cannot be more of a port. */
static bool is_port(const struct text *text, size_t at, size_t end)
{
    size_t digits = at;
    while (digits < end && is_digit(text->bytes[digits])) {
        digits++;
    }
    return digits - at <= PORT_DIGITS && (digits == end || !is_word(text->bytes[digits]));
}

/* "://" at `at`; returns what is behind it, or 0. */
static size_t behind_scheme(const struct text *text, size_t at)
{
    static const char marks[] = "://";
    for (size_t i = 0; i < sizeof(marks) - 1; i++) {
        struct letter letter = letter_at(text, at);
        if (letter.c != marks[i]) {
            return 0;
        }
        at += letter.size;
    }
    return at;
}

/* An IPv6 literal has colons of its own. */
static size_t behind_literal(const struct text *text, size_t at)
{
    size_t size = at < text->size ? text->size - at : 0;
    const char *end = size > 0 && text->bytes[at] == '[' ? memchr(text->bytes + at, ']', size) : NULL;
    return end != NULL ? (size_t)(end - text->bytes) + 1 : at;
}

/*
 * From "://" to the last '@' of its host part. A password may hold what should have been encoded: where a ':' comes
 * first, an '@' further on counts as well. Without one, what follows the ':' and is no port was cut off before it.
 */
static bool find_user(const struct text *text, size_t at, struct span *ret_span)
{
    size_t begin = behind_scheme(text, at);
    size_t i = behind_literal(text, begin);
    size_t end = 0, colon = 0;
    bool is_host = true;
    while (begin > 0 && i < text->size && i - begin <= USER_MOST) {
        struct letter letter = letter_at(text, i);
        if (ends_url(text, i, letter)) {
            break;
        }
        is_host = is_host && letter.c != '/' && letter.c != '?' && letter.c != '#';
        colon = colon == 0 && is_host && letter.c == ':' ? i + letter.size : colon;
        end = letter.c == '@' && (is_host || colon > 0) ? i : end;
        i += letter.size;
    }
    bool is_cut = colon > 0 && colon < i && !is_port(text, colon, i);
    *ret_span = end > begin ? (struct span){begin, end} : (struct span){colon, i};
    return end > begin || is_cut;
}

/* --- what stands behind a name --- */

static const struct name {
    const char *text; /* small letters */
    char separator;   /* ' ': one or more, or '+' as forms write it */
    bool is_word;     /* no letter or digit before it */
} names[] = {
    {"accountkey", '=', false},
    {"sharedaccesskey", '=', false},
    {"password", '=', false},
    {"pwd", '=', false},
    {"sig", '=', true},
    {"bearer", ' ', true},
    {"authorization: basic", ' ', true},
};

/* The last digit of "%3F" or "\u003F" is no letter of a word. */
static bool is_within_word(const struct text *text, size_t at)
{
    bool is_percent = at >= 3 && text->bytes[at - 3] == '%' && hex_number(text, at - 2, 2) >= 0;
    bool is_escape = at >= 6 && starts(text, at - 6, "\\u") && hex_number(text, at - 4, 4) >= 0;
    return at > 0 && is_letter(text->bytes[at - 1]) && !is_percent && !is_escape;
}

static bool separates(const struct name *name, struct letter letter)
{
    return letter.c == name->separator || (name->separator == ' ' && (letter.c == '+' || letter.c == '\t'));
}

/* A percent sign is a part of the value, unless the name's own separator is written so. */
static bool ends_value(struct letter letter, bool is_percent)
{
    if (letter.size == 0 || (letter.is_percent && !is_percent)) {
        return letter.size == 0;
    }
    bool is_number = letter.is_escaped && letter.c == '\0';
    return !is_number && ((unsigned char)letter.c <= ' ' || strchr("&;,\"'<>)]}", letter.c) != NULL);
}

static size_t end_of_value(const struct text *text, size_t at, bool is_percent)
{
    struct letter first = letter_at(text, at);
    char quote = first.c == '"' || first.c == '\'' ? first.c : '\0';
    at += quote != '\0' ? first.size : 0;
    struct letter letter = letter_at(text, at);
    while (letter.size > 0 && (quote != '\0' ? letter.c != quote : !ends_value(letter, is_percent))) {
        at += letter.size;
        letter = letter_at(text, at);
    }
    return at;
}

static bool find_value(const struct text *text, size_t at, struct span *ret_span)
{
    char first = lower(text->bytes[at]); /* most names begin otherwise: a text is walked at one look a letter */
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct name *name = &names[i];
        if (name->text[0] != first || !starts(text, at, name->text) || (name->is_word && is_within_word(text, at))) {
            continue;
        }
        size_t begin = at + strlen(name->text);
        struct letter separator = letter_at(text, begin);
        bool is_percent = separator.is_percent;
        for (bool more = separates(name, separator); more && separator.size > 0;) {
            begin += separator.size;
            separator = letter_at(text, begin);
            more = name->separator == ' ' && separates(name, separator);
        }
        if (begin == at + strlen(name->text)) {
            continue; /* no separator: without this, each name in a long text would walk it to its end */
        }
        *ret_span = (struct span){begin, end_of_value(text, begin, is_percent)};
        if (ret_span->end > begin) {
            return true;
        }
    }
    return false;
}

/* --- product keys --- */

/* The letters that keys are made of: no vowels, nothing that looks like another. */
static bool is_key_letter(char c)
{
    return c != '\0' && strchr("bcdfghjkmnpqrtvwxy2346789", lower(c)) != NULL;
}

/* Any letters in five groups; without dashes, only those of a key. */
static bool is_key(const char *word, bool has_dashes)
{
    for (size_t i = 0; i < (has_dashes ? DASHED : KEY_LETTERS); i++) {
        bool wants_dash = has_dashes && i % (GROUP + 1) == GROUP;
        bool fits = wants_dash ? word[i] == '-' : has_dashes ? is_word(word[i]) : is_key_letter(word[i]);
        if (!fits) {
            return false;
        }
    }
    return true;
}

/* Letters and digits right before or behind make it a piece of something longer. */
static bool find_key(const struct text *text, size_t at, struct span *ret_span)
{
    static const size_t sizes[] = {DASHED, KEY_LETTERS};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        size_t end = at + sizes[i];
        bool stands_alone = end <= text->size && (end == text->size || !is_word(text->bytes[end]));
        if (stands_alone && is_key(text->bytes + at, sizes[i] == DASHED)) {
            *ret_span = (struct span){at, end - GROUP};
            return true;
        }
    }
    return false;
}

/* --- the whole --- */

static bool find_at(const struct text *text, size_t at, struct span *ret_span)
{
    char c = text->bytes[at];
    if (c == ':' || c == '%' || c == '\\') {
        return find_user(text, at, ret_span);
    }
    bool begins_word = is_word(c) && (at == 0 || !is_word(text->bytes[at - 1]));
    return (is_letter(c) && find_value(text, at, ret_span)) || (begins_word && find_key(text, at, ret_span));
}

static void find_next(struct redact_walk *walk)
{
    const struct text text = {walk->text, walk->size};
    for (size_t at = walk->at; at < walk->size; at++) {
        struct span span = {0};
        if (find_at(&text, at, &span)) {
            walk->secret_begin = span.begin;
            walk->secret_end = span.end;
            return;
        }
    }
    walk->secret_begin = walk->size;
    walk->secret_end = walk->size;
}

void redact_begin(struct redact_walk *walk, const char *text, size_t size)
{
    *walk = (struct redact_walk){.text = text, .size = size};
    find_next(walk);
}

bool redact_next(struct redact_walk *walk, struct redact_piece *ret_piece)
{
    if (walk->at >= walk->size) {
        return false;
    }
    bool is_secret = walk->at == walk->secret_begin;
    size_t end = is_secret ? walk->secret_end : walk->secret_begin;
    *ret_piece = (struct redact_piece){walk->text + walk->at, end - walk->at, is_secret};
    walk->at = end;
    if (is_secret) {
        find_next(walk);
    }
    return true;
}

char redact_star(char c)
{
    return c == '-' ? '-' : '*';
}

void redact_bytes(char *bytes, size_t size)
{
    struct redact_walk walk;
    struct redact_piece piece;
    redact_begin(&walk, bytes, size);
    while (redact_next(&walk, &piece)) {
        char *at = bytes + (piece.text - bytes);
        for (size_t i = 0; piece.is_secret && i < piece.size; i++) {
            at[i] = redact_star(at[i]);
        }
    }
}
