/* SPDX-License-Identifier: MIT */
#include "base/language.h"

#include <stddef.h>

const char *const language_names[LANGUAGE_COUNT + 1] = {[LANGUAGE_EN] = "en", [LANGUAGE_JA] = "ja"};
