/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "host/port.h"

static void drop_answer(struct addrinfo **answer)
{
    if (*answer != NULL) {
        freeaddrinfo(*answer);
    }
}

static const void *address_of(const struct addrinfo *entry)
{
    if (entry->ai_family == AF_INET) {
        return &((const struct sockaddr_in *)(const void *)entry->ai_addr)->sin_addr;
    }
    return entry->ai_family == AF_INET6 ? &((const struct sockaddr_in6 *)(const void *)entry->ai_addr)->sin6_addr
                                        : NULL;
}

static void keep(struct port_addresses *addresses, const struct addrinfo *entry)
{
    char text[PORT_ADDRESS_SIZE];
    const void *address = address_of(entry);
    if (address == NULL || inet_ntop(entry->ai_family, address, text, sizeof text) == NULL ||
        addresses->count == LIMIT_ADDRESSES) {
        return;
    }
    memcpy(addresses->texts[addresses->count++], text, sizeof text);
}

/* EAI_NODATA is a GNU extension of the number; POSIX folds it into EAI_NONAME. */
static enum port_lookup classify(int failure)
{
    enum { GNU_EAI_NODATA = -5 };
    switch (failure) {
    case EAI_NONAME:
        return PORT_LOOKUP_NO_NAME;
    case GNU_EAI_NODATA:
        return PORT_LOOKUP_NO_DATA;
    default:
        return PORT_LOOKUP_FAILED;
    }
}

enum port_lookup port_resolve(const char *name, struct port_addresses *ret_addresses, uint32_t *ret_os)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *answer AUTO(drop_answer) = NULL;
    int failure = getaddrinfo(name, NULL, &hints, &answer);
    ret_addresses->count = 0;
    *ret_os = failure == EAI_SYSTEM ? (uint32_t)errno : (uint32_t)(failure < 0 ? -failure : failure);
    if (failure != 0) {
        return classify(failure);
    }
    for (const struct addrinfo *entry = answer; entry != NULL; entry = entry->ai_next) {
        keep(ret_addresses, entry);
    }
    return ret_addresses->count > 0 ? PORT_LOOKUP_FOUND : PORT_LOOKUP_NO_DATA;
}

bool port_hosts_file(struct arena *arena, const char **ret_path, struct err *err)
{
    (void)err;
    *ret_path = arena_text(arena, "/etc/hosts");
    return true;
}
