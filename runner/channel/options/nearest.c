/* SPDX-License-Identifier: MIT */
#include "channel/options/nearest.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Levenshtein: insertions, deletions and replacements from left to right. */
static size_t distance(const char *left, const char *right)
{
    size_t row[WORD_MAX + 1];
    size_t columns = strlen(right);
    for (size_t j = 0; j <= columns; j++) {
        row[j] = j;
    }
    for (size_t i = 1; left[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (left[i - 1] != right[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

struct nearest nearest_to(const char *wrong)
{
    return (struct nearest){.wrong = wrong, .distance = WORD_MAX};
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t length = strlen(candidate);
    if (length > WORD_MAX || strlen(nearest->wrong) > WORD_MAX) {
        return;
    }
    size_t far = distance(nearest->wrong, candidate);
    if (far < nearest->distance && far <= (length + 2) / 3) {
        nearest->distance = far;
        nearest->word = candidate;
    }
}

const char *nearest_hint(const struct nearest *nearest, char *text, size_t size)
{
    text[0] = '\0';
    if (nearest->word != NULL) {
        (void)snprintf(text, size, "; did you mean %s?", nearest->word);
    }
    return text;
}
