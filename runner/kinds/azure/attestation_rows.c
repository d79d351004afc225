/* SPDX-License-Identifier: MIT */
#include "kinds/azure/attestation_rows.h"

#include "host/base64.h"
#include "kinds/cells.h"

enum {
    CHAIN_SUBJECT,
    CHAIN_COMMON_NAME,
    CHAIN_ISSUER,
    CHAIN_THUMBPRINT,
    CHAIN_SHA256,
    CHAIN_NOT_AFTER,
    CHAIN_EXPIRES_IN_DAYS,
    CHAIN_STORE,
    CHAIN_DISALLOWED,
    CHAIN_COUNT
};
static const struct column chain_columns[] = {
    [CHAIN_SUBJECT] = TEXT_COLUMN("subject", 0, "whose it is"),
    [CHAIN_COMMON_NAME] = TEXT_COLUMN("commonName", 0, "common name of the subject"),
    [CHAIN_ISSUER] = TEXT_COLUMN("issuer", 0, "who issued it"),
    [CHAIN_THUMBPRINT] = TEXT_COLUMN("thumbprint", 0, "SHA-1, forty upper-case digits"),
    [CHAIN_SHA256] = TEXT_COLUMN("sha256", 0, "SHA-256, upper-case digits"),
    [CHAIN_NOT_AFTER] = INT_COLUMN("notAfter", 0, 0, UNIT_TIME, 0, "end of its validity"),
    [CHAIN_EXPIRES_IN_DAYS] =
        INT_COLUMN("expiresInDays", 0, 0, UNIT_DAYS, 0, "whole days until then; below 0: it has expired"),
    [CHAIN_STORE] = WORD_COLUMN("store", crypto_place_names, 0,
                                "where it was found; user: cached for this account; none: in no store"),
    [CHAIN_DISALLOWED] = BOOL_COLUMN("disallowed", 0, "it is in the Disallowed store"),
};
_Static_assert(COUNT_OF(chain_columns) == CHAIN_COUNT, "one row a cell");
const struct columns attestation_chain = COLUMNS(chain_columns);

enum { MISSING_COMMON_NAME, MISSING_THUMBPRINT, MISSING_URL, MISSING_BASE64, MISSING_COUNT };
static const struct column missing_columns[] = {
    [MISSING_COMMON_NAME] = TEXT_COLUMN("commonName", 0, "common name of what is not in LocalMachine"),
    [MISSING_THUMBPRINT] = TEXT_COLUMN("thumbprint", 0, "SHA-1; absent when it could not be had"),
    [MISSING_URL] = TEXT_COLUMN("url", 0, "where the certificate below it says that it lies"),
    [MISSING_BASE64] = TEXT_COLUMN("base64", 0, "the certificate itself, as it was fetched or cached"),
};
_Static_assert(COUNT_OF(missing_columns) == MISSING_COUNT, "one row a cell");
const struct columns attestation_missing = COLUMNS(missing_columns);

enum { HOST_NAME, HOST_ROLE, HOST_OUTCOME, HOST_COUNT };
static const struct column hosts_columns[] = {
    [HOST_NAME] = TEXT_COLUMN("host", 0, "name"),
    [HOST_ROLE] = WORD_COLUMN("role", trust_role_names, 0, "what it is asked for"),
    [HOST_OUTCOME] = WORD_COLUMN("outcome", net_outcome_names, 0,
                                 "how connecting to port 80 went; absent: not documented, not asked"),
};
_Static_assert(COUNT_OF(hosts_columns) == HOST_COUNT, "one row a cell");
const struct columns attestation_hosts = COLUMNS(hosts_columns);

struct value attestation_element(struct arena *arena, const struct crypto_element *element, int64_t now)
{
    const struct certificate *certificate = &element->certificate;
    struct value *cells = arena_array(arena, CHAIN_COUNT, sizeof *cells);
    cells[CHAIN_SUBJECT] = cell_text(arena, certificate->subject);
    cells[CHAIN_COMMON_NAME] = cell_text(arena, certificate->common_name);
    cells[CHAIN_ISSUER] = cell_text(arena, certificate->issuer);
    cells[CHAIN_THUMBPRINT] = cell_text(arena, certificate->sha1);
    cells[CHAIN_SHA256] = cell_text(arena, certificate->sha256);
    cells[CHAIN_NOT_AFTER] = value_int(certificate->not_after);
    cells[CHAIN_EXPIRES_IN_DAYS] = cell_days_until(certificate->not_after, now);
    cells[CHAIN_STORE] = value_text(crypto_place_names[element->place]);
    cells[CHAIN_DISALLOWED] = value_bool(element->is_disallowed);
    return value_row(&attestation_chain, cells);
}

/* What is known of a certificate that is not in LocalMachine; below: the one that it issued; unread: why it may be had
 * all the same, or NULL. */
static struct value missing_row(struct arena *arena, const char *common_name, const struct certificate *found,
                                const struct certificate *below, const char *unread)
{
    struct value *cells = arena_array(arena, MISSING_COUNT, sizeof *cells);
    cells[MISSING_COMMON_NAME] = cell_text(arena, common_name);
    cells[MISSING_URL] = cell_text(arena, below->issuer_urls.count > 0 ? below->issuer_urls.items[0] : NULL);
    if (unread != NULL) {
        cells[MISSING_THUMBPRINT] = value_unknown(unread);
    } else if (found != NULL) {
        cells[MISSING_THUMBPRINT] = cell_text(arena, found->sha1);
        cells[MISSING_BASE64] = cell_text(arena, base64_encode(arena, found->bytes, found->size));
    }
    return value_row(&attestation_missing, cells);
}

/* The issuer nobody could find, then from the top down what is in no store of LocalMachine; a root is not ours to add.
 */
struct value attestation_missing_rows(const struct trust *trust)
{
    struct arena *arena = trust->arena;
    const struct crypto_chain *chain = trust_best(trust);
    struct value *rows = arena_array(arena, chain->count + 1, sizeof *rows);
    size_t count = 0;
    if (trust->machine.is_complete) {
        return value_rows(rows, 0);
    }
    const struct certificate *last = &chain->elements[chain->count - 1].certificate;
    if (!chain->is_complete) {
        rows[count++] = missing_row(arena, last->issuer_name, NULL, last, trust->unread);
    }
    for (size_t i = chain->count - 1; i > 0; i--) {
        const struct crypto_element *element = &chain->elements[i];
        bool is_away = element->place == CRYPTO_IN_EXTRA || element->place == CRYPTO_IN_USER;
        if (is_away && !element->certificate.is_self_issued) {
            rows[count++] = missing_row(arena, element->certificate.common_name, &element->certificate,
                                        &chain->elements[i - 1].certificate, NULL);
        }
    }
    return value_rows(rows, count);
}

/* Windows fetches through WinHTTP's proxy: that a direct connection ends badly says nothing then. */
static struct value outcome_cell(struct arena *arena, const struct trust_host *named, bool is_open,
                                 struct value outcome)
{
    if (is_open || named->proxy.state == VALUE_ABSENT) {
        return outcome;
    }
    return named->proxy.state == VALUE_UNKNOWN
               ? named->proxy
               : value_unknown_format(arena, "Windows asks %.100s through the proxy %.100s", named->name,
                                      named->proxy.as.text);
}

struct value attestation_host_rows(const struct trust *trust, const struct net_reply *replies, size_t count)
{
    struct arena *arena = trust->arena;
    const struct trust_host *named = trust->named.items;
    struct value *rows = arena_array(arena, trust->named.count, sizeof *rows);
    for (size_t i = 0; i < trust->named.count; i++) {
        struct value *cells = arena_array(arena, HOST_COUNT, sizeof *cells);
        cells[HOST_NAME] = cell_text(arena, named[i].name);
        cells[HOST_ROLE] = value_text(trust_role_names[named[i].role]);
        if (named[i].job != SIZE_MAX) {
            cells[HOST_OUTCOME] = named[i].job < count
                                      ? outcome_cell(arena, &named[i], replies[named[i].job].outcome == NET_OPEN,
                                                     cell_outcome(arena, &replies[named[i].job]))
                                      : value_unknown("not asked to the end");
        }
        rows[i] = value_row(&attestation_hosts, cells);
    }
    return value_rows(rows, trust->named.count);
}
