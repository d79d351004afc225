/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column codes_columns[] = {
    TEXT_COLUMN("code", 0, "HRESULT"),
    INT_COLUMN("at", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
};
static const struct columns codes = COLUMNS(codes_columns);

static const struct column properties[] = {
    TEXT_COLUMN("path", 0, "the TokenStore value, else by system"),
    BOOL_COLUMN("exists", 0, "the store is there"),
    INT_COLUMN("createdAt", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    BOOL_COLUMN("aclOk", 0, "the service may read and write it"),
    ROWS_COLUMN("codes", &codes, 0, "codes of the store family seen since it was created"),
    BOOL_COLUMN("rebuildPending", 0, "a rebuild was begun and has to be carried to its end"),
    BOOL_COLUMN("rebuilt", COLUMN_ENSURE, "made anew in this run"),
};

const struct kind kind_license_store = {
    .name = "license_store",
    .about = "the files in which the licensing service keeps its state",
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
