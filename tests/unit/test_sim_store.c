/* SPDX-License-Identifier: MIT */
/* A damaged store, and Microsoft's steps to rebuild it. */
#include "sim_fixture.h"

void suite_sim_store(void);

#define PLATFORM "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"
#define STORE "C:\\\\Windows\\\\System32\\\\spp\\\\store\\\\2.0"
#define TOKENS "%SystemRoot%\\\\System32\\\\spp\\\\tokens"
#define DOCUMENT(platform, tokens, licensing)                                                                          \
    SIM_DOCUMENT(                                                                                                      \
        ", 'clock': {'utc': '2026-01-15T08:00:00Z'}, 'registry': {'" PLATFORM "': {" platform "}},"                    \
        " 'files': {'" STORE "': {'folder': true, 'acl': ['system', 'S-1-5-20']}" tokens ",'" TOKENS                   \
        "': {'folder': true}, '" TOKENS "\\\\skus\\\\A\\\\a.xrm-ms': {'text': 'A'},"                                   \
        " '" TOKENS "\\\\pkeyconfig\\\\b.xrm-ms': {'text': 'B'}, '" TOKENS "\\\\skus\\\\c.txt': {'text': 'C'}},"       \
        " 'licensing': {" licensing                                                                                    \
        ", 'keys': [{'key': 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', 'id': 'new', 'description': 'VOLUME_KMSCLIENT'}]}")
#define FILE_THERE ", '" STORE "\\\\tokens.dat': {'size': 100, 'createdAt': '2025-01-01T00:00:00Z'}"
#define PRODUCTS "'products': [{'id': 'old', 'partialKey': 'XXXXX'}]"
#define KEY "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
#define TOKENS_DAT "C:\\Windows\\System32\\spp\\store\\2.0\\tokens.dat"

static size_t product_count(struct sim *sim, uint32_t *ret_code)
{
    struct licensing_products products = {0};
    struct err err = {0};
    (void)sim_ops.licensing->products(sim, &sim_arena, &products, &err);
    *ret_code = err.os;
    return products.count;
}

static void a_damaged_store_says_so_to_everything(void)
{
    static const struct {
        const char *name, *document;
        uint32_t products, key, license;
        size_t listed;
    } rows[] = {
        {"a code", DOCUMENT("", FILE_THERE, PRODUCTS ", 'store': {'damaged': '0xC004E015'}"), 0xC004E015, 0xC004E015,
         0xC004E015, 0},
        {"a code, and products",
         DOCUMENT("", FILE_THERE, PRODUCTS ", 'store': {'damaged': '0xC004E015', 'lists': true}"), 0, 0xC004E015,
         0xC004E015, 1},
        {"no products", DOCUMENT("", FILE_THERE, PRODUCTS ", 'store': {'damaged': 'no_products'}"), 0, 0xC004F015,
         0xC004F015, 0},
        {"licences are missing", DOCUMENT("", FILE_THERE, "'store': {'lacks': 2}"), 0, 0xC004F015, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(rows[i].document);
        struct err key = {0};
        struct err license = {0};
        uint32_t code = 0;
        ROW_ASSERT(rows[i].name, product_count(sim, &code) == rows[i].listed && code == rows[i].products);
        ROW_ASSERT(rows[i].name, !sim_ops.licensing->install_key(sim, KEY, &key) && key.os == rows[i].key);
        bool installed = sim_ops.licensing->install_license(sim, "A", &license);
        ROW_ASSERT(rows[i].name, installed == (rows[i].license == 0) && license.os == rows[i].license);
        sim_close(sim);
    }
}

/* Rename, all licences, the key: in this order, and nothing earlier. */
static void rebuild(struct sim *sim, const char *tokens)
{
    uint32_t code = 0;
    struct err err = {0};
    CU_ASSERT(sim_ops.file->rename(sim, tokens, arena_format(&sim_arena, "%s.old", tokens), &err));
    CU_ASSERT(product_count(sim, &code) == 0 && code == 0);
    CU_ASSERT(!sim_ops.licensing->install_key(sim, KEY, &err) && err.os == 0xC004F015);
    CU_ASSERT(sim_ops.licensing->install_license(sim, "A", &err));
    CU_ASSERT(sim_ops.licensing->install_license(sim, "A", &err));
    CU_ASSERT(!sim_ops.licensing->install_key(sim, KEY, &err));
    CU_ASSERT(sim_ops.licensing->install_license(sim, "B", &err));
    CU_ASSERT(sim_ops.licensing->install_key(sim, KEY, &err));
    CU_ASSERT(product_count(sim, &code) == 1 && code == 0);
}

static void a_rebuilt_store_is_sound(void)
{
    static const char damage[] =
        DOCUMENT("", FILE_THERE, PRODUCTS ", 'store': {'damaged': '0xC004D301', 'lists': true}");
    struct sim *sim = sim_make(damage);
    struct file_facts facts = {0};
    struct err err = {0};
    rebuild(sim, TOKENS_DAT);
    CU_ASSERT(sim_ops.file->query(sim, TOKENS_DAT, &sim_arena, &facts, &err) && facts.exists);
    CU_ASSERT(facts.created_at == 1768464000);
    CU_ASSERT(strstr(sim_text(sim), "damaged") == NULL && strstr(sim_text(sim), "lists") == NULL &&
              strstr(sim_text(sim), "lacks") == NULL);
    struct sim *again = sim_make(sim_text(sim));
    CU_ASSERT_STRING_EQUAL(sim_text(again), sim_text(sim));
    sim_close(again);
    sim_close(sim);
}

/* Saved half-way, it goes on where it was. */
static void a_rebuild_can_be_saved(void)
{
    struct sim *sim = sim_make(DOCUMENT("", FILE_THERE, PRODUCTS ", 'store': {'damaged': '0xC004D301'}"));
    struct err err = {0};
    uint32_t code = 0;
    CU_ASSERT(sim_ops.file->rename(sim, TOKENS_DAT, TOKENS_DAT ".old", &err));
    CU_ASSERT(product_count(sim, &code) == 0);
    struct sim *later = sim_make(sim_text(sim));
    CU_ASSERT_PTR_NOT_NULL(strstr(sim_text(later), "\"lacks\": 2"));
    CU_ASSERT(!sim_ops.licensing->install_key(later, KEY, &err));
    CU_ASSERT(sim_ops.licensing->install_license(later, "A", &err) &&
              sim_ops.licensing->install_license(later, "B", &err));
    CU_ASSERT(sim_ops.licensing->install_key(later, KEY, &err));
    sim_close(later);
    sim_close(sim);
}

static void the_folder_is_where_the_registry_says(void)
{
    static const char elsewhere[] = DOCUMENT(
        "'TokenStore': {'expand': '%WINDIR%\\\\spp'}",
        FILE_THERE ", 'C:\\\\Windows\\\\spp': {'folder': true}, 'C:\\\\Windows\\\\spp\\\\tokens.dat': {'size': 1}",
        PRODUCTS ", 'store': {'damaged': '0xC004D301'}");
    struct sim *sim = sim_make(elsewhere);
    struct err err = {0};
    uint32_t code = 0;
    CU_ASSERT(sim_ops.file->rename(sim, TOKENS_DAT, TOKENS_DAT ".old", &err));
    CU_ASSERT(product_count(sim, &code) == 0 && code == 0xC004D301);
    rebuild(sim, "C:\\Windows\\spp\\tokens.dat");
    sim_close(sim);
}

static void only_what_is_told_of_rights_is_known(void)
{
    struct sim *sim = sim_make(DOCUMENT("", FILE_THERE, PRODUCTS));
    struct file_security security = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.file->security(sim, "C:\\Windows\\System32\\spp\\store\\2.0", &sim_arena, &security, &err));
    CU_ASSERT_FATAL(security.exists && security.size == 20 + 8 + 20 + 20);
    CU_ASSERT(memcmp(security.bytes, "\x01\x00\x04\x80", 4) == 0);
    /* the second entry: allow, 20 bytes, full control, S-1-5-20 */
    CU_ASSERT(memcmp(security.bytes + 48, "\x00\x00\x14\x00\xFF\x01\x1F\x00\x01\x01\0\0\0\0\0\x05\x14\0\0\0", 20) == 0);
    CU_ASSERT(!sim_ops.file->security(sim, TOKENS_DAT, &sim_arena, &security, &err) && err.code == ERR_UNSUPPORTED);
    sim_close(sim);
}

void suite_sim_store(void)
{
    SIM_SUITE("sim_store", UNIT_TEST(a_damaged_store_says_so_to_everything), UNIT_TEST(a_rebuilt_store_is_sound),
              UNIT_TEST(a_rebuild_can_be_saved), UNIT_TEST(the_folder_is_where_the_registry_says),
              UNIT_TEST(only_what_is_told_of_rights_is_known));
}
