/* SPDX-License-Identifier: MIT */
/* From the text of the entries to a recording: signed bytes go, names get stand-ins, and sim reads and writes it. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/base64.h"
#include "host/hex.h"
#include "host/record/entries.h"
#include "host/record/redactor.h"
#include "host/record/vocabulary.h"

/* --- signed bytes in answers of the network --- */

/* Every `what` in text by `with`; text itself where there is none. */
static const char *replaced(struct arena *arena, const char *text, const char *what, const char *with)
{
    const char *found = strstr(text, what);
    if (found == NULL || *what == '\0') {
        return text;
    }
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    for (; found != NULL; found = strstr(text, what)) {
        buf_add(&buf, text, (size_t)(found - text));
        buf_text(&buf, with);
        text = found + strlen(what);
    }
    buf_text(&buf, text);
    return arena_text(arena, buf_whole(&buf));
}

static const char *stand_in(struct arena *arena, const struct signed_bytes *bytes)
{
    return arena_format(arena, SIM_STAND_IN "%s", bytes->number);
}

static const char *stand_in_base64(struct arena *arena, const struct signed_bytes *bytes)
{
    const char *text = stand_in(arena, bytes);
    return base64_encode(arena, text, strlen(text));
}

/* As a body of bytes, and as base64 in one; there '/' may be escaped. */
static const char *without_bytes(struct arena *arena, const char *answer, const struct signed_bytes *bytes,
                                 bool *ret_found)
{
    const char *digits = arena_format(arena, "\"bodyHex\":\"%s\"", hex_encode(arena, bytes->bytes, bytes->size));
    const char *base64 = base64_encode(arena, bytes->bytes, bytes->size);
    const char *with = stand_in_base64(arena, bytes);
    const char *left = replaced(arena, answer, digits, arena_format(arena, "\"body\":\"%s\"", stand_in(arena, bytes)));
    left = replaced(arena, left, base64, with);
    left = replaced(arena, left, replaced(arena, base64, "/", "\\\\/"), with);
    *ret_found = *ret_found || left != answer || strstr(answer, with) != NULL;
    return left;
}

static bool leave_out(struct recorder *recorder, const struct signed_bytes *bytes)
{
    const struct entries *asked = &recorder->parts[PART_ASKED];
    bool found = false;
    for (size_t i = 0; i < asked->all.count; i++) {
        struct entry *entry = ((struct entry *const *)asked->all.items)[i];
        for (size_t j = 0; j < entry->answers.count; j++) {
            const char **answer = &((const char **)entry->answers.items)[j];
            if (*answer == NULL) {
                continue;
            }
            *answer = without_bytes(recorder->arena, *answer, bytes, &found);
        }
    }
    return found;
}

/* A message that no kept answer carries, of a later pass, is left out: nobody could ask for it. */
static void drop_message(struct recorder *recorder, const char *number)
{
    struct arena_list *all = &recorder->parts[PART_MESSAGES].all;
    struct entry **entries = all->items;
    for (size_t i = 0; i < all->count; i++) {
        if (text_same(entries[i]->name, number)) {
            all->count--;
            memmove(&entries[i], &entries[i + 1], (all->count - i) * sizeof *entries);
            return;
        }
    }
}

static void leave_out_signed(struct recorder *recorder)
{
    const struct signed_bytes *signed_bytes = recorder->signed_list.items;
    for (size_t i = 0; i < recorder->signed_list.count; i++) {
        if (!leave_out(recorder, &signed_bytes[i])) {
            drop_message(recorder, signed_bytes[i].number);
        }
    }
}

/* --- what everybody knows --- */

static bool know_format(struct redactor *redactor, struct arena *arena, struct err *err)
{
    struct buf schema AUTO(buf_clear);
    struct writer writer;
    const struct json *json = NULL;
    const struct json_source source = {.file = "schema", .limit = LIMIT_MACHINE_BYTES};
    buf_init(&schema, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &schema, WRITER_ONE_LINE);
    sim_schema(&writer);
    writer_finish(&writer);
    if (!json_load(buf_string(&schema), schema.size, &source, arena, &json, err)) {
        return false;
    }
    redactor_know_json(redactor, json_find(json, "$defs"));
    return true;
}

/* Ids of products and applications are Microsoft's, wherever they stand. */
static void know_products(struct redactor *redactor, const struct json *document)
{
    static const char *const members[] = {"id", "application"};
    const struct json *products = json_find(json_find(document, "licensing"), "products");
    for (uint32_t i = 0; products != NULL && i < products->count; i++) {
        for (size_t j = 0; j < COUNT_OF(members); j++) {
            const struct json *id = json_find(&products->as.items[i], members[j]);
            if (id != NULL && id->type == JSON_TEXT && shape_accepts(SHAPE_GUID, id->as.text)) {
                redactor_know(redactor, id->as.text);
            }
        }
    }
}

static bool put_stand_ins(struct recorder *recorder, const struct recorder_form *form, const struct json *document,
                          struct buf *buf, struct err *err)
{
    struct arena *arena = recorder->arena;
    struct redactor *redactor = redactor_open(arena, form->seed);
    struct writer writer;
    for (size_t i = 0; vocabulary[i] != NULL; i++) {
        redactor_know(redactor, vocabulary[i]);
    }
    const struct signed_bytes *signed_bytes = recorder->signed_list.items;
    for (size_t i = 0; i < recorder->signed_list.count; i++) {
        redactor_know(redactor, signed_bytes[i].number);
        redactor_know(redactor, stand_in_base64(arena, &signed_bytes[i]));
    }
    for (size_t i = 0; form->known[i] != NULL; i++) {
        redactor_know_json(redactor, form->known[i]);
    }
    if (!know_format(redactor, arena, err)) {
        return false;
    }
    know_products(redactor, document);
    buf->size = 0;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    redactor_write(redactor, document, &writer);
    return true;
}

static bool fits(const struct buf *buf, struct err *err)
{
    return !buf->failed || err_set(err, ERR_LIMIT, 0, "the recording has more than %zu bytes", buf->limit);
}

/* As the simulated machine reads it, and writes it: what is not its notation would not pass. */
static bool write_canonical(struct recorder *recorder, const struct buf *draft, struct buf *buf, struct err *err)
{
    struct sim *sim = NULL;
    if (!fits(draft, err) || !sim_open(buf_string(draft), draft->size, "recording", recorder->arena, &sim, err)) {
        return false;
    }
    sim_save(sim, buf);
    sim_close(sim);
    return fits(buf, err);
}

bool recorder_write(struct recorder *recorder, const struct recorder_form *form, struct buf *buf,
                    struct recorder_report *ret_report, struct err *err)
{
    struct buf text AUTO(buf_clear);
    const struct json_source source = {.file = "recording", .limit = LIMIT_MACHINE_BYTES};
    const struct json *document = NULL;
    buf_init(&text, LIMIT_MACHINE_BYTES);
    buf_init(buf, LIMIT_MACHINE_BYTES);
    leave_out_signed(recorder);
    size_t failed = recorder_draft(recorder, form, &text);
    *ret_report = (struct recorder_report){.looks = recorder->done.count, .failed = failed, .is_cut = recorder->is_cut};
    if (!fits(&text, err)) {
        return false;
    }
    if (form->redacts && form->redacted == NULL) {
        if (!json_load(buf_string(&text), text.size, &source, recorder->arena, &document, err) ||
            !put_stand_ins(recorder, form, document, &text, err)) {
            return false;
        }
    }
    return write_canonical(recorder, &text, buf, err);
}
