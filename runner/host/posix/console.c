/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/posix/posix.h"

static int descriptor_of(enum port_stream stream)
{
    return stream == PORT_STDOUT ? STDOUT_FILENO : STDERR_FILENO;
}

static bool is_lost[PORT_STDERR + 1];

/* A pipe that takes anything takes PIPE_BUF bytes without making us wait; so no write blocks, and the wait has its end.
 */
void port_write(enum port_stream stream, const char *bytes, size_t size)
{
    struct pollfd ready = {.fd = descriptor_of(stream), .events = POLLOUT};
    while (size > 0 && poll(&ready, 1, LIMIT_STREAM_MS) == 1) {
        size_t part = size < PIPE_BUF ? size : PIPE_BUF;
        if (!posix_write_all(ready.fd, bytes, part)) {
            is_lost[stream] = is_lost[stream] || errno != EPIPE;
            return;
        }
        bytes += part;
        size -= part;
    }
}

bool port_write_failed(enum port_stream stream)
{
    return is_lost[stream];
}

bool port_is_terminal(enum port_stream stream)
{
    return isatty(descriptor_of(stream)) == 1;
}

/* The order of POSIX: the first that is set and not empty counts. */
const char *port_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0') {
            return text_starts(locale, "ja") ? "ja" : "en";
        }
    }
    return "en";
}

bool port_event_write(const char *source, enum port_event_level level, uint16_t id, const char *text, struct err *err)
{
    (void)source;
    (void)level;
    (void)id;
    (void)text;
    return err_set(err, ERR_UNSUPPORTED, 0, "there is no Windows event log here");
}
