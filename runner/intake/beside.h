/* SPDX-License-Identifier: MIT */
/* Scenarios beside the playbooks of a folder or archive: scenarios/PLAYBOOK/CASE.json, scenarios/machines/NAME.json. */
#ifndef AZMEND_INTAKE_BESIDE_H
#define AZMEND_INTAKE_BESIDE_H

#include "intake/intake.h"
#include "pack/pack.h"

/* Those of a folder: named, and read when one is wanted. ERR_LIMIT, ERR_IO. */
bool beside_folder(struct intake *intake, const char *folder, struct err *err) MUST_CHECK;
/* One entry of an archive, by its name within the outer folder; what is none is passed over. ERR_LIMIT. */
bool beside_entry(struct intake *intake, const char *shown, const char *name, const struct pack_entry *entry,
                  struct err *err) MUST_CHECK;

#endif
