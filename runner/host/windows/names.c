/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include "host/port.h"

enum { NAME_SIZE = 256, PATH_SIZE = 1024 };

static void drop_answer(ADDRINFOW **answer)
{
    if (*answer != NULL) {
        FreeAddrInfoW(*answer);
    }
}

static const void *address_of(const ADDRINFOW *entry)
{
    if (entry->ai_family == AF_INET) {
        return &((const struct sockaddr_in *)(const void *)entry->ai_addr)->sin_addr;
    }
    return entry->ai_family == AF_INET6 ? &((const struct sockaddr_in6 *)(const void *)entry->ai_addr)->sin6_addr
                                        : NULL;
}

static void keep(struct port_addresses *addresses, const ADDRINFOW *entry)
{
    char text[PORT_ADDRESS_SIZE];
    const void *address = address_of(entry);
    if (address == NULL || inet_ntop(entry->ai_family, address, text, sizeof text) == NULL ||
        addresses->count == LIMIT_ADDRESSES) {
        return;
    }
    memcpy(addresses->texts[addresses->count++], text, sizeof text);
}

static enum port_lookup classify(int failure)
{
    switch (failure) { /* claim: dns.failure-codes */
    case WSAHOST_NOT_FOUND:
        return PORT_LOOKUP_NO_NAME;
    case WSANO_DATA:
        return PORT_LOOKUP_NO_DATA;
    default:
        return PORT_LOOKUP_FAILED;
    }
}

enum port_lookup port_resolve(const char *name, struct port_addresses *ret_addresses, uint32_t *ret_os)
{
    const ADDRINFOW hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    ADDRINFOW *answer AUTO(drop_answer) = NULL;
    wchar_t wide[NAME_SIZE];
    ret_addresses->count = 0;
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, NAME_SIZE) == 0) {
        *ret_os = GetLastError();
        return PORT_LOOKUP_FAILED;
    }
    int failure = GetAddrInfoW(wide, NULL, &hints, &answer);
    *ret_os = (uint32_t)failure;
    if (failure != 0) {
        return classify(failure);
    }
    for (const ADDRINFOW *entry = answer; entry != NULL; entry = entry->ai_next) {
        keep(ret_addresses, entry);
    }
    return ret_addresses->count > 0 ? PORT_LOOKUP_FOUND : PORT_LOOKUP_NO_DATA;
}

/* The folder is asked of the system, not of the environment, which the caller of the program may have changed. */
bool port_hosts_file(struct arena *arena, const char **ret_path, struct err *err)
{
    wchar_t wide[MAX_PATH];
    char folder[PATH_SIZE];
    UINT length = GetSystemDirectoryW(wide, MAX_PATH);
    if (length == 0 || length >= MAX_PATH ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, folder, PATH_SIZE, NULL, NULL) == 0) {
        return err_set(err, ERR_IO, GetLastError(), "cannot find the system folder");
    }
    *ret_path = arena_format(arena, "%s\\drivers\\etc\\hosts", folder);
    return true;
}
