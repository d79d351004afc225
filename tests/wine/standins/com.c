/* SPDX-License-Identifier: MIT */
#include "com.h"

#include <stdlib.h>

void *com_make(size_t size, const void *table, const IID *iid, void (*drop)(struct com *com))
{
    struct com *com = standin_allocate(size);
    *com = (struct com){.table = table, .iid = iid, .owners = 1, .drop = drop};
    return com;
}

HRESULT STDMETHODCALLTYPE com_query_interface(struct com *com, REFIID iid, void **ret_object)
{
    bool is_known = IsEqualIID(iid, com->iid) || IsEqualIID(iid, &IID_IUnknown);
    *ret_object = is_known ? com : NULL;
    if (is_known) {
        (void)com_add_ref(com);
    }
    return is_known ? S_OK : E_NOINTERFACE;
}

ULONG STDMETHODCALLTYPE com_add_ref(struct com *com)
{
    return (ULONG)InterlockedIncrement(&com->owners);
}

ULONG STDMETHODCALLTYPE com_release(struct com *com)
{
    LONG owners = InterlockedDecrement(&com->owners);
    if (owners == 0) {
        if (com->drop != NULL) {
            com->drop(com);
        }
        free(com);
    }
    return (ULONG)owners;
}

VARIANT com_text(const char *text)
{
    VARIANT value;
    VariantInit(&value);
    if (text != NULL) {
        wchar_t *wide = standin_wide(text);
        V_VT(&value) = VT_BSTR;
        V_BSTR(&value) = SysAllocString(wide);
        free(wide);
    }
    return value;
}

VARIANT com_number(VARTYPE type, LONG number)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = type;
    V_I4(&value) = number;
    return value;
}

/* Both kinds come: HRESULTs of providers and the plain numbers of Win32. */
HRESULT com_failure(const struct err *err)
{
    HRESULT code = (HRESULT)err->os;
    return err->os == 0 ? E_FAIL : FAILED(code) ? code : HRESULT_FROM_WIN32(err->os);
}
