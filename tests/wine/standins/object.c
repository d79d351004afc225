/* SPDX-License-Identifier: MIT */
#include <wchar.h>

#include "wbem.h"

static void drop(struct com *com)
{
    struct wbem_object *object = (struct wbem_object *)com;
    for (size_t i = 0; i < object->count; i++) {
        (void)VariantClear(&object->properties[i].value);
    }
}

void wbem_object_add(struct wbem_object *object, const wchar_t *name, VARIANT value)
{
    must(object->count < WBEM_PROPERTIES_MOST);
    object->properties[object->count++] = (struct wbem_property){.name = name, .value = value};
}

struct wbem_property *wbem_object_find(struct wbem_object *object, const wchar_t *name)
{
    for (size_t i = 0; i < object->count; i++) {
        if (_wcsicmp(object->properties[i].name, name) == 0) {
            return &object->properties[i];
        }
    }
    return NULL;
}

const wchar_t *wbem_object_text(struct wbem_object *object, const wchar_t *name)
{
    const struct wbem_property *property = wbem_object_find(object, name);
    return property != NULL && V_VT(&property->value) == VT_BSTR ? V_BSTR(&property->value) : NULL;
}

static HRESULT STDMETHODCALLTYPE get(IWbemClassObject *this, LPCWSTR name, LONG flags, VARIANT *ret_value,
                                     CIMTYPE *ret_type, LONG *ret_flavor)
{
    struct wbem_property *property = wbem_object_find((struct wbem_object *)this, name);
    must(flags == 0 && ret_type == NULL && ret_flavor == NULL);
    VariantInit(ret_value);
    if (property == NULL || property->is_hidden) {
        return (HRESULT)WBEM_E_NOT_FOUND;
    }
    return VariantCopy(ret_value, &property->value);
}

/* Only into the parameters of a method; the type must be the declared one. */
static HRESULT STDMETHODCALLTYPE put(IWbemClassObject *this, LPCWSTR name, LONG flags, VARIANT *value, CIMTYPE type)
{
    struct wbem_object *object = (struct wbem_object *)this;
    const struct wbem_method *method = object->method;
    must(method != NULL && flags == 0 && type == 0 && object->count == 0);
    if (_wcsicmp(name, method->parameter) != 0) {
        return (HRESULT)WBEM_E_NOT_FOUND;
    }
    if (V_VT(value) != method->type) {
        return (HRESULT)WBEM_E_TYPE_MISMATCH;
    }
    VARIANT copy;
    VariantInit(&copy);
    HRESULT result = VariantCopy(&copy, value);
    wbem_object_add(object, method->parameter, copy);
    return result;
}

static IWbemClassObject *parameters_of(const struct wbem_method *method)
{
    struct wbem_object *object = wbem_object_make();
    object->method = method;
    return (IWbemClassObject *)object;
}

/* A method without parameters has no such object. */
static HRESULT STDMETHODCALLTYPE get_method(IWbemClassObject *this, LPCWSTR name, LONG flags, IWbemClassObject **ret_in,
                                            IWbemClassObject **ret_out)
{
    const struct wbem_object *object = (const struct wbem_object *)this;
    must(object->class != NULL && flags == 0 && ret_out == NULL);
    const struct wbem_method *method = wbem_method_find(object->class, name);
    if (method == NULL) {
        return (HRESULT)WBEM_E_NOT_FOUND;
    }
    *ret_in = method->parameter != NULL ? parameters_of(method) : NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE spawn_instance(IWbemClassObject *this, LONG flags, IWbemClassObject **ret_instance)
{
    const struct wbem_object *object = (const struct wbem_object *)this;
    must(object->method != NULL && flags == 0);
    *ret_instance = parameters_of(object->method);
    return S_OK;
}

struct wbem_object *wbem_object_make(void)
{
    static const IWbemClassObjectVtbl table = {
        COM_METHODS(IWbemClassObject), .Get = get, .Put = put, .GetMethod = get_method, .SpawnInstance = spawn_instance,
    };
    return com_make(sizeof(struct wbem_object), &table, &IID_IWbemClassObject, drop);
}
