/* SPDX-License-Identifier: MIT */
#include "channel/handler/place.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "channel/handler/record.h"
#include "host/nouns/file/file.h"
#include "host/port.h"
#include "json/json.h"

#define ENVIRONMENT "HandlerEnvironment.json"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

enum { FIRST_PAUSE_MS = 1000 };

const char *handler_path(const char *folder, const char *name, struct arena *arena)
{
    return arena_format(arena, "%s%c%s", folder, port_separator, name);
}

const char *handler_settings_path(const struct handler_place *place, int64_t sequence, struct arena *arena)
{
    return handler_path(place->config, arena_format(arena, "%" PRId64 HANDLER_SETTINGS_SUFFIX, sequence), arena);
}

const char *handler_status_path(const struct handler_place *place, int64_t sequence, struct arena *arena)
{
    return handler_path(place->status, arena_format(arena, "%" PRId64 HANDLER_STATUS_SUFFIX, sequence), arena);
}

/* --- the environment --- */

static const char *find_text(const struct json *object, const char *name)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_TEXT && member->as.text[0] != '\0' ? member->as.text : NULL;
}

bool handler_place_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                        struct handler_place *ret_place, struct err *err)
{
    const struct json_source source = {.file = file, .limit = LIMIT_ENVIRONMENT_BYTES, .is_foreign = true};
    const size_t mark = strlen(BYTE_ORDER_MARK);
    bool is_marked = size >= mark && memcmp(bytes, BYTE_ORDER_MARK, mark) == 0;
    const struct json *document = NULL;
    if (!json_load(bytes + (is_marked ? mark : 0), size - (is_marked ? mark : 0), &source, arena, &document, err) ||
        !json_want(document, JSON_ARRAY, file, err)) {
        return false;
    }
    const struct json *folders = document->count == 0 ? NULL : json_find(&document->as.items[0], "handlerEnvironment");
    struct handler_place place = {.config = find_text(folders, "configFolder"),
                                  .status = find_text(folders, "statusFolder"),
                                  .logs = find_text(folders, "logFolder")};
    if (place.config == NULL || place.status == NULL) {
        return json_refuse(document, file, err, "handlerEnvironment has no configFolder or no statusFolder");
    }
    *ret_place = place;
    return true;
}

/* The folder part; a path without one: NULL. */
static const char *parent_of(const char *path, struct arena *arena)
{
    const char *end = strrchr(path, port_separator);
    return end == NULL || end == path ? NULL : arena_copy(arena, path, (size_t)(end - path));
}

static bool read_environment(const char *folder, struct arena *arena, struct handler_place *ret_place, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const char *path = handler_path(folder, ENVIRONMENT, arena);
    if (!port_file_read(path, LIMIT_ENVIRONMENT_BYTES, &bytes, err) ||
        !handler_place_read(buf_string(&bytes), bytes.size, ENVIRONMENT, arena, ret_place, err)) {
        return false;
    }
    ret_place->root = folder;
    return true;
}

/* Beside the program, or above it. ERR_NOT_FOUND: in neither place. */
static bool look_around(struct arena *arena, struct handler_place *ret_place, struct err *err)
{
    const char *program = NULL;
    if (!port_program(arena, &program, err)) {
        return false;
    }
    const char *folder = parent_of(program, arena);
    for (int i = 0; i < 2 && folder != NULL; i++) {
        *err = (struct err){0};
        if (read_environment(folder, arena, ret_place, err)) {
            return true;
        }
        if (err->code != ERR_NOT_FOUND) {
            return false;
        }
        folder = parent_of(folder, arena);
    }
    return err_set(err, ERR_NOT_FOUND, 0,
                   "no " ENVIRONMENT " beside %s or above it: this is no handler of a guest agent", program);
}

/* One that is not there at all is not waited for so long: it is there before the first command is started. */
bool handler_place_find(struct arena *arena, struct handler_place *ret_place, struct err *err)
{
    const int64_t began_ms = port_now_ms();
    for (int64_t pause_ms = FIRST_PAUSE_MS;; pause_ms *= 2) {
        struct err failed = {0};
        if (look_around(arena, ret_place, &failed)) {
            return true;
        }
        int64_t patience_ms = failed.code == ERR_NOT_FOUND ? LIMIT_NO_ENVIRONMENT_MS : LIMIT_ENVIRONMENT_MS;
        if (port_now_ms() - began_ms + pause_ms > patience_ms) {
            *err = failed;
            return false;
        }
        port_sleep_ms(pause_ms);
    }
}

/* --- the sequence number --- */

static bool is_number(const char *text, int64_t *ret_number)
{
    return text_to_int(text, ret_number) && *ret_number >= 0 && *ret_number <= INT32_MAX;
}

bool handler_number(const char *name, const char *suffix, struct arena *arena, int64_t *ret_number)
{
    size_t size = strlen(name), suffix_size = strlen(suffix);
    return size > suffix_size && text_ends(name, suffix) &&
           is_number(arena_copy(arena, name, size - suffix_size), ret_number);
}

static bool newest_settings(const struct handler_place *place, struct arena *arena, int64_t *ret_sequence,
                            struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    int64_t newest = -1, newest_at = INT64_MIN;
    if (!port_folder_list(place->config, arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct file_facts facts = {0};
        int64_t number = 0;
        if (!handler_number(names[i], HANDLER_SETTINGS_SUFFIX, arena, &number) ||
            !port_path_query(handler_path(place->config, names[i], arena), &facts, err)) {
            continue;
        }
        if (facts.changed_at > newest_at || (facts.changed_at == newest_at && number > newest)) {
            newest = number;
            newest_at = facts.changed_at;
        }
    }
    if (newest < 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "there are no settings in %s", place->config);
    }
    *ret_sequence = newest;
    return true;
}

bool handler_sequence(const struct handler_place *place, struct arena *arena, int64_t *ret_sequence, struct err *err)
{
    const char *told = port_environment("ConfigSequenceNumber", arena);
    return (told != NULL && is_number(told, ret_sequence)) || newest_settings(place, arena, ret_sequence, err);
}

/* --- other versions --- */

static bool is_version(const char *text)
{
    return text[0] >= '0' && text[0] <= '9' && strspn(text, "0123456789.") == strlen(text);
}

/* Behind the first dash of "NAME-VERSION", which no name has in it; or all of "VERSION". */
static const char *version_of(const char *folder)
{
    const char *dash = strchr(folder, '-');
    const char *version = dash == NULL ? folder : dash + 1;
    return is_version(version) ? version : NULL;
}

bool handler_sibling(const struct handler_place *place, struct arena *arena, const char **ret_root, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    int64_t newest_at = INT64_MIN;
    const char *above = parent_of(place->root, arena), *own = strrchr(place->root, port_separator);
    *ret_root = NULL;
    if (above == NULL || version_of(++own) == NULL) {
        return true;
    }
    size_t prefix = (size_t)(version_of(own) - own);
    if (!port_folder_list(above, arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct file_facts facts = {0};
        struct err unread = {0};
        const char *version = version_of(names[i]);
        bool is_sibling = version != NULL && (size_t)(version - names[i]) == prefix &&
                          strncmp(names[i], own, prefix) == 0 && !text_same(names[i], own);
        const char *root = handler_path(above, names[i], arena);
        if (is_sibling && port_path_query(handler_path(root, HANDLER_HANDLED, arena), &facts, &unread) &&
            facts.exists && facts.changed_at > newest_at) {
            newest_at = facts.changed_at;
            *ret_root = root;
        }
    }
    return true;
}
