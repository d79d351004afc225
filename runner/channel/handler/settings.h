/* SPDX-License-Identifier: MIT */
/*
 * The settings of the extension, N.settings.
 *
 *     publicSettings      {"mode": "check|plan|fix", "playbooks": [ID|FILE|...], "parameters": {NAME: VALUE},
 *                          "lang": "en|ja", "deadline": "10m",
 *                          "clouds": {CLOUD: {TABLE: [ROW, ...]}}}          all may be left out; mode: check
 *     protectedSettings   {"parameters": {NAME: VALUE}}, enveloped for the machine's certificate
 *
 * A value is a text, a whole number, a bool or a list of texts. A file of no bytes says that nothing was set. What is
 * not known here is refused by its place, never ignored. Of the protected settings no message shows anything; a
 * parameter from there must be declared secret by its playbook, which keeps it out of every result.
 */
#ifndef AZMEND_CHANNEL_HANDLER_SETTINGS_H
#define AZMEND_CHANNEL_HANDLER_SETTINGS_H

#include "channel/options/options.h"
#include "host/host.h"
#include "json/fields.h"

struct handler_settings {
    enum run_mode mode;
    enum language language;
    struct field_texts playbooks;
    const char *deadline;              /* NULL: not told */
    const struct json *clouds;         /* as a file of clouds has them, {"clouds": ...}; NULL: none */
    const char *file;                  /* what messages call the settings */
    struct option_texts parameters;    /* NAME=VALUE */
    const char *envelope, *thumbprint; /* the protected settings as they stand there; NULL: none */
};

/* The file's bytes, without decrypting anything. ERR_INVALID, ERR_LIMIT: with the place. Memory: the arena. */
bool handler_settings_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                           struct handler_settings *ret_settings, struct err *err) MUST_CHECK;
/*
 * The parameters of the protected settings. ERR_NOT_FOUND, ERR_UNSUPPORTED: certificate or key are not on this machine;
 * ERR_INVALID: not an envelope for it, or not such settings. They are secrets in the arena: wipe it in the end.
 */
bool handler_settings_decrypt(struct host *host, const struct handler_settings *settings,
                              struct option_texts *ret_secrets, struct err *err) MUST_CHECK;
/* The command line that says the same, over what the handler's own command line gave. ERR_INVALID: the deadline. */
bool handler_settings_apply(const struct handler_settings *settings, struct options *options, struct err *err)
    MUST_CHECK;

#endif
