/* SPDX-License-Identifier: MIT */
/* What answers a bind, as it comes in: once it is decided, no further byte changes the verdict. */
#include "fuzz.h"
#include "host/net/kms_rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum kms_rpc_verdict verdict = KMS_RPC_MORE;
    (void)fuzz_arena();
    size = size < KMS_RPC_REPLY_MAX ? size : KMS_RPC_REPLY_MAX;
    for (size_t come = 0; come <= size; come++) {
        enum kms_rpc_verdict now = kms_rpc_read(bytes, come).verdict;
        fuzz_promise(verdict == KMS_RPC_MORE || now == verdict, "a verdict stays");
        verdict = now;
    }
    return 0;
}
