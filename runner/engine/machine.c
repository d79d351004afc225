/* SPDX-License-Identifier: MIT */
/*
 * The machine as the result names it, from the same looks that playbooks make. A member that a look does not know stays
 * NULL. The Azure switch is opened here and nowhere else.
 */
#include "base/text.h"
#include "engine/run.h"
#include "host/nouns/system/system.h"

static const struct look_entry *find_entry(const struct run *run, const char *kind)
{
    for (size_t i = 0; i < run->looks.entries.count; i++) {
        const struct look_entry *entry = ((struct look_entry *const *)run->looks.entries.items)[i];
        if (text_same(entry->kind->name, kind) && entry->state == LOOK_DONE) {
            return entry;
        }
    }
    return NULL;
}

static struct value cell(const struct look_entry *entry, const char *property)
{
    if (entry == NULL || entry->result.state != VALUE_KNOWN) {
        return value_absent();
    }
    int index = columns_find(&entry->kind->properties, property);
    return index >= 0 ? entry->result.as.row.cells[index] : value_absent();
}

static const char *text_cell(const struct look_entry *entry, const char *property)
{
    struct value value = cell(entry, property);
    return value.state == VALUE_KNOWN && value.base == TYPE_TEXT ? value.as.text : NULL;
}

static int64_t int_cell(const struct look_entry *entry, const char *property, int64_t otherwise)
{
    struct value value = cell(entry, property);
    return value.state == VALUE_KNOWN && value.base == TYPE_INT ? value.as.integer : otherwise;
}

static void want(struct run *run, const char *name)
{
    const struct kind *kind = kind_find(name);
    must(kind != NULL);
    (void)looks_want(&run->looks, kind, arena_array(run->arena, kind->params.count, sizeof(struct value)));
}

void machine_look(struct run *run)
{
    want(run, "os");
    want(run, "azure_instance");
}

void machine_record(struct run *run)
{
    const struct look_entry *azure = find_entry(run, "azure_instance");
    const struct look_entry *os = find_entry(run, "os");
    const struct look_entry *license = find_entry(run, "license");
    struct machine_record *machine = &run->record->machine;
    struct system_facts system = {0};
    struct err err = {0};
    bool seen = host_system_query(run->host, &system, &err);
    machine->vm_id = text_cell(azure, "vmId");
    machine->resource_id = text_cell(azure, "resourceId");
    machine->cloud = text_cell(azure, "cloud");
    machine->tag = text_cell(azure, "azmendTag");
    machine->name = seen && (system.known & SYSTEM_NAME) != 0 ? system.computer_name : NULL;
    machine->boot_id = seen && (system.known & SYSTEM_BOOT) != 0 ? system.boot_id : NULL;
    bool tagged = seen && (system.known & SYSTEM_ASSET_TAG) != 0;
    machine->on_azure = host_prove_azure(run->host, tagged ? system.asset_tag : NULL, machine->vm_id);
    struct value on_azure = cell(azure, "onAzure");
    machine->azure_known = machine->on_azure || on_azure.state == VALUE_KNOWN;
    const char *edition = text_cell(os, "editionId");
    if (edition != NULL) {
        machine->os = arena_format(run->arena, "%s %lld.%lld", edition, (long long)int_cell(os, "build", 0),
                                   (long long)int_cell(os, "ubr", 0));
    }
    if (license != NULL && license->result.state == VALUE_KNOWN) {
        run->record->license = (struct license_record){.known = text_cell(license, "status") != NULL,
                                                       .status = text_cell(license, "status"),
                                                       .channel = text_cell(license, "channel"),
                                                       .partial_key = text_cell(license, "partialKey"),
                                                       .expires_in_days = int_cell(license, "expiresInDays", -1)};
    }
}
