/* SPDX-License-Identifier: MIT */
/*
 * What the files of the simulated machine share. One file a section of the machine document: it loads the section,
 * answers the ops of its noun, and writes the section back. Everything lives in the arena of sim_open.
 */
#ifndef AZMEND_HOST_SIM_SIM_PRIVATE_H
#define AZMEND_HOST_SIM_SIM_PRIVATE_H

#include "base/map.h"
#include "host/hex.h"
#include "host/sim/sim.h"
#include "host/sim/tell.h"
#include "json/writer.h"

/* Windows' own numbers, for err.os. */
enum {
    SIM_FILE_NOT_FOUND = 2,
    SIM_PATH_NOT_FOUND = 3,
    SIM_ACCESS_DENIED = 5,
    SIM_ALREADY_EXISTS = 183,
    SIM_SERVICE_TIMEOUT = 1053,
    SIM_SERVICE_DISABLED = 1058,
    SIM_SERVICE_MISSING = 1060,
    SIM_SERVICE_BUSY = 1061,
    SIM_PROCESS_ABORTED = 1067,
};

/* --- sim_tree.c: names without case, and what a closed world knows of a path --- */

/* First member of everything that is found by name. */
struct sim_node {
    const char *name; /* as the document spells it */
    bool exists;      /* false: known to be absent */
    bool in_document; /* false: made by the run */
    bool is_usual;    /* the document says nothing of it (sim_usual.h), and no run changed it: not written */
};

struct sim_table {
    struct map index;        /* folded name to struct sim_node * */
    struct arena_list items; /* struct sim_node *, as they came */
};

struct sim_node *sim_table_find(const struct sim_table *table, const char *name);
void sim_table_add(struct arena *arena, struct sim_table *table, struct sim_node *node);
struct sim_node *sim_table_at(const struct sim_table *table, size_t index);
/* A table with the same nodes, sorted by folded name; for writing. */
struct sim_table sim_table_sorted(struct arena *arena, const struct sim_table *table);

enum sim_knowledge {
    SIM_LISTED,   /* the path has a node: see `exists` */
    SIM_IMPLIED,  /* not listed, but between two that are: exists, with nothing but what is listed below it */
    SIM_ABOVE,    /* something below it is listed, nothing above: exists, the rest is not said */
    SIM_ABSENT,   /* below a listed path and not listed */
    SIM_UNLISTED, /* the document says nothing */
};

/* Paths are separated by backslashes. ret_node: the path's own node, else the nearest listed one above, else NULL. */
enum sim_knowledge sim_tree_look(const struct sim_table *tree, const char *path, struct sim_node **ret_node);
bool sim_tree_is_below(const char *path, const char *folder);
/* Names directly below a path, of all that exists there; sorted by bytes. */
void sim_tree_children(const struct sim_table *tree, const char *path, struct arena *arena,
                       const char *const **ret_names, size_t *ret_count);

/* --- sim_write.c: JSON back, members in the order of their table, all others sorted --- */

void sim_write_json(struct writer *writer, const struct json *json, struct arena *arena);
/* The members of `fields` that the object has, in the table's order; the caller has opened the object. */
void sim_write_member(struct writer *writer, const struct field *field, const struct json *object, struct arena *arena);
void sim_write_object(struct writer *writer, const struct fields *fields, const struct json *object,
                      struct arena *arena);
/*
 * A struct that the run has changed or made (notation NULL), by its table: what the notation has, and what differs from
 * being left out. A required one always. No objects within, no maps and no JSON.
 */
void sim_write_struct(struct writer *writer, const struct fields *fields, const void *structure,
                      const struct json *notation);

/* --- sim_hex.c --- */

/* "0xC004F074" */
bool sim_hex_code(const char *text, uint32_t *ret_code);

/* --- tables of members that stand under a name of their own; for sim_schema --- */

extern const struct fields sim_registry_value_fields, sim_product_fields, sim_key_fields, sim_store_fields,
    sim_imds_fields, sim_srv_fields, sim_firewall_profile_fields, sim_firewall_profiles_fields,
    sim_firewall_rule_fields, sim_certificate_fields, sim_attested_fields, sim_failed_fields, sim_replaced_fields,
    sim_told_certificate_fields, sim_asked_fields, sim_told_message_fields, sim_told_chain_fields,
    sim_told_element_fields;

/* --- the sections --- */

struct sim_clock {
    const char *utc;
    int64_t uptime_seconds;
    int64_t skew_seconds; /* how far it is ahead of everybody else's */
    int64_t began_ms;     /* utc, milliseconds since 1970 */
};
/* "2026-01-15T08:00:00Z" to seconds since 1970. */
bool sim_clock_parse(const char *text, int64_t *ret_seconds);
/* What a right clock says now, seconds since 1970. */
int64_t sim_clock_right(const struct sim *sim);

struct sim_system {
    const struct json *json; /* NULL: not in the document */
    const char *name, *arch, *boot_id, *asset_tag;
    bool elevated;
    int64_t memory_bytes, product_type, sku, domain_role, major, minor, build;
    struct field_texts dns_suffixes;
};
/* Texts; false: one of the search lists cannot be read, and is left out. */
bool sim_system_suffixes(struct sim *sim, struct arena *arena, struct arena_list *ret_suffixes);

/* The files in which the licensing service keeps its state; all zero: sound. */
struct sim_store {
    const struct json *json;     /* NULL: not in the document */
    const char *damaged;         /* NULL: not; "no_products"; or a code */
    uint32_t code;               /* what every call for products ends with; 0: none */
    bool lists;                  /* products can be read although there is a code */
    int64_t lacks;               /* licence files to be installed until it serves products again */
    const char *refuses;         /* part of licence files that it does not take; NULL: none */
    int64_t refuses_times;       /* so often, all together; 0: always */
    int64_t refused;             /* times so far */
    int64_t install_ms;          /* virtual time that one takes */
    struct arena_list installed; /* const char *: texts installed since it was made anew */
};

struct sim_licensing {
    const struct json *json; /* NULL: not in the document */
    const char *version;
    const char *told_host, *told_domain; /* of a recording, of the service: in effect */
    int64_t told_port;                   /* -1: the service was not asked */
    bool is_changed;                     /* what was told no longer holds: the registry does */
    const char *error;
    uint32_t error_code; /* 0: works */
    const char *name_error;
    uint32_t name_code;         /* of setting a KMS host's name; 0: works */
    struct field_list products; /* struct sim_product, sim_licensing.h */
    struct field_list keys;     /* struct sim_key */
    struct sim_store store;
    const struct json *serves_json;
    const uint32_t *serves; /* what an Activate that reaches a KMS gets, 0: served; the last repeats */
    size_t serves_count, serves_next;
    int64_t activate_ms; /* virtual time that Activate takes besides the network's */
    int64_t answer_ms;   /* virtual time that every call takes */
};

/* An event log. */
struct sim_channel {
    struct sim_node node;
    struct arena_list events; /* const char *: XML, oldest first */
    uint64_t last_record;     /* EventRecordID of what the model logged last; 0: nothing yet */
};

/* Which events a query wants. */
struct sim_event_filter {
    const char *provider; /* NULL: any */
    uint32_t ids[32];
    size_t id_count;   /* 0: any */
    int64_t within_ms; /* age at most; -1: any */
    int64_t since_ms;  /* not before, milliseconds since 1970; -1: any */
    int64_t after;     /* EventRecordID is higher; -1: any */
};
/* The few XPath queries that azmend makes; false: any other. */
bool sim_event_filter_parse(struct arena *arena, const char *xpath, struct sim_event_filter *ret_filter);

struct sim_firewall_profiles {
    struct sim_firewall_profile {
        const struct json *json; /* NULL: not in the document */
        struct firewall_profile_facts facts;
    } domain, private, public;
};

struct sim_firewall {
    const struct json *json; /* NULL: not in the document */
    bool running;
    struct field_texts active;
    unsigned active_bits;
    struct sim_firewall_profiles profiles;
    const char *program; /* NULL: SIM_PROGRAM */
    bool is_cut;
    struct field_list listed; /* struct sim_firewall_rule, as the document has them */
    struct arena_list rules;  /* struct sim_firewall_rule *, those and the run's own */
};
#define SIM_PROGRAM "C:\\azmend\\azmend.exe" /* where this program lies on the machine */
/* Does a rule, or the default, keep a TCP connection in for certain? Of whoever asks now: sim.is_client_asking. */
bool sim_firewall_denies(struct sim *sim, const char *address, uint16_t port);

enum { SIM_USER_CA = CERTIFICATE_STORE_COUNT, SIM_STORE_COUNT }; /* behind enum certificate_store */

struct sim_certificate {
    const char *name;        /* its thumbprint */
    const struct json *json; /* NULL: made by the run */
    const char *text, *key;  /* PEM, or DER as base64; PEM or NULL */
    struct certificate certificate;
    bool exists;
};

struct sim_certificates {
    const struct json *json;                   /* NULL: not in the document */
    struct field_list listed[SIM_STORE_COUNT]; /* struct sim_certificate, as the document has them */
    struct arena_list stores[SIM_STORE_COUNT]; /* struct sim_certificate *, those and the run's own */
};

/* What one call on the network gets, and when. */
struct sim_answer {
    struct net_reply reply;
    int64_t ms; /* virtual time until it is known; SIM_NEVER: the job's own time runs out first */
};
#define SIM_NEVER INT64_MAX
#define SIM_DATE_NOW INT64_MIN /* of a reply: what a right clock says when it is given */

struct sim_answers {
    struct sim_node node;
    const struct sim_answer *items; /* one a call; the last repeats */
    size_t count, next;
};

/* What a table of answers may hold. */
struct sim_answer_form {
    const char *what;           /* "a TCP connection" */
    const struct fields *table; /* of an answer written as an object */
    unsigned outcomes;          /* bits of the outcomes that make sense here */
    enum net_outcome success;   /* of an answer that names none */
};
extern const struct sim_answer_form sim_form_resolve, sim_form_tcp, sim_form_kms, sim_form_http;

/* An object of answers, by name. json NULL: nothing is scripted. */
bool sim_answers_load_table(struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                            struct sim_table *table, struct err *err) MUST_CHECK;
bool sim_answers_load(struct sim *sim, const struct json *json, const struct sim_answer_form *form,
                      struct sim_answers *ret_answers, struct err *err) MUST_CHECK;
/* The answer of the next call. */
struct sim_answer sim_answers_take(struct sim_answers *answers);
/* The same without taking it. */
enum net_outcome sim_answers_outcome(const struct sim_answers *answers);

struct sim_imds {
    const struct json *json;     /* NULL: not in the document */
    struct sim_answers *answers; /* dead or scripted; NULL: as documented, from what follows */
    struct field_texts denied;   /* paths that answer 403 */
    struct field_texts versions;
    const struct json *instance, *loadbalancer, *attested;
    int64_t ms;
};
bool sim_imds_load(struct sim *sim, const struct json *json, struct err *err) MUST_CHECK;
bool sim_attested_load(struct sim *sim, struct err *err) MUST_CHECK;
/* The attested document: as it stands in the machine document, or signed anew for this query. */
bool sim_attested_make(struct sim *sim, const char *query, const struct json **ret_document, struct err *err)
    MUST_CHECK;
/* path: with its query. */
bool sim_imds_get(struct sim *sim, const struct net_job *job, const char *path, struct sim_answer *ret_answer,
                  struct err *err) MUST_CHECK;

struct sim_server {
    struct sim_node node;        /* its address */
    struct sim_answers *answers; /* one for every question; NULL: by question */
    struct sim_table questions;  /* "A name", "SRV name" */
};

struct sim_job {
    void *tag;
    struct net_reply reply;
    int64_t due_ms;
};

struct net;
struct net_redirect;

struct sim_network {
    const struct json *asked_json, *imds_json, *resolve_json, *hosts_json, *tcp_json, *kms_json, *http_json,
        *connect_json;
    struct sim_imds imds;
    struct sim_table names, servers, hosts, tcp, kms, http, asked;
    struct net_redirect *redirects;
    size_t redirect_count;
    struct net *net; /* opened with the first real job */
    size_t real_pending;
    struct sim_job *jobs; /* LIMIT_NET_AT_ONCE of them, in the order they were handed over */
    size_t job_count;
};
/* What the machine's network says to a job; ERR_UNSCRIPTED. */
bool sim_network_ask(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
    MUST_CHECK;
/* Is this job one for real sockets? */
bool sim_network_is_real(const struct sim *sim, const struct net_job *job);
/* The addresses of a name in the machine's hosts file; none: count 0. ERR_UNSCRIPTED. */
bool sim_hosts_find(struct sim *sim, const char *name, const struct net_address **ret_addresses, size_t *ret_count,
                    struct err *err) MUST_CHECK;

struct sim_failed {
    struct sim_node node;
    const char *look, *error;
    int64_t os, ms;
};

struct sim_replaced {
    const char *kind;
    int64_t count;
};

struct sim_recording {
    const struct json *json; /* NULL: no recording */
    bool redacted;
    struct field_list replaced; /* struct sim_replaced */
    struct field_texts queries;
    struct field_list failed;  /* struct sim_failed */
    struct sim_table failures; /* the same by look */
};

struct sim_told {
    const struct json *json; /* NULL: not in the document */
    const char *random;
    struct field_list certificates;                        /* struct sim_told_certificate, by thumbprint */
    const struct json *stores, *reads, *messages, *chains; /* by store and thumbprint, by number, by sim_chain_name */
};

struct sim_document {
    const struct json *json;
    int machine; /* the format's version: there is one */
    const char *about;
    struct field_texts with;
    struct sim_clock clock;
    struct sim_system system;
    const struct json *by_name[NOUN_COUNT];
    const char *file_root;
    struct sim_licensing licensing;
    struct sim_firewall firewall;
    struct sim_certificates certificates;
    struct sim_network network;
    struct sim_recording recording;
    struct sim_told told;
};

struct sim_walk {
    const char *folder; /* of the machine, with its drive; NULL: none yet */
    const char *real;   /* the native one: no part of it was a link */
};

struct sim {
    struct arena *arena;
    const char *file;
    struct sim_document document;
    struct sim_table tables[NOUN_COUNT]; /* what a noun finds by name */
    struct sim_walk walked;              /* the folder under the fileRoot that was looked at last */
    int64_t now_ms;                      /* virtual, from 0 */
    int64_t deadline_ms;                 /* of the run; 0: none */
    uint64_t calls, failing_call, points, failing_point;
    bool is_client_asking; /* the network is asked by Windows' KMS client; false: by this program */
    struct sim_watch watch;
    const char *unscripted;
    bool is_usual;             /* what is loaded now is what is usual */
    unsigned made;             /* bits of nouns: what was usual of them was changed, and is written */
    struct arena_list missing; /* const char *: what a recording does not hold, the first few of them */
    size_t missing_count;
};

/* --- a section of the document, beside the table of its noun --- */

struct sim_section {
    struct field field;           /* its row in the document's table */
    const struct fields *members; /* SIM_BY_NAME: each is false, or an object of this table; NULL: another form */
    bool has_usual;               /* something of `noun` may be usual */
    enum noun noun;
    /* json NULL: the document has none; load NULL: what the row does is enough. */
    bool (*load)(struct sim *sim, const struct json *json, struct err *err);
    /* The value as it stands now, where the document has one; NULL: no run changes it. */
    void (*write)(const struct sim *sim, struct writer *writer);
};
/* The row of one whose members stand under a name of their own. */
#define SIM_BY_NAME(noun, name, text) JSON_FIELD(name, struct sim_document, by_name[noun], 0, name, text)
#define SIM_OBJECT(name, member, c_type, inner, text)                                                                  \
    OBJECT_FIELD(name, struct sim_document, member, c_type, 0, inner, text)

/* The sections, in the order in which they are loaded and written. */
#define SIM_SECTIONS(X)                                                                                                \
    X(recording)                                                                                                       \
    X(clock)                                                                                                           \
    X(system)                                                                                                          \
    X(registry)                                                                                                        \
    X(service)                                                                                                         \
    X(file)                                                                                                            \
    X(file_root)                                                                                                       \
    X(event)                                                                                                           \
    X(licensing)                                                                                                       \
    X(firewall)                                                                                                        \
    X(certificate)                                                                                                     \
    X(task)                                                                                                            \
    X(process)                                                                                                         \
    X(network)                                                                                                         \
    X(told)
#define SIM_SECTION(name) extern const struct sim_section sim_##name##_section;
SIM_SECTIONS(SIM_SECTION)
#undef SIM_SECTION
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a sum */
#define SIM_SECTION(name) +1
enum { SIM_SECTION_COUNT = SIM_SECTIONS(SIM_SECTION) };
#undef SIM_SECTION
extern const struct sim_section *const sim_sections[SIM_SECTION_COUNT];

/* The document's own table, made of the rows of its sections. */
enum { SIM_HEAD_COUNT = 3 };
struct sim_format {
    struct field items[SIM_HEAD_COUNT + SIM_SECTION_COUNT];
    struct fields fields; /* of these items */
};
void sim_format_make(struct sim_format *ret_format);

/* What a call may take: most_ms, or what is left of the run. */
int64_t sim_left_ms(const struct sim *sim, int64_t most_ms);
/* Counts a host call; false: the injected failure. The first line of every op. */
bool sim_enter(struct sim *sim, struct err *err) MUST_CHECK;
/* The same of a look: also false where it failed when it was recorded. The name of the look: tell.h. */
bool sim_look(struct sim *sim, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;
/* A point behind a change, or between two parts of one: sim_fail_late. */
bool sim_pass(struct sim *sim, struct err *err) MUST_CHECK;
/* ERR_UNSCRIPTED; the first one is kept for people. Returns false. */
bool sim_unlisted(struct sim *sim, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4);
/* False, ERR_UNSCRIPTED: a recording in which the log was not asked this. */
bool sim_recorded_query(struct sim *sim, const struct event_query *query, struct err *err) MUST_CHECK;
/* The recorded answer to a job of the network; ERR_UNSCRIPTED. */
bool sim_asked(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err) MUST_CHECK;
bool sim_asked_load(struct sim *sim, const struct json *json, struct err *err) MUST_CHECK;

/* Loads a section whose members stand under a name of their own. */
bool sim_load_members(struct sim *sim, const struct json *json,
                      bool (*load_member)(struct sim *sim, const struct json *member, struct err *err), struct err *err)
    MUST_CHECK;
/* Adds the node of one member of a section; refuses a name that is too long or there twice but for case. */
bool sim_add_member(struct sim *sim, struct sim_table *table, struct sim_node *node, const struct json *member,
                    struct err *err) MUST_CHECK;
/* The same of a noun that may have what is usual: of that, what the document speaks of is passed over. */
bool sim_add_named(struct sim *sim, enum noun noun, struct sim_node *node, const struct json *member, struct err *err)
    MUST_CHECK;
/* Before a change: what was usual is the run's from now on. */
void sim_touch(struct sim *sim, enum noun noun, struct sim_node *node);

/* Without counting, for the licensing model. */
bool sim_registry_look(struct sim *sim, const char *key, const char *name, struct arena *arena,
                       struct registry_value *ret_value, struct err *err) MUST_CHECK;
bool sim_registry_store(struct sim *sim, const char *key, const char *name, const struct registry_value *value,
                        struct err *err) MUST_CHECK;
bool sim_registry_remove(struct sim *sim, const char *key, const char *name, struct err *err) MUST_CHECK;
/* A value in the document's notation, and back. */
bool sim_registry_value_load(const struct sim *sim, const struct json *json, struct registry_value *ret_value,
                             struct err *err) MUST_CHECK;
void sim_registry_value_write(struct writer *writer, const struct registry_value *value, struct arena *arena);

/* Why the service could not be started on demand, as Windows' error number; 0: it can, or is not in the document. */
uint32_t sim_service_obstacle(const struct sim *sim, const char *name);

/* What a run of the program leaves behind, where another process ran it. */
void sim_program_leave(struct sim *sim, const char *path);

struct sim_file {
    struct sim_node node;          /* name: with its drive */
    const char *spelling;          /* as the document or the first writer spells it */
    const struct json *notation;   /* the document's; NULL: made by the run */
    const struct sim_file *before; /* as the document has it; NULL: made by the run */
    enum file_form form;
    bool denied, read_only;
    const struct json *acl;    /* SIDs, or words for them, that have full control; NULL: not told */
    const uint8_t *descriptor; /* a security descriptor as recorded; NULL: none */
    size_t descriptor_size;
    const struct field_texts *names; /* of a recorded folder: what it holds; NULL: not looked at */
    bool has_bytes;                  /* false: only the size is known */
    bool keeps_times;                /* false: written by the run, at a virtual time that no saved document tells */
    const char *bytes;
    int64_t size;
    int64_t created_at, changed_at;
};
/* Without counting, for the network model. limit: bytes. */
bool sim_file_look(struct sim *sim, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                   struct err *err) MUST_CHECK;

/* Where a path of the machine lives. */
struct sim_place {
    const char *path;             /* with its drive */
    const char *real;             /* native path under the fileRoot; NULL: in the document */
    struct file_facts facts;      /* of the real one */
    enum sim_knowledge knowledge; /* of the document */
    struct sim_file *file;        /* LISTED: this one; otherwise the nearest above, or NULL */
};
/* ERR_INVALID: no path of this machine; ERR_DENIED: a link under the fileRoot. Says nothing of what is there. */
bool sim_file_place(struct sim *sim, const char *path, struct sim_place *ret_place, struct err *err) MUST_CHECK;
/* Is it a list of words for SIDs? NULL: nothing is said. */
bool sim_file_acl_check(const struct sim *sim, const struct json *acl, struct err *err) MUST_CHECK;

/* --- the ops, one file a noun --- */

#define SIM_OPS(upper, lower) extern const struct lower##_ops sim_##lower##_ops;
NOUNS(SIM_OPS)
#undef SIM_OPS

/* A self-relative security descriptor with this access list and no owner, as Windows gives it. */
void sim_file_descriptor(struct buf *buf, struct arena *arena, const struct json *acl);
int64_t sim_utc_ms(void *backend);
void sim_sleep_ms(void *backend, int64_t duration_ms);

#endif
