/* SPDX-License-Identifier: MIT */
/*
 * JSON out, streaming into a buf: the caller opens, names, closes; commas and escapes are ours. Everything above
 * U+007E is escaped, so that the bytes are ASCII under every code page. Misnesting is a programmer error.
 */
#ifndef AZMEND_JSON_WRITER_H
#define AZMEND_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "json/json.h"
#include "json/value.h"

enum writer_layout { WRITER_ONE_LINE, WRITER_INDENTED };
enum writer_secrets {
    WRITER_REDACT, /* what every writer does: nothing passes that base/redact.h knows, no value marked as secret */
    WRITER_KEEP,   /* texts as they are, for what this program reads again; values marked as secret do not pass */
    WRITER_REVEAL, /* value_write() only: an identity must tell two secrets apart; it never leaves the process */
};

struct writer {
    struct buf *buf;
    enum writer_layout layout;
    enum writer_secrets secrets;
    unsigned depth;
    bool named;                        /* a name was written, its value is due */
    bool filled[LIMIT_JSON_DEPTH * 2]; /* does the open container at this depth have a member? */
    char kind[LIMIT_JSON_DEPTH * 2];   /* '{' or '[' */
};

void writer_init(struct writer *writer, struct buf *buf, enum writer_layout layout); /* WRITER_REDACT */
void writer_open_object(struct writer *writer);
void writer_close_object(struct writer *writer);
void writer_open_array(struct writer *writer);
void writer_close_array(struct writer *writer);
void writer_name(struct writer *writer, const char *name);
void writer_text(struct writer *writer, const char *text); /* NULL: null. Ill-formed UTF-8 becomes U+FFFD */
void writer_int(struct writer *writer, int64_t number);
void writer_bool(struct writer *writer, bool boolean);
void writer_null(struct writer *writer);
/* Null, bool, int or text as it was read; false: a container, of which nothing is written. */
bool writer_scalar(struct writer *writer, const struct json *json);
/* Known: its JSON; absent: null; unknown: {"unknown": why}; known and secret: "(redacted)". */
void writer_value(struct writer *writer, const struct value *value);
/* name and value at once. */
void writer_named_text(struct writer *writer, const char *name, const char *text);
void writer_named_int(struct writer *writer, const char *name, int64_t number);
void writer_named_bool(struct writer *writer, const char *name, bool boolean);
/* Ends the document with a newline; must be at depth 0. */
void writer_finish(struct writer *writer);

#endif
