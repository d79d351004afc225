/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

/* A name as the index keeps it; false: longer than any name in a table. */
static bool fold(const char *name, char folded[static LIMIT_TEXT_BYTES])
{
    size_t length = strlen(name);
    if (length >= LIMIT_TEXT_BYTES) {
        return false;
    }
    for (size_t i = 0; i <= length; i++) {
        folded[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i];
    }
    return true;
}

struct sim_node *sim_table_find(const struct sim_table *table, const char *name)
{
    char folded[LIMIT_TEXT_BYTES];
    return fold(name, folded) ? map_find(&table->index, folded) : NULL;
}

void sim_table_add(struct arena *arena, struct sim_table *table, struct sim_node *node)
{
    char folded[LIMIT_TEXT_BYTES];
    must(fold(node->name, folded));
    map_set(arena, &table->index, arena_text(arena, folded), node);
    *(struct sim_node **)arena_push(arena, &table->items, sizeof(struct sim_node *)) = node;
}

struct sim_node *sim_table_at(const struct sim_table *table, size_t index)
{
    must(index < table->items.count);
    return ((struct sim_node *const *)table->items.items)[index];
}

/* Names that differ in case only cannot meet in one table, so that the order is total. */
static int by_name(const void *left, const void *right)
{
    return text_compare((*(struct sim_node *const *)left)->name, (*(struct sim_node *const *)right)->name);
}

struct sim_table sim_table_sorted(struct arena *arena, const struct sim_table *table)
{
    struct sim_table sorted = *table;
    if (table->items.count > 1) {
        size_t size = table->items.count * sizeof(struct sim_node *);
        sorted.items.items = memcpy(arena_alloc(arena, size), table->items.items, size);
        qsort(sorted.items.items, sorted.items.count, sizeof(struct sim_node *), by_name);
    }
    return sorted;
}

bool sim_tree_is_below(const char *path, const char *folder)
{
    return text_starts(path, folder) && path[strlen(folder)] == '\\';
}

static struct sim_node *nearest_above(const struct sim_table *tree, const char *path)
{
    char above[LIMIT_TEXT_BYTES];
    if (!fold(path, above)) {
        return NULL;
    }
    for (char *cut = strrchr(above, '\\'); cut != NULL; cut = strrchr(above, '\\')) {
        *cut = '\0';
        struct sim_node *node = map_find(&tree->index, above);
        if (node != NULL) {
            return node;
        }
    }
    return NULL;
}

static bool has_below(const struct sim_table *tree, const char *path)
{
    for (size_t i = 0; i < tree->items.count; i++) {
        const struct sim_node *node = sim_table_at(tree, i);
        if (node->exists && sim_tree_is_below(node->name, path)) {
            return true;
        }
    }
    return false;
}

enum sim_knowledge sim_tree_look(const struct sim_table *tree, const char *path, struct sim_node **ret_node)
{
    struct sim_node *node = sim_table_find(tree, path);
    if (node != NULL) {
        *ret_node = node;
        return SIM_LISTED;
    }
    *ret_node = nearest_above(tree, path);
    if (has_below(tree, path)) {
        return *ret_node != NULL ? SIM_IMPLIED : SIM_ABOVE;
    }
    return *ret_node != NULL ? SIM_ABSENT : SIM_UNLISTED;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void sim_tree_children(const struct sim_table *tree, const char *path, struct arena *arena,
                       const char *const **ret_names, size_t *ret_count)
{
    struct sim_table seen = {0};
    struct arena_list names = {0};
    size_t skip = strlen(path) + 1;
    for (size_t i = 0; i < tree->items.count; i++) {
        const struct sim_node *node = sim_table_at(tree, i);
        if (!node->exists || !sim_tree_is_below(node->name, path)) {
            continue;
        }
        const char *rest = node->name + skip;
        struct sim_node *child = arena_alloc(arena, sizeof *child);
        child->name = arena_copy(arena, rest, strcspn(rest, "\\"));
        if (sim_table_find(&seen, child->name) == NULL) {
            sim_table_add(arena, &seen, child);
            *(const char **)arena_push(arena, &names, sizeof(char *)) = child->name;
        }
    }
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof(char *), by_bytes);
    }
    *ret_names = names.items;
    *ret_count = names.count;
}
