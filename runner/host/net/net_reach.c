/* SPDX-License-Identifier: MIT */
/*
 * Connections through curl. Curl is never given a name: its own resolver threads are joined when a transfer is given
 * up, however long the system's resolver takes. So names are resolved on workers that can be left behind, and each
 * attempt is told its address by CONNECT_TO; the URL, and with it Host and TLS, keeps the name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/net/net_private.h"

void reach_join(char ret_target[NET_TARGET_SIZE], const char *address, uint16_t port)
{
    _Static_assert(NET_TARGET_SIZE >= PORT_ADDRESS_SIZE + sizeof "[]:65535" - 1, "room for brackets and port");
    (void)snprintf(ret_target, NET_TARGET_SIZE, strchr(address, ':') != NULL ? "[%s]:%u" : "%s:%u", address,
                   (unsigned)port);
}

/* --- redirects --- */

const char *reach_redirect(const struct net *net, const char *host, uint16_t port)
{
    char from[LIMIT_TEXT_BYTES];
    (void)snprintf(from, sizeof from, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, (unsigned)port);
    for (size_t i = 0; i < net->options.redirect_count; i++) {
        if (text_equal(net->options.redirects[i].from, from)) {
            return net->options.redirects[i].to;
        }
    }
    return NULL;
}

/* A redirect is for tests: it must not become a way to somewhere else. */
static bool is_loopback_target(const char *target)
{
    const char *colon = strrchr(target, ':');
    size_t size = colon == NULL ? NET_TARGET_SIZE : (size_t)(colon - target);
    int64_t port = 0;
    char address[NET_TARGET_SIZE];
    char canonical[PORT_ADDRESS_SIZE];
    if (size >= sizeof address || !text_to_int(colon + 1, &port) || port < 1 || port > UINT16_MAX) {
        return false;
    }
    memcpy(address, target, size);
    address[size] = '\0';
    return strcmp(address, "[::1]") == 0 || (text_starts(address, "127.") && net_canonical(address, canonical));
}

bool reach_check(const struct net_options *options, struct err *err)
{
    for (size_t i = 0; i < options->redirect_count; i++) {
        if (!is_loopback_target(options->redirects[i].to)) {
            return err_set(err, ERR_INVALID, 0, "connect-to %s: the target %s is not a loopback address and a port",
                           options->redirects[i].from, options->redirects[i].to);
        }
    }
    return true;
}

/* --- one attempt --- */

static void set_common(struct task *task, int64_t time_ms)
{
    CURL *easy = task->easy;
    task->curl_error[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_PRIVATE, task);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, task->curl_error);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)time_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, task->connect_to);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

/*
 * Each address that is left gets an equal share of what is left of the job's time. The last needs no bound of curl's:
 * the loop ends the job.
 */
static int64_t share_ms(const struct task *task)
{
    size_t left = task->endpoint_count - task->endpoint_index;
    int64_t share = (task->deadline_ms - port_now_ms()) / (int64_t)left;
    if (left == 1) {
        return INT32_MAX;
    }
    return share > 0 ? share : 1;
}

static bool try_endpoint(struct task *task)
{
    char to[NET_TARGET_SIZE + 2]; /* "::" in front: whatever host and port the URL names */
    (void)snprintf(to, sizeof to, "::%s", task->endpoints[task->endpoint_index].target);
    reach_clear(task);
    task->connect_to = curl_slist_append(NULL, to);
    task->easy = curl_easy_init();
    if (task->connect_to == NULL || task->easy == NULL) {
        return false;
    }
    set_common(task, share_ms(task));
    return task->type->prepare(task) && curl_multi_add_handle(task->net->multi, task->easy) == CURLM_OK;
}

static void attempt(struct task *task)
{
    task->stage = TASK_RUNNING;
    if (!try_endpoint(task)) {
        task_end(task, NET_FAILED, 0, "no memory for a connection");
    }
}

/* The connection was made, whatever came of it; an end in TLS comes before curl counts it as standing. */
static bool is_reached(const struct task *task, CURLcode code)
{
    curl_off_t connected_us = 0;
    (void)curl_easy_getinfo(task->easy, CURLINFO_CONNECT_TIME_T, &connected_us);
    return connected_us > 0 || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION;
}

static void report_address(struct task *task)
{
    const char *address = task->endpoints[task->endpoint_index].address;
    task->addresses.count = address[0] != '\0';
    memcpy(task->addresses.texts[0], address, PORT_ADDRESS_SIZE);
}

/* When no address is reached, the first speaks for all: the resolver put the one to use in front. */
void reach_done(struct task *task, CURLcode code)
{
    if (is_reached(task, code)) {
        report_address(task);
        task->type->done(task, code);
        return;
    }
    if (task->endpoint_index == 0) {
        task_note_curl(task, code);
    }
    reach_stop(task);
    if (++task->endpoint_index < task->endpoint_count) {
        attempt(task);
    } else {
        task_finish(task);
    }
}

void reach_stop(struct task *task)
{
    if (task->easy == NULL) {
        return;
    }
    if (task->addresses.count == 0 && is_reached(task, CURLE_OK)) {
        report_address(task);
    }
    (void)curl_multi_remove_handle(task->net->multi, task->easy);
}

void reach_clear(struct task *task)
{
    curl_easy_cleanup(task->easy);
    task->easy = NULL;
    curl_slist_free_all(task->connect_to);
    task->connect_to = NULL;
}

/* --- where to --- */

static void add_endpoint(struct task *task, const char *address, uint16_t port)
{
    struct endpoint *endpoint = &task->endpoints[task->endpoint_count++];
    const char *redirect = reach_redirect(task->net, address, port);
    (void)snprintf(endpoint->address, sizeof endpoint->address, "%s", address);
    reach_join(endpoint->target, address, port);
    if (redirect != NULL) {
        (void)snprintf(endpoint->target, sizeof endpoint->target, "%s", redirect);
    }
}

void reach_found(struct task *task, const struct port_addresses *addresses)
{
    for (size_t i = 0; i < addresses->count; i++) {
        add_endpoint(task, addresses->texts[i], task->port);
    }
    attempt(task);
}

void reach_start(struct task *task, const char *host, uint16_t port)
{
    char address[PORT_ADDRESS_SIZE];
    const char *redirect = reach_redirect(task->net, host, port);
    task->port = port;
    if (net_canonical(host, address)) {
        add_endpoint(task, address, port);
        attempt(task);
    } else if (redirect != NULL) {
        struct endpoint *endpoint = &task->endpoints[task->endpoint_count++];
        (void)snprintf(endpoint->target, sizeof endpoint->target, "%s", redirect);
        attempt(task);
    } else {
        resolver_start(task, host);
    }
}
