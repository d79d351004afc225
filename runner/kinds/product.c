/* SPDX-License-Identifier: MIT */
#include "kinds/product.h"

size_t product_in_use(const struct licensing_products *products, const struct licensing_product **ret_product)
{
    size_t count = 0;
    *ret_product = NULL;
    for (size_t i = 0; i < products->count; i++) {
        if (!products->items[i].is_addon && products->items[i].partial_key != NULL) {
            *ret_product = &products->items[i];
            count++;
        }
    }
    return count;
}
