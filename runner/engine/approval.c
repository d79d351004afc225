/* SPDX-License-Identifier: MIT */
#include "engine/approval.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/host.h"
#include "host/port.h"

static const char digits[] = "0123456789abcdef";

bool approval_is_name(const char *text)
{
    size_t size = strspn(text, digits);
    if (size != APPROVAL_WHOLE_DIGITS) {
        return false;
    }
    for (const char *at = text + size; *at != '\0'; at += 1 + size) {
        size = *at == '.' ? strspn(at + 1, digits) : 0;
        if (size != APPROVAL_PART_DIGITS) {
            return false;
        }
    }
    return true;
}

/* Each part behind its length, so that no two lists of texts read alike. */
static void add(struct buf *buf, const char *text)
{
    buf_format(buf, "%zu:%s", text != NULL ? strlen(text) : 0, text != NULL ? text : "");
}

static void add_change(struct buf *buf, const struct op *op)
{
    bool is_move = text_same(op->verb, "rename");
    add(buf, op->verb);
    add(buf, op->target);
    add(buf, op->before);
    add(buf, is_move ? NULL : op->after);
}

static void add_finding(struct buf *buf, const struct record *plan, const char *playbook,
                        const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    add(buf, playbook);
    add(buf, finding->finding->id);
    for (size_t i = 0; i < finding->steps.count; i++) {
        add(buf, steps[i].ensure);
        add(buf, steps[i].item);
        add(buf, steps[i].may_follow);
        if (steps[i].preview != NULL) {
            add(buf, steps[i].preview->wants);
        }
        for (size_t j = 0; j < steps[i].op_count; j++) {
            add_change(buf, host_op(plan->host, steps[i].op_first + j));
        }
    }
}

static bool hash(const struct buf *buf, size_t count, struct arena *arena, const char **ret_hex, struct err *err)
{
    uint8_t digest[PORT_SHA256_BYTES];
    if (buf->failed) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the name of the plan");
    }
    if (!port_sha256(buf_string(buf), buf->size, digest, err)) {
        return false;
    }
    *ret_hex = hex_encode(arena, digest, count / 2);
    return true;
}

/* Its findings that would be fixed, and the digits of each. */
struct parts {
    const char **ids, **hashes;
    size_t count;
    const char *followers; /* "kms_target, license" */
};

static void add_followers(const struct finding_record *finding, struct arena *arena, struct parts *parts)
{
    const struct step_record *steps = finding->steps.items;
    for (size_t i = 0; i < finding->steps.count; i++) {
        if (steps[i].may_follow != NULL) {
            parts->followers = arena_format(arena, "%s, %s", parts->followers, steps[i].may_follow);
        }
    }
}

/* text: what its hash is made of. */
static bool add_part(struct parts *parts, const struct finding_record *finding, const struct buf *text,
                     struct arena *arena, struct err *err)
{
    parts->ids[parts->count] = finding->finding->id;
    add_followers(finding, arena, parts);
    return hash(text, APPROVAL_PART_DIGITS, arena, &parts->hashes[parts->count++], err);
}

static size_t count_findings(const struct record *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->playbook_count; i++) {
        count += plan->playbooks[i].playbook->finding_count;
    }
    return count;
}

static bool take_apart(const struct record *plan, struct arena *arena, struct parts *ret_parts, const char **ret_whole,
                       struct err *err)
{
    struct buf whole AUTO(buf_clear) = {0};
    size_t room = count_findings(plan);
    struct parts parts = {.ids = arena_array(arena, room, sizeof(*parts.ids)),
                          .hashes = arena_array(arena, room, sizeof(*parts.hashes)),
                          .followers = ""};
    buf_init(&whole, LIMIT_RESULT_BYTES);
    for (size_t i = 0; i < plan->playbook_count; i++) {
        const struct playbook_record *playbook = &plan->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            struct buf text AUTO(buf_clear) = {0};
            if (finding->state != FINDING_WOULD_FIX) {
                continue;
            }
            buf_init(&text, LIMIT_RESULT_BYTES);
            add_finding(&text, plan, playbook->playbook->id, finding);
            buf_add(&whole, buf_string(&text), text.size);
            if (!add_part(&parts, finding, &text, arena, err)) {
                return false;
            }
        }
    }
    *ret_parts = parts;
    return hash(&whole, APPROVAL_WHOLE_DIGITS, arena, ret_whole, err);
}

static const char *join(const char *whole, const struct parts *parts, struct arena *arena)
{
    const char *name = parts->count > 0 ? whole : "";
    for (size_t i = 0; i < parts->count; i++) {
        name = arena_format(arena, "%s.%s", name, parts->hashes[i]);
    }
    return name;
}

bool approval_name(const struct record *plan, struct arena *arena, const char **ret_name, struct err *err)
{
    struct parts parts = {0};
    const char *whole = NULL;
    if (!take_apart(plan, arena, &parts, &whole, err)) {
        return false;
    }
    *ret_name = join(whole, &parts, arena);
    return true;
}

static bool has_part(const char *name, const char *part)
{
    for (const char *at = strchr(name, '.'); at != NULL; at = strchr(at + 1, '.')) {
        if (strncmp(at + 1, part, APPROVAL_PART_DIGITS) == 0) {
            return true;
        }
    }
    return false;
}

bool approval_compare(const char *given, const struct record *plan, struct arena *arena,
                      struct approval_record *ret_approval, struct err *err)
{
    struct parts parts = {0};
    const char *whole = NULL;
    if (!take_apart(plan, arena, &parts, &whole, err)) {
        return false;
    }
    struct approval_record approval = {.given = given, .is = join(whole, &parts, arena)};
    const char **differing = arena_array(arena, parts.count, sizeof(*differing));
    size_t given_count = (strlen(given) - APPROVAL_WHOLE_DIGITS) / (APPROVAL_PART_DIGITS + 1);
    for (size_t i = 0; i < parts.count; i++) {
        if (!has_part(given, parts.hashes[i])) {
            differing[approval.differing_count++] = parts.ids[i];
        }
    }
    size_t same = parts.count - approval.differing_count;
    approval.differing = differing;
    approval.gone = given_count > same ? given_count - same : 0;
    approval.followers = narrowing_list(parts.followers, arena, &approval.follower_count);
    approval.ids = parts.ids;
    approval.id_count = parts.count;
    *ret_approval = approval;
    return true;
}
