/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column params[] = {
    TEXT_COLUMN("program", COLUMN_REQUIRED, "full path"),
    TEXT_COLUMN("argument", 0, "the one argument"),
};

static const struct column properties[] = {
    BOOL_COLUMN("exists", 0, "the program is there"),
    INT_COLUMN("exitCode", 0, UINT32_MAX, COLUMN_ENSURE, "of the run that a step asked for"),
    TEXT_COLUMN("output", 0, "the beginning of what it wrote"),
};

const struct kind kind_process = {
    .name = "process",
    .about = "a program without an interface but its command line",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
