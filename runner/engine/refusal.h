/* SPDX-License-Identifier: MIT */
/* Why a finding is not fixed, and what a person may decide about it. */
#ifndef AZMEND_ENGINE_REFUSAL_H
#define AZMEND_ENGINE_REFUSAL_H

#include "engine/run.h"

/* What keeps a fix from being made, besides what the playbook's own refusals say of it. */
enum refused_as {
    REFUSED_BY_PLAYBOOK,
    REFUSED_UNCHECKED,   /* it cannot be told whether it may be made */
    REFUSED_NOT_PLANNED, /* not in the approved plan */
    REFUSED_BY_OWNER,
    REFUSED_NOT_AZURE,
    REFUSED_BLOCKED,
    REFUSED_NO_CONSENT,
    REFUSED_IN_DOUBT, /* another cause comes first */
    REFUSED_AS_COUNT
};

struct refused {
    enum truth_word word;
    bool hands_off;
    enum refused_as as;
    const struct refusal *by; /* the playbook's, or NULL */
    struct spoken reason;
};

/* Index of the first need that is not given, or need_count. */
size_t consent_missing(struct scope *scope, const struct finding *finding);
/* The playbook's own: the first refusal that is true, else the first that is unknown. */
struct refused refused_by(struct scope *scope, const struct finding *finding);
/* The owner of the VM, and whoever approved a plan, come before what the playbook says. */
struct refused refused_now(const struct run *run, struct scope *scope, const struct finding *finding,
                           const struct finding_run *state);
/* Of a refused finding: reason and choices, from the first reason that decide_state takes. */
void refusal_record(const struct run *run, struct scope *scope, const struct finding_run *state,
                    struct finding_record *record);
/* Of one that is handed over: the same of the refusal that says so, if one does. */
void refusal_hands_off(struct scope *scope, struct finding_record *record);

#endif
