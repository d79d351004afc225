/* SPDX-License-Identifier: MIT */
#include "host/nouns/system/system.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "host/port.h"
#include "host/smbios.h"
#include "host/suffixes.h"

/* winsock2.h goes before windows.h, that before the rest. */
/* clang-format off */
#include <winsock2.h>
#include "host/windows/backend.h"
#include <dsrole.h>
#include <iphlpapi.h>
#include <winternl.h>
/* clang-format on */

enum {
    FIRMWARE_RAW_SMBIOS = 0x52534D42, /* 'RSMB' */
    FIRMWARE_BYTES_MOST = 1024 * 1024,
    NAME_UNITS = 512,
    ADAPTER_BYTES = 32 * 1024,
    ADAPTER_TRIES = 4,
    TIME_OF_DAY = 3, /* SystemTimeOfDayInformation */
};

/* Every one of these leaves its members and its bit as they are when the system does not answer. */

static const char *computer_text(struct arena *arena, COMPUTER_NAME_FORMAT format)
{
    wchar_t name[NAME_UNITS] = L"";
    DWORD count = NAME_UNITS;
    return GetComputerNameExW(format, name, &count) ? narrow_part(arena, name, count) : NULL;
}

static void look_name(struct arena *arena, struct system_facts *facts)
{
    facts->computer_name = computer_text(arena, ComputerNamePhysicalDnsHostname);
    facts->known |= facts->computer_name != NULL ? SYSTEM_NAME : 0U;
}

static void look_elevated(struct arena *arena, struct system_facts *facts)
{
    (void)arena;
    facts->is_elevated = port_is_elevated();
    facts->known |= SYSTEM_ELEVATED;
}

/* Not imported: ntdll's import library also offers the C library's functions. NULL: this system has none. */
static FARPROC find_in_ntdll(const char *name)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
}

static const char *arch_name(USHORT image)
{
    switch (image) {
    case IMAGE_FILE_MACHINE_AMD64:
        return "x64";
    case IMAGE_FILE_MACHINE_ARM64:
        return "arm64";
    case IMAGE_FILE_MACHINE_I386:
        return "x86";
    default:
        return NULL;
    }
}

/*
 * This program is built for x64; on Arm64 it runs in emulation, where GetNativeSystemInfo says x64. Before Windows
 * Server 2016 there is neither the function nor a Windows that emulates x64. claim: system.arch-behind-emulation
 * Source: https://learn.microsoft.com/windows/win32/api/wow64apiset/nf-wow64apiset-iswow64process2
 */
static void look_arch(struct arena *arena, struct system_facts *facts)
{
    (void)arena;
    BOOL(WINAPI * is_wow64)(HANDLE, USHORT *, USHORT *) = NULL;
    FARPROC found = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "IsWow64Process2");
    memcpy(&is_wow64, &found, sizeof is_wow64);
    USHORT process = IMAGE_FILE_MACHINE_UNKNOWN;
    USHORT native = IMAGE_FILE_MACHINE_AMD64;
    if (is_wow64 == NULL || is_wow64(GetCurrentProcess(), &process, &native)) {
        facts->arch = arch_name(native);
        facts->known |= facts->arch != NULL ? SYSTEM_ARCH : 0U;
    }
}

/*
 * The kernel moves its boot time with every step of the clock and counts those moves beside it; the difference is what
 * the clock said at boot, for as long as the machine is up. The system's own tracing computes its boot time so.
 * Source: NtQuerySystemInformation, SystemTimeOfDayInformation.
 */
static void look_boot(struct arena *arena, struct system_facts *facts)
{
    struct {
        int64_t boot, now, zone_bias;
        uint32_t zone, reserved;
        int64_t boot_bias, sleep_bias;
    } times = {0};
    NTSTATUS(NTAPI * query)(ULONG, void *, ULONG, ULONG *) = NULL;
    FARPROC found = find_in_ntdll("NtQuerySystemInformation");
    memcpy(&query, &found, sizeof query);
    ULONG size = 0;
    if (query != NULL && NT_SUCCESS(query(TIME_OF_DAY, &times, sizeof times, &size))) {
        facts->boot_id = arena_format(arena, "%016llx", (unsigned long long)(times.boot - times.boot_bias));
        facts->uptime_ms = (int64_t)GetTickCount64();
        facts->known |= SYSTEM_BOOT;
    }
}

static void look_memory(struct arena *arena, struct system_facts *facts)
{
    (void)arena;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    if (GlobalMemoryStatusEx(&memory)) {
        facts->memory_bytes = (int64_t)memory.ullTotalPhys;
        facts->known |= SYSTEM_MEMORY;
    }
}

static void drop_role(DSROLE_PRIMARY_DOMAIN_INFO_BASIC **role)
{
    if (*role != NULL) {
        DsRoleFreeMemory(*role);
    }
}

/* DSROLE_MACHINE_ROLE counts as Win32_ComputerSystem.DomainRole does. Source: dsrole.h. */
static bool find_role(int64_t *ret_role)
{
    DSROLE_PRIMARY_DOMAIN_INFO_BASIC *role AUTO(drop_role) = NULL;
    void *answer = &role;
    if (DsRoleGetPrimaryDomainInformation(NULL, DsRolePrimaryDomainInfoBasic, answer) != ERROR_SUCCESS ||
        role == NULL) {
        return false;
    }
    *ret_role = (int64_t)role->MachineRole;
    return true;
}

/* GetVersionEx answers what the manifest says. Source: learn.microsoft.com, RtlGetVersion (wdm.h). */
static void look_version(struct arena *arena, struct system_facts *facts)
{
    (void)arena;
    RTL_OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    NTSTATUS(NTAPI * get_version)(RTL_OSVERSIONINFOEXW *) = NULL;
    FARPROC found = find_in_ntdll("RtlGetVersion");
    memcpy(&get_version, &found, sizeof get_version);
    if (get_version == NULL || !NT_SUCCESS(get_version(&version))) {
        return;
    }
    facts->major = version.dwMajorVersion;
    facts->minor = version.dwMinorVersion;
    facts->build = version.dwBuildNumber;
    facts->known |= SYSTEM_VERSION;
    DWORD sku = 0;
    if (GetProductInfo(version.dwMajorVersion, version.dwMinorVersion, 0, 0, &sku)) {
        facts->product_type = version.wProductType;
        facts->sku = sku;
        facts->known |= SYSTEM_PRODUCT;
    }
}

/* Apart: it asks a service, and its failure must not take the edition along. */
static void look_role(struct arena *arena, struct system_facts *facts)
{
    (void)arena;
    facts->known |= find_role(&facts->domain_role) ? (unsigned)SYSTEM_ROLE : 0U;
}

static void look_asset_tag(struct arena *arena, struct system_facts *facts)
{
    struct err err;
    UINT size = GetSystemFirmwareTable(FIRMWARE_RAW_SMBIOS, 0, NULL, 0);
    if (size == 0 || size > FIRMWARE_BYTES_MOST) {
        return;
    }
    uint8_t *bytes = arena_alloc(arena, size);
    UINT got = GetSystemFirmwareTable(FIRMWARE_RAW_SMBIOS, 0, bytes, size);
    if (got != 0 && got <= size && smbios_asset_tag(bytes, got, arena, &facts->asset_tag, &err)) {
        facts->known |= SYSTEM_ASSET_TAG;
    }
}

/* A list that cannot be read may hold the domain that names the KMS host. False: it could not. */
static bool add_search_list(struct arena *arena, struct arena_list *suffixes, const char *key)
{
    struct err err = {0};
    struct registry_value list = {0};
    if (!windows_registry_ops.query(NULL, key, SUFFIXES_VALUE, arena, &list, &err)) {
        return false;
    }
    suffixes_add_list(arena, suffixes, list.exists ? list.text : NULL);
    return true;
}

/* NULL: the system does not answer. Memory: the arena; the list may outgrow its room between two calls. */
static const IP_ADAPTER_ADDRESSES *list_adapters(struct arena *arena, ULONG *ret_failure)
{
    const ULONG flags =
        GAA_FLAG_SKIP_UNICAST | GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    ULONG size = ADAPTER_BYTES;
    IP_ADAPTER_ADDRESSES *adapters = NULL;
    *ret_failure = ERROR_BUFFER_OVERFLOW;
    for (int i = 0; i < ADAPTER_TRIES && *ret_failure == ERROR_BUFFER_OVERFLOW && size <= FIRMWARE_BYTES_MOST; i++) {
        adapters = arena_alloc(arena, size);
        *ret_failure = GetAdaptersAddresses(AF_UNSPEC, flags, NULL, adapters, &size);
    }
    return *ret_failure == ERROR_SUCCESS ? adapters : NULL;
}

/* Source: https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getadaptersaddresses */
static void look_suffixes(struct arena *arena, struct system_facts *facts)
{
    struct arena_list suffixes = {0};
    ULONG failure = ERROR_SUCCESS;
    suffixes_add(arena, &suffixes, computer_text(arena, ComputerNamePhysicalDnsDomain));
    bool has_lists = add_search_list(arena, &suffixes, SUFFIXES_MACHINE_KEY) &&
                     add_search_list(arena, &suffixes, SUFFIXES_POLICY_KEY);
    const IP_ADAPTER_ADDRESSES *adapters = list_adapters(arena, &failure);
    for (const IP_ADAPTER_ADDRESSES *at = adapters; at != NULL; at = at->Next) {
        if (at->OperStatus == IfOperStatusUp && at->DnsSuffix != NULL) {
            suffixes_add(arena, &suffixes, narrow(arena, at->DnsSuffix));
        }
    }
    if (has_lists && (failure == ERROR_SUCCESS || failure == ERROR_NO_DATA)) {
        facts->dns_suffixes = suffixes.items;
        facts->dns_suffix_count = suffixes.count;
        facts->known |= SYSTEM_SUFFIXES;
    }
}

static bool query(void *backend, struct arena *arena, struct system_facts *ret_facts, struct err *err)
{
    static void (*const looks[])(struct arena *, struct system_facts *) = {look_name, look_arch,      look_elevated,
                                                                           look_boot, look_memory,    look_version,
                                                                           look_role, look_asset_tag, look_suffixes};
    (void)backend;
    (void)err;
    struct system_facts facts = {.family = "windows"};
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        looks[i](arena, &facts);
    }
    *ret_facts = facts;
    return true;
}

const struct system_ops windows_system_ops = {
    .query = query,
};
