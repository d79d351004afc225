/* SPDX-License-Identifier: MIT */
/* What the files of the recorder share: record.c keeps entries, looks.c makes them, write.c writes them. */
#ifndef AZMEND_HOST_RECORD_ENTRIES_H
#define AZMEND_HOST_RECORD_ENTRIES_H

#include "base/map.h"
#include "host/record/recorder.h"
#include "host/sim/tell.h"

/* Answers to one question, as JSON. */
struct entry {
    const char *name;
    struct arena_list answers; /* const char * */
    unsigned pass;             /* in which it was asked first */
};

struct entries {
    struct map index;      /* folded name to struct entry * */
    struct arena_list all; /* struct entry * */
};

struct key_entry {
    const char *name;
    bool exists, is_absent; /* known to; both false: nobody said */
    bool is_listed;         /* its sub-keys are known */
    struct entries values;
};

struct file_entry {
    const char *name;
    struct file_facts facts;
    struct file_bytes bytes;
    struct file_security security;
    struct file_names names;
    bool has_facts, has_bytes, has_security, has_names;
};

/* Signed bytes that were read. */
struct signed_bytes {
    const char *number;
    const void *bytes;
    size_t size;
};

enum part {
    PART_SERVICES,
    PART_TASKS,
    PART_ASKED,
    PART_CERTIFICATES,
    PART_STORES,
    PART_READS,
    PART_MESSAGES,
    PART_CHAINS,
    PART_ONCE,
    PART_COUNT
};
/* Of PART_ONCE. */
#define ONCE_SYSTEM "system"
#define ONCE_FIREWALL "firewall"
#define ONCE_PRODUCTS "products"
#define ONCE_LICENSING "licensing"
#define ONCE_RANDOM "random"

struct pending {
    void *tag;
    struct entry *entry; /* its answer stands at `index`, in the order in which it was asked */
    size_t index;
};

struct recorder {
    struct arena *arena;
    const struct host_ops *inner;
    void *backend;
    unsigned pass; /* from 1 */
    int64_t began_ms, utc_ms, uptime_ms;
    int64_t asked_ms; /* when the backend was asked last */
    bool is_cut, has_uptime;
    struct entries parts[PART_COUNT];
    struct map keys, files, channels, done;
    struct arena_list key_list, file_list, channel_list; /* struct key_entry *, file_entry *, channel_entry * */
    struct arena_list signed_list;                       /* struct signed_bytes */
    struct arena_list queries;                           /* const char * */
    struct entries failures;                             /* answers: the object behind its look */
    struct arena_list pending;                           /* struct pending */
};

struct channel_entry {
    const char *name;
    struct entries events; /* by number, XML */
};

/* A document's JSON under way: the answer of one look. */
struct telling {
    struct buf buf;
    struct writer writer;
};
void telling_begin(struct telling *telling);
void telling_drop(struct telling *telling); /* for AUTO(telling_drop) */

/* --- asking the backend --- */

extern const struct event_ops recorder_event_ops;
extern const struct certificate_ops recorder_certificate_ops;
extern const struct crypto_ops recorder_crypto_ops;

void recorder_begin_look(struct recorder *recorder);
/* A look that the backend does not have is one that failed. Returns false. */
bool recorder_lacks(struct err *err, const char *noun);
#define ASK(noun, look, err, ...)                                                                                      \
    (recorder_begin_look(recorder), recorder->inner->noun->look != NULL                                                \
                                        ? recorder->inner->noun->look(recorder->backend, __VA_ARGS__)                  \
                                        : recorder_lacks(err, #noun))

/* --- keeping --- */

/* Room for what follows? False: the recording is cut here. */
bool recorder_has_room(struct recorder *recorder, size_t size);
void recorder_keep(struct recorder *recorder, struct entries *entries, const char *name, struct telling *telling);
/* A place for an answer that comes later; NULL: none is wanted. The answer: recorder_fill. */
struct entry *recorder_reserve(struct recorder *recorder, struct entries *entries, const char *name, size_t *ret_index);
void recorder_fill(struct recorder *recorder, struct entry *entry, size_t index, struct telling *telling);
struct key_entry *recorder_key(struct recorder *recorder, const char *name);
struct file_entry *recorder_file(struct recorder *recorder, const char *path); /* NULL: no path */
struct channel_entry *recorder_channel(struct recorder *recorder, const char *name);
void recorder_keep_signed(struct recorder *recorder, const char *number, const void *bytes, size_t size);
/* Returns made. A look that failed is an entry, unless it came to something some other time. */
bool recorder_note(struct recorder *recorder, bool made, const struct err *err, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* The entries as one text of JSON; returns how many looks failed. */
size_t recorder_draft(struct recorder *recorder, const struct recorder_form *form, struct buf *buf);
struct entry *entries_find(struct recorder *recorder, const struct entries *entries, const char *name);

#endif
