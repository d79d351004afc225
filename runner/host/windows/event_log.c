/* SPDX-License-Identifier: MIT */
/*
 * azmend's own events. The source borrows the message table of EventCreate.exe, as `eventcreate /SO` itself does: ids 1
 * to 1000, each the inserted text alone, in every Windows, so no file of ours has to stay on the machine.
 * Source: https://learn.microsoft.com/windows/win32/eventlog/event-sources,
 * https://learn.microsoft.com/windows-server/administration/windows-commands/eventcreate (the ids),
 * https://pkg.go.dev/golang.org/x/sys/windows/svc/eventlog (InstallAsEventCreate: the file and its ids)
 */
#include <stdlib.h>

#include "base/limits.h"
#include "host/port.h"
#include "host/windows/worker.h"

#define SOURCES L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"

enum { TYPES_SUPPORTED = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE };

struct event {
    struct worker worker;
    wchar_t *source, *text; /* heap */
    WORD type, id;
};

static void drop_key(HKEY *key)
{
    if (*key != NULL) {
        (void)RegCloseKey(*key);
    }
}

static void drop_source(HANDLE *source)
{
    if (*source != NULL) {
        (void)DeregisterEventSource(*source);
    }
}

static bool set_value(HKEY key, const wchar_t *name, DWORD type, const void *bytes, DWORD size)
{
    return RegSetValueExW(key, name, 0, type, bytes, size) == ERROR_SUCCESS;
}

/* What somebody else registered under this name stays. Without a registration the event is written all the same. */
static void register_source(const wchar_t *source)
{
    static const wchar_t file[] = L"%SystemRoot%\\System32\\EventCreate.exe";
    static const DWORD types = TYPES_SUPPORTED;
    HKEY sources AUTO(drop_key) = NULL;
    HKEY key AUTO(drop_key) = NULL;
    const REGSAM rights = KEY_QUERY_VALUE | KEY_SET_VALUE | KEY_WOW64_64KEY;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, SOURCES, 0, KEY_CREATE_SUB_KEY | KEY_WOW64_64KEY, &sources) !=
            ERROR_SUCCESS ||
        RegCreateKeyExW(sources, source, 0, NULL, 0, rights, NULL, &key, NULL) != ERROR_SUCCESS ||
        RegQueryValueExW(key, L"EventMessageFile", NULL, NULL, NULL, NULL) == ERROR_SUCCESS) {
        return;
    }
    (void)(set_value(key, L"TypesSupported", REG_DWORD, &types, sizeof types) &&
           set_value(key, L"EventMessageFile", REG_EXPAND_SZ, file, sizeof file));
}

static bool report(struct worker *worker, struct err *err)
{
    const struct event *event = (const struct event *)worker;
    const wchar_t *texts[] = {event->text};
    register_source(event->source);
    HANDLE source AUTO(drop_source) = RegisterEventSourceW(NULL, event->source);
    return (source != NULL && ReportEventW(source, event->type, 0, event->id, NULL, 1, 0, texts, NULL)) ||
           windows_failed(err, GetLastError(), "write to", "the Application log");
}

static void drop_event(struct worker *worker)
{
    struct event *event = (struct event *)worker;
    drop_wide(&event->source);
    drop_wide(&event->text);
    free(event);
}

bool port_event_write(const char *source, enum port_event_level level, uint16_t id, const char *text, struct err *err)
{
    static const WORD types[] = {[PORT_EVENT_ERROR] = EVENTLOG_ERROR_TYPE,
                                 [PORT_EVENT_WARNING] = EVENTLOG_WARNING_TYPE,
                                 [PORT_EVENT_INFORMATION] = EVENTLOG_INFORMATION_TYPE};
    struct event *event = calloc(1, sizeof *event);
    if (event == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for an event");
    }
    event->worker = (struct worker){.work = report, .drop = drop_event};
    event->type = types[level];
    event->id = id;
    bool is_written = wide_open(source, &event->source, err) && wide_open(text, &event->text, err) &&
                      worker_run(&event->worker, "the Application log", LIMIT_EVENT_WRITE_MS, err);
    worker_release(&event->worker);
    return is_written;
}
