/* SPDX-License-Identifier: MIT */
/* What a run said of one finding: its state there, and the commands it handed over with this machine's values in them.
 */
#ifndef AZMEND_CHANNEL_DESK_EXPLAIN_RESULT_H
#define AZMEND_CHANNEL_DESK_EXPLAIN_RESULT_H

#include "channel/options/options.h"
#include "report/quote.h"
#include "report/words.h"

/*
 * Appends what the result --from names says of the finding: a file, or "last", the newest run of the state folder that
 * has one. ERR_NOT_FOUND: there is no such result, or the finding was absent in it. ERR_INVALID: not a result.
 */
bool explain_result(struct buf *buf, const struct options *options, const char *finding, struct arena *arena,
                    struct err *err) MUST_CHECK;

/* Which finding of which result; pure, over the bytes of that result. */
struct explained {
    const char *from; /* what --from says */
    const char *file; /* how a fault in the JSON names it */
    const char *finding;
    enum language language;
    enum shell shell; /* of its commands */
};
bool explain_result_read(struct buf *buf, const struct explained *explained, const char *bytes, size_t size,
                         struct arena *arena, struct err *err) MUST_CHECK;

#endif
