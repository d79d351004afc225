/* SPDX-License-Identifier: MIT */
/* This machine, prepared and left as it was: the denied key, the service, the folder. Written apart from host/windows.
 */
#include <windows.h>

#include "artefacts.h"
#include "contract.h"
#include "contract_artefacts.h"
#include "contract_child.h"
#include "host/port.h"
#include "machine_certificates.h"
#include "machine_task.h"

#define KEY L"SOFTWARE\\azmend-contract"
#define DENIED_KEY L"SOFTWARE\\azmend-denied"
#define SERVICE L"azmend-contract"
#define FOLDER L"C:\\azmend-contract"
#define POLICY "SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules"
#define WIDE_POLICY L"SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules"
#define FULL_ACCESS (KEY_ALL_ACCESS | KEY_WOW64_64KEY)

/* An access list without entries lets nobody in. */
static LSTATUS make_denied_key(void)
{
    SECURITY_DESCRIPTOR descriptor;
    ACL nobody;
    HKEY key = NULL;
    (void)InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    (void)InitializeAcl(&nobody, sizeof nobody, ACL_REVISION);
    (void)SetSecurityDescriptorDacl(&descriptor, TRUE, &nobody, FALSE);
    LSTATUS status =
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, DENIED_KEY, 0, NULL, REG_OPTION_VOLATILE, FULL_ACCESS, NULL, &key, NULL);
    if (status == ERROR_SUCCESS) {
        status = RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &descriptor);
        (void)RegCloseKey(key);
    }
    return status;
}

/* The owner may always change the access back. */
static void remove_denied_key(void)
{
    SECURITY_DESCRIPTOR descriptor;
    HKEY key = NULL;
    (void)InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    (void)SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, DENIED_KEY, 0, WRITE_DAC | KEY_WOW64_64KEY, &key) == ERROR_SUCCESS) {
        (void)RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &descriptor);
        (void)RegCloseKey(key);
    }
    (void)RegDeleteKeyExW(HKEY_LOCAL_MACHINE, DENIED_KEY, KEY_WOW64_64KEY, 0);
}

static DWORD make_service(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
    SC_HANDLE service = CreateServiceW(manager, SERVICE, L"azmend contract test", SERVICE_ALL_ACCESS,
                                       SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL,
                                       L"C:\\windows\\system32\\azmend-nothing.exe", NULL, NULL, NULL, NULL, NULL);
    DWORD failure = service == NULL ? GetLastError() : ERROR_SUCCESS;
    (void)CloseServiceHandle(service);
    (void)CloseServiceHandle(manager);
    return failure;
}

static void remove_service(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, SERVICE, DELETE);
    (void)DeleteService(service);
    (void)CloseServiceHandle(service);
    (void)CloseServiceHandle(manager);
}

bool contract_is_child(int count, char **arguments, int *ret_code)
{
    return contract_child_main(count, arguments, ret_code);
}

bool contract_open(struct contract *contract, const char *document, struct err *err)
{
    (void)document;
    LSTATUS status = make_denied_key();
    if (status != ERROR_SUCCESS) {
        return err_set(err, ERR_IO, (uint32_t)status, "cannot make the denied key: %ld", status);
    }
    DWORD failure = make_service();
    if (failure != ERROR_SUCCESS) {
        return err_set(err, ERR_IO, failure, "cannot make the service: %lu", failure);
    }
    if (!CreateDirectoryW(FOLDER, NULL)) {
        return err_set(err, ERR_IO, GetLastError(), "cannot make the folder: %lu", GetLastError());
    }
    if (!contract_child_copy()) {
        return err_set(err, ERR_IO, GetLastError(), "cannot copy the children: %lu", GetLastError());
    }
    HRESULT result = machine_task_make();
    if (FAILED(result)) {
        return err_set(err, ERR_IO, (uint32_t)result, "cannot make the task: 0x%08lX", result);
    }
    failure = machine_certificates_make(contract->arena);
    if (failure != ERROR_SUCCESS) {
        return err_set(err, ERR_IO, failure, "cannot make the certificates: 0x%08lX", failure);
    }
    return port_machine_open(&contract->ops, &contract->backend, err);
}

void contract_close(struct contract *contract)
{
    port_machine_close(contract->backend);
    remove_denied_key();
    remove_service();
    machine_task_remove();
    machine_certificates_remove();
    contract_child_remove();
    (void)RemoveDirectoryW(FOLDER);
    (void)RegDeleteTreeW(HKEY_LOCAL_MACHINE, KEY);
}

bool contract_is_wine(void)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}

/* The stand-in of the event log has the logs itself. One rule has a word in place of its version: it is no rule. */
bool contract_artefacts_open(struct contract *contract, struct contract_artefacts *ret_before)
{
    const struct json *rows = artefact_json(contract->arena, "firewall/rules.json");
    ret_before->backend = contract->backend;
    for (size_t i = 0; contract_is_wine() && rows != NULL && i < rows->count; i++) {
        const char *stored = json_find(&rows->as.items[i], "rule")->as.text;
        struct registry_value value = registry_from_text(contract->arena, stored);
        const char *name = arena_format(contract->arena, "{artefact-%zu}", i);
        if (text_starts(stored, "v2.") &&
            !contract->ops->registry->set(contract->backend, "HKLM\\" POLICY, name, &value, &contract->err)) {
            return false;
        }
    }
    return contract_is_wine() && rows != NULL;
}

void contract_artefacts_close(struct contract *contract, const struct contract_artefacts *before)
{
    contract->backend = before->backend;
    if (contract_is_wine()) {
        (void)RegDeleteTreeW(HKEY_LOCAL_MACHINE, WIDE_POLICY);
    }
}
