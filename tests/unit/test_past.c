/* SPDX-License-Identifier: MIT */
/* Undo and the record of a run that was cut off, on runs made by hand. */
#include "base/text.h"
#include "engine/past.h"
#include "host/nouns/firewall/firewall.h"
#include "host/nouns/registry/registry.h"
#include "host/restore.h"
#include "sim_fixture.h"

void suite_past(void);

static struct host host;

#define KEY "HKLM\\SOFTWARE\\K"
#define REGISTRY(values) SIM_DOCUMENT(", 'registry': {'HKLM\\\\SOFTWARE\\\\K': {" values "}}")
#define STATE(letter) "{\"type\":1,\"hex\":\"" letter "000000\"}"
#define A STATE("61")
#define B STATE("62")
#define C STATE("63")

static struct sim *open_host(const char *document)
{
    struct sim *sim = sim_make(document);
    host_init(&host, &sim_ops, sim, &sim_arena, GATE_CHANGE, LIMIT_RUN_MS);
    host.on_azure = true;
    return sim;
}

enum { OPS_MAX = 3 };

/* From `from` to `to`; NULL ends the list. */
struct made {
    const char *from, *to;
    enum op_outcome outcome;
    enum op_class class;
    bool unanswered, undone;
    const char *stands; /* as a change was left that was made in part */
};

static struct past_run make_run(const struct made *steps)
{
    struct journal_entry *entries = arena_array(&sim_arena, OPS_MAX, sizeof(*entries));
    bool *undone = arena_array(&sim_arena, OPS_MAX, sizeof(*undone));
    size_t count = 0;
    for (; count < OPS_MAX && steps[count].from != NULL; count++) {
        const struct made *step = &steps[count];
        entries[count].answered = !step->unanswered;
        entries[count].op = (struct op){.sequence = (uint32_t)count + 1,
                                        .noun = NOUN_REGISTRY,
                                        .class = step->class,
                                        .outcome = step->unanswered ? OP_UNKNOWN : step->outcome,
                                        .verb = "set",
                                        .target = KEY "|V",
                                        .before = step->from,
                                        .after = step->to,
                                        .stands = step->stands};
        undone[count] = step->undone;
    }
    return (struct past_run){.id = "r1", .journal = {.entries = entries, .count = count}, .undone = undone};
}

static const struct {
    const char *name, *machine;
    struct made steps[OPS_MAX];
    const char *outcomes; /* a letter a step, the last change first */
    enum verdict verdict;
    size_t changes;
    const char *after; /* NULL: as it was */
} undos[] = {
    {"one change", REGISTRY("'V': 'b'"), {{A, B, .outcome = OP_DONE}}, "r", VERDICT_FIXED, 1, REGISTRY("'V': 'a'")},
    {"a value that was not there",
     REGISTRY("'V': 'b'"),
     {{"null", B, .outcome = OP_DONE}},
     "r",
     VERDICT_FIXED,
     1,
     REGISTRY("")},
    {"two, backwards",
     REGISTRY("'V': 'c'"),
     {{A, B, .outcome = OP_DONE}, {B, C, .outcome = OP_DONE}},
     "rr",
     VERDICT_FIXED,
     2,
     REGISTRY("'V': 'a'")},
    {"there and back",
     REGISTRY("'V': 'a'"),
     {{A, B, .outcome = OP_DONE}, {B, A, .outcome = OP_DONE}},
     "rr",
     VERDICT_FIXED,
     2,
     NULL},
    {"there and back, half undone",
     REGISTRY("'V': 'b'"),
     {{A, B, .outcome = OP_DONE}, {B, A, .outcome = OP_DONE, .undone = true}},
     "r",
     VERDICT_FIXED,
     1,
     REGISTRY("'V': 'a'")},
    {"there and back, undone",
     REGISTRY("'V': 'a'"),
     {{A, B, .outcome = OP_DONE, .undone = true}, {B, A, .outcome = OP_DONE, .undone = true}},
     "",
     VERDICT_HEALTHY,
     0,
     NULL},
    {"somebody put it back", REGISTRY("'V': 'a'"), {{A, B, .outcome = OP_DONE}}, "u", VERDICT_HEALTHY, 0, NULL},
    {"somebody changed it", REGISTRY("'V': 'c'"), {{A, B, .outcome = OP_DONE}}, "d", VERDICT_NOT_FIXED, 0, NULL},
    {"somebody took it away", REGISTRY(""), {{A, B, .outcome = OP_DONE}}, "d", VERDICT_NOT_FIXED, 0, NULL},
    {"it was made and nobody said so",
     REGISTRY("'V': 'b'"),
     {{A, B, .unanswered = true}},
     "r",
     VERDICT_FIXED,
     1,
     REGISTRY("'V': 'a'")},
    {"it was not made", REGISTRY("'V': 'a'"), {{A, B, .unanswered = true}}, "u", VERDICT_HEALTHY, 0, NULL},
    {"an abandoned one",
     REGISTRY("'V': 'b'"),
     {{A, B, .outcome = OP_UNKNOWN}},
     "r",
     VERDICT_FIXED,
     1,
     REGISTRY("'V': 'a'")},
    {"one made in part",
     REGISTRY("'V': 'c'"),
     {{A, B, .outcome = OP_UNKNOWN, .stands = C}},
     "r",
     VERDICT_FIXED,
     1,
     REGISTRY("'V': 'a'")},
    {"one made in part, and changed since",
     REGISTRY("'V': 'd'"),
     {{A, B, .outcome = OP_UNKNOWN, .stands = C}},
     "d",
     VERDICT_NOT_FIXED,
     0,
     NULL},
    {"it failed, and stands so by somebody else",
     REGISTRY("'V': 'b'"),
     {{A, B, .outcome = OP_FAILED}},
     "",
     VERDICT_HEALTHY,
     0,
     NULL},
    {"one-way", REGISTRY("'V': 'b'"), {{A, B, .outcome = OP_DONE, .class = OP_ONE_WAY}}, "k", VERDICT_HEALTHY, 0, NULL},
    {"paid for", REGISTRY("'V': 'b'"), {{A, B, .outcome = OP_DONE, .class = OP_COSTLY}}, "k", VERDICT_HEALTHY, 0, NULL},
    {"reading is denied",
     SIM_DOCUMENT(", 'registry': {'HKLM\\\\SOFTWARE\\\\K': {'denied': true}}"),
     {{A, B, .outcome = OP_DONE}},
     "f",
     VERDICT_NOT_FIXED,
     0,
     NULL},
    {"writing is denied",
     REGISTRY("'$readOnly': true, 'V': 'b'"),
     {{A, B, .outcome = OP_DONE}},
     "f",
     VERDICT_NOT_FIXED,
     0,
     NULL},
    {"a state that is none", REGISTRY("'V': 'b'"), {{"1", B, .outcome = OP_DONE}}, "f", VERDICT_NOT_FIXED, 0, NULL},
};

static void undo_puts_back_what_stands_as_it_was_left(void)
{
    static const char letters[UNDO_OUTCOME_COUNT + 1] = "rukdf";
    for (size_t i = 0; i < COUNT_OF(undos); i++) {
        struct sim *sim = open_host(undos[i].machine);
        struct past_run run = make_run(undos[i].steps);
        struct record record = {0};
        char found[OPS_MAX + 1] = "";
        past_undo(&run, &host, &sim_arena, &record);
        for (size_t j = 0; j < record.undo->count; j++) {
            const struct undo_step *step = &record.undo->steps[j];
            found[j] = letters[step->outcome];
            ROW_ASSERT(undos[i].name, (step->outcome == UNDO_FAILED) == (step->err.code != ERR_NONE));
        }
        ROW_ASSERT(undos[i].name, text_same(found, undos[i].outcomes));
        ROW_ASSERT(undos[i].name, record.verdict == undos[i].verdict && record.changes == undos[i].changes);
        ROW_ASSERT(undos[i].name, sim_is(sim, undos[i].after != NULL ? undos[i].after : undos[i].machine));
        sim_close(sim);
    }
}

/* The journal of the earlier run may call it as it likes, or not at all. */
static void what_is_shown_is_what_was_written(void)
{
    struct sim *sim = open_host(REGISTRY("'V': 'b'"));
    const struct made steps[OPS_MAX] = {{A, B, .outcome = OP_DONE}};
    const struct past_run run = make_run(steps);
    struct record record = {0};
    past_undo(&run, &host, &sim_arena, &record);
    CU_ASSERT_EQUAL_FATAL(record.undo->count, 1);
    CU_ASSERT(text_same(record.undo->steps[0].op->shown_before, "a"));
    CU_ASSERT(text_same(record.undo->steps[0].op->shown_after, "b"));
    sim_close(sim);
}

static void nothing_is_put_back_off_azure(void)
{
    struct sim *sim = open_host(REGISTRY("'V': 'b'"));
    const struct made steps[OPS_MAX] = {{A, B, .outcome = OP_DONE}};
    struct past_run run = make_run(steps);
    struct record record = {0};
    host.on_azure = false;
    past_undo(&run, &host, &sim_arena, &record);
    CU_ASSERT(record.verdict == VERDICT_NOT_FIXED && record.undo->steps[0].err.code == ERR_REFUSED);
    CU_ASSERT(sim_is(sim, REGISTRY("'V': 'b'")));
    past_undo(NULL, &host, &sim_arena, &record);
    CU_ASSERT(record.verdict == VERDICT_HEALTHY && record.undo->run_id == NULL && record.undo->count == 0);
    sim_close(sim);
}

static const struct {
    const char *name, *machine;
    struct made step;
    enum op_outcome outcome;
    size_t changes;
} cut_off[] = {
    {"made", REGISTRY("'V': 'b'"), {A, B, .unanswered = true}, OP_DONE, 1},
    {"not made", REGISTRY("'V': 'a'"), {A, B, .unanswered = true}, OP_FAILED, 0},
    {"neither", REGISTRY("'V': 'c'"), {A, B, .unanswered = true}, OP_UNKNOWN, 1},
    {"nobody can tell", SIM_DOCUMENT(""), {A, B, .unanswered = true}, OP_UNKNOWN, 1},
    {"answered: nobody looks", SIM_DOCUMENT(""), {A, B, .outcome = OP_DONE}, OP_DONE, 1},
    {"answered as failed", SIM_DOCUMENT(""), {A, B, .outcome = OP_FAILED}, OP_FAILED, 0},
};

static void what_was_cut_off_is_told_by_looking(void)
{
    for (size_t i = 0; i < COUNT_OF(cut_off); i++) {
        struct sim *sim = open_host(cut_off[i].machine);
        const struct made steps[OPS_MAX] = {cut_off[i].step};
        struct past_run run = make_run(steps);
        struct record record = {0};
        past_close(&run, "r2", &host, &sim_arena, &record);
        ROW_ASSERT(cut_off[i].name, record.verdict == VERDICT_FAILED && record.err.code == ERR_INTERRUPTED);
        ROW_ASSERT(cut_off[i].name, record.changes == cut_off[i].changes && text_same(record.run_id, "r1"));
        ROW_ASSERT(cut_off[i].name, record.interrupted->ops[0].outcome == cut_off[i].outcome);
        ROW_ASSERT(cut_off[i].name, host_op_count(&host) == 0 && sim_is(sim, cut_off[i].machine));
        sim_close(sim);
    }
}

#define SHUT "{'enabled': true, 'blocksOutbound': true}"
#define WALL(rules)                                                                                                    \
    SIM_DOCUMENT(", 'firewall': {'running': true, 'active': ['public'], 'profiles': {'domain': " SHUT                  \
                 ", 'private': " SHUT ", 'public': " SHUT "}, 'rules': [" rules "]}")
#define PROBE_RULE                                                                                                     \
    "{'store': 'local', 'name': 'azmend probe (temporary)', 'group': 'azmend', 'enabled': true, 'allows': true,"       \
    " 'protocol': 6, 'remotePorts': '1688', 'remoteAddresses': '*', 'application': 'C:\\\\azmend\\\\azmend.exe',"      \
    " 'interfaceTypes': 'All', 'profiles': ['public']}"

/* Made and taken away within its run, or left there by a kill: undo takes it away, and never makes it again. */
static void what_ends_with_its_run_is_only_taken_away(void)
{
    static const struct {
        const char *name, *machine;
        bool has_end;
        size_t steps, ops;
    } rows[] = {{"ended", WALL(""), true, 1, 0}, {"killed", WALL(PROBE_RULE), false, 1, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = open_host(WALL(PROBE_RULE));
        const char *state = NULL;
        struct err err = {0};
        struct op made = {.noun = NOUN_FIREWALL,
                          .outcome = OP_DONE,
                          .verb = "set",
                          .target = "firewall rule|" FIREWALL_PROBE_RULE,
                          .before = "null"};
        CU_ASSERT_FATAL(host_state(&host, &made, &state, &err));
        made.after = state;
        struct op ended = made;
        ended.before = state;
        ended.after = "null";
        sim_close(sim);
        sim = open_host(rows[i].machine);
        struct journal_entry entries[] = {{.op = made, .answered = true}, {.op = ended, .answered = true}};
        struct past_run run = {.id = "r1", .journal = {.entries = entries, .count = rows[i].has_end ? 2 : 1}};
        struct record record = {0};
        past_undo(&run, &host, &sim_arena, &record);
        ROW_ASSERT(rows[i].name, record.undo->count == rows[i].steps && host_op_count(&host) == rows[i].ops);
        ROW_ASSERT(rows[i].name, sim_is(sim, WALL("")) && record.changes == 0);
        past_close(&run, "r2", &host, &sim_arena, &record);
        ROW_ASSERT(rows[i].name, record.changes == 0);
        sim_close(sim);
    }
}

void suite_past(void)
{
    SIM_SUITE("past", UNIT_TEST(undo_puts_back_what_stands_as_it_was_left),
              UNIT_TEST(what_is_shown_is_what_was_written), UNIT_TEST(nothing_is_put_back_off_azure),
              UNIT_TEST(what_was_cut_off_is_told_by_looking), UNIT_TEST(what_ends_with_its_run_is_only_taken_away));
}
