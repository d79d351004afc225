/* SPDX-License-Identifier: MIT */
#include "host/net/kms_rpc.h"

#include <stdbool.h>
#include <string.h>

enum {
    VERSION = 5,
    MINOR_MAX = 1,
    TYPE_FAULT = 3,
    TYPE_BIND_ACK = 12,
    TYPE_BIND_NAK = 13,
    ONE_FRAGMENT = 0x03, /* first and last */
    CALL_ID = 1,
    HEADER_BYTES = 16,
    SYNTAX_BYTES = 20,
    RESULT_BYTES = 4 + SYNTAX_BYTES,
    FAULT_BYTES = HEADER_BYTES + 16,
    NAK_BYTES = HEADER_BYTES + 2,
    RESULT_ACCEPTED = 0,
    RESULT_USER_REJECTION = 1,
    RESULT_PROVIDER_REJECTION = 2,
};

/* clang-format off */
const unsigned char kms_rpc_bind[KMS_RPC_BIND_BYTES] = {
    5, 0, 11, ONE_FRAGMENT,                         /* version 5.0, bind */
    0x10, 0, 0, 0,                                  /* little-endian, ASCII, IEEE */
    KMS_RPC_BIND_BYTES, 0, 0, 0,                    /* length of the PDU; no authentication */
    CALL_ID, 0, 0, 0,
    0x00, 0x10, 0x00, 0x10, 0, 0, 0, 0,             /* fragments to and from us: 4,096; a new association */
    1, 0, 0, 0,                                     /* one context: */
    0, 0, 1, 0,                                     /* number 0, one transfer syntax */
    0x75, 0x21, 0xc8, 0x51, 0x4e, 0x84, 0x50, 0x47, /* 51c82175-844e-4750-b0d8-ec255555bc06 */
    0xb0, 0xd8, 0xec, 0x25, 0x55, 0x55, 0xbc, 0x06,
    1, 0, 0, 0,                                     /* v1.0 */
    0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, /* 8a885d04-1ceb-11c9-9fe8-08002b104860 */
    0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60,
    2, 0, 0, 0,                                     /* v2.0 */
};
/* clang-format on */

/* The far end chooses the byte order of its own PDUs. */
struct pdu {
    const unsigned char *bytes;
    bool is_big_endian;
};

static uint16_t read16(const struct pdu *pdu, size_t offset)
{
    unsigned first = pdu->bytes[offset];
    unsigned second = pdu->bytes[offset + 1];
    return (uint16_t)(pdu->is_big_endian ? first << 8 | second : second << 8 | first);
}

static uint32_t read32(const struct pdu *pdu, size_t offset)
{
    uint32_t first = read16(pdu, offset);
    uint32_t second = read16(pdu, offset + 2);
    return pdu->is_big_endian ? first << 16 | second : second << 16 | first;
}

static const struct kms_rpc_reply more = {.verdict = KMS_RPC_MORE};
static const struct kms_rpc_reply accepted = {.verdict = KMS_RPC_ACCEPTED};

static struct kms_rpc_reply garbage(const char *detail)
{
    return (struct kms_rpc_reply){.verdict = KMS_RPC_GARBAGE, .detail = detail};
}

static struct kms_rpc_reply rejected(uint32_t code, const char *detail)
{
    return (struct kms_rpc_reply){.verdict = KMS_RPC_REJECTED, .code = code, .detail = detail};
}

/* NDR 2.0 as the answer writes it: the first three fields of a UUID and the version follow the byte order. */
static bool is_ndr(const struct pdu *pdu, size_t offset)
{
    static const unsigned char tail[] = {0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60};
    return read32(pdu, offset) == 0x8a885d04 && read16(pdu, offset + 4) == 0x1ceb &&
           read16(pdu, offset + 6) == 0x11c9 && memcmp(pdu->bytes + offset + 8, tail, sizeof tail) == 0 &&
           read32(pdu, offset + 16) == 2;
}

static struct kms_rpc_reply read_result(const struct pdu *pdu, size_t offset)
{
    uint16_t result = read16(pdu, offset);
    switch (result) {
    case RESULT_ACCEPTED:
        return is_ndr(pdu, offset + 4) ? accepted : garbage("bind_ack with a transfer syntax that was not offered");
    case RESULT_USER_REJECTION:
    case RESULT_PROVIDER_REJECTION:
        return rejected(read16(pdu, offset + 2), "the RPC server does not have the KMS interface");
    default:
        return garbage("bind_ack with an unknown result");
    }
}

/* Header, two sizes, group, secondary address (counted, then padded to 4), count of results, results. */
static struct kms_rpc_reply read_ack(const struct pdu *pdu, size_t size)
{
    const size_t address = HEADER_BYTES + 8 + 2;
    if (size < address) {
        return garbage("bind_ack too short");
    }
    size_t results = (address + read16(pdu, address - 2) + 3) / 4 * 4;
    if (size != results + 4 + RESULT_BYTES) {
        return garbage("bind_ack of a wrong length");
    }
    return pdu->bytes[results] == 1 ? read_result(pdu, results + 4) : garbage("bind_ack for other contexts");
}

static struct kms_rpc_reply read_nak(const struct pdu *pdu, size_t size)
{
    return size < NAK_BYTES ? garbage("bind_nak too short")
                            : rejected(read16(pdu, HEADER_BYTES), "the RPC server refused the bind");
}

static struct kms_rpc_reply read_fault(const struct pdu *pdu, size_t size)
{
    return size < FAULT_BYTES ? garbage("fault too short")
                              : rejected(read32(pdu, HEADER_BYTES + 8), "the RPC server answered with a fault");
}

static bool is_reply_type(unsigned char type)
{
    return type == TYPE_BIND_ACK || type == TYPE_BIND_NAK || type == TYPE_FAULT;
}

/* What no reply of an RPC server starts with, however few bytes there are. */
static bool is_garbage(const unsigned char *bytes, size_t size)
{
    return (size > 0 && bytes[0] != VERSION) || (size > 1 && bytes[1] > MINOR_MAX) ||
           (size > 2 && !is_reply_type(bytes[2])) || (size > 3 && (bytes[3] & ONE_FRAGMENT) != ONE_FRAGMENT) ||
           (size > 4 && bytes[4] >> 4 > 1);
}

static struct kms_rpc_reply read_whole(const struct pdu *pdu, size_t size)
{
    switch (pdu->bytes[2]) {
    case TYPE_BIND_ACK:
        return read_ack(pdu, size);
    case TYPE_BIND_NAK:
        return read_nak(pdu, size);
    default:
        return read_fault(pdu, size);
    }
}

struct kms_rpc_reply kms_rpc_read(const unsigned char *bytes, size_t size)
{
    if (is_garbage(bytes, size)) {
        return garbage("not a reply of an RPC server");
    }
    if (size < HEADER_BYTES) {
        return more;
    }
    const struct pdu pdu = {.bytes = bytes, .is_big_endian = bytes[4] >> 4 == 0};
    uint16_t length = read16(&pdu, 8);
    if (length < HEADER_BYTES || length > KMS_RPC_REPLY_MAX) {
        return garbage("an RPC reply of an impossible length");
    }
    if (read16(&pdu, 10) != 0 || read32(&pdu, 12) != CALL_ID) {
        return garbage("an RPC reply to something else");
    }
    return size < length ? more : read_whole(&pdu, length);
}
