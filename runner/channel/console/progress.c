/* SPDX-License-Identifier: MIT */
#include "channel/console/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/redact.h"
#include "host/port.h"

enum { LINE_SIZE = 79 };

static void show(struct progress *progress, const char *text)
{
    char line[LINE_SIZE + 2];
    int size = snprintf(line, sizeof(line), "\r%-*.*s", (int)progress->shown, LINE_SIZE, text);
    port_write(PORT_STDERR, line, (size_t)size < sizeof(line) ? (size_t)size : sizeof(line) - 1);
    progress->shown = strlen(text) < LINE_SIZE ? strlen(text) : LINE_SIZE;
}

static void waiting(void *context, const char *what)
{
    char text[LINE_SIZE + 1];
    (void)snprintf(text, sizeof(text), "waiting for %s ...", what);
    redact_bytes(text, strlen(text));
    show(context, text);
}

void progress_watch(struct progress *progress, const struct options *options, struct host *host)
{
    *progress = (struct progress){0};
    if (!options->quiet && !options->verbose && port_is_terminal(PORT_STDERR)) {
        host->progress = (struct waiting_sink){.context = progress, .waiting = waiting};
    }
}

void progress_wipe(struct progress *progress)
{
    if (progress->shown > 0) {
        show(progress, "");
        port_write(PORT_STDERR, "\r", 1);
    }
}
