/* SPDX-License-Identifier: MIT */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "json/path.h"
#include "json/scan.h"

/*
 * The tree is built from the marks; cJSON only decodes. A container larger than LIMIT_JSON_ELEMENT_BYTES is walked by
 * its marks, so that a document of megabytes never stands in memory as cJSON's nodes too; every element below that is
 * handed over as one slice, and its decoded tree consumed in step with the marks. Where the two disagree in a type, a
 * count or an end, nothing is guessed: the document is refused.
 */
struct frame {
    struct json *container;
    struct json *items;
    uint32_t filled;
    bool walked;       /* no cJSON tree stands for this container */
    const cJSON *next; /* !walked: what stands for items[filled] */
};

struct builder {
    const char *bytes;
    const char *file;
    struct arena *arena;
    cJSON *element; /* the slice being consumed */
    struct frame frames[LIMIT_JSON_DEPTH];
    unsigned depth;
    struct json *root;
};

static void drop_tree(cJSON **tree)
{
    cJSON_Delete(*tree);
    *tree = NULL;
}

static void drop_element(struct builder *builder)
{
    drop_tree(&builder->element);
}

/* NULL: err is filled. The scan has accepted these bytes, so that only memory can be missing. */
static cJSON *decode(const struct builder *builder, uint32_t start, uint32_t end, struct err *err)
{
    cJSON *tree = cJSON_ParseWithLength(builder->bytes + start, end - start);
    if (tree == NULL) {
        (void)err_set(err, ERR_MEMORY, 0, "%s: out of memory while decoding", builder->file);
    }
    return tree;
}

static bool is_container(enum json_type type)
{
    return type == JSON_ARRAY || type == JSON_OBJECT;
}

static bool same_type(const cJSON *decoded, enum json_type type)
{
    switch (type) {
    case JSON_NULL:
        return cJSON_IsNull(decoded) || cJSON_IsNumber(decoded); /* a number that only another program has a use for */
    case JSON_BOOL:
        return cJSON_IsBool(decoded);
    case JSON_INT:
        return cJSON_IsNumber(decoded);
    case JSON_TEXT:
        return cJSON_IsString(decoded) && decoded->valuestring != NULL;
    case JSON_ARRAY:
        return cJSON_IsArray(decoded);
    case JSON_OBJECT:
        return cJSON_IsObject(decoded);
    }
    return false;
}

/* Takes what cJSON decoded for this mark. The integer comes from the bytes: cJSON keeps a double. */
static bool take(const struct builder *builder, const struct mark *mark, const cJSON *decoded, struct json *node)
{
    if (!same_type(decoded, mark->type)) {
        return false;
    }
    if (mark->type == JSON_BOOL) {
        node->as.boolean = cJSON_IsTrue(decoded);
    } else if (mark->type == JSON_TEXT) {
        node->as.text = arena_text(builder->arena, decoded->valuestring);
    } else if (mark->type == JSON_INT) {
        return scan_int(builder->bytes + mark->start, mark->end - mark->start, &node->as.integer);
    }
    return !is_container(mark->type) || (uint32_t)cJSON_GetArraySize(decoded) == mark->count;
}

static void push(struct builder *builder, struct json *node, const cJSON *decoded)
{
    if (!is_container(node->type) || node->count == 0) {
        return;
    }
    must(builder->depth < COUNT_OF(builder->frames));
    struct json *items = arena_array(builder->arena, node->count, sizeof(*items));
    node->as.items = items;
    builder->frames[builder->depth++] = (struct frame){
        .container = node,
        .items = items,
        .walked = decoded == NULL,
        .next = decoded == NULL ? NULL : decoded->child,
    };
}

/* The slot that comes next in document order. Containers that are full by now are left behind. */
static struct json *next_node(struct builder *builder, struct frame **ret_frame)
{
    while (builder->depth > 0) {
        struct frame *frame = &builder->frames[builder->depth - 1];
        if (frame->filled < frame->container->count) {
            *ret_frame = frame;
            return &frame->items[frame->filled++];
        }
        builder->depth--;
    }
    *ret_frame = NULL;
    return builder->root;
}

/* A value inside the slice that is being consumed: its name and content are decoded already. */
static bool build_inner(struct builder *builder, const struct mark *mark, struct frame *frame, struct json *node,
                        struct err *err)
{
    const cJSON *decoded = frame->next;
    bool agreed = decoded != NULL && (decoded->string != NULL) == (mark->name_end != 0);
    if (agreed) {
        frame->next = decoded->next;
        node->name = decoded->string == NULL ? NULL : arena_text(builder->arena, decoded->string);
        agreed = take(builder, mark, decoded, node);
    }
    if (!agreed) {
        return err_set(err, ERR_INVALID, 0, "%s:%u: the decoder disagrees with the scan", builder->file,
                       (unsigned)node->line);
    }
    push(builder, node, decoded);
    return true;
}

/* The document, or a value in a walked container: either walked too, or the next slice. */
static bool build_outer(struct builder *builder, const struct mark *mark, struct json *node, struct err *err)
{
    if (mark->name_end != 0) {
        cJSON *name AUTO(drop_tree) = decode(builder, mark->name, mark->name_end, err);
        if (name == NULL) {
            return false;
        }
        node->name = arena_text(builder->arena, name->valuestring);
    }
    if (is_container(mark->type) && mark->end - mark->start > LIMIT_JSON_ELEMENT_BYTES) {
        push(builder, node, NULL);
        return true;
    }
    drop_element(builder);
    builder->element = decode(builder, mark->start, mark->end, err);
    if (builder->element == NULL) {
        return false;
    }
    if (!take(builder, mark, builder->element, node)) {
        return err_set(err, ERR_INVALID, 0, "%s:%u: the decoder disagrees with the scan", builder->file,
                       (unsigned)node->line);
    }
    push(builder, node, builder->element);
    return true;
}

static bool build(struct builder *builder, const struct mark *mark, struct err *err)
{
    struct frame *frame = NULL;
    struct json *node = next_node(builder, &frame);
    node->parent = frame == NULL ? NULL : frame->container;
    node->count = mark->count;
    node->line = mark->line;
    node->type = mark->type;
    if (frame == NULL || frame->walked) {
        return build_outer(builder, mark, node, err);
    }
    return build_inner(builder, mark, frame, node, err);
}

/* Nodes with their padding, and texts, which are never longer decoded than they were in quotes. */
static bool fits(const struct arena *arena, size_t values, size_t size)
{
    return arena_has(arena, values * (sizeof(struct json) + _Alignof(max_align_t)) + size);
}

bool json_load(const char *bytes, size_t size, const struct json_source *source, struct arena *arena,
               const struct json **ret_document, struct err *err)
{
    if (size > source->limit || size >= UINT32_MAX) {
        return err_set(err, ERR_LIMIT, 0, "%s: larger than %zu bytes", source->file, source->limit);
    }
    struct buf marks AUTO(buf_clear) = {0};
    marks_init(&marks);
    if (!scan_document(bytes, size, source, &marks, err)) {
        return false;
    }
    size_t count = 0;
    const struct mark *mark = marks_all(&marks, &count);
    if (!fits(arena, count, size)) {
        return err_set(err, ERR_MEMORY, 0, "%s: %zu values do not fit into the memory of the run", source->file, count);
    }
    struct builder builder AUTO(drop_element) = {.bytes = bytes, .file = source->file, .arena = arena};
    builder.root = arena_alloc(arena, sizeof(*builder.root));
    for (size_t i = 0; i < count; i++) {
        if (!build(&builder, &mark[i], err)) {
            return false;
        }
    }
    *ret_document = builder.root;
    return true;
}

const struct json *json_find(const struct json *object, const char *name)
{
    if (object == NULL || object->type != JSON_OBJECT) {
        return NULL;
    }
    for (uint32_t i = 0; i < object->count; i++) {
        if (strcmp(object->as.items[i].name, name) == 0) {
            return &object->as.items[i];
        }
    }
    return NULL;
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null", [JSON_BOOL] = "bool",   [JSON_INT] = "int",
        [JSON_TEXT] = "text", [JSON_ARRAY] = "array", [JSON_OBJECT] = "object",
    };
    must((size_t)type < COUNT_OF(names));
    return names[type];
}

static void add_path(struct buf *path, const struct json *value)
{
    const struct json *chain[LIMIT_JSON_DEPTH + 1];
    size_t depth = 0;
    for (; value->parent != NULL; value = value->parent) {
        must(depth < COUNT_OF(chain));
        chain[depth++] = value;
    }
    buf_text(path, "$");
    while (depth-- > 0) {
        const struct json *step = chain[depth];
        if (step->name != NULL) {
            path_member(path, step->name, strlen(step->name));
        } else {
            path_element(path, (size_t)(step - step->parent->as.items));
        }
    }
}

const char *json_path(const struct json *value, struct arena *arena)
{
    struct buf path AUTO(buf_clear) = {0};
    buf_init(&path, LIMIT_TEXT_BYTES);
    add_path(&path, value);
    return arena_format(arena, "%s%s", buf_string(&path), path_tail(&path));
}

bool json_refuse(const struct json *value, const char *file, struct err *err, const char *format, ...)
{
    struct buf path AUTO(buf_clear) = {0};
    buf_init(&path, PATH_SHOWN_BYTES);
    add_path(&path, value);
    char message[ERR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return err_set(err, ERR_INVALID, 0, "%s:%u: %s%s: %s", file, (unsigned)value->line, buf_string(&path),
                   path_tail(&path), message);
}

bool json_want(const struct json *value, enum json_type type, const char *file, struct err *err)
{
    return value->type == type ||
           json_refuse(value, file, err, "expected %s, found %s", json_type_name(type), json_type_name(value->type));
}
