/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column chain_columns[] = {
    TEXT_COLUMN("subject", 0, "subject"),
    TEXT_COLUMN("thumbprint", 0, "SHA-1"),
    TEXT_COLUMN("store", 0, "where it was found"),
};
static const struct columns chain = COLUMNS(chain_columns);

static const struct column hosts_columns[] = {
    TEXT_COLUMN("host", 0, "name"),
    WORD_COLUMN("outcome", net_outcome_names, 0, "how connecting went"),
};
static const struct columns hosts = COLUMNS(hosts_columns);

static const struct column properties[] = {
    BOOL_COLUMN("document", 0, "IMDS gives one"),
    BOOL_COLUMN("signature", 0, "its signature holds"),
    TEXT_COLUMN("signer", 0, "subject of the signing certificate"),
    BOOL_COLUMN("nonce", 0, "it carries the number we asked with"),
    ROWS_COLUMN("chain", &chain, 0, "elements from the signer to the root"),
    LIST_COLUMN("missing", TYPE_TEXT, 0, "thumbprints of intermediates that are not installed"),
    LIST_COLUMN("disallowed", TYPE_TEXT, 0, "thumbprints in the Disallowed store"),
    BOOL_COLUMN("rootTrusted", 0, "the chain ends in a trusted root"),
    BOOL_COLUMN("cachedOnly", 0, "it holds only by what a user store has cached"),
    INT_COLUMN("expiresInDays", 0, 0, COLUMN_NUMBERED, "first expiry in the chain, days"),
    ROWS_COLUMN("aiaHosts", &hosts, 0, "each host that missing intermediates come from"),
};

const struct kind kind_azure_attestation = {
    .name = "azure_attestation",
    .about = "the attested document of IMDS and the certificates behind it",
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
