/* SPDX-License-Identifier: MIT */
/* What an instance of the resource is to be, as DSC sends it. */
#ifndef AZMEND_CHANNEL_DSC_WANTED_H
#define AZMEND_CHANNEL_DSC_WANTED_H

#include "channel/options/options.h"
#include "engine/record.h"
#include "json/fields.h"

struct dsc_wanted {
    enum run_mode mode; /* MODE_CHECK, MODE_FIX: what set may do */
    struct field_texts playbooks;
    struct option_texts parameters;
};

extern const struct fields dsc_fields;

/* No bytes at all: all playbooks, check. A pure function of the bytes. */
bool dsc_wanted_read(const char *bytes, size_t size, struct arena *arena, struct dsc_wanted *ret_wanted,
                     struct err *err) MUST_CHECK;

#endif
