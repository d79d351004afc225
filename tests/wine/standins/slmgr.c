/* SPDX-License-Identifier: MIT */
/*
 * What slmgr.vbs does with five of its options, on the machine behind the stand-ins. Source:
 * https://learn.microsoft.com/windows-server/get-started/activation-slmgr-vbs-options. claim: store.rilc-folders
 *
 *     /rilc  /ilc FILE  /ipk KEY  /skms NAME[:PORT]  /ato
 *
 * Each run leaves a line in C:\azmend-standins\slmgr.txt: the option, and 0 or the code that it ended with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/nouns/licensing/parts.h"
#include "host/port.h"
#include "machine.h"

#define TOLD MACHINE_FOLDER "\\slmgr.txt"
enum { CALL_BYTES = 4 * 1024 * 1024 };

static bool install_file(struct sim *sim, const char *path, struct err *err)
{
    struct arena arena AUTO(arena_close) = {0};
    struct buf bytes AUTO(buf_clear) = {0};
    if (!arena_open(&arena, CALL_BYTES, err) || !port_file_read(path, LIMIT_LICENSE_BYTES, &bytes, err)) {
        return false;
    }
    const struct file_bytes file = {.exists = true, .bytes = buf_string(&bytes), .size = bytes.size};
    const char *text = licensing_file_text(&arena, &file, err);
    return text != NULL && sim_ops.licensing->install_license(sim, text, err);
}

static bool is_part(const WIN32_FIND_DATAW *entry)
{
    return wcscmp(entry->cFileName, L".") != 0 && wcscmp(entry->cFileName, L"..") != 0;
}

/* claim: store.rilc-stops */
static bool install_below(struct sim *sim, const char *folder, struct err *err) // NOLINT(misc-no-recursion)
{
    WIN32_FIND_DATAW entry;
    char path[MAX_PATH];
    bool is_done = true;
    (void)snprintf(path, sizeof path, "%s\\*", folder);
    HANDLE found = FindFirstFileW(standin_wide(path), &entry);
    for (BOOL more = found != INVALID_HANDLE_VALUE; more && is_done; more = FindNextFileW(found, &entry)) {
        char *name = standin_narrow(entry.cFileName);
        (void)snprintf(path, sizeof path, "%s\\%s", folder, name);
        if ((entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
            is_done = !is_part(&entry) || install_below(sim, path, err);
        } else if (text_ends(name, ".xrm-ms")) {
            is_done = install_file(sim, path, err);
        }
        free(name);
    }
    if (found != INVALID_HANDLE_VALUE) {
        (void)FindClose(found);
    }
    return is_done;
}

static bool reinstall_all(struct sim *sim, const char *given, struct err *err)
{
    (void)given;
    return install_below(sim, "C:\\windows\\System32\\spp\\tokens", err) &&
           install_below(sim, "C:\\windows\\System32\\oem", err);
}

static bool install_key(struct sim *sim, const char *given, struct err *err)
{
    return sim_ops.licensing->install_key(sim, given, err);
}

static bool set_host(struct sim *sim, const char *given, struct err *err)
{
    char host[MAX_PATH];
    const char *colon = strrchr(given, ':');
    size_t size = colon != NULL ? (size_t)(colon - given) : strlen(given);
    (void)snprintf(host, sizeof host, "%.*s", (int)size, given);
    return sim_ops.licensing->set_kms(sim, NULL, host, colon != NULL ? strtol(colon + 1, NULL, 10) : 0, err);
}

static bool activate(struct sim *sim, const char *given, struct err *err)
{
    struct arena arena AUTO(arena_close) = {0};
    struct licensing_products products = {0};
    (void)given;
    if (!arena_open(&arena, CALL_BYTES, err) || !sim_ops.licensing->products(sim, &arena, &products, err)) {
        return false;
    }
    bool is_done = products.count > 0 || err_set(err, ERR_NOT_FOUND, 0, "no product with a key");
    for (size_t i = 0; is_done && i < products.count; i++) {
        is_done = sim_ops.licensing->activate(sim, products.items[i].id, LIMIT_ACTIVATE_MS, err);
    }
    return is_done;
}

static const struct {
    const char *name;
    bool (*run)(struct sim *sim, const char *given, struct err *err);
    bool has_given;
} options[] = {{"/rilc", reinstall_all, false},
               {"/ilc", install_file, true},
               {"/ipk", install_key, true},
               {"/skms", set_host, true},
               {"/ato", activate, false}};

static bool run_option(const char *name, const char *given, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (text_same(options[i].name, name) && options[i].has_given == (given != NULL)) {
            struct sim *sim = machine_enter();
            bool is_done = sim != NULL && options[i].run(sim, given, err);
            if (sim != NULL) {
                machine_leave(sim);
            }
            return is_done;
        }
    }
    return err_set(err, ERR_INVALID, 0, "not an option of the stand-in: %s", name);
}

int wmain(int count, WCHAR **arguments); /* called by the C runtime, which declares it nowhere */

int wmain(int count, WCHAR **arguments)
{
    struct err err = {0};
    const char *name = standin_narrow(count > 1 ? arguments[1] : L"");
    bool is_done = run_option(name, count > 2 ? standin_narrow(arguments[2]) : NULL, &err);
    FILE *told = fopen(TOLD, "ab");
    if (told != NULL) {
        (void)fprintf(told, "%s %d 0x%08lX %s\n", name, is_done ? 0 : 1, (unsigned long)err.os, err.text);
        (void)fclose(told);
    }
    return is_done ? 0 : 1;
}
