/* SPDX-License-Identifier: MIT */
#include "channel/handler/settings.h"

#include <string.h>

#include "base/text.h"
#include "channel/run/parameters.h"
#include "host/base64.h"
#include "host/nouns/crypto/crypto.h"
#include "json/fields.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define PROTECTED "protectedSettings"

/* --- public settings --- */

struct public_settings {
    enum run_mode mode;
    enum language language;
    struct field_texts playbooks;
    const struct json *parameters;
    const char *deadline;
    const struct json *clouds;
};

/* An undo is a person's decision on one machine, not a setting of many. */
static const char *const modes[] = {
    [MODE_CHECK] = "check", [MODE_PLAN] = "plan", [MODE_FIX] = "fix", [MODE_UNDO] = NULL};

static const struct field rows[] = {
    WORD_FIELD("mode", struct public_settings, mode, 0, modes, "what to do"),
    TEXTS_FIELD("playbooks", struct public_settings, playbooks, 0, 1, LIMIT_PARAMETERS, "which; all when left out"),
    JSON_FIELD("parameters", struct public_settings, parameters, 0, NULL, "of the playbooks"),
    WORD_FIELD("lang", struct public_settings, language, 0, language_names, "language of the substatuses"),
    TEXT_FIELD("deadline", struct public_settings, deadline, 0, 1, 16, "bound of the run"),
    JSON_FIELD("clouds", struct public_settings, clouds, 0, NULL, "clouds that the program does not know"),
};
static const struct fields public_fields = FIELDS("publicSettings", struct public_settings, rows, "");

static const struct json *find_settings(const struct json *document)
{
    const struct json *all = json_find(document, "runtimeSettings");
    return all == NULL || all->type != JSON_ARRAY || all->count == 0 ? NULL
                                                                     : json_find(&all->as.items[0], "handlerSettings");
}

/* NULL: not there, or null. */
static bool find_member(const struct json *settings, const char *name, enum json_type type, const char *file,
                        const struct json **ret_member, struct err *err)
{
    const struct json *member = json_find(settings, name);
    bool is_given = member != NULL && member->type != JSON_NULL;
    if (is_given && !json_want(member, type, file, err)) {
        return false;
    }
    *ret_member = is_given ? member : NULL;
    return true;
}

/* --- the file --- */

/* {"clouds": ...} alone, as a file of clouds has it; the member keeps its place for messages. */
static const struct json *alone(const struct json *member, struct arena *arena)
{
    struct json *object = arena_alloc(arena, sizeof(*object));
    *object = *member;
    object->type = JSON_OBJECT;
    object->as.items = member;
    object->count = 1;
    return object;
}

static bool read_public(const struct json *json, const char *file, struct arena *arena,
                        struct handler_settings *settings, struct err *err)
{
    struct public_settings given = {0};
    const struct json *bad = NULL;
    if (!fields_decode(&public_fields, json, file, arena, &given, err)) {
        return false;
    }
    if (given.parameters != NULL && !parameters_collect(given.parameters, arena, &settings->parameters, &bad)) {
        return json_refuse(bad, file, err,
                           "expected a text, a whole number, a bool or a list of texts for each of at "
                           "most %d names",
                           LIMIT_PARAMETERS);
    }
    settings->mode = given.mode;
    settings->language = given.language;
    settings->playbooks = given.playbooks;
    settings->deadline = given.deadline;
    settings->file = file;
    settings->clouds = given.clouds != NULL ? alone(given.clouds, arena) : NULL;
    return true;
}

bool handler_settings_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                           struct handler_settings *ret_settings, struct err *err)
{
    const struct json_source source = {.file = file, .limit = LIMIT_SETTINGS_BYTES};
    const size_t mark = strlen(BYTE_ORDER_MARK);
    size_t skipped = size >= mark && memcmp(bytes, BYTE_ORDER_MARK, mark) == 0 ? mark : 0;
    struct handler_settings settings = {.mode = MODE_CHECK};
    const struct json *document = NULL, *shown = NULL, *envelope = NULL, *thumbprint = NULL;
    if (size == skipped) {
        *ret_settings = settings;
        return true;
    }
    if (!json_load(bytes + skipped, size - skipped, &source, arena, &document, err)) {
        return false;
    }
    const struct json *found = find_settings(document);
    if (found == NULL) {
        return json_refuse(document, file, err, "expected runtimeSettings[0].handlerSettings");
    }
    if (!find_member(found, "publicSettings", JSON_OBJECT, file, &shown, err) ||
        !find_member(found, PROTECTED, JSON_TEXT, file, &envelope, err) ||
        !find_member(found, "protectedSettingsCertThumbprint", JSON_TEXT, file, &thumbprint, err) ||
        (shown != NULL && !read_public(shown, file, arena, &settings, err))) {
        return false;
    }
    settings.envelope = envelope != NULL && envelope->as.text[0] != '\0' ? envelope->as.text : NULL;
    settings.thumbprint = thumbprint != NULL ? thumbprint->as.text : "";
    *ret_settings = settings;
    return true;
}

/* --- protected settings --- */

/* One message for whatever is wrong: a better one would show a part of it. */
static bool read_secrets(const struct crypto_bytes *plain, struct arena *arena, struct option_texts *ret_secrets,
                         struct err *err)
{
    static const struct json_source source = {.file = PROTECTED, .limit = LIMIT_SETTINGS_BYTES};
    const struct json *document = NULL, *bad = NULL;
    struct option_texts secrets = {.count = 0};
    struct err withheld = {0};
    bool is_read = json_load((const char *)plain->bytes, plain->size, &source, arena, &document, &withheld);
    const struct json *parameters = is_read ? json_find(document, "parameters") : NULL;
    size_t expected = parameters != NULL ? 1 : 0;
    if (!is_read || document->type != JSON_OBJECT || document->count != expected ||
        (parameters != NULL && !parameters_collect(parameters, arena, &secrets, &bad))) {
        return err_set(err, ERR_INVALID, 0,
                       PROTECTED ": expected {\"parameters\": {NAME: VALUE, ...}} and nothing else "
                                 "(what stands there is not shown)");
    }
    *ret_secrets = secrets;
    return true;
}

bool handler_settings_decrypt(struct host *host, const struct handler_settings *settings,
                              struct option_texts *ret_secrets, struct err *err)
{
    struct crypto_bytes envelope = {0}, plain = {0};
    if (!base64_decode(host->arena, settings->envelope, &envelope.bytes, &envelope.size)) {
        return err_set(err, ERR_INVALID, 0, PROTECTED ": not base64");
    }
    return host_crypto_decrypt(host, &envelope, settings->thumbprint, &plain, err) &&
           read_secrets(&plain, host->arena, ret_secrets, err);
}

/* --- as a command line --- */

bool handler_settings_apply(const struct handler_settings *settings, struct options *options, struct err *err)
{
    static const enum command commands[MODE_COUNT] = {
        [MODE_CHECK] = COMMAND_CHECK, [MODE_PLAN] = COMMAND_PLAN, [MODE_FIX] = COMMAND_FIX};
    int64_t deadline_ms = options->deadline_ms;
    if (settings->deadline != NULL &&
        (!text_to_duration(settings->deadline, &deadline_ms) || deadline_ms > LIMIT_RUN_MAX_MS)) {
        return err_set(err, ERR_INVALID, 0,
                       "publicSettings.deadline: expected a time of at most %d minutes, like 90s "
                       "or 10m",
                       LIMIT_RUN_MAX_MS / 60000);
    }
    options->command = commands[settings->mode];
    options->operands = (struct option_texts){.count = 0};
    options->language = (int)settings->language;
    options->deadline_ms = deadline_ms;
    options->parameters = settings->parameters;
    options->clouds_document = settings->clouds;
    options->clouds_file = settings->file;
    options->playbooks = (struct option_texts){.count = settings->playbooks.count};
    for (size_t i = 0; i < settings->playbooks.count; i++) {
        options->playbooks.items[i] = settings->playbooks.items[i];
    }
    return true;
}
