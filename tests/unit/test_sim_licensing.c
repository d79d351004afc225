/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_licensing(void);

#define PLATFORM "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"
#define SKU "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define APPLICATION PLATFORM "\\\\55c92734-d682-4d71-983e-d6ec3f16059f"
#define SCOPE APPLICATION "\\\\" SKU
#define PRODUCT "'licensing': {'version': '10', 'products': [{'id': '" SKU "', 'status': 1, 'reason': '0x4004F401'}]}"
#define MACHINE(root, more) SIM_DOCUMENT(", 'registry': {'" PLATFORM "': {" root "}" more "}, " PRODUCT)

#define HOST "'KeyManagementServiceName': "
#define PORT "'KeyManagementServicePort': "

/* As recorded: the provider tells what is in effect, and a port where none is set. Claims: real-windows, wmi.json. */
static void the_provider_tells_what_is_in_effect(void)
{
    static const struct {
        const char *name, *root, *more, *root_host;
        int64_t root_port;
        const char *scope_host;
        int64_t scope_port;
    } rows[] = {
        {"unset", "", "", NULL, 1688, NULL, 1688},
        {"root", HOST "'a', " PORT "'1690'", "", "a", 1690, "a", 1690},
        {"root without a port", HOST "'a'", "", "a", 1688, "a", 1688},
        {"product", "", ", '" SCOPE "': {" HOST "'b', " PORT "'99'}", NULL, 1688, "b", 99},
        {"product before root", HOST "'a', " PORT "'1690'", ", '" SCOPE "': {" HOST "'b'}", "a", 1690, "b", 1688},
        {"application before root", HOST "'a'", ", '" APPLICATION "': {" HOST "'c', " PORT "'98'}", "a", 1688, "c", 98},
        {"empty name", HOST "''", "", NULL, 1688, NULL, 1688},
        {"port that is none", HOST "'a', " PORT "'x'", "", "a", 1688, "a", 1688},
        {"port as a number", HOST "'a', " PORT "1688", "", "a", 1688, "a", 1688},
        {"port out of range", HOST "'a', " PORT "'70000'", "", "a", 1688, "a", 1688},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, MACHINE("%s", "%s"), rows[i].root, rows[i].more));
        struct licensing_service service = {0};
        struct licensing_products products = {0};
        struct err err = {0};
        ROW_ASSERT(rows[i].name, sim_ops.licensing->service(sim, &sim_arena, &service, &err));
        ROW_ASSERT(rows[i].name, sim_ops.licensing->products(sim, &sim_arena, &products, &err) && products.count == 1);
        ROW_ASSERT(rows[i].name, text_same(service.kms_host, rows[i].root_host));
        ROW_ASSERT(rows[i].name, service.kms_port == rows[i].root_port);
        ROW_ASSERT(rows[i].name, products.count == 1 && text_same(products.items[0].kms_host, rows[i].scope_host));
        ROW_ASSERT(rows[i].name, products.count == 1 && products.items[0].kms_port == rows[i].scope_port);
        sim_close(sim);
    }
}

static void products_tell_what_is_written(void)
{
    struct sim *sim = sim_make(MACHINE("", ""));
    struct licensing_products products = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(sim_ops.licensing->products(sim, &sim_arena, &products, &err) && products.count == 1);
    CU_ASSERT_STRING_EQUAL(products.items[0].id, SKU);
    CU_ASSERT(products.items[0].status == 1 && products.items[0].reason == 0x4004F401);
    CU_ASSERT(products.items[0].activation_type == -1 && products.items[0].activation_enabled == -1);
    CU_ASSERT(products.items[0].description == NULL);
    sim_close(sim);
}

static void setting_a_host_writes_the_registry(void)
{
    struct sim *sim = sim_make(MACHINE(HOST "'old', " PORT "'99', 'Other': 1", ""));
    struct err err = {0};
    CU_ASSERT(sim_ops.licensing->set_kms(sim, NULL, "new", 0, &err));
    CU_ASSERT(sim_is(sim, MACHINE(HOST "'new', 'Other': 1", "")));
    CU_ASSERT(sim_ops.licensing->set_kms(sim, NULL, NULL, 0, &err));
    CU_ASSERT(sim_is(sim, MACHINE("'Other': 1", "")));
    CU_ASSERT(sim_ops.licensing->set_kms(sim, SKU, "own", 1688, &err));
    CU_ASSERT(sim_is(sim, MACHINE("'Other': 1", ", '" SCOPE "': {" HOST "'own', " PORT "'1688'}")));
    CU_ASSERT(!sim_ops.licensing->set_kms(sim, "another", "x", 0, &err) && err.code == ERR_NOT_FOUND);
    sim_close(sim);
}

static const struct {
    const char *name, *sections;
    enum err_code code;
    uint32_t os;
} failures[] = {
    {"not scripted", "", ERR_UNSCRIPTED, 0},
    {"registry not scripted", ", " PRODUCT, ERR_UNSCRIPTED, 0},
    {"class gone", ", 'licensing': {'error': '0x80041010'}", ERR_UNSUPPORTED, 0x80041010},
    {"denied", ", 'licensing': {'error': '0x80041003'}", ERR_DENIED, 0x80041003},
    {"store damaged", ", 'licensing': {'error': '0xC004E002'}", ERR_IO, 0xC004E002},
    {"service disabled", ", 'services': {'sppsvc': {'state': 'stopped', 'start': 'disabled'}}, " PRODUCT, ERR_IO,
     0x80070422},
    {"service gone", ", 'services': {'sppsvc': false}, " PRODUCT, ERR_IO, 0x80070424},
    {"scope fixed", ", 'registry': {'" PLATFORM "': {'$readOnly': true}}, " PRODUCT, ERR_DENIED, 5},
};

static void a_provider_fails_with_the_system_s_code(void)
{
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, SIM_DOCUMENT("%s"), failures[i].sections));
        struct err err = {0};
        ROW_ASSERT(failures[i].name, !sim_ops.licensing->set_kms(sim, NULL, "a", 0, &err));
        ROW_ASSERT(failures[i].name, err.code == failures[i].code && err.os == failures[i].os);
        sim_close(sim);
    }
}

void suite_sim_licensing(void)
{
    SIM_SUITE("sim_licensing", UNIT_TEST(the_provider_tells_what_is_in_effect),
              UNIT_TEST(products_tell_what_is_written), UNIT_TEST(setting_a_host_writes_the_registry),
              UNIT_TEST(a_provider_fails_with_the_system_s_code));
}
