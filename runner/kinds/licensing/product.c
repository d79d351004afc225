/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/product.h"

#include <string.h>

#include "base/text.h"
#include "host/nouns/registry/registry.h"

#define CURRENT_VERSION "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

bool product_has_key(const struct licensing_product *product)
{
    return !product->is_addon && product->partial_key != NULL;
}

/* LicenseFamily is spelt as EditionID; Server Core may add Cor or Core to it. claim: products.family-is-edition */
static bool is_of_edition(const struct licensing_product *product, const char *edition)
{
    if (product->family == NULL || !text_starts(product->family, edition)) {
        return false;
    }
    const char *rest = product->family + strlen(edition);
    return *rest == '\0' || text_same(rest, "Cor") || text_same(rest, "Core");
}

/* How many of those with a key are of this edition; NULL: of any. */
static size_t count_keyed(const struct licensing_products *products, const char *edition,
                          const struct licensing_product **ret_product)
{
    size_t count = 0;
    for (size_t i = 0; i < products->count; i++) {
        const struct licensing_product *product = &products->items[i];
        if (product_has_key(product) && (edition == NULL || is_of_edition(product, edition))) {
            *ret_product = product;
            count++;
        }
    }
    return count;
}

size_t product_in_use(struct host *host, const struct licensing_products *products,
                      const struct licensing_product **ret_product, size_t *ret_found)
{
    struct err err = {0};
    struct registry_value edition = {0};
    *ret_product = NULL;
    size_t count = count_keyed(products, NULL, ret_product);
    if (ret_found != NULL) {
        *ret_found = count;
    }
    if (count < 2 || !host_registry_query(host, CURRENT_VERSION, "EditionID", &edition, &err) || edition.text == NULL ||
        edition.text[0] == '\0') {
        return count;
    }
    size_t of_edition = count_keyed(products, edition.text, ret_product);
    return of_edition != 0 ? of_edition : count;
}
