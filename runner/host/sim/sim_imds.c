/* SPDX-License-Identifier: MIT */
/*
 * The Instance Metadata Service, as far as its page documents it: the header, the versions, instance and its parts,
 * loadbalancer and attested/document.
 * Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (headers, versions, errors) and
 * https://learn.microsoft.com/azure/load-balancer/howto-load-balancer-imds.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

enum { NEWEST_VERSIONS = 3 };

static const struct field items[] = {
    TEXTS_FIELD("denied", struct sim_imds, denied, 0, 1, 256, "paths that this program may not ask for: 403"),
    TEXTS_FIELD("versions", struct sim_imds, versions, FIELD_REQUIRED, 1, 256, "api-versions it knows, oldest first"),
    JSON_FIELD("instance", struct sim_imds, instance, 0, NULL, "/metadata/instance"),
    JSON_FIELD("loadbalancer", struct sim_imds, loadbalancer, 0, NULL,
               "what stands under loadbalancer in /metadata/loadbalancer; false: 404"),
    JSON_FIELD("attested", struct sim_imds, attested, 0, NULL,
               "/metadata/attested/document, as it is served, or what `attested` says; false: 404"),
    INT_FIELD("ms", struct sim_imds, ms, 0, 0, INT32_MAX, "virtual time an answer takes"),
};
const struct fields sim_imds_fields =
    FIELDS_KEEPING("imdsService", struct sim_imds, json, items, "the Instance Metadata Service");

bool sim_imds_load(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_imds *imds = &sim->document.network.imds;
    if (json == NULL) {
        return true;
    }
    bool is_document = json->type == JSON_OBJECT && json_find(json, "outcome") == NULL &&
                       json_find(json, "sequence") == NULL && json_find(json, "status") == NULL;
    if (is_document) {
        return fields_decode(&sim_imds_fields, json, sim->file, sim->arena, imds, err) && sim_attested_load(sim, err);
    }
    imds->json = json;
    imds->answers = arena_alloc(sim->arena, sizeof *imds->answers);
    return sim_answers_load(sim, json, &sim_form_http, imds->answers, err);
}

/* Dated by a right clock, whatever the machine's own says. */
static struct sim_answer answer(const struct sim *sim, long status, const char *body)
{
    return (struct sim_answer){.reply = {.outcome = NET_ANSWERED,
                                         .status = status,
                                         .body = body,
                                         .body_size = strlen(body),
                                         .content_type = "application/json; charset=utf-8",
                                         .retry_after_ms = -1,
                                         .date = sim_clock_right(sim)},
                               .ms = sim->document.network.imds.ms};
}

static struct sim_answer error_answer(const struct sim *sim, long status, const char *error)
{
    return answer(sim, status, arena_format(sim->arena, "{\"error\": \"%s\"}", error));
}

static struct sim_answer json_answer(const struct sim *sim, const struct json *json, const char *wrapped_in)
{
    struct buf text AUTO(buf_clear);
    struct writer writer;
    buf_init(&text, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &text, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    if (wrapped_in != NULL) {
        writer_open_object(&writer);
        writer_name(&writer, wrapped_in);
    }
    sim_write_json(&writer, json, sim->arena);
    if (wrapped_in != NULL) {
        writer_close_object(&writer);
    }
    return answer(sim, 200, arena_copy(sim->arena, buf_whole(&text), text.size));
}

static struct sim_answer version_answer(const struct sim *sim)
{
    const struct field_texts *versions = &sim->document.network.imds.versions;
    const char *list = "";
    for (size_t i = 0; i < versions->count && i < NEWEST_VERSIONS; i++) {
        list =
            arena_format(sim->arena, "%s%s\"%s\"", list, i == 0 ? "" : ", ", versions->items[versions->count - 1 - i]);
    }
    const char *body = arena_format(sim->arena,
                                    "{\"error\": \"Bad request. api-version is invalid or was not specified in the "
                                    "request. For more information refer to aka.ms/azureimds\", "
                                    "\"newest-versions\": [%s]}",
                                    list);
    return answer(sim, 400, body);
}

static const char *header_value(const struct net_job *job, const char *name)
{
    for (const char *const *header = job->headers; header != NULL && *header != NULL; header++) {
        size_t length = strlen(name);
        if (text_starts(*header, name) && (*header)[length] == ':') {
            return *header + length + 1 + strspn(*header + length + 1, " ");
        }
    }
    return NULL;
}

static bool knows_version(const struct sim_imds *imds, const char *query)
{
    const char *found = strstr(query, "api-version=");
    if (found == NULL) {
        return false;
    }
    found += strlen("api-version=");
    for (size_t i = 0; i < imds->versions.count; i++) {
        const char *version = imds->versions.items[i];
        if (strcspn(found, "&") == strlen(version) && strncmp(found, version, strlen(version)) == 0) {
            return true;
        }
    }
    return false;
}

/* The part of a document that a path names: members by name, list elements by number. NULL: 404. */
static const struct json *descend(struct arena *arena, const struct json *json, const char *path)
{
    while (json != NULL && *path != '\0') {
        path += strspn(path, "/");
        size_t length = strcspn(path, "/");
        const char *part = arena_copy(arena, path, length);
        int64_t index = 0;
        if (length > 0 && json->type == JSON_ARRAY) {
            bool is_there = text_to_int(part, &index) && index >= 0 && index < (int64_t)json->count;
            json = is_there ? &json->as.items[index] : NULL;
        } else if (length > 0) {
            json = json_find(json, part);
        }
        path += length;
    }
    return json;
}

/* What the document must have for a path to be answered at all. */
static const struct json *const *scripted_part(const struct sim_imds *imds, const char *path, const char **ret_rest)
{
    static const char *const roots[] = {"/metadata/instance", "/metadata/loadbalancer", "/metadata/attested/document"};
    const struct json *const *const parts[] = {&imds->instance, &imds->loadbalancer, &imds->attested};
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        size_t length = strlen(roots[i]);
        if (text_starts(path, roots[i]) && (path[length] == '\0' || path[length] == '/')) {
            *ret_rest = path + length;
            return parts[i];
        }
    }
    return NULL;
}

static bool get_part(struct sim *sim, const char *path, const char *query, struct sim_answer *ret_answer,
                     struct err *err)
{
    const struct sim_imds *imds = &sim->document.network.imds;
    const char *rest = "";
    const struct json *const *part = scripted_part(imds, path, &rest);
    if (part != NULL && *part == NULL) {
        return sim_unlisted(sim, err, "network.imds for %s", path);
    }
    bool is_false = part != NULL && (*part)->type == JSON_BOOL;
    const struct json *root = part == NULL || is_false ? NULL : *part;
    if (part == &imds->attested && root != NULL && !sim_attested_make(sim, query, &root, err)) {
        return false;
    }
    const struct json *found = descend(sim->arena, root, rest);
    if (found == NULL) {
        *ret_answer = error_answer(sim, 404, "Not found");
        return true;
    }
    bool wants_text = strstr(query, "format=text") != NULL && found->type == JSON_TEXT;
    *ret_answer = wants_text ? answer(sim, 200, found->as.text)
                             : json_answer(sim, found, part == &imds->loadbalancer ? "loadbalancer" : NULL);
    return true;
}

/* By the path and what is below it, as the roles of an allow list name them. */
static bool is_denied(const struct sim_imds *imds, const char *path)
{
    for (size_t i = 0; i < imds->denied.count; i++) {
        const char *denied = imds->denied.items[i];
        char behind = text_starts(path, denied) ? path[strlen(denied)] : 'x';
        if (behind == '\0' || behind == '/' || behind == '?') {
            return true;
        }
    }
    return false;
}

bool sim_imds_get(struct sim *sim, const struct net_job *job, const char *path, struct sim_answer *ret_answer,
                  struct err *err)
{
    const struct sim_imds *imds = &sim->document.network.imds;
    const char *metadata = header_value(job, "Metadata");
    const char *query = path + strcspn(path, "?");
    if (imds->answers != NULL) {
        *ret_answer = sim_answers_take(imds->answers);
        return true;
    }
    if (is_denied(imds, path)) {
        *ret_answer = answer(sim, 403, "");
        return true;
    }
    if (metadata == NULL || !text_equal(metadata, "true")) {
        *ret_answer = error_answer(sim, 400, "Bad request. Required metadata header not specified");
        return true;
    }
    if (header_value(job, "X-Forwarded-For") != NULL) {
        *ret_answer = error_answer(sim, 400, "Bad request. X-Forwarded-For header is not allowed");
        return true;
    }
    if (!knows_version(imds, query)) {
        *ret_answer = version_answer(sim);
        return true;
    }
    return get_part(sim, arena_copy(sim->arena, path, (size_t)(query - path)), query, ret_answer, err);
}
