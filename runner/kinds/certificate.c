/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "host/certificate.h"

#include "kinds/catalog.h"

static const struct column params[] = {
    WORD_COLUMN("store", certificate_store_names, COLUMN_REQUIRED, "of LocalMachine; only CA is ever changed"),
    TEXT_COLUMN("thumbprint", COLUMN_REQUIRED, "SHA-1, forty hexadecimal digits"),
    TEXT_COLUMN("url", 0, "where it may be fetched; asked only while it is not in the store"),
    TEXT_COLUMN("file", 0, "where an offline pack on this machine has it: DER or PEM"),
    TEXT_COLUMN("base64", 0, "the certificate itself: DER as base64"),
};

static const char *const sources[] = {"base64", "file", "url", NULL};

static const struct column properties[] = {
    BOOL_COLUMN("exists", COLUMN_ENSURE, "it is in the store; true: added, when its thumbprint and chain are right"),
    TEXT_COLUMN("subject", 0, "whose it is"),
    TEXT_COLUMN("sha256", 0, "SHA-256, upper-case digits"),
    INT_COLUMN("notAfter", 0, 0, COLUMN_NUMBERED, "end of its validity, seconds since 1970"),
    INT_COLUMN("expiresInDays", 0, 0, COLUMN_NUMBERED, "whole days until then; below 0: it has expired"),
    BOOL_COLUMN("available", 0, "not in the store, and bytes with this thumbprint could be had"),
    WORD_COLUMN("source", sources, 0, "where those bytes came from"),
    BOOL_COLUMN("chains", 0, "those bytes chain to a root that is trusted already, by LocalMachine's stores"),
};

const struct kind kind_certificate = {
    .name = "certificate",
    .about = "a certificate in a store of the machine",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
