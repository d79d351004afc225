/* SPDX-License-Identifier: MIT */
/* What every COM object of the stand-ins is. */
#ifndef AZMEND_TESTS_STANDINS_COM_H
#define AZMEND_TESTS_STANDINS_COM_H

#define COBJMACROS
#include "machine.h"

/* windows.h goes first. */
/* clang-format off */
#include <oleauto.h>
/* clang-format on */

/* First member of every object; the interface's table comes first of all. */
struct com {
    const void *table;
    const IID *iid;
    LONG owners;
    void (*drop)(struct com *com); /* what the object holds; NULL: nothing */
};
/* One owner: the caller. */
void *com_make(size_t size, const void *table, const IID *iid, void (*drop)(struct com *com));
HRESULT STDMETHODCALLTYPE com_query_interface(struct com *com, REFIID iid, void **ret_object);
ULONG STDMETHODCALLTYPE com_add_ref(struct com *com);
ULONG STDMETHODCALLTYPE com_release(struct com *com);
#define COM_METHODS(interface)                                                                                         \
    .QueryInterface = (HRESULT(STDMETHODCALLTYPE *)(interface *, REFIID, void **))com_query_interface,                 \
    .AddRef = (ULONG(STDMETHODCALLTYPE *)(interface *))com_add_ref,                                                    \
    .Release = (ULONG(STDMETHODCALLTYPE *)(interface *))com_release

/* A text of the model as a BSTR; NULL: an empty VARIANT. */
VARIANT com_text(const char *text);
VARIANT com_number(VARTYPE type, LONG number);
/* The system's code of a failure as an HRESULT; E_FAIL: it has none. */
HRESULT com_failure(const struct err *err);

#endif
