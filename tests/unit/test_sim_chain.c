/* SPDX-License-Identifier: MIT */
/* The simulated machine's chains: of its own stores, at its own time. */
#include <string.h>

#include "certificates_sim.h"

/* What is said of a chain. */
enum { COMPLETE = 1, TRUSTED = 2, IN_TIME = 4, HOLDS = 8, SOUND = COMPLETE | TRUSTED | IN_TIME | HOLDS };

static const struct {
    const char *name;
    struct stores stores;
    const char *leaf, *extra; /* names; leaf NULL: "leaf" */
    const char *utc;          /* NULL: NOW */
    enum crypto_reach reach;
    unsigned is;
    const char *places; /* of its elements, by first letters: C R A u n (CA, Root, AuthRoot, user, none) */
} chains[] = {
    {"whole", .stores = {.ca = "issuing cross", .root = "root"}, .is = SOUND, .places = "nCCR"},
    {"root fetched by Windows", .stores = {.ca = "issuing cross", .auth_root = "root"}, .is = SOUND, .places = "nCCA"},
    {"first intermediate missing", .stores = {.ca = "cross", .root = "root"}, .is = IN_TIME, .places = "n"},
    {"second intermediate missing", .stores = {.ca = "issuing", .root = "root"}, .is = IN_TIME, .places = "nC"},
    {"both handed in", .stores = {.root = "root"}, .extra = "issuing cross", .is = SOUND, .places = "nnnR"},
    {"root missing", .stores = {.ca = "issuing cross"}, .is = IN_TIME, .places = "nCC"},
    {"a root handed in is not trusted", .stores = {.ca = "issuing cross"}, .extra = "root", .is = COMPLETE | IN_TIME,
     .places = "nCCn"},
    {"a root among the intermediates is not trusted", .stores = {.ca = "issuing cross root"}, .is = COMPLETE | IN_TIME,
     .places = "nCCC"},
    {"cached for the account, not looked at", .stores = {.ca = "cross", .root = "root", .user = "issuing"},
     .is = IN_TIME, .places = "n"},
    {"cached for the account", .stores = {.ca = "cross", .root = "root", .user = "issuing"}, .reach = CRYPTO_CACHED,
     .is = SOUND, .places = "nuCR"},
    {"intermediate disallowed", .stores = {.ca = "issuing cross", .root = "root", .disallowed = "cross"},
     .is = COMPLETE | TRUSTED | IN_TIME, .places = "nCCR"},
    {"leaf expired", .stores = {.ca = "issuing cross", .root = "root"}, .leaf = "leafExpired", .is = COMPLETE | TRUSTED,
     .places = "nCCR"},
    {"intermediate expired", .stores = {.ca = "issuingExpired cross", .root = "root"}, .leaf = "leafOfExpired",
     .is = COMPLETE | TRUSTED, .places = "nCCR"},
    {"the same in its time", .stores = {.ca = "issuingExpired cross", .root = "root"}, .leaf = "leafOfExpired",
     .utc = "2024-06-01T00:00:00Z", .is = SOUND, .places = "nCCR"},
    {"not yet valid", .stores = {.ca = "issuing cross", .root = "root"}, .utc = "2024-06-01T00:00:00Z",
     .is = COMPLETE | TRUSTED, .places = "nCCR"},
    {"by another root", .stores = {.ca = "issuing cross", .root = "root"}, .leaf = "leafOtherRoot", .is = IN_TIME,
     .places = "n"},
    {"vouches for itself", .stores = {.ca = "issuing cross", .root = "root"}, .leaf = "extension",
     .is = COMPLETE | IN_TIME, .places = "n"},
    {"no stores at all", .is = IN_TIME, .places = "n"},
};

static bool places_are(const struct crypto_chain *chain, const char *letters)
{
    if (strlen(letters) != chain->count) {
        return false;
    }
    for (size_t i = 0; i < chain->count; i++) {
        if (crypto_place_names[chain->elements[i].place][0] != letters[i]) {
            return false;
        }
    }
    return true;
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

static unsigned said_of(const struct crypto_chain *chain)
{
    return (chain->is_complete ? COMPLETE : 0U) | (chain->root_trusted ? TRUSTED : 0U) |
           (chain->in_time ? IN_TIME : 0U) | (chain->holds ? HOLDS : 0U);
}

static void builds_chains(void)
{
    for (size_t i = 0; i < COUNT_OF(chains); i++) {
        struct sim *sim = sim_make(document_of(&chains[i].stores, chains[i].utc != NULL ? chains[i].utc : NOW));
        const char *before = sim_text(sim);
        struct certificate leaf = read_named(sim, chains[i].leaf != NULL ? chains[i].leaf : "leaf");
        struct crypto_chain_query query = {
            .leaf = &leaf, .extra = named_ones(sim, chains[i].extra), .reach = chains[i].reach};
        struct crypto_chain chain = {0};
        struct err err = {0};
        ROW_ASSERT(chains[i].name, sim_ops.crypto->chain(sim, &query, &sim_arena, &chain, &err));
        ROW_ASSERT(chains[i].name, said_of(&chain) == chains[i].is);
        ROW_ASSERT(chains[i].name, places_are(&chain, chains[i].places));
        ROW_ASSERT(chains[i].name, strcmp(sim_text(sim), before) == 0);
        sim_close(sim);
    }
}

/* A certificate whose bytes were changed behind its signature: the same names, no right chain. */
static void sees_a_forged_element(void)
{
    const struct stores stores = {.ca = "issuing cross", .root = "root"};
    struct sim *sim = sim_make(document_of(&stores, NOW));
    struct certificate leaf = read_named(sim, "leaf");
    char *forged = arena_copy(&sim_arena, leaf.bytes, leaf.size);
    forged[leaf.size - 1] = (char)(forged[leaf.size - 1] ^ 1);
    leaf.bytes = (const uint8_t *)forged;
    struct crypto_chain_query query = {.leaf = &leaf};
    struct crypto_chain chain = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.crypto->chain(sim, &query, &sim_arena, &chain, &err) && !chain.holds && chain.status != 0);
    sim_close(sim);
}

void suite_sim_chain(void);
void suite_sim_chain(void)
{
    CERTIFICATES_SUITE("sim_chain", UNIT_TEST(builds_chains), UNIT_TEST(sees_a_forged_element));
}
