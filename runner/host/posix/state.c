/* SPDX-License-Identifier: MIT */
/* The state folder under POSIX: every part is opened below a descriptor, without following links. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "host/nouns/file/file.h"
#include "host/port_state.h"
#include "host/posix/posix.h"

enum { TRIES = 4, ASIDE_SIZE = 160, MADE_BY_OTHERS = 0022 };

struct port_state {
    int folder;
    int parent; /* the folder that holds it */
    bool is_chosen;
    const char *const *known;
    void (*tell)(void *context, const char *path, const char *name);
    void *context;    /* of tell */
    const char *name; /* of the folder, in path */
    char path[PATH_MAX];
};

/* A part on its way: the folder that holds it, and its name there. */
struct part {
    const struct port_state *state;
    int folder;
    const char *name;
    const char *path; /* for messages */
};

/* --- whose it is --- */

static bool is_trusted(const struct port_state *state, uid_t owner)
{
    must(state != NULL);
    return owner == 0 || (state->is_chosen && geteuid() != 0 && owner == geteuid());
}

static bool is_ours(const struct port_state *state, const struct stat *facts)
{
    bool has_one_name = S_ISDIR(facts->st_mode) || facts->st_nlink == 1;
    return (S_ISDIR(facts->st_mode) || S_ISREG(facts->st_mode)) && has_one_name && is_trusted(state, facts->st_uid) &&
           (facts->st_mode & MADE_BY_OTHERS) == 0;
}

static bool refuse(const char *path, struct err *err)
{
    return err_set(err, ERR_REFUSED, 0, "%s: a link, or others can write it: not trusted and not used", path);
}

/* --- opening --- */

/* The one call that opens what is below the folder, or the folder itself. */
static bool open_part(const struct part *part, int flags, int *ret_descriptor, struct err *err)
{
    must(part->state != NULL && part->name != NULL);
    struct stat facts;
    int opened AUTO(posix_close) =
        openat(part->folder, part->name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
    if (opened < 0) {
        bool is_foreign = errno == ELOOP || errno == ENOTDIR || errno == EISDIR || errno == ENXIO;
        return is_foreign ? refuse(part->path, err) : posix_failed(err, errno, "open", part->path);
    }
    if (fstat(opened, &facts) != 0) {
        return posix_failed(err, errno, "look at", part->path);
    }
    bool wants_folder = (flags & O_DIRECTORY) != 0;
    if (!is_ours(part->state, &facts) || wants_folder != S_ISDIR(facts.st_mode)) {
        return refuse(part->path, err);
    }
    *ret_descriptor = opened;
    opened = -1;
    return true;
}

/* What stands under the name, not followed. */
static bool look_at(const struct part *part, struct stat *ret_facts, bool *ret_exists, struct err *err)
{
    must(part->name != NULL);
    *ret_exists = fstatat(part->folder, part->name, ret_facts, AT_SYMLINK_NOFOLLOW) == 0;
    return *ret_exists || errno == ENOENT || posix_failed(err, errno, "look at", part->path);
}

static void drop_part(const struct part *part)
{
    posix_close(&part->folder);
}

static bool is_plain(const char *name, size_t size)
{
    return size > 0 && size <= NAME_MAX && !(size <= 2 && name[0] == '.' && name[size - 1] == '.');
}

/* One folder further. */
static bool step_into(struct part *part, const char *name, size_t size, struct err *err)
{
    char folder[NAME_MAX + 1];
    int opened = -1;
    must(is_plain(name, size));
    (void)snprintf(folder, sizeof folder, "%.*s", (int)size, name);
    const struct part next = {.state = part->state, .folder = part->folder, .name = folder, .path = part->path};
    if (!open_part(&next, O_RDONLY | O_DIRECTORY, &opened, err)) {
        return false;
    }
    posix_close(&part->folder);
    part->folder = opened;
    return true;
}

/* To the folder that holds the part; path is the caller's room for messages. */
static bool find_part(const struct port_state *state, const char *at, char path[static PATH_MAX], struct part *ret_part,
                      struct err *err)
{
    (void)snprintf(path, PATH_MAX, "%.*s%s%s", PATH_MAX / 2, state->path, at[0] == '\0' ? "" : "/", at);
    struct part part AUTO(drop_part) = {.state = state,
                                        .folder =
                                            fcntl(at[0] == '\0' ? state->parent : state->folder, F_DUPFD_CLOEXEC, 0),
                                        .name = at[0] == '\0' ? state->name : at,
                                        .path = path};
    if (part.folder < 0) {
        return posix_failed(err, errno, "open", path);
    }
    for (const char *slash = strchr(at, '/'); slash != NULL; slash = strchr(part.name, '/')) {
        if (!step_into(&part, part.name, (size_t)(slash - part.name), err)) {
            return false;
        }
        part.name = slash + 1;
    }
    must(at[0] == '\0' || is_plain(part.name, strlen(part.name)));
    *ret_part = part;
    part.folder = -1;
    return true;
}

/* --- what is in the way --- */

/* The name goes to another one that nobody can guess; what it leads to is not touched. */
static bool set_aside(const struct part *part, struct err *err)
{
    char aside[ASIDE_SIZE];
    uint64_t chance = 0;
    if (!port_random(&chance, sizeof chance, err)) {
        return false;
    }
    (void)snprintf(aside, sizeof aside, "%.100s" PORT_STATE_ASIDE "%016llx", part->name, (unsigned long long)chance);
    if (renameat(part->folder, part->name, part->folder, aside) != 0) {
        int failure = errno;
        return failure == ENOENT ||
               err_set(err, ERR_REFUSED, (uint32_t)failure,
                       "%s was made by another user and cannot be renamed (%s): delete it, do not take it over",
                       part->path, strerror(failure));
    }
    if (part->state->tell != NULL) {
        part->state->tell(part->state->context, part->path, aside);
    }
    return true;
}

static bool clear_the_way(const struct part *part, struct err *err)
{
    struct stat facts;
    bool exists = false;
    return look_at(part, &facts, &exists, err) && (!exists || is_ours(part->state, &facts) || set_aside(part, err));
}

/* --- the folder itself --- */

/* Every folder of the path but the last; one that is already there is left as it is. */
static bool create_parents(char *path, struct err *err)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool is_there = mkdir(path, 0700) == 0 || errno == EEXIST || posix_failed(err, errno, "create folder", path);
        *slash = '/';
        if (!is_there) {
            return false;
        }
    }
    return true;
}

static bool open_parent(struct port_state *state, const struct port_state_order *order, struct err *err)
{
    size_t size = strlen(order->path);
    while (size > 1 && order->path[size - 1] == '/') {
        size--;
    }
    if (size >= sizeof state->path) {
        return posix_failed(err, ENAMETOOLONG, "open", order->path);
    }
    memcpy(state->path, order->path, size);
    if (order->use == PORT_STATE_MAKE && !create_parents(state->path, err)) {
        return false;
    }
    size_t length = posix_folder_length(state->path);
    char parent[PATH_MAX];
    (void)snprintf(parent, sizeof parent, "%.*s", length == 0 ? 1 : (int)length, length == 0 ? "." : state->path);
    state->name = state->path + length;
    state->parent = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return state->parent >= 0 || posix_failed(err, errno, "open", parent);
}

static void close_listing(DIR **listing)
{
    if (*listing != NULL) {
        (void)closedir(*listing);
    }
}

/* Nothing in it but what a state folder holds, by name. What cannot be listed is not known. */
static bool looks_like_state(const struct part *part, bool *ret_empty)
{
    int folder = openat(part->folder, part->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing AUTO(close_listing) = folder < 0 ? NULL : fdopendir(folder);
    struct dirent *entry = listing == NULL ? NULL : readdir(listing);
    bool is_known = entry != NULL; /* at least "." */
    *ret_empty = is_known;
    for (; entry != NULL && is_known; entry = readdir(listing)) {
        bool is_dot = text_same(entry->d_name, ".") || text_same(entry->d_name, "..");
        *ret_empty = *ret_empty && is_dot;
        is_known = is_dot || port_state_knows(part->state->known, entry->d_name);
    }
    return is_known;
}

/* An empty folder of our own that others could write, as a generous umask leaves it. */
static bool make_private(const struct part *part, struct err *err)
{
    bool is_empty = false;
    int folder AUTO(posix_close) = openat(part->folder, part->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 || fchmod(folder, 0700) != 0) {
        return posix_failed(err, errno, "make private", part->path);
    }
    return looks_like_state(part, &is_empty) && is_empty ? true : refuse(part->path, err);
}

/* False: it stays where it is, and err says why. */
static bool yield_the_name(const struct part *part, struct err *err)
{
    struct stat facts;
    bool exists = false, is_empty = false;
    if (!look_at(part, &facts, &exists, err) || !exists) {
        return !exists;
    }
    bool is_folder = S_ISDIR(facts.st_mode), is_own = is_trusted(part->state, facts.st_uid);
    bool is_state = is_folder && looks_like_state(part, &is_empty);
    if (is_folder && is_own && is_empty) {
        return make_private(part, err);
    }
    if (!is_folder && is_own) {
        return err_set(err, ERR_REFUSED, 0, "%s is a link or no folder: name the folder itself", part->path);
    }
    if (is_folder && !is_state && part->state->is_chosen) {
        return err_set(err, ERR_REFUSED, 0,
                       "%s was made by another user or others can write it, and holds other things than a state: name "
                       "another folder, or delete this one; do not take it over",
                       part->path);
    }
    return set_aside(part, err);
}

static bool make_root(const struct part *part, int *ret_folder, struct err *err)
{
    for (int i = 0; i < TRIES; i++) {
        struct err failed = {0};
        bool is_new = mkdirat(part->folder, part->name, 0700) == 0;
        if (!is_new && errno != EEXIST) {
            return posix_failed(err, errno, "create folder", part->path);
        }
        if (open_part(part, O_RDONLY | O_DIRECTORY, ret_folder, &failed)) {
            return (fchmod(*ret_folder, 0700) == 0 || posix_failed(err, errno, "make private", part->path)) &&
                   (!is_new || fsync(part->folder) == 0 || posix_failed(err, errno, "sync folder of", part->path));
        }
        if (failed.code != ERR_REFUSED) {
            *err = failed;
            return false;
        }
        if (!yield_the_name(part, err)) {
            return false;
        }
    }
    return refuse(part->path, err);
}

static void drop_state(struct port_state **state)
{
    port_state_close(*state);
}

void port_state_close(struct port_state *state)
{
    if (state != NULL) {
        posix_close(&state->folder);
        posix_close(&state->parent);
        free(state);
    }
}

bool port_state_open(const struct port_state_order *order, struct port_state **ret_state, struct err *err)
{
    struct port_state *state AUTO(drop_state) = calloc(1, sizeof *state);
    if (state == NULL) {
        return err_set(err, ERR_MEMORY, 0, "open %s: no memory", order->path);
    }
    state->folder = state->parent = -1;
    state->is_chosen = order->is_chosen;
    state->known = order->known;
    state->tell = order->tell;
    state->context = order->context;
    if (!open_parent(state, order, err)) {
        return false;
    }
    const struct part root = {.state = state, .folder = state->parent, .name = state->name, .path = state->path};
    if (!(order->use == PORT_STATE_MAKE ? make_root(&root, &state->folder, err)
                                        : open_part(&root, O_RDONLY | O_DIRECTORY, &state->folder, err))) {
        return false;
    }
    *ret_state = state;
    state = NULL;
    return true;
}

/* --- what is below it --- */

/* A folder on the way that is not there has nothing in it. */
static bool is_absent(struct err *failed, struct err *err)
{
    if (failed->code != ERR_NOT_FOUND) {
        *err = *failed;
    }
    return failed->code == ERR_NOT_FOUND;
}

bool port_state_query(const struct port_state *state, const char *at, struct file_facts *ret_facts, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    struct stat facts;
    struct err failed = {0};
    bool exists = false;
    if (!find_part(state, at, path, &part, &failed) || !look_at(&part, &facts, &exists, &failed)) {
        if (!is_absent(&failed, err)) {
            return false;
        }
        *ret_facts = (struct file_facts){0};
        return true;
    }
    if (exists && !is_ours(state, &facts)) {
        return refuse(path, err);
    }
    *ret_facts = exists ? posix_facts(&facts) : (struct file_facts){0};
    return true;
}

bool port_state_read(const struct port_state *state, const char *at, size_t limit, struct buf *ret_bytes,
                     struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    int file AUTO(posix_close) = -1;
    return find_part(state, at, path, &part, err) && open_part(&part, O_RDONLY, &file, err) &&
           posix_read_all(file, path, limit, ret_bytes, err);
}

bool port_state_list(const struct port_state *state, const char *at, struct arena *arena, const char *const **ret_names,
                     size_t *ret_count, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    int folder AUTO(posix_close) = -1;
    return find_part(state, at, path, &part, err) && open_part(&part, O_RDONLY | O_DIRECTORY, &folder, err) &&
           posix_list_in(folder, path, arena, ret_names, ret_count, err);
}

bool port_state_make_folder(const struct port_state *state, const char *at, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    int folder AUTO(posix_close) = -1;
    if (!find_part(state, at, path, &part, err) || !clear_the_way(&part, err)) {
        return false;
    }
    if (mkdirat(part.folder, part.name, 0700) != 0 && errno != EEXIST) {
        return posix_failed(err, errno, "create folder", path);
    }
    return open_part(&part, O_RDONLY | O_DIRECTORY, &folder, err) &&
           (fsync(part.folder) == 0 || posix_failed(err, errno, "sync folder of", path));
}

/* A folder of ours under the name of a file is no file: it would stop the rename. */
bool port_state_replace(const struct port_state *state, const char *at, const void *bytes, size_t size, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    return find_part(state, at, path, &part, err) && clear_the_way(&part, err) &&
           posix_replace_in(part.folder, part.name, path, bytes, size, err);
}

bool port_state_append(const struct port_state *state, const char *at, struct port_appender **ret_appender,
                       struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    int file AUTO(posix_close) = -1;
    if (!find_part(state, at, path, &part, err) || !clear_the_way(&part, err) ||
        !open_part(&part, O_WRONLY | O_CREAT | O_APPEND, &file, err)) {
        return false;
    }
    if (fsync(part.folder) != 0) {
        return posix_failed(err, errno, "sync folder of", path);
    }
    bool is_open = posix_append_to(file, ret_appender, err);
    file = is_open ? -1 : file;
    return is_open;
}

bool port_state_lock(const struct port_state *state, const char *at, const char *holder, struct arena *arena,
                     struct port_lock **ret_lock, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    const char *other = NULL;
    int file = -1;
    return find_part(state, at, path, &part, err) && clear_the_way(&part, err) &&
           open_part(&part, O_RDWR | O_CREAT, &file, err) && posix_lock(file, holder, arena, ret_lock, &other, err);
}

static bool remove_part(const struct port_state *state, const char *at, int how, struct err *err)
{
    char path[PATH_MAX];
    struct part part AUTO(drop_part) = {.folder = -1};
    struct stat facts;
    struct err failed = {0};
    bool exists = false;
    if (!find_part(state, at, path, &part, &failed) || !look_at(&part, &facts, &exists, &failed)) {
        return is_absent(&failed, err);
    }
    if (exists && !is_ours(state, &facts)) {
        return refuse(path, err);
    }
    return !exists || unlinkat(part.folder, part.name, how) == 0 || errno == ENOENT ||
           posix_failed(err, errno, "remove", path);
}

bool port_state_remove(const struct port_state *state, const char *at, struct err *err)
{
    return remove_part(state, at, 0, err);
}

bool port_state_remove_folder(struct port_state *state, const char *at, struct err *err)
{
    return remove_part(state, at, AT_REMOVEDIR, err);
}
