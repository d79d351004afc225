/* SPDX-License-Identifier: MIT */
/*
 * What no text that leaves a run may show, whoever wrote it: a registry value, an event, a program's output, an error.
 * Every sink asks here before it cuts or escapes anything (json/writer.h, report/clean.h, report/html_parts.h), and so
 * does every error text (err.h). What this program reads again, such as the journal, is written as it is.
 *
 * Secret is, in any case of letters and also with its separators percent-encoded (once or more), as in JSON or in XML:
 *   - user and password of a URL ("://user:password@"), also where the text was cut before the '@';
 *   - what stands behind "AccountKey=", "SharedAccessKey=", "Password=", "Pwd=" and "sig=" (the signature of a SAS);
 *   - what stands behind "Bearer " and "Authorization: Basic ";
 *   - a product key, with or without its dashes, but for the last five characters.
 * Source of the forms: RFC 3986 section 3.2.1, RFC 6750 section 2.1, RFC 7617 section 2,
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string and
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 */
#ifndef AZMEND_BASE_REDACT_H
#define AZMEND_BASE_REDACT_H

#include <stdbool.h>
#include <stddef.h>

/* A text in pieces, in their order: what may be shown, and what must not be. */
struct redact_walk {
    const char *text;
    size_t size, at;
    size_t secret_begin, secret_end; /* the next secret; begin == size: there is none */
};

struct redact_piece {
    const char *text;
    size_t size; /* bytes, at least one */
    bool is_secret;
};

void redact_begin(struct redact_walk *walk, const char *text, size_t size);
/* False: the text is over. */
bool redact_next(struct redact_walk *walk, struct redact_piece *ret_piece);
/* What is shown for a byte of a secret: a star; dashes stay, so that a product key is known for one. */
char redact_star(char c);
/* Stars in place of all secrets: the length stays. A NUL among the bytes ends a secret, not the text. */
void redact_bytes(char *bytes, size_t size);

#endif
