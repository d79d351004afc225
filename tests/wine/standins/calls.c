/* SPDX-License-Identifier: MIT */
/* What a semisynchronous call hands out: nothing is there at the first look, so that azmend has to wait. */
#include "wbem.h"

struct enumeration {
    struct com com;
    struct wbem_rows rows;
    size_t next;
    HRESULT result; /* of the query */
    bool was_asked;
};

static void drop_enumeration(struct com *com)
{
    struct enumeration *enumeration = (struct enumeration *)com;
    wbem_rows_clear(&enumeration->rows);
}

/* A provider's failure comes with the first object, not with the query. */
static HRESULT STDMETHODCALLTYPE next(IEnumWbemClassObject *this, LONG timeout_ms, ULONG count,
                                      IWbemClassObject **ret_objects, ULONG *ret_count)
{
    struct enumeration *enumeration = (struct enumeration *)this;
    must(count == 1 && timeout_ms >= 0);
    *ret_count = 0;
    if (!enumeration->was_asked) {
        enumeration->was_asked = true;
        return WBEM_S_TIMEDOUT;
    }
    if (FAILED(enumeration->result)) {
        return enumeration->result;
    }
    if (enumeration->next == enumeration->rows.count) {
        return WBEM_S_FALSE;
    }
    struct wbem_object *object = enumeration->rows.items[enumeration->next++];
    (void)com_add_ref(&object->com);
    *ret_objects = (IWbemClassObject *)object;
    *ret_count = 1;
    return S_OK;
}

IEnumWbemClassObject *wbem_enumerate(const struct wbem_rows *rows, HRESULT result)
{
    static const IEnumWbemClassObjectVtbl table = {COM_METHODS(IEnumWbemClassObject), .Next = next};
    struct enumeration *enumeration =
        com_make(sizeof *enumeration, &table, &IID_IEnumWbemClassObject, drop_enumeration);
    enumeration->rows = *rows;
    enumeration->result = result;
    return (IEnumWbemClassObject *)enumeration;
}

struct call {
    struct com com;
    HRESULT result; /* WBEM_S_TIMEDOUT: it never ends */
    bool was_asked;
};

static HRESULT STDMETHODCALLTYPE get_status(IWbemCallResult *this, LONG timeout_ms, LONG *ret_status)
{
    struct call *call = (struct call *)this;
    must(timeout_ms >= 0);
    if (call->result == WBEM_S_TIMEDOUT) {
        Sleep((DWORD)timeout_ms);
        return WBEM_S_TIMEDOUT;
    }
    if (!call->was_asked) {
        call->was_asked = true;
        return WBEM_S_TIMEDOUT;
    }
    *ret_status = call->result;
    return WBEM_S_NO_ERROR;
}

IWbemCallResult *wbem_call_result(HRESULT result)
{
    static const IWbemCallResultVtbl table = {COM_METHODS(IWbemCallResult), .GetCallStatus = get_status};
    struct call *call = com_make(sizeof *call, &table, &IID_IWbemCallResult, NULL);
    call->result = result;
    return (IWbemCallResult *)call;
}
