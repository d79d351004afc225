/* SPDX-License-Identifier: MIT */
/* What COM asks a server DLL for. */
#include "tasks.h"
#include "wbem.h"

/* CLSID_TaskScheduler; mingw's library of identifiers lacks it. */
static const CLSID scheduler_class = {0x0f87369f, 0xa4e5, 0x4cfc, {0xbd, 0x3e, 0x73, 0xe6, 0x15, 0x45, 0x72, 0xdd}};

struct factory {
    struct com com;
    HRESULT (*make)(REFIID iid, void **ret_object);
};

static HRESULT STDMETHODCALLTYPE create_instance(IClassFactory *this, IUnknown *outer, REFIID iid, void **ret_object)
{
    return outer != NULL ? CLASS_E_NOAGGREGATION : ((struct factory *)this)->make(iid, ret_object);
}

static HRESULT STDMETHODCALLTYPE lock_server(IClassFactory *this, WINBOOL lock)
{
    (void)this;
    (void)lock;
    return S_OK;
}

HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID class, REFIID iid, void **ret_object)
{
    static const IClassFactoryVtbl table = {COM_METHODS(IClassFactory), .CreateInstance = create_instance,
                                            .LockServer = lock_server};
    *ret_object = NULL;
    bool is_locator = IsEqualCLSID(class, &CLSID_WbemLocator);
    if (!is_locator && !IsEqualCLSID(class, &scheduler_class)) {
        return CLASS_E_CLASSNOTAVAILABLE;
    }
    struct factory *factory = com_make(sizeof *factory, &table, &IID_IClassFactory, NULL);
    factory->make = is_locator ? wbem_make_locator : tasks_make_service;
    HRESULT result = com_query_interface(&factory->com, iid, ret_object);
    (void)com_release(&factory->com);
    return result;
}

/* The machine lives as long as the process. */
HRESULT STDAPICALLTYPE DllCanUnloadNow(void)
{
    return S_FALSE;
}
