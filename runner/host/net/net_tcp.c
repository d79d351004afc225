/* SPDX-License-Identifier: MIT */
/* CONNECT and KMS_BIND: curl makes the connection and gives back the system's number; what is said on it is ours. */
#include <stdio.h>

#include "host/net/kms_rpc.h"
#include "host/net/net_private.h"

void tcp_start(struct task *task)
{
    task->socket = CURL_SOCKET_BAD;
    buf_init(&task->body, KMS_RPC_REPLY_MAX);
    reach_start(task, task->job.host, task->job.port);
}

bool tcp_prepare(struct task *task)
{
    char url[NET_TARGET_SIZE + 8];
    (void)snprintf(url, sizeof url, "http://%s", task->endpoints[task->endpoint_index].target);
    return curl_easy_setopt(task->easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(task->easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK;
}

void connect_done(struct task *task, CURLcode code)
{
    if (code == CURLE_OK) {
        task_end(task, NET_OPEN, 0, NULL);
    } else {
        task_end_curl(task, code);
    }
}

/* --- the bind --- */

void kms_done(struct task *task, CURLcode code)
{
    size_t sent = 0;
    if (code == CURLE_OK) {
        code = curl_easy_send(task->easy, kms_rpc_bind, KMS_RPC_BIND_BYTES, &sent);
    }
    if (code != CURLE_OK) {
        task_end_curl(task, code);
    } else if (sent != KMS_RPC_BIND_BYTES ||
               curl_easy_getinfo(task->easy, CURLINFO_ACTIVESOCKET, &task->socket) != CURLE_OK) {
        task_end(task, NET_FAILED, 0, "the bind could not be sent whole");
    }
}

size_t kms_watch(const struct task *task, struct curl_waitfd *ret_fds)
{
    if (task->socket == CURL_SOCKET_BAD) {
        return 0;
    }
    ret_fds[0] = (struct curl_waitfd){.fd = task->socket, .events = CURL_WAIT_POLLIN};
    return 1;
}

static void judge(struct task *task)
{
    static const enum net_outcome outcomes[] = {
        [KMS_RPC_ACCEPTED] = NET_ACCEPTED, [KMS_RPC_REJECTED] = NET_REJECTED, [KMS_RPC_GARBAGE] = NET_GARBAGE};
    struct kms_rpc_reply reply = kms_rpc_read((const unsigned char *)buf_string(&task->body), task->body.size);
    if (reply.verdict == KMS_RPC_REJECTED) {
        char detail[CURL_ERROR_SIZE];
        (void)snprintf(detail, sizeof detail, "%s (code 0x%x)", reply.detail, (unsigned)reply.code);
        task_end(task, NET_REJECTED, 0, detail);
    } else if (reply.verdict != KMS_RPC_MORE) {
        task_end(task, outcomes[reply.verdict], 0, reply.detail);
    }
}

/* Reads what there is. The parser wants at most KMS_RPC_REPLY_MAX bytes, so the buffer cannot overflow before it
 * decides. */
void kms_step(struct task *task)
{
    char block[KMS_RPC_REPLY_MAX];
    size_t got = 0;
    if (task->socket == CURL_SOCKET_BAD) {
        return;
    }
    CURLcode code = curl_easy_recv(task->easy, block, sizeof block - task->body.size, &got);
    if (code == CURLE_AGAIN) {
        return;
    }
    if (code != CURLE_OK) {
        task_end_curl(task, code);
    } else if (got == 0) {
        task_end(task, NET_CLOSED, 0, "closed before the answer to the bind was whole");
    } else {
        buf_add(&task->body, block, got);
        judge(task);
    }
    if (task->body.failed) {
        task_end(task, NET_FAILED, 0, "no memory for the answer");
    }
}
