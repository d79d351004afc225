/* SPDX-License-Identifier: MIT */
#include "truth_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

enum { LINE_SIZE = 118 };

struct row {
    int at[TRUTH_DIMENSIONS]; /* class, or -1: any */
    size_t answer;
};

struct work {
    const struct truth_table *table;
    unsigned char *answers; /* of every combination; the last dimension runs fastest */
    size_t size;
    size_t stride[TRUTH_DIMENSIONS];
    size_t *class_of[TRUTH_DIMENSIONS]; /* value -> number of its class */
    size_t classes[TRUTH_DIMENSIONS];
    struct row *rows;
    size_t row_count;
};

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static size_t value_at(const struct work *work, size_t index, size_t dimension)
{
    return index / work->stride[dimension] % work->table->dimensions[dimension].count;
}

static void judge_all(struct work *work)
{
    size_t at[TRUTH_DIMENSIONS] = {0};
    work->size = 1;
    for (size_t d = work->table->count; d-- > 0;) {
        work->stride[d] = work->size;
        work->size *= work->table->dimensions[d].count;
    }
    work->answers = need(work->size, 1);
    for (size_t i = 0; i < work->size; i++) {
        for (size_t d = 0; d < work->table->count; d++) {
            at[d] = value_at(work, i, d);
        }
        work->answers[i] = (unsigned char)work->table->judge(at);
    }
}

static bool never_differ(const struct work *work, size_t dimension, size_t left, size_t right)
{
    for (size_t i = 0; i < work->size; i++) {
        size_t other = i + (right - left) * work->stride[dimension];
        if (value_at(work, i, dimension) == left && work->answers[i] != work->answers[other]) {
            return false;
        }
    }
    return true;
}

/* The first value of each class stands for it. */
static void classify(struct work *work, size_t dimension)
{
    size_t count = work->table->dimensions[dimension].count;
    size_t *firsts = need(count, sizeof(*firsts));
    work->class_of[dimension] = need(count, sizeof(size_t));
    for (size_t v = 0; v < count; v++) {
        size_t k = 0;
        while (k < work->classes[dimension] && !never_differ(work, dimension, firsts[k], v)) {
            k++;
        }
        if (k == work->classes[dimension]) {
            firsts[work->classes[dimension]++] = v;
        }
        work->class_of[dimension][v] = k;
    }
    free(firsts);
}

static bool is_first_of_class(const struct work *work, size_t dimension, size_t value)
{
    for (size_t v = 0; v < value; v++) {
        if (work->class_of[dimension][v] == work->class_of[dimension][value]) {
            return false;
        }
    }
    return true;
}

static void make_rows(struct work *work)
{
    work->rows = need(work->size, sizeof(*work->rows));
    for (size_t i = 0; i < work->size; i++) {
        struct row row = {.answer = work->answers[i]};
        bool stands_for_all = true;
        for (size_t d = 0; d < work->table->count && stands_for_all; d++) {
            stands_for_all = is_first_of_class(work, d, value_at(work, i, d));
            row.at[d] = (int)work->class_of[d][value_at(work, i, d)];
        }
        if (stands_for_all) {
            work->rows[work->row_count++] = row;
        }
    }
}

/* --- rows that say the same for every class of one dimension --- */

static size_t compared_last;

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->answer != b->answer) {
        return a->answer < b->answer ? -1 : 1;
    }
    for (size_t d = 0; d <= TRUTH_DIMENSIONS; d++) {
        size_t at = d == TRUTH_DIMENSIONS ? compared_last : d;
        bool is_its_turn = d == TRUTH_DIMENSIONS ? at < TRUTH_DIMENSIONS : at != compared_last;
        if (is_its_turn && a->at[at] != b->at[at]) {
            return a->at[at] < b->at[at] ? -1 : 1;
        }
    }
    return 0;
}

static bool differ_only_in(const struct row *left, const struct row *right, size_t dimension)
{
    struct row other = *right;
    other.at[dimension] = left->at[dimension];
    return memcmp(left->at, other.at, sizeof(other.at)) == 0 && left->answer == right->answer;
}

static void merge(struct work *work, size_t dimension)
{
    size_t kept = 0;
    size_t run = 0;
    compared_last = dimension;
    qsort(work->rows, work->row_count, sizeof(*work->rows), compare_rows);
    for (size_t i = 0; i < work->row_count; i += run) {
        struct row row = work->rows[i];
        run = 1;
        while (i + run < work->row_count && row.at[dimension] >= 0 &&
               differ_only_in(&row, &work->rows[i + run], dimension)) {
            run++;
        }
        bool is_whole = run == work->classes[dimension];
        for (size_t k = 0; k < (is_whole ? 1 : run); k++) {
            work->rows[kept] = work->rows[i + k];
            work->rows[kept].at[dimension] = is_whole ? -1 : work->rows[kept].at[dimension];
            kept++;
        }
    }
    work->row_count = kept;
}

/* --- the text --- */

static const char *word_of(const struct dimension *dimension, size_t at)
{
    return dimension->words != NULL ? dimension->words[at] : dimension->word(at);
}

static size_t members_of(const struct work *work, size_t dimension, size_t class)
{
    size_t members = 0;
    for (size_t v = 0; v < work->table->dimensions[dimension].count; v++) {
        members += work->class_of[dimension][v] == class ? 1 : 0;
    }
    return members;
}

/* The only value, or a short name: the dimension's first letter and a number. */
static void write_class(struct buf *buf, const struct work *work, size_t dimension, size_t class)
{
    const struct dimension *it = &work->table->dimensions[dimension];
    size_t first = 0;
    while (work->class_of[dimension][first] != class) {
        first++;
    }
    if (members_of(work, dimension, class) == 1) {
        buf_text(buf, word_of(it, first));
    } else {
        buf_format(buf, "%c%zu", it->name[0] >= 'a' ? it->name[0] - 'a' + 'A' : 'Z', class + 1);
    }
}

static void write_members(struct buf *buf, const struct work *work, size_t dimension, size_t class)
{
    const struct dimension *it = &work->table->dimensions[dimension];
    size_t column = 0;
    for (size_t v = 0; v < it->count; v++) {
        const char *word = word_of(it, v);
        if (work->class_of[dimension][v] != class) {
            continue;
        }
        bool is_new_line = column == 0 || column + strlen(word) + 2 > LINE_SIZE;
        buf_text(buf, column == 0 ? "    " : is_new_line ? ",\n    " : ", ");
        buf_text(buf, word);
        column = (is_new_line ? 4 : column + 2) + strlen(word);
    }
    buf_text(buf, "\n");
}

static void write_classes(struct buf *buf, const struct work *work)
{
    for (size_t d = 0; d < work->table->count; d++) {
        for (size_t k = 0; k < work->classes[d] && work->classes[d] > 1; k++) {
            if (members_of(work, d, k) > 1) {
                buf_format(buf, "  %s ", work->table->dimensions[d].name);
                write_class(buf, work, d, k);
                buf_text(buf, ":\n");
                write_members(buf, work, d, k);
            }
        }
    }
}

static void write_row(struct buf *buf, const struct work *work, const struct row *row)
{
    buf_format(buf, "  %-28s", work->table->answer(row->answer));
    for (size_t d = 0; d < work->table->count; d++) {
        buf_format(buf, " %s=", work->table->dimensions[d].name);
        if (row->at[d] < 0) {
            buf_text(buf, "*");
        } else {
            write_class(buf, work, d, (size_t)row->at[d]);
        }
    }
    buf_text(buf, "\n");
}

void truth_table_write(struct buf *buf, const struct truth_table *table)
{
    struct work work = {.table = table};
    judge_all(&work);
    for (size_t d = 0; d < table->count; d++) {
        classify(&work, d);
    }
    make_rows(&work);
    for (size_t d = table->count; d-- > 0;) {
        merge(&work, d);
    }
    compared_last = TRUTH_DIMENSIONS;
    qsort(work.rows, work.row_count, sizeof(*work.rows), compare_rows);
    buf_format(buf, "  %zu combinations, %zu rows\n", work.size, work.row_count);
    write_classes(buf, &work);
    for (size_t i = 0; i < work.row_count; i++) {
        write_row(buf, &work, &work.rows[i]);
    }
    for (size_t d = 0; d < table->count; d++) {
        free(work.class_of[d]);
    }
    free(work.answers);
    free(work.rows);
}
