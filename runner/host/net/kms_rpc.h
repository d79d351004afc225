/* SPDX-License-Identifier: MIT */
/*
 * The question "does a KMS listen there?" as bytes: one DCE/RPC bind and what may come back. Pure; no socket here.
 * A bind counts no client and changes nothing at the far end; no request follows it.
 * Source: C706 chapter 12 (connection-oriented PDUs), [MS-RPCE] 2.2.2.
 */
#ifndef AZMEND_HOST_NET_KMS_RPC_H
#define AZMEND_HOST_NET_KMS_RPC_H

#include <stddef.h>
#include <stdint.h>

enum {
    KMS_RPC_BIND_BYTES = 72,
    KMS_RPC_REPLY_MAX = 4096, /* bytes; also what the bind declares it can take */
};

/* The whole bind: interface 51c82175-844e-4750-b0d8-ec255555bc06 v1.0, transfer syntax NDR v2.0, context 0, call 1. */
extern const unsigned char kms_rpc_bind[KMS_RPC_BIND_BYTES];

enum kms_rpc_verdict {
    KMS_RPC_MORE,     /* right so far, not whole */
    KMS_RPC_ACCEPTED, /* bind_ack, our context accepted with NDR */
    KMS_RPC_REJECTED, /* an RPC server that has no such interface, or will not talk */
    KMS_RPC_GARBAGE,  /* no answer to a bind */
};

struct kms_rpc_reply {
    enum kms_rpc_verdict verdict;
    uint32_t code;      /* REJECTED: reason or fault status as the server gave it */
    const char *detail; /* static, for people; NULL for MORE and ACCEPTED */
};

/*
 * Reads what has come so far, from the first byte. Decides as early as the bytes allow: garbage that never ends is told
 * from its first byte. Bytes behind the first PDU do not count.
 */
struct kms_rpc_reply kms_rpc_read(const unsigned char *bytes, size_t size);

#endif
