/* SPDX-License-Identifier: MIT */
/* A JSON Schema document (2020-12) of a field table and of all tables it leads to. */
#ifndef AZMEND_REPORT_SCHEMA_H
#define AZMEND_REPORT_SCHEMA_H

#include "json/fields.h"

/* The caller ends the writer. */
void schema_document(struct writer *writer, const char *id, const struct fields *root);

#endif
