/* SPDX-License-Identifier: MIT */
/* The entries as the text of a machine document: each answer is JSON already. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/gate.h"
#include "host/record/entries.h"

/* --- a document of texts that are JSON already --- */

struct draft {
    struct recorder *recorder;
    struct buf *buf;
    bool is_first; /* of the object or list that is open */
};

static void separate(struct draft *draft)
{
    buf_text(draft->buf, draft->is_first ? "" : ",");
    draft->is_first = false;
}

static void add_name(struct draft *draft, const char *name)
{
    size_t mark = arena_mark(draft->recorder->arena);
    separate(draft);
    buf_text(draft->buf, gate_json_text(draft->recorder->arena, name));
    buf_text(draft->buf, ":");
    arena_release(draft->recorder->arena, mark);
}

static void open_member(struct draft *draft, const char *name, const char *bracket)
{
    add_name(draft, name);
    buf_text(draft->buf, bracket);
    draft->is_first = true;
}

static void close_member(struct draft *draft, const char *bracket)
{
    buf_text(draft->buf, bracket);
    draft->is_first = false;
}

static const char *answer_at(const struct entry *entry, size_t index)
{
    return ((const char *const *)entry->answers.items)[index];
}

/* A question that was asked and never answered, as a run ended, is no entry. */
static size_t drop_unanswered(const struct entry *entry)
{
    const char **answers = entry->answers.items;
    size_t count = 0;
    for (size_t i = 0; i < entry->answers.count; i++) {
        if (answers[i] != NULL) {
            answers[count++] = answers[i];
        }
    }
    return count;
}

/* What changed while it was looked at is a sequence, where the section has such a thing; the last one repeats. */
static void add_answers(struct draft *draft, const struct entry *entry, bool has_sequences)
{
    size_t count = entry->answers.count;
    bool is_whole = has_sequences;
    while (count > 1 && text_same(answer_at(entry, count - 1), answer_at(entry, count - 2))) {
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        is_whole = is_whole && !text_same(answer_at(entry, i), "false");
    }
    if (count == 1 || !is_whole) {
        buf_text(draft->buf, answer_at(entry, 0));
        return;
    }
    buf_text(draft->buf, "{\"sequence\":[");
    for (size_t i = 0; i < count; i++) {
        buf_text(draft->buf, i > 0 ? "," : "");
        buf_text(draft->buf, answer_at(entry, i));
    }
    buf_text(draft->buf, "]}");
}

static int by_name(const void *left, const void *right)
{
    return strcmp((*(const struct entry *const *)left)->name, (*(const struct entry *const *)right)->name);
}

static void sort(const struct entries *entries)
{
    if (entries->all.count > 1) {
        qsort(entries->all.items, entries->all.count, sizeof(struct entry *), by_name);
    }
}

static struct entry *entry_at(const struct entries *entries, size_t index)
{
    return ((struct entry *const *)entries->all.items)[index];
}

static void add_part(struct draft *draft, const char *name, enum part part, bool has_sequences)
{
    const struct entries *entries = &draft->recorder->parts[part];
    if (entries->all.count == 0) {
        return;
    }
    sort(entries);
    open_member(draft, name, "{");
    for (size_t i = 0; i < entries->all.count; i++) {
        struct entry *entry = entry_at(entries, i);
        entry->answers.count = drop_unanswered(entry);
        if (entry->answers.count > 0) {
            add_name(draft, entry->name);
            add_answers(draft, entry, has_sequences);
        }
    }
    close_member(draft, "}");
}

static const char *once(const struct draft *draft, const char *name)
{
    const struct entry *entry = entries_find(draft->recorder, &draft->recorder->parts[PART_ONCE], name);
    return entry != NULL ? answer_at(entry, 0) : NULL;
}

static void add_once(struct draft *draft, const char *name)
{
    const char *json = once(draft, name);
    if (json != NULL) {
        add_name(draft, name);
        buf_text(draft->buf, json);
    }
}

/* --- the sections --- */

static void add_clock(struct draft *draft)
{
    const struct recorder *recorder = draft->recorder;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    sim_tell_clock(&telling.writer, recorder->utc_ms, recorder->has_uptime ? recorder->uptime_ms : 0, recorder->arena);
    add_name(draft, "clock");
    buf_text(draft->buf, buf_whole(&telling.buf));
}

/* By itself, or because all keys beside it are known. */
static bool is_key_absent(struct recorder *recorder, const struct key_entry *key)
{
    const char *cut = strrchr(key->name, '\\');
    if (key->exists || cut == NULL) {
        return false;
    }
    const struct key_entry *above =
        recorder_key(recorder, arena_copy(recorder->arena, key->name, (size_t)(cut - key->name)));
    return key->is_absent || above->is_listed;
}

static void add_key(struct draft *draft, const struct key_entry *key)
{
    bool is_asked = key->is_listed || key->exists || key->values.all.count > 0;
    if (!is_asked) {
        return;
    }
    if (is_key_absent(draft->recorder, key)) {
        add_name(draft, key->name);
        buf_text(draft->buf, "false");
        return;
    }
    open_member(draft, key->name, "{");
    if (key->is_listed) {
        add_name(draft, "$listed");
        buf_text(draft->buf, "true");
    }
    sort(&key->values);
    for (size_t i = 0; i < key->values.all.count; i++) {
        add_name(draft, entry_at(&key->values, i)->name);
        add_answers(draft, entry_at(&key->values, i), true);
    }
    close_member(draft, "}");
}

static void add_registry(struct draft *draft)
{
    const struct arena_list *keys = &draft->recorder->key_list;
    size_t count = keys->count; /* asking for a key above may add one, of which nothing is known */
    open_member(draft, "registry", "{");
    for (size_t i = 0; i < count; i++) {
        add_key(draft, ((struct key_entry *const *)keys->items)[i]);
    }
    close_member(draft, "}");
}

static void add_files(struct draft *draft)
{
    const struct arena_list *files = &draft->recorder->file_list;
    open_member(draft, "files", "{");
    for (size_t i = 0; i < files->count; i++) {
        const struct file_entry *file = ((struct file_entry *const *)files->items)[i];
        const struct sim_told_file told = {.facts = &file->facts,
                                           .bytes = file->has_bytes ? &file->bytes : NULL,
                                           .security = file->has_security ? &file->security : NULL,
                                           .names = file->has_names ? &file->names : NULL};
        struct telling telling AUTO(telling_drop);
        telling_begin(&telling);
        if (file->has_facts) {
            size_t mark = arena_mark(draft->recorder->arena);
            sim_tell_file(&telling.writer, &told, draft->recorder->arena);
            arena_release(draft->recorder->arena, mark);
            add_name(draft, file->name);
            buf_text(draft->buf, buf_whole(&telling.buf));
        }
    }
    close_member(draft, "}");
}

static void add_events(struct draft *draft)
{
    const struct arena_list *channels = &draft->recorder->channel_list;
    open_member(draft, "events", "{");
    for (size_t i = 0; i < channels->count; i++) {
        const struct channel_entry *channel = ((struct channel_entry *const *)channels->items)[i];
        open_member(draft, channel->name, "[");
        sort(&channel->events);
        for (size_t j = 0; j < channel->events.all.count; j++) {
            separate(draft);
            buf_text(draft->buf, answer_at(entry_at(&channel->events, j), 0));
        }
        close_member(draft, "]");
    }
    close_member(draft, "}");
}

static void add_licensing(struct draft *draft)
{
    static const char *const names[] = {ONCE_LICENSING, ONCE_PRODUCTS};
    if (once(draft, names[0]) == NULL && once(draft, names[1]) == NULL) {
        return;
    }
    open_member(draft, "licensing", "{");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *json = once(draft, names[i]);
        if (json != NULL) { /* an object: its members without the brackets */
            separate(draft);
            buf_add(draft->buf, json + 1, strlen(json) - 2);
        }
    }
    close_member(draft, "}");
}

static bool has_failed(struct recorder *recorder, const struct entry *failure)
{
    return map_find(&recorder->done, failure->name) == NULL;
}

static size_t add_failures(struct draft *draft)
{
    const struct entries *failures = &draft->recorder->failures;
    size_t count = 0;
    sort(failures);
    open_member(draft, "failed", "[");
    for (size_t i = 0; i < failures->all.count; i++) {
        if (has_failed(draft->recorder, entry_at(failures, i))) {
            separate(draft);
            buf_text(draft->buf, answer_at(entry_at(failures, i), 0));
            count++;
        }
    }
    close_member(draft, "]");
    return count;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_queries(struct draft *draft)
{
    struct arena_list *queries = &draft->recorder->queries;
    if (queries->count > 1) {
        qsort(queries->items, queries->count, sizeof(char *), by_bytes);
    }
    open_member(draft, "queries", "[");
    for (size_t i = 0; i < queries->count; i++) {
        separate(draft);
        buf_text(draft->buf, gate_json_text(draft->recorder->arena, ((const char *const *)queries->items)[i]));
    }
    close_member(draft, "]");
}

static size_t add_recording(struct draft *draft, const struct recorder_form *form)
{
    open_member(draft, "recording", "{");
    add_name(draft, "redacted");
    buf_text(draft->buf, form->redacts || form->redacted != NULL ? "true" : "false");
    add_queries(draft);
    size_t failed = add_failures(draft);
    if (form->redacted != NULL) {
        struct telling telling AUTO(telling_drop);
        telling_begin(&telling);
        writer_open_object(&telling.writer);
        sim_replaced(form->redacted, &telling.writer);
        writer_close_object(&telling.writer);
        const char *json = buf_whole(&telling.buf);
        separate(draft);
        buf_add(draft->buf, json + 1, strlen(json) - 2);
    }
    close_member(draft, "}");
    return failed;
}

size_t recorder_draft(struct recorder *recorder, const struct recorder_form *form, struct buf *buf)
{
    struct draft whole = {.recorder = recorder, .buf = buf};
    struct draft *draft = &whole;
    buf_text(draft->buf, "{\"machine\":\"azmend.machine/1\"");
    draft->is_first = false;
    size_t failed = add_recording(draft, form);
    add_clock(draft);
    add_once(draft, ONCE_SYSTEM);
    add_registry(draft);
    add_part(draft, "services", PART_SERVICES, false);
    add_files(draft);
    add_events(draft);
    add_licensing(draft);
    add_once(draft, ONCE_FIREWALL);
    add_part(draft, "tasks", PART_TASKS, false);
    open_member(draft, "network", "{");
    add_part(draft, "asked", PART_ASKED, true);
    close_member(draft, "}");
    open_member(draft, "told", "{");
    add_once(draft, ONCE_RANDOM);
    add_part(draft, "certificates", PART_CERTIFICATES, false);
    add_part(draft, "stores", PART_STORES, false);
    add_part(draft, "reads", PART_READS, false);
    add_part(draft, "messages", PART_MESSAGES, false);
    add_part(draft, "chains", PART_CHAINS, false);
    close_member(draft, "}");
    buf_text(draft->buf, "}");
    return failed;
}
