/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column params[] = {
    TEXT_COLUMN("store", COLUMN_REQUIRED, "CA, Root, Disallowed or My"),
    TEXT_COLUMN("thumbprint", COLUMN_REQUIRED, "SHA-1, forty hexadecimal digits"),
};

static const struct column properties[] = {
    BOOL_COLUMN("exists", COLUMN_ENSURE, "it is in the store"),
    TEXT_COLUMN("subject", 0, "whose it is"),
    INT_COLUMN("expiresInDays", 0, 0, COLUMN_NUMBERED, "days"),
};

const struct kind kind_certificate = {
    .name = "certificate",
    .about = "a certificate in a store of the machine",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
