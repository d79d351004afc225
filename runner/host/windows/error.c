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
    {ERROR_INVALID_LEVEL, ERR_UNSUPPORTED},
    {ERROR_INVALID_PARAMETER, ERR_INVALID},
    {ERROR_INVALID_NAME, ERR_INVALID},
    {ERROR_BAD_PATHNAME, ERR_INVALID},
    {ERROR_DIRECTORY, ERR_INVALID},
    {ERROR_FILENAME_EXCED_RANGE, ERR_LIMIT},
    {ERROR_TOO_MANY_OPEN_FILES, ERR_LIMIT},
};

/*
 * By number: wbemcli.h's enumerators do not fit an int.
 * Source: https://learn.microsoft.com/windows/win32/wmisdk/wmi-error-constants
 */
static const struct {
    uint32_t result;
    enum err_code code;
} hresults[] = {
    {0x80041002, ERR_NOT_FOUND},   /* WBEM_E_NOT_FOUND */
    {0x80041003, ERR_DENIED},      /* WBEM_E_ACCESS_DENIED */
    {0x80041006, ERR_MEMORY},      /* WBEM_E_OUT_OF_MEMORY */
    {0x8004100C, ERR_UNSUPPORTED}, /* WBEM_E_NOT_SUPPORTED */
    {0x8004100E, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_NAMESPACE */
    {0x80041010, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_CLASS */
    {0x80041011, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_NOT_FOUND */
    {0x80041012, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_PROVIDER_REGISTRATION */
    {0x80041013, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_LOAD_FAILURE */
    {0x80041017, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_QUERY: a class without the properties every Windows has */
    {0x80041055, ERR_UNSUPPORTED}, /* WBEM_E_METHOD_NOT_IMPLEMENTED */
    {0x80041069, ERR_TIMEOUT},     /* WBEM_E_TIMED_OUT */
    {0x80040154, ERR_UNSUPPORTED}, /* REGDB_E_CLASSNOTREG */
    {0x80004001, ERR_UNSUPPORTED}, /* E_NOTIMPL */
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
    for (size_t i = 0; i < COUNT_OF(hresults); i++) {
        code = hresults[i].result == number ? hresults[i].code : code;
    }
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
