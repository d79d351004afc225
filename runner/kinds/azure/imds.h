/* SPDX-License-Identifier: MIT */
/*
 * A question to the Azure Instance Metadata Service, as rounds of one job each. Pure: the replies so far decide
 * whether to ask again (an older version, or later) or what came of it. Whoever answers may not be IMDS at all.
 * Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (headers, versions, 400, 404,
 * 410, 429, 5xx). With the Metadata Security Protocol a program that is not on the VM's allow list gets 403, by path:
 * https://learn.microsoft.com/azure/virtual-machines/metadata-security-protocol/overview; the status is (judged).
 */
#ifndef AZMEND_KINDS_AZURE_IMDS_H
#define AZMEND_KINDS_AZURE_IMDS_H

#include "json/json.h"
#include "kinds/kind.h"

struct imds_question {
    const char *path;            /* "/metadata/instance" */
    const char *more;            /* further query, with its '&'; NULL: none */
    const char *const *versions; /* newest first, NULL-ended */
    const char *lean_version;    /* asked when an answer is too large; NULL: none */
    bool patient;                /* ask a silent one twice */
};

enum imds_outcome {
    IMDS_ASK,        /* not over: ask `version` after `delay_ms` */
    IMDS_ANSWERED,   /* `document` is its object */
    IMDS_NONE,       /* 404: it has no such thing */
    IMDS_SILENT,     /* nobody there: timeout, refused, no route */
    IMDS_PROXIED,    /* somebody else answered in its place */
    IMDS_RESTRICTED, /* 403: it answers, but not this program. claim: imds.refuses-by-allow-list */
    IMDS_BROKEN,     /* busy, failing or unintelligible to the end */
};

struct imds_answer {
    enum imds_outcome outcome;
    const char *version;
    int64_t delay_ms;
    const struct json *document;
    const char *why; /* one line; NULL when ANSWERED or ASK */
};

struct imds_answer imds_follow(const struct look *look, const struct imds_question *question);
/* For kind->next: at most one job. */
size_t imds_next(const struct look *look, const struct imds_question *question, struct net_job *jobs, size_t room);
/* Whether it refused this program; unknown before it has answered to the end. */
struct value imds_restricted(const struct imds_answer *answer);
/* Text member of an object, or NULL. */
const char *imds_text(const struct json *object, const char *name);

#endif
