/* SPDX-License-Identifier: MIT */
/*
 * Every kind there is, sorted by name. A new kind is one file, one line here and one in CMakeLists.txt.
 */
#ifndef AZMEND_KINDS_CATALOG_H
#define AZMEND_KINDS_CATALOG_H

#include "kinds/kind.h"

#define KINDS(X)                                                                                                       \
    X(azure_attestation)                                                                                               \
    X(azure_instance)                                                                                                  \
    X(azure_load_balancer)                                                                                             \
    X(certificate)                                                                                                     \
    X(clock)                                                                                                           \
    X(dcom_permission)                                                                                                 \
    X(dns)                                                                                                             \
    X(dns_servers)                                                                                                     \
    X(event_log)                                                                                                       \
    X(file)                                                                                                            \
    X(hosts_entry)                                                                                                     \
    X(http)                                                                                                            \
    X(kms_events)                                                                                                      \
    X(kms_host)                                                                                                        \
    X(kms_rpc)                                                                                                         \
    X(kms_target)                                                                                                      \
    X(license)                                                                                                         \
    X(license_store)                                                                                                   \
    X(os)                                                                                                              \
    X(outbound_firewall)                                                                                               \
    X(process)                                                                                                         \
    X(registry_key)                                                                                                    \
    X(registry_value)                                                                                                  \
    X(scheduled_task)                                                                                                  \
    X(service)                                                                                                         \
    X(tcp)

#define KIND_DECLARED(name) extern const struct kind kind_##name;
KINDS(KIND_DECLARED)
#undef KIND_DECLARED

#endif
