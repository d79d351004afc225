/* SPDX-License-Identifier: MIT */
/* claim: setup.image-state; claim: setup.in-progress */
#include "channel/run/wait_setup.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/registry/registry.h"

#define IMAGE_KEY "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State"
#define SETUP_KEY "HKLM\\SYSTEM\\Setup"

enum { PAUSE_MS = 2000 };

static bool is_set(struct host *host, const char *name)
{
    struct registry_value value = {0};
    struct err err = {0};
    return host_registry_query(host, SETUP_KEY, name, &value, &err) && value.exists && value.is_number &&
           value.number != 0;
}

static bool is_unfinished(struct host *host)
{
    struct registry_value image = {0};
    struct err err = {0};
    bool is_told = host_registry_query(host, IMAGE_KEY, "ImageState", &image, &err) && image.exists;
    return (is_told && image.text != NULL && !text_equal(image.text, "IMAGE_STATE_COMPLETE")) ||
           is_set(host, "SystemSetupInProgress") || is_set(host, "OOBEInProgress");
}

bool wait_setup(struct host *host, int64_t wait_ms)
{
    int64_t left_ms = host_left_ms(host) - LIMIT_LOOKS_MS;
    int64_t end_ms = host_now_ms(host) + (wait_ms < left_ms ? wait_ms : left_ms);
    bool is_waiting = is_unfinished(host);
    while (is_waiting && host_now_ms(host) < end_ms && !host_is_over(host)) {
        host_sleep_ms(host, PAUSE_MS);
        is_waiting = is_unfinished(host);
    }
    return !is_waiting;
}
