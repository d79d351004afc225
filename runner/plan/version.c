/* SPDX-License-Identifier: MIT */
/*
 * Which language a playbook is written in, before anything else is read of it: a newer one is told in one line, and
 * version 1 is read by one translation, so that nothing behind knows it.
 */
#include <string.h>

#include "base/text.h"
#include "plan/builder.h"

enum { FORMAT_OLDEST = 1, FORMAT_NEWEST = 2 };

/* The next number of "1.20.3", and where its dot or end is; -1: none. */
static int64_t next_number(const char **at)
{
    int64_t number = 0;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9' && *at - start < 9; (*at)++) {
        number = number * 10 + (**at - '0');
    }
    return *at > start ? number : -1;
}

/* Are there only numbers, one to three of them, with dots between? */
static bool is_version(const char *text)
{
    for (unsigned numbers = 1; numbers <= 3; numbers++) {
        if (next_number(&text) < 0) {
            return false;
        }
        if (*text == '\0') {
            return true;
        }
        if (*text++ != '.') {
            return false;
        }
    }
    return false;
}

/* What is left out is 0; what stands behind the numbers ("-rc1") does not count. */
static bool is_older(const char *version, const char *than)
{
    for (unsigned i = 0; i < 3; i++) {
        int64_t here = next_number(&version);
        int64_t there = next_number(&than);
        here = here < 0 ? 0 : here;
        there = there < 0 ? 0 : there;
        if (here != there) {
            return here < there;
        }
        version += *version == '.' ? 1 : 0;
        than += *than == '.' ? 1 : 0;
    }
    return false;
}

static bool program_fits(const struct json *document, const char *file, struct err *err)
{
    const struct json *wanted = json_find(document, "requiresAzmend");
    if (wanted == NULL) {
        return true;
    }
    if (!json_want(wanted, JSON_TEXT, file, err)) {
        return false;
    }
    if (!is_version(wanted->as.text)) {
        return json_refuse(wanted, file, err, "expected a version such as 1.2.3");
    }
    return !is_older(AZMEND_VERSION, wanted->as.text) ||
           err_set(err, ERR_INVALID, 0, "%s: it requires azmend %s or newer, and this is %s", file, wanted->as.text,
                   AZMEND_VERSION);
}

static bool format_fits(const struct json *document, const char *file, int64_t *ret_format, struct err *err)
{
    const struct json *format = json_find(document, "format");
    *ret_format = FORMAT_OLDEST;
    if (format == NULL) {
        return true;
    }
    if (!json_want(format, JSON_INT, file, err)) {
        return false;
    }
    if (format->as.integer > FORMAT_NEWEST) {
        return err_set(err, ERR_INVALID, 0, "%s: it is written in format %lld, and azmend %s reads 1 to %d", file,
                       (long long)format->as.integer, AZMEND_VERSION, FORMAT_NEWEST);
    }
    *ret_format = format->as.integer;
    return format->as.integer >= FORMAT_OLDEST || json_refuse(format, file, err, "expected 1 to %d", FORMAT_NEWEST);
}

/* Version 1 said in a refusal "handOver" for what is "handoff" everywhere since. */
static const char *name_since(const struct json *member)
{
    const struct json *refusal = member->parent;
    const struct json *list = refusal->parent;
    bool is_in_refusal =
        list != NULL && list->name != NULL && (text_same(list->name, "refuse") || text_same(list->name, "refusals"));
    return is_in_refusal && text_same(member->name, "handOver") ? "handoff" : member->name;
}

bool version_read(const struct json *document, const char *file, struct arena *arena, const struct json **ret_document,
                  struct err *err)
{
    int64_t format = FORMAT_OLDEST;
    if (!json_want(document, JSON_OBJECT, file, err) || !program_fits(document, file, err) ||
        !format_fits(document, file, &format, err)) {
        return false;
    }
    *ret_document = format == FORMAT_OLDEST ? json_renamed(document, name_since, arena) : document;
    return true;
}
