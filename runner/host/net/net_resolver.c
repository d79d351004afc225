/* SPDX-License-Identifier: MIT */
/* The system's resolver cannot be given a time, so each question has a thread that can be left behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/net_private.h"

/* Shared by a task and its worker, each holding it once; the last to drop it frees it. */
struct lookup {
    atomic_uint holders;
    atomic_bool answered; /* published with release: all below is then the task's to read */
    struct bell *bell;
    enum port_lookup result;
    uint32_t os;
    struct port_addresses addresses;
    char name[]; /* the job's own text may be gone before an abandoned worker */
};

void bell_drop(struct bell *bell)
{
    if (bell != NULL && atomic_fetch_sub(&bell->holders, 1) == 1) {
        (void)curl_multi_cleanup(bell->multi);
        free(bell);
    }
}

static void lookup_drop(struct lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->holders, 1) == 1) {
        bell_drop(lookup->bell);
        free(lookup);
    }
}

static void work(void *argument)
{
    struct lookup *lookup = argument;
    lookup->result = port_resolve(lookup->name, &lookup->addresses, &lookup->os);
    atomic_store_explicit(&lookup->answered, true, memory_order_release);
    (void)curl_multi_wakeup(lookup->bell->multi);
    lookup_drop(lookup);
}

static struct lookup *lookup_new(struct bell *bell, const char *name)
{
    size_t size = strlen(name) + 1;
    struct lookup *lookup = calloc(1, sizeof *lookup + size);
    if (lookup != NULL) {
        memcpy(lookup->name, name, size);
        lookup->bell = bell;
        atomic_fetch_add(&bell->holders, 1);
        atomic_init(&lookup->holders, 2);
    }
    return lookup;
}

void resolver_start(struct task *task, const char *name)
{
    struct err err = {0};
    struct lookup *lookup = lookup_new(task->net->bell, name);
    if (lookup == NULL) {
        task_end(task, NET_FAILED, 0, "no memory to resolve the name");
        return;
    }
    task->lookup = lookup;
    task->stage = TASK_RESOLVING;
    if (!port_thread_start(work, lookup, &err)) {
        lookup_drop(lookup); /* the worker's */
        task_end(task, NET_FAILED, err.os, err.text);
    }
}

void resolver_abandon(struct task *task)
{
    if (task->lookup != NULL) {
        lookup_drop(task->lookup);
        task->lookup = NULL;
    }
}

/* A name without an address is no name to whoever wants to connect; only RESOLVE tells the two apart. */
static enum net_outcome outcome_of(const struct task *task, enum port_lookup result)
{
    switch (result) {
    case PORT_LOOKUP_NO_NAME:
        return NET_NO_NAME;
    case PORT_LOOKUP_NO_DATA:
        return task->job.type == NET_RESOLVE_SYSTEM ? NET_NO_DATA : NET_NO_NAME;
    case PORT_LOOKUP_FOUND:
    case PORT_LOOKUP_FAILED:
    default:
        return NET_SERVER_FAILURE;
    }
}

void resolver_step(struct task *task)
{
    struct lookup *lookup = task->lookup;
    if (!atomic_load_explicit(&lookup->answered, memory_order_acquire)) {
        return;
    }
    task->stage = TASK_RUNNING;
    if (lookup->result == PORT_LOOKUP_FOUND) {
        task->type->found(task, &lookup->addresses);
    } else {
        char detail[CURL_ERROR_SIZE];
        (void)snprintf(detail, sizeof detail, "the system's resolver has no address for %s", lookup->name);
        task_end(task, outcome_of(task, lookup->result), lookup->os, detail);
    }
    resolver_abandon(task);
}

/* --- RESOLVE_SYSTEM --- */

void system_start(struct task *task)
{
    resolver_start(task, task->job.host);
}

void system_found(struct task *task, const struct port_addresses *addresses)
{
    task->addresses = *addresses;
    net_addresses_sort(&task->addresses);
    task_end(task, NET_ANSWERED, 0, NULL);
}
