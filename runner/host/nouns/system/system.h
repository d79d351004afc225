/* SPDX-License-Identifier: MIT */
/*
 * The machine as a whole: what neither the registry nor a service tells. Each member is known on its own: a value
 * that could not be read is absent with its bit clear in `known`.
 */
#ifndef AZMEND_HOST_NOUNS_SYSTEM_SYSTEM_H
#define AZMEND_HOST_NOUNS_SYSTEM_SYSTEM_H

#include "host/host.h"

enum system_member {
    SYSTEM_NAME = 1,       /* computer_name */
    SYSTEM_ELEVATED = 2,   /* is_elevated */
    SYSTEM_BOOT = 4,       /* boot_id, uptime_ms */
    SYSTEM_MEMORY = 8,     /* memory_bytes */
    SYSTEM_PRODUCT = 16,   /* product_type, sku */
    SYSTEM_ASSET_TAG = 32, /* asset_tag */
    SYSTEM_SUFFIXES = 64,  /* dns_suffixes */
    SYSTEM_VERSION = 128,  /* major, minor, build */
    SYSTEM_ROLE = 256,     /* domain_role; claim: system.role-asks-a-service */
    SYSTEM_ARCH = 512,     /* arch */
};

struct system_facts {
    unsigned known;     /* enum system_member bits */
    const char *family; /* "windows" */
    const char *computer_name;
    const char *arch; /* of Windows, not of this program: "x64", "arm64", "x86" */
    bool is_elevated;
    const char *boot_id; /* changes with every boot, never within one */
    int64_t uptime_ms;
    int64_t memory_bytes;            /* physical */
    int64_t product_type;            /* 1 workstation, 2 domain controller, 3 server (OSVERSIONINFOEX.wProductType) */
    int64_t sku;                     /* GetProductInfo / OperatingSystemSKU */
    int64_t domain_role;             /* 0..5 as Win32_ComputerSystem.DomainRole */
    int64_t major, minor, build;     /* RtlGetVersion: not subject to manifests */
    const char *asset_tag;           /* SMBIOS type 3 (chassis) asset tag; "" when empty */
    const char *const *dns_suffixes; /* in the order of host/suffixes.h; LIMIT_SUFFIXES of them: there may be more */
    size_t dns_suffix_count;
};

/* What a backend supplies. */
struct system_ops {
    bool (*query)(void *backend, struct arena *arena, struct system_facts *ret_facts, struct err *err);
};

bool host_system_query(struct host *host, struct system_facts *ret_facts, struct err *err) MUST_CHECK;

#endif
