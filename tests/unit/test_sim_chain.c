/* SPDX-License-Identifier: MIT */
/* The simulated machine's chains: of its own stores, at its own time. */
#include <string.h>

#include "certificates_sim.h"

static const struct {
    const char *name;
    struct stores stores;
    const char *leaf, *extra, *utc;
    enum crypto_reach reach;
    size_t count;
    bool is_complete, is_trusted, in_time, holds;
    const char *places; /* first letters: C R A u n (CA, Root, AuthRoot, user, none) */
} chains[] = {
    {"whole",
     {"issuing cross", "root", NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     true,
     true,
     "nCCR"},
    {"root fetched by Windows",
     {"issuing cross", NULL, "root", NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     true,
     true,
     "nCCA"},
    {"first intermediate missing",
     {"cross", "root", NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     1,
     false,
     false,
     true,
     false,
     "n"},
    {"second intermediate missing",
     {"issuing", "root", NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     2,
     false,
     false,
     true,
     false,
     "nC"},
    {"both handed in",
     {NULL, "root", NULL, NULL, NULL},
     "leaf",
     "issuing cross",
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     true,
     true,
     "nnnR"},
    {"root missing",
     {"issuing cross", NULL, NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     3,
     false,
     false,
     true,
     false,
     "nCC"},
    {"a root handed in is not trusted",
     {"issuing cross", NULL, NULL, NULL, NULL},
     "leaf",
     "root",
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     false,
     true,
     false,
     "nCCn"},
    {"a root among the intermediates is not trusted",
     {"issuing cross root", NULL, NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     false,
     true,
     false,
     "nCCC"},
    {"cached for the account, not looked at",
     {"cross", "root", NULL, NULL, "issuing"},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     1,
     false,
     false,
     true,
     false,
     "n"},
    {"cached for the account",
     {"cross", "root", NULL, NULL, "issuing"},
     "leaf",
     NULL,
     NOW,
     CRYPTO_CACHED,
     4,
     true,
     true,
     true,
     true,
     "nuCR"},
    {"intermediate disallowed",
     {"issuing cross", "root", NULL, "cross", NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     true,
     false,
     "nCCR"},
    {"leaf expired",
     {"issuing cross", "root", NULL, NULL, NULL},
     "leafExpired",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     false,
     false,
     "nCCR"},
    {"intermediate expired",
     {"issuingExpired cross", "root", NULL, NULL, NULL},
     "leafOfExpired",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     4,
     true,
     true,
     false,
     false,
     "nCCR"},
    {"the same in its time",
     {"issuingExpired cross", "root", NULL, NULL, NULL},
     "leafOfExpired",
     NULL,
     "2024-06-01T00:00:00Z",
     CRYPTO_MACHINE,
     4,
     true,
     true,
     true,
     true,
     "nCCR"},
    {"not yet valid",
     {"issuing cross", "root", NULL, NULL, NULL},
     "leaf",
     NULL,
     "2024-06-01T00:00:00Z",
     CRYPTO_MACHINE,
     4,
     true,
     true,
     false,
     false,
     "nCCR"},
    {"by another root",
     {"issuing cross", "root", NULL, NULL, NULL},
     "leafOtherRoot",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     1,
     false,
     false,
     true,
     false,
     "n"},
    {"vouches for itself",
     {"issuing cross", "root", NULL, NULL, NULL},
     "extension",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     1,
     true,
     false,
     true,
     false,
     "n"},
    {"no stores at all",
     {NULL, NULL, NULL, NULL, NULL},
     "leaf",
     NULL,
     NOW,
     CRYPTO_MACHINE,
     1,
     false,
     false,
     true,
     false,
     "n"},
};

static bool places_are(const struct crypto_chain *chain, const char *letters)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (crypto_place_names[chain->elements[i].place][0] != letters[i]) {
            return false;
        }
    }
    return letters[chain->count] == '\0';
}

static struct certificates named_ones(struct sim *sim, const char *names)
{
    struct arena_list list = {0};
    while (names != NULL && *names != '\0') {
        size_t length = strcspn(names, " ");
        *(struct certificate *)arena_push(&sim_arena, &list, sizeof(struct certificate)) =
            read_named(sim, arena_copy(&sim_arena, names, length));
        names += length + strspn(names + length, " ");
    }
    return (struct certificates){.items = list.items, .count = list.count};
}

static void builds_chains(void)
{
    for (size_t i = 0; i < COUNT_OF(chains); i++) {
        struct sim *sim = sim_make(document_of(&chains[i].stores, chains[i].utc));
        const char *before = sim_text(sim);
        struct certificate leaf = read_named(sim, chains[i].leaf);
        struct crypto_chain_query query = {
            .leaf = &leaf, .extra = named_ones(sim, chains[i].extra), .reach = chains[i].reach};
        struct crypto_chain chain = {0};
        struct err err = {0};
        ROW_ASSERT(chains[i].name, sim_ops.crypto_chain(sim, &query, &sim_arena, &chain, &err));
        ROW_ASSERT(chains[i].name, chain.count == chains[i].count);
        ROW_ASSERT(chains[i].name, chain.is_complete == chains[i].is_complete);
        ROW_ASSERT(chains[i].name, chain.root_trusted == chains[i].is_trusted);
        ROW_ASSERT(chains[i].name, chain.in_time == chains[i].in_time);
        ROW_ASSERT(chains[i].name, chain.holds == chains[i].holds);
        ROW_ASSERT(chains[i].name, places_are(&chain, chains[i].places));
        ROW_ASSERT(chains[i].name, strcmp(sim_text(sim), before) == 0);
        sim_close(sim);
    }
}

/* A certificate whose bytes were changed behind its signature: the same names, no right chain. */
static void sees_a_forged_element(void)
{
    const struct stores stores = {"issuing cross", "root", NULL, NULL, NULL};
    struct sim *sim = sim_make(document_of(&stores, NOW));
    struct certificate leaf = read_named(sim, "leaf");
    char *forged = arena_copy(&sim_arena, leaf.bytes, leaf.size);
    forged[leaf.size - 1] = (char)(forged[leaf.size - 1] ^ 1);
    leaf.bytes = (const uint8_t *)forged;
    struct crypto_chain_query query = {.leaf = &leaf};
    struct crypto_chain chain = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.crypto_chain(sim, &query, &sim_arena, &chain, &err) && !chain.holds && chain.status != 0);
    sim_close(sim);
}

void suite_sim_chain(void);
void suite_sim_chain(void)
{
    CERTIFICATES_SUITE("sim_chain", UNIT_TEST(builds_chains), UNIT_TEST(sees_a_forged_element));
}
