/* SPDX-License-Identifier: MIT */
#include "channel/tools/kinds.h"

#include <inttypes.h>

#include "base/text.h"
#include "kinds/catalog.h"
#include "report/clean.h"

enum heading {
    HEADING_PARAMETERS,
    HEADING_PROPERTIES,
    HEADING_WANTED,
    HEADING_LASTING,
    HEADING_READS,
    HEADING_CHANGES,
    HEADING_MEMORY,
    HEADING_EXAMPLE,
    HEADING_REQUIRED,
    HEADING_SECRET,
    HEADING_COUNT
};

static const char *heading(enum heading heading, enum language language)
{
    static const struct spoken headings[HEADING_COUNT] = {
        [HEADING_PARAMETERS] = {"parameters", "パラメーター"},
        [HEADING_PROPERTIES] = {"properties", "プロパティ"},
        [HEADING_WANTED] = {"a step may want", "設定できるもの"},
        [HEADING_LASTING] = {"cannot be undone", "元に戻せないもの"},
        [HEADING_READS] = {"reads", "参照するもの"},
        [HEADING_CHANGES] = {"changes", "変更するもの"},
        [HEADING_MEMORY] = {"memory of one look, at most", "1 回の検査のメモリ上限"},
        [HEADING_EXAMPLE] = {"example", "例"},
        [HEADING_REQUIRED] = {"required", "必須"},
        [HEADING_SECRET] = {"never shown", "非表示"},
    };
    return words_say(headings[heading], language);
}

static void add_words(struct buf *buf, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        buf_format(buf, "%s%s", i > 0 ? ", " : "", words[i]);
    }
}

static bool has_range(const struct column *column)
{
    return column->base == TYPE_INT && (column->min != 0 || column->max != 0) && column->max != INT64_MAX;
}

/* "text, required", "int, seconds, 1 to 90", "list of text", "text: automatic, manual, ..." */
static void add_type(struct buf *buf, const struct column *column, enum language language)
{
    const char *unit = unit_texts[column->unit];
    buf_text(buf, type_name(column->base, column->item));
    if (unit != NULL) {
        buf_format(buf, ", %s", unit);
    }
    if (has_range(column)) {
        buf_format(buf, ", %" PRId64 "..%" PRId64, column->min, column->max);
    }
    if ((column->flags & COLUMN_REQUIRED) != 0) {
        buf_format(buf, ", %s", heading(HEADING_REQUIRED, language));
    }
    if ((column->flags & COLUMN_SECRET) != 0) {
        buf_format(buf, ", %s", heading(HEADING_SECRET, language));
    }
    if (column->words != NULL) {
        buf_text(buf, ": ");
        add_words(buf, column->words);
    }
}

static void say_column(struct buf *buf, const struct column *column, int indent, enum language language)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    buf_format(&line, "%s (", column->name);
    add_type(&line, column, language);
    buf_format(&line, ")  %s", column->about);
    text_line(buf, indent, NULL, buf_string(&line), language);
}

static void say_columns(struct buf *buf, enum heading title, const struct columns *columns, enum language language)
{
    if (columns->count > 0) {
        text_line(buf, 2, NULL, heading(title, language), language);
    }
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->items[i];
        say_column(buf, column, 4, language);
        for (size_t k = 0; column->cells != NULL && k < column->cells->count; k++) {
            say_column(buf, &column->cells->items[k], 6, language);
        }
    }
}

static bool can_be_wanted(const struct column *column)
{
    return (column->flags & COLUMN_ENSURE) != 0;
}

/* "state (running, stopped), start (automatic, manual, disabled), delayed"; false: nothing. */
static bool add_wanted(struct buf *buf, const struct columns *properties)
{
    bool is_first = true;
    for (size_t i = 0; i < properties->count; i++) {
        const struct column *column = &properties->items[i];
        if (!can_be_wanted(column)) {
            continue;
        }
        buf_format(buf, "%s%s", is_first ? "" : ", ", column->name);
        if (column->wants != NULL) {
            buf_text(buf, " (");
            add_words(buf, column->wants);
            buf_text(buf, ")");
        }
        is_first = false;
    }
    return !is_first;
}

static void say_wanted(struct buf *buf, const struct kind *kind, enum language language)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    if (add_wanted(&line, &kind->properties)) {
        text_line(buf, 2, heading(HEADING_WANTED, language), buf_string(&line), language);
    }
}

static void say_lasting(struct buf *buf, const struct kind *kind, enum language language)
{
    for (size_t i = 0; i < kind->properties.count; i++) {
        const struct column *column = &kind->properties.items[i];
        struct buf line AUTO(buf_clear) = {0};
        buf_init(&line, LIMIT_TEXT_BYTES);
        if (column->effect != NULL) {
            const struct spoken effect = {column->effect, column->effect_ja};
            buf_format(&line, "%s (%s)", column->name, words_say(effect, language));
            text_line(buf, 2, heading(HEADING_LASTING, language), buf_string(&line), language);
        }
    }
}

static void say_nouns(struct buf *buf, enum heading title, unsigned nouns, enum language language)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < NOUN_COUNT; i++) {
        if ((nouns & NOUN_BIT(i)) != 0) {
            buf_format(&line, "%s%s", line.size > 0 ? ", " : "", noun_names[i]);
        }
    }
    if (line.size > 0) {
        text_line(buf, 2, heading(title, language), buf_string(&line), language);
    }
}

/* --- the example --- */

void kinds_example(struct buf *buf, const struct kind *kind)
{
    buf_format(buf, "{\"id\": \"example\", \"version\": \"1\", \"title\": {\"en\": \"An example\"}, ");
    buf_format(buf, "\"source\": \"azmend explain %s\",\n", kind->name);
    buf_format(buf, " \"facts\": {\"it\": {\"look\": \"%s\"", kind->name);
    if (kind->example != NULL) {
        buf_format(buf, ", \"with\": %s", kind->example);
    }
    buf_format(buf, "}},\n \"findings\": [{\"id\": \"EXAMPLE\", \"severity\": \"info\",\n");
    buf_format(buf, "   \"when\": {\"fact\": \"it.%s\", \"exists\": true},\n", kind->properties.items[0].name);
    buf_text(buf, "   \"title\": {\"en\": \"A title\"}, \"detail\": {\"en\": \"What was seen\"}");
    if (kind->example_step != NULL) {
        buf_format(buf, ",\n   \"fix\": [{\"ensure\": \"%s\", \"with\": %s}]", kind->name, kind->example_step);
    }
    buf_text(buf, "}]}\n");
}

static void say_example(struct buf *buf, const struct kind *kind, enum language language)
{
    struct buf example AUTO(buf_clear) = {0};
    buf_init(&example, LIMIT_TEXT_BYTES);
    kinds_example(&example, kind);
    buf_format(buf, "  %s:\n%s", heading(HEADING_EXAMPLE, language), buf_whole(&example));
}

/* --- for people --- */

void kinds_page(struct buf *buf, const struct kind *kind, enum language language)
{
    enum { KIB = 1024 };
    text_line(buf, 0, kind->name, kind->about, language);
    say_columns(buf, HEADING_PARAMETERS, &kind->params, language);
    say_columns(buf, HEADING_PROPERTIES, &kind->properties, language);
    say_wanted(buf, kind, language);
    say_lasting(buf, kind, language);
    say_nouns(buf, HEADING_READS, kind->reads, language);
    say_nouns(buf, HEADING_CHANGES, kind->changes, language);
    buf_format(buf, "  %s: %zu KiB\n", heading(HEADING_MEMORY, language), kind->memory_bytes / KIB);
    say_example(buf, kind, language);
}

void kinds_list(struct buf *buf, enum language language)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        text_line(buf, 0, kind_catalog[i]->name, kind_catalog[i]->about, language);
        say_wanted(buf, kind_catalog[i], language);
    }
}
