/* SPDX-License-Identifier: MIT */
/* Writing over a file that another one holds, and what a process leaves that dies while two names are exchanged. */
#include <string.h>
#include <windows.h>

#include "base/text.h"
#include "contract.h"

#define FOLDER L"C:\\azmend-contract"
#define HELD FOLDER L"\\held.bin"
#define BACKUP FOLDER L"\\.azmend-held.bin.old" /* as host/windows/file_replace.c names it */

enum { HOLD_MS = 400 };

static bool write_held(struct contract *contract, const char *text)
{
    return contract->ops->file->write(contract->backend, CONTRACT_FOLDER "\\held.bin", text, strlen(text),
                                      &contract->err);
}

/* The file says so, and there is nothing else in the folder. */
static bool holds_alone(struct contract *contract, const char *text)
{
    struct file_bytes got = {0};
    struct file_names names = {0};
    return contract->ops->file->read(contract->backend, CONTRACT_FOLDER "\\held.bin", 64, contract->arena, &got,
                                     &contract->err) &&
           got.exists && got.size == strlen(text) && memcmp(got.bytes, text, got.size) == 0 &&
           contract->ops->file->list(contract->backend, CONTRACT_FOLDER, contract->arena, &names, &contract->err) &&
           names.count == 1;
}

/* As a scanner that shares neither writing nor deleting. */
static HANDLE hold(void)
{
    return CreateFileW(HELD, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
}

static DWORD WINAPI let_go(void *held)
{
    Sleep(HOLD_MS);
    return CloseHandle(held) ? 0 : 1;
}

void contract_replace_waits(struct contract *contract)
{
    EXPECT(contract, write_held(contract, "old"));
    HANDLE held = hold();
    HANDLE thread = CreateThread(NULL, 0, let_go, held, 0, NULL);
    EXPECT(contract, held != INVALID_HANDLE_VALUE && thread != NULL);
    EXPECT(contract, write_held(contract, "new") && holds_alone(contract, "new"));
    EXPECT(contract, WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && CloseHandle(thread));
    EXPECT(contract, DeleteFileW(HELD));
}

/* Held for longer than anybody waits: said, and the old content stands. */
void contract_replace_gives_up(struct contract *contract)
{
    EXPECT(contract, write_held(contract, "old"));
    HANDLE held = hold();
    EXPECT(contract, !write_held(contract, "new") && contract->err.code != ERR_NONE && contract->err.os != 0);
    EXPECT(contract, holds_alone(contract, "old"));
    EXPECT(contract, CloseHandle(held) && write_held(contract, "new") && holds_alone(contract, "new"));
    EXPECT(contract, DeleteFileW(HELD));
}

/* The old file has its backup's name: it gets its own again, and with it its rights and times, before it is replaced.
 */
void contract_replace_settles(struct contract *contract)
{
    WIN32_FILE_ATTRIBUTE_DATA before, after;
    EXPECT(contract, write_held(contract, "old") && GetFileAttributesExW(HELD, GetFileExInfoStandard, &before));
    EXPECT(contract, MoveFileExW(HELD, BACKUP, 0));
    EXPECT(contract, write_held(contract, "new") && holds_alone(contract, "new"));
    EXPECT(contract, GetFileAttributesExW(HELD, GetFileExInfoStandard, &after));
    EXPECT(contract, contract_is_wine() || CompareFileTime(&before.ftCreationTime, &after.ftCreationTime) == 0);
    EXPECT(contract, CopyFileW(HELD, BACKUP, TRUE));
    EXPECT(contract, write_held(contract, "newer") && holds_alone(contract, "newer"));
    EXPECT(contract, DeleteFileW(HELD));
}
