/* SPDX-License-Identifier: MIT */
#include "report/sinks.h"

#include "base/limits.h"
#include "host/port.h"
#include "report/event_log.h"
#include "report/evidence.h"
#include "report/html.h"
#include "report/result.h"

const char *const sink_names[SINK_COUNT] = {
    [SINK_RESULT] = "--result",
    [SINK_EVENT_LOG] = "event log",
    [SINK_HTML] = "--html",
    [SINK_EVIDENCE] = "--evidence",
};

static bool is_whole(const struct buf *bytes, struct err *err)
{
    return !bytes->failed ||
           err_set(err, ERR_LIMIT, 0, "no room for it: no memory, or more than %zu bytes", bytes->limit);
}

static bool write_file(const char *path, const struct buf *bytes, struct err *err)
{
    return is_whole(bytes, err) && port_file_replace(path, buf_string(bytes), bytes->size, err);
}

static bool write_result(const struct report *report, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    return result_whole(&bytes, report->record, err) && write_file(path, &bytes, err);
}

static bool write_event(const struct report *report, const char *place, struct err *err)
{
    (void)place;
    return event_log_write(report->record, err);
}

static bool write_html(const struct report *report, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    buf_init(&bytes, LIMIT_RESULT_BYTES);
    html_write(&bytes, report->record, report->language);
    return write_file(path, &bytes, err);
}

static bool write_evidence(const struct report *report, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    return evidence_make(report, &bytes, err) && is_whole(&bytes, err) &&
           port_file_replace_private(path, buf_string(&bytes), bytes.size, err);
}

bool sink_write(enum sink sink, const struct report *report, const char *place, struct err *err)
{
    static bool (*const writers[SINK_COUNT])(const struct report *report, const char *place, struct err *err) = {
        [SINK_RESULT] = write_result,
        [SINK_EVENT_LOG] = write_event,
        [SINK_HTML] = write_html,
        [SINK_EVIDENCE] = write_evidence,
    };
    return place == NULL || writers[sink](report, place, err) || err_context(err, "%s", sink_names[sink]);
}
