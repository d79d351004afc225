/* SPDX-License-Identifier: MIT */
/*
 * The languages of texts for people: the one list of them. The texts of playbooks follow it (a file a language); the
 * program's own words (report/words.c) stand in columns of C, which is why a language is a number here.
 */
#ifndef AZMEND_BASE_LANGUAGE_H
#define AZMEND_BASE_LANGUAGE_H

enum language { LANGUAGE_EN, LANGUAGE_JA, LANGUAGE_COUNT };
extern const char *const language_names[LANGUAGE_COUNT + 1]; /* "en", "ja" */

#endif
