/* SPDX-License-Identifier: MIT */
#include "channel/run/emergency.h"

#include <stdio.h>
#include <stdlib.h>

#include "host/port.h"
#include "report/version.h"

enum { LINE_SIZE = 1024, WHAT_SIZE = 256, RUN_ID_SIZE = 64 };

/* One a process, because the hook takes no context. */
static struct {
    bool is_armed, is_watching;
    enum run_mode mode;
    char run_id[RUN_ID_SIZE];
} emergency;

/* JSON needs no escape behind this: what it would be needed for becomes '?'. */
static void copy_plain(char *to, size_t size, const char *from)
{
    size_t i = 0;
    for (; i + 1 < size && from[i] != '\0'; i++) {
        bool is_plain = from[i] >= ' ' && from[i] <= '~' && from[i] != '"' && from[i] != '\\';
        to[i] = is_plain ? from[i] : '?';
    }
    to[i] = '\0';
}

size_t emergency_line(const char *what, char *text, size_t size)
{
    char plain[WHAT_SIZE];
    copy_plain(plain, sizeof(plain), what);
    int length = snprintf(text, size,
                          "{\"result\":\"azmend.result/1\",\"detail\":7,\"runId\":\"%s\",\"mode\":\"%s\","
                          "\"runner\":{\"version\":\"%s\",\"commit\":\"%s\"},\"verdict\":\"failed\","
                          "\"error\":{\"code\":\"limit\",\"text\":\"%s\"}}\n",
                          emergency.run_id, run_mode_names[emergency.mode], version_number, version_commit, plain);
    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

static void speak(const char *what)
{
    char line[LINE_SIZE];
    if (emergency.is_armed) {
        emergency.is_armed = false;
        port_write(PORT_STDOUT, line, emergency_line(what, line, sizeof(line)));
    }
}

/* libarchive ends the process when it gets no memory. */
static void at_exit(void)
{
    speak("a library ended the process, for want of memory");
}

void emergency_arm(enum run_mode mode, const char *run_id)
{
    emergency.mode = mode;
    copy_plain(emergency.run_id, sizeof(emergency.run_id), run_id != NULL ? run_id : "");
    emergency.is_armed = true;
    emergency.is_watching = emergency.is_watching || atexit(at_exit) == 0;
    must_on_failure(speak);
}

void emergency_disarm(void)
{
    emergency.is_armed = false;
}
