/* SPDX-License-Identifier: MIT */
/*
 * Licence files: what slmgr /rilc does, but that one which fails ends nothing. It goes on, tries the failed ones once
 * more when all others are in, and names those that stay out: public repair tools do the same, and a maker's file below
 * System32\\oem may be anything. Whether it was enough is not told here: a product takes its key, or it does not.
 */
#include "base/limits.h"
#include "base/text.h"
#include "host/decode.h"
#include "host/gate.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/licensing/parts.h"

#define TOKENS "%SystemRoot%\\System32\\spp\\tokens"
/* claim: store.rilc-folders */
#define OEM "%SystemRoot%\\System32\\oem"
enum { NAMED_FAILURES = 8, WHY_BYTES = 96 };

struct failure {
    const char *path;
    struct err err;
};

struct walk {
    struct host *host;
    struct arena *scratch;
    int64_t end_ms; /* monotonic: what is not installed by then stays out */
    struct licensing_install install;
    struct arena_list failures; /* struct failure */
    bool is_over;               /* end_ms has passed */
};

/* --- one file --- */

const char *licensing_file_text(struct arena *scratch, const struct file_bytes *file, struct err *err)
{
    const struct outside outside = {
        .bytes = file->bytes, .size = file->size, .page = PORT_PAGE_ANSI, .is_marked = true};
    if (!file->exists) {
        (void)err_set(err, ERR_NOT_FOUND, 0, "it is gone");
        return NULL;
    }
    if (!arena_has(scratch, file->size * DECODE_GROWTH + DECODE_ROOM)) {
        (void)err_set(err, ERR_LIMIT, 0, "no room for %zu bytes", file->size);
        return NULL;
    }
    struct decoded decoded = decode_text(scratch, &outside);
    if (!decoded.is_text) {
        (void)err_set(err, ERR_INVALID, 0, "it is no text");
    }
    return decoded.is_text ? decoded.text : NULL;
}

static bool install_text(struct walk *walk, const char *path, struct err *err)
{
    struct host *host = walk->host;
    struct file_bytes file = {0};
    if (!host_file_read_into(host, path, LIMIT_LICENSE_BYTES, walk->scratch, &file, err)) {
        return false;
    }
    const char *text = licensing_file_text(walk->scratch, &file, err);
    return text != NULL && host->ops->licensing->install_license(host->backend, text, err);
}

static bool install_file(struct walk *walk, const char *path, struct err *err)
{
    size_t mark = arena_mark(walk->scratch);
    gate_waiting(walk->host, "the licence files");
    bool is_in = install_text(walk, path, err);
    arena_release(walk->scratch, mark);
    walk->install.installed += is_in ? 1 : 0;
    return is_in;
}

static void keep_failure(struct walk *walk, const char *path, const struct err *err)
{
    struct arena *arena = walk->host->arena;
    if (walk->failures.count < LIMIT_LICENSE_FAILURES) {
        struct failure *failure = arena_push(arena, &walk->failures, sizeof *failure);
        *failure = (struct failure){.path = arena_text(arena, path), .err = *err};
    }
    walk->install.failed++;
}

static bool is_over(struct walk *walk)
{
    walk->is_over = walk->is_over || host_now_ms(walk->host) >= walk->end_ms;
    return walk->is_over;
}

/* --- all of them --- */

static void add_folder(struct walk *walk, struct arena_list *folders, const char *folder)
{
    struct arena *arena = walk->host->arena;
    struct err err = {0};
    if (folders->count < LIMIT_LICENSE_FOLDERS) {
        *(const char **)arena_push(arena, folders, sizeof folder) = arena_text(arena, folder);
        return;
    }
    (void)err_set(&err, ERR_LIMIT, 0, "there are more than %d folders", (int)LIMIT_LICENSE_FOLDERS);
    keep_failure(walk, folder, &err);
}

/* A licence is installed, a folder is kept for later, all else is passed over. */
static void take_entry(struct walk *walk, const char *path, struct arena_list *folders)
{
    struct file_facts facts = {0};
    struct err err = {0};
    if (text_ends(path, ".xrm-ms")) {
        if (!install_file(walk, path, &err)) {
            keep_failure(walk, path, &err);
        }
        return;
    }
    if (!host_file_query(walk->host, path, &facts, &err)) {
        keep_failure(walk, path, &err);
    } else if (facts.exists && facts.form == FILE_IS_FOLDER) {
        add_folder(walk, folders, path);
    }
}

static void take_folder(struct walk *walk, const char *folder, struct arena_list *folders)
{
    struct file_names names = {0};
    struct err err = {0};
    size_t mark = arena_mark(walk->scratch);
    if (!host_file_list_into(walk->host, folder, walk->scratch, &names, &err)) {
        keep_failure(walk, folder, &err);
    }
    for (size_t i = 0; names.exists && i < names.count && !is_over(walk); i++) {
        take_entry(walk, arena_format(walk->scratch, "%s\\%s", folder, names.items[i]), folders);
    }
    arena_release(walk->scratch, mark);
}

/* A folder and all below it: licences of editions lie two folders deep. */
static void take_tree(struct walk *walk, const char *root)
{
    struct arena_list folders = {0};
    add_folder(walk, &folders, root);
    for (size_t i = 0; i < folders.count && !is_over(walk); i++) {
        take_folder(walk, ((const char *const *)folders.items)[i], &folders);
    }
}

/* Those that wanted another one to be there first. Folders that could not be listed are no files: they stay out.
 * claim: store.second-pass */
static void try_again(struct walk *walk)
{
    struct failure *failures = walk->failures.items;
    size_t kept = 0;
    for (size_t i = 0; i < walk->failures.count; i++) {
        struct err err = {0};
        bool is_file = text_ends(failures[i].path, ".xrm-ms");
        if (is_file && !is_over(walk) && install_file(walk, failures[i].path, &err)) {
            walk->install.failed--;
            continue;
        }
        if (err.code != ERR_NONE) {
            failures[i].err = err;
        }
        failures[kept++] = failures[i];
    }
    walk->failures.count = kept;
}

/* --- what came of it --- */

static const char *failure_shown(struct arena *arena, const struct failure *failure)
{
    const struct err *err = &failure->err;
    return err->os != 0 ? arena_format(arena, "%s (0x%08X)", failure->path, (unsigned)err->os)
                        : arena_format(arena, "%s (%.*s)", failure->path, WHY_BYTES, err->text);
}

static const char *failures_shown(const struct walk *walk)
{
    struct arena *arena = walk->host->arena;
    const struct failure *failures = walk->failures.items;
    const char *shown = NULL;
    for (size_t i = 0; i < walk->failures.count && i < NAMED_FAILURES; i++) {
        const char *one = failure_shown(arena, &failures[i]);
        shown = shown == NULL ? one : arena_format(arena, "%s, %s", shown, one);
    }
    return shown;
}

static const char *install_shown(const struct walk *walk)
{
    struct arena *arena = walk->host->arena;
    const struct licensing_install *install = &walk->install;
    const char *text = arena_format(arena, "licence files installed again: %zu", install->installed);
    if (install->failed > 0) {
        text = arena_format(arena, "%s, not: %zu, among them %s", text, install->failed, install->failures);
    }
    return walk->is_over ? arena_format(arena, "%s; the time kept for them was over before all were tried", text)
                         : text;
}

/* What is in counts. None at all is a failure: its first reason tells more than its number. */
static bool judge(const struct walk *walk, struct err *err)
{
    const struct failure *first = walk->failures.items;
    if (walk->install.installed > 0) {
        return true;
    }
    if (walk->failures.count == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "there are no licence files to install");
    }
    *err = first->err;
    return err_context(err, "none of %zu licence files could be installed; %s", walk->install.failed, first->path);
}

bool host_licensing_install_licenses(struct host *host, struct arena *scratch, int64_t most_ms,
                                     struct licensing_install *ret_install, struct err *err)
{
    if (host->ops->licensing->install_license == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "licensing: not available on this machine (%s)", host->ops->name);
    }
    struct change change = {.noun = NOUN_LICENSING,
                            .class = OP_ONE_WAY,
                            .verb = "install_licenses",
                            .target = "System32\\spp\\tokens\\*.xrm-ms",
                            .before = "null",
                            .after = "{\"installed\":true}",
                            .shown_after = "all licence files installed again"};
    struct walk walk = {.host = host, .scratch = scratch, .end_ms = host_now_ms(host) + most_ms};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome != OP_PLANNED) {
        take_tree(&walk, TOKENS);
        take_tree(&walk, OEM);
        try_again(&walk);
        walk.install.failures = failures_shown(&walk);
        op->shown_after = install_shown(&walk);
        if (!gate_end(host, op, judge(&walk, err), err)) {
            return false;
        }
    }
    *ret_install = walk.install;
    return true;
}
