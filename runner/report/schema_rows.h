/* SPDX-License-Identifier: MIT */
/* Rows of field tables that only print a schema: nothing is kept of what is read, so all fields share one slot. */
#ifndef AZMEND_REPORT_SCHEMA_ROWS_H
#define AZMEND_REPORT_SCHEMA_ROWS_H

#include "report/result_fields.h"

/* clang-format off */
#define ROW(json_name, field_type, ...) {.name = (json_name), .type = (field_type), __VA_ARGS__}
#define ALWAYS .flags = FIELD_REQUIRED
#define TABLE(rows, label, text) \
    {.name = (label), .about = (text), .items = (rows), .count = COUNT_OF(rows), \
     .size = sizeof(union result_slot), .json_offset = SIZE_MAX}
#define ANY_COUNT .max = INT64_MAX
/* clang-format on */

#endif
