/* SPDX-License-Identifier: MIT */
#include "kinds/azure/proxy.h"

#include <string.h>

#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "host/nouns/registry/registry.h"
#include "kinds/cells.h"

#define CONNECTIONS "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections"
#define ENVIRONMENT "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"

enum { NUMBER_BYTES = 4, HEAD_BYTES = 3 * NUMBER_BYTES, FLAGS_AT = 2 * NUMBER_BYTES, MANUAL_PROXY = 2 };

/* --- lists of exceptions --- */

/* Does one entry name the address: as it is, with stars, or as a network? */
static bool entry_holds(struct arena *arena, const char *entry, const char *address)
{
    const char *network = firewall_normal_addresses(arena, entry);
    return text_like(address, entry) || (network != NULL && firewall_addresses_hold(network, address) == FIREWALL_YES);
}

static bool is_bypassed(struct arena *arena, const char *list, const char *address)
{
    static const char separators[] = ";, \t\r\n";
    while (*list != '\0') {
        size_t length = strcspn(list, separators);
        if (length > 0 && entry_holds(arena, arena_copy(arena, list, length), address)) {
            return true;
        }
        list += length;
        list += strspn(list, separators);
    }
    return false;
}

/* --- user and password --- */

/* "server", "server:8080", "[fd00::1]:8080", and a path behind it: nothing that could be a piece of a password. */
static bool is_server(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    size_t host = *text == '[' ? strcspn(text, "]") + 1 : strspn(text, letters);
    if (host == 0 || host > strlen(text)) {
        return false;
    }
    const char *port = text + host + (text[host] == ':' ? 1 : 0);
    const char *behind = port + (text[host] == ':' ? strspn(port, "0123456789") : 0);
    return *behind == '\0' || *behind == '/';
}

/* What stands behind "http://" or its like; "://" further on may be a piece of a password. */
static const char *authority_of(const char *proxy)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    size_t scheme = strspn(proxy, letters);
    return scheme > 0 && text_starts(proxy + scheme, "://") ? proxy + scheme + 3 : proxy;
}

/*
 * The proxy without "user:password@": who asks is no answer to which proxy it is, and is never kept. A password may
 * hold what should have been encoded, so it goes up to the last '@'; what is no server then is not shown at all.
 */
static struct value shown_proxy(struct arena *arena, const char *proxy)
{
    const char *authority = authority_of(proxy);
    const char *at = strrchr(authority, '@');
    const char *server = at != NULL ? at + 1 : authority;
    return is_server(server) ? cell_text(arena, arena_format(arena, "%.*s%s", (int)(authority - proxy), proxy, server))
                             : value_unknown("the proxy setting is not of the form known");
}

/* --- WinHTTP --- */

/* A text behind its length; moves on. NULL: the bytes end before it. */
static const char *take_text(struct arena *arena, const uint8_t **at, size_t *left)
{
    if (*left < NUMBER_BYTES) {
        return NULL;
    }
    size_t length = (*at)[0] | (size_t)(*at)[1] << 8U | (size_t)(*at)[2] << 16U | (size_t)(*at)[3] << 24U;
    if (length > *left - NUMBER_BYTES) {
        return NULL;
    }
    const char *text = arena_copy(arena, *at + NUMBER_BYTES, length);
    *at += NUMBER_BYTES + length;
    *left -= NUMBER_BYTES + length;
    return text;
}

/* "server:port", or a list by scheme of which only http concerns us: "http=a:80;https=b:443". NULL: none. */
static const char *http_part(struct arena *arena, const char *proxy)
{
    if (strchr(proxy, '=') == NULL) {
        return *proxy != '\0' ? proxy : NULL;
    }
    while (*proxy != '\0') {
        size_t length = strcspn(proxy, "; ");
        if (text_starts(proxy, "http=")) {
            return arena_copy(arena, proxy + 5, length - 5);
        }
        proxy += length;
        proxy += strspn(proxy, "; ");
    }
    return NULL;
}

struct value proxy_read_winhttp(struct arena *arena, const uint8_t *bytes, size_t size, const char *address)
{
    if (size < HEAD_BYTES) {
        return value_unknown("WinHttpSettings is not of the form known");
    }
    if ((bytes[FLAGS_AT] & MANUAL_PROXY) == 0) {
        return value_absent();
    }
    const uint8_t *at = bytes + HEAD_BYTES;
    size_t left = size - HEAD_BYTES;
    const char *proxy = take_text(arena, &at, &left);
    const char *bypass = proxy != NULL ? take_text(arena, &at, &left) : NULL;
    if (bypass == NULL) {
        return value_unknown("WinHttpSettings is not of the form known");
    }
    const char *server = http_part(arena, proxy);
    return server == NULL || is_bypassed(arena, bypass, address) ? value_absent() : shown_proxy(arena, server);
}

struct value proxy_of_winhttp(struct arena *arena, struct host *host, const char *address)
{
    struct err err = {0};
    struct registry_value value = {0};
    if (!host_registry_query(host, CONNECTIONS, "WinHttpSettings", &value, &err)) {
        return cell_failed(arena, &err);
    }
    if (!value.exists) {
        return value_absent();
    }
    return proxy_read_winhttp(arena, value.bytes, value.type == REGISTRY_BINARY ? value.size : 0, address);
}

/* --- environment --- */

struct value proxy_read_text(struct arena *arena, const char *proxy, const char *exceptions, const char *address)
{
    return is_bypassed(arena, exceptions, address) ? value_absent() : shown_proxy(arena, proxy);
}

struct value proxy_of_environment(struct arena *arena, struct host *host, const char *address)
{
    static const char *const names[] = {"http_proxy", "all_proxy"}; /* the registry knows no case */
    struct value exceptions = cell_registry_text(arena, host, ENVIRONMENT, "no_proxy");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct value proxy = cell_registry_text(arena, host, ENVIRONMENT, names[i]);
        if (proxy.state == VALUE_UNKNOWN) {
            return proxy;
        }
        if (proxy.state == VALUE_ABSENT || *proxy.as.text == '\0') {
            continue;
        }
        if (exceptions.state == VALUE_UNKNOWN) {
            return exceptions;
        }
        return proxy_read_text(arena, proxy.as.text, exceptions.state == VALUE_KNOWN ? exceptions.as.text : "",
                               address);
    }
    return value_absent();
}
