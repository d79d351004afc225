/* SPDX-License-Identifier: MIT */
/* Parameters of playbooks as a JSON object, {NAME: VALUE, ...}, made the texts that the command line would give. */
#ifndef AZMEND_CHANNEL_RUN_PARAMETERS_H
#define AZMEND_CHANNEL_RUN_PARAMETERS_H

#include "channel/options/options.h"
#include "json/json.h"

/* False: ret_bad is the one that no parameter can be, or the object when there are too many. */
bool parameters_collect(const struct json *object, struct arena *arena, struct option_texts *texts,
                        const struct json **ret_bad) MUST_CHECK;

#endif
