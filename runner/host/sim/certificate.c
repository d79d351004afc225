/* SPDX-License-Identifier: MIT */
/* The stores of the machine document, by thumbprint. */
#include "host/sim/certificate.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/base64.h"
#include "host/port.h"

enum { PEM_MAX = 2 * LIMIT_CERTIFICATE_BYTES };

static const struct field entry_items[] = {
    TEXT_FIELD("certificate", struct sim_certificate, text, FIELD_REQUIRED, 1, PEM_MAX, "PEM, or DER as base64"),
    TEXT_FIELD("key", struct sim_certificate, key, 0, 0, PEM_MAX, "its private key, PEM; none when left out"),
};
const struct fields sim_certificate_fields =
    FIELDS_KEEPING("certificate", struct sim_certificate, json, entry_items, "a certificate");

#define STORE(name, store, text)                                                                                       \
    MAP_FIELD(name, struct sim_certificates, listed[store], 0, 0, LIMIT_CERTIFICATES, &sim_certificate_fields, text)
static const struct field items[] = {
    STORE("My", CERTIFICATE_MY, "with private keys, by thumbprint"),
    STORE("CA", CERTIFICATE_CA, "intermediates, by thumbprint"),
    STORE("Root", CERTIFICATE_ROOT, "trusted roots, by thumbprint"),
    STORE("AuthRoot", CERTIFICATE_AUTH_ROOT, "roots that Windows has fetched itself, by thumbprint; trusted too"),
    STORE("Disallowed", CERTIFICATE_DISALLOWED, "never trusted, by thumbprint"),
    STORE("userCA", SIM_USER_CA, "what the account that azmend runs as has cached, by thumbprint"),
};
_Static_assert(COUNT_OF(items) == SIM_STORE_COUNT, "one row a store, in the order of the enum");
static const struct fields sim_certificates_fields =
    FIELDS_KEEPING("certificates", struct sim_certificates, json, items, "the machine's certificate stores");

/* --- loading --- */

static bool load_entry(struct sim *sim, struct sim_certificate *entry, struct err *err)
{
    const uint8_t *der = NULL;
    size_t size = 0;
    certificate_der(sim->arena, entry->text, strlen(entry->text), &der, &size);
    if (!port_certificate_read(der, size, sim->arena, &entry->certificate, err)) {
        return false;
    }
    if (!entry->certificate.exists) {
        return json_refuse(entry->json, sim->file, err, "no certificate");
    }
    if (!text_same(entry->certificate.sha1, entry->name)) {
        return json_refuse(entry->json, sim->file, err, "this certificate has the thumbprint %s",
                           entry->certificate.sha1);
    }
    entry->exists = true;
    return true;
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_certificates *certificates = &sim->document.certificates;
    (void)json;
    for (size_t store = 0; store < SIM_STORE_COUNT; store++) {
        struct sim_certificate *listed = certificates->listed[store].items;
        for (size_t i = 0; i < certificates->listed[store].count; i++) {
            if (!load_entry(sim, &listed[i], err)) {
                return false;
            }
            *(struct sim_certificate **)arena_push(sim->arena, &certificates->stores[store], sizeof listed) =
                &listed[i];
        }
    }
    return true;
}

/* --- saving --- */

static int by_thumbprint(const void *left, const void *right)
{
    return strcmp((*(const struct sim_certificate *const *)left)->name,
                  (*(const struct sim_certificate *const *)right)->name);
}

/* Those that are in the store now, by thumbprint. */
static size_t sorted_entries(const struct arena_list *store, struct arena *arena,
                             const struct sim_certificate *const **ret_entries)
{
    const struct sim_certificate **entries = arena_array(arena, store->count, sizeof *entries);
    size_t count = 0;
    for (size_t i = 0; i < store->count; i++) {
        const struct sim_certificate *entry = ((struct sim_certificate *const *)store->items)[i];
        if (entry->exists) {
            entries[count++] = entry;
        }
    }
    if (count > 1) {
        qsort(entries, count, sizeof *entries, by_thumbprint);
    }
    *ret_entries = entries;
    return count;
}

static void write_store(const struct sim *sim, const struct arena_list *store, struct writer *writer)
{
    const struct sim_certificate *const *entries = NULL;
    size_t count = sorted_entries(store, sim->arena, &entries);
    writer_open_object(writer);
    for (size_t i = 0; i < count; i++) {
        writer_name(writer, entries[i]->name);
        sim_write_struct(writer, &sim_certificate_fields, entries[i], entries[i]->json);
    }
    writer_close_object(writer);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    const struct sim_certificates *certificates = &sim->document.certificates;
    writer_open_object(writer);
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        bool is_written = certificates->stores[i].count > 0 || json_find(certificates->json, items[i].name) != NULL;
        if (is_written) {
            writer_name(writer, items[i].name);
            write_store(sim, &certificates->stores[i], writer);
        }
    }
    writer_close_object(writer);
}

/* --- ops --- */

struct sim_certificate *sim_certificate_find(const struct sim *sim, unsigned store, const char *thumbprint)
{
    const struct arena_list *list = &sim->document.certificates.stores[store];
    for (size_t i = 0; i < list->count; i++) {
        struct sim_certificate *entry = ((struct sim_certificate *const *)list->items)[i];
        if (text_same(entry->name, thumbprint)) {
            return entry;
        }
    }
    return NULL;
}

bool sim_certificate_is_in(const struct sim *sim, unsigned store, const char *thumbprint)
{
    const struct sim_certificate *entry = sim_certificate_find(sim, store, thumbprint);
    return entry != NULL && entry->exists;
}

bool sim_certificates_enter(struct sim *sim, struct err *err)
{
    return sim_enter(sim, err) && (sim->document.certificates.json != NULL || sim_unlisted(sim, err, "certificates"));
}

static bool query(void *backend, enum certificate_store store, const char *thumbprint, struct arena *arena,
                  struct certificate *ret_certificate, struct err *err)
{
    struct sim *sim = backend;
    (void)arena;
    if (sim_is_recording(sim)) {
        return sim_told_query(sim, store, thumbprint, ret_certificate, err);
    }
    if (!sim_certificates_enter(sim, err)) {
        return false;
    }
    /* What Windows has fetched itself is in Root, too. */
    bool is_fetched = store == CERTIFICATE_ROOT && sim_certificate_is_in(sim, CERTIFICATE_AUTH_ROOT, thumbprint);
    const struct sim_certificate *entry =
        sim_certificate_find(sim, is_fetched ? CERTIFICATE_AUTH_ROOT : store, thumbprint);
    *ret_certificate = entry != NULL && entry->exists ? entry->certificate : (struct certificate){0};
    return true;
}

static int by_sha1(const void *left, const void *right)
{
    return strcmp(((const struct certificate *)left)->sha1, ((const struct certificate *)right)->sha1);
}

static void add_store(const struct sim *sim, unsigned store, struct certificate *items_of, size_t *count)
{
    const struct arena_list *list = &sim->document.certificates.stores[store];
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_certificate *entry = ((struct sim_certificate *const *)list->items)[i];
        if (entry->exists) {
            items_of[(*count)++] = entry->certificate;
        }
    }
}

static bool list_store(void *backend, enum certificate_store store, struct arena *arena,
                       struct certificates *ret_certificates, struct err *err)
{
    struct sim *sim = backend;
    const struct arena_list *stores = sim->document.certificates.stores;
    if (!sim_certificates_enter(sim, err)) {
        return false;
    }
    size_t most = stores[store].count + stores[CERTIFICATE_AUTH_ROOT].count;
    struct certificate *found = arena_array(arena, most, sizeof *found);
    size_t count = 0;
    add_store(sim, store, found, &count);
    if (store == CERTIFICATE_ROOT) {
        add_store(sim, CERTIFICATE_AUTH_ROOT, found, &count);
    }
    if (count > 1) {
        qsort(found, count, sizeof *found, by_sha1);
    }
    *ret_certificates = (struct certificates){.items = found, .count = count};
    return true;
}

static bool read_one(void *backend, const void *der, size_t size, struct arena *arena,
                     struct certificate *ret_certificate, struct err *err)
{
    struct sim *sim = backend;
    if (sim_is_recording(sim)) {
        return sim_told_read(sim, der, size, ret_certificate, err);
    }
    return sim_enter(sim, err) && port_certificate_read(der, size, arena, ret_certificate, err);
}

static bool add(void *backend, enum certificate_store store, const void *der, size_t size, struct err *err)
{
    struct sim *sim = backend;
    struct certificate certificate = {0};
    if (!sim_certificates_enter(sim, err) || !port_certificate_read(der, size, sim->arena, &certificate, err)) {
        return false;
    }
    if (!certificate.exists) {
        return err_set(err, ERR_INVALID, 0, "no certificate");
    }
    struct sim_certificate *entry = sim_certificate_find(sim, store, certificate.sha1);
    if (entry == NULL) {
        entry = arena_alloc(sim->arena, sizeof *entry);
        *entry = (struct sim_certificate){
            .name = certificate.sha1, .text = base64_encode(sim->arena, der, size), .certificate = certificate};
        *(struct sim_certificate **)arena_push(sim->arena, &sim->document.certificates.stores[store], sizeof entry) =
            entry;
    }
    entry->exists = true; /* one that the run removed comes back as it was written */
    return sim_pass(sim, err);
}

static bool remove_one(void *backend, enum certificate_store store, const char *thumbprint, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_certificates_enter(sim, err)) {
        return false;
    }
    struct sim_certificate *entry = sim_certificate_find(sim, store, thumbprint);
    if (entry != NULL) {
        entry->exists = false;
    }
    return sim_pass(sim, err);
}

const struct certificate_ops sim_certificate_ops = {
    .query = query,
    .list = list_store,
    .read = read_one,
    .add = add,
    .remove = remove_one,
};

const struct sim_section sim_certificate_section = {
    .field = SIM_OBJECT("certificates", certificates, struct sim_certificates, &sim_certificates_fields,
                        "the machine's certificate stores; one that is left out is empty"),
    .load = load_section,
    .write = write_section,
};
