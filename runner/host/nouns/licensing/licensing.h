/* SPDX-License-Identifier: MIT */
/*
 * The Software Licensing classes of root\cimv2: language-neutral properties only, HRESULTs kept as they come.
 * Source: https://learn.microsoft.com/previous-versions/windows/desktop/sppwmi/softwarelicensingproduct and
 * .../softwarelicensingservice; what slmgr.vbs of Windows 8 and later calls.
 */
#ifndef AZMEND_HOST_NOUNS_LICENSING_LICENSING_H
#define AZMEND_HOST_NOUNS_LICENSING_LICENSING_H

#include "host/host.h"

#define LICENSING_WINDOWS_APPLICATION "55c92734-d682-4d71-983e-d6ec3f16059f"

/* Where the provider keeps what it is told: root scope; the Windows application below it, its products below that. */
#define LICENSING_KEY "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform"
#define LICENSING_APPLICATION_KEY LICENSING_KEY "\\" LICENSING_WINDOWS_APPLICATION
#define LICENSING_KMS_NAME "KeyManagementServiceName" /* REG_SZ */
#define LICENSING_KMS_PORT "KeyManagementServicePort" /* REG_SZ of digits; absent: 1688 */

/* A SoftwareLicensingProduct with a partial key. NULL texts: the property is null. */
struct licensing_product {
    const char *id;          /* ID: the SKU id, lower case, without braces */
    const char *name;        /* Name: for people */
    const char *application; /* ApplicationID, lower case; NULL: Windows */
    const char *description; /* carries the channel token */
    const char *family;      /* LicenseFamily */
    const char *channel;     /* ProductKeyChannel; NULL before Windows 8 */
    const char *partial_key; /* last five */
    bool is_addon;
    int64_t status;              /* LicenseStatus 0..6 */
    uint32_t reason;             /* LicenseStatusReason, HRESULT */
    int64_t grace_minutes;       /* GracePeriodRemaining; 4294967295: does not apply */
    int64_t extended_minutes;    /* ExtendedGrace, likewise: of status 6 */
    int64_t activation_type;     /* VLActivationType: 0 none, 1 AD, 2 KMS, 3 token; -1: not told */
    int64_t activation_enabled;  /* VLActivationTypeEnabled: 0 all, 1 AD, 2 KMS, 3 token; -1: not told */
    const char *kms_host;        /* KeyManagementServiceMachine: in effect, whichever scope it is set in */
    int64_t kms_port;            /* likewise; may read 1688, or 0, where none is set */
    const char *discovered_host; /* DiscoveredKeyManagementServiceMachineName: the last one that DNS named */
    int64_t discovered_port;     /* DiscoveredKeyManagementServiceMachinePort; 0: none */
};

/* Digits, letters a to f and dashes only: an id goes into queries and keys. */
bool licensing_is_product(const char *id);

struct licensing_products {
    const struct licensing_product *items;
    size_t count;
};

/* SoftwareLicensingService, the one instance. */
struct licensing_service {
    const char *version;
    const char *kms_host; /* NULL: unset */
    int64_t kms_port;     /* may read 1688, or 0, where none is set */
    const char *lookup_domain;
};

/* What a backend supplies. */
struct licensing_ops {
    bool (*products)(void *backend, struct arena *arena, struct licensing_products *ret_products, struct err *err);
    bool (*service)(void *backend, struct arena *arena, struct licensing_service *ret_service, struct err *err);
    bool (*set_kms)(void *backend, const char *sku, const char *kms_host, int64_t port, struct err *err);
    bool (*install_key)(void *backend, const char *key, struct err *err);
    /* At most timeout_ms, then ERR_TIMEOUT: abandoned. */
    bool (*activate)(void *backend, const char *sku, int64_t timeout_ms, struct err *err);
    bool (*install_license)(void *backend, const char *license, struct err *err); /* text of one file, UTF-8 */
};

/*
 * Products with a partial key (filtered WQL): those of the Windows application, its add-ons too, and those of every
 * application, since Office 2013 and later keeps its licences in the same store. err.os: the HRESULT.
 */
bool host_licensing_keyed(struct host *host, struct licensing_products *ret_products, struct err *err) MUST_CHECK;
struct licensing_products licensing_of_windows(struct arena *arena, const struct licensing_products *products);
bool licensing_is_windows(const struct licensing_product *product);
bool host_licensing_products(struct host *host, struct licensing_products *ret_products, struct err *err) MUST_CHECK;
bool host_licensing_service(struct host *host, struct licensing_service *ret_service, struct err *err) MUST_CHECK;
/*
 * Changes (reversible). sku NULL: the service object (root scope), else the product's own scope. host NULL: clear.
 * Before and after are those of the registry (claim: wmi.effective-kms-host): the provider tells what is in effect, not
 * what is set, and only sets. port 0: clear. ERR_UNSUPPORTED: the provider is gone; the caller may fall back to the
 * registry and says so.
 */
bool host_licensing_set_kms(struct host *host, const char *sku, const char *kms_host, int64_t port, struct err *err)
    MUST_CHECK;
/*
 * What the run did: the outcome of every Activate, oldest first. `code` is the HRESULT (0: success), ERR_TIMEOUT leaves
 * it `abandoned`.
 */
struct licensing_attempt {
    int64_t utc_ms;      /* when it was begun */
    const char *product; /* which it was asked for */
    bool has_record;     /* `record` is known */
    uint64_t record;     /* EventRecordID of the Application log's newest event before: what it logged is higher */
    uint32_t code;
    bool abandoned;
};
size_t host_licensing_attempt_count(const struct host *host);
struct licensing_attempt host_licensing_attempt(const struct host *host, size_t index);

/*
 * Changes. err.os keeps the HRESULT.
 * install_key: SoftwareLicensingService.InstallProductKey, then RefreshLicenseStatus; `class` is OP_ONE_WAY or
 * OP_COSTLY (the key that is replaced cannot be read back). The key is a secret: journal and record see its last five
 * characters. activate: SoftwareLicensingProduct.Activate of this SKU, bounded by LIMIT_ACTIVATE_MS; ERR_TIMEOUT:
 * abandoned, it may still succeed. install_licenses: what slmgr /rilc does: InstallLicense over every *.xrm-ms anywhere
 * below System32\\spp\\tokens and System32\\oem; one op. A file that fails is tried once more after all others; what is
 * not in when most_ms are over stays out. False: none is in. scratch: an arena of LIMIT_LICENSE_SCRATCH_BYTES for one
 * file at a time, given back as it was.
 */
struct licensing_install {
    size_t installed, failed; /* files; a folder that cannot be listed is one failed */
    const char *failures;     /* paths and reasons of the first ones that stay out; NULL: none */
};
bool host_licensing_install_key(struct host *host, const char *key, enum op_class class, struct err *err) MUST_CHECK;
bool host_licensing_activate(struct host *host, const char *sku, struct err *err) MUST_CHECK;
bool host_licensing_install_licenses(struct host *host, struct arena *scratch, int64_t most_ms,
                                     struct licensing_install *ret_install, struct err *err) MUST_CHECK;

#endif
