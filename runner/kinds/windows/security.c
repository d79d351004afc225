/* SPDX-License-Identifier: MIT */
#include "kinds/windows/security.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/text.h"

enum {
    DESCRIPTOR_BYTES = 20,
    ACL_BYTES = 8,
    ACE_BYTES = 8, /* header and mask */
    SID_BYTES = 8, /* without sub-authorities */
    SID_PARTS = 15,
    SID_TEXT = 192,
    DACL_PRESENT = 0x0004,
    SELF_RELATIVE = 0x8000,
    ALLOWED = 0,
    DENIED = 1,
    INHERIT_ONLY = 0x08,
};
#define GENERIC_ALL 0x10000000U

static uint32_t number_at(const uint8_t *bytes, size_t width)
{
    uint32_t number = 0;
    for (size_t i = width; i > 0; i--) {
        number = number << 8U | bytes[i - 1];
    }
    return number;
}

static bool refuse(struct err *err, const char *why)
{
    return err_set(err, ERR_INVALID, 0, "no security descriptor: %s", why);
}

/* NULL: no SID of exactly this size at most. */
static const char *read_sid(const uint8_t *bytes, size_t size, struct arena *arena)
{
    size_t parts = size >= SID_BYTES ? bytes[1] : 0;
    if (size < SID_BYTES || bytes[0] != 1 || parts > SID_PARTS || size < SID_BYTES + 4 * parts) {
        return NULL;
    }
    uint64_t authority = 0;
    for (size_t i = 2; i < SID_BYTES; i++) {
        authority = authority << 8U | bytes[i];
    }
    struct buf text AUTO(buf_clear);
    buf_init(&text, SID_TEXT);
    buf_format(&text, "S-1-%" PRIu64, authority);
    for (size_t i = 0; i < parts; i++) {
        buf_format(&text, "-%" PRIu32, number_at(bytes + SID_BYTES + 4 * i, 4));
    }
    return arena_text(arena, buf_whole(&text));
}

/* One entry; false: it does not fit. ret_entry->sid NULL: none that counts. */
static bool read_entry(const uint8_t *bytes, size_t size, struct arena *arena, struct security_entry *ret_entry)
{
    *ret_entry = (struct security_entry){0};
    bool is_plain = bytes[0] == ALLOWED || bytes[0] == DENIED;
    if (!is_plain) {
        return true;
    }
    const char *sid = size >= ACE_BYTES ? read_sid(bytes + ACE_BYTES, size - ACE_BYTES, arena) : NULL;
    if (sid != NULL && (bytes[1] & INHERIT_ONLY) == 0) {
        *ret_entry =
            (struct security_entry){.allows = bytes[0] == ALLOWED, .mask = number_at(bytes + 4, 4), .sid = sid};
    }
    return sid != NULL;
}

static bool read_list(const uint8_t *bytes, size_t size, struct arena *arena, struct security_list *ret_list,
                      struct err *err)
{
    size_t acl_size = size >= ACL_BYTES ? number_at(bytes + 2, 2) : 0;
    if (size < ACL_BYTES || (bytes[0] != 2 && bytes[0] != 4) || acl_size < ACL_BYTES || acl_size > size) {
        return refuse(err, "its list does not fit into it");
    }
    size_t entries = number_at(bytes + 4, 2);
    struct security_entry *items = arena_array(arena, entries, sizeof *items);
    struct security_list list = {.items = items};
    size_t at = ACL_BYTES;
    for (size_t i = 0; i < entries; i++) {
        size_t left = acl_size - at;
        size_t length = left >= 4 ? number_at(bytes + at + 2, 2) : 0;
        struct security_entry entry;
        if (length < 4 || length > left || !read_entry(bytes + at, length, arena, &entry)) {
            return refuse(err, "an entry does not fit into its list");
        }
        if (entry.sid != NULL) {
            items[list.count++] = entry;
        }
        at += length;
    }
    *ret_list = list;
    return true;
}

bool security_parse(const uint8_t *bytes, size_t size, struct arena *arena, struct security_list *ret_list,
                    struct err *err)
{
    if (size < DESCRIPTOR_BYTES || bytes[0] != 1) {
        return refuse(err, "it is too short, or of another revision");
    }
    uint32_t control = number_at(bytes + 2, 2);
    size_t offset = number_at(bytes + 16, 4);
    if ((control & SELF_RELATIVE) == 0) {
        return refuse(err, "it is not self-relative");
    }
    if ((control & DACL_PRESENT) == 0 || offset == 0) {
        *ret_list = (struct security_list){.is_open = true};
        return true;
    }
    if (offset < DESCRIPTOR_BYTES || offset > size) {
        return refuse(err, "its list lies outside");
    }
    return read_list(bytes + offset, size - offset, arena, ret_list, err);
}

static bool is_one_of(const char *const *sids, const char *sid)
{
    for (size_t i = 0; sids[i] != NULL; i++) {
        if (text_equal(sids[i], sid)) {
            return true;
        }
    }
    return false;
}

bool security_allows(const struct security_list *list, const char *const *sids, uint32_t mask)
{
    uint32_t missing = list->is_open ? 0 : mask;
    for (size_t i = 0; i < list->count && missing != 0; i++) {
        const struct security_entry *entry = &list->items[i];
        uint32_t covers = (entry->mask & GENERIC_ALL) != 0 ? missing : entry->mask & missing;
        if (!is_one_of(sids, entry->sid) || covers == 0) {
            continue;
        }
        if (!entry->allows) {
            return false;
        }
        missing &= ~covers;
    }
    return missing == 0;
}
