/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const char *const clock_sources[] = {"domain", "host", "ntp", "none", NULL};

static const struct column properties[] = {
    INT_COLUMN("skewSeconds", INT64_MIN, INT64_MAX, COLUMN_NUMBERED, "ahead of the witness, seconds"),
    TEXT_COLUMN("witness", 0, "whose clock it was compared with"),
    WORD_COLUMN("source", clock_sources, 0, "where the time service takes its time from"),
    BOOL_COLUMN("domainMember", 0, "the domain owns its clock"),
};

const struct kind kind_clock = {
    .name = "clock",
    .about = "the machine's clock against others",
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
