/* SPDX-License-Identifier: MIT */
/*
 * An open port does not prove a KMS behind it: a firewall's application rule completes the handshake and drops the
 * rest. A DCE/RPC bind to the KMS interface, never followed by a request, counts no client and changes nothing.
 */
#include "base/limits.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { KMS_PORT = 1688 };
enum { PARAM_ADDRESS, PARAM_PORT, PARAM_COUNT };
enum { RPC_BIND, RPC_ADDRESS, RPC_PORT, RPC_ELAPSED_MS, RPC_DETAIL, RPC_COUNT };

static const struct column params[] = {
    [PARAM_ADDRESS] = TEXT_COLUMN("address", COLUMN_REQUIRED, "name or address of the KMS host"),
    [PARAM_PORT] = INT_COLUMN("port", 1, 65535, UNIT_NUMBER, 0, "1688 when left out"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [RPC_BIND] = WORD_COLUMN("bind", net_outcome_names, 0, "accepted: a KMS answers; reset, rejected, timeout, ..."),
    [RPC_ADDRESS] = TEXT_COLUMN("address", 0, "as asked"),
    [RPC_PORT] = INT_COLUMN("port", 1, 65535, UNIT_NUMBER, 0, "as asked"),
    [RPC_ELAPSED_MS] = INT_COLUMN("elapsedMs", 0, 0, UNIT_MS, 0, "how long it took until it was known"),
    [RPC_DETAIL] = TEXT_COLUMN("detail", 0, "what the system said, if anything"),
};
_Static_assert(COUNT_OF(properties) == RPC_COUNT, "one row a property");

static size_t kms_rpc_next(struct look *look, struct net_job *jobs, size_t room)
{
    if (look->reply_count > 0 || room == 0) {
        return 0;
    }
    jobs[0] = (struct net_job){
        .type = NET_KMS_BIND,
        .host = look_text(look, PARAM_ADDRESS),
        .port = (uint16_t)look_int(look, PARAM_PORT, KMS_PORT),
        .timeout_ms = look->probe_ms,
    };
    return 1;
}

static void kms_rpc_read(struct look *look)
{
    const struct net_reply *reply = &look->replies[0];
    look->cells[RPC_BIND] = cell_outcome(look->arena, reply);
    look->cells[RPC_ADDRESS] = value_text(look_text(look, PARAM_ADDRESS));
    look->cells[RPC_PORT] = value_int(look_int(look, PARAM_PORT, KMS_PORT));
    look->cells[RPC_ELAPSED_MS] = value_int(reply->elapsed_ms);
    look->cells[RPC_DETAIL] = cell_text(look->arena, reply->detail);
}

const struct kind kind_kms_rpc = {
    .name = "kms_rpc",
    .about = "does a KMS host answer there: an RPC bind without a request",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"address\": \"azkms.core.windows.net\"}",
    .next = kms_rpc_next,
    .read = kms_rpc_read,
};
