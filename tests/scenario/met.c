/* SPDX-License-Identifier: MIT */
#include "met.h"

#include <sys/mman.h>

struct met *met_open(void)
{
    void *shared = mmap(NULL, sizeof(struct met), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared != MAP_FAILED ? shared : NULL;
}

void met_close(struct met *met)
{
    if (met != NULL) {
        (void)munmap(met, sizeof(*met));
    }
}

/* FNV-1a. */
static uint64_t hash_of(struct text text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.bytes[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

struct met_machine *met_find(struct met *met, struct text document)
{
    uint64_t hash = hash_of(document);
    for (size_t i = 0; i < met->count; i++) {
        if (met->machines[i].hash == hash) {
            return &met->machines[i];
        }
    }
    return NULL;
}

struct met_machine *met_add(struct met *met, struct text document, const struct trial *look)
{
    if (met->count == MET_MACHINES) {
        return NULL;
    }
    struct met_machine *machine = &met->machines[met->count];
    size_t at = 0;
    machine->hash = hash_of(document);
    for (size_t i = 0; i < look->record.playbook_count; i++) {
        const struct playbook_record *playbook = &look->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            must(at < MET_FINDINGS);
            machine->states[at++] = (uint8_t)playbook->findings[j].state;
        }
    }
    met->count++; /* last: what dies before leaves nothing half-known */
    return machine;
}
