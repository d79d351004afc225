/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for what a recording would tell of its owner. By what is known, not by what is secret: a word stays when
 * the playbooks, the tables, the format or Windows on every machine have it; every other word, address, GUID, SID and
 * digest has a stand-in, the same wherever it stands. So names that are the same, below one another or in one network
 * still are, and no playbook sees another machine.
 */
#ifndef AZMEND_HOST_RECORD_REDACTOR_H
#define AZMEND_HOST_RECORD_REDACTOR_H

#include "base/arena.h"
#include "json/json.h"
#include "json/writer.h"

struct redactor;

struct redactor *redactor_open(struct arena *arena, uint64_t seed);
struct arena *redactor_arena(struct redactor *redactor);
/* Every word, address and id in it is no secret; before anything is redacted. */
void redactor_know(struct redactor *redactor, const char *text);
void redactor_know_json(struct redactor *redactor, const struct json *json); /* names and texts */
/* NULL: NULL. */
const char *redactor_text(struct redactor *redactor, const char *text);
const uint8_t *redactor_bytes(struct redactor *redactor, const uint8_t *bytes, size_t size);
/* Texts between other bytes, whose lengths stand before them: stand-ins of the same length. */
const uint8_t *redactor_within(struct redactor *redactor, const uint8_t *bytes, size_t size);
/* UTF-16LE with NULs anywhere, as the registry has texts; ret_size: of what is returned. */
const uint8_t *redactor_wide(struct redactor *redactor, const uint8_t *bytes, size_t size, size_t *ret_size);
/* A whole recording; its own list of what was replaced goes with it. */
void redactor_write(struct redactor *redactor, const struct json *document, struct writer *writer);
/* "replaced": [...] */
void redactor_list(const struct redactor *redactor, struct writer *writer);

/* --- redact_address.c; behind: what follows it in the text --- */

const char *redact_ipv4(struct arena *arena, uint64_t seed, const char *literal, const char *behind);
const char *redact_range(struct arena *arena, uint64_t seed, const char *first, const char *last);
const char *redact_ipv6(struct arena *arena, uint64_t seed, const char *literal);

#endif
