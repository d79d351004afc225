/* SPDX-License-Identifier: MIT */
/* Simulated machines with the test hierarchy in their stores. */
#ifndef AZMEND_TESTS_CERTIFICATES_SIM_H
#define AZMEND_TESTS_CERTIFICATES_SIM_H

#include "certificates.h"
#include "host/crypto.h"
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
    CU_ASSERT_FATAL(sim_ops.certificate_read(sim, der, size, &sim_arena, &certificate, &err) && certificate.exists);
    return certificate;
}

#define CERTIFICATES_SUITE(name, ...)                                                                                  \
    do {                                                                                                               \
        static CU_TestInfo tests[] = {__VA_ARGS__, CU_TEST_INFO_NULL};                                                 \
        CU_SuiteInfo suites[] = {                                                                                      \
            {.pName = (name), .pInitFunc = certificates_open, .pCleanupFunc = sim_arena_close, .pTests = tests},       \
            CU_SUITE_INFO_NULL};                                                                                       \
        if (CU_register_suites(suites) != CUE_SUCCESS) {                                                               \
            fprintf(stderr, "cannot register suite %s\n", name);                                                       \
        }                                                                                                              \
    } while (0)

#endif
