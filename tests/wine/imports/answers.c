/* SPDX-License-Identifier: MIT */
/*
 * Seen on Wine 8: GetProductInfo says Standard Server or Ultimate N whatever the registry says; the service manager
 * refuses SERVICE_CONFIG_DELAYED_AUTO_START_INFO, knows no protected services and denies an administrator nothing. Its
 * files have no tunnelled times: where AZMEND_STANDIN_HURRY is set, nobody waits for those to pass.
 */
#include "imports.h"
#include "staged.h"

enum { LAUNCH_PROTECTED = 12, NAME_UNITS = 256 }; /* SERVICE_CONFIG_LAUNCH_PROTECTED; a service's longest name */
enum { LONG_SLEEP_MS = 10000, HURRY = 100 };      /* tunnelling is waited for in one piece, 15 s and more */

enum { PRODUCT_INFO, OPEN_SERVICE, CHANGE_CONFIG, CHANGE_CONFIG_2, QUERY_CONFIG_2, SLEEP };

#define REAL(function, index) ((__typeof__(&(function)))import_answers[index].real)

/* otherwise: where nothing is staged. */
static DWORD staged(const wchar_t *key, const wchar_t *name, DWORD otherwise)
{
    DWORD value = 0, size = sizeof value;
    LSTATUS status = RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD, NULL, &value, &size);
    return status == ERROR_SUCCESS ? value : otherwise;
}

static BOOL WINAPI product_info(DWORD major, DWORD minor, DWORD pack_major, DWORD pack_minor, DWORD *ret_sku)
{
    BOOL is_told = REAL(GetProductInfo, PRODUCT_INFO)(major, minor, pack_major, pack_minor, ret_sku);
    *ret_sku = staged(STAGED_KEY, STAGED_SKU, *ret_sku);
    return is_told;
}

/* A handle does not tell its service's name. azmend opens one at a time and closes it before the next. */
static wchar_t opened[ARRAYSIZE(STAGED_KEY) + NAME_UNITS] = STAGED_KEY L"\\";

static SC_HANDLE WINAPI open_service(SC_HANDLE manager, const wchar_t *name, DWORD access)
{
    (void)lstrcpynW(opened + ARRAYSIZE(STAGED_KEY), name, NAME_UNITS);
    return REAL(OpenServiceW, OPEN_SERVICE)(manager, name, access);
}

static BOOL is_denied(const wchar_t *flag)
{
    BOOL is_fixed = staged(opened, flag, 0) != 0;
    if (is_fixed) {
        SetLastError(ERROR_ACCESS_DENIED);
    }
    return is_fixed;
}

static BOOL WINAPI change_config(SC_HANDLE service, DWORD type, DWORD start, DWORD error, const wchar_t *image,
                                 const wchar_t *group, DWORD *ret_tag, const wchar_t *needs, const wchar_t *account,
                                 const wchar_t *password, const wchar_t *title)
{
    return !is_denied(STAGED_FIXED) && !is_denied(STAGED_HALF_FIXED) &&
           REAL(ChangeServiceConfigW, CHANGE_CONFIG)(service, type, start, error, image, group, ret_tag, needs, account,
                                                     password, title);
}

static BOOL WINAPI change_config_2(SC_HANDLE service, DWORD level, void *info)
{
    if (level != SERVICE_CONFIG_DELAYED_AUTO_START_INFO) {
        return REAL(ChangeServiceConfig2W, CHANGE_CONFIG_2)(service, level, info);
    }
    const SERVICE_DELAYED_AUTO_START_INFO *given = info;
    DWORD delayed = given->fDelayedAutostart != FALSE;
    return !is_denied(STAGED_FIXED) && RegSetKeyValueW(HKEY_LOCAL_MACHINE, opened, STAGED_DELAYED, REG_DWORD, &delayed,
                                                       sizeof delayed) == ERROR_SUCCESS;
}

static BOOL WINAPI query_config_2(SC_HANDLE service, DWORD level, BYTE *buffer, DWORD size, DWORD *ret_needed)
{
    if ((level != SERVICE_CONFIG_DELAYED_AUTO_START_INFO && level != LAUNCH_PROTECTED) || size < sizeof(DWORD)) {
        return REAL(QueryServiceConfig2W, QUERY_CONFIG_2)(service, level, buffer, size, ret_needed);
    }
    DWORD answer = staged(opened, level == LAUNCH_PROTECTED ? STAGED_PROTECTED : STAGED_DELAYED, 0);
    CopyMemory(buffer, &answer, sizeof answer);
    *ret_needed = sizeof answer;
    return TRUE;
}

static void WINAPI sleep_less(DWORD ms)
{
    BOOL is_hurried = ms >= LONG_SLEEP_MS && GetEnvironmentVariableW(L"AZMEND_STANDIN_HURRY", NULL, 0) != 0;
    REAL(Sleep, SLEEP)(is_hurried ? ms / HURRY : ms);
}

struct import import_answers[] = {
    [PRODUCT_INFO] = {"GetProductInfo", STANDIN(product_info), NULL},
    [OPEN_SERVICE] = {"OpenServiceW", STANDIN(open_service), NULL},
    [CHANGE_CONFIG] = {"ChangeServiceConfigW", STANDIN(change_config), NULL},
    [CHANGE_CONFIG_2] = {"ChangeServiceConfig2W", STANDIN(change_config_2), NULL},
    [QUERY_CONFIG_2] = {"QueryServiceConfig2W", STANDIN(query_config_2), NULL},
    [SLEEP] = {"Sleep", STANDIN(sleep_less), NULL},
    {NULL, NULL, NULL},
};
