/* SPDX-License-Identifier: MIT */
#include "host/windows/backend.h"

static const struct {
    DWORD number;
    enum err_code code;
} codes[] = {
    {ERROR_ACCESS_DENIED, ERR_DENIED},
    {ERROR_PRIVILEGE_NOT_HELD, ERR_DENIED},
    {ERROR_WRITE_PROTECT, ERR_DENIED},
    {ERROR_INVALID_OWNER, ERR_DENIED},
    {ERROR_FILE_NOT_FOUND, ERR_NOT_FOUND},
    {ERROR_PATH_NOT_FOUND, ERR_NOT_FOUND},
    {ERROR_SERVICE_DOES_NOT_EXIST, ERR_NOT_FOUND},
    {ERROR_SHARING_VIOLATION, ERR_BUSY},
    {ERROR_LOCK_VIOLATION, ERR_BUSY},
    {ERROR_USER_MAPPED_FILE, ERR_BUSY},
    {ERROR_BUSY, ERR_BUSY},
    {ERROR_SERVICE_DATABASE_LOCKED, ERR_BUSY},
    {ERROR_SERVICE_CANNOT_ACCEPT_CTRL, ERR_BUSY},
    {ERROR_NOT_ENOUGH_MEMORY, ERR_MEMORY},
    {ERROR_OUTOFMEMORY, ERR_MEMORY},
    {ERROR_COMMITMENT_LIMIT, ERR_MEMORY},
    {ERROR_TIMEOUT, ERR_TIMEOUT},
    {ERROR_SERVICE_REQUEST_TIMEOUT, ERR_TIMEOUT},
    {ERROR_CALL_NOT_IMPLEMENTED, ERR_UNSUPPORTED},
    {ERROR_NOT_SUPPORTED, ERR_UNSUPPORTED},
    {ERROR_PROC_NOT_FOUND, ERR_UNSUPPORTED},
    {ERROR_INVALID_FUNCTION, ERR_UNSUPPORTED},
    {ERROR_INVALID_PARAMETER, ERR_INVALID},
    {ERROR_INVALID_NAME, ERR_INVALID},
    {ERROR_BAD_PATHNAME, ERR_INVALID},
    {ERROR_DIRECTORY, ERR_INVALID},
    {ERROR_FILENAME_EXCED_RANGE, ERR_LIMIT},
    {ERROR_TOO_MANY_OPEN_FILES, ERR_LIMIT},
};

static enum err_code code_of(DWORD number)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].number == number) {
            return codes[i].code;
        }
    }
    return ERR_IO;
}

bool windows_failed(struct err *err, DWORD number, const char *verb, const char *what)
{
    return err_set(err, code_of(number), number, "%s %s: Windows error %lu", verb, what, number);
}

bool hresult_failed(struct err *err, HRESULT result, const char *verb, const char *what)
{
    uint32_t number = (uint32_t)result;
    enum err_code code = HRESULT_FACILITY(result) == FACILITY_WIN32 ? code_of(number & 0xFFFF) : ERR_IO;
    code = result == E_OUTOFMEMORY ? ERR_MEMORY : code;
    return err_set(err, code, number, "%s %s: 0x%08X", verb, what, (unsigned)number);
}

void drop_handle(HANDLE *handle)
{
    if (*handle != NULL && *handle != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(*handle);
    }
}

void drop_local(void *memory)
{
    (void)LocalFree(*(HLOCAL *)memory);
}
