/* SPDX-License-Identifier: MIT */
/* The two halves of the state folder: state_root.c, the folder itself; state.c, what is below it. */
#ifndef AZMEND_HOST_WINDOWS_STATE_PRIVATE_H
#define AZMEND_HOST_WINDOWS_STATE_PRIVATE_H

#include "host/port_state.h"
#include "host/windows/backend.h"

enum { STATE_PATH_SIZE = 512 /* for messages */, STATE_HELD = FILE_SHARE_READ | FILE_SHARE_WRITE };
#define STATE_LOOK (FILE_READ_ATTRIBUTES | READ_CONTROL)

struct port_state {
    HANDLE parent, folder; /* held open */
    wchar_t *wide;         /* of the folder */
    struct trust trust;
    PSECURITY_DESCRIPTOR access; /* of what is made */
    bool is_chosen;
    const char *const *known;
    void (*tell)(void *context, const char *path, const char *name);
    void *context; /* of tell */
    char path[STATE_PATH_SIZE];
};

/* Where a part has to lie. */
struct state_place {
    HANDLE folder; /* directly below this one */
    const wchar_t *wide;
    const char *path; /* for messages */
};

/* How a part is opened: what for, with whom beside us, made or not. */
struct state_how {
    DWORD access, share, disposition;
    bool is_folder, is_any; /* is_any: a folder or a file */
};
extern const struct state_how state_as_folder; /* held: nobody deletes or renames it meanwhile */

/* The one call that opens the folder and what is below it. ERR_REFUSED: foreign. */
bool state_open_at(const struct port_state *state, const struct state_place *place, const struct state_how *how,
                   HANDLE *ret_handle, struct err *err) MUST_CHECK;
bool state_refuse(const char *path, struct err *err); /* false */
/* What we may not even look at is not ours. */
bool state_is_foreign(const struct err *failed);
/* The name goes to another one that nobody can guess; what it leads to is not touched. */
bool state_set_aside(const struct port_state *state, const wchar_t *wide, const char *path, struct err *err) MUST_CHECK;
wchar_t *state_joined(const wchar_t *folder, const wchar_t *name); /* "FOLDER\NAME"; heap; NULL: no memory */

#endif
