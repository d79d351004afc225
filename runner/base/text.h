/* SPDX-License-Identifier: MIT */
/*
 * Text: NUL-ended UTF-8. Comparing folds ASCII only, as the playbook language says; no locale is ever asked.
 */
#ifndef AZMEND_BASE_TEXT_H
#define AZMEND_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* <0, 0, >0 by ASCII-folded bytes. */
int text_compare(const char *left, const char *right);
bool text_equal(const char *left, const char *right);   /* folded */
bool text_same(const char *left, const char *right);    /* byte for byte; NULL equals NULL only */
bool text_contains(const char *text, const char *part); /* folded */
bool text_starts(const char *text, const char *prefix); /* folded */
bool text_ends(const char *text, const char *suffix);   /* folded */
/* Azure Policy's `like`: one or more `*`, each any run of characters; folded; linear time in text times stars. */
bool text_like(const char *text, const char *pattern);

/*
 * Well-formed UTF-8 by RFC 3629 (no overlong form, no surrogate, <= U+10FFFF). ret_bad: offset of the first bad byte;
 * NULL: not wanted.
 */
bool text_is_utf8(const char *bytes, size_t size, size_t *ret_bad);
/* Length in bytes of the longest prefix of at most `size` bytes that cuts no UTF-8 sequence. */
size_t text_cut(const char *text, size_t size);
/* Decodes one sequence and returns its length; 0 when it is ill-formed. */
size_t text_decode(const char *text, uint32_t *ret_point);
bool text_is_ascii(const char *text);

/* Whole text as a decimal int64 with optional '-'; no blanks, no '+'. */
bool text_to_int(const char *text, int64_t *ret_number);
/* "10m", "90s", "250ms", "2h": to milliseconds, > 0. A bare number is seconds. */
bool text_to_duration(const char *text, int64_t *ret_ms);

/* A closed list of words, NULL-ended. Index of the word (exact bytes), or -1. */
int text_word(const char *const *words, const char *text);

/* IPv4 dotted quad or IPv6 literal. */
bool text_is_address(const char *text);

#endif
