/* SPDX-License-Identifier: MIT */
#define COBJMACROS

#include "host/windows/com.h"

HRESULT com_enter(void)
{
    return CoInitializeEx(NULL, COINIT_MULTITHREADED);
}

void com_leave(const HRESULT *entered)
{
    if (SUCCEEDED(*entered)) {
        CoUninitialize();
    }
}

/* Once a process: that it was done before is no failure. */
HRESULT com_let_impersonate(void)
{
    HRESULT result = CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_DEFAULT, RPC_C_IMP_LEVEL_IMPERSONATE,
                                          NULL, EOAC_NONE, NULL);
    return result == RPC_E_TOO_LATE ? S_OK : result;
}

void drop_bstr(BSTR *text)
{
    SysFreeString(*text);
}

void drop_object(void *held)
{
    IUnknown *unknown = *(IUnknown **)held;
    if (unknown != NULL) {
        (void)IUnknown_Release(unknown);
    }
}
