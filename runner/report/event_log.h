/* SPDX-License-Identifier: MIT */
/*
 * The result as one event of the Windows Application log, source "azmend": Azure Monitor Agent takes it along by its
 * XPath rules, so a VM that reaches nothing else on port 443 is still heard. One event a run, one text in it: the
 * result as one line of ASCII JSON, by its own levels of detail never longer than an event's text may be.
 */
#ifndef AZMEND_REPORT_EVENT_LOG_H
#define AZMEND_REPORT_EVENT_LOG_H

#include "base/buf.h"
#include "engine/record.h"
#include "host/port.h"

/* Ids are stable: rules that collect events name them. */
struct event_kind {
    uint16_t id;
    enum port_event_level level;
};
struct event_kind event_log_kind(enum verdict verdict);

/*
 * The event's text, replacing buf; it fails only for want of memory. A '%' stands as an escape: viewers would put an
 * insertion string in the place of
 * "%1". Source: https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw
 */
void event_log_render(struct buf *buf, const struct record *record);

/* ERR_UNSUPPORTED: this system has no such log. */
bool event_log_write(const struct record *record, struct err *err) MUST_CHECK;

#endif
