/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "pack/pack_private.h"

enum { SHOWN_SIZE = 80 };

bool pack_refuse(const char *archive, const char *entry, size_t size, const char *why, struct err *err)
{
    char shown[SHOWN_SIZE];
    size_t count = size < sizeof(shown) - 1 ? size : sizeof(shown) - 1;
    for (size_t i = 0; i < count; i++) {
        shown[i] = entry[i] >= ' ' && entry[i] <= '~' ? entry[i] : '?';
    }
    shown[count] = '\0';
    return err_set(err, ERR_INVALID, 0, "%s: \"%s\" %s", archive, shown, why);
}

/* What a device is called with, whatever stands behind the first dot; '#' is any digit. */
static const char *const devices[] = {"con", "prn", "aux", "nul", "com#", "lpt#", "conin$", "conout$", "clock$"};

static bool matches_device(const char *stem, const char *device)
{
    char shape[8] = "";
    (void)snprintf(shape, sizeof(shape), "%s", stem);
    size_t last = strlen(shape) - 1;
    if (device[last] == '#' && shape[last] >= '0' && shape[last] <= '9') {
        shape[last] = '#';
    }
    return text_equal(shape, device);
}

static bool is_device(const char *part, size_t size)
{
    char stem[8] = "";
    size_t length = 0;
    while (length < size && part[length] != '.') {
        length++;
    }
    while (length > 0 && part[length - 1] == ' ') {
        length--;
    }
    if (length < 3 || length >= sizeof(stem)) {
        return false;
    }
    memcpy(stem, part, length);
    for (size_t i = 0; i < COUNT_OF(devices); i++) {
        if (strlen(devices[i]) == length && matches_device(stem, devices[i])) {
            return true;
        }
    }
    return false;
}

/* "PROGRA~1": Windows may take it for another file. */
static bool is_short_name(const char *part, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (part[i] == '~' && part[i + 1] >= '0' && part[i + 1] <= '9') {
            return true;
        }
    }
    return false;
}

static const char *part_fault(const char *part, size_t size)
{
    if (size == 0) {
        return "is absolute or has an empty part";
    }
    if ((size == 1 && part[0] == '.') || (size == 2 && memcmp(part, "..", 2) == 0)) {
        return "leads out of its folder (. or ..)";
    }
    if (part[size - 1] == '.' || part[size - 1] == ' ') {
        return "has a part that ends with a dot or a blank";
    }
    if (is_device(part, size)) {
        return "has a part that Windows reserves for a device";
    }
    return is_short_name(part, size) ? "has a part like a short name (~1)" : NULL;
}

static const struct {
    const char *letters, *why;
} forbidden[] = {
    {"\\", "has a backslash; folders are parted by /"},
    {":", "has a colon: a drive or a stream"},
    {"<>\"|?*", "has a character that Windows forbids"},
};

static const char *letter_fault(char letter)
{
    if (letter < ' ' || letter > '~') {
        return "has a name that is not printable ASCII";
    }
    for (size_t i = 0; i < COUNT_OF(forbidden); i++) {
        if (strchr(forbidden[i].letters, letter) != NULL) {
            return forbidden[i].why;
        }
    }
    return NULL;
}

const char *pack_name_fault(const char *name, size_t size)
{
    const char *fault = size > LIMIT_ARCHIVE_NAME_BYTES ? "has too long a name" : NULL;
    for (size_t i = 0; fault == NULL && i < size; i++) {
        fault = letter_fault(name[i]);
    }
    size_t start = 0;
    size_t parts = 0;
    for (size_t i = 0; fault == NULL && i <= size; i++) {
        if (i == size || name[i] == '/') {
            fault = part_fault(name + start, i - start);
            start = i + 1;
            parts++;
        }
    }
    return fault == NULL && parts > LIMIT_ARCHIVE_FOLDERS + 1 ? "lies in too many folders" : fault;
}
