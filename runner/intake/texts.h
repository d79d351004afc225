/* SPDX-License-Identifier: MIT */
/*
 * Texts beside a playbook, texts/NAME.LANGUAGE.json for NAME.json: laid to the playbook that they belong to. What they
 * say is plan_load's to read.
 */
#ifndef AZMEND_INTAKE_TEXTS_H
#define AZMEND_INTAKE_TEXTS_H

#include "intake/intake.h"

/* Where the playbooks and texts of one folder or archive begin. */
struct texts_beside {
    size_t playbooks, texts;
};

struct texts_beside texts_begin(const struct intake *intake);

/* Gives each playbook since then its texts. ERR_INVALID: a file of texts without a playbook, or in no language known.
 */
bool texts_join(struct intake *intake, const struct texts_beside *since, struct err *err) MUST_CHECK;

/* The built-in texts of the built-in playbook of this id. */
void texts_of_embedded(const char *id, struct arena *arena, struct plan_text *ret_texts);

/* What stands behind the last separator of a path. */
const char *texts_file_name(const char *path);

#endif
