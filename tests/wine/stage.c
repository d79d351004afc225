/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <stdio.h>
#include <string.h>

static const cJSON *section_of(const cJSON *document, const char *name)
{
    const cJSON *section = cJSON_GetObjectItemCaseSensitive(document, name);
    return cJSON_IsObject(section) ? section : NULL;
}

static int load(const WCHAR *path)
{
    const cJSON *document = read_document(path);
    registry_load(section_of(document, "registry"));
    system_load(section_of(document, "system"));
    service_load(section_of(document, "services"));
    file_load(section_of(document, "files"), member_text(section_of(document, "clock"), "utc"));
    certificate_load(section_of(document, "certificates"));
    firewall_load(section_of(document, "firewall"));
    program_load(section_of(document, "programs"));
    static const char *const stood_in[] = {"firewall", "licensing", "events", "tasks", "programs"};
    bool has_standins = false;
    for (size_t i = 0; i < sizeof stood_in / sizeof *stood_in; i++) {
        has_standins = has_standins || section_of(document, stood_in[i]) != NULL;
    }
    if (has_standins) {
        standin_load(path);
    }
    return 0;
}

/* Events are not dumped: as in a saved document, those that a run adds are gone with it. */
static void dump_standins(cJSON *out)
{
    static const char *const sections[] = {"firewall", "licensing", "tasks"};
    const WCHAR *path = standin_document();
    cJSON *document = path == NULL ? NULL : read_document(path);
    for (size_t i = 0; document != NULL && i < sizeof sections / sizeof *sections; i++) {
        cJSON *section = cJSON_DetachItemFromObjectCaseSensitive(document, sections[i]);
        if (section != NULL) {
            cJSON_AddItemToObject(out, sections[i], section);
        }
    }
}

static int dump(const WCHAR *path)
{
    const cJSON *document = read_document(path);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "machine", "azmend.machine/1");
    cJSON_AddItemToObject(out, "registry", registry_dump(section_of(document, "registry")));
    cJSON_AddItemToObject(out, "services", service_dump(section_of(document, "services")));
    cJSON_AddItemToObject(out, "files", file_dump(section_of(document, "files")));
    cJSON_AddItemToObject(out, "certificates", certificate_dump(section_of(document, "certificates")));
    dump_standins(out);
    char *text = cJSON_PrintUnformatted(out);
    if (text == NULL) {
        die(0, "out of memory");
    }
    (void)puts(text);
    return fflush(stdout) == 0 ? 0 : 1;
}

int wmain(int count, WCHAR **arguments); /* called by the C runtime, which declares it nowhere */

int wmain(int count, WCHAR **arguments)
{
    if (count == 3 && wcscmp(arguments[1], L"load") == 0) {
        return load(arguments[2]);
    }
    if (count == 3 && wcscmp(arguments[1], L"dump") == 0) {
        return dump(arguments[2]);
    }
    if (count == 3 && wcscmp(arguments[1], L"standins") == 0) {
        standin_load(arguments[2]);
        return 0;
    }
    if (count == 4 && wcscmp(arguments[1], L"service") == 0) {
        return service_main(arguments[2], arguments[3]);
    }
    if (count >= 3 && wcscmp(arguments[1], L"run") == 0) {
        return run_main(arguments[2]);
    }
    fprintf(stderr, "usage: stage load FILE | dump FILE | standins FILE | run EXE ARGUMENT...\n");
    return 2;
}
