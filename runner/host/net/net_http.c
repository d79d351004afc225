/* SPDX-License-Identifier: MIT */
/* HTTP: one GET over a connection of its own; every bound is counted here, not trusted to the far end. */
#include <string.h>

#include "base/text.h"
#include "host/net/net_private.h"

enum { RETRY_AFTER_MAX_S = 24 * 3600 };

/* --- what comes --- */

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct task *task = user;
    size_t total = size * count;
    task->is_too_large = total > task->body.limit - task->body.size;
    buf_add(&task->body, bytes, total);
    return task->body.failed ? CURL_WRITEFUNC_ERROR : total;
}

/* Interim answers (1xx) have headers too: each status line starts over, the bytes go on counting. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is curl's */
static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    struct task *task = user;
    size_t total = size * count;
    task->header_bytes += total;
    task->is_too_large = task->header_bytes > LIMIT_HTTP_HEADER_BYTES;
    task->headers_ended = bytes[0] == '\r' || bytes[0] == '\n';
    return task->is_too_large ? CURL_WRITEFUNC_ERROR : total;
}

/* --- the question --- */

static bool take_url(struct task *task)
{
    task->url = curl_url();
    return task->url != NULL && (text_starts(task->job.url, "http://") || text_starts(task->job.url, "https://")) &&
           curl_url_set(task->url, CURLUPART_URL, task->job.url, CURLU_DISALLOW_USER) == CURLUE_OK;
}

static void drop_part(char **part)
{
    curl_free(*part);
}

void http_start(struct task *task)
{
    char *host AUTO(drop_part) = NULL;
    char *port AUTO(drop_part) = NULL;
    int64_t number = 0;
    buf_init(&task->body, task->job.limit_bytes > 0 ? task->job.limit_bytes : LIMIT_HTTP_BYTES);
    if (!take_url(task) || curl_url_get(task->url, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        curl_url_get(task->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK ||
        !text_to_int(port, &number)) {
        task_end(task, NET_FAILED, 0, "not an http:// or https:// address without a user in it");
        return;
    }
    size_t size = strlen(host);
    if (host[0] == '[' && host[size - 1] == ']') {
        host[size - 1] = '\0';
        reach_start(task, host + 1, (uint16_t)number);
    } else {
        reach_start(task, host, (uint16_t)number);
    }
}

static bool take_headers(struct task *task)
{
    for (size_t i = 0; task->job.headers != NULL && task->job.headers[i] != NULL; i++) {
        struct curl_slist *longer = curl_slist_append(task->headers, task->job.headers[i]);
        if (longer == NULL) {
            return false;
        }
        task->headers = longer;
    }
    return true;
}

/*
 * Schannel would fetch revocation lists by itself, outside our loop and our time; what is fetched over https is pinned
 * by its SHA-256 anyway.
 */
static void set_options(const struct task *task)
{
    CURL *easy = task->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_NO_REVOKE);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)task->body.limit);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, task);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, task);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, task->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "azmend");
}

bool http_prepare(struct task *task)
{
    if (task->headers == NULL && !take_headers(task)) {
        return false;
    }
    set_options(task);
    return curl_easy_setopt(task->easy, CURLOPT_CURLU, task->url) == CURLE_OK;
}

/* --- the answer --- */

void http_done(struct task *task, CURLcode code)
{
    if (task->is_too_large) {
        task_end(task, NET_TOO_LARGE, 0, "more than the limit for headers or body");
    } else if (task->body.failed) {
        task_end(task, NET_FAILED, 0, "no memory for the body");
    } else if (code == CURLE_OUT_OF_MEMORY) {
        task_end(task, NET_FAILED, 0, "out of memory, or a header line longer than the library takes");
    } else if (code != CURLE_OK) {
        task_end_curl(task, code);
    } else if (!task->headers_ended) {
        task_end(task, NET_CLOSED, 0, "closed before the headers were whole");
    } else {
        task_end(task, NET_ANSWERED, 0, NULL);
    }
}

static const char *header_of(const struct task *task, const char *name)
{
    struct curl_header *header = NULL;
    return curl_easy_header(task->easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

static int64_t retry_after_ms(const char *text)
{
    int64_t seconds = 0;
    if (text == NULL || !text_to_int(text, &seconds) || seconds < 0) {
        return -1;
    }
    return (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000;
}

void http_write(const struct task *task, struct arena *arena, struct net_reply *ret_reply)
{
    char *location = NULL;
    const char *date = header_of(task, "Date");
    const char *type = header_of(task, "Content-Type");
    if (task->outcome != NET_ANSWERED) {
        return;
    }
    (void)curl_easy_getinfo(task->easy, CURLINFO_RESPONSE_CODE, &ret_reply->status);
    (void)curl_easy_getinfo(task->easy, CURLINFO_REDIRECT_URL, &location);
    ret_reply->location = location == NULL ? NULL : arena_text(arena, location);
    ret_reply->body = arena_copy(arena, buf_string(&task->body), task->body.size);
    ret_reply->body_size = task->body.size;
    ret_reply->content_type = type == NULL ? NULL : arena_text(arena, type);
    ret_reply->retry_after_ms = retry_after_ms(header_of(task, "Retry-After"));
    ret_reply->date = date == NULL ? -1 : (int64_t)curl_getdate(date, NULL);
}

void http_clear(struct task *task)
{
    curl_slist_free_all(task->headers);
    curl_url_cleanup(task->url);
}
