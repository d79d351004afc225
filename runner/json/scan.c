/* SPDX-License-Identifier: MIT */
#include "json/scan.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/names.h"
#include "json/path.h"

enum step {
    STEP_VALUE, /* a value must come */
    STEP_FIRST, /* an opened container: its first member, or its end */
    STEP_NAME,  /* the name of a member */
    STEP_NEXT,  /* a comma, or the end of the container */
    STEP_END,   /* the document is complete */
};

struct scan {
    const char *bytes;
    const char *file;
    bool is_foreign;
    size_t size, at;
    uint32_t line;
    enum step step;
    uint32_t name, name_end;             /* of the member whose value comes next */
    uint32_t open[LIMIT_JSON_DEPTH + 1]; /* marks of the containers around, and of the value being read */
    unsigned depth;                      /* how many are open */
    struct buf *marks;
    char found[24];
};

static struct mark *mark_at(const struct scan *scan, size_t index)
{
    return (struct mark *)(void *)scan->marks->bytes + index;
}

static struct mark *innermost(const struct scan *scan)
{
    return mark_at(scan, scan->open[scan->depth - 1]);
}

static void add_path(const struct scan *scan, struct buf *path)
{
    buf_text(path, " $");
    for (unsigned i = 1; i < scan->depth; i++) {
        const struct mark *mark = mark_at(scan, scan->open[i]);
        if (mark->name_end != 0) {
            path_member(path, scan->bytes + mark->name + 1, mark->name_end - mark->name - 2);
        } else {
            path_element(path, mark_at(scan, scan->open[i - 1])->count - 1);
        }
    }
}

PRINTF_LIKE(4, 5)
static bool refuse(const struct scan *scan, struct err *err, enum err_code code, const char *format, ...)
{
    struct buf path AUTO(buf_clear) = {0};
    buf_init(&path, PATH_SHOWN_BYTES);
    if (scan->depth > 0) {
        add_path(scan, &path);
    }
    char message[ERR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return err_set(err, code, 0, "%s:%u:%s%s%s %s", scan->file, (unsigned)scan->line, buf_string(&path),
                   path_tail(&path), scan->depth > 0 ? ":" : "", message);
}

enum { THE_END = -1 };

static int peek(const struct scan *scan)
{
    return scan->at < scan->size ? (unsigned char)scan->bytes[scan->at] : THE_END;
}

/* What stands here, for a message. */
static const char *found(struct scan *scan)
{
    int byte = peek(scan);
    if (byte == THE_END) {
        return "the end";
    }
    bool printable = byte > ' ' && byte <= '~';
    (void)snprintf(scan->found, sizeof(scan->found), printable ? "'%c'" : "the byte 0x%02x", byte);
    return scan->found;
}

static bool expected(struct scan *scan, struct err *err, const char *what)
{
    return refuse(scan, err, ERR_INVALID, "expected %s, found %s", what, found(scan));
}

static void skip_blanks(struct scan *scan)
{
    for (int byte = peek(scan); byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; byte = peek(scan)) {
        scan->line += byte == '\n';
        scan->at++;
    }
}

static bool read_unit(struct scan *scan, uint32_t *ret_unit, struct err *err)
{
    scan->at += strlen("\\u");
    if (!names_hex(scan->bytes + scan->at, scan->size - scan->at, ret_unit)) {
        return refuse(scan, err, ERR_INVALID, "expected four hexadecimal digits behind \\u");
    }
    scan->at += 4;
    return true;
}

static bool read_unicode(struct scan *scan, struct err *err)
{
    uint32_t unit = 0;
    uint32_t second = 0;
    if (!read_unit(scan, &unit, err)) {
        return false;
    }
    if (unit == 0) {
        return refuse(scan, err, ERR_INVALID, "the character U+0000 is refused in texts, as \\u0000 too");
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
        return true;
    }
    bool another = scan->size - scan->at >= 2 && memcmp(scan->bytes + scan->at, "\\u", 2) == 0;
    if (another && !read_unit(scan, &second, err)) {
        return false;
    }
    if (unit > 0xDBFF || second < 0xDC00 || second > 0xDFFF) {
        return refuse(scan, err, ERR_INVALID, "\\u%04x is half of a surrogate pair", (unsigned)unit);
    }
    return true;
}

static bool read_escape(struct scan *scan, struct err *err)
{
    int letter = scan->at + 1 < scan->size ? (unsigned char)scan->bytes[scan->at + 1] : 0;
    if (letter == 'u') {
        return read_unicode(scan, err);
    }
    if (letter == 0 || strchr("\"\\/bfnrt", letter) == NULL) {
        return refuse(scan, err, ERR_INVALID, "expected one of \" \\ / b f n r t u behind a backslash");
    }
    scan->at += 2;
    return true;
}

/* From quote to quote. */
static bool read_text(struct scan *scan, struct err *err)
{
    scan->at++;
    for (int byte = peek(scan); byte != '"'; byte = peek(scan)) {
        if (byte == THE_END) {
            return expected(scan, err, "the closing quote of a text");
        }
        if (byte < ' ') {
            return refuse(scan, err, ERR_INVALID, "a raw control character in a text: write it as \\u%04x",
                          (unsigned)byte);
        }
        if (byte != '\\') {
            scan->at++;
        } else if (!read_escape(scan, err)) {
            return false;
        }
    }
    scan->at++;
    return true;
}

bool scan_int(const char *digits, size_t size, int64_t *ret_number)
{
    char text[24] = "";
    if (size >= sizeof(text)) {
        return false;
    }
    memcpy(text, digits, size);
    return text_to_int(text, ret_number);
}

static size_t count_digits(const char *text, size_t size)
{
    size_t count = 0;
    while (count < size && text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

/* RFC 8259, section 6: int [frac] [exp], and not int alone. */
static bool is_fraction(const char *number, size_t size)
{
    size_t at = size > 0 && number[0] == '-' ? 1 : 0;
    size_t whole = count_digits(number + at, size - at);
    if (whole == 0 || (whole > 1 && number[at] == '0') || at + whole == size) {
        return false;
    }
    at += whole;
    if (number[at] == '.') {
        size_t digits = count_digits(number + at + 1, size - at - 1);
        at += digits > 0 ? digits + 1 : 0;
    }
    if (at + 1 < size && (number[at] == 'e' || number[at] == 'E')) {
        size_t sign = number[at + 1] == '+' || number[at + 1] == '-' ? 2 : 1;
        size_t digits = count_digits(number + at + sign, size - at - sign);
        at += digits > 0 ? digits + sign : 0;
    }
    return at == size;
}

/* Everything that could belong to a number is taken at once, so that a message shows all of it. */
static bool read_number(struct scan *scan, struct err *err)
{
    const char *number = scan->bytes + scan->at;
    size_t size = 0;
    while (scan->at + size < scan->size && number[size] != '\0' && strchr("+-.0123456789Ee", number[size]) != NULL) {
        size++;
    }
    int shown = size < 40 ? (int)size : 40;
    if (scan->is_foreign && is_fraction(number, size)) {
        innermost(scan)->type = JSON_NULL;
        scan->at += size;
        return true;
    }
    if (memchr(number, '.', size) != NULL || memchr(number, 'e', size) != NULL || memchr(number, 'E', size) != NULL) {
        return refuse(scan, err, ERR_INVALID, "expected a whole number, found %.*s: floats are not in the language",
                      shown, number);
    }
    size_t first = number[0] == '-' ? 1 : 0;
    bool leading_zero = size > first + 1 && number[first] == '0';
    bool signs =
        size > first && (memchr(number + first, '-', size - first) || memchr(number + first, '+', size - first));
    if (size == first || leading_zero || signs) {
        return refuse(scan, err, ERR_INVALID, "expected a whole number, found %.*s", shown, number);
    }
    int64_t ignored = 0;
    if (!scan_int(number, size, &ignored)) {
        return refuse(scan, err, ERR_INVALID, "%.*s lies outside the 64-bit whole numbers", shown, number);
    }
    scan->at += size;
    return true;
}

static bool read_word(struct scan *scan, struct err *err)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t size = strlen(words[i]);
        if (scan->size - scan->at >= size && memcmp(scan->bytes + scan->at, words[i], size) == 0) {
            scan->at += size;
            return true;
        }
    }
    return expected(scan, err, "a value");
}

/* Opens the mark of the value that begins here. */
static bool enter(struct scan *scan, enum json_type type, struct err *err)
{
    size_t count = marks_count(scan->marks);
    if (count == LIMIT_JSON_VALUES) {
        return refuse(scan, err, ERR_LIMIT, "more than %d values", (int)LIMIT_JSON_VALUES);
    }
    struct mark mark = {
        .start = (uint32_t)scan->at, .line = scan->line, .type = type, .name = scan->name, .name_end = scan->name_end};
    buf_add(scan->marks, &mark, sizeof(mark));
    if (scan->marks->failed) {
        return refuse(scan, err, ERR_MEMORY, "out of memory after %zu values", count);
    }
    if (scan->depth > 0) {
        innermost(scan)->count++;
    }
    scan->name = scan->name_end = 0;
    scan->open[scan->depth++] = (uint32_t)count;
    return true;
}

static void leave(struct scan *scan)
{
    struct mark *mark = innermost(scan);
    mark->end = (uint32_t)scan->at;
    mark->after = (uint32_t)marks_count(scan->marks);
    scan->depth--;
    scan->step = scan->depth == 0 ? STEP_END : STEP_NEXT;
}

static enum json_type type_of(int first)
{
    switch (first) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_TEXT;
    case 't':
    case 'f':
        return JSON_BOOL;
    case '-':
        return JSON_INT;
    default:
        return first >= '0' && first <= '9' ? JSON_INT : JSON_NULL;
    }
}

static bool open_container(struct scan *scan, struct err *err)
{
    if (scan->depth > LIMIT_JSON_DEPTH) {
        return refuse(scan, err, ERR_LIMIT, "nested deeper than %d levels", (int)LIMIT_JSON_DEPTH);
    }
    scan->at++;
    scan->step = STEP_FIRST;
    return true;
}

static bool step_value(struct scan *scan, struct err *err)
{
    static bool (*const readers[])(struct scan *, struct err *) = {
        [JSON_NULL] = read_word, [JSON_BOOL] = read_word,       [JSON_INT] = read_number,
        [JSON_TEXT] = read_text, [JSON_ARRAY] = open_container, [JSON_OBJECT] = open_container,
    };
    enum json_type type = type_of(peek(scan));
    if (!enter(scan, type, err) || !readers[type](scan, err)) {
        return false;
    }
    if (type != JSON_ARRAY && type != JSON_OBJECT) {
        leave(scan);
    }
    return true;
}

static bool in_object(const struct scan *scan)
{
    return innermost(scan)->type == JSON_OBJECT;
}

static bool close_container(struct scan *scan, struct err *err)
{
    const struct mark *twice = NULL;
    if (in_object(scan) && !names_unique(scan->bytes, scan->marks, scan->open[scan->depth - 1], &twice, err)) {
        return false;
    }
    if (twice != NULL) {
        scan->line = twice->line;
        size_t size = twice->name_end - twice->name;
        return refuse(scan, err, ERR_INVALID, "the name %.*s stands twice in one object", size < 80 ? (int)size : 80,
                      scan->bytes + twice->name);
    }
    scan->at++;
    leave(scan);
    return true;
}

static bool at_close(const struct scan *scan)
{
    return peek(scan) == (in_object(scan) ? '}' : ']');
}

static bool step_name(struct scan *scan, struct err *err)
{
    if (peek(scan) != '"') {
        return expected(scan, err, "the name of a member in quotes");
    }
    uint32_t start = (uint32_t)scan->at;
    if (!read_text(scan, err)) {
        return false;
    }
    scan->name = start;
    scan->name_end = (uint32_t)scan->at;
    skip_blanks(scan);
    if (peek(scan) != ':') {
        return expected(scan, err, "':' behind the name of a member");
    }
    scan->at++;
    scan->step = STEP_VALUE;
    return true;
}

static bool step_first(struct scan *scan, struct err *err)
{
    if (at_close(scan)) {
        return close_container(scan, err);
    }
    return in_object(scan) ? step_name(scan, err) : step_value(scan, err);
}

static bool step_next(struct scan *scan, struct err *err)
{
    if (at_close(scan)) {
        return close_container(scan, err);
    }
    if (peek(scan) != ',') {
        return expected(scan, err, in_object(scan) ? "',' or '}'" : "',' or ']'");
    }
    scan->at++;
    scan->step = in_object(scan) ? STEP_NAME : STEP_VALUE;
    return true;
}

/* Over the whole document first: a message about grammar never quotes half a character. */
static bool check_encoding(struct scan *scan, struct err *err)
{
    static const struct {
        const char *bytes, *name;
    } order_marks[] = {{"\xEF\xBB\xBF", "UTF-8"}, {"\xFF\xFE", "UTF-16"}, {"\xFE\xFF", "UTF-16"}};
    for (size_t i = 0; i < COUNT_OF(order_marks); i++) {
        size_t size = strlen(order_marks[i].bytes);
        if (scan->size >= size && memcmp(scan->bytes, order_marks[i].bytes, size) == 0) {
            return refuse(scan, err, ERR_INVALID, "starts with a byte order mark of %s; expected UTF-8 without one",
                          order_marks[i].name);
        }
    }
    size_t bad = 0;
    if (text_is_utf8(scan->bytes, scan->size, &bad)) {
        return true;
    }
    for (size_t i = 0; i < bad; i++) {
        scan->line += scan->bytes[i] == '\n';
    }
    return refuse(scan, err, ERR_INVALID, "expected UTF-8, found the byte 0x%02x (offset %zu)",
                  (unsigned char)scan->bytes[bad], bad);
}

bool scan_document(const char *bytes, size_t size, const struct json_source *source, struct buf *marks, struct err *err)
{
    static bool (*const steps[])(struct scan *, struct err *) = {
        [STEP_VALUE] = step_value,
        [STEP_FIRST] = step_first,
        [STEP_NAME] = step_name,
        [STEP_NEXT] = step_next,
    };
    must(size < UINT32_MAX);
    struct scan scan = {.bytes = bytes,
                        .size = size,
                        .file = source->file,
                        .is_foreign = source->is_foreign,
                        .line = 1,
                        .marks = marks};
    if (!check_encoding(&scan, err)) {
        return false;
    }
    for (skip_blanks(&scan); scan.step != STEP_END; skip_blanks(&scan)) {
        if (!steps[scan.step](&scan, err)) {
            return false;
        }
    }
    return scan.at == size || expected(&scan, err, "nothing behind the document");
}
