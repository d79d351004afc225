/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "host/certificate.h"
#include "host/gate.h"
#include "host/hex.h"

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
           gate_look(host, host->ops->certificate_query != NULL, "certificates", err) &&
           host->ops->certificate_query(host->backend, store, thumbprint, host->arena, ret_certificate, err);
}

bool host_certificate_list(struct host *host, enum certificate_store store, struct certificates *ret_certificates,
                           struct err *err)
{
    return gate_look(host, host->ops->certificate_list != NULL, "certificates", err) &&
           host->ops->certificate_list(host->backend, store, host->arena, ret_certificates, err);
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
    return gate_look(host, host->ops->certificate_read != NULL, "certificates", err) &&
           host->ops->certificate_read(host->backend, der, der_size, host->arena, ret_certificate, err);
}

const char *gate_certificate_state(struct arena *arena, const struct certificate *certificate)
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
        .before = gate_certificate_state(arena, before),
        .after = gate_certificate_state(arena, after),
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
                    host->ops->certificate_add(host->backend, store, certificate->bytes, certificate->size, err), err);
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
           gate_end(host, op, host->ops->certificate_remove(host->backend, store, thumbprint, err), err);
}
