/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/port.h"

enum { ARENA_BYTES = 32 * 1024 * 1024, VALUE_BYTES = 64 * 1024, TIME_CHARS = 19 };

static struct {
    SRWLOCK lock;
    struct arena arena;
    struct sim *sim;
    struct buf saved; /* what the document says now */
    int64_t began_ms;
    long replayed; /* bytes of the lines that programs left */
} machine = {.lock = SRWLOCK_INIT};

static void drop_wide_text(wchar_t **text)
{
    free(*text);
}

/* --- opening: the document's now is this process's now --- */

/* The same age seen from here: "SystemTime='2026-01-15T08:00:00" moved by the difference of the clocks. */
static const char *shifted_event(struct arena *arena, const char *xml, int64_t shift_ms)
{
    const char *at = strstr(xml, "SystemTime=");
    int64_t seconds = 0;
    if (at == NULL || strlen(at) < strlen("SystemTime='") + TIME_CHARS) {
        return xml;
    }
    size_t offset = (size_t)(at - xml) + strlen("SystemTime='");
    if (!sim_clock_parse(arena_format(arena, "%.19sZ", xml + offset), &seconds)) {
        return xml;
    }
    char *shifted = arena_text(arena, xml);
    memcpy(shifted + offset, clock_format_utc(arena, seconds * 1000 + shift_ms), TIME_CHARS);
    return shifted;
}

static void shift_events(struct sim *sim, int64_t shift_ms)
{
    for (size_t i = 0; i < sim->tables[NOUN_EVENT].items.count; i++) {
        struct sim_channel *log = (struct sim_channel *)sim_table_at(&sim->tables[NOUN_EVENT], i);
        const char **events = log->events.items;
        for (size_t j = 0; j < log->events.count; j++) {
            events[j] = shifted_event(sim->arena, events[j], shift_ms);
        }
    }
}

static bool open_machine(struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct sim *sim = NULL;
    if (!port_file_read(MACHINE_DOCUMENT, LIMIT_MACHINE_BYTES, &bytes, err) ||
        !arena_open(&machine.arena, ARENA_BYTES, err) ||
        !sim_open(buf_string(&bytes), bytes.size, MACHINE_DOCUMENT, &machine.arena, &sim, err)) {
        return false;
    }
    int64_t shift_ms = port_utc_ms() - sim->document.clock.began_ms;
    sim->document.clock.began_ms += shift_ms;
    shift_events(sim, shift_ms);
    machine.began_ms = port_now_ms();
    buf_init(&machine.saved, LIMIT_MACHINE_BYTES);
    sim_save(sim, &machine.saved);
    machine.sim = sim;
    return true;
}

/* --- what is real in the prefix --- */

static const char *const value_names[] = {"KeyManagementServiceName", "KeyManagementServicePort",
                                          "KeyManagementServiceLookupDomain", "TokenStore"};

/* key begins with HKLM\. */
static struct registry_value read_real(struct arena *arena, const char *key, const char *name)
{
    static BYTE bytes[VALUE_BYTES]; /* one caller at a time */
    wchar_t *path AUTO(drop_wide_text) = standin_wide(key + strlen("HKLM\\"));
    wchar_t *value_name AUTO(drop_wide_text) = standin_wide(name);
    DWORD type = 0, size = sizeof bytes;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, path, value_name, RRF_RT_ANY | RRF_NOEXPAND, &type, bytes, &size) !=
        ERROR_SUCCESS) {
        return (struct registry_value){0};
    }
    struct registry_value value = {
        .exists = true, .type = type, .bytes = (const uint8_t *)arena_copy(arena, bytes, size), .size = size};
    registry_decode(arena, &value);
    return value;
}

static void write_real(const char *key, const char *name, const struct registry_value *value)
{
    wchar_t *path AUTO(drop_wide_text) = standin_wide(key + strlen("HKLM\\"));
    wchar_t *value_name AUTO(drop_wide_text) = standin_wide(name);
    LSTATUS status = value->exists ? RegSetKeyValueW(HKEY_LOCAL_MACHINE, path, value_name, value->type, value->bytes,
                                                     (DWORD)value->size)
                                   : RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, path, value_name);
    if (status != ERROR_SUCCESS) {
        machine_refuse("cannot write %s|%s: %ld", key, name, status);
    }
}

static bool same_value(const struct registry_value *one, const struct registry_value *other)
{
    return one->exists == other->exists && (!one->exists || (one->type == other->type && one->size == other->size &&
                                                             memcmp(one->bytes, other->bytes, one->size) == 0));
}

/* What the document does not mention stays unmentioned. */
static void take_value(struct sim *sim, const char *key, const char *name)
{
    struct registry_value model = {0}, real = read_real(sim->arena, key, name);
    struct err err = {0};
    if (!sim_registry_look(sim, key, name, sim->arena, &model, &err) || same_value(&model, &real)) {
        return;
    }
    bool done =
        real.exists ? sim_registry_store(sim, key, name, &real, &err) : sim_registry_remove(sim, key, name, &err);
    if (!done) {
        machine_refuse("cannot take over %s|%s: %s", key, name, err.text);
    }
}

static void give_value(struct sim *sim, const char *key, const char *name)
{
    struct registry_value model = {0}, real = read_real(sim->arena, key, name);
    struct err err = {0};
    if (sim_registry_look(sim, key, name, sim->arena, &model, &err) && !same_value(&model, &real)) {
        write_real(key, name, &model);
    }
}

static void each_value(struct sim *sim, void (*visit)(struct sim *sim, const char *key, const char *name))
{
    const char *unscripted = sim->unscripted;
    const struct sim_product *products = sim->document.licensing.products.items;
    size_t count = sim->document.licensing.products.count;
    for (size_t i = 0; i < count + 2; i++) {
        const char *key = i == 0   ? SIM_PLATFORM
                          : i == 1 ? SIM_PLATFORM "\\" LICENSING_WINDOWS_APPLICATION
                                   : sim_licensing_scope_key(sim->arena, products[i - 2].facts.id);
        for (size_t j = 0; j < COUNT_OF(value_names); j++) {
            visit(sim, key, value_names[j]);
        }
    }
    sim->unscripted = unscripted;
}

static void close_service(SC_HANDLE *handle)
{
    if (*handle != NULL) {
        (void)CloseServiceHandle(*handle);
    }
}

static bool query_service(QUERY_SERVICE_CONFIGW *config, DWORD size, SERVICE_STATUS *ret_status)
{
    SC_HANDLE manager AUTO(close_service) = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service AUTO(close_service) =
        manager != NULL ? OpenServiceW(manager, L"sppsvc", SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS) : NULL;
    return service != NULL && QueryServiceConfigW(service, config, size, &size) &&
           QueryServiceStatus(service, ret_status);
}

/* service.h counts start types as winnt.h does, and states from one more. */
static void take_service(struct sim *sim)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } *room = standin_allocate(sizeof *room);
    SERVICE_STATUS status;
    struct service_facts facts = {0};
    struct err err = {0};
    const struct sim_node *known = sim_table_find(&sim->tables[NOUN_SERVICE], "sppsvc");
    if (known != NULL && known->exists && query_service(&room->config, sizeof *room, &status) &&
        sim_ops.service->query(sim, "sppsvc", sim->arena, &facts, &err)) {
        bool runs = status.dwCurrentState == SERVICE_RUNNING;
        bool done =
            (int)facts.start == (int)room->config.dwStartType ||
            sim_ops.service->set_start(sim, "sppsvc", (enum service_start)room->config.dwStartType, false, &err);
        done =
            done && (runs == (facts.state == SERVICE_IS_RUNNING) ||
                     (runs ? sim_ops.service->start(sim, "sppsvc", &err) : sim_ops.service->stop(sim, "sppsvc", &err)));
        if (!done) {
            machine_refuse("cannot take over sppsvc: %s", err.text);
        }
    }
    free(room);
}

/* --- the store's file: azmend moves it away, the model makes a new one --- */

static bool is_tokens(const struct sim_file *file)
{
    return text_ends(file->node.name, "\\tokens.dat");
}

static void take_tokens(struct sim *sim)
{
    for (size_t i = 0; i < sim->tables[NOUN_FILE].items.count; i++) {
        struct sim_file *file = (struct sim_file *)sim_table_at(&sim->tables[NOUN_FILE], i);
        if (is_tokens(file)) {
            file->node.exists = GetFileAttributesA(file->node.name) != INVALID_FILE_ATTRIBUTES;
        }
    }
}

static void give_tokens(struct sim *sim)
{
    for (size_t i = 0; i < sim->tables[NOUN_FILE].items.count; i++) {
        const struct sim_file *file = (const struct sim_file *)sim_table_at(&sim->tables[NOUN_FILE], i);
        if (!is_tokens(file) || !file->node.exists || GetFileAttributesA(file->node.name) != INVALID_FILE_ATTRIBUTES) {
            continue;
        }
        LARGE_INTEGER end = {.QuadPart = file->size};
        size_t folder = strlen(file->node.name) - strlen("\\tokens.dat");
        (void)CreateDirectoryA(arena_copy(sim->arena, file->node.name, folder), NULL);
        HANDLE made = CreateFileA(file->node.name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (made == INVALID_HANDLE_VALUE || !SetFilePointerEx(made, end, NULL, FILE_BEGIN) || !SetEndOfFile(made)) {
            machine_refuse("cannot make %s: %lu", file->node.name, GetLastError());
        }
        (void)CloseHandle(made);
    }
}

/* --- the hosts file: an Activate resolves its host by what stands there now --- */

static void take_hosts(struct sim *sim)
{
    for (size_t i = 0; i < sim->tables[NOUN_FILE].items.count; i++) {
        struct sim_file *file = (struct sim_file *)sim_table_at(&sim->tables[NOUN_FILE], i);
        struct buf bytes AUTO(buf_clear) = {0};
        struct err err = {0};
        if (!file->has_bytes || !text_ends(file->node.name, "\\drivers\\etc\\hosts") ||
            !port_file_read(file->node.name, LIMIT_FILE_BYTES, &bytes, &err) ||
            ((size_t)file->size == bytes.size && memcmp(file->bytes, bytes.bytes, bytes.size) == 0)) {
            continue;
        }
        file->bytes = arena_copy(sim->arena, bytes.bytes, bytes.size);
        file->size = (int64_t)bytes.size;
    }
}

/* --- programs: a line for each run; what it leaves in the logs is the model's --- */

static void take_runs(struct sim *sim)
{
    char line[MAX_PATH * 4];
    FILE *ran AUTO(standin_close) = fopen(MACHINE_RAN, "rb");
    if (ran == NULL || fseek(ran, machine.replayed, SEEK_SET) != 0) {
        return;
    }
    while (fgets(line, sizeof line, ran) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        sim_program_leave(sim, line);
    }
    machine.replayed = ftell(ran);
}

/* --- in and out --- */

struct sim *machine_enter(void)
{
    struct err err = {0};
    AcquireSRWLockExclusive(&machine.lock);
    if (machine.sim == NULL && !open_machine(&err)) {
        machine_refuse("no machine: %s", err.text);
        ReleaseSRWLockExclusive(&machine.lock);
        return NULL;
    }
    struct sim *sim = machine.sim;
    int64_t elapsed_ms = port_now_ms() - machine.began_ms;
    sim->now_ms = sim->now_ms > elapsed_ms ? sim->now_ms : elapsed_ms;
    take_service(sim);
    take_tokens(sim);
    take_hosts(sim);
    take_runs(sim);
    each_value(sim, take_value);
    return sim;
}

static void save(struct sim *sim)
{
    struct buf now;
    struct err err = {0};
    buf_init(&now, LIMIT_MACHINE_BYTES);
    sim_save(sim, &now);
    if (strcmp(buf_string(&now), buf_string(&machine.saved)) == 0) {
        buf_clear(&now);
        return;
    }
    buf_clear(&machine.saved);
    machine.saved = now;
    if (!port_file_replace(MACHINE_DOCUMENT, now.bytes, now.size, &err)) {
        machine_refuse("cannot save: %s", err.text);
    }
}

void machine_leave(struct sim *sim)
{
    if (sim->unscripted != NULL) {
        machine_refuse("not in the machine document: %s", sim->unscripted);
        sim->unscripted = NULL;
    }
    each_value(sim, give_value);
    give_tokens(sim);
    save(sim);
    ReleaseSRWLockExclusive(&machine.lock);
}
