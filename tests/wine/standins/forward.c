/* SPDX-License-Identifier: MIT */
/* Classes of the operating system are Wine's own: what azmend asks of them goes on to wbemprox. */
#include <wchar.h>

#include "wbem.h"

bool wbem_is_forwarded(const wchar_t *text)
{
    return wcsstr(text, L"Win32_") != NULL;
}

static HRESULT make_real_locator(IWbemLocator **ret_locator)
{
    HMODULE server = LoadLibraryW(L"C:\\windows\\system32\\wbem\\wbemprox.dll");
    FARPROC found = server != NULL ? GetProcAddress(server, "DllGetClassObject") : NULL;
    HRESULT(STDAPICALLTYPE * get_class_object)
    (REFCLSID, REFIID, void **) = (HRESULT(STDAPICALLTYPE *)(REFCLSID, REFIID, void **))(void (*)(void))found;
    void *factory = NULL, *locator = NULL;
    if (get_class_object == NULL) {
        return (HRESULT)WBEM_E_PROVIDER_LOAD_FAILURE;
    }
    HRESULT result = get_class_object(&CLSID_WbemLocator, &IID_IClassFactory, &factory);
    if (SUCCEEDED(result)) {
        result = IClassFactory_CreateInstance((IClassFactory *)factory, NULL, &IID_IWbemLocator, &locator);
        (void)IClassFactory_Release((IClassFactory *)factory);
    }
    *ret_locator = locator;
    return result;
}

HRESULT wbem_forward(IWbemServices **ret_services)
{
    IWbemLocator *locator = NULL;
    HRESULT result = make_real_locator(&locator);
    if (FAILED(result)) {
        return result;
    }
    BSTR space = SysAllocString(L"root\\cimv2");
    result = IWbemLocator_ConnectServer(locator, space, NULL, NULL, NULL, 0, NULL, NULL, ret_services);
    SysFreeString(space);
    (void)IWbemLocator_Release(locator);
    return result;
}
