/* SPDX-License-Identifier: MIT */
/*
 * Compiler attributes, GCC and Clang only (decisions/0001).
 * AUTO(drop) calls drop(&variable) when the variable leaves its scope: every system handle is declared with it.
 */
#ifndef AZMEND_BASE_ATTR_H
#define AZMEND_BASE_ATTR_H

#define AUTO(drop) __attribute__((cleanup(drop)))
#define MUST_CHECK __attribute__((warn_unused_result))
#if defined(__MINGW32__)
#define PRINTF_LIKE(text, first) __attribute__((format(gnu_printf, text, first)))
#else
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#endif
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
