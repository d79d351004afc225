/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "host/net/net.h"
#include "host/sim/sim_private.h"

#define HOSTS_FILE "%SystemRoot%\\System32\\drivers\\etc\\hosts"

static void find_in_file(struct sim *sim, const struct file_bytes *file, const char *name,
                         const struct net_address **ret_addresses, size_t *ret_count)
{
    struct port_addresses found = {0};
    hosts_find(file->bytes, file->size, name, &found);
    struct net_address *addresses = arena_array(sim->arena, found.count, sizeof *addresses);
    for (size_t i = 0; i < found.count; i++) {
        addresses[i].text = arena_text(sim->arena, found.texts[i]);
    }
    *ret_addresses = addresses;
    *ret_count = found.count;
}

bool sim_hosts_find(struct sim *sim, const char *name, const struct net_address **ret_addresses, size_t *ret_count,
                    struct err *err)
{
    struct sim_place place = {0};
    struct file_bytes file = {0};
    if (!sim_file_place(sim, HOSTS_FILE, &place, err)) {
        return false;
    }
    bool is_said = place.real != NULL || (place.knowledge != SIM_UNLISTED && place.knowledge != SIM_ABOVE);
    if (is_said) {
        if (!sim_file_look(sim, HOSTS_FILE, LIMIT_FILE_BYTES, sim->arena, &file, err)) {
            return false;
        }
        find_in_file(sim, &file, name, ret_addresses, ret_count);
        return true;
    }
    if (sim->document.network.hosts_json == NULL) {
        return sim_unlisted(sim, err, "file %s", HOSTS_FILE);
    }
    const struct sim_answers *answers = (const struct sim_answers *)sim_table_find(&sim->document.network.hosts, name);
    *ret_addresses = answers != NULL ? answers->items[0].reply.addresses : NULL;
    *ret_count = answers != NULL ? answers->items[0].reply.address_count : 0;
    return true;
}
