/* SPDX-License-Identifier: MIT */
/* The JSON Schema of azmend.playbook/2, printed from the field tables, the operators and the catalog of kinds. */
#ifndef AZMEND_PLAN_PLAN_SCHEMA_H
#define AZMEND_PLAN_PLAN_SCHEMA_H

#include "json/writer.h"

void plan_schema(struct writer *writer);

#endif
