/* SPDX-License-Identifier: MIT */
/* A recording with stand-ins: which of its texts are JSON, which are bytes, and which are nobody's by their place. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/registry/registry.h"
#include "host/platform.h"
#include "host/record/redactor.h"

static void write(struct redactor *redactor, const struct json *json, struct writer *writer);

/* JSON in a text is redacted as JSON: what is escaped there is no word. NULL: none. */
static const struct json *inner_json(struct arena *arena, const char *text)
{
    const struct json_source source = {.file = "body", .limit = LIMIT_MACHINE_BYTES, .is_foreign = true};
    const struct json *json = NULL;
    struct err err = {0};
    char first = text[strspn(text, " \t\r\n")];
    bool may_be = first == '{' || first == '[' || first == '"';
    return may_be && json_load(text, strlen(text), &source, arena, &json, &err) ? json : NULL;
}

static void write_inner(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    struct buf buf AUTO(buf_clear);
    struct writer inner;
    const struct json *body = inner_json(redactor_arena(redactor), json->as.text);
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    if (body == NULL) {
        writer_text(writer, redactor_text(redactor, json->as.text));
        return;
    }
    writer_init(&inner, &buf, WRITER_ONE_LINE);
    inner.secrets = WRITER_KEEP;
    write(redactor, body, &inner);
    writer_text(writer, buf_whole(&buf));
}

/* Digits of bytes; those of the registry have a type beside them. Texts are redacted, all else is made unreadable. */
static void write_bytes(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    struct arena *arena = redactor_arena(redactor);
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (!hex_decode(arena, json->as.text, &bytes, &size)) {
        writer_text(writer, redactor_text(redactor, json->as.text));
        return;
    }
    const struct json *type = json_find(json->parent, "type");
    int64_t number = type != NULL && type->type == JSON_INT ? type->as.integer : -1;
    bool is_wide = number == REGISTRY_SZ || number == REGISTRY_EXPAND_SZ || number == REGISTRY_MULTI_SZ;
    bool is_marked = type == NULL && size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE; /* a file in UTF-16 */
    if (text_same(json->parent->name, "WinHttpSettings")) {
        bytes = redactor_within(redactor, bytes, size);
    } else if (is_wide || is_marked) {
        bytes = redactor_wide(redactor, bytes, size, &size);
    } else if (type == NULL && size > 0 && memchr(bytes, '\0', size) == NULL) {
        bytes = (const uint8_t *)redactor_text(redactor, arena_copy(arena, bytes, size));
        size = strlen((const char *)bytes);
    } else {
        bytes = redactor_bytes(redactor, bytes, size);
    }
    writer_text(writer, hex_encode(arena, bytes, size));
}

static void write_plain(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    (void)redactor;
    writer_text(writer, json->as.text);
}

/* The tag of Azure's VMs is known; any other is the owner's, and may be nothing but a number. */
static void write_tag(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    bool is_known = *json->as.text == '\0' || text_same(json->as.text, PLATFORM_ASSET_TAG);
    writer_text(writer, is_known ? json->as.text : redactor_text(redactor, "another_tag"));
}

static const struct {
    const char *section, *member;
    void (*write)(struct redactor *redactor, const struct json *json, struct writer *writer);
} places[] = {
    {"network", "body", write_inner},         {"network", "bodyHex", write_bytes},
    {"told", "content", write_inner},         {"told", "random", write_plain},
    {"registry", "hex", write_bytes},         {"files", "hex", write_bytes},
    {"files", "security", write_bytes},       {"system", "assetTag", write_tag},
    {"licensing", "partialKey", write_plain}, {"recording", "queries", write_plain},
    {"recording", "error", write_plain},
};

/* The member of the document that a value is in. */
static const char *section_of(const struct json *json)
{
    while (json->parent != NULL && json->parent->parent != NULL) {
        json = json->parent;
    }
    return json->name;
}

static void write_text(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    const char *member = json->name != NULL || json->parent == NULL ? json->name : json->parent->name;
    const char *section = section_of(json);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (text_same(places[i].member, member) && text_same(places[i].section, section)) {
            places[i].write(redactor, json, writer);
            return;
        }
    }
    writer_text(writer, redactor_text(redactor, json->as.text));
}

static void write_object(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    writer_open_object(writer);
    for (uint32_t i = 0; i < json->count; i++) {
        writer_name(writer, redactor_text(redactor, json->as.items[i].name));
        write(redactor, &json->as.items[i], writer);
    }
    writer_close_object(writer);
}

static void write_array(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    writer_open_array(writer);
    for (uint32_t i = 0; i < json->count; i++) {
        write(redactor, &json->as.items[i], writer);
    }
    writer_close_array(writer);
}

/* Recursion is bounded: json_load refuses what is deeper than LIMIT_JSON_DEPTH. */
static void write(struct redactor *redactor, const struct json *json, struct writer *writer)
{
    if (json->type == JSON_TEXT) {
        write_text(redactor, json, writer);
    } else if (json->type == JSON_OBJECT) {
        write_object(redactor, json, writer);
    } else if (!writer_scalar(writer, json)) {
        write_array(redactor, json, writer);
    }
}

void redactor_write(struct redactor *redactor, const struct json *document, struct writer *writer)
{
    writer_open_object(writer);
    for (uint32_t i = 0; i < document->count; i++) {
        const struct json *section = &document->as.items[i];
        if (!text_same(section->name, "recording")) {
            writer_name(writer, section->name);
            write(redactor, section, writer);
        }
    }
    /* The last, so that its list has all of them. */
    const struct json *recording = json_find(document, "recording");
    must(recording != NULL);
    writer_name(writer, "recording");
    writer_open_object(writer);
    for (uint32_t i = 0; i < recording->count; i++) {
        writer_name(writer, recording->as.items[i].name);
        write(redactor, &recording->as.items[i], writer);
    }
    redactor_list(redactor, writer);
    writer_close_object(writer);
    writer_close_object(writer);
}
