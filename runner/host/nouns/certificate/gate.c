/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/certificate/certificate.h"
#include "host/op_state.h"
#include "host/restore.h"
#include "json/fields.h"

/* As Windows writes it, or ERR_INVALID. */
static bool check_thumbprint(struct host *host, const char **thumbprint, struct err *err)
{
    const char *digits = certificate_thumbprint(host->arena, *thumbprint);
    if (digits == NULL) {
        return err_set(err, ERR_INVALID, 0, "%.80s is no thumbprint of %d digits", *thumbprint,
                       (int)CERTIFICATE_SHA1_DIGITS);
    }
    *thumbprint = digits;
    return true;
}

bool host_certificate_query(struct host *host, enum certificate_store store, const char *thumbprint,
                            struct certificate *ret_certificate, struct err *err)
{
    return check_thumbprint(host, &thumbprint, err) &&
           gate_look(host, host->ops->certificate->query != NULL, "certificates", err) &&
           host->ops->certificate->query(host->backend, store, thumbprint, host->arena, ret_certificate, err);
}

bool host_certificate_list(struct host *host, enum certificate_store store, struct certificates *ret_certificates,
                           struct err *err)
{
    return gate_look(host, host->ops->certificate->list != NULL, "certificates", err) &&
           host->ops->certificate->list(host->backend, store, host->arena, ret_certificates, err);
}

bool host_certificate_read(struct host *host, const void *bytes, size_t size, struct certificate *ret_certificate,
                           struct err *err)
{
    const uint8_t *der = NULL;
    size_t der_size = 0;
    if (size > LIMIT_CERTIFICATE_BYTES) {
        *ret_certificate = (struct certificate){0};
        return true;
    }
    certificate_der(host->arena, bytes, size, &der, &der_size);
    return gate_look(host, host->ops->certificate->read != NULL, "certificates", err) &&
           host->ops->certificate->read(host->backend, der, der_size, host->arena, ret_certificate, err);
}

static const char *content_of(struct arena *arena, const struct certificate *certificate)
{
    return certificate->exists
               ? arena_format(arena, "{\"hex\":\"%s\"}", hex_encode(arena, certificate->bytes, certificate->size))
               : "null";
}

static const char *shown(struct arena *arena, const struct certificate *certificate)
{
    return certificate->exists ? arena_format(arena, "%.200s", certificate->subject) : NULL;
}

/* Only intermediates: whom a machine trusts is not ours to change. */
static bool is_ours_to_change(enum certificate_store store, const char *thumbprint, struct err *err)
{
    return store == CERTIFICATE_CA ||
           err_set(err, ERR_REFUSED, 0, "%s in %s: only the intermediates of CA are ever added or taken back",
                   thumbprint, certificate_store_names[store]);
}

static struct change certificate_change(struct host *host, const char *verb, enum certificate_store store,
                                        const struct certificate *before, const struct certificate *after)
{
    struct arena *arena = host->arena;
    const char *thumbprint = after->exists ? after->sha1 : before->sha1;
    return (struct change){
        .noun = NOUN_CERTIFICATE,
        .also = NOUN_BIT(NOUN_CRYPTO),
        .class = OP_REVERSIBLE,
        .verb = verb,
        .target = arena_format(arena, "certificate|%s|%s", certificate_store_names[store], thumbprint),
        .before = content_of(arena, before),
        .after = content_of(arena, after),
        .shown_before = shown(arena, before),
        .shown_after = shown(arena, after),
    };
}

bool host_certificate_add(struct host *host, enum certificate_store store, const struct certificate *certificate,
                          struct err *err)
{
    struct certificate before = {0};
    must(certificate->exists);
    if (!is_ours_to_change(store, certificate->sha1, err) ||
        !host_certificate_query(host, store, certificate->sha1, &before, err)) {
        return false;
    }
    if (before.exists) {
        return true;
    }
    struct change change = certificate_change(host, "add", store, &before, certificate);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op,
                    host->ops->certificate->add(host->backend, store, certificate->bytes, certificate->size, err), err);
}

bool host_certificate_remove(struct host *host, enum certificate_store store, const char *thumbprint, struct err *err)
{
    struct certificate before = {0};
    const struct certificate after = {0};
    if (!is_ours_to_change(store, thumbprint, err) || !check_thumbprint(host, &thumbprint, err) ||
        !host_certificate_query(host, store, thumbprint, &before, err)) {
        return false;
    }
    if (!before.exists) {
        return true;
    }
    struct change change = certificate_change(host, "remove", store, &before, &after);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->certificate->remove(host->backend, store, thumbprint, err), err);
}

/* --- the way back --- */

/* "certificate|STORE|THUMBPRINT" */
static bool split_certificate(struct host *host, const struct op *op, enum certificate_store *ret_store,
                              const char **ret_thumbprint, struct err *err)
{
    const char *rest = op_state_name_behind(op->target, "certificate");
    const char *bar = rest != NULL ? strchr(rest, '|') : NULL;
    int store =
        bar != NULL ? text_word(certificate_store_names, arena_copy(host->arena, rest, (size_t)(bar - rest))) : -1;
    if (store < 0) {
        return op_state_refuse(op, err);
    }
    *ret_store = (enum certificate_store)store;
    *ret_thumbprint = bar + 1;
    return true;
}

static bool certificate_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    enum certificate_store store = CERTIFICATE_CA;
    const char *thumbprint = NULL;
    struct certificate certificate = {0};
    if (!split_certificate(host, op, &store, &thumbprint, err) ||
        !host_certificate_query(host, store, thumbprint, &certificate, err)) {
        return false;
    }
    *ret_state = content_of(host->arena, &certificate);
    return true;
}

static bool certificate_restore(struct host *host, const struct op *op, struct err *err)
{
    enum certificate_store store = CERTIFICATE_CA;
    const char *thumbprint = NULL;
    struct content_state state = {0};
    struct certificate certificate = {0};
    bool exists = false;
    if (!split_certificate(host, op, &store, &thumbprint, err) ||
        !op_state_decode(host, op, &op_state_content_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_certificate_remove(host, store, thumbprint, err);
    }
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (!hex_decode(host->arena, state.hex, &bytes, &size)) {
        return op_state_refuse(op, err);
    }
    return host_certificate_read(host, bytes, size, &certificate, err) &&
           (certificate.exists && text_equal(certificate.sha1, thumbprint)
                ? host_certificate_add(host, store, &certificate, err)
                : op_state_refuse(op, err));
}

static bool is_target(const char *target)
{
    const char *thumbprint = strrchr(target, '|');
    return text_starts(target, "certificate|") && thumbprint != NULL &&
           strlen(thumbprint + 1) == CERTIFICATE_SHA1_DIGITS &&
           strspn(thumbprint + 1, "0123456789ABCDEFabcdef") == CERTIFICATE_SHA1_DIGITS;
}

static const struct way_back ways[] = {
    {{"add", "remove"}, certificate_state, certificate_restore},
};
const struct noun_gate certificate_gate = {ways, COUNT_OF(ways), is_target};
