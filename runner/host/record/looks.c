/* SPDX-License-Identifier: MIT */
/* The ops of the recorder: each asks the backend behind it and keeps what was answered. */
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "host/record/entries.h"

/* --- clock --- */

static void clock_deadline(void *context, int64_t deadline_ms)
{
    struct recorder *recorder = context;
    if (recorder->inner->clock->set_deadline != NULL) {
        recorder->inner->clock->set_deadline(recorder->backend, deadline_ms);
    }
}

static int64_t clock_now(void *context)
{
    const struct recorder *recorder = context;
    return recorder->inner->clock->now_ms(recorder->backend);
}

static int64_t clock_utc(void *context)
{
    const struct recorder *recorder = context;
    return recorder->inner->clock->utc_ms(recorder->backend);
}

static void clock_sleep(void *context, int64_t duration_ms)
{
    const struct recorder *recorder = context;
    recorder->inner->clock->sleep_ms(recorder->backend, duration_ms);
}

static const struct clock_ops recorder_clock_ops = {
    .set_deadline = clock_deadline, .now_ms = clock_now, .utc_ms = clock_utc, .sleep_ms = clock_sleep};

/* --- registry --- */

static void keep_value(struct recorder *recorder, const char *key_name, const char *name,
                       const struct registry_value *value)
{
    if (!recorder_has_room(recorder, 4 * value->size + 4 * (size_t)LIMIT_TEXT_BYTES)) {
        return;
    }
    struct key_entry *key = recorder_key(recorder, key_name);
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    size_t mark = arena_mark(recorder->arena);
    sim_tell_value(&telling.writer, value, recorder->arena);
    arena_release(recorder->arena, mark);
    key->exists = key->exists || value->exists;
    recorder_keep(recorder, &key->values, name, &telling);
}

static bool registry_query(void *context, const char *key, const char *name, struct arena *arena,
                           struct registry_value *ret_value, struct err *err)
{
    struct recorder *recorder = context;
    bool made = ASK(registry, query, err, key, name, arena, ret_value, err);
    if (made) {
        keep_value(recorder, key, name, ret_value);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_VALUE, key, name);
}

static void keep_subkeys(struct recorder *recorder, const char *name, const struct registry_names *names)
{
    if (!recorder_has_room(recorder, 4 * (size_t)LIMIT_TEXT_BYTES)) {
        return;
    }
    struct key_entry *key = recorder_key(recorder, name);
    if (key->is_listed) {
        return;
    }
    key->is_listed = true;
    key->exists = key->exists || names->exists;
    key->is_absent = !names->exists;
    for (size_t i = 0; i < names->count && recorder_has_room(recorder, 4 * (size_t)LIMIT_TEXT_BYTES); i++) {
        recorder_key(recorder, arena_format(recorder->arena, "%s\\%s", name, names->items[i]))->exists = true;
    }
}

static bool registry_subkeys(void *context, const char *key, struct arena *arena, struct registry_names *ret_names,
                             struct err *err)
{
    struct recorder *recorder = context;
    bool made = ASK(registry, subkeys, err, key, arena, ret_names, err);
    if (made) {
        keep_subkeys(recorder, key, ret_names);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_SUBKEYS, key);
}

static const struct registry_ops recorder_registry_ops = {.query = registry_query, .subkeys = registry_subkeys};

/* --- what is known by one name --- */

static bool service_query(void *context, const char *name, struct arena *arena, struct service_facts *ret_facts,
                          struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(service, query, err, name, arena, ret_facts, err);
    if (made) {
        sim_tell_service(&telling.writer, ret_facts);
        recorder_keep(recorder, &recorder->parts[PART_SERVICES], name, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_SERVICE, name);
}

static const struct service_ops recorder_service_ops = {.query = service_query};

static bool task_query(void *context, const char *path, struct task_facts *ret_facts, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(task, query, err, path, ret_facts, err);
    if (made && recorder_has_room(recorder, LIMIT_TEXT_BYTES)) {
        sim_tell_task(&telling.writer, ret_facts, recorder->arena);
        recorder_keep(recorder, &recorder->parts[PART_TASKS], path, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_TASK, path);
}

static const struct task_ops recorder_task_ops = {.query = task_query};

static bool system_query(void *context, struct arena *arena, struct system_facts *ret_facts, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(system, query, err, arena, ret_facts, err);
    if (made) {
        sim_tell_system(&telling.writer, ret_facts);
        recorder_keep(recorder, &recorder->parts[PART_ONCE], ONCE_SYSTEM, &telling);
    }
    if (made && !recorder->has_uptime) {
        recorder->has_uptime = true;
        recorder->uptime_ms = ret_facts->uptime_ms - (clock_now(recorder) - recorder->began_ms);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_SYSTEM);
}

static const struct system_ops recorder_system_ops = {.query = system_query};

static bool firewall_query(void *context, struct arena *arena, struct firewall_facts *ret_facts, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(firewall, query, err, arena, ret_facts, err);
    bool is_new = entries_find(recorder, &recorder->parts[PART_ONCE], ONCE_FIREWALL) == NULL;
    if (made && is_new && recorder_has_room(recorder, LIMIT_LOOK_FIREWALL_BYTES)) {
        size_t mark = arena_mark(recorder->arena);
        sim_tell_firewall(&telling.writer, ret_facts, recorder->arena);
        arena_release(recorder->arena, mark);
        recorder_keep(recorder, &recorder->parts[PART_ONCE], ONCE_FIREWALL, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_FIREWALL);
}

static const struct firewall_ops recorder_firewall_ops = {.query = firewall_query};

/* --- files: a look at one member asks for the rest of what an entry needs --- */

static void keep_facts(struct recorder *recorder, const char *path, struct arena *arena, const struct file_facts *facts,
                       struct file_entry **ret_file)
{
    struct file_facts asked = {0};
    struct err ignored = {0};
    *ret_file = NULL;
    if (!recorder_has_room(recorder, 4 * (size_t)LIMIT_TEXT_BYTES)) {
        return;
    }
    struct file_entry *file = recorder_file(recorder, path);
    if (file != NULL && !file->has_facts) {
        file->has_facts =
            facts != NULL || recorder->inner->file->query(recorder->backend, path, arena, &asked, &ignored);
        file->facts = facts != NULL ? *facts : asked;
    }
    *ret_file = file;
}

static bool file_query(void *context, const char *path, struct arena *arena, struct file_facts *ret_facts,
                       struct err *err)
{
    struct recorder *recorder = context;
    struct file_entry *file = NULL;
    bool made = ASK(file, query, err, path, arena, ret_facts, err);
    if (made) {
        keep_facts(recorder, path, arena, ret_facts, &file);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_FILE, path);
}

static bool file_read(void *context, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                      struct err *err)
{
    struct recorder *recorder = context;
    struct file_entry *file = NULL;
    bool made = ASK(file, read, err, path, limit, arena, ret_bytes, err);
    if (made) {
        keep_facts(recorder, path, arena, NULL, &file);
    }
    if (file != NULL && !file->has_bytes && recorder_has_room(recorder, 4 * ret_bytes->size)) {
        file->has_bytes = true;
        file->bytes = *ret_bytes;
        file->bytes.bytes = arena_copy(recorder->arena, ret_bytes->bytes, ret_bytes->size);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_CONTENT, path);
}

static bool file_security(void *context, const char *path, struct arena *arena, struct file_security *ret_security,
                          struct err *err)
{
    struct recorder *recorder = context;
    struct file_entry *file = NULL;
    bool made = ASK(file, security, err, path, arena, ret_security, err);
    if (made) {
        keep_facts(recorder, path, arena, NULL, &file);
    }
    if (file != NULL && !file->has_security && recorder_has_room(recorder, 4 * ret_security->size)) {
        file->has_security = true;
        file->security = *ret_security;
        file->security.bytes = (const uint8_t *)arena_copy(recorder->arena, ret_security->bytes, ret_security->size);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_SECURITY, path);
}

static void keep_names(struct recorder *recorder, struct file_entry *file, const struct file_names *names)
{
    size_t size = names->count * sizeof(char *);
    for (size_t i = 0; i < names->count; i++) {
        size += strlen(names->items[i]) + sizeof(max_align_t);
    }
    if (file->has_names || !recorder_has_room(recorder, size)) {
        return;
    }
    const char **items = arena_array(recorder->arena, names->count, sizeof *items);
    for (size_t i = 0; i < names->count; i++) {
        items[i] = arena_text(recorder->arena, names->items[i]);
    }
    file->has_names = true;
    file->names = (struct file_names){.exists = names->exists, .items = items, .count = names->count};
}

static bool file_list(void *context, const char *folder, struct arena *arena, struct file_names *ret_names,
                      struct err *err)
{
    struct recorder *recorder = context;
    struct file_entry *file = NULL;
    bool made = ASK(file, list, err, folder, arena, ret_names, err);
    if (made) {
        keep_facts(recorder, folder, arena, NULL, &file);
    }
    if (file != NULL) {
        keep_names(recorder, file, ret_names);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_NAMES, folder);
}

static const struct file_ops recorder_file_ops = {
    .query = file_query, .read = file_read, .list = file_list, .security = file_security};

/* --- licensing --- */

static bool licensing_products(void *context, struct arena *arena, struct licensing_products *ret_products,
                               struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(licensing, products, err, arena, ret_products, err);
    if (made && recorder_has_room(recorder, (ret_products->count + 1) * LIMIT_TEXT_BYTES)) {
        sim_tell_licensing(&telling.writer, ret_products, NULL, recorder->arena);
        recorder_keep(recorder, &recorder->parts[PART_ONCE], ONCE_PRODUCTS, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_PRODUCTS);
}

static bool licensing_service(void *context, struct arena *arena, struct licensing_service *ret_service,
                              struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(licensing, service, err, arena, ret_service, err);
    if (made) {
        sim_tell_licensing(&telling.writer, NULL, ret_service, recorder->arena);
        recorder_keep(recorder, &recorder->parts[PART_ONCE], ONCE_LICENSING, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_LICENSING);
}

static const struct licensing_ops recorder_licensing_ops = {.products = licensing_products,
                                                            .service = licensing_service};

/* --- the network: a question is known again by its tag --- */

static bool net_submit(void *context, const struct net_job *job, void *tag, struct err *err)
{
    struct recorder *recorder = context;
    bool made = ASK(net, submit, err, job, tag, err);
    if (made && recorder_has_room(recorder, 8 * (size_t)LIMIT_TEXT_BYTES)) {
        struct pending *pending = arena_push(recorder->arena, &recorder->pending, sizeof *pending);
        const char *name = sim_job_name(recorder->arena, job);
        pending->tag = tag;
        pending->entry = recorder_reserve(recorder, &recorder->parts[PART_ASKED], name, &pending->index);
    }
    return made;
}

static struct pending take_pending(struct recorder *recorder, const void *tag)
{
    struct pending *pending = recorder->pending.items;
    for (size_t i = 0; i < recorder->pending.count; i++) {
        if (pending[i].tag == tag) {
            struct pending taken = pending[i];
            recorder->pending.count--;
            memmove(&pending[i], &pending[i + 1], (recorder->pending.count - i) * sizeof *pending);
            return taken;
        }
    }
    return (struct pending){0};
}

/* A certificate in PEM is kept as the bytes that it is, so that it is known again. */
static struct net_reply as_bytes(struct arena *arena, const struct net_reply *reply)
{
    struct net_reply plain = *reply;
    const uint8_t *der = NULL;
    if (reply->body != NULL && strstr(reply->body, "-----BEGIN CERTIFICATE-----") != NULL) {
        certificate_der(arena, reply->body, reply->body_size, &der, &plain.body_size);
        plain.body = (const char *)der;
    }
    return plain;
}

static bool net_wait(void *context, struct arena *arena, void **ret_tag, struct net_reply *ret_reply, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    if (!ASK(net, wait, err, arena, ret_tag, ret_reply, err)) {
        return false;
    }
    struct pending pending = take_pending(recorder, *ret_tag);
    if (pending.entry != NULL && recorder_has_room(recorder, 4 * ret_reply->body_size + 8 * (size_t)LIMIT_TEXT_BYTES)) {
        size_t mark = arena_mark(recorder->arena);
        struct net_reply reply = as_bytes(recorder->arena, ret_reply);
        sim_tell_answer(&telling.writer, &reply, recorder->arena);
        arena_release(recorder->arena, mark);
        recorder_fill(recorder, pending.entry, pending.index, &telling);
    }
    return true;
}

static const struct net_ops recorder_net_ops = {.submit = net_submit, .wait = net_wait};
static const struct process_ops recorder_process_ops = {0};

const struct host_ops recorder_ops = {.name = "recorder",
#define NOUN_OPS(upper, lower) .lower = &recorder_##lower##_ops,
                                      NOUNS(NOUN_OPS)
#undef NOUN_OPS
};
