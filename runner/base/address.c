/* SPDX-License-Identifier: MIT */
#include "base/address.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define MAPPED "::ffff:"

const char *const address_class_words[] = {"none", "loopback", "link_local", "private", "public", NULL};

/* Of a text that is a dotted quad; further octets do not matter to any class. */
static enum address_class class_of_ipv4(const char *literal)
{
    unsigned long first = strtoul(literal, NULL, 10);
    unsigned long second = strtoul(strchr(literal, '.') + 1, NULL, 10);
    if (first == 0 || first == 127) {
        return ADDRESS_LOOPBACK;
    }
    if (first == 169 && second == 254) { /* claim: kms.link-local */
        return ADDRESS_LINK_LOCAL;
    }
    bool is_private = first == 10 || (first == 172 && second >= 16 && second < 32) || (first == 192 && second == 168) ||
                      (first == 100 && second >= 64 && second < 128);
    return is_private ? ADDRESS_PRIVATE : ADDRESS_PUBLIC;
}

/* Nothing but zeros and colons, and at most a 1 at the end: "::", "::1", "0:0:0:0:0:0:0:1". */
static bool is_ipv6_loopback(const char *literal)
{
    const char *rest = literal + strspn(literal, "0:");
    return *rest == '\0' || text_same(rest, "1");
}

static enum address_class class_of_ipv6(const char *literal)
{
    if (is_ipv6_loopback(literal)) {
        return ADDRESS_LOOPBACK;
    }
    if (text_starts(literal, MAPPED) && strchr(literal, '.') != NULL) {
        return class_of_ipv4(literal + strlen(MAPPED));
    }
    unsigned long group = strtoul(literal, NULL, 16); /* 0 for "::", where the first group is left out */
    if ((group & 0xFFC0U) == 0xFE80U) {
        return ADDRESS_LINK_LOCAL;
    }
    return (group & 0xFE00U) == 0xFC00U ? ADDRESS_PRIVATE : ADDRESS_PUBLIC;
}

enum address_class address_class_of(const char *literal)
{
    if (literal == NULL || !text_is_address(literal)) {
        return ADDRESS_NONE;
    }
    return strchr(literal, ':') != NULL ? class_of_ipv6(literal) : class_of_ipv4(literal);
}
