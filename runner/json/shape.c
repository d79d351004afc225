/* SPDX-License-Identifier: MIT */
/*
 * Shapes: what a text must look like before it is put into a command that an administrator pastes into a shell. The
 * texts come from the network, so every rule lists what may stand there; nothing is looked for and taken out.
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
#include <string.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/letters.h"
#include "base/text.h"
#include "json/value.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define HEX DIGITS "ABCDEFabcdef"

enum {
    NAME_MAX_LETTERS = 90, /* the longest Azure resource name: a resource group's */
    NAME_MAX_BYTES = NAME_MAX_LETTERS,
    LABEL_MAX_BYTES = 63,
    HOST_MAX_BYTES = 253,
    RESOURCE_MAX_BYTES = 1024,
    GUID_BYTES = 36,
};

#define NAME_LETTERS LETTERS DIGITS "._-()"

/* A name that ends in '.' is no resource's, and "." and ".." would walk a path. */
static bool is_name(const char *text, size_t size)
{
    return size >= 1 && size <= NAME_MAX_BYTES && strspn(text, NAME_LETTERS) >= size && text[0] != '-' &&
           text[size - 1] != '.';
}

/* Of a resource group, whose letters and digits are those of every script. */
static bool is_group(const char *text, size_t size)
{
    size_t letters = 0;
    for (size_t at = 0; at < size; letters++) {
        uint32_t point = 0;
        size_t length = text_decode(text + at, &point);
        bool is_plain = point < 0x80 && point != 0 && strchr(NAME_LETTERS, (int)point) != NULL;
        if (length == 0 || length > size - at || (!is_plain && !letters_hold(point))) {
            return false;
        }
        at += length;
    }
    return letters >= 1 && letters <= NAME_MAX_LETTERS && text[0] != '-' && text[size - 1] != '.';
}

static bool is_guid(const char *text, size_t size)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (size != GUID_BYTES) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool fits = form[i] == '-' ? text[i] == '-' : text[i] != '\0' && strchr(HEX, text[i]) != NULL;
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool is_label(const char *text, size_t size)
{
    static const char allowed[] = LETTERS DIGITS "-_";
    return size >= 1 && size <= LABEL_MAX_BYTES && strspn(text, allowed) >= size && text[0] != '-' &&
           text[size - 1] != '-';
}

/* Every part between the separators passes; an empty one, at either end too, never does. */
static bool all_parts(const char *text, const char *separator, bool (*fits)(const char *text, size_t size))
{
    for (;;) {
        size_t size = strcspn(text, separator);
        if (!fits(text, size)) {
            return false;
        }
        if (text[size] == '\0') {
            return true;
        }
        text += size + 1;
    }
}

static bool accepts_nothing(const char *text)
{
    (void)text;
    return false;
}

static bool accepts_name(const char *text)
{
    return is_name(text, strlen(text));
}

static bool accepts_guid(const char *text)
{
    return is_guid(text, strlen(text));
}

static bool accepts_group(const char *text)
{
    return is_group(text, strlen(text));
}

/* Names between slashes; only a group's may have letters of every script. */
static bool is_path(const char *text)
{
    bool is_behind_groups = false;
    for (;;) {
        size_t size = strcspn(text, "/");
        if (!(is_behind_groups ? is_group(text, size) : is_name(text, size))) {
            return false;
        }
        if (text[size] == '\0') {
            return true;
        }
        is_behind_groups = text_starts(text, "resourceGroups/");
        text += size + 1;
    }
}

static bool accepts_resource(const char *text)
{
    static const char root[] = "/subscriptions/";
    if (!text_starts(text, root) || strlen(text) > RESOURCE_MAX_BYTES) {
        return false;
    }
    const char *subscription = text + strlen(root);
    return is_guid(subscription, strcspn(subscription, "/")) && is_path(text + 1);
}

static bool accepts_host(const char *text)
{
    return strlen(text) <= HOST_MAX_BYTES && all_parts(text, ".", is_label);
}

bool shape_accepts(enum text_shape shape, const char *text)
{
    static bool (*const accepts[])(const char *text) = {
        [SHAPE_FREE] = accepts_nothing, [SHAPE_NAME] = accepts_name,         [SHAPE_GROUP] = accepts_group,
        [SHAPE_GUID] = accepts_guid,    [SHAPE_RESOURCE] = accepts_resource, [SHAPE_ADDRESS] = text_is_address,
        [SHAPE_HOST] = accepts_host,
    };
    _Static_assert(COUNT_OF(accepts) == SHAPE_COUNT, "every shape has its rule");
    must((size_t)shape < COUNT_OF(accepts));
    return accepts[shape](text);
}
