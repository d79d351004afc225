/* SPDX-License-Identifier: MIT */
/*
 * The part of the playbooks' schema that knows the kinds: what each `look` and each `ensure` takes, from the columns
 * that the loader checks with. It refuses nothing that the loader takes.
 */
#ifndef AZMEND_PLAN_KIND_SCHEMA_H
#define AZMEND_PLAN_KIND_SCHEMA_H

#include "json/writer.h"

/* The definitions "look.KIND" and "ensure.KIND", and what they need, as members of "$defs". */
void kind_schema_define(struct writer *writer);
/*
 * Inside the schema of an object: the words that its member `chooser` ("look" or "ensure") may be, and by it what its
 * member "with" has to be. Writes "allOf".
 */
void kind_schema_choose(struct writer *writer, const char *chooser);

#endif
