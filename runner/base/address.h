/* SPDX-License-Identifier: MIT */
/*
 * What an address literal says of itself: whether it can be another machine at all, and whether it is of a private net.
 * Source: RFC 1122 (0/8, 127/8), RFC 1918, RFC 6598 (100.64/10), RFC 3927 (169.254/16), RFC 4193 (fc00::/7),
 * RFC 4291 (::, ::1, fe80::/10, ::ffff:0:0/96).
 * Use: enum address_class class = address_class_of("10.0.0.5"); no memory, no lookup.
 */
#ifndef AZMEND_BASE_ADDRESS_H
#define AZMEND_BASE_ADDRESS_H

enum address_class {
    ADDRESS_NONE,       /* no address literal */
    ADDRESS_LOOPBACK,   /* this machine: loopback, or the unspecified address */
    ADDRESS_LINK_LOCAL, /* this link alone: no router passes it on */
    ADDRESS_PRIVATE,    /* RFC 1918, RFC 6598, fc00::/7 */
    ADDRESS_PUBLIC,     /* all others */
};
/* "none", "loopback", "link_local", "private", "public"; NULL-ended. */
extern const char *const address_class_words[];

/* literal: IPv4 dotted quad or IPv6 without brackets and without a zone; NULL is ADDRESS_NONE. */
enum address_class address_class_of(const char *literal);

#endif
