/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "contract.h"
#include "host/nouns/registry/registry.h"
#include "host/suffixes.h"

static void facts_plausible(struct contract *contract)
{
    const unsigned always = SYSTEM_NAME | SYSTEM_ARCH | SYSTEM_ELEVATED | SYSTEM_BOOT | SYSTEM_MEMORY | SYSTEM_PRODUCT |
                            SYSTEM_ROLE | SYSTEM_SUFFIXES | SYSTEM_VERSION;
    struct system_facts facts = {0};
    EXPECT(contract, contract->ops->system->query(contract->backend, contract->arena, &facts, &contract->err));
    EXPECT(contract, (facts.known & always) == always);
    EXPECT(contract, text_same(facts.family, "windows"));
    EXPECT(contract, facts.computer_name != NULL && facts.computer_name[0] != '\0');
    EXPECT(contract, text_same(facts.arch, "x64")); /* this system's, here and under Wine */
    EXPECT(contract, facts.boot_id != NULL && facts.boot_id[0] != '\0');
    EXPECT(contract, facts.uptime_ms >= 0 && facts.memory_bytes > 64 * 1024 * 1024);
    EXPECT(contract, facts.product_type >= 1 && facts.product_type <= 3);
    EXPECT(contract, facts.domain_role >= 0 && facts.domain_role <= 5);
    EXPECT(contract, facts.major > 6 || (facts.major == 6 && facts.minor >= 1));
    EXPECT(contract, facts.build >= 7600);
    EXPECT(contract, (facts.known & SYSTEM_ASSET_TAG) == 0 || facts.asset_tag != NULL);
    for (size_t i = 0; i < facts.dns_suffix_count; i++) {
        EXPECT(contract, facts.dns_suffixes[i][0] != '\0');
    }
}

static bool has_suffix(const struct system_facts *facts, const char *suffix)
{
    for (size_t i = 0; i < facts->dns_suffix_count; i++) {
        if (text_equal(facts->dns_suffixes[i], suffix)) {
            return true;
        }
    }
    return false;
}

/* Both lists, as KB 275553 and the ADMX of group policy write them; the machine is left as it was. */
static void search_lists(struct contract *contract)
{
    static const struct {
        const char *key, *list;
    } rows[] = {{SUFFIXES_MACHINE_KEY, "one.contract.example,two.contract.example"},
                {SUFFIXES_POLICY_KEY, "three.contract.example, one.contract.example"}};
    struct registry_value before[COUNT_OF(rows)] = {0};
    struct system_facts facts = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct registry_value list = registry_from_text(contract->arena, rows[i].list);
        EXPECT(contract, contract->ops->registry->query(contract->backend, rows[i].key, SUFFIXES_VALUE, contract->arena,
                                                        &before[i], &contract->err));
        EXPECT(contract,
               contract->ops->registry->set(contract->backend, rows[i].key, SUFFIXES_VALUE, &list, &contract->err));
    }
    EXPECT(contract, contract->ops->system->query(contract->backend, contract->arena, &facts, &contract->err));
    EXPECT(contract, has_suffix(&facts, "one.contract.example") && has_suffix(&facts, "two.contract.example") &&
                         has_suffix(&facts, "three.contract.example"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT(contract, before[i].exists ? contract->ops->registry->set(contract->backend, rows[i].key, SUFFIXES_VALUE,
                                                                         &before[i], &contract->err)
                                          : contract->ops->registry->delete (contract->backend, rows[i].key,
                                                                             SUFFIXES_VALUE, &contract->err));
    }
}

static void one_boot(struct contract *contract)
{
    struct system_facts first = {0}, second = {0};
    EXPECT(contract, contract->ops->system->query(contract->backend, contract->arena, &first, &contract->err));
    contract->ops->clock->sleep_ms(contract->backend, 50);
    EXPECT(contract, contract->ops->system->query(contract->backend, contract->arena, &second, &contract->err));
    EXPECT(contract, text_same(first.boot_id, second.boot_id) && second.uptime_ms >= first.uptime_ms);
}

static void time_passes(struct contract *contract)
{
    const int64_t year_2020_ms = 1577836800000;
    int64_t now = contract->ops->clock->now_ms(contract->backend),
            utc = contract->ops->clock->utc_ms(contract->backend);
    EXPECT(contract, utc > year_2020_ms);
    for (int i = 0; i < 5; i++) {
        int64_t before = contract->ops->clock->now_ms(contract->backend);
        contract->ops->clock->sleep_ms(contract->backend, 20);
        EXPECT(contract, contract->ops->clock->now_ms(contract->backend) >= before + 19);
    }
    EXPECT(contract, contract->ops->clock->utc_ms(contract->backend) >= utc + 90);
    now = contract->ops->clock->now_ms(contract->backend);
    contract->ops->clock->sleep_ms(contract->backend, -1);
    EXPECT(contract, contract->ops->clock->now_ms(contract->backend) < now + 5000);
}

/* Facts of the documented ranges, or none because this system has no such provider. */
static void licensing(struct contract *contract)
{
    struct licensing_products products = {0};
    if (!contract->ops->licensing->products(contract->backend, contract->arena, &products, &contract->err)) {
        EXPECT(contract, contract->err.code == ERR_UNSUPPORTED && contract->err.os != 0);
        return;
    }
    for (size_t i = 0; i < products.count; i++) {
        const struct licensing_product *product = &products.items[i];
        EXPECT(contract, product->id != NULL && product->partial_key != NULL);
        EXPECT(contract, product->status >= 0 && product->status <= 6);
        EXPECT(contract, product->activation_type >= -1 && product->activation_type <= 3);
    }
}

static void licensing_id_is_checked(struct contract *contract)
{
    bool done =
        contract->ops->licensing->set_kms(contract->backend, "x' OR ID <> '", "kms.example", 1688, &contract->err);
    EXPECT(contract, !done && contract->err.code != ERR_NONE);
}

const struct contract_row contract_system[] = {
    {"system: plausible", facts_plausible},
    {"system: search lists", search_lists},
    {"system: one boot, one id", one_boot},
    {"clock: time passes, and only forward", time_passes},
    {"licensing: products or no provider", licensing},
    {"licensing: an id is no query", licensing_id_is_checked},
    {NULL, NULL},
};
