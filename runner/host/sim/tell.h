/* SPDX-License-Identifier: MIT */
/*
 * What a look found, in the notation of the machine document: the same tables that read a section write it, so that
 * what a recorder (host/record) writes down is what the simulated machine reads.
 */
#ifndef AZMEND_HOST_SIM_TELL_H
#define AZMEND_HOST_SIM_TELL_H

#include "host/sim/sim.h"

/* A look by name, as a recording lists those that failed. */
#define SIM_LOOK_VALUE "registry %s|%s"
#define SIM_LOOK_SUBKEYS "subkeys %s"
#define SIM_LOOK_SERVICE "service %s"
#define SIM_LOOK_FILE "file %s"
#define SIM_LOOK_CONTENT "content of %s"
#define SIM_LOOK_NAMES "names in %s"
#define SIM_LOOK_SECURITY "security of %s"
#define SIM_LOOK_TASK "task %s"
#define SIM_LOOK_EVENTS "events %s|%s"
#define SIM_LOOK_CERTIFICATE "certificate %s"
#define SIM_LOOK_READ "certificate of %s"
#define SIM_LOOK_MESSAGE "message %s"
#define SIM_LOOK_CHAIN "chain %s"
#define SIM_LOOK_PRODUCTS "licensing products"
#define SIM_LOOK_LICENSING "licensing service"
#define SIM_LOOK_FIREWALL "firewall"
#define SIM_LOOK_SYSTEM "system"
#define SIM_LOOK_RANDOM "random"

/* Is the document a recording? Is it a redacted one? Its list of what was replaced, as a member. */
bool sim_is_recording(const struct sim *sim);
bool sim_is_redacted(const struct sim *sim);
void sim_replaced(const struct sim *sim, struct writer *writer);

/* Members of a section, or an element of it; the caller has opened nothing. */
void sim_tell_value(struct writer *writer, const struct registry_value *value, struct arena *arena);
void sim_tell_service(struct writer *writer, const struct service_facts *facts);
void sim_tell_task(struct writer *writer, const struct task_facts *facts, struct arena *arena);
void sim_tell_system(struct writer *writer, const struct system_facts *facts);
void sim_tell_firewall(struct writer *writer, const struct firewall_facts *facts, struct arena *arena);
void sim_tell_answer(struct writer *writer, const struct net_reply *reply, struct arena *arena);
void sim_tell_certificate(struct writer *writer, const struct certificate *certificate);
void sim_tell_message(struct writer *writer, const struct crypto_message *message, struct arena *arena);
void sim_tell_chain(struct writer *writer, const struct crypto_chain *chain, struct arena *arena);
void sim_tell_clock(struct writer *writer, int64_t utc_ms, int64_t uptime_ms, struct arena *arena);

/* What was read of one file: each NULL where it was not looked at. */
struct sim_told_file {
    const struct file_facts *facts;
    const struct file_bytes *bytes;
    const struct file_security *security;
    const struct file_names *names;
};
void sim_tell_file(struct writer *writer, const struct sim_told_file *file, struct arena *arena);
/* Each NULL where it was not looked at. */
void sim_tell_licensing(struct writer *writer, const struct licensing_products *products,
                        const struct licensing_service *service, struct arena *arena);

/* A path of the machine with its drive, as files are known by; NULL: no path. */
const char *sim_file_path(struct arena *arena, const char *path);
/* The name of a job under network.asked. */
const char *sim_job_name(struct arena *arena, const struct net_job *job);
/*
 * Signed bytes are not recorded. In their place stands SIM_STAND_IN and a number that the bytes give; what was read of
 * them stands under that number. Of a stand-in the number that it has.
 */
#define SIM_STAND_IN "azmend:"
const char *sim_bytes_number(struct arena *arena, const void *bytes, size_t size);
/* "THUMBPRINT machine THUMBPRINT ...": the leaf, how far it may reach, what was handed in. */
const char *sim_chain_name(struct arena *arena, const struct crypto_chain_query *query);

#endif
