/* SPDX-License-Identifier: MIT */
/*
 * Playbook bytes, wherever they come from: built in, a file, a folder. Collects them for plan_load and keeps their
 * memory until then. Decides nothing about their content.
 *
 * A given table wins over the built-in one of the same file name or name, and so does a given playbook: a person's
 * edited copy stands in for the original. Built-in playbooks that were not asked for stay at hand for `requires`.
 */
#ifndef AZMEND_INTAKE_INTAKE_H
#define AZMEND_INTAKE_INTAKE_H

#include "base/buf.h"
#include "plan/plan.h"

struct intake {
    struct arena *arena;
    struct arena_list playbooks; /* struct plan_source */
    struct arena_list tables;    /* struct plan_source */
    struct arena_list bytes;     /* struct buf: what was read from files */
    size_t file_count;           /* playbook files read, against LIMIT_PLAYBOOKS */
};

/*
 * names: each the id of a built-in playbook, a file or a folder (its *.json and tables/ *.json, *.schema.json left
 * out); none: all built-in ones. ERR_NOT_FOUND, ERR_INVALID (archive, URL, FIFO, device), ERR_LIMIT, ERR_IO.
 */
bool intake_collect(const char *const *names, size_t count, struct arena *arena, struct intake *ret_intake,
                    struct err *err) MUST_CHECK;
/* Gives the bytes back: after plan_load nothing needs them. Takes a zeroed one. */
void intake_clear(struct intake *intake);

#endif
