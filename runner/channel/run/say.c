/* SPDX-License-Identifier: MIT */
#include "channel/run/say.h"

#include <stdio.h>
#include <string.h>

#include "base/redact.h"
#include "host/port.h"
#include "report/clean.h"

void complain(const char *text)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    buf_text(&line, "azmend: ");
    text_clean(&line, text, LANGUAGE_JA);
    buf_text(&line, "\n");
    if (line.failed) { /* no memory for these words: the bare ones */
        char bare[ERR_TEXT_SIZE];
        (void)snprintf(bare, sizeof(bare), "%s", text);
        redact_bytes(bare, strlen(bare));
        port_write(PORT_STDERR, bare, strlen(bare));
    } else {
        port_write(PORT_STDERR, buf_string(&line), line.size);
    }
}
