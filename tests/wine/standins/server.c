/* SPDX-License-Identifier: MIT */
/* What COM asks a server DLL for. */
#include "wbem.h"

static HRESULT STDMETHODCALLTYPE create_instance(IClassFactory *this, IUnknown *outer, REFIID iid, void **ret_object)
{
    (void)this;
    return outer != NULL ? CLASS_E_NOAGGREGATION : wbem_make_locator(iid, ret_object);
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
    if (!IsEqualCLSID(class, &CLSID_WbemLocator)) {
        return CLASS_E_CLASSNOTAVAILABLE;
    }
    struct com *factory = com_make(sizeof *factory, &table, &IID_IClassFactory, NULL);
    HRESULT result = com_query_interface(factory, iid, ret_object);
    (void)com_release(factory);
    return result;
}

/* The machine lives as long as the process. */
HRESULT STDAPICALLTYPE DllCanUnloadNow(void)
{
    return S_FALSE;
}
