/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/attr.h"
#include "host/net/kms_rpc.h"
#include "unit.h"

void suite_kms_rpc(void);

#define NDR "\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\0\0\0"
#define NDR_BIG "\x8a\x88\x5d\x04\x1c\xeb\x11\xc9\x9f\xe8\x08\x00\x2b\x10\x48\x60\0\0\0\x02"
#define NDR64 "\x33\x05\x71\x71\xba\xbe\x37\x49\x83\x19\xb5\xdb\xef\x9c\xcc\x36\x01\0\0\0"
#define NONE "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define HEADER(type, length) "\x05\0" type "\x03\x10\0\0\0" length "\0\0\0\x01\0\0\0"
#define SIZES "\x00\x10\x00\x10\x34\x12\0\0"
#define ADDRESS                                                                                                        \
    "\x05\x00"                                                                                                         \
    "1688\0"                                                                                                           \
    "\0" /* counted, padded: 26 + 2 + 5 -> 36 */
#define ONE_RESULT "\x01\0\0\0"
#define ACK(length, result, syntax) HEADER("\x0c", length) SIZES ADDRESS ONE_RESULT result syntax
#define BYTES(literal) (const unsigned char *)(literal), sizeof(literal) - 1

static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t size;
    enum kms_rpc_verdict verdict;
    uint32_t code;
} rows[] = {
    {"nothing yet", BYTES(""), KMS_RPC_MORE, 0},
    {"accepted", BYTES(ACK("\x3c", "\0\0\0\0", NDR)), KMS_RPC_ACCEPTED, 0},
    {"accepted, bytes behind", BYTES(ACK("\x3c", "\0\0\0\0", NDR) "junk"), KMS_RPC_ACCEPTED, 0},
    {"accepted, no address", BYTES(HEADER("\x0c", "\x38") SIZES "\0\0\0\0" ONE_RESULT "\0\0\0\0" NDR), KMS_RPC_ACCEPTED,
     0},
    {"accepted, big-endian",
     BYTES("\x05\0\x0c\x03\0\0\0\0\0\x38\0\0\0\0\0\x01\x10\0\x10\0\0\0\x12\x34\0\0\0\0" ONE_RESULT "\0\0\0\0" NDR_BIG),
     KMS_RPC_ACCEPTED, 0},
    {"minor version 1", BYTES("\x05\x01\x0d\x03\x10\0\0\0\x12\0\0\0\x01\0\0\0\x04\0"), KMS_RPC_REJECTED, 4},
    {"accepted with NDR64", BYTES(ACK("\x3c", "\0\0\0\0", NDR64)), KMS_RPC_GARBAGE, 0},
    {"accepted with nothing", BYTES(ACK("\x3c", "\0\0\0\0", NONE)), KMS_RPC_GARBAGE, 0},
    {"user rejection", BYTES(ACK("\x3c", "\x01\0\0\0", NONE)), KMS_RPC_REJECTED, 0},
    {"provider rejection", BYTES(ACK("\x3c", "\x02\0\x01\0", NONE)), KMS_RPC_REJECTED, 1},
    {"negotiation", BYTES(ACK("\x3c", "\x03\0\0\0", NDR)), KMS_RPC_GARBAGE, 0},
    {"two results",
     BYTES(HEADER("\x0c", "\x3c") SIZES ADDRESS "\x02\0\0\0"
                                                "\0\0\0\0" NDR),
     KMS_RPC_GARBAGE, 0},
    {"length too small for the results", BYTES(ACK("\x3b", "\0\0\0\0", NDR)), KMS_RPC_GARBAGE, 0},
    {"length of a header", BYTES(HEADER("\x0c", "\x10")), KMS_RPC_GARBAGE, 0},
    {"length below a header", BYTES(HEADER("\x0c", "\x0f")), KMS_RPC_GARBAGE, 0},
    {"length over ours", BYTES("\x05\0\x0c\x03\x10\0\0\0\x01\x10\0\0\x01\0\0\0"), KMS_RPC_GARBAGE, 0},
    {"longest length", BYTES("\x05\0\x0c\x03\x10\0\0\0\x00\x10\0\0\x01\0\0\0"), KMS_RPC_MORE, 0},
    {"address beyond the end", BYTES(HEADER("\x0c", "\x38") SIZES "\xff\xff\0\0" ONE_RESULT "\0\0\0\0" NDR),
     KMS_RPC_GARBAGE, 0},
    {"with authentication", BYTES("\x05\0\x0c\x03\x10\0\0\0\x38\0\x08\0\x01\0\0\0"), KMS_RPC_GARBAGE, 0},
    {"another call", BYTES("\x05\0\x0c\x03\x10\0\0\0\x38\0\0\0\x02\0\0\0"), KMS_RPC_GARBAGE, 0},
    {"nak", BYTES(HEADER("\x0d", "\x15") "\x04\0\x01\x05\0"), KMS_RPC_REJECTED, 4},
    {"nak without a reason", BYTES(HEADER("\x0d", "\x11") "\x04"), KMS_RPC_GARBAGE, 0},
    {"fault", BYTES(HEADER("\x03", "\x20") NONE "\x03\0\x01\x1c\0\0\0\0"), KMS_RPC_REJECTED, 0},
    {"fault, its status", BYTES(HEADER("\x03", "\x20") "\0\0\0\0\0\0\0\0\x03\0\x01\x1c\0\0\0\0"), KMS_RPC_REJECTED,
     0x1c010003},
    {"fault cut short", BYTES(HEADER("\x03", "\x18") "\0\0\0\0\0\0\0\0"), KMS_RPC_GARBAGE, 0},
    {"first fragment only", BYTES("\x05\0\x0c\x01"), KMS_RPC_GARBAGE, 0},
    {"a bind", BYTES("\x05\0\x0b"), KMS_RPC_GARBAGE, 0},
    {"version 4", BYTES("\x04"), KMS_RPC_GARBAGE, 0},
    {"HTTP", BYTES("H"), KMS_RPC_GARBAGE, 0},
    {"minor version 2", BYTES("\x05\x02"), KMS_RPC_GARBAGE, 0},
    {"a byte order that is none", BYTES("\x05\0\x0c\x03\x20"), KMS_RPC_GARBAGE, 0},
};

static void test_replies(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct kms_rpc_reply reply = kms_rpc_read(rows[i].bytes, rows[i].size);
        ROW_ASSERT(rows[i].name, reply.verdict == rows[i].verdict);
        ROW_ASSERT(rows[i].name, reply.code == rows[i].code);
        bool has_detail = reply.verdict == KMS_RPC_REJECTED || reply.verdict == KMS_RPC_GARBAGE;
        ROW_ASSERT(rows[i].name, (reply.detail != NULL) == has_detail);
    }
}

/* From memory of exactly that size: a byte read behind it is seen by a sanitizer. */
static enum kms_rpc_verdict read_prefix(const unsigned char *bytes, size_t size)
{
    unsigned char exact[128];
    unsigned char *start = exact + sizeof exact - size;
    memcpy(start, bytes, size);
    return kms_rpc_read(start, size).verdict;
}

/* Byte by byte: more is wanted until the verdict, which then stays. */
static bool is_steady(const unsigned char *bytes, size_t size, enum kms_rpc_verdict expected)
{
    bool is_decided = false;
    for (size_t part = 0; part <= size; part++) {
        enum kms_rpc_verdict verdict = read_prefix(bytes, part);
        if (verdict != expected && (verdict != KMS_RPC_MORE || is_decided)) {
            return false;
        }
        is_decided = verdict != KMS_RPC_MORE;
    }
    return true;
}

static void test_every_prefix(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].name, is_steady(rows[i].bytes, rows[i].size, rows[i].verdict));
    }
}

/* No one changed bit turns an acceptance into a rejection, and only bits that do not matter leave it one. */
static void test_every_bit(void)
{
    static const unsigned char good[] = ACK("\x3c", "\0\0\0\0", NDR);
    size_t accepted = 0;
    for (size_t bit = 0; bit < (sizeof good - 1) * 8; bit++) {
        unsigned char bytes[sizeof good];
        memcpy(bytes, good, sizeof good);
        bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        accepted += kms_rpc_read(bytes, sizeof good - 1).verdict == KMS_RPC_ACCEPTED;
    }
    /* Flags, sizes, group, the address's bytes, reasons and reserved bytes do not matter: a third of them all. */
    CU_ASSERT(accepted > 150 && accepted < 200);
}

static void test_bind(void)
{
    CU_ASSERT_EQUAL(sizeof kms_rpc_bind, 72);
    CU_ASSERT_EQUAL(kms_rpc_bind[8], 72);
    CU_ASSERT(memcmp(kms_rpc_bind + 52, NDR, 20) == 0);
}

void suite_kms_rpc(void)
{
    UNIT_SUITE("kms_rpc", UNIT_TEST(test_replies), UNIT_TEST(test_every_prefix), UNIT_TEST(test_every_bit),
               UNIT_TEST(test_bind));
}
