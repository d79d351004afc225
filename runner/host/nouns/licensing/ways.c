/* SPDX-License-Identifier: MIT */
/* The ways back of this noun, over its other files: whom Windows asks can be put back, a key and an activation cannot.
 */
#include <string.h>

#include "base/text.h"
#include "host/gate.h"
#include "host/nouns/licensing/parts.h"

static bool is_target(const char *target)
{
    static const char product[] = "SoftwareLicensingProduct|";
    return text_same(target, "SoftwareLicensingService") ||
           (text_starts(target, product) && shape_accepts(SHAPE_GUID, target + strlen(product)));
}

static const struct way_back ways[] = {
    {{"set_kms"}, licensing_kms_state, licensing_kms_restore},
    {{"install_key"}, licensing_key_state, NULL},
    {{"activate"}, licensing_activation_state, NULL},
};
const struct noun_gate licensing_gate = {ways, COUNT_OF(ways), is_target};
