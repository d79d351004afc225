/* SPDX-License-Identifier: MIT */
/*
 * A tool of the build: turns playbooks, their texts and tables into one C file of constant trees, read by the reader
 * that the program has. So a run reads nothing at its start that the build has read, and proves nothing again.
 *   embed OUTPUT LIST FILE... [-- LIST FILE...]...     writes `const struct embedded embedded_LIST[]` for each LIST
 * The header of the room that has them declares the lists.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "json/json.h"

enum { ARENA_BYTES = 256 * 1024 * 1024, OUTPUT_BYTES = 64 * 1024 * 1024, LITERAL_BYTES_A_LINE = 100 };

/* An item of a tree: where its container stands in the array, and where its own items begin. */
struct node {
    const struct json *json;
    size_t parent, items;
};

struct output {
    struct buf text;
    struct arena *arena;
    size_t documents; /* so far */
};

static void drop_output(struct output *output)
{
    buf_clear(&output->text);
}

static bool read_file(const char *path, struct buf *bytes, struct err *err)
{
    char piece[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return err_set(err, ERR_IO, 0, "%s: cannot be opened", path);
    }
    for (size_t count = sizeof(piece); count == sizeof(piece);) {
        count = fread(piece, 1, sizeof(piece), file);
        buf_add(bytes, piece, count);
    }
    bool was_read = ferror(file) == 0 && !bytes->failed;
    (void)fclose(file);
    return was_read ||
           err_set(err, ERR_IO, 0, "%s: cannot be read, or holds more than %d bytes", path, (int)LIMIT_PLAYBOOK_BYTES);
}

/* In octal whatever a literal could take for something else: quotes, escapes, trigraphs, bytes of other letters. */
static void add_literal(struct buf *text, const char *bytes, size_t size)
{
    buf_text(text, "\"");
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool is_plain = byte >= ' ' && byte < 0x7F && strchr("\"\\?", byte) == NULL;
        buf_format(text, is_plain ? "%c" : "\\%03o", byte);
        if (i % LITERAL_BYTES_A_LINE == LITERAL_BYTES_A_LINE - 1) {
            buf_text(text, "\"\n    \"");
        }
    }
    buf_text(text, "\"");
}

static bool is_container(const struct json *json)
{
    return json->type == JSON_ARRAY || json->type == JSON_OBJECT;
}

/* Level by level, so that the items of a container follow one another as they do in the tree. */
static struct arena_list flatten(const struct json *document, struct arena *arena)
{
    struct arena_list list = {0};
    struct node *root = arena_push(arena, &list, sizeof(*root));
    root->json = document;
    for (size_t i = 0; i < list.count; i++) {
        struct node *node = (struct node *)list.items + i;
        const struct json *json = node->json;
        node->items = list.count;
        for (uint32_t k = 0; is_container(json) && k < json->count; k++) {
            struct node *item = arena_push(arena, &list, sizeof(*item));
            *item = (struct node){.json = &json->as.items[k], .parent = i};
        }
    }
    return list;
}

static void add_node(struct output *output, const struct node *node)
{
    static const char *const types[] = {
        [JSON_NULL] = "JSON_NULL", [JSON_BOOL] = "JSON_BOOL",   [JSON_INT] = "JSON_INT",
        [JSON_TEXT] = "JSON_TEXT", [JSON_ARRAY] = "JSON_ARRAY", [JSON_OBJECT] = "JSON_OBJECT",
    };
    const struct json *json = node->json;
    struct buf *text = &output->text;
    buf_format(text, "    {.type = %s, .line = %" PRIu32 ", .count = %" PRIu32, types[json->type], json->line,
               json->count);
    if (json->parent != NULL) {
        buf_format(text, ", .parent = &tree_%zu[%zu]", output->documents, node->parent);
    }
    if (json->name != NULL) {
        buf_text(text, ", .name = ");
        add_literal(text, json->name, strlen(json->name));
    }
    if (json->type == JSON_BOOL) {
        buf_format(text, ", .as.boolean = %s", json->as.boolean ? "true" : "false");
    } else if (json->type == JSON_INT) {
        buf_format(text, ", .as.integer = (int64_t)UINT64_C(%" PRIu64 ")", (uint64_t)json->as.integer);
    } else if (json->type == JSON_TEXT) {
        buf_text(text, ", .as.text = ");
        add_literal(text, json->as.text, strlen(json->as.text));
    } else if (is_container(json) && json->count > 0) {
        buf_format(text, ", .as.items = &tree_%zu[%zu]", output->documents, node->items);
    }
    buf_text(text, "},\n");
}

/* tree_N */
static bool add_document(struct output *output, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const struct json_source source = {.file = path, .limit = LIMIT_PLAYBOOK_BYTES};
    const struct json *document = NULL;
    buf_init(&bytes, LIMIT_PLAYBOOK_BYTES);
    if (!read_file(path, &bytes, err) ||
        !json_load(buf_string(&bytes), bytes.size, &source, output->arena, &document, err)) {
        return false;
    }
    struct arena_list list = flatten(document, output->arena);
    buf_format(&output->text, "static const struct json tree_%zu[%zu] = {\n", output->documents, list.count);
    for (size_t i = 0; i < list.count; i++) {
        add_node(output, (struct node *)list.items + i);
    }
    buf_text(&output->text, "};\n");
    output->documents++;
    return true;
}

/* files: up to the next "--" or the end; ret_count: how many. */
static bool add_list(struct output *output, const char *name, char *const *files, size_t *ret_count, struct err *err)
{
    struct buf rows AUTO(buf_clear) = {0};
    size_t count = 0;
    buf_init(&rows, OUTPUT_BYTES);
    for (; files[count] != NULL && !text_same(files[count], "--"); count++) {
        if (!add_document(output, files[count], err)) {
            return false;
        }
        const char *slash = strrchr(files[count], '/');
        buf_format(&rows, "    {\"%s\", tree_%zu},\n", slash != NULL ? slash + 1 : files[count], output->documents - 1);
    }
    buf_format(&output->text,
               "extern const struct embedded embedded_%s[];\nconst struct embedded embedded_%s[] = {\n%s    {NULL, "
               "NULL},\n};\n",
               name, name, buf_whole(&rows));
    *ret_count = count;
    return true;
}

static bool add_all(struct output *output, char *const *arguments, struct err *err)
{
    buf_text(&output->text, "/* Made by runner/embed from playbooks/. */\n"
                            "#include \"json/embedded.h\"\n"
                            "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n");
    while (arguments[0] != NULL) {
        size_t count = 0;
        if (!add_list(output, arguments[0], arguments + 1, &count, err)) {
            return false;
        }
        arguments += 1 + count;
        arguments += arguments[0] != NULL ? 1 : 0;
    }
    return true;
}

static bool write_file(const char *path, const struct buf *text, struct err *err)
{
    FILE *file = fopen(path, "wb");
    bool is_written = file != NULL && fwrite(buf_whole(text), 1, text->size, file) == text->size;
    bool is_kept = file != NULL && fclose(file) == 0;
    return (is_written && is_kept) || err_set(err, ERR_IO, 0, "%s: cannot be written", path);
}

static bool embed(const char *path, char *const *lists, struct err *err)
{
    struct arena arena AUTO(arena_close) = {0};
    struct output output AUTO(drop_output) = {.arena = &arena};
    buf_init(&output.text, OUTPUT_BYTES);
    return arena_open(&arena, ARENA_BYTES, err) && add_all(&output, lists, err) && write_file(path, &output.text, err);
}

int main(int argument_count, char **arguments)
{
    struct err err = {0};
    if (argument_count < 3) {
        (void)fputs("usage: embed OUTPUT LIST FILE... [-- LIST FILE...]...\n", stderr);
        return EXIT_FAILURE;
    }
    if (!embed(arguments[1], arguments + 2, &err)) {
        (void)fprintf(stderr, "embed: %s\n", err.text);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
