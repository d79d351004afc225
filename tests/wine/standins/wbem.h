/* SPDX-License-Identifier: MIT */
/*
 * The stand-in for WMI's root\cimv2: two classes, the queries and methods that azmend uses, and nothing else. Methods
 * of an interface that azmend does not call are NULL: a call ends the process, which no test overlooks. Source:
 * https://learn.microsoft.com/windows/win32/wmisdk/com-api-for-wmi and .../previous-versions/windows/desktop/sppwmi
 */
#ifndef AZMEND_TESTS_STANDINS_WBEM_H
#define AZMEND_TESTS_STANDINS_WBEM_H

#include "com.h"

/* windows.h goes first. */
/* clang-format off */
#include <wbemcli.h>
/* clang-format on */

enum {
    WBEM_PROPERTIES_MOST = 24,
    WBEM_COLUMNS_MOST = 32,
    WBEM_CONDITIONS_MOST = 4,
    WBEM_NAME_UNITS = 64,
    WBEM_VALUE_UNITS = 256
};

/* --- object.c: an instance, a class, or the parameters of a method --- */

struct wbem_property {
    const wchar_t *name;
    bool is_hidden; /* not among the columns asked for */
    VARIANT value;
};

struct wbem_class;

struct wbem_object {
    struct com com;
    const struct wbem_class *class;   /* a class definition; NULL: an instance or parameters */
    const struct wbem_method *method; /* parameters of this one */
    size_t count;
    struct wbem_property properties[WBEM_PROPERTIES_MOST];
};

struct wbem_object *wbem_object_make(void);
void wbem_object_add(struct wbem_object *object, const wchar_t *name, VARIANT value);
struct wbem_property *wbem_object_find(struct wbem_object *object, const wchar_t *name); /* NULL: no such property */
const wchar_t *wbem_object_text(struct wbem_object *object, const wchar_t *name);        /* NULL: null or no text */

/* --- classes.c: the two classes --- */

/* S_OK, or what the provider ends with. WBEM_S_TIMEDOUT: nothing for as long as anybody waits. */
struct wbem_method {
    const wchar_t *name;
    const wchar_t *parameter; /* NULL: none */
    VARTYPE type;             /* of the parameter */
    HRESULT (*run)(struct sim *sim, const char *sku, const char *text, uint32_t number);
};

struct wbem_rows {
    struct wbem_object *items[64];
    size_t count;
};

struct wbem_class {
    const wchar_t *name, *key;
    const struct wbem_method *methods; /* ends with a name of NULL */
    HRESULT (*list)(struct sim *sim, struct wbem_rows *rows);
};

const struct wbem_class *wbem_class_find(const wchar_t *name); /* NULL: no such class */
const struct wbem_method *wbem_method_find(const struct wbem_class *class, const wchar_t *name);

/* --- query.c: the WQL that azmend uses --- */

struct wbem_query {
    const struct wbem_class *class;
    wchar_t columns[WBEM_COLUMNS_MOST][WBEM_NAME_UNITS];
    size_t column_count;
    struct wbem_condition {
        wchar_t property[WBEM_NAME_UNITS];
        wchar_t value[WBEM_VALUE_UNITS]; /* "": must not be null */
    } conditions[WBEM_CONDITIONS_MOST];
    size_t condition_count;
};

/* "SELECT a, b FROM Class [WHERE x <> NULL [AND y = 'text']...]"; an HRESULT of WMI for all others. */
HRESULT wbem_query_parse(const wchar_t *text, struct wbem_query *ret_query);
/* Keeps what fits, hides what is not asked for; WBEM_E_INVALID_QUERY: the class has no such property. */
HRESULT wbem_query_apply(const struct wbem_query *query, struct wbem_rows *rows);
void wbem_rows_clear(struct wbem_rows *rows);

/* --- calls.c: answers under way --- */

IEnumWbemClassObject *wbem_enumerate(const struct wbem_rows *rows, HRESULT result); /* takes the rows over */
IWbemCallResult *wbem_call_result(HRESULT result);

/* --- forward.c: Wine's own classes --- */

bool wbem_is_forwarded(const wchar_t *text); /* a query, class or path */
HRESULT wbem_forward(IWbemServices **ret_services);

/* --- services.c --- */

HRESULT wbem_make_locator(REFIID iid, void **ret_object);

#endif
