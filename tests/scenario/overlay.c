/* SPDX-License-Identifier: MIT */
#include "overlay.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "json/writer.h"

enum {
    FIRST_RECORD = 4000,
    EVENTS_MAX = 1024,
    TIME_CHARACTERS = 23 /* of "2026-01-10T03:00:00.0000000Z": what Windows writes behind them differs in length */
};

const char *const skip_names[SKIP_COUNT + 1] = {"none",
                                                "one of them leaves no trace",
                                                "the machine takes no key",
                                                "two editions or builds",
                                                "licensed for the edition before",
                                                "refused by the simulated machine",
                                                "says nothing of something that is asked",
                                                NULL};

/* In this order: an object would else be merged with what was there. */
static const char *const off_azure[] = {
    "{\"system\": {\"assetTag\": \"CZC1234567\"}, \"network\": {\"imds\": null, \"http\": null}}",
    "{\"network\": {\"imds\": {\"outcome\": \"timeout\"}, \"http\": {\"http://168.63.129.16/?comp=versions\": "
    "{\"outcome\": \"timeout\"}}, \"resolve\": {\"168.63.129.16\": \"timeout\"}, \"tcp\": {\"168.63.129.16:80\": "
    "\"timeout\"}}}"};

/* --- reading --- */

/* Its base machine, read once; the parts before it are those from `first` on. */
static bool read_base(const char *root, const struct part *first, struct part *part, struct arena *arena,
                      struct err *err)
{
    const char *file = arena_format(arena, "%s/machines/%s.json", root, part->base);
    for (const struct part *read = first; read < part && part->machine == NULL; read++) {
        part->machine = text_same(read->base, part->base) ? read->machine : NULL;
    }
    if (part->machine == NULL && !scenario_read_json(file, arena, &part->machine, err)) {
        return false;
    }
    part->machine_file = json_find(part->machine, "fileRoot") != NULL ? file : part->machine_file;
    return true;
}

/* Its clouds are in a file, which a run on a laid machine is not given. */
static bool has_clouds(const struct json *args)
{
    for (uint32_t i = 0; args != NULL && args->type == JSON_ARRAY && i < args->count; i++) {
        const struct json *arg = &args->as.items[i];
        if (arg->type == JSON_TEXT && text_same(arg->as.text, "--clouds")) {
            return true;
        }
    }
    return false;
}

bool parts_load(const char *root, const struct files *files, struct arena *arena, struct part *ret_parts,
                size_t *ret_count, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        const struct json *json = NULL;
        const char *name = files->items[i] + strlen(root) + 1;
        if (!scenario_read_json(files->items[i], arena, &json, err)) {
            return false;
        }
        const struct json *base = json_find(json, "base");
        struct part *part = &ret_parts[count];
        *part = (struct part){.name = arena_copy(arena, name, strlen(name) - strlen(".json")),
                              .machine_file = files->items[i],
                              .patch = json_find(json, "machine"),
                              .args = json_find(json, "args"),
                              .excluded = json_find(json, "not")};
        if (base == NULL || part->patch == NULL || part->args == NULL || has_clouds(part->args)) {
            continue;
        }
        if (!json_want(base, JSON_TEXT, files->items[i], err)) {
            return false;
        }
        part->base = base->as.text;
        if (!read_base(root, ret_parts, part, arena, err)) {
            return false;
        }
        count++;
    }
    *ret_count = count;
    return true;
}

/* --- joined lists --- */

/* The list at a path of two names in a patch, or NULL. */
static const struct json *list_at(const struct json *patch, const char *section, const char *name)
{
    const struct json *list = json_find(json_find(patch, section), name);
    return list != NULL && list->type == JSON_ARRAY ? list : NULL;
}

/* "2026-01-10T03:00:00.0000000Z" of an event's XML; "": it has none. */
static const char *time_of(const char *event)
{
    static const char mark[] = "SystemTime='";
    const char *found = strstr(event, mark);
    return found == NULL ? "" : found + strlen(mark);
}

/* In the order of their times; of the same time, as they are. */
static void sort_events(const char **events, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *event = events[i];
        size_t at = i;
        for (; at > 0 && strncmp(time_of(events[at - 1]), time_of(event), TIME_CHARACTERS) > 0; at--) {
            events[at] = events[at - 1];
        }
        events[at] = event;
    }
}

static const char *renumbered(const char *event, uint64_t record, struct arena *arena)
{
    static const char mark[] = "<EventRecordID>";
    const char *found = strstr(event, mark);
    if (found == NULL) {
        return event;
    }
    found += strlen(mark);
    return arena_format(arena, "%.*s%" PRIu64 "%s", (int)(found - event), event, record,
                        found + strspn(found, "0123456789"));
}

static size_t gather(const struct overlay *overlay, const char *log, const char **events)
{
    size_t count = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        const struct json *list = list_at(overlay->parts[i]->patch, "events", log);
        for (size_t j = 0; list != NULL && j < list->count && count < EVENTS_MAX; j++) {
            if (list->as.items[j].type == JSON_TEXT) {
                events[count++] = list->as.items[j].as.text;
            }
        }
    }
    return count;
}

static void write_log(struct writer *writer, const struct overlay *overlay, const char *log, struct arena *arena)
{
    const char **events = arena_array(arena, EVENTS_MAX, sizeof(*events));
    size_t count = gather(overlay, log, events);
    sort_events(events, count);
    writer_name(writer, log);
    writer_open_array(writer);
    for (size_t i = 0; i < count; i++) {
        writer_text(writer, renumbered(events[i], FIRST_RECORD + i, arena));
    }
    writer_close_array(writer);
}

static size_t lists_of(const struct overlay *overlay, const char *section, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        count += list_at(overlay->parts[i]->patch, section, name) != NULL ? 1 : 0;
    }
    return count;
}

/* Every log that more than one of them writes to, by the last that does. */
static void write_events(struct writer *writer, const struct overlay *overlay, struct arena *arena)
{
    writer_name(writer, "events");
    writer_open_object(writer);
    const struct json *last = NULL;
    for (size_t i = 0; i < overlay->count; i++) {
        const struct json *logs = json_find(overlay->parts[i]->patch, "events");
        last = logs != NULL ? logs : last;
    }
    for (size_t i = 0; last != NULL && last->type == JSON_OBJECT && i < last->count; i++) {
        if (last->as.items[i].type == JSON_ARRAY && lists_of(overlay, "events", last->as.items[i].name) > 1) {
            write_log(writer, overlay, last->as.items[i].name, arena);
        }
    }
    writer_close_object(writer);
}

static void write_key(struct writer *writer, const struct json *key)
{
    writer_open_object(writer);
    for (size_t i = 0; i < key->count; i++) {
        writer_named_text(writer, key->as.items[i].name,
                          key->as.items[i].type == JSON_TEXT ? key->as.items[i].as.text : NULL);
    }
    writer_close_object(writer);
}

/* The same key twice is one. */
static void write_keys(struct writer *writer, const struct json *const *lists, size_t count)
{
    writer_name(writer, "keys");
    writer_open_array(writer);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; lists[i] != NULL && j < lists[i]->count; j++) {
            bool is_new = true;
            const struct json *key = &lists[i]->as.items[j];
            const struct json *text = json_find(key, "key");
            for (size_t k = 0; k < i && lists[k] != NULL && text != NULL; k++) {
                for (size_t l = 0; l < lists[k]->count; l++) {
                    const struct json *other = json_find(&lists[k]->as.items[l], "key");
                    is_new = is_new && (other == NULL || !text_same(other->as.text, text->as.text));
                }
            }
            if (is_new) {
                write_key(writer, key);
            }
        }
    }
    writer_close_array(writer);
}

static void write_licensing(struct writer *writer, const struct overlay *overlay)
{
    const struct json *lists[PARTS_MAX + 1] = {list_at(overlay->parts[0]->machine, "licensing", "keys")};
    if (lists_of(overlay, "licensing", "keys") == 0) {
        return;
    }
    for (size_t i = 0; i < overlay->count; i++) {
        lists[i + 1] = list_at(overlay->parts[i]->patch, "licensing", "keys");
    }
    writer_name(writer, "licensing");
    writer_open_object(writer);
    write_keys(writer, lists, overlay->count + 1);
    writer_close_object(writer);
}

/* --- the machine --- */

static bool patch_text(struct text *machine, const char *patch, size_t size, struct arena *arena, struct err *err)
{
    struct json_source source = {.file = "overlay", .limit = LIMIT_MACHINE_BYTES};
    const struct json *below = NULL;
    const struct json *json = NULL;
    return json_load(machine->bytes, machine->size, &source, arena, &below, err) &&
           json_load(patch, size, &source, arena, &json, err) && merge_patch(below, json, arena, machine, err);
}

static bool join(const struct overlay *overlay, struct arena *arena, struct text *machine, struct err *err)
{
    struct buf patch AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&patch, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &patch, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP; /* a machine is built of it */
    writer_open_object(&writer);
    write_events(&writer, overlay, arena);
    write_licensing(&writer, overlay);
    writer_close_object(&writer);
    writer_finish(&writer);
    return patch_text(machine, buf_string(&patch), patch.size, arena, err);
}

/* A store whose licences have to be installed again holds no key, whatever another scenario says of products. */
static bool empty_store(const struct json *merged, struct arena *arena, struct text *machine, struct err *err)
{
    static const char no_products[] = "{\"licensing\": {\"products\": []}}";
    const struct json *lacks = json_find(json_find(json_find(merged, "licensing"), "store"), "lacks");
    bool is_empty = lacks != NULL && lacks->type == JSON_INT && lacks->as.integer > 0;
    return !is_empty || patch_text(machine, no_products, strlen(no_products), arena, err);
}

/* All of them but one; left_out >= count: all. */
static bool lay(const struct overlay *overlay, size_t left_out, struct arena *arena, struct text *ret_machine,
                struct err *err)
{
    struct overlay laid = {.is_off_azure = overlay->is_off_azure};
    struct json_source source = {.file = "overlay", .limit = LIMIT_MACHINE_BYTES};
    const struct json *machine = overlay->parts[0]->machine;
    bool good = true;
    for (size_t i = 0; i < overlay->count && good; i++) {
        if (i != left_out) {
            laid.parts[laid.count++] = overlay->parts[i];
            good = merge_patch(machine, overlay->parts[i]->patch, arena, ret_machine, err) &&
                   json_load(ret_machine->bytes, ret_machine->size, &source, arena, &machine, err);
        }
    }
    good = good && join(&laid, arena, ret_machine, err) && empty_store(machine, arena, ret_machine, err);
    for (size_t i = 0; i < COUNT_OF(off_azure) && laid.is_off_azure && good; i++) {
        good = patch_text(ret_machine, off_azure[i], strlen(off_azure[i]), arena, err);
    }
    return good;
}

static bool names_edition(const struct part *part)
{
    const struct json *system = json_find(part->patch, "system");
    return json_find(system, "sku") != NULL || json_find(system, "build") != NULL;
}

static bool has_licensed(const struct json *products)
{
    bool licensed = false;
    for (size_t i = 0; products != NULL && i < products->count; i++) {
        const struct json *status = json_find(&products->as.items[i], "status");
        licensed = licensed || (status != NULL && status->type == JSON_INT && status->as.integer == 1);
    }
    return licensed;
}

/* What can be told from the patches alone. */
static enum skip skip_of(const struct overlay *overlay)
{
    const struct part *edition = NULL;
    const struct part *product = NULL;
    for (size_t i = 0; i < overlay->count; i++) {
        const struct part *part = overlay->parts[i];
        const struct json *keys = list_at(part->patch, "licensing", "keys");
        if (keys != NULL && keys->count == 0) {
            return SKIP_TAKES_NO_KEY;
        }
        if (names_edition(part) && edition != NULL) {
            return SKIP_TWO_EDITIONS;
        }
        edition = names_edition(part) ? part : edition;
        product = list_at(part->patch, "licensing", "products") != NULL ? part : product;
    }
    bool is_other = edition != NULL && product != NULL && product != edition;
    return is_other && has_licensed(list_at(product->patch, "licensing", "products")) ? SKIP_OTHER_EDITION : SKIP_NONE;
}

bool overlay_machine(const struct overlay *overlay, struct arena *arena, struct text *ret_machine, enum skip *ret_skip,
                     struct err *err)
{
    struct text machine = {0};
    *ret_skip = skip_of(overlay);
    if (!lay(overlay, PARTS_MAX, arena, &machine, err)) {
        return false;
    }
    for (size_t i = 0; i < overlay->count && *ret_skip == SKIP_NONE && overlay->count > 1; i++) {
        struct text without = {0};
        if (!lay(overlay, i, arena, &without, err)) {
            return false;
        }
        bool is_same = without.size == machine.size && memcmp(without.bytes, machine.bytes, machine.size) == 0;
        *ret_skip = is_same ? SKIP_NOTHING_LEFT : SKIP_NONE;
    }
    *ret_machine = machine;
    return true;
}

bool overlay_excludes(const struct overlay *overlay, const char *word)
{
    for (size_t i = 0; i < overlay->count; i++) {
        struct scenario scenario = {.excluded = overlay->parts[i]->excluded};
        if (scenario_excludes(&scenario, word)) {
            return true;
        }
    }
    return false;
}

const char *overlay_name(const struct overlay *overlay, struct arena *arena)
{
    const char *name = "";
    for (size_t i = 0; i < overlay->count; i++) {
        name = arena_format(arena, "%s%s%s", name, i > 0 ? " + " : "", overlay->parts[i]->name);
    }
    return overlay->is_off_azure ? arena_format(arena, "%s, off Azure", name) : name;
}
