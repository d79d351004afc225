/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OWNERS_MAX = 32, REPORT_SIZE = 2048 };

struct fault fault_memory;
struct fault fault_files;
struct fault fault_clock;

/* Before main() the libraries prepare themselves, and that is not the program's doing. */
static bool is_counting;
static const char *report_path, *struck_path;
static _Atomic uint64_t struck; /* of all faults */

static struct {
    const char *_Atomic file; /* as the dynamic linker spells it: one pointer an object */
    _Atomic uint64_t calls;
} owners[OWNERS_MAX];

bool fault_strikes(struct fault *fault)
{
    if (!is_counting) {
        return false;
    }
    uint64_t number = atomic_fetch_add(&fault->seen, 1) + 1;
    bool strikes = fault->at != 0 && (number == fault->at || (fault->stays && number > fault->at));
    atomic_fetch_add(&struck, strikes ? 1 : 0);
    return strikes;
}

void fault_note_owner(const void *code)
{
    Dl_info object;
    if (!is_counting || report_path == NULL || dladdr(code, &object) == 0) {
        return;
    }
    for (size_t i = 0; i < OWNERS_MAX; i++) {
        const char *nobody = NULL;
        if (atomic_compare_exchange_strong(&owners[i].file, &nobody, object.dli_fname) || nobody == object.dli_fname) {
            atomic_fetch_add(&owners[i].calls, 1);
            return;
        }
    }
}

void fault_tell_owner(const void *code)
{
    Dl_info object;
    if (struck_path == NULL || dladdr(code, &object) == 0) {
        return;
    }
    int file = (int)syscall(SYS_openat, AT_FDCWD, struck_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0) {
        (void)!syscall(SYS_write, file, object.dli_fname, strlen(object.dli_fname));
        (void)close(file);
    }
}

/* "N[+][:WHAT]"; what is not understood never strikes, and the tests would see that nothing did. */
static void read_fault(const char *name, struct fault *fault)
{
    const char *text = getenv(name);
    char *end = NULL;
    if (text == NULL) {
        return;
    }
    fault->at = strtoull(text, &end, 10);
    fault->stays = *end == '+';
    end += fault->stays ? 1 : 0;
    fault->what = *end == ':' ? strtoll(end + 1, NULL, 10) : 0;
}

static size_t write_owners(char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < OWNERS_MAX && owners[i].file != NULL && used < size; i++) {
        const char *slash = strrchr(owners[i].file, '/');
        used += (size_t)snprintf(text + used, size - used, "%s\"%s\": %" PRIu64, i == 0 ? "" : ", ",
                                 slash == NULL ? owners[i].file : slash + 1, owners[i].calls);
    }
    return used < size ? used : 0;
}

__attribute__((destructor)) static void report(void)
{
    char by_owner[REPORT_SIZE] = "";
    char line[REPORT_SIZE + 256];
    if (!is_counting || report_path == NULL) {
        return;
    }
    is_counting = false;
    (void)write_owners(by_owner, sizeof by_owner);
    int length = snprintf(line, sizeof line,
                          "{\"memory\": %" PRIu64 ", \"files\": %" PRIu64 ", \"clock\": %" PRIu64
                          ", \"struck\": %" PRIu64 ", \"owners\": {%s}}\n",
                          fault_memory.seen, fault_files.seen, fault_clock.seen, struck, by_owner);
    int file = open(report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    (void)!(length > 0 && write(file, line, (size_t)length) == length);
    (void)close(file);
}

/* Where every program begins; the shared libraries have been prepared by then.
 * The C library gives the name. NOLINTBEGIN(cert-dcl51-cpp, readability-identifier-naming) */
int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*fini)(void), void (*linker_fini)(void), void *stack_end);

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*fini)(void), void (*linker_fini)(void), void *stack_end)
{
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    read_fault("FAULT_MEMORY", &fault_memory);
    read_fault("FAULT_FILES", &fault_files);
    read_fault("FAULT_CLOCK", &fault_clock);
    report_path = getenv("FAULT_REPORT");
    struck_path = getenv("FAULT_STRUCK");
    is_counting = true;
    return start(main, count, arguments, init, fini, linker_fini, stack_end);
}
/* NOLINTEND(cert-dcl51-cpp, readability-identifier-naming) */
