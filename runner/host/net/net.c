/* SPDX-License-Identifier: MIT */
/* The one loop: every socket of every job in one poll, every bound on the monotonic clock. */
#include "host/net/net.h"

#include <stdlib.h>

#include "host/net/net_private.h"

static const struct task_type types[NET_TYPE_COUNT] = {
    [NET_RESOLVE_SYSTEM] = {.start = system_start, .found = system_found},
    [NET_RESOLVE_HOSTS] = {.start = hosts_start},
    [NET_RESOLVE_SERVER] = {.start = dns_start, .step = dns_step, .watch = dns_watch, .write = dns_write},
    [NET_CONNECT] = {.start = tcp_start, .found = reach_found, .prepare = tcp_prepare, .done = connect_done},
    [NET_KMS_BIND] = {.start = tcp_start,
                      .found = reach_found,
                      .prepare = tcp_prepare,
                      .done = kms_done,
                      .step = kms_step,
                      .watch = kms_watch},
    [NET_HTTP] =
        {.start = http_start, .found = reach_found, .prepare = http_prepare, .done = http_done, .write = http_write},
};

static int64_t earlier(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

/* --- open, close --- */

/*
 * Curl's global state is left to the end of the process: an abandoned worker may still ring, and opening again only
 * counts.
 */
static bool open_libraries(struct err *err)
{
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) {
        return err_set(err, ERR_NETWORK, 0, "the network library does not start");
    }
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        return err_set(err, ERR_NETWORK, 0, "the name library does not start");
    }
    return true;
}

static struct bell *bell_new(void)
{
    struct bell *bell = calloc(1, sizeof *bell);
    CURLM *multi = bell == NULL ? NULL : curl_multi_init();
    if (multi == NULL) {
        free(bell);
        return NULL;
    }
    atomic_init(&bell->holders, 1);
    bell->multi = multi;
    /* A bind waits on a connection that curl takes for idle: it must not be closed to make room. */
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)LIMIT_NET_AT_ONCE * 2);
    return bell;
}

bool net_open(const struct net_options *options, struct net **ret_net, struct err *err)
{
    if (!reach_check(options, err) || !open_libraries(err)) {
        return false;
    }
    struct net *net = calloc(1, sizeof *net);
    struct bell *bell = bell_new();
    if (net == NULL || bell == NULL) {
        free(net);
        bell_drop(bell);
        return err_set(err, ERR_MEMORY, 0, "no memory for the network");
    }
    net->bell = bell;
    net->multi = bell->multi;
    net->options = *options;
    *ret_net = net;
    return true;
}

/* Gives back all that moves; what the reply needs stays. */
static void task_stop(struct task *task)
{
    reach_stop(task);
    resolver_abandon(task);
}

static void task_free(struct task *task)
{
    task_stop(task);
    reach_clear(task);
    http_clear(task);
    dns_clear(task);
    buf_clear(&task->body);
    free(task);
}

void net_close(struct net *net)
{
    if (net == NULL) {
        return;
    }
    while (net->tasks != NULL) {
        struct task *task = net->tasks;
        net->tasks = task->next;
        task_free(task);
    }
    bell_drop(net->bell);
    ares_library_cleanup();
    free(net);
}

bool net_submit(struct net *net, const struct net_job *job, void *tag, struct err *err)
{
    if (net->task_count >= LIMIT_NET_AT_ONCE) {
        return err_set(err, ERR_LIMIT, 0, "more than %d network jobs at once", LIMIT_NET_AT_ONCE);
    }
    struct task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a network job");
    }
    task->net = net;
    task->job = *job;
    task->type = &types[job->type];
    task->job.timeout_ms = earlier(job->timeout_ms, LIMIT_RUN_MAX_MS);
    task->tag = tag;
    task->due_ms = port_now_ms() + earlier(job->delay_ms, LIMIT_RUN_MAX_MS);
    struct task **end = &net->tasks;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = task;
    net->task_count++;
    return true;
}

/* --- one turn --- */

static void read_messages(struct net *net)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(net->multi, &left); message != NULL;
         message = curl_multi_info_read(net->multi, &left)) {
        /* The message dies with the handle, so what it says is taken first. */
        CURLcode code = message->data.result;
        struct task *task = NULL;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&task);
        reach_done(task, code);
    }
}

static void start(struct task *task, int64_t now)
{
    task->begun_ms = now;
    task->deadline_ms = now + task->job.timeout_ms;
    task->stage = TASK_RUNNING;
    if (task->job.timeout_ms > 0) {
        task->type->start(task);
    }
}

/* An address that failed before the time was up has already said why. */
static void expire(struct task *task)
{
    if (task->endpoint_index > 0) {
        task_finish(task);
    } else {
        task_end(task, NET_TIMEOUT, 0, "nothing within the time");
    }
}

/* What has arrived is looked at before the clock is: a busy caller must not turn an answer into a timeout. */
static void turn_task(struct task *task, int64_t now)
{
    const struct task_type *type = task->type;
    if (task->stage == TASK_RESOLVING) {
        resolver_step(task);
    } else if (task->stage == TASK_RUNNING && type->step != NULL) {
        type->step(task);
    } else if (task->stage == TASK_WAITING && task->due_ms <= now) {
        start(task, now);
    }
    if (task->stage != TASK_WAITING && task->stage != TASK_ENDED && task->deadline_ms <= now) {
        expire(task);
    }
    if (task->stage == TASK_ENDED) {
        task_stop(task);
    }
}

static void turn(struct net *net)
{
    int running = 0;
    (void)curl_multi_perform(net->multi, &running);
    read_messages(net);
    int64_t now = port_now_ms();
    for (struct task *task = net->tasks; task != NULL; task = task->next) {
        turn_task(task, now);
    }
}

/* --- waiting --- */

/* When c-ares wants to be called again. */
static int64_t timer_of(const struct task *task, int64_t now)
{
    struct timeval next = {0};
    if (task->channel == NULL || ares_timeout(task->channel, NULL, &next) == NULL) {
        return INT64_MAX;
    }
    return now + (int64_t)next.tv_sec * 1000 + (next.tv_usec + 999) / 1000;
}

/* Notes what each task watches, and when the first of them must be looked at again whatever comes. */
static int64_t gather(struct net *net, int64_t now, size_t *ret_count)
{
    int64_t until = INT64_MAX;
    size_t count = 0;
    for (struct task *task = net->tasks; task != NULL; task = task->next) {
        const struct task_type *type = task->type;
        task->fds = net->fds + count;
        task->fd_count = task->stage == TASK_RUNNING && type->watch != NULL ? type->watch(task, task->fds) : 0;
        count += task->fd_count;
        until = earlier(until, task->stage == TASK_WAITING ? task->due_ms : task->deadline_ms);
        until = earlier(until, timer_of(task, now));
    }
    *ret_count = count;
    return until;
}

static bool wait_for_news(struct net *net, int64_t until_ms, struct err *err)
{
    size_t count = 0;
    int64_t now = port_now_ms();
    int64_t left = earlier(until_ms, gather(net, now, &count)) - now;
    left = left < 0 ? 0 : earlier(left, INT32_MAX);
    CURLMcode code = curl_multi_poll(net->multi, net->fds, (unsigned)count, (int)left, NULL);
    return code == CURLM_OK || err_set(err, ERR_NETWORK, 0, "the network loop: %s", curl_multi_strerror(code));
}

/* --- replies --- */

static const struct net_address *copy_addresses(const struct port_addresses *from, struct arena *arena)
{
    struct net_address *addresses = arena_array(arena, from->count, sizeof *addresses);
    for (size_t i = 0; i < from->count; i++) {
        addresses[i].text = arena_text(arena, from->texts[i]);
    }
    return addresses;
}

static struct net_reply write_reply(const struct task *task, struct arena *arena)
{
    struct net_reply reply = {
        .outcome = task->outcome,
        .os = task->os,
        .detail = task->detail[0] == '\0' ? NULL : arena_text(arena, task->detail),
        .elapsed_ms = task->ended_ms - task->begun_ms,
        .addresses = copy_addresses(&task->addresses, arena),
        .address_count = task->addresses.count,
        .unnamed = task->job.type >= NET_CONNECT && task->endpoint_count == 0,
        .retry_after_ms = -1,
        .date = -1,
    };
    const struct task_type *type = task->type;
    if (type->write != NULL) {
        type->write(task, arena, &reply);
    }
    return reply;
}

static bool take_ended(struct net *net, struct arena *arena, void **ret_tag, struct net_reply *ret_reply)
{
    for (struct task **link = &net->tasks; *link != NULL; link = &(*link)->next) {
        struct task *task = *link;
        if (task->stage == TASK_ENDED) {
            *ret_tag = task->tag;
            *ret_reply = write_reply(task, arena);
            *link = task->next;
            net->task_count--;
            task_free(task);
            return true;
        }
    }
    return false;
}

/* One more look after the time is up: what has arrived by then counts. */
bool net_wait(struct net *net, struct arena *arena, int64_t wait_ms, void **ret_tag, struct net_reply *ret_reply,
              struct err *err)
{
    int64_t until = port_now_ms() + earlier(wait_ms, LIMIT_RUN_MAX_MS);
    bool is_last = false;
    if (net->task_count == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "no network job is under way");
    }
    while (!take_ended(net, arena, ret_tag, ret_reply)) {
        if (is_last) {
            return err_set(err, ERR_TIMEOUT, 0, "no network job ended within %lld ms", (long long)wait_ms);
        }
        is_last = port_now_ms() >= until;
        if (!wait_for_news(net, until, err)) {
            return false;
        }
        turn(net);
    }
    return true;
}
