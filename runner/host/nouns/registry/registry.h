/* SPDX-License-Identifier: MIT */
/*
 * The registry, always the 64-bit view. Keys are written "HKLM\\path" or "HKU\\path". Values come back whole: type
 * and bytes as stored, decoded only when the bytes allow it. Stored bytes are hostile: a REG_SZ may lack its NUL, a
 * REG_DWORD may be short, a type may be any number.
 * Source: https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regqueryvalueexw (remarks on missing NUL).
 */
#ifndef AZMEND_HOST_NOUNS_REGISTRY_REGISTRY_H
#define AZMEND_HOST_NOUNS_REGISTRY_REGISTRY_H

#include "host/host.h"

/* The numbers of winnt.h. */
enum registry_type {
    REGISTRY_NONE = 0,
    REGISTRY_SZ = 1,
    REGISTRY_EXPAND_SZ = 2,
    REGISTRY_BINARY = 3,
    REGISTRY_DWORD = 4,
    REGISTRY_MULTI_SZ = 7,
    REGISTRY_QWORD = 11,
};

struct registry_value {
    bool exists;
    uint32_t type;        /* enum registry_type or any other number */
    const uint8_t *bytes; /* as stored; texts are UTF-16LE */
    size_t size;          /* bytes; at most LIMIT_REGISTRY_VALUE_BYTES */
    const char *text; /* SZ, EXPAND_SZ (not expanded): UTF-8 up to the first NUL; NULL for other types or odd size */
    bool is_number;   /* DWORD of 4 bytes or QWORD of 8 */
    int64_t number;   /* QWORD over INT64_MAX: is_number false */
};

struct registry_names {
    bool exists;              /* the key */
    const char *const *items; /* in the order the system gives */
    size_t count;
};

/* A value of SZ or DWORD type made from what a person means; memory: the arena. */
struct registry_value registry_from_text(struct arena *arena, const char *text);
struct registry_value registry_from_dword(struct arena *arena, uint32_t number);
/* Fills text, is_number and number from type, bytes and size: the one decoder for every backend. */
void registry_decode(struct arena *arena, struct registry_value *value);

/* What a backend supplies. */
struct registry_ops {
    bool (*query)(void *backend, const char *key, const char *name, struct arena *arena,
                  struct registry_value *ret_value, struct err *err);
    bool (*subkeys)(void *backend, const char *key, struct arena *arena, struct registry_names *ret_names,
                    struct err *err);
    bool (*set)(void *backend, const char *key, const char *name, const struct registry_value *value, struct err *err);
    bool (*delete)(void *backend, const char *key, const char *name, struct err *err);
};

/* A missing key or value is exists == false. ERR_DENIED, ERR_LIMIT, ERR_IO. name "" is the default value. */
bool host_registry_query(struct host *host, const char *key, const char *name, struct registry_value *ret_value,
                         struct err *err) MUST_CHECK;
bool host_registry_subkeys(struct host *host, const char *key, struct registry_names *ret_names, struct err *err)
    MUST_CHECK;
/* Changes (reversible). set creates the key when missing; delete of an absent value is no op. */
bool host_registry_set(struct host *host, const char *key, const char *name, const struct registry_value *value,
                       struct err *err) MUST_CHECK;
bool host_registry_delete(struct host *host, const char *key, const char *name, struct err *err) MUST_CHECK;

#endif
