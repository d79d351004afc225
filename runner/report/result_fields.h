/* SPDX-License-Identifier: MIT */
/* The field tables of the result: its schema, and a reader that checks a result without keeping any of it. */
#ifndef AZMEND_REPORT_RESULT_FIELDS_H
#define AZMEND_REPORT_RESULT_FIELDS_H

#include "json/fields.h"

/* What fields_decode is given as target: every field of every table is written into it. */
union result_slot {
    bool boolean;
    int word;
    int64_t integer;
    const char *text;
    struct field_texts texts;
    struct field_list list;
    const struct json *json;
};

extern const struct fields result_fields;

#endif
