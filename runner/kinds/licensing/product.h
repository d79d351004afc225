/* SPDX-License-Identifier: MIT */
/*
 * The Windows product in use: the one with a key that is no add-on (extended updates are add-ons with a key of their
 * own). A change of edition may leave the key of the one before behind: then it is the product of the edition that is
 * installed. None or several of them is an answer too, and each caller's to judge.
 */
#ifndef AZMEND_KINDS_LICENSING_PRODUCT_H
#define AZMEND_KINDS_LICENSING_PRODUCT_H

#include "host/nouns/licensing/licensing.h"

/*
 * How many may be the one in use. ret_product: with one it, with several one of them, NULL when none. ret_found, or
 * NULL: how many have a key.
 */
size_t product_in_use(struct host *host, const struct licensing_products *products,
                      const struct licensing_product **ret_product, size_t *ret_found);
/* Has a key and is no add-on. */
bool product_has_key(const struct licensing_product *product);

#endif
