/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column params[] = {
    INT_COLUMN("days", 1, 90, 0, "how far back; 14 when left out"),
};

static const struct column properties[] = {
    INT_COLUMN("requests", 0, 0, 0, "events 12288"),
    INT_COLUMN("answered", 0, 0, 0, "requests with an event 12289 behind them"),
    INT_COLUMN("failed", 0, 0, 0, "requests without one, or answered with a refusal"),
    INT_COLUMN("failedInRow", 0, 0, 0, "the last ones"),
    TEXT_COLUMN("lastInnerCode", 0, "first field of the newest 12288"),
    TEXT_COLUMN("lastHost", 0, "whom the newest request went to"),
    INT_COLUMN("newestAt", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    INT_COLUMN("noise", 0, 0, 0, "8198, 8200, 8208 and 16384, which mean nothing on their own"),
};

const struct kind kind_kms_events = {
    .name = "kms_events",
    .about = "what the licensing service logged about asking a KMS",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
