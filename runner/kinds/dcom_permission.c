/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column properties[] = {
    BOOL_COLUMN("exists", 0, "somebody set one; absent means the defaults, which are fine"),
    BOOL_COLUMN("allowsSelf", 0, "it lets SELF (S-1-5-10) in"),
};

const struct kind kind_dcom_permission = {
    .name = "dcom_permission",
    .about = "the default access permission of DCOM",
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
