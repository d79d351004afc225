/* SPDX-License-Identifier: MIT */
/*
 * Puts a machine document (azmend.machine/1) into the running Wine prefix and reads the same set back.
 * Written apart from host/windows on purpose: plain Win32 and cJSON, so that a mistake there does not hide itself here.
 * A short-lived program: what it allocates goes with the process.
 */
#ifndef AZMEND_TESTS_STAGE_H
#define AZMEND_TESTS_STAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <windows.h>

/* Ends the program with exit code 1; code 0: no system error to tell. */
void die(DWORD code, const char *format, ...) __attribute__((noreturn, format(gnu_printf, 2, 3)));
/* Ends the program with exit code 3: the document asks for what a Wine prefix cannot be. */
void cannot_stage(const char *what, const char *name) __attribute__((noreturn));

void *allocate(size_t size); /* zeroed; never NULL */
WCHAR *wide(const char *text);
char *narrow(const WCHAR *text, size_t length);
/* "00ff" to bytes. */
BYTE *from_hex(const char *hex, size_t *ret_size);
char *to_hex(const BYTE *bytes, size_t size);
/* Member as text or NULL; as number or otherwise. */
const char *member_text(const cJSON *object, const char *name);
double member_number(const cJSON *object, const char *name, double otherwise);

cJSON *read_document(const WCHAR *path);

/* Each takes its section of the document (NULL: none) and adds what is there now to `out`. */
void registry_load(const cJSON *section);
cJSON *registry_dump(const cJSON *section);
void service_load(const cJSON *section);
cJSON *service_dump(const cJSON *section);
/* clock: what the document's clock says now, or NULL; times of files keep their distance from it. */
void file_load(const cJSON *section, const char *clock);
cJSON *file_dump(const cJSON *section);
/* Of a certificate the dump says that it is there: by its thumbprint, true. */
void certificate_load(const cJSON *section);
cJSON *certificate_dump(const cJSON *section);
/* What group policy and MDM say of the firewall stands in the registry; the rest is the stand-in's. */
void firewall_load(const cJSON *section);
/* A value of a key that is made where it is missing; what a document's section `registry` would say of it. */
void registry_set(const char *key, const cJSON *value);
/* What the registry says of the system: version and product type, as Wine reads them at the start of a process. */
void system_load(const cJSON *section);

/* Stand-ins for programs, under their names. */
void program_load(const cJSON *section);

/* Puts the stand-ins for licensing and events into the prefix, with the document they serve. */
void standin_load(const WCHAR *document);
/* The document as they have it now; NULL: there are none. */
const WCHAR *standin_document(void);

/* The program as a Windows service: `stage.exe service NAME WAY`. Returns the exit code. */
int service_main(const WCHAR *name, const WCHAR *way);

/* `stage.exe run EXE ARGUMENT...`: the program with stand-ins for what Wine lacks. Returns its exit code. */
int run_main(const WCHAR *exe);

#endif
