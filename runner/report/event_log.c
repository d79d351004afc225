/* SPDX-License-Identifier: MIT */
#include "report/event_log.h"

#include "base/limits.h"
#include "report/result.h"

static const char source[] = "azmend";

/* 100 and the plain exit code, but for the three that share one or mean the runner itself. */
struct event_kind event_log_kind(enum verdict verdict)
{
    static const struct event_kind kinds[VERDICT_COUNT] = {
        [VERDICT_HEALTHY] = {100, PORT_EVENT_INFORMATION},
        [VERDICT_FIXED] = {101, PORT_EVENT_INFORMATION},
        [VERDICT_WOULD_FIX] = {110, PORT_EVENT_WARNING},
        [VERDICT_NEEDS_REBOOT] = {111, PORT_EVENT_WARNING},
        [VERDICT_NEEDS_AZURE_CHANGE] = {112, PORT_EVENT_WARNING},
        [VERDICT_NEEDS_DECISION] = {113, PORT_EVENT_WARNING},
        [VERDICT_NOT_FIXED] = {114, PORT_EVENT_ERROR},
        [VERDICT_UNDETERMINED] = {115, PORT_EVENT_WARNING},
        [VERDICT_OFF] = {105, PORT_EVENT_INFORMATION},
        [VERDICT_FAILED] = {199, PORT_EVENT_ERROR},
    };
    return kinds[verdict];
}

/* In the JSON a '%' stands only inside texts, where an escape means the same. */
static void add_escaped(struct buf *buf, const struct buf *line)
{
    size_t size = line->size > 0 && line->bytes[line->size - 1] == '\n' ? line->size - 1 : line->size;
    for (size_t i = 0; i < size; i++) {
        bool is_percent = line->bytes[i] == '%';
        buf_add(buf, is_percent ? "\\u0025" : &line->bytes[i], is_percent ? 6 : 1);
    }
}

static void render(struct buf *buf, const struct record *record, enum detail detail)
{
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&line, LIMIT_EVENT_TEXT);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    result_write(&writer, record, detail);
    buf_clear(buf);
    buf_init(buf, LIMIT_EVENT_TEXT);
    add_escaped(buf, &line);
    buf->failed = buf->failed || line.failed;
}

void event_log_render(struct buf *buf, const struct record *record)
{
    enum detail detail = DETAIL_ALL;
    render(buf, record, detail);
    while (buf->failed && detail + 1 < DETAIL_COUNT) {
        render(buf, record, ++detail);
    }
}

bool event_log_write(const struct record *record, struct err *err)
{
    struct buf text AUTO(buf_clear) = {0};
    struct event_kind kind = event_log_kind(record->verdict);
    event_log_render(&text, record);
    if (text.failed) {
        return err_set(err, ERR_MEMORY, 0, "no memory for an event");
    }
    return port_event_write(source, kind.level, kind.id, buf_string(&text), err);
}
