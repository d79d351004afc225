/* SPDX-License-Identifier: MIT */
/*
 * The list of nouns, which stands here and nowhere else: X(WORD, word). enum noun, their names and the table of their
 * gates are made of it. A journal keeps the names: one that is changed is a journal that cannot be read back.
 */
#ifndef AZMEND_HOST_NOUNS_H
#define AZMEND_HOST_NOUNS_H

#define NOUNS(X)                                                                                                       \
    X(REGISTRY, registry)                                                                                              \
    X(SERVICE, service)                                                                                                \
    X(FILE, file)                                                                                                      \
    X(PROCESS, process)                                                                                                \
    X(LICENSING, licensing)                                                                                            \
    X(EVENT, event)                                                                                                    \
    X(FIREWALL, firewall)                                                                                              \
    X(CRYPTO, crypto)                                                                                                  \
    X(CERTIFICATE, certificate)                                                                                        \
    X(TASK, task)                                                                                                      \
    X(SYSTEM, system)                                                                                                  \
    X(CLOCK, clock)                                                                                                    \
    X(NET, net)

#endif
