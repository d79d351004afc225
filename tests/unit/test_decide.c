/* SPDX-License-Identifier: MIT */
/* What a finding is and what a run comes to, over every combination of what there is to decide from. */
#include "engine/decide.h"
#include "unit.h"

enum {
    APPLIES = 1,
    APPLIES_UNKNOWN = 2,
    STOOD = 4,
    OUTRANKED = 8,
    BARRED = 16,
    EXPLAINED = 32,
    CONSENT_MISSING = 64,
    AZURE = 128,
    HAS_FIX = 256,
    HAS_HANDOFF = 512,
    CLEARS = 1024,
    HANDS_OVER = 2048,
    BITS = 4096,
    WORDS = 3, /* of when, refused and mode */
    COMBINATIONS = BITS * WORDS * WORDS * WORDS,
};

static struct decide_input combination(unsigned number)
{
    unsigned bits = number % BITS;
    unsigned rest = number / BITS;
    return (struct decide_input){
        .applies = (bits & APPLIES) != 0,
        .applies_unknown = (bits & APPLIES_UNKNOWN) != 0,
        .was_true = (bits & STOOD) != 0,
        .outranked = (bits & OUTRANKED) != 0,
        .earlier_unknown = (bits & BARRED) != 0,
        .explained = (bits & EXPLAINED) != 0,
        .consent_missing = (bits & CONSENT_MISSING) != 0,
        .azure_proven = (bits & AZURE) != 0,
        .has_fix = (bits & HAS_FIX) != 0,
        .has_handoff = (bits & HAS_HANDOFF) != 0,
        .clears_after_reboot = (bits & CLEARS) != 0,
        .hands_off = (bits & HANDS_OVER) != 0,
        .when = (enum truth_word)(rest % WORDS),
        .refused = (enum truth_word)(rest / WORDS % WORDS),
        .mode = (enum run_mode)(rest / WORDS / WORDS),
    };
}

/* Something that a person must settle before a fix may run. */
static bool is_held_back(const struct decide_input *in)
{
    return in->refused != TRUTH_FALSE || in->consent_missing || in->earlier_unknown || !in->azure_proven;
}

/* The order of the design, row by row: the first that fits. */
static enum finding_state reference(const struct decide_input *in)
{
    bool inapplicable = !in->applies && !in->applies_unknown;
    bool unknown = in->applies_unknown || in->when == TRUTH_UNKNOWN;
    bool is_false = !unknown && in->when == TRUTH_FALSE;
    bool fix_may_run = in->has_fix && !in->explained && !is_held_back(in) && in->mode == MODE_FIX;
    const struct {
        bool fits;
        enum finding_state state;
    } rows[] = {
        {inapplicable || in->outranked, FINDING_ABSENT},
        {is_false && in->was_true && in->has_fix && in->clears_after_reboot, FINDING_PENDING_REBOOT},
        {is_false && in->was_true && in->has_fix, FINDING_FIXED},
        {is_false, FINDING_ABSENT},
        {unknown && in->was_true && fix_may_run, FINDING_NOT_FIXED},
        {unknown, FINDING_UNKNOWN},
        {in->explained, FINDING_EXPLAINED},
        {in->refused == TRUTH_TRUE && in->hands_off, FINDING_HANDED_OFF},
        {in->refused == TRUTH_TRUE, FINDING_REFUSED},
        {in->has_fix && is_held_back(in), FINDING_REFUSED},
        {!in->has_fix && in->has_handoff, FINDING_HANDED_OFF},
        {!in->has_fix, FINDING_PRESENT},
        {in->mode != MODE_FIX, FINDING_WOULD_FIX},
        {true, FINDING_NOT_FIXED},
    };
    size_t row = 0;
    while (!rows[row].fits) {
        row++;
    }
    return rows[row].state;
}

static void print_combination(unsigned number, enum finding_state found)
{
    struct decide_input in = combination(number);
    printf("\n    bits %x when %d refused %d mode %s: %s", number % BITS, (int)in.when, (int)in.refused,
           run_mode_names[in.mode], finding_state_names[found]);
}

static void test_every_combination(void)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < COMBINATIONS; i++) {
        struct decide_input in = combination(i);
        enum finding_state state = decide_state(&in);
        if (state != reference(&in) && wrong++ < 5) {
            print_combination(i, state);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* What may never be, whatever the order of the rows. */
static bool is_lawful(const struct decide_input *in, enum finding_state state)
{
    bool repaired = state == FINDING_FIXED || state == FINDING_PENDING_REBOOT;
    bool fixing = state == FINDING_WOULD_FIX || state == FINDING_NOT_FIXED;
    bool runs = decide_runs(in);
    return (!repaired || (in->was_true && in->when == TRUTH_FALSE && !in->applies_unknown)) &&
           (!fixing || (in->has_fix && !is_held_back(in) && !in->explained)) &&
           (state != FINDING_NOT_FIXED || in->mode == MODE_FIX) &&
           (!runs || (fixing && in->when == TRUTH_TRUE && in->mode != MODE_CHECK)) &&
           (state != FINDING_EXPLAINED || in->explained) &&
           (in->when == TRUTH_FALSE || in->outranked || !in->applies || state != FINDING_ABSENT);
}

static void test_laws(void)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < COMBINATIONS; i++) {
        struct decide_input in = combination(i);
        enum finding_state state = decide_state(&in);
        if (!is_lawful(&in, state) && wrong++ < 5) {
            print_combination(i, state);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* A fix runs exactly where the finding stands, is certain to apply and is not held back. */
static void test_runs(void)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < COMBINATIONS; i++) {
        struct decide_input in = combination(i);
        bool expected = in.applies && !in.applies_unknown && !in.outranked && in.when == TRUTH_TRUE && in.has_fix &&
                        !in.explained && !is_held_back(&in) && in.mode != MODE_CHECK;
        wrong += decide_runs(&in) != expected ? 1 : 0;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* What cannot be told would run exactly where it runs once the doubt is gone, and the doubt turns out as feared. */
static void test_would_run(void)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < COMBINATIONS; i++) {
        struct decide_input in = combination(i);
        bool is_unknown = decide_state(&in) == FINDING_UNKNOWN;
        bool expected = is_unknown && !in.outranked && in.has_fix && in.applies && !in.explained &&
                        in.refused != TRUTH_TRUE && !in.consent_missing && in.azure_proven && in.mode != MODE_CHECK;
        wrong += decide_would_run(&in) != expected ? 1 : 0;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static const struct {
    enum finding_state state;
    bool stands;
    enum verdict verdicts[SEVERITY_COUNT]; /* error, warning, info */
} state_rows[] = {
    {FINDING_ABSENT, false, {VERDICT_HEALTHY, VERDICT_HEALTHY, VERDICT_HEALTHY}},
    {FINDING_UNKNOWN, false, {VERDICT_UNDETERMINED, VERDICT_HEALTHY, VERDICT_HEALTHY}},
    {FINDING_EXPLAINED, false, {VERDICT_HEALTHY, VERDICT_HEALTHY, VERDICT_HEALTHY}},
    {FINDING_REFUSED, true, {VERDICT_NEEDS_DECISION, VERDICT_HEALTHY, VERDICT_HEALTHY}},
    {FINDING_HANDED_OFF, true, {VERDICT_NEEDS_AZURE_CHANGE, VERDICT_NEEDS_AZURE_CHANGE, VERDICT_HEALTHY}},
    {FINDING_PRESENT, true, {VERDICT_NEEDS_DECISION, VERDICT_HEALTHY, VERDICT_HEALTHY}},
    {FINDING_WOULD_FIX, false, {VERDICT_WOULD_FIX, VERDICT_WOULD_FIX, VERDICT_WOULD_FIX}},
    {FINDING_FIXED, false, {VERDICT_FIXED, VERDICT_FIXED, VERDICT_FIXED}},
    {FINDING_PENDING_REBOOT, false, {VERDICT_NEEDS_REBOOT, VERDICT_NEEDS_REBOOT, VERDICT_NEEDS_REBOOT}},
    {FINDING_NOT_FIXED, true, {VERDICT_NOT_FIXED, VERDICT_NOT_FIXED, VERDICT_NOT_FIXED}},
};
_Static_assert(COUNT_OF(state_rows) == FINDING_STATE_COUNT, "one row a state");

static void test_verdict_of(void)
{
    static const struct handoff_record known[] = {{.count = 0}, {.count = 1}};
    static const struct handoff_record unknown[] = {{.count = 0}, {.unknown = "IMDS is silent"}};
    static const struct finding in_azure = {0};
    for (size_t i = 0; i < COUNT_OF(state_rows); i++) {
        const char *name = finding_state_names[state_rows[i].state];
        ROW_ASSERT(name, decide_stands(state_rows[i].state) == state_rows[i].stands);
        for (unsigned severity = 0; severity < SEVERITY_COUNT; severity++) {
            struct finding_record record = {.finding = &in_azure,
                                            .state = state_rows[i].state,
                                            .severity = (enum severity)severity,
                                            .handoffs = known,
                                            .handoff_count = COUNT_OF(known)};
            ROW_ASSERT(name, verdict_of(&record) == state_rows[i].verdicts[severity]);
            record.handoffs = unknown;
            ROW_ASSERT(name, verdict_of(&record) == state_rows[i].verdicts[severity]);
        }
    }
}

/* Nothing in Azure to change: whoever owns the setting decides. Only the hand-over itself depends on that. */
static void test_verdict_of_a_person(void)
{
    static const struct handoff_record in_words[] = {{.count = 0}, {.count = 0}};
    static const struct finding finding = {0};
    static const enum verdict handed[] = {VERDICT_NEEDS_DECISION, VERDICT_NEEDS_DECISION, VERDICT_HEALTHY};
    for (size_t i = 0; i < 2 * FINDING_STATE_COUNT * SEVERITY_COUNT; i++) {
        struct finding_record record = {.finding = &finding,
                                        .handoffs = in_words,
                                        .handoff_count = i < FINDING_STATE_COUNT * SEVERITY_COUNT ? 0 : 2,
                                        .state = (enum finding_state)(i / SEVERITY_COUNT % FINDING_STATE_COUNT),
                                        .severity = (enum severity)(i % SEVERITY_COUNT)};
        enum verdict expected = record.state == FINDING_HANDED_OFF ? handed[record.severity]
                                                                   : state_rows[record.state].verdicts[record.severity];
        ROW_ASSERT(finding_state_names[record.state], verdict_of(&record) == expected);
    }
}

/* What ends with the run is not fixed for good; a fix that failed is told as one; all else closes as it is. */
static void test_closed(void)
{
    for (unsigned i = 0; i < FINDING_STATE_COUNT; i++) {
        enum finding_state state = (enum finding_state)i;
        bool is_of_a_fix = state == FINDING_FIXED || state == FINDING_WOULD_FIX;
        ROW_ASSERT(finding_state_names[i], decide_closed(state, false) == state);
        ROW_ASSERT(finding_state_names[i], decide_closed(state, true) == (is_of_a_fix ? FINDING_PRESENT : state));
    }
}

static void test_verdict_worst(void)
{
    for (unsigned a = 0; a < VERDICT_COUNT; a++) {
        for (unsigned b = 0; b < VERDICT_COUNT; b++) {
            enum verdict left = (enum verdict)a;
            enum verdict right = (enum verdict)b;
            CU_ASSERT(verdict_worst(left, right) == verdict_worst(right, left));
            CU_ASSERT(verdict_worst(left, VERDICT_HEALTHY) == (left == VERDICT_OFF ? VERDICT_HEALTHY : left));
            CU_ASSERT(verdict_worst(left, VERDICT_FAILED) == VERDICT_FAILED);
            CU_ASSERT(verdict_worst(left, left) == left);
            for (unsigned c = 0; c < VERDICT_COUNT; c++) {
                enum verdict third = (enum verdict)c;
                CU_ASSERT(verdict_worst(verdict_worst(left, right), third) ==
                          verdict_worst(left, verdict_worst(right, third)));
            }
        }
    }
}

void suite_decide(void);
void suite_decide(void)
{
    UNIT_SUITE("engine/decide", UNIT_TEST(test_every_combination), UNIT_TEST(test_laws), UNIT_TEST(test_runs),
               UNIT_TEST(test_would_run), UNIT_TEST(test_verdict_of), UNIT_TEST(test_verdict_of_a_person),
               UNIT_TEST(test_closed), UNIT_TEST(test_verdict_worst));
}
