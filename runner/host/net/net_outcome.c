/* SPDX-License-Identifier: MIT */
/* How things end, and what the numbers of two systems say about it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/net/net_private.h"

const char *const net_outcome_names[NET_OUTCOME_COUNT + 1] = {
    [NET_OPEN] = "open",         [NET_ANSWERED] = "answered",       [NET_ACCEPTED] = "accepted",
    [NET_REJECTED] = "rejected", [NET_REFUSED] = "refused",         [NET_RESET] = "reset",
    [NET_TIMEOUT] = "timeout",   [NET_UNREACHABLE] = "unreachable", [NET_DENIED] = "denied",
    [NET_NO_NAME] = "no_name",   [NET_NO_DATA] = "no_data",         [NET_SERVER_FAILURE] = "server_failure",
    [NET_CLOSED] = "closed",     [NET_GARBAGE] = "garbage",         [NET_TOO_LARGE] = "too_large",
    [NET_FAILED] = "failed",
};

/*
 * Linux numbers by name, Winsock numbers by value (they start at 10000, so the two never meet): one table, no system
 * asked for.
 */
static const struct {
    int posix;
    int winsock;
    enum net_outcome outcome;
} socket_errors[] = {
    {ECONNREFUSED, 10061, NET_REFUSED},
    {ECONNRESET, 10054, NET_RESET},
    {ECONNABORTED, 10053, NET_RESET},
    {EPIPE, 10058, NET_RESET},
    {ETIMEDOUT, 10060, NET_TIMEOUT},
    {ENETUNREACH, 10051, NET_UNREACHABLE},
    {EHOSTUNREACH, 10065, NET_UNREACHABLE},
    {ENETDOWN, 10050, NET_UNREACHABLE},
    {EAFNOSUPPORT, 10047, NET_UNREACHABLE},
    {EADDRNOTAVAIL, 10049, NET_UNREACHABLE},
    {EACCES, 10013, NET_DENIED},
    {EPERM, 10013, NET_DENIED},
};

enum net_outcome net_outcome_of(uint32_t os)
{
    for (size_t i = 0; i < COUNT_OF(socket_errors); i++) {
        if (os != 0 && (os == (uint32_t)socket_errors[i].posix || os == (uint32_t)socket_errors[i].winsock)) {
            return socket_errors[i].outcome;
        }
    }
    return NET_FAILED;
}

void task_note(struct task *task, enum net_outcome outcome, uint32_t os, const char *detail)
{
    task->outcome = outcome;
    task->os = os;
    (void)snprintf(task->detail, sizeof task->detail, "%s", detail == NULL ? "" : detail);
}

void task_finish(struct task *task)
{
    task->stage = TASK_ENDED;
    task->ended_ms = port_now_ms();
}

void task_end(struct task *task, enum net_outcome outcome, uint32_t os, const char *detail)
{
    if (task->stage != TASK_ENDED) {
        task_note(task, outcome, os, detail);
        task_finish(task);
    }
}

/* Ends of a curl transfer that say what happened without a system's number. */
static const struct {
    CURLcode code;
    enum net_outcome outcome;
} curl_ends[] = {
    {CURLE_OPERATION_TIMEDOUT, NET_TIMEOUT},
    {CURLE_GOT_NOTHING, NET_CLOSED},
    {CURLE_PARTIAL_FILE, NET_CLOSED},
    {CURLE_FILESIZE_EXCEEDED, NET_TOO_LARGE},
    {CURLE_WEIRD_SERVER_REPLY, NET_GARBAGE},
    {CURLE_UNSUPPORTED_PROTOCOL, NET_GARBAGE}, /* HTTP/0.9: the scheme was checked before */
    {CURLE_BAD_CONTENT_ENCODING, NET_GARBAGE},
    {CURLE_RECV_ERROR, NET_GARBAGE}, /* without a number it is a broken chunk */
};

static enum net_outcome outcome_of_curl(CURLcode code)
{
    for (size_t i = 0; i < COUNT_OF(curl_ends); i++) {
        if (curl_ends[i].code == code) {
            return curl_ends[i].outcome;
        }
    }
    return NET_FAILED;
}

static bool is_socket_error(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
           code == CURLE_SSL_CONNECT_ERROR;
}

void task_note_curl(struct task *task, CURLcode code)
{
    long os = 0;
    if (is_socket_error(code)) {
        (void)curl_easy_getinfo(task->easy, CURLINFO_OS_ERRNO, &os);
    }
    enum net_outcome outcome = os != 0 ? net_outcome_of((uint32_t)os) : outcome_of_curl(code);
    const char *detail = task->curl_error[0] != '\0' ? task->curl_error : curl_easy_strerror(code);
    task_note(task, outcome, (uint32_t)os, detail);
}

void task_end_curl(struct task *task, CURLcode code)
{
    if (task->stage != TASK_ENDED) {
        task_note_curl(task, code);
        task_finish(task);
    }
}

static int compare_addresses(const void *left, const void *right)
{
    return strcmp(left, right);
}

void net_addresses_sort(struct port_addresses *addresses)
{
    qsort(addresses->texts, addresses->count, sizeof addresses->texts[0], compare_addresses);
    size_t kept = 0;
    for (size_t i = 0; i < addresses->count; i++) {
        if (kept == 0 || !text_same(addresses->texts[kept - 1], addresses->texts[i])) {
            memmove(addresses->texts[kept++], addresses->texts[i], PORT_ADDRESS_SIZE);
        }
    }
    addresses->count = kept;
}

bool net_canonical(const char *text, char ret_text[PORT_ADDRESS_SIZE])
{
    struct ares_in6_addr bytes; /* the larger of the two */
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    return text_is_address(text) && ares_inet_pton(family, text, &bytes) == 1 &&
           ares_inet_ntop(family, &bytes, ret_text, PORT_ADDRESS_SIZE) != NULL;
}
