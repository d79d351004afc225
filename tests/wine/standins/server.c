/* SPDX-License-Identifier: MIT */
/* What COM asks a server DLL for. */
#include "firewall.h"
#include "tasks.h"
#include "wbem.h"

/* Source: netfw.h of the Windows SDK. */
static const CLSID policy_class = {0xe2b3c97f, 0x6ae1, 0x41ac, {0x81, 0x7a, 0xf6, 0xf9, 0x21, 0x66, 0xd7, 0xdd}};
static const CLSID rule_class = {0x2c5bc43e, 0x3369, 0x4c33, {0xab, 0x0c, 0xbe, 0x94, 0x69, 0x67, 0x7a, 0xf4}};

/* CLSID_TaskScheduler; mingw's library of identifiers lacks it. */
static const CLSID scheduler_class = {0x0f87369f, 0xa4e5, 0x4cfc, {0xbd, 0x3e, 0x73, 0xe6, 0x15, 0x45, 0x72, 0xdd}};

static const struct {
    const CLSID *class;
    HRESULT (*make)(REFIID iid, void **ret_object);
} classes[] = {
    {&CLSID_WbemLocator, wbem_make_locator},
    {&policy_class, firewall_make_policy},
    {&rule_class, firewall_make_rule},
    {&scheduler_class, tasks_make_service},
};

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
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        if (IsEqualCLSID(class, classes[i].class)) {
            struct factory *factory = com_make(sizeof *factory, &table, &IID_IClassFactory, NULL);
            factory->make = classes[i].make;
            HRESULT result = com_query_interface(&factory->com, iid, ret_object);
            (void)com_release(&factory->com);
            return result;
        }
    }
    return CLASS_E_CLASSNOTAVAILABLE;
}

/* The machine lives as long as the process. */
HRESULT STDAPICALLTYPE DllCanUnloadNow(void)
{
    return S_FALSE;
}
