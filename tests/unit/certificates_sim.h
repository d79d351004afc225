/* SPDX-License-Identifier: MIT */
/* Simulated machines with the test hierarchy in their stores. */
#ifndef AZMEND_TESTS_CERTIFICATES_SIM_H
#define AZMEND_TESTS_CERTIFICATES_SIM_H

#include "certificates.h"
#include "host/nouns/crypto/crypto.h"
#include "sim_fixture.h"

static inline int certificates_open(void)
{
    if (sim_arena_open() != 0) {
        return 1;
    }
    certificates_load(&sim_arena);
    return 0;
}

/* Names of certificates in each store, blanks between. */
struct stores {
    const char *ca, *root, *auth_root, *disallowed, *user;
};

static inline const char *document_of(const struct stores *stores, const char *utc)
{
    static const char *const names[] = {"CA", "Root", "AuthRoot", "Disallowed", "userCA"};
    const char *const members[] = {stores->ca, stores->root, stores->auth_root, stores->disallowed, stores->user};
    const char *text = arena_format(&sim_arena,
                                    "{'machine': 'azmend.machine/1', 'clock': {'utc': '%s'}, "
                                    "'certificates': {",
                                    utc);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *listed = members[i] != NULL ? store_members(&sim_arena, members[i]) : "";
        text = arena_format(&sim_arena, "%s%s'%s': {%s}", text, i > 0 ? ", " : "", names[i], listed);
    }
    return arena_format(&sim_arena, "%s}}", text);
}

#define NOW "2026-01-15T08:00:00Z"

static inline struct certificate read_named(struct sim *sim, const char *name)
{
    struct certificate certificate = {0};
    struct err err = {0};
    const uint8_t *der = NULL;
    size_t size = 0;
    CU_ASSERT_FATAL(base64_decode(&sim_arena, certificate_text(name), &der, &size));
    CU_ASSERT_FATAL(sim_ops.certificate->read(sim, der, size, &sim_arena, &certificate, &err) && certificate.exists);
    return certificate;
}

#define CERTIFICATES_SUITE(name, ...) OPENED_SUITE(name, certificates_open, sim_arena_close, __VA_ARGS__)

#endif
