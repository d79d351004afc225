/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "host/sim/sim_private.h"

enum ability { WORKS, NEVER, DIES };
static const char *const stop_words[] = {"works", "never", NULL};
static const char *const start_words[] = {"works", "never", "dies", NULL};

struct service {
    struct sim_node node;
    const struct json *notation;
    int state; /* enum service_state; a pending one becomes `heading` at due_ms */
    int start; /* enum service_start */
    bool delayed, is_protected, configurable, is_type_denied;
    const char *image;
    int64_t exit_code;
    int stops, starts; /* enum ability */
    int64_t start_ms, stop_ms;
    int heading;
    int64_t due_ms;
    int64_t heading_exit_code;
};

#define WORD(name, member, bits, list, text) WORD_FIELD(name, struct service, member, bits, list, text)
#define FLAG(name, member, text) BOOL_FIELD(name, struct service, member, 0, text)
#define NUMBER(name, member, most, text) INT_FIELD(name, struct service, member, 0, 0, most, text)

static const struct field items[] = {
    WORD("state", state, FIELD_REQUIRED, service_state_names, "state now"),
    WORD("start", start, FIELD_REQUIRED, service_start_names, "start type"),
    FLAG("delayed", delayed, "delayed automatic start"),
    FLAG("protected", is_protected, "launch-protected"),
    TEXT_FIELD("image", struct service, image, 0, 0, 0, "binary path"),
    NUMBER("exitCode", exit_code, UINT32_MAX, "win32 exit code of the last run"),
    WORD("stops", stops, 0, stop_words, "never: stays stop_pending"),
    WORD("starts", starts, 0, start_words, "never: stays start_pending; dies: is stopped again with 1067"),
    FLAG("configurable", configurable, "false: the service manager denies a change of the start type"),
    FLAG("startTypeDenied", is_type_denied, "the start type is denied after the delayed start was taken"),
    NUMBER("startMs", start_ms, INT32_MAX, "virtual time a start takes"),
    NUMBER("stopMs", stop_ms, INT32_MAX, "virtual time a stop takes"),
};
static const struct fields sim_service_fields =
    FIELDS_KEEPING("service", struct service, notation, items, "a Windows service");

/* --- loading --- */

static bool load_service(struct sim *sim, const struct json *json, struct err *err)
{
    struct service *service = arena_alloc(sim->arena, sizeof *service);
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    if (!is_absent && !fields_decode(&sim_service_fields, json, sim->file, sim->arena, service, err)) {
        return false;
    }
    service->configurable = is_absent || json_find(json, "configurable") == NULL || service->configurable;
    service->due_ms = SIM_NEVER;
    service->node = (struct sim_node){.name = json->name, .exists = !is_absent};
    return sim_add_named(sim, NOUN_SERVICE, &service->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_service, err);
}

/* --- time --- */

/* The service as it stands at a moment of virtual time. */
static struct service at(const struct service *service, int64_t now_ms)
{
    struct service settled = *service;
    if (service->due_ms <= now_ms) {
        settled.state = service->heading;
        settled.exit_code = service->heading_exit_code;
        settled.due_ms = SIM_NEVER;
    }
    return settled;
}

/* --- saving --- */

/* A run changes these four; what is as it was when left out stays left out. */
static bool write_changed(const struct service *service, const char *name, struct writer *writer)
{
    if (strcmp(name, "state") == 0) {
        writer_named_text(writer, name, service_state_names[service->state]);
    } else if (strcmp(name, "start") == 0) {
        writer_named_text(writer, name, service_start_names[service->start]);
    } else if (strcmp(name, "delayed") == 0) {
        if (service->delayed || json_find(service->notation, name) != NULL) {
            writer_named_bool(writer, name, service->delayed);
        }
    } else if (strcmp(name, "exitCode") == 0) {
        if (service->exit_code != 0 || json_find(service->notation, name) != NULL) {
            writer_named_int(writer, name, service->exit_code);
        }
    } else {
        return false;
    }
    return true;
}

static void write_service(const struct service *service, struct writer *writer, struct arena *arena)
{
    writer_name(writer, service->node.name);
    if (!service->node.exists) {
        writer_bool(writer, false);
        return;
    }
    writer_open_object(writer);
    for (size_t i = 0; i < sim_service_fields.count; i++) {
        const struct field *field = &sim_service_fields.items[i];
        if (!write_changed(service, field->name, writer)) {
            sim_write_member(writer, field, service->notation, arena);
        }
    }
    writer_close_object(writer);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    writer_open_object(writer);
    struct sim_table services = sim_table_sorted(sim->arena, &sim->tables[NOUN_SERVICE]);
    for (size_t i = 0; i < services.items.count; i++) {
        struct service settled = at((const struct service *)sim_table_at(&services, i), sim->now_ms);
        if (!settled.node.is_usual) {
            write_service(&settled, writer, sim->arena);
        }
    }
    writer_close_object(writer);
}

void sim_tell_service(struct writer *writer, const struct service_facts *facts)
{
    const struct service service = {.state = (int)facts->state,
                                    .start = (int)facts->start,
                                    .delayed = facts->delayed,
                                    .is_protected = facts->is_protected,
                                    .image = facts->image,
                                    .exit_code = facts->exit_code,
                                    .configurable = true};
    if (!facts->exists) {
        writer_bool(writer, false);
        return;
    }
    sim_write_struct(writer, &sim_service_fields, &service, NULL);
}

/* --- ops --- */

/* NULL: the document does not mention it; err says so. */
static struct service *find(struct sim *sim, const char *name, struct err *err)
{
    struct service *service = (struct service *)sim_table_find(&sim->tables[NOUN_SERVICE], name);
    if (service == NULL) {
        (void)sim_unlisted(sim, err, "service %s", name);
        return NULL;
    }
    *service = at(service, sim->now_ms);
    return service;
}

/* The same for an order, which only a service that exists can take. */
static struct service *find_existing(struct sim *sim, const char *name, struct err *err)
{
    struct service *service = sim_enter(sim, err) ? find(sim, name, err) : NULL;
    if (service != NULL && !service->node.exists) {
        (void)err_set(err, ERR_NOT_FOUND, SIM_SERVICE_MISSING, "service %s does not exist", name);
        return NULL;
    }
    return service;
}

static bool query(void *backend, const char *name, struct arena *arena, struct service_facts *ret_facts,
                  struct err *err)
{
    (void)arena;
    struct sim *sim = backend;
    const struct service *service = sim_look(sim, err, SIM_LOOK_SERVICE, name) ? find(sim, name, err) : NULL;
    if (service == NULL) {
        return false;
    }
    *ret_facts = (struct service_facts){
        .exists = service->node.exists,
        .state = (enum service_state)service->state,
        .start = (enum service_start)service->start,
        .delayed = service->delayed,
        .is_protected = service->is_protected,
        .image = service->image,
        .exit_code = (uint32_t)service->exit_code,
    };
    return true;
}

static bool take_type(struct service *service, enum service_start start, struct err *err)
{
    if (service->is_type_denied) {
        return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "set the start type of service %s: access is denied",
                       service->node.name);
    }
    service->start = (int)start;
    return true;
}

static bool put_start(void *backend, const char *name, enum service_start start, bool delayed, struct err *err)
{
    struct service *service = find_existing(backend, name, err);
    if (service == NULL) {
        return false;
    }
    if (!service->configurable) {
        return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "change service %s: access is denied", name);
    }
    /* Two calls, the start type last, and the first one put back: as host/windows has it. */
    bool was_delayed = service->delayed;
    sim_touch(backend, NOUN_SERVICE, &service->node);
    service->delayed = delayed;
    if ((was_delayed != delayed && !sim_pass(backend, err)) || !take_type(service, start, err)) {
        service->delayed = was_delayed;
        return false;
    }
    return true;
}

static bool is_pending(int state)
{
    return state == SERVICE_IS_START_PENDING || state == SERVICE_IS_STOP_PENDING ||
           state == SERVICE_IS_CONTINUE_PENDING || state == SERVICE_IS_PAUSE_PENDING;
}

static bool busy(const struct service *service, struct err *err)
{
    return err_set(err, ERR_BUSY, SIM_SERVICE_BUSY, "service %s is %s and takes no orders", service->node.name,
                   service_state_names[service->state]);
}

static void head_for(struct service *service, enum service_state pending, enum service_state heading, int64_t due_ms)
{
    service->state = (int)pending;
    service->heading = (int)heading;
    service->heading_exit_code = 0;
    service->due_ms = due_ms;
}

static bool begin_start(void *backend, const char *name, struct err *err)
{
    struct sim *sim = backend;
    struct service *service = find_existing(sim, name, err);
    if (service == NULL) {
        return false;
    }
    if (service->state == SERVICE_IS_RUNNING || service->state == SERVICE_IS_START_PENDING) {
        return true;
    }
    if (is_pending(service->state)) {
        return busy(service, err);
    }
    if (service->start == SERVICE_STARTS_DISABLED) {
        return err_set(err, ERR_IO, SIM_SERVICE_DISABLED, "start service %s: it is disabled", name);
    }
    sim_touch(sim, NOUN_SERVICE, &service->node);
    head_for(service, SERVICE_IS_START_PENDING, SERVICE_IS_RUNNING, sim->now_ms + service->start_ms);
    if (service->starts == NEVER) {
        service->due_ms = SIM_NEVER;
    } else if (service->starts == DIES) {
        service->heading = SERVICE_IS_STOPPED;
        service->heading_exit_code = SIM_PROCESS_ABORTED;
    }
    return true;
}

static bool begin_stop(void *backend, const char *name, struct err *err)
{
    struct sim *sim = backend;
    struct service *service = find_existing(sim, name, err);
    if (service == NULL) {
        return false;
    }
    if (service->state == SERVICE_IS_STOPPED || service->state == SERVICE_IS_STOP_PENDING) {
        return true;
    }
    if (is_pending(service->state)) {
        return busy(service, err);
    }
    sim_touch(sim, NOUN_SERVICE, &service->node);
    head_for(service, SERVICE_IS_STOP_PENDING, SERVICE_IS_STOPPED,
             service->stops == NEVER ? SIM_NEVER : sim->now_ms + service->stop_ms);
    return true;
}

uint32_t sim_service_obstacle(const struct sim *sim, const char *name)
{
    const struct service *service = (const struct service *)sim_table_find(&sim->tables[NOUN_SERVICE], name);
    if (service == NULL) {
        return 0;
    }
    if (!service->node.exists) {
        return SIM_SERVICE_MISSING;
    }
    static const uint32_t failures[] = {[NEVER] = SIM_SERVICE_TIMEOUT, [DIES] = SIM_PROCESS_ABORTED};
    struct service settled = at(service, sim->now_ms);
    bool has_to_start = settled.state == SERVICE_IS_STOPPED || settled.state == SERVICE_IS_START_PENDING;
    if (settled.start == SERVICE_STARTS_DISABLED && settled.state != SERVICE_IS_RUNNING) {
        return SIM_SERVICE_DISABLED;
    }
    return has_to_start ? failures[settled.starts] : 0;
}

static bool set_start(void *backend, const char *name, enum service_start start, bool delayed, struct err *err)
{
    return put_start(backend, name, start, delayed, err) && sim_pass(backend, err);
}

static bool start_service(void *backend, const char *name, struct err *err)
{
    return begin_start(backend, name, err) && sim_pass(backend, err);
}

static bool stop_service(void *backend, const char *name, struct err *err)
{
    return begin_stop(backend, name, err) && sim_pass(backend, err);
}

const struct service_ops sim_service_ops = {
    .query = query,
    .set_start = set_start,
    .start = start_service,
    .stop = stop_service,
};

const struct sim_section sim_service_section = {
    .field = SIM_BY_NAME(NOUN_SERVICE, "services", "services by name: false, or an object"),
    .members = &sim_service_fields,
    .has_usual = true,
    .noun = NOUN_SERVICE,
    .load = load_section,
    .write = write_section,
};
