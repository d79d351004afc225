/* SPDX-License-Identifier: MIT */
/*
 * The Windows product in use: the one with a key that is no add-on (extended updates are add-ons with a key of their
 * own). None or several of them is an answer too, and each caller's to judge.
 */
#ifndef AZMEND_KINDS_PRODUCT_H
#define AZMEND_KINDS_PRODUCT_H

#include "host/licensing.h"

/* How many there are; ret_product: the last one, NULL when none. */
size_t product_in_use(const struct licensing_products *products, const struct licensing_product **ret_product);

#endif
