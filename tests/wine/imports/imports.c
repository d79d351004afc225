/* SPDX-License-Identifier: MIT */
/* Source: https://learn.microsoft.com/windows/win32/debug/pe-format (the import directory and its two tables) */
#include "imports.h"

#include <stdint.h>
#include <string.h>

wchar_t imports_file[MAX_PATH];

static void *at(HMODULE module, DWORD offset)
{
    return (BYTE *)module + offset;
}

static const IMAGE_IMPORT_DESCRIPTOR *first_import(HMODULE module)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module;
    const IMAGE_NT_HEADERS *headers = at(module, (DWORD)dos->e_lfanew);
    return at(module, headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress);
}

static void replace(struct import *import, void (**place)(void))
{
    DWORD access = 0;
    import->real = *place;
    if (VirtualProtect(place, sizeof *place, PAGE_READWRITE, &access)) {
        *place = import->standin;
        (void)VirtualProtect(place, sizeof *place, access, &access);
    }
}

/* Each table's own: where two have the name, the second one's real function is the first one's stand-in. */
static void replace_named(const char *name, void (**place)(void))
{
    struct import *const tables[] = {import_answers, import_children, import_changes, import_delayed};
    for (size_t i = 0; i < ARRAYSIZE(tables); i++) {
        for (struct import *import = tables[i]; import->name != NULL; import++) {
            if (strcmp(import->name, name) == 0) {
                replace(import, place);
            }
        }
    }
}

static void replace_all(HMODULE module)
{
    for (const IMAGE_IMPORT_DESCRIPTOR *dll = first_import(module); dll->Name != 0; dll++) {
        const IMAGE_THUNK_DATA *names = at(module, dll->OriginalFirstThunk);
        void (**places)(void) = at(module, dll->FirstThunk);
        for (size_t i = 0; names[i].u1.AddressOfData != 0; i++) {
            if (!IMAGE_SNAP_BY_ORDINAL(names[i].u1.Ordinal)) {
                const IMAGE_IMPORT_BY_NAME *name = at(module, (DWORD)names[i].u1.AddressOfData);
                replace_named((const char *)name->Name, &places[i]);
            }
        }
    }
}

/* What is imported at its first call is asked for here (delayimp's helper is part of the program). */
static FARPROC WINAPI get_address(HMODULE module, const char *name)
{
    FARPROC found = ((__typeof__(&GetProcAddress))import_delayed[0].real)(module, name);
    void (*place)(void) = (void (*)(void))found;
    if (found != NULL && (uintptr_t)name > UINT16_MAX) {
        replace_named(name, &place);
    }
    return (FARPROC)place;
}

struct import import_delayed[] = {
    {"GetProcAddress", STANDIN(get_address), NULL},
    {NULL, NULL, NULL},
};

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved); /* called by the loader */

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        (void)GetModuleFileNameW(module, imports_file, MAX_PATH);
        replace_all(GetModuleHandleW(NULL));
    } else if (reason == DLL_PROCESS_DETACH) {
        count_tell();
    }
    return TRUE;
}
