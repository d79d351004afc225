/* SPDX-License-Identifier: MIT */
/* What every kind must hold to, whatever it looks at. */
#include <string.h>

#include "base/text.h"
#include "kinds/catalog.h"
#include "unit.h"

static void test_sorted_and_found(void)
{
    CU_ASSERT_PTR_NULL(kind_find("no_such_kind"));
    CU_ASSERT_PTR_NULL(kind_find("OS"));
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        const char *name = kind_catalog[i]->name;
        ROW_ASSERT(name, kind_find(name) == kind_catalog[i]);
        ROW_ASSERT(name, i == 0 || strcmp(kind_catalog[i - 1]->name, name) < 0);
    }
}

static void test_parts_fit(void)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        const struct kind *kind = kind_catalog[i];
        bool is_built = kind->look != NULL || kind->next != NULL;
        ROW_ASSERT(kind->name, is_built);
        ROW_ASSERT(kind->name, (kind->next != NULL) == (kind->read != NULL));
        ROW_ASSERT(kind->name, (kind->set != NULL) == (kind->changes != 0));
        ROW_ASSERT(kind->name, kind->reads != 0);
        ROW_ASSERT(kind->name, (kind->reads & kind->changes) == kind->changes);
        ROW_ASSERT(kind->name, kind->about != NULL && text_is_ascii(kind->about));
    }
}

/* "true", a word of the column, a number: nothing else could ever be wanted. */
static bool is_value_of(const struct column *column, const char *text)
{
    int64_t number = 0;
    switch ((int)column->base) {
    case TYPE_BOOL:
        return text_same(text, "true") || text_same(text, "false");
    case TYPE_INT:
        return text_to_int(text, &number);
    case TYPE_TEXT:
        return column->words == NULL || text_word(column->words, text) >= 0;
    default:
        return false;
    }
}

static void check_wants(const struct column *column)
{
    for (size_t i = 0; column->wants != NULL && column->wants[i] != NULL; i++) {
        ROW_ASSERT(column->name, (column->flags & COLUMN_ENSURE) != 0);
        ROW_ASSERT(column->name, is_value_of(column, column->wants[i]));
    }
}

static void check_columns(const char *kind, const struct columns *columns, unsigned allowed_flags)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->items[i];
        ROW_ASSERT(kind, column->name != NULL);
        ROW_ASSERT(column->name, column->about != NULL && column->about[0] != '\0' && text_is_ascii(column->about));
        ROW_ASSERT(column->name, (column->base == TYPE_INT) == (column->unit != UNIT_NONE));
        ROW_ASSERT(column->name, columns_find(columns, column->name) == (int)i);
        ROW_ASSERT(column->name, (column->flags & ~allowed_flags) == 0);
        ROW_ASSERT(column->name, column->words == NULL || column->base == TYPE_TEXT);
        ROW_ASSERT(column->name, column->base != TYPE_ROWS || column->cells != NULL);
        check_wants(column);
    }
}

static void test_columns_are_whole(void)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        const struct kind *kind = kind_catalog[i];
        check_columns(kind->name, &kind->params, COLUMN_REQUIRED | COLUMN_SECRET);
        check_columns(kind->name, &kind->properties,
                      COLUMN_ENSURE | COLUMN_SECRET | COLUMN_GROUP | COLUMN_ASKS | COLUMN_ANSWER);
        for (size_t k = 0; k < kind->properties.count; k++) {
            const struct columns *cells = kind->properties.items[k].cells;
            if (cells != NULL) {
                check_columns(kind->name, cells, 0);
            }
        }
    }
}

/* That they load is for tests/golden/kinds to see. */
static void test_examples_are_there(void)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        const struct kind *kind = kind_catalog[i];
        bool needs_one = false;
        for (size_t k = 0; k < kind->params.count; k++) {
            needs_one = needs_one || (kind->params.items[k].flags & COLUMN_REQUIRED) != 0;
        }
        ROW_ASSERT(kind->name, !needs_one || kind->example != NULL);
        ROW_ASSERT(kind->name, (kind->example_step != NULL) == (kind->set != NULL));
        ROW_ASSERT(kind->name, kind->memory_bytes > 0);
    }
}

/* A step's `with` holds parameters and wanted properties side by side. */
static void check_wanted(const struct kind *kind, const struct column *column)
{
    bool can_be_wanted = (column->flags & COLUMN_ENSURE) != 0;
    ROW_ASSERT(kind->name, !can_be_wanted || columns_find(&kind->params, column->name) < 0);
    ROW_ASSERT(kind->name, !can_be_wanted || kind->set != NULL);
}

static void test_no_name_means_two_things(void)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        for (size_t j = 0; j < kind_catalog[i]->properties.count; j++) {
            check_wanted(kind_catalog[i], &kind_catalog[i]->properties.items[j]);
        }
    }
}

static bool is_lasting(const char *kind, const char *property)
{
    static const char *const lasting[][2] = {{"license", "status"},
                                             {"license", "partialKey"},
                                             {"license", "renewalAgeDays"},
                                             {"license_store", "rebuilt"},
                                             {"process", "ran"}};
    for (size_t i = 0; i < COUNT_OF(lasting); i++) {
        if (text_same(lasting[i][0], kind) && text_same(lasting[i][1], property)) {
            return true;
        }
    }
    return false;
}

/* A key, an activation, a store, a program that was run: what undo cannot give back is declared, in both languages. */
static void test_what_lasts_is_declared(void)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        const struct columns *properties = &kind_catalog[i]->properties;
        for (size_t j = 0; j < properties->count; j++) {
            const struct column *column = &properties->items[j];
            const char *name = column->name;
            ROW_ASSERT(name, (column->effect != NULL) == is_lasting(kind_catalog[i]->name, name));
            ROW_ASSERT(name, (column->effect != NULL) == (column->effect_ja != NULL));
            ROW_ASSERT(name, column->effect == NULL || (column->flags & COLUMN_ENSURE) != 0);
        }
    }
}

void suite_kinds_catalog(void);
void suite_kinds_catalog(void)
{
    UNIT_SUITE("kinds: catalog", UNIT_TEST(test_sorted_and_found), UNIT_TEST(test_parts_fit),
               UNIT_TEST(test_what_lasts_is_declared), UNIT_TEST(test_columns_are_whole),
               UNIT_TEST(test_examples_are_there), UNIT_TEST(test_no_name_means_two_things));
}
