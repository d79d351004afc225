/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "base/limits.h"
#include "host/crypto.h"
#include "kinds/catalog.h"

static const struct column params[] = {
    LIST_COLUMN("signers", TYPE_TEXT, COLUMN_REQUIRED, "documented names of the signer; names below them count too"),
    LIST_COLUMN("hosts", TYPE_TEXT, COLUMN_REQUIRED,
                "documented hosts of issuers' certificates and of OCSP; no other one is ever asked"),
};

static const struct column chain_columns[] = {
    TEXT_COLUMN("subject", 0, "whose it is"),
    TEXT_COLUMN("commonName", 0, "common name of the subject"),
    TEXT_COLUMN("issuer", 0, "who issued it"),
    TEXT_COLUMN("thumbprint", 0, "SHA-1, forty upper-case digits"),
    TEXT_COLUMN("sha256", 0, "SHA-256, upper-case digits"),
    INT_COLUMN("notAfter", 0, 0, COLUMN_NUMBERED, "end of its validity, seconds since 1970"),
    INT_COLUMN("expiresInDays", 0, 0, COLUMN_NUMBERED, "whole days until then; below 0: it has expired"),
    WORD_COLUMN("store", crypto_place_names, 0, "where it was found; none: in no store of the machine"),
    BOOL_COLUMN("disallowed", 0, "it is in the Disallowed store"),
};
static const struct columns chain = COLUMNS(chain_columns);

static const struct column missing_columns[] = {
    TEXT_COLUMN("commonName", 0, "common name of the intermediate that is not in LocalMachine"),
    TEXT_COLUMN("thumbprint", 0, "SHA-1; absent when it could not be fetched, unknown to us"),
    TEXT_COLUMN("url", 0, "where the certificate below it says that it lies"),
};
static const struct columns missing = COLUMNS(missing_columns);

static const char *const roles[] = {"issuer", "ocsp", NULL};
static const struct column hosts_columns[] = {
    TEXT_COLUMN("host", 0, "name"),
    WORD_COLUMN("role", roles, 0, "what it is asked for"),
    WORD_COLUMN("outcome", net_outcome_names, 0, "how connecting to port 80 went; absent: not a documented host"),
};
static const struct columns hosts = COLUMNS(hosts_columns);

static const struct column properties[] = {
    BOOL_COLUMN("document", 0, "IMDS gives one"),
    BOOL_COLUMN("readable", 0, "it is a signed message with JSON inside"),
    TEXT_COLUMN("flaw", 0, "why it is not readable"),
    BOOL_COLUMN("signature", 0, "the signature over its content holds"),
    BOOL_COLUMN("nonce", 0, "it carries the number that we asked with; false: an older document, or another's"),
    BOOL_COLUMN("current", 0, "the machine's time is between createdOn and expiresOn"),
    INT_COLUMN("createdOn", 0, 0, COLUMN_NUMBERED, "seconds since 1970"),
    INT_COLUMN("expiresOn", 0, 0, COLUMN_NUMBERED, "seconds since 1970"),
    SHAPED_COLUMN("vmId", SHAPE_GUID, 0, "of the machine that it speaks of"),
    TEXT_COLUMN("signer", 0, "common name of the signer"),
    BOOL_COLUMN("signerKnown", 0, "one of its names is documented"),
    BOOL_COLUMN("selfSigned", 0, "the signer vouches for itself"),
    ROWS_COLUMN("chain", &chain, 0, "from the signer upwards, by LocalMachine's stores"),
    BOOL_COLUMN("complete", 0, "the chain ends in a root"),
    BOOL_COLUMN("rootTrusted", 0, "the root is in LocalMachine; unknown where Windows may still fetch it"),
    BOOL_COLUMN("holds", 0, "the whole chain holds by LocalMachine's stores alone"),
    BOOL_COLUMN("holdsCached", 0, "it holds with what this account's own store has cached"),
    BOOL_COLUMN("cachedOnly", 0, "it holds only with that"),
    BOOL_COLUMN("holdsFetched", 0, "it would hold with the missing intermediates, fetched as the certificates say"),
    ROWS_COLUMN("missing", &missing, 0, "intermediates that are not in LocalMachine, the one nearest the root first"),
    LIST_COLUMN("disallowed", TYPE_TEXT, 0, "thumbprints of the chain in the Disallowed store"),
    INT_COLUMN("expiresInDays", 0, 0, COLUMN_NUMBERED, "first expiry in the chain, days; below 0: past"),
    ROWS_COLUMN("hosts", &hosts, 0, "hosts named in the chain"),
    TEXT_COLUMN("winHttpProxy", 0, "proxy of WinHTTP that would get requests to 169.254.169.254"),
    TEXT_COLUMN("environmentProxy", 0, "the same of the system's environment"),
    BOOL_COLUMN("proxySwallows", 0, "one of the two would"),
};

const struct kind kind_azure_attestation = {
    .name = "azure_attestation",
    .about = "the attested document of IMDS and the certificates behind it",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
