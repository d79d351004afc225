/* SPDX-License-Identifier: MIT */
/* Certificates and signed messages: what the system read of them, never their bytes. */
#include <string.h>

#include "base/limits.h"
#include "host/hex.h"
#include "host/record/entries.h"

static void keep_certificate(struct recorder *recorder, const struct certificate *certificate)
{
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    if (!certificate->exists || entries_find(recorder, &recorder->parts[PART_CERTIFICATES], certificate->sha1)) {
        return;
    }
    sim_tell_certificate(&telling.writer, certificate);
    recorder_keep(recorder, &recorder->parts[PART_CERTIFICATES], certificate->sha1, &telling);
}

static bool certificate_query(void *context, enum certificate_store store, const char *thumbprint, struct arena *arena,
                              struct certificate *ret_certificate, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(certificate, query, err, store, thumbprint, arena, ret_certificate, err);
    const char *name = recorder_has_room(recorder, LIMIT_TEXT_BYTES)
                           ? arena_format(recorder->arena, "%s %s", certificate_store_names[store], thumbprint)
                           : "";
    if (made && !recorder->is_cut) {
        keep_certificate(recorder, ret_certificate);
        writer_bool(&telling.writer, ret_certificate->exists);
        recorder_keep(recorder, &recorder->parts[PART_STORES], name, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_CERTIFICATE, name);
}

static bool certificate_read(void *context, const void *der, size_t size, struct arena *arena,
                             struct certificate *ret_certificate, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(certificate, read, err, der, size, arena, ret_certificate, err);
    if (!recorder_has_room(recorder, LIMIT_TEXT_BYTES)) {
        return made;
    }
    const char *number = sim_bytes_number(recorder->arena, der, size);
    bool is_ours = strlen(number) == CERTIFICATE_SHA1_DIGITS;
    if (made && !is_ours) {
        keep_certificate(recorder, ret_certificate);
        recorder_keep_signed(recorder, number, der, size);
        if (ret_certificate->exists) {
            writer_text(&telling.writer, ret_certificate->sha1);
        } else {
            writer_bool(&telling.writer, false);
        }
        recorder_keep(recorder, &recorder->parts[PART_READS], number, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_READ, number);
}

static bool certificate_list(void *context, enum certificate_store store, struct arena *arena,
                             struct certificates *ret_certificates, struct err *err)
{
    struct recorder *recorder = context;
    return ASK(certificate, list, err, store, arena, ret_certificates, err);
}

const struct certificate_ops recorder_certificate_ops = {
    .query = certificate_query, .list = certificate_list, .read = certificate_read};

static bool crypto_open(void *context, const void *bytes, size_t size, struct arena *arena,
                        struct crypto_message *ret_message, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(crypto, open_message, err, bytes, size, arena, ret_message, err);
    if (!recorder_has_room(recorder, LIMIT_MESSAGE_BYTES)) {
        return made;
    }
    const char *number = sim_bytes_number(recorder->arena, bytes, size);
    if (made) {
        keep_certificate(recorder, &ret_message->signer);
        for (size_t i = 0; i < ret_message->embedded.count; i++) {
            keep_certificate(recorder, &ret_message->embedded.items[i]);
        }
        recorder_keep_signed(recorder, number, bytes, size);
        sim_tell_message(&telling.writer, ret_message, recorder->arena);
        recorder_keep(recorder, &recorder->parts[PART_MESSAGES], number, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_MESSAGE, number);
}

static bool crypto_chain(void *context, const struct crypto_chain_query *query, struct arena *arena,
                         struct crypto_chain *ret_chain, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(crypto, chain, err, query, arena, ret_chain, err);
    if (!recorder_has_room(recorder, 16 * (size_t)LIMIT_TEXT_BYTES)) {
        return made;
    }
    const char *name = sim_chain_name(recorder->arena, query);
    if (made) {
        for (size_t i = 0; i < ret_chain->count; i++) {
            keep_certificate(recorder, &ret_chain->elements[i].certificate);
        }
        sim_tell_chain(&telling.writer, ret_chain, recorder->arena);
        recorder_keep(recorder, &recorder->parts[PART_CHAINS], name, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_CHAIN, name);
}

static bool crypto_random(void *context, void *bytes, size_t size, struct err *err)
{
    struct recorder *recorder = context;
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    bool made = ASK(crypto, random, err, bytes, size, err);
    if (made && recorder_has_room(recorder, 4 * size)) {
        writer_text(&telling.writer, hex_encode(recorder->arena, bytes, size));
        recorder_keep(recorder, &recorder->parts[PART_ONCE], ONCE_RANDOM, &telling);
    }
    return recorder_note(recorder, made, err, SIM_LOOK_RANDOM);
}

const struct crypto_ops recorder_crypto_ops = {
    .open_message = crypto_open, .chain = crypto_chain, .random = crypto_random};
