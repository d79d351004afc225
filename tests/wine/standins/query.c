/* SPDX-License-Identifier: MIT */
#include <wchar.h>
#include <wctype.h>

#include "wbem.h"

struct cursor {
    const wchar_t *at;
};

static void skip_blanks(struct cursor *cursor)
{
    cursor->at += wcsspn(cursor->at, L" ");
}

static bool take(struct cursor *cursor, const wchar_t *token)
{
    skip_blanks(cursor);
    size_t length = wcslen(token);
    if (_wcsnicmp(cursor->at, token, length) != 0) {
        return false;
    }
    cursor->at += length;
    return true;
}

static bool copy(const wchar_t *from, size_t length, wchar_t *to, size_t units)
{
    if (length == 0 || length >= units) {
        return false;
    }
    (void)wmemcpy(to, from, length);
    to[length] = L'\0';
    return true;
}

static bool take_name(struct cursor *cursor, wchar_t name[static WBEM_NAME_UNITS])
{
    size_t length = 0;
    skip_blanks(cursor);
    while (iswalnum(cursor->at[length]) || cursor->at[length] == L'_') {
        length++;
    }
    const wchar_t *from = cursor->at;
    cursor->at += length;
    return copy(from, length, name, WBEM_NAME_UNITS);
}

static bool take_quoted(struct cursor *cursor, wchar_t value[static WBEM_VALUE_UNITS])
{
    const wchar_t *end = take(cursor, L"'") ? wcschr(cursor->at, L'\'') : NULL;
    if (end == NULL) {
        return false;
    }
    const wchar_t *from = cursor->at;
    cursor->at = end + 1;
    return copy(from, (size_t)(end - from), value, WBEM_VALUE_UNITS);
}

static bool take_condition(struct cursor *cursor, struct wbem_query *query)
{
    if (query->condition_count == WBEM_CONDITIONS_MOST) {
        return false;
    }
    struct wbem_condition *condition = &query->conditions[query->condition_count++];
    condition->value[0] = L'\0';
    if (!take_name(cursor, condition->property)) {
        return false;
    }
    return take(cursor, L"<>") ? take(cursor, L"NULL") : take(cursor, L"=") && take_quoted(cursor, condition->value);
}

static bool take_columns(struct cursor *cursor, struct wbem_query *query)
{
    do {
        if (query->column_count == WBEM_COLUMNS_MOST || !take_name(cursor, query->columns[query->column_count++])) {
            return false;
        }
    } while (take(cursor, L","));
    return true;
}

static bool take_conditions(struct cursor *cursor, struct wbem_query *query)
{
    if (!take(cursor, L"WHERE ")) {
        return true;
    }
    do {
        if (!take_condition(cursor, query)) {
            return false;
        }
    } while (take(cursor, L"AND "));
    return true;
}

/* The real provider walks the whole token store for what is not filtered: azmend must never ask for that. */
static bool is_bounded(const struct wbem_query *query)
{
    return query->condition_count > 0 || _wcsicmp(query->class->name, L"SoftwareLicensingProduct") != 0;
}

HRESULT wbem_query_parse(const wchar_t *text, struct wbem_query *ret_query)
{
    struct cursor cursor = {text};
    struct wbem_query query = {0};
    wchar_t class[WBEM_NAME_UNITS] = L"";
    bool is_read = take(&cursor, L"SELECT ") && take_columns(&cursor, &query) && take(&cursor, L"FROM ") &&
                   take_name(&cursor, class) && take_conditions(&cursor, &query);
    skip_blanks(&cursor);
    query.class = wbem_class_find(class);
    if (!is_read || *cursor.at != L'\0' || (query.class != NULL && !is_bounded(&query))) {
        machine_refuse("not a query of the stand-in: %ls", text);
        return (HRESULT)WBEM_E_INVALID_QUERY;
    }
    if (query.class == NULL) {
        return (HRESULT)WBEM_E_INVALID_CLASS;
    }
    *ret_query = query;
    return S_OK;
}

void wbem_rows_clear(struct wbem_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        (void)com_release(&rows->items[i]->com);
    }
    rows->count = 0;
}

static bool fits(const struct wbem_query *query, struct wbem_object *object)
{
    for (size_t i = 0; i < query->condition_count; i++) {
        const struct wbem_condition *condition = &query->conditions[i];
        const wchar_t *text = wbem_object_text(object, condition->property);
        if (text == NULL || (condition->value[0] != L'\0' && _wcsicmp(text, condition->value) != 0)) {
            return false;
        }
    }
    return true;
}

/* WMI refuses a query that names a property the class does not have. */
static bool knows(const struct wbem_query *query, struct wbem_object *object)
{
    for (size_t i = 0; i < query->column_count; i++) {
        if (wbem_object_find(object, query->columns[i]) == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < query->condition_count; i++) {
        if (wbem_object_find(object, query->conditions[i].property) == NULL) {
            return false;
        }
    }
    return true;
}

static void hide(const struct wbem_query *query, struct wbem_object *object)
{
    for (size_t i = 0; i < object->count; i++) {
        object->properties[i].is_hidden = true;
    }
    for (size_t i = 0; i < query->column_count; i++) {
        wbem_object_find(object, query->columns[i])->is_hidden = false;
    }
}

HRESULT wbem_query_apply(const struct wbem_query *query, struct wbem_rows *rows)
{
    struct wbem_rows kept = {.count = 0}, left = {.count = 0};
    HRESULT result = S_OK;
    for (size_t i = 0; i < rows->count; i++) {
        struct wbem_object *object = rows->items[i];
        if (!knows(query, object)) {
            result = (HRESULT)WBEM_E_INVALID_QUERY;
        } else if (fits(query, object)) {
            hide(query, object);
            kept.items[kept.count++] = object;
            continue;
        }
        left.items[left.count++] = object;
    }
    wbem_rows_clear(&left);
    *rows = kept;
    return result;
}
