/* SPDX-License-Identifier: MIT */
/*
 * A network with the servers of tests/net/server.py behind it: started by that script, which gives the ports in the
 * environment and hostile proxy variables besides. Names of the tests lead to them by redirects.
 */
#ifndef AZMEND_TESTS_NET_FIXTURE_H
#define AZMEND_TESTS_NET_FIXTURE_H

#include "host/net/net.h"
#include "unit.h"

#define FIXTURE_WEB "http://azmend.test" /* the HTTP server */
#define FIXTURE_DNS "192.0.2.53"         /* the name server */
#define FIXTURE_NO_DNS "192.0.2.54"      /* a closed port */
#define FIXTURE_TCP_DNS "2001:db8::53"   /* a TCP server that speaks no DNS; its UDP port is closed */

enum { FIXTURE_MS = 1000 }; /* the time a test's job has unless the test is about time */

/* 0 and a failed assertion when the script did not start that server. */
uint16_t fixture_port(const char *server);
/* Redirects and a hosts file; NULL: no hosts file of its own. Asserts. */
struct net *fixture_open(const char *hosts_file);
/* All at once; replies in the order of the jobs; their memory is kept until the program ends. */
void fixture_ask_all(struct net *net, const struct net_job *jobs, struct net_reply *ret_replies, size_t count);
struct net_reply fixture_ask(const struct net_job *job);
/*
 * Does the reply end so? With AZMEND_NET_LOSES_ERRORS set (by whoever runs the tests under Wine, whose poll eats a
 * socket's pending error) a reset may read as an end and a closed UDP port as silence.
 */
bool fixture_is(const struct net_reply *reply, enum net_outcome outcome);
struct arena *fixture_arena(void);

#endif
