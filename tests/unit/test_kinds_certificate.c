/* SPDX-License-Identifier: MIT */
/* A certificate of a store: looked for, offered, added when it is the right one and chains to a trusted root. */
#include "certificates_sim.h"
#include "host/restore.h"
#include "host/sim/sim.h"
#include "kinds_fixture.h"
#include "unit.h"

enum { PARAM_STORE, PARAM_THUMBPRINT, PARAM_BASE64, PARAM_FILE, PARAM_URL, PARAM_ABOVE };
enum { WANTED_EXISTS };

#define URL "http://caissuers.azmend-test.example/cross.crt"
#define PACK "C:\\\\pack\\\\cross.crt"

/* A machine that trusts our root; what its pack and the network have for the upper intermediate. */
struct place {
    const char *ca, *root;  /* names; root NULL: the right one */
    const char *pack, *net; /* of which certificate; NULL: nothing is there */
};

static void open_machine(struct fixture *fixture, const struct place *place)
{
    const char *pack =
        place->pack != NULL ? arena_format(&sim_arena, "{'text': '%s'}", certificate_text(place->pack)) : "false";
    const char *net = place->net != NULL ? arena_format(&sim_arena, "{'body': '%s'}", certificate_text(place->net))
                                         : "{'status': 404}";
    fixture_quoted(fixture, arena_format(&sim_arena,
                                         "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z'}, "
                                         "'files': {'" PACK "': %s}, 'certificates': {'CA': {%s}, 'Root': {%s}}, "
                                         "'network': {'resolve': {'system': {'caissuers.azmend-test.example': "
                                         "['203.0.113.1']}}, 'http': {'" URL "': %s}}}",
                                         pack, store_members(&sim_arena, place->ca),
                                         store_members(&sim_arena, place->root != NULL ? place->root : "root"), net));
}

/* store, thumbprint of `name`, and whatever is offered; NULL: not. */
static void ask_for(struct fixture *fixture, const char *store, const char *name, const char *offered_as)
{
    fixture->params[PARAM_STORE] = value_text(store);
    fixture->params[PARAM_THUMBPRINT] = value_text(certificate_sha1(name));
    for (size_t i = PARAM_BASE64; i <= PARAM_ABOVE; i++) {
        fixture->params[i] = value_absent();
    }
    if (text_same(offered_as, "file")) {
        fixture->params[PARAM_FILE] = value_text("C:\\pack\\cross.crt");
    } else if (text_same(offered_as, "url")) {
        fixture->params[PARAM_URL] = value_text(URL);
    } else if (offered_as != NULL) {
        fixture->params[PARAM_BASE64] = value_text(certificate_text(offered_as));
    }
}

static const struct {
    const char *name;
    struct place place;
    const char *asked, *offered_as;
    const char *exists, *available, *source, *chains, *flaw; /* as shown; flaw: a part of it, NULL absent */
    const char *error;                                       /* of adding it; NULL: added */
} rows[] = {
    {"there already", {.ca = "cross"}, "cross", NULL, "true", "false", "absent", "absent", NULL, NULL},
    {"handed in", {.ca = ""}, "cross", "cross", "false", "true", "base64", "true", NULL, NULL},
    {"in the pack", {.ca = "", .pack = "cross"}, "cross", "file", "false", "true", "file", "true", NULL, NULL},
    {"fetched", {.ca = "", .net = "cross"}, "cross", "url", "false", "true", "url", "true", NULL, NULL},
    {"nothing offered",
     {.ca = ""},
     "cross",
     NULL,
     "false",
     "false",
     "absent",
     "absent",
     "nothing",
     "nothing was offered"},
    {"another one handed in",
     {.ca = ""},
     "cross",
     "issuing",
     "false",
     "false",
     "absent",
     "absent",
     "base64: another certificate",
     "another certificate"},
    {"another one in the pack",
     {.ca = "", .pack = "otherRoot"},
     "cross",
     "file",
     "false",
     "false",
     "absent",
     "absent",
     "file: another certificate",
     "another certificate"},
    {"another one fetched",
     {.ca = "", .net = "root"},
     "cross",
     "url",
     "false",
     "false",
     "absent",
     "absent",
     "url: another certificate",
     "another certificate"},
    {"no pack", {.ca = ""}, "cross", "file", "false", "false", "absent", "absent", "is not there", "is not there"},
    {"nothing to be fetched",
     {.ca = ""},
     "cross",
     "url",
     "false",
     "false",
     "absent",
     "absent",
     "url: answered, status 404",
     "status 404"},
    {"no chain to a root",
     {.ca = ""},
     "issuing",
     "issuing",
     "false",
     "true",
     "base64",
     "false",
     NULL,
     "does not chain to a root that is trusted already"},
    {"a root that is not trusted",
     {.ca = "", .root = "otherRoot"},
     "cross",
     "cross",
     "false",
     "true",
     "base64",
     "false",
     NULL,
     "does not chain to a root that is trusted already"},
    {"a root itself",
     {.ca = ""},
     "otherRoot",
     "otherRoot",
     "false",
     "true",
     "base64",
     "false",
     NULL,
     "does not chain to a root that is trusted already"},
    {"expired",
     {.ca = "cross"},
     "issuingExpired",
     "issuingExpired",
     "false",
     "true",
     "base64",
     "false",
     NULL,
     "does not chain to a root that is trusted already"},
    {"the lower one, the upper one is there",
     {.ca = "cross"},
     "issuing",
     "issuing",
     "false",
     "true",
     "base64",
     "true",
     NULL,
     NULL},
};

static bool set_exists(struct fixture *fixture, bool wanted)
{
    struct value cells[FIXTURE_CELLS] = {{0}};
    cells[WANTED_EXISTS] = value_bool(wanted);
    fixture->err = (struct err){0};
    return fixture_set(fixture, &kind_certificate, cells);
}

static void looks_and_adds(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, &rows[i].place);
        ask_for(&fixture, "CA", rows[i].asked, rows[i].offered_as);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_certificate));
        const struct expected_cell cells[] = {{"exists", rows[i].exists},
                                              {"available", rows[i].available},
                                              {"source", rows[i].source},
                                              {"chains", rows[i].chains},
                                              {NULL, NULL}};
        const char *flaw = shown(&fixture, &kind_certificate, "flaw");
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_certificate, cells));
        ROW_ASSERT(rows[i].name, rows[i].flaw != NULL ? text_contains(flaw, rows[i].flaw) : text_same(flaw, "absent"));
        bool is_there = text_same(rows[i].exists, "true"); /* nothing differs: the engine would not call set */
        bool is_added = !is_there && set_exists(&fixture, true);
        ROW_ASSERT(rows[i].name, is_there || is_added == (rows[i].error == NULL));
        ROW_ASSERT(rows[i].name, is_there || is_added || text_contains(fixture.err.text, rows[i].error));
        ROW_ASSERT(rows[i].name, host_op_count(&fixture.host) == (is_added ? 1 : 0));
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_certificate));
        ROW_ASSERT(rows[i].name,
                   text_same(shown(&fixture, &kind_certificate, "exists"), is_there || is_added ? "true" : "false"));
    }
}

/* What stands between is handed along: the upper one is only planned, or comes in the same run. */
static void chains_by_what_stands_above(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, &(struct place){.ca = ""});
    ask_for(&fixture, "CA", "issuing", "issuing");
    struct value above = value_text(certificate_text("cross"));
    fixture.params[PARAM_ABOVE] = value_list(TYPE_TEXT, &above, 1);
    CU_ASSERT(fixture_look(&fixture, &kind_certificate));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_certificate, "chains"), "true");
    CU_ASSERT(set_exists(&fixture, true) && host_op_count(&fixture.host) == 1);
}

static void refuses_other_stores(void)
{
    static const char *const stores[] = {"Root", "AuthRoot", "Disallowed", "My"};
    for (size_t i = 0; i < COUNT_OF(stores); i++) {
        struct fixture fixture AUTO(fixture_close);
        open_machine(&fixture, &(struct place){.ca = ""});
        ask_for(&fixture, stores[i], "cross", "cross");
        ROW_ASSERT(stores[i], !set_exists(&fixture, true) && fixture.err.code == ERR_REFUSED);
        ROW_ASSERT(stores[i], host_op_count(&fixture.host) == 0);
    }
}

static void never_takes_away(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, &(struct place){.ca = "cross"});
    ask_for(&fixture, "CA", "cross", NULL);
    CU_ASSERT(!set_exists(&fixture, false) && fixture.err.code == ERR_REFUSED && host_op_count(&fixture.host) == 0);
}

static void no_thumbprint(void)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture, &(struct place){.ca = ""});
    ask_for(&fixture, "CA", "cross", NULL);
    fixture.params[PARAM_THUMBPRINT] = value_text("12 34");
    CU_ASSERT(!fixture_look(&fixture, &kind_certificate) && fixture.err.code == ERR_INVALID);
}

/* What was added is taken back by undo, and only while it is as it was added. */
static void undo_takes_it_back(void)
{
    struct fixture fixture AUTO(fixture_close);
    const char *state = NULL;
    open_machine(&fixture, &(struct place){.ca = ""});
    ask_for(&fixture, "CA", "cross", "cross");
    CU_ASSERT_FATAL(set_exists(&fixture, true) && host_op_count(&fixture.host) == 1);
    const struct op *op = host_op(&fixture.host, 0);
    CU_ASSERT(host_state(&fixture.host, op, &state, &fixture.err) && text_same(state, op->after));
    CU_ASSERT(text_same(op->before, "null") && op->class == OP_REVERSIBLE && text_same(op->verb, "add"));
    CU_ASSERT(host_restore(&fixture.host, op, &fixture.err));
    CU_ASSERT(host_state(&fixture.host, op, &state, &fixture.err) && text_same(state, op->before));
    const struct op *back = host_op(&fixture.host, 1);
    CU_ASSERT(text_same(back->verb, "remove") && back->undoes == 1);
    CU_ASSERT(host_restore(&fixture.host, back, &fixture.err));
    CU_ASSERT(host_state(&fixture.host, op, &state, &fixture.err) && text_same(state, op->after));
}

void suite_kinds_certificate(void);
void suite_kinds_certificate(void)
{
    CERTIFICATES_SUITE("kinds: certificate", UNIT_TEST(looks_and_adds), UNIT_TEST(chains_by_what_stands_above),
                       UNIT_TEST(refuses_other_stores), UNIT_TEST(never_takes_away), UNIT_TEST(no_thumbprint),
                       UNIT_TEST(undo_takes_it_back));
}
