/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

#include "base/attr.h"

static int fold(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : (unsigned char)letter;
}

int text_compare(const char *left, const char *right)
{
    while (*left != '\0' && fold(*left) == fold(*right)) {
        left++;
        right++;
    }
    return fold(*left) - fold(*right);
}

bool text_equal(const char *left, const char *right)
{
    return text_compare(left, right) == 0;
}

bool text_same(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
    while (*prefix != '\0' && fold(*text) == fold(*prefix)) {
        text++;
        prefix++;
    }
    return *prefix == '\0';
}

bool text_ends(const char *text, const char *suffix)
{
    size_t size = strlen(text);
    size_t tail = strlen(suffix);
    return tail <= size && text_equal(text + (size - tail), suffix);
}

bool text_contains(const char *text, const char *part)
{
    while (!text_starts(text, part)) {
        if (*text++ == '\0') {
            return false;
        }
    }
    return true;
}

/* Only the last star is ever tried again: what earlier stars matched cannot be bettered by giving them more. */
bool text_like(const char *text, const char *pattern)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (fold(*pattern) == fold(*text)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

/* 0: no sequence starts so (0xC0 and 0xC1 could only be overlong, from 0xF5 on lies beyond U+10FFFF). */
static size_t length_of(unsigned lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead >= 0xF5) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Length of the well-formed sequence at the start of `size` bytes, or 0. Reads no further than the first bad byte. */
static size_t sequence(const unsigned char *bytes, size_t size, uint32_t *ret_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned lead = bytes[0];
    size_t length = length_of(lead);
    if (length == 0 || length > size) {
        return 0;
    }
    uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0u) != 0x80) {
            return 0;
        }
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < least[length] || point > 0x10FFFF || surrogate) {
        return 0;
    }
    *ret_point = point;
    return length;
}

bool text_is_utf8(const char *bytes, size_t size, size_t *ret_bad)
{
    for (size_t at = 0; at < size;) {
        uint32_t point = 0;
        size_t length = sequence((const unsigned char *)bytes + at, size - at, &point);
        if (length == 0) {
            if (ret_bad != NULL) {
                *ret_bad = at;
            }
            return false;
        }
        at += length;
    }
    return true;
}

size_t text_decode(const char *text, uint32_t *ret_point)
{
    return sequence((const unsigned char *)text, 4, ret_point);
}

size_t text_cut(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    if (end != NULL) {
        return (size_t)(end - text);
    }
    while (size > 0 && ((unsigned char)text[size] & 0xC0u) == 0x80) {
        size--;
    }
    return size;
}

bool text_is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80) {
        text++;
    }
    return *text == '\0';
}

bool text_to_int(const char *text, int64_t *ret_number)
{
    bool negative = *text == '-';
    const char *digits = negative ? text + 1 : text;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || digits[count] != '\0') {
        return false;
    }
    int64_t number = 0; /* kept negative: that half of the range is the larger one */
    for (size_t i = 0; i < count; i++) {
        int64_t digit = digits[i] - '0';
        if (number < (INT64_MIN + digit) / 10) {
            return false;
        }
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN) {
        return false;
    }
    *ret_number = negative ? number : -number;
    return true;
}

bool text_to_duration(const char *text, int64_t *ret_ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};
    char number[16] = "";
    size_t count = strspn(text, "0123456789");
    int64_t amount = 0;
    if (count >= sizeof(number)) {
        return false;
    }
    memcpy(number, text, count);
    if (!text_to_int(number, &amount) || amount == 0) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (text_same(text + count, units[i].name) && amount <= INT64_MAX / units[i].ms) {
            *ret_ms = amount * units[i].ms;
            return true;
        }
    }
    return false;
}

int text_word(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            return i;
        }
    }
    return -1;
}

/* One octet without leading zeros: some readers take those for octal. Returns what follows, or NULL. */
static const char *after_octet(const char *text)
{
    int number = 0;
    size_t count = strspn(text, "0123456789");
    for (size_t i = 0; i < count && i < 3; i++) {
        number = number * 10 + (text[i] - '0');
    }
    bool fits = count >= 1 && count <= 3 && number <= 255 && (count == 1 || text[0] != '0');
    return fits ? text + count : NULL;
}

static bool is_ipv4(const char *text)
{
    for (int octet = 1; octet < 4; octet++) {
        text = after_octet(text);
        if (text == NULL || *text++ != '.') {
            return false;
        }
    }
    text = after_octet(text);
    return text != NULL && *text == '\0';
}

enum { IPV6_GROUPS = 8, IPV4_GROUPS = 2 };

/* The groups behind *text up to its end or to a "::"; moves *text there. -1: malformed. */
static int count_groups(const char **text)
{
    int groups = 0;
    while (**text != '\0' && strncmp(*text, "::", 2) != 0) {
        if (groups > 0 && *(*text)++ != ':') {
            return -1;
        }
        if (is_ipv4(*text)) {
            *text += strlen(*text);
            return groups + IPV4_GROUPS;
        }
        size_t digits = strspn(*text, "0123456789abcdefABCDEF");
        if (digits == 0 || digits > 4) {
            return -1;
        }
        *text += digits;
        groups++;
    }
    return groups;
}

static bool is_ipv6(const char *text)
{
    int before = count_groups(&text);
    if (before < 0 || *text == '\0') {
        return before == IPV6_GROUPS;
    }
    text += strlen("::");
    int behind = count_groups(&text);
    return behind >= 0 && *text == '\0' && before + behind < IPV6_GROUPS;
}

bool text_is_address(const char *text)
{
    return is_ipv4(text) || is_ipv6(text);
}
