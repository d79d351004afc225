/* SPDX-License-Identifier: MIT */
/*
 * Words for SIDs become a self-relative security descriptor. Source of the layout:
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/ (2.4.6, 2.4.5, 2.4.4.2, 2.4.2.2).
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

enum { DESCRIPTOR_BYTES = 20, ACL_BYTES = 8, ACE_BYTES = 8, SID_PARTS = 15, FULL_CONTROL = 0x1F01FF };

static const struct {
    const char *word, *sid;
} words[] = {
    {"system", "S-1-5-18"},
    {"administrators", "S-1-5-32-544"},
    {"network_service", "S-1-5-20"},
    {"sppsvc", "S-1-5-80-123231216-2592883651-3715271367-3753151631-4175906628"},
};

/* Little-endian; what is wider than the number is zeros. */
static void put(struct buf *buf, uint32_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++, number >>= 8U) {
        char byte = (char)(number & 0xFFU);
        buf_add(buf, &byte, 1);
    }
}

static const char *sid_of(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_same(words[i].word, word)) {
            return words[i].sid;
        }
    }
    return word;
}

/* "S-1-5-18": authority and sub-authorities as numbers. 0: not a SID. */
static size_t parse_sid(struct arena *arena, const char *sid, int64_t parts[static SID_PARTS + 1])
{
    size_t count = 0;
    if (!text_starts(sid, "S-1-")) {
        return 0;
    }
    for (const char *at = sid + strlen("S-1"); *at == '-'; count++) {
        size_t length = strcspn(at + 1, "-");
        const char *part = arena_copy(arena, at + 1, length);
        if (count > SID_PARTS || !text_to_int(part, &parts[count]) || parts[count] < 0 || parts[count] > UINT32_MAX) {
            return 0;
        }
        at += 1 + length;
    }
    return count;
}

bool sim_file_acl_check(const struct sim *sim, const struct json *acl, struct err *err)
{
    if (acl == NULL) {
        return true;
    }
    if (!json_want(acl, JSON_ARRAY, sim->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < acl->count; i++) {
        int64_t parts[SID_PARTS + 1];
        const struct json *item = &acl->as.items[i];
        if (item->type != JSON_TEXT || parse_sid(sim->arena, sid_of(item->as.text), parts) < 2) {
            return json_refuse(item, sim->file, err,
                               "expected system, administrators, network_service, sppsvc or a SID");
        }
    }
    return true;
}

static void put_ace(struct buf *buf, struct arena *arena, const char *sid)
{
    int64_t parts[SID_PARTS + 1];
    size_t count = parse_sid(arena, sid, parts);
    must(count >= 2);
    put(buf, 0, 2); /* ACCESS_ALLOWED_ACE_TYPE, no flags */
    put(buf, (uint32_t)(ACE_BYTES + 8 + 4 * (count - 1)), 2);
    put(buf, FULL_CONTROL, 4);
    put(buf, 1, 1);
    put(buf, (uint32_t)(count - 1), 1);
    put(buf, 0, 5);
    put(buf, (uint32_t)parts[0], 1); /* big-endian in six bytes: all authorities that exist are below 256 */
    for (size_t i = 1; i < count; i++) {
        put(buf, (uint32_t)parts[i], 4);
    }
}

void sim_file_descriptor(struct buf *buf, struct arena *arena, const struct json *acl)
{
    struct buf aces AUTO(buf_clear);
    buf_init(&aces, UINT16_MAX);
    for (uint32_t i = 0; i < acl->count; i++) {
        put_ace(&aces, arena, sid_of(acl->as.items[i].as.text));
    }
    put(buf, 1, 2);
    put(buf, 0x8004, 2); /* SE_SELF_RELATIVE, SE_DACL_PRESENT */
    put(buf, 0, 12);     /* no owner, group, SACL */
    put(buf, DESCRIPTOR_BYTES, 4);
    put(buf, 2, 2);
    put(buf, (uint32_t)(ACL_BYTES + aces.size), 2);
    put(buf, acl->count, 4);
    buf_add(buf, buf_whole(&aces), aces.size);
}
