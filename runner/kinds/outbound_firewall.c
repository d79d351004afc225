/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column params[] = {
    INT_COLUMN("port", 1, 65535, COLUMN_REQUIRED, "TCP port of the far end"),
};

static const struct column properties[] = {
    BOOL_COLUMN("running", 0, "the firewall service runs"),
    BOOL_COLUMN("blocks", 0, "the active profiles keep the port shut"),
    TEXT_COLUMN("rule", 0, "the rule that does; absent: the default"),
    BOOL_COLUMN("managed", 0, "group policy or device management decides, local rules do not"),
    BOOL_COLUMN("allowed", COLUMN_ENSURE, "our own rule lets the port through"),
};

const struct kind kind_outbound_firewall = {
    .name = "outbound_firewall",
    .about = "what this machine's own firewall does to connections to a port outside",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
