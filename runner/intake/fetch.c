/* SPDX-License-Identifier: MIT */
#include "intake/fetch.h"

#include <string.h>

#include "base/text.h"
#include "host/net/net.h"

static void drop_net(struct net **net)
{
    net_close(*net);
}

const char *fetch_shown(const char *url, struct arena *arena)
{
    const char *scheme_end = strstr(url, "://");
    size_t scheme = scheme_end != NULL ? (size_t)(scheme_end - url) + strlen("://") : 0;
    size_t end = strcspn(url, "?#");
    size_t host = scheme;
    for (size_t i = scheme; i < end && url[i] != '/'; i++) {
        host = url[i] == '@' ? i + 1 : host;
    }
    return arena_format(arena, "%.*s%.*s", (int)scheme, url, (int)(end - host), url + host);
}

static enum err_code code_of(enum net_outcome outcome)
{
    return outcome == NET_TIMEOUT ? ERR_TIMEOUT : outcome == NET_TOO_LARGE ? ERR_LIMIT : ERR_NETWORK;
}

static bool is_redirect(long status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

bool fetch_read(const struct net_reply *reply, const char **ret_next, struct err *err)
{
    if (reply->outcome != NET_ANSWERED) {
        return err_set(err, code_of(reply->outcome), reply->os, "%s%s%s", net_outcome_names[reply->outcome],
                       reply->detail != NULL ? ": " : "", reply->detail != NULL ? reply->detail : "");
    }
    bool leads_on = is_redirect(reply->status) && reply->location != NULL;
    if (leads_on && !text_starts(reply->location, "https://")) {
        return err_set(err, ERR_REFUSED, 0, "a redirect that does not lead to https://");
    }
    if (!leads_on && reply->status != 200) {
        return err_set(err, ERR_NETWORK, 0, "the server answers with status %ld", reply->status);
    }
    *ret_next = leads_on ? reply->location : NULL;
    return true;
}

static bool ask(struct net *net, const char *url, int64_t timeout_ms, struct arena *arena, struct net_reply *ret_reply,
                struct err *err)
{
    void *tag = NULL;
    const struct net_job job = {
        .type = NET_HTTP, .url = url, .limit_bytes = LIMIT_PLAYBOOK_BYTES, .timeout_ms = timeout_ms};
    if (timeout_ms <= 0) {
        return err_set(err, ERR_TIMEOUT, 0, "no time left");
    }
    return net_submit(net, &job, NULL, err) && net_wait(net, arena, timeout_ms, &tag, ret_reply, err);
}

bool fetch(const char *url, int64_t timeout_ms, struct arena *arena, struct fetched *ret_fetched, struct err *err)
{
    struct net *net AUTO(drop_net) = NULL;
    const struct net_options options = {0};
    int64_t until_ms = port_now_ms() + (timeout_ms < LIMIT_DOWNLOAD_MS ? timeout_ms : LIMIT_DOWNLOAD_MS);
    if (!text_starts(url, "https://")) {
        return err_set(err, ERR_INVALID, 0, "a URL has to begin with https://");
    }
    if (!net_open(&options, &net, err)) {
        return false;
    }
    const char *next = url;
    for (int i = 0; i <= LIMIT_DOWNLOAD_REDIRECTS; i++) {
        struct net_reply reply = {0};
        if (!ask(net, next, until_ms - port_now_ms(), arena, &reply, err) || !fetch_read(&reply, &next, err)) {
            return false;
        }
        if (next == NULL) {
            *ret_fetched = (struct fetched){reply.body, reply.body_size};
            return true;
        }
    }
    return err_set(err, ERR_REFUSED, 0, "more than %d redirects", LIMIT_DOWNLOAD_REDIRECTS);
}
