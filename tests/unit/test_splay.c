/* SPDX-License-Identifier: MIT */
/* A fleet spreads over the window, and each machine keeps its place. */
#include <stdio.h>

#include "base/attr.h"
#include "channel/run/splay.h"
#include "unit.h"

enum { FLEET = 20000, PARTS = 50, WINDOW_MS = 250 * 1000 };

static void name_uuid_end(char *text, size_t size, unsigned number)
{
    (void)snprintf(text, size, "5c08b38e-4d57-4c23-ac45-%012x", number);
}

static void name_uuid_begin(char *text, size_t size, unsigned number)
{
    (void)snprintf(text, size, "%08x-4d57-4c23-ac45-aca61037f084", number);
}

static void name_host(char *text, size_t size, unsigned number)
{
    (void)snprintf(text, size, "vm-web-%u", number);
}

static const struct {
    const char *name;
    void (*identify)(char *text, size_t size, unsigned number);
} fleets[] = {{"vmIds that differ at their end", name_uuid_end},
              {"vmIds that differ at their begin", name_uuid_begin},
              {"numbered names", name_host}};

/* Of fifty equal parts of the window each has its share: 400, and five standard deviations are 100. */
static void spreads_evenly(void)
{
    for (size_t fleet = 0; fleet < COUNT_OF(fleets); fleet++) {
        int counts[PARTS] = {0};
        for (unsigned i = 0; i < FLEET; i++) {
            char identity[64];
            fleets[fleet].identify(identity, sizeof(identity), i);
            int64_t place = splay_place(identity, WINDOW_MS);
            CU_ASSERT_FATAL(place >= 0 && place < WINDOW_MS);
            counts[place * PARTS / WINDOW_MS]++;
        }
        for (size_t i = 0; i < PARTS; i++) {
            ROW_ASSERT(fleets[fleet].name, counts[i] >= 300 && counts[i] <= 500);
        }
    }
}

static void keeps_its_place(void)
{
    CU_ASSERT_EQUAL(splay_place("vm-1", WINDOW_MS), splay_place("vm-1", WINDOW_MS));
    CU_ASSERT_EQUAL(splay_place("vm-1", 0), 0);
    CU_ASSERT_EQUAL(splay_place("vm-1", 1), 0);
    CU_ASSERT(splay_place("", INT64_MAX) >= 0);
}

void suite_splay(void);
void suite_splay(void)
{
    UNIT_SUITE("splay", UNIT_TEST(spreads_evenly), UNIT_TEST(keeps_its_place));
}
