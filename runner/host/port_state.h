/* SPDX-License-Identifier: MIT */
/*
 * The state folder: one that nobody but the system and its administrators can write. It is opened here and nowhere
 * else, and so is every part below it: the folder is held open while it is used, links are never followed, and owner,
 * access and number of names are looked at through what is open.
 *
 * Ours is what belongs to the system or to an administrator, what nobody else may write, and a file that has one name.
 * Everything else is foreign: ERR_REFUSED, not read, not written, not deleted. Where something has to be made, a
 * foreign one is not in the way: it is renamed aside, to a name of its own beside it, and the caller is told.
 *
 * `at`: "NAME", "FOLDER/NAME", with '/' on every system; "" is the folder itself. No "..", at most PORT_STATE_DEPTH.
 */
#ifndef AZMEND_HOST_PORT_STATE_H
#define AZMEND_HOST_PORT_STATE_H

#include "host/port.h"

enum { PORT_STATE_DEPTH = 3 };
#define PORT_STATE_ASIDE ".foreign-" /* "NAME.foreign-<16 hex>" */

struct port_state;
struct file_facts;

enum port_state_use {
    PORT_STATE_LOOK, /* as it stands: ERR_NOT_FOUND, ERR_REFUSED */
    PORT_STATE_MAKE, /* made where it is missing, with its parents */
};

struct port_state_order {
    const char *path;
    enum port_state_use use;
    /* By the user, not by us: a user without rights may keep a state of their own there; and a foreign folder that
     * holds other things than a state is not renamed, since it may be the user's very own. */
    bool is_chosen;
    const char *const *known; /* what a state folder holds, NULL-ended: such a one that is foreign is renamed */
    /* What was renamed aside, and its new name in the same folder; the texts live until it returns. NULL: nobody
     * listens. The context has to outlive the state. */
    void (*tell)(void *context, const char *path, const char *name);
    void *context;
};
/* ERR_REFUSED: foreign, and it cannot be renamed; the text says what to do. */
bool port_state_open(const struct port_state_order *order, struct port_state **ret_state, struct err *err) MUST_CHECK;
void port_state_close(struct port_state *state); /* takes NULL */

/* --- looking; what is not there is ERR_NOT_FOUND, for a query exists == false --- */
bool port_state_query(const struct port_state *state, const char *at, struct file_facts *ret_facts, struct err *err)
    MUST_CHECK;
bool port_state_read(const struct port_state *state, const char *at, size_t limit, struct buf *ret_bytes,
                     struct err *err) MUST_CHECK;
/* All names, ours or not. */
bool port_state_list(const struct port_state *state, const char *at, struct arena *arena, const char *const **ret_names,
                     size_t *ret_count, struct err *err) MUST_CHECK;

/* --- keeping --- */
bool port_state_make_folder(const struct port_state *state, const char *at, struct err *err) MUST_CHECK;
/* As port_file_replace. */
bool port_state_replace(const struct port_state *state, const char *at, const void *bytes, size_t size, struct err *err)
    MUST_CHECK;
/* A file that nobody has made yet. */
bool port_state_append(const struct port_state *state, const char *at, struct port_appender **ret_appender,
                       struct err *err) MUST_CHECK;
/* As port_lock_take; ERR_BUSY names the holder. */
bool port_state_lock(const struct port_state *state, const char *at, const char *holder, struct arena *arena,
                     struct port_lock **ret_lock, struct err *err) MUST_CHECK;

/* --- forgetting; what is not there: true --- */
bool port_state_remove(const struct port_state *state, const char *at, struct err *err) MUST_CHECK;
/* An empty one; "": the folder itself, of which nothing can be asked any more. ERR_BUSY, ERR_IO: something is in it. */
bool port_state_remove_folder(struct port_state *state, const char *at, struct err *err) MUST_CHECK;
/* Is this the name of a file that a killed writer left? */
bool port_state_is_left(const char *name);
/* Is it one of known, or what a killed writer left, or what was renamed aside? */
bool port_state_knows(const char *const *known, const char *name);
/* What a killed writer left; by who holds the lock. A foreign one stays. */
bool port_state_sweep(const struct port_state *state, const char *at, struct arena *arena, struct err *err) MUST_CHECK;

#endif
