/* SPDX-License-Identifier: MIT */
/*
 * Letters and digits outside ASCII, as .NET's Char.IsLetterOrDigit and with it Azure's names of resource groups know
 * them: the categories Lu, Ll, Lt, Lm, Lo and Nd of one UTF-16 unit. None of them is a quote, a dash, a blank or a
 * control of direction; the four fillers of Hangul, letters that nobody sees, are left out.
 * Source: Unicode 14.0, UnicodeData.txt; https://learn.microsoft.com/dotnet/api/system.char.isletterordigit
 */
#ifndef AZMEND_BASE_LETTERS_H
#define AZMEND_BASE_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

bool letters_hold(uint32_t point);

#endif
