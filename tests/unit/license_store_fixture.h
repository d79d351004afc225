/* SPDX-License-Identifier: MIT */
/* Machines with a licensing store, and the codes of damage that their playbook names. */
#ifndef AZMEND_TESTS_LICENSE_STORE_FIXTURE_H
#define AZMEND_TESTS_LICENSE_STORE_FIXTURE_H

#include "kinds/licensing/license_store.h"
#include "licensing_fixture.h"

#define FILES(acl)                                                                                                     \
    "'" STORE "': {'folder': true" acl "}, '" STORE                                                                    \
    "\\\\tokens.dat': {'size': 100, 'createdAt': '2026-01-10T00:00:00Z'}, '" LICENSES "\\\\skus\\\\A\\\\a.xrm-ms':"    \
    " {'text': 'A'}, '" LICENSES "': {'folder': true}, 'C:\\\\Windows\\\\System32\\\\oem': {'folder': true}"
#define SERVICE_ACL ", 'acl': ['system', 'administrators', 'sppsvc']"
#define MACHINE(events, files, licensing) LICENSING_MACHINE("", events, files, licensing, "")
#define DAMAGED "'products': [{'id': 'a', 'partialKey': 'XXXXX'}], 'store': {'damaged': '0xC004E015'}, " KEYS
#define NO_START(files, licensing)                                                                                     \
    "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z'}, 'system': {'major': 10, 'minor': 0,"    \
    " 'build': 20348}, 'registry': {'" SPP "': {}}, 'files': {" files "}, 'events': {'Application': []},"              \
    " 'licensing': {" licensing "}}"
#define STATUS_DUMP(code)                                                                                              \
    DATA("55c92734-d682-4d71-983e-d6ec3f16059f")                                                                       \
    DATA("\\n1: ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03, 1, 1 [(0 [" code                                                 \
         ", 0, 0], [( 9 0xC004FC07 90 0)( 1 0x00000000)])]")

static inline void open_machine(struct fixture *fixture, const char *document)
{
    static const struct value damage[] = {{.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "0xC004E002"},
                                          {.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "0xC004E015"}};
    fixture_quoted(fixture, document);
    fixture->params[0] = value_list(TYPE_TEXT, damage, COUNT_OF(damage));
}

static const struct value rebuilt[FIXTURE_CELLS] = {
    [STORE_REBUILT] = {.state = VALUE_KNOWN, .base = TYPE_BOOL, .as.boolean = true}};

#endif
