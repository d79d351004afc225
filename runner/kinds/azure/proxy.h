/* SPDX-License-Identifier: MIT */
/*
 * Which proxy of the machine would get a request for an address: WinHTTP's, which services use, and the system's
 * environment, which many programs read. Both are read from the registry: the environment of this process is only a
 * copy.
 */
#ifndef AZMEND_KINDS_AZURE_PROXY_H
#define AZMEND_KINDS_AZURE_PROXY_H

#include "kinds/kind.h"

/*
 * "server:port" that requests for http://address go to, without user and password; absent: none, or the address
 * bypasses it; unknown: the setting could not be read or understood.
 *
 * Form of WinHttpSettings (inf): three numbers of four bytes, the third with 2 for a manual proxy, then the proxy and
 * the bypass list, each behind its length. Microsoft shows the bytes of "no proxy" only:
 * https://learn.microsoft.com/troubleshoot/windows-server/group-policy/use-group-policy-apply-winhttp-proxy-settings
 */
struct value proxy_of_winhttp(struct arena *arena, struct host *host, const char *address);
/* The same by http_proxy or all_proxy and no_proxy of the system's environment, as libcurl and .NET read them. */
struct value proxy_of_environment(struct arena *arena, struct host *host, const char *address);

/* --- pure: what the bytes and texts of the registry say --- */

struct value proxy_read_winhttp(struct arena *arena, const uint8_t *bytes, size_t size, const char *address);
/* exceptions: a list, "" for none. */
struct value proxy_read_text(struct arena *arena, const char *proxy, const char *exceptions, const char *address);

#endif
