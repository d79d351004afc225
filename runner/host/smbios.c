/* SPDX-License-Identifier: MIT */
#include "host/smbios.h"

enum {
    RAW_HEADER_BYTES = 8, /* calling method, major, minor, revision, then the length */
    RAW_LENGTH_AT = 4,
    HEADER_BYTES = 4, /* type, length of the formatted part, handle */
    TYPE_CHASSIS = 3,
    TYPE_END = 127,
    CHASSIS_TAG_AT = 8, /* holds the number of a string, from 1; 0: none */
};

struct bytes {
    const uint8_t *at;
    size_t size;
};

static struct bytes skip(struct bytes bytes, size_t count)
{
    return (struct bytes){bytes.at + count, bytes.size - count};
}

/* Length of the text at the front without its NUL; the whole size when it has none. */
static size_t text_size(struct bytes bytes)
{
    size_t size = 0;
    while (size < bytes.size && bytes.at[size] != 0) {
        size++;
    }
    return size;
}

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* One structure: its formatted part and its strings, without the empty string that ends them. */
struct structure {
    struct bytes formatted, strings;
};

/* Moves table behind the structure. False: what is left holds none. */
static bool take(struct bytes *table, struct structure *ret_structure)
{
    if (table->size < HEADER_BYTES) {
        return false;
    }
    size_t length = table->at[1];
    if (length < HEADER_BYTES || length > table->size) {
        return false;
    }
    struct bytes strings = skip(*table, length);
    for (size_t end = 0; end + 1 < strings.size; end++) {
        if (strings.at[end] == 0 && strings.at[end + 1] == 0) {
            *ret_structure = (struct structure){{table->at, length}, {strings.at, end + 1}};
            *table = skip(strings, end + 2);
            return true;
        }
    }
    return false;
}

/* The string of that number, from 1. */
static bool find_string(struct bytes strings, unsigned number, struct bytes *ret_text)
{
    while (strings.size > 0) {
        size_t size = text_size(strings);
        if (size == 0 || size == strings.size) {
            return false;
        }
        if (--number == 0) {
            *ret_text = (struct bytes){strings.at, size};
            return true;
        }
        strings = skip(strings, size + 1);
    }
    return false;
}

static const char *printable(struct arena *arena, struct bytes text)
{
    char *copy = arena_copy(arena, text.at, text.size);
    for (size_t i = 0; i < text.size; i++) {
        copy[i] = text.at[i] >= ' ' && text.at[i] <= '~' ? copy[i] : '?';
    }
    return copy;
}

static bool chassis_tag(const struct structure *chassis, struct arena *arena, const char **ret_tag, struct err *err)
{
    struct bytes text = {0};
    if (chassis->formatted.size <= CHASSIS_TAG_AT) {
        return err_set(err, ERR_INVALID, 0, "SMBIOS: the chassis is too short for an asset tag");
    }
    unsigned number = chassis->formatted.at[CHASSIS_TAG_AT];
    if (number != 0 && !find_string(chassis->strings, number, &text)) {
        return err_set(err, ERR_INVALID, 0, "SMBIOS: the chassis has no string %u", number);
    }
    *ret_tag = number == 0 ? "" : printable(arena, text);
    return true;
}

bool smbios_asset_tag(const uint8_t *bytes, size_t size, struct arena *arena, const char **ret_tag, struct err *err)
{
    if (size < RAW_HEADER_BYTES || read_u32(bytes + RAW_LENGTH_AT) > size - RAW_HEADER_BYTES) {
        return err_set(err, ERR_INVALID, 0, "SMBIOS: the table is longer than its %zu bytes", size);
    }
    struct bytes table = {bytes + RAW_HEADER_BYTES, read_u32(bytes + RAW_LENGTH_AT)};
    struct structure structure;
    while (take(&table, &structure)) {
        if (structure.formatted.at[0] == TYPE_CHASSIS) {
            return chassis_tag(&structure, arena, ret_tag, err);
        }
        if (structure.formatted.at[0] == TYPE_END) {
            return err_set(err, ERR_NOT_FOUND, 0, "SMBIOS: no chassis");
        }
    }
    return table.size == 0 ? err_set(err, ERR_NOT_FOUND, 0, "SMBIOS: no chassis")
                           : err_set(err, ERR_INVALID, 0, "SMBIOS: a structure of %zu bytes is malformed", table.size);
}
