/* SPDX-License-Identifier: MIT */
/*
 * Services stand in the real service manager of the prefix; behind each is this program, which starts, stops, hangs or
 * dies as the document says. The image path is therefore ours and is not dumped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "staged.h"

enum { WAIT_TRIES = 100, WAIT_MS = 100, CONFIG_BYTES = 8192 };

static const char *const start_words[] = {"boot", "system", "automatic", "manual", "disabled"};
static const char *const state_words[] = {"",        "stopped",          "start_pending", "stop_pending",
                                          "running", "continue_pending", "pause_pending", "paused"};

static DWORD start_of(const cJSON *service)
{
    const char *word = member_text(service, "start");
    for (DWORD i = 0; word != NULL && i < 5; i++) {
        if (strcmp(word, start_words[i]) == 0) {
            return i;
        }
    }
    return SERVICE_DEMAND_START;
}

/* The way the stand-in behaves: what the document says of starting and stopping. */
static const char *way_of(const cJSON *service)
{
    const char *starts = member_text(service, "starts");
    const char *stops = member_text(service, "stops");
    if (starts != NULL) {
        return strcmp(starts, "dies") == 0 ? "dies" : "never_starts";
    }
    return stops != NULL ? "never_stops" : "works";
}

static WCHAR *image_of(const cJSON *service)
{
    WCHAR self[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, self, MAX_PATH);
    size_t size = length + strlen(service->string) + 64;
    char *command = allocate(4 * size);
    (void)snprintf(command, 4 * size, "\"%s\" service %s %s", narrow(self, length), service->string, way_of(service));
    return wide(command);
}

/* The service manager of a prefix that was just started may not listen yet. */
static SC_HANDLE open_manager(void)
{
    SC_HANDLE manager = NULL;
    for (int tries = 0; manager == NULL && tries < 50; tries++) {
        Sleep(tries == 0 ? 0 : 200);
        manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    }
    if (manager == NULL) {
        die(GetLastError(), "no service manager");
    }
    return manager;
}

static DWORD state_of(SC_HANDLE service)
{
    SERVICE_STATUS status = {.dwCurrentState = 0};
    return QueryServiceStatus(service, &status) ? status.dwCurrentState : 0;
}

static void wait_for(SC_HANDLE service, DWORD state, const char *name)
{
    for (int i = 0; i < WAIT_TRIES; i++) {
        if (state_of(service) == state) {
            return;
        }
        Sleep(WAIT_MS);
    }
    die(0, "service %s does not become %s", name, state_words[state]);
}

static void stop(SC_HANDLE service, const char *name)
{
    SERVICE_STATUS status;
    if (state_of(service) != SERVICE_STOPPED) {
        (void)ControlService(service, SERVICE_CONTROL_STOP, &status);
        wait_for(service, SERVICE_STOPPED, name);
    }
}

/* Starting a disabled service is refused, so it runs first and gets its start type after. */
static void bring_to_state(SC_HANDLE service, const cJSON *entry)
{
    const char *state = member_text(entry, "state");
    if (state == NULL || strcmp(state, "stopped") == 0) {
        return;
    }
    if (strcmp(state, "running") != 0) {
        cannot_stage("state of service", entry->string);
    }
    if (!StartServiceW(service, 0, NULL)) {
        die(GetLastError(), "cannot start %s", entry->string);
    }
    wait_for(service, SERVICE_RUNNING, entry->string);
}

static WCHAR *staged_key(const char *service)
{
    size_t size = sizeof STAGED_KEY / sizeof(WCHAR) + strlen(service) + 1;
    WCHAR *key = allocate(size * sizeof(WCHAR));
    (void)snwprintf(key, size, STAGED_KEY L"\\%ls", wide(service));
    return key;
}

/* For the stand-ins (imports/answers.c): Wine 8's service manager keeps no such flags. */
static void stage_flags(const cJSON *entry)
{
    const struct {
        const WCHAR *name;
        BOOL is_set;
    } flags[] = {
        {STAGED_DELAYED, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "delayed"))},
        {STAGED_PROTECTED, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "protected"))},
        {STAGED_FIXED, cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(entry, "configurable"))},
        {STAGED_HALF_FIXED, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "startTypeDenied"))},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        DWORD flag = (DWORD)flags[i].is_set;
        if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, staged_key(entry->string), flags[i].name, REG_DWORD, &flag,
                            sizeof flag) != ERROR_SUCCESS) {
            die(0, "cannot stage the flags of %s", entry->string);
        }
    }
}

static BOOL is_delayed(const char *service)
{
    DWORD flag = 0, size = sizeof flag;
    return RegGetValueW(HKEY_LOCAL_MACHINE, staged_key(service), STAGED_DELAYED, RRF_RT_REG_DWORD, NULL, &flag,
                        &size) == ERROR_SUCCESS &&
           flag != 0;
}

static void set_start(SC_HANDLE service, const cJSON *entry)
{
    if (!ChangeServiceConfigW(service, SERVICE_WIN32_OWN_PROCESS, start_of(entry), SERVICE_ERROR_NORMAL, NULL, NULL,
                              NULL, NULL, NULL, NULL, NULL)) {
        die(GetLastError(), "cannot configure %s", entry->string);
    }
    stage_flags(entry);
}

static SC_HANDLE open_fresh(SC_HANDLE manager, const cJSON *entry)
{
    WCHAR *name = wide(entry->string);
    WCHAR *image = image_of(entry);
    SC_HANDLE service = OpenServiceW(manager, name, SERVICE_ALL_ACCESS);
    if (service == NULL) {
        service = CreateServiceW(manager, name, NULL, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                                 SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, image, NULL, NULL, NULL, NULL, NULL);
    } else {
        stop(service, entry->string);
        (void)ChangeServiceConfigW(service, SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL,
                                   image, NULL, NULL, NULL, NULL, NULL, NULL);
    }
    if (service == NULL) {
        die(GetLastError(), "cannot create %s", entry->string);
    }
    return service;
}

static void remove_service(SC_HANDLE manager, const char *name)
{
    SC_HANDLE service = OpenServiceW(manager, wide(name), SERVICE_ALL_ACCESS);
    if (service == NULL) {
        return;
    }
    stop(service, name);
    if (!DeleteService(service)) {
        die(GetLastError(), "cannot delete %s", name);
    }
    CloseServiceHandle(service);
}

void service_load(const cJSON *section)
{
    if (section == NULL || section->child == NULL) {
        return;
    }
    SC_HANDLE manager = open_manager();
    const cJSON *entry = NULL;
    cJSON_ArrayForEach (entry, section) {
        if (cJSON_IsFalse(entry)) {
            remove_service(manager, entry->string);
            continue;
        }
        SC_HANDLE service = open_fresh(manager, entry);
        bring_to_state(service, entry);
        set_start(service, entry);
        CloseServiceHandle(service);
    }
    CloseServiceHandle(manager);
}

static cJSON *dump_one(SC_HANDLE service, const char *name)
{
    QUERY_SERVICE_CONFIGW *config = allocate(CONFIG_BYTES);
    DWORD needed = 0;
    if (!QueryServiceConfigW(service, config, CONFIG_BYTES, &needed)) {
        die(GetLastError(), "cannot query %s", name);
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "state", state_words[state_of(service) & 7]);
    cJSON_AddStringToObject(out, "start", start_words[config->dwStartType % 5]);
    cJSON_AddBoolToObject(out, "delayed", is_delayed(name));
    return out;
}

cJSON *service_dump(const cJSON *section)
{
    cJSON *out = cJSON_CreateObject();
    if (section == NULL || section->child == NULL) {
        return out;
    }
    SC_HANDLE manager = open_manager();
    const cJSON *entry = NULL;
    cJSON_ArrayForEach (entry, section) {
        SC_HANDLE service = OpenServiceW(manager, wide(entry->string), SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
        if (service == NULL) {
            cJSON_AddFalseToObject(out, entry->string);
            continue;
        }
        cJSON_AddItemToObject(out, entry->string, dump_one(service, entry->string));
        CloseServiceHandle(service);
    }
    CloseServiceHandle(manager);
    return out;
}

/* --- behind the service manager --- */

static struct {
    SERVICE_STATUS_HANDLE handle;
    SERVICE_STATUS status;
    HANDLE stopped;
    WCHAR name[256];
    WCHAR way[32];
} standin;

static void tell(DWORD state)
{
    standin.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    standin.status.dwCurrentState = state;
    standin.status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0;
    SetServiceStatus(standin.handle, &standin.status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    if (control == SERVICE_CONTROL_STOP) {
        tell(SERVICE_STOP_PENDING);
        if (wcscmp(standin.way, L"never_stops") != 0) {
            SetEvent(standin.stopped);
        }
    }
    return NO_ERROR;
}

static void WINAPI serve(DWORD count, WCHAR **arguments)
{
    (void)count;
    (void)arguments;
    standin.handle = RegisterServiceCtrlHandlerExW(standin.name, on_control, NULL);
    tell(SERVICE_START_PENDING);
    if (wcscmp(standin.way, L"dies") == 0) {
        ExitProcess(1);
    }
    if (wcscmp(standin.way, L"never_starts") != 0) {
        tell(SERVICE_RUNNING);
    }
    WaitForSingleObject(standin.stopped, INFINITE);
    tell(SERVICE_STOPPED);
}

int service_main(const WCHAR *name, const WCHAR *way)
{
    SERVICE_TABLE_ENTRYW table[] = {{standin.name, serve}, {NULL, NULL}};
    (void)lstrcpynW(standin.name, name, 256);
    (void)lstrcpynW(standin.way, way, 32);
    standin.stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
