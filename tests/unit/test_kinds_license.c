/* SPDX-License-Identifier: MIT */
/* A licence made so: which key may replace which, what an activation comes to, and what the look tells of it. */
#include "host/nouns/licensing/licensing.h"
#include "host/sim/licensing.h"
#include "kinds/licensing/license.h"
#include "licensing_fixture.h"
#include "unit.h"

void suite_kinds_license(void);

static void want(struct value *wanted, const char *partial, const char *status)
{
    memset(wanted, 0, sizeof(struct value) * FIXTURE_CELLS);
    wanted[LICENSE_PARTIAL_KEY] = value_text(partial);
    wanted[LICENSE_STATUS] = value_text(status);
}

static const struct op *op_named(const struct fixture *fixture, const char *verb)
{
    const struct op *found = NULL;
    for (size_t i = 0; i < host_op_count(&fixture->host); i++) {
        const struct op *op = host_op(&fixture->host, i);
        found = text_same(op->verb, verb) ? op : found;
    }
    return found;
}

#define MACHINE(licensing) LICENSING_MACHINE("", "", "", licensing, "")

static void a_key_is_installed_once(void)
{
    static const struct {
        const char *name, *document;
        enum op_class class;
    } rows[] = {
        {"retail, not licensed", MACHINE(PRODUCT_OF("RETAIL", "5") ", " KEYS), OP_ONE_WAY},
        {"retail, licensed", MACHINE(PRODUCT_OF("RETAIL", "1") ", " KEYS), OP_COSTLY},
        {"OEM", MACHINE(PRODUCT_OF("OEM_SLP", "5") ", " KEYS), OP_ONE_WAY},
        {"a virtual machine's", MACHINE(PRODUCT_OF("VIRTUAL_MACHINE_ACTIVATION", "5") ", " KEYS), OP_ONE_WAY},
        {"MAK", MACHINE(PRODUCT_OF("VOLUME_MAK", "5") ", " KEYS), OP_COSTLY},
        {"KMS host", MACHINE(PRODUCT_OF("VOLUME_KMS_WS22", "5") ", " KEYS), OP_COSTLY},
        {"no description", MACHINE("'products': [{'id': 'a', 'partialKey': 'XXXXX', 'status': 5}], " KEYS), OP_COSTLY},
        {"no key", MACHINE("'products': [], " KEYS), OP_ONE_WAY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS];
        want(wanted, "6VM33", NULL);
        fixture_quoted(&fixture, rows[i].document);
        fixture.params[LICENSE_PARAM_KEY] = value_text(GVLK);
        ROW_ASSERT(rows[i].name, fixture_set(&fixture, &kind_license, wanted));
        const struct op *op = op_named(&fixture, "install_key");
        ROW_ASSERT(rows[i].name, op != NULL && op->class == rows[i].class && op->outcome == OP_DONE);
        ROW_ASSERT(rows[i].name, op != NULL && text_same(op->shown_after, "*****-6VM33"));
        ROW_ASSERT(rows[i].name, fixture_set(&fixture, &kind_license, wanted) && fixture.host.changes == 1);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_license));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "partialKey"), "6VM33"));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "channel"), "VOLUME_KMSCLIENT"));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "status"), "notification"));
    }
}

/* A period of the provider: 4294967295 does not apply, the extended grace period has a property of its own. */
static void a_period_is_told_where_it_applies(void)
{
#define WITH(members)                                                                                                  \
    MACHINE("'products': [{'id': 'a', 'description': 'x VOLUME_KMSCLIENT channel', 'partialKey': '6VM33', " members    \
            "}]")
    static const struct {
        const char *name, *document, *status, *expires, *type;
    } rows[] = {
        {"days", WITH("'status': 1, 'graceMinutes': 14400, 'activationType': 2"), "licensed", "10", "kms"},
        {"does not apply", WITH("'status': 1, 'graceMinutes': 4294967295"), "licensed", "absent", "unknown"},
        {"extended", WITH("'status': 6, 'extendedGraceMinutes': 14400"), "extended_grace", "10", "unknown"},
        {"extended, not told", WITH("'status': 6, 'graceMinutes': 14400"), "extended_grace", "absent", "unknown"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, rows[i].document);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_license));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "status"), rows[i].status));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "expiresInDays"), rows[i].expires));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "activationType"), rows[i].type));
    }
}

static void a_wrong_wish_changes_nothing(void)
{
    static const struct {
        const char *name, *key, *partial, *status;
        int64_t age;
        enum err_code code;
    } rows[] = {
        {"no key", NULL, "6VM33", NULL, 0, ERR_INVALID},
        {"a key of another end", GVLK, "AAAAA", NULL, 0, ERR_INVALID},
        {"an end too short", GVLK, "33", NULL, 0, ERR_INVALID},
        {"a word for a key", "6VM33", "6VM33", NULL, 0, ERR_INVALID},
        {"an edition's key that does not fit", "N69G4-B89J2-4G8F4-WWYCC-J464C", "J464C", NULL, 0, ERR_IO},
        {"a status nobody wants", NULL, NULL, "unlicensed", 0, ERR_INVALID},
        {"an age that is not today", NULL, NULL, NULL, 3, ERR_INVALID},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS];
        want(wanted, rows[i].partial, rows[i].status);
        if (rows[i].age != 0) {
            wanted[LICENSE_RENEWAL_AGE_DAYS] = value_int(rows[i].age);
        }
        fixture_quoted(&fixture, MACHINE(PRODUCT_OF("RETAIL", "5") ", " KEYS));
        fixture.params[LICENSE_PARAM_KEY] = value_text(rows[i].key);
        ROW_ASSERT(rows[i].name, !fixture_set(&fixture, &kind_license, wanted));
        ROW_ASSERT(rows[i].name, fixture.err.code == rows[i].code && fixture.host.changes == 0);
        ROW_ASSERT(rows[i].name, strstr(fixture.err.text, "89J2") == NULL && strstr(fixture.err.text, "KYWYW") == NULL);
    }
}

static void a_key_and_activation_in_one_step(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[FIXTURE_CELLS];
    want(wanted, "6VM33", "licensed");
    fixture_quoted(&fixture, MACHINE(PRODUCT_OF("RETAIL", "5") ", " KEYS));
    fixture.params[LICENSE_PARAM_KEY] = value_text(GVLK);
    CU_ASSERT(fixture_set(&fixture, &kind_license, wanted));
    CU_ASSERT(fixture_look(&fixture, &kind_license));
    const struct expected_cell after[] = {
        {"status", "licensed"},  {"partialKey", "6VM33"},    {"skuId", SKU},
        {"renewalAgeDays", "0"}, {"lastCode", "0x00000000"}, {"lastInnerCode", "0x00000000"},
        {"refusedInRow", "0"},   {"activationType", "kms"},  {0}};
    CU_ASSERT(cells_match(&fixture, &kind_license, after));
    CU_ASSERT(host_now_ms(&fixture.host) == 40); /* the response was there at once: nothing was waited for */
    CU_ASSERT(fixture.host.changes == 2 && op_named(&fixture, "activate")->class == OP_ONE_WAY);
}

static void a_licence_is_renewed(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[FIXTURE_CELLS] = {[LICENSE_RENEWAL_AGE_DAYS] = value_int(0)};
    fixture_quoted(&fixture, MACHINE(KMS_CLIENT("1")));
    CU_ASSERT(fixture_look(&fixture, &kind_license));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license, "renewalAgeDays"), "20");
    CU_ASSERT(fixture_set(&fixture, &kind_license, wanted));
    CU_ASSERT(fixture_set(&fixture, &kind_license, wanted));
    CU_ASSERT(fixture_look(&fixture, &kind_license));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_license, "renewalAgeDays"), "0");
    CU_ASSERT(host_licensing_attempt_count(&fixture.host) == 1);
}

static void history_is_told(void)
{
    static const struct {
        const char *name, *serves;
        size_t tries;
        struct expected_cell cells[4];
    } rows[] = {
        {"none", "", 0, {{"lastCode", "absent"}, {"lastInnerCode", "absent"}, {"refusedInRow", "0"}}},
        {"a silent one",
         ", 'kmsServes': false",
         1,
         {{"lastCode", "0xC004F074"}, {"lastInnerCode", "0xC004F074"}, {"refusedInRow", "1"}}},
        {"three, the last answered",
         ", 'kmsServes': ['0xC0020017', '0xC0020017', '0xC004F042']",
         3,
         {{"lastCode", "0xC004F042"}, {"lastInnerCode", "0x00000000"}, {"refusedInRow", "3"}}},
        {"one, then served",
         ", 'kmsServes': ['0xC0020017', true]",
         2,
         {{"lastCode", "0x00000000"}, {"lastInnerCode", "0x00000000"}, {"refusedInRow", "0"}}},
        {"abandoned",
         ", 'activateMs': 200000",
         1,
         {{"lastCode", "unknown"}, {"lastInnerCode", "absent"}, {"refusedInRow", "0"}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS];
        struct buf document AUTO(buf_clear);
        want(wanted, NULL, "licensed");
        buf_init(&document, LIMIT_MACHINE_BYTES);
        buf_format(&document, MACHINE("%s%s"), "" KMS_CLIENT("5"), rows[i].serves);
        fixture_quoted(&fixture, buf_string(&document));
        for (size_t j = 0; j < rows[i].tries; j++) {
            (void)fixture_set(&fixture, &kind_license, wanted);
        }
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_license));
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_license, rows[i].cells));
    }
}

/* A refusal belongs to the host that was asked: another one has refused nothing yet. */
static void a_refusal_belongs_to_its_host(void)
{
    static const struct {
        const char *name, *key; /* NULL: through the provider */
    } rows[] = {{"by the provider", NULL}, {"in the registry", LICENSING_APPLICATION_KEY}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS];
        want(wanted, NULL, "licensed");
        fixture_quoted(&fixture, MACHINE(KMS_CLIENT("5") ", 'kmsServes': false"));
        CU_ASSERT(!fixture_set(&fixture, &kind_license, wanted) && !fixture_set(&fixture, &kind_license, wanted));
        CU_ASSERT(fixture_look(&fixture, &kind_license));
        const struct expected_cell before[] = {{"refusedInRow", "2"}, {"lastHost", "kms.example:1688"}, {0}};
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_license, before));
        struct registry_value name = registry_from_text(&fixture.arena, "other.example");
        bool made = rows[i].key != NULL
                        ? host_registry_set(&fixture.host, rows[i].key, LICENSING_KMS_NAME, &name, &fixture.err)
                        : host_licensing_set_kms(&fixture.host, NULL, "other.example", 0, &fixture.err);
        ROW_ASSERT(rows[i].name, made && fixture_look(&fixture, &kind_license));
        const struct expected_cell after[] = {{"refusedInRow", "0"}, {"lastHost", "kms.example:1688"}, {0}};
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_license, after));
    }
}

/* Old events are not this run's. */
static void an_older_request_is_not_told(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[FIXTURE_CELLS];
    want(wanted, NULL, "licensed");
    fixture_quoted(&fixture, LICENSING_MACHINE("", REQUEST("2026-01-15T07:59:59.000", "0xC004F06C"), "",
                                               PRODUCT_OF("RETAIL", "5"), ""));
    CU_ASSERT(!fixture_set(&fixture, &kind_license, wanted) && fixture.err.os == 0xC004C003);
    CU_ASSERT(fixture_look(&fixture, &kind_license));
    const struct expected_cell after[] = {{"lastCode", "0xC004C003"}, {"lastInnerCode", "absent"}, {0}};
    CU_ASSERT(cells_match(&fixture, &kind_license, after));
}

/* What an Activate that says yes leaves in the log, one event after the other. */
static const struct event_made {
    uint32_t id;
    const char *data;
} * made;

static bool says_yes(void *backend, const char *sku, int64_t timeout_ms, struct err *err)
{
    (void)sku;
    (void)timeout_ms;
    (void)err;
    for (size_t i = 0; made[i].id != 0; i++) {
        sim_event_log(backend, made[i].id, made[i].data);
    }
    return true;
}

#define ASKED(product)                                                                                                 \
    {                                                                                                                  \
        12288, "0x0, 0x00000000, kms.example:1688, 36f27b39-0f71-4f4b-9a5e-0a4f3e2b1c00, 2026/01/15 08:00, 1, 5, "     \
               "0, " product ", 5"                                                                                     \
    }
#define ANSWERED(bound)                                                                                                \
    {                                                                                                                  \
        12289, "0x0, 0x00000000, " bound ", 0, 50, 120, 10080, 2026/01/15 08:00"                                       \
    }
#define OFFICE "fbdb3e18-a8ef-4fb3-9183-dffd60bd0984"

/* Activate says yes; what the log says of it decides. */
static void the_log_may_contradict(void)
{
    static const struct {
        const char *name, *document;
        struct event_made made[5];
        bool done;
        int64_t ms;
    } rows[] = {
        {"it agrees", MACHINE(KMS_CLIENT("5")), {ASKED(SKU), ANSWERED("1")}, true, 0},
        {"it did not bind", MACHINE(KMS_CLIENT("5")), {ASKED(SKU), ANSWERED("0")}, false, 0},
        {"another product was not bound, before",
         MACHINE(KMS_CLIENT("5")),
         {ASKED(OFFICE), ANSWERED("0"), ASKED(SKU), ANSWERED("1")},
         true,
         0},
        {"another product was bound, after",
         MACHINE(KMS_CLIENT("5")),
         {ASKED(SKU), ANSWERED("0"), ASKED(OFFICE), ANSWERED("1")},
         false,
         0},
        {"only another product asked", MACHINE(KMS_CLIENT("5")), {ASKED(OFFICE), ANSWERED("0")}, true, 11000},
        {"an earlier one was not bound, later in the same second",
         LICENSING_MACHINE(
             "", REQUEST("2026-01-15T08:00:00.900", "0x0") ", " RESPONSE("2026-01-15T08:00:00.950", "0x0", "0"), "",
             KMS_CLIENT("5"), ""),
         {{0}},
         true,
         11000},
        {"it says nothing in time", MACHINE(KMS_CLIENT("5")), {{0}}, true, 11000},
        {"it cannot be read", LICENSING_MACHINE("", "'<Event>'", "", KMS_CLIENT("5"), ""), {ASKED(SKU)}, true, 0},
        {"a key that asks no KMS", MACHINE(PRODUCT_OF("RETAIL", "5")), {{0}}, true, 0},
    };
    struct host_ops ops = sim_ops;
    struct licensing_ops licensing = *sim_ops.licensing;
    licensing.activate = says_yes;
    ops.licensing = &licensing;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value wanted[FIXTURE_CELLS];
        want(wanted, NULL, "licensed");
        fixture_quoted(&fixture, rows[i].document);
        fixture.host.ops = &ops;
        made = rows[i].made;
        ROW_ASSERT(rows[i].name, fixture_set(&fixture, &kind_license, wanted) == rows[i].done);
        ROW_ASSERT(rows[i].name, host_now_ms(&fixture.host) == rows[i].ms);
    }
}

/* Whole seconds, as older systems log them: which is older is told by the number, and whose by the product. */
static void a_request_of_this_run_is_told_by_its_number(void)
{
    static const struct {
        const char *name;
        struct event_made made[3];
        const char *code;
    } rows[] = {{"none", {{0}}, "absent"},
                {"its own", {ASKED(SKU)}, "0x00000000"},
                {"Office's alone", {ASKED(OFFICE)}, "absent"},
                {"its own, then Office's", {ASKED(SKU), ASKED(OFFICE)}, "0x00000000"}};
    struct host_ops ops = sim_ops;
    struct licensing_ops licensing = *sim_ops.licensing;
    licensing.activate = says_yes;
    ops.licensing = &licensing;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture,
                       LICENSING_MACHINE("", REQUEST("2026-01-15T08:00:00", "0xC004F06C"), "", KMS_CLIENT("5"), ""));
        fixture.host.ops = &ops;
        made = rows[i].made;
        CU_ASSERT(host_licensing_activate(&fixture.host, SKU, &fixture.err));
        CU_ASSERT(fixture_look(&fixture, &kind_license));
        ROW_ASSERT(rows[i].name, text_same(shown(&fixture, &kind_license, "lastInnerCode"), rows[i].code));
    }
}

static void a_dry_run_only_says_so(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct value wanted[FIXTURE_CELLS];
    want(wanted, "6VM33", "licensed");
    fixture_quoted(&fixture, MACHINE(PRODUCT_OF("VOLUME_MAK", "1") ", " KEYS));
    fixture.params[LICENSE_PARAM_KEY] = value_text(GVLK);
    fixture.host.mode = GATE_PLAN;
    wanted[LICENSE_RENEWAL_AGE_DAYS] = value_int(0);
    CU_ASSERT(fixture_set(&fixture, &kind_license, wanted));
    CU_ASSERT(fixture.host.changes == 0 && host_op_count(&fixture.host) == 2);
    CU_ASSERT(op_named(&fixture, "install_key")->class == OP_COSTLY);
    CU_ASSERT(host_licensing_attempt_count(&fixture.host) == 0 && host_now_ms(&fixture.host) == 0);
}

void suite_kinds_license(void)
{
    UNIT_SUITE("kinds: license", UNIT_TEST(a_key_is_installed_once), UNIT_TEST(a_period_is_told_where_it_applies),
               UNIT_TEST(a_wrong_wish_changes_nothing), UNIT_TEST(a_key_and_activation_in_one_step),
               UNIT_TEST(a_licence_is_renewed), UNIT_TEST(history_is_told), UNIT_TEST(a_refusal_belongs_to_its_host),
               UNIT_TEST(an_older_request_is_not_told), UNIT_TEST(the_log_may_contradict),
               UNIT_TEST(a_request_of_this_run_is_told_by_its_number), UNIT_TEST(a_dry_run_only_says_so));
}
