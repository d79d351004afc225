/* SPDX-License-Identifier: MIT */
/*
 * The shipped playbook outbound-network, judged by the engine for every combination of what its looks can see: always
 * at most one diagnosis a group, or unknown. The whole table, short, is tests/golden/outbound-truth-table.txt.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/run.h"
#include "intake/intake.h"
#include "truth_table.h"
#include "unit.h"

#define GOLDEN AZMEND_SOURCE_DIR "/tests/golden/outbound-truth-table.txt"

enum { ARENA_BYTES = 64 * 1024 * 1024 };
enum { FIREWALL, PAIR, EGRESS, BALANCER, REFUSED, WORKS, PATH_DIMENSIONS };
enum { SYSTEM, AZURE, NAME_WORKS, NAME_DIMENSIONS };

static struct {
    struct arena arena;
    const struct plan *plan; /* with what the playbook requires */
    struct plan one;         /* the playbook alone */
    struct host host;
    struct engine_options options;
    struct record record;
    struct playbook_record playbook_record;
    struct playbook_run playbook;
    struct run run;
    const char *group;
} judge;

/* --- the playbook as it ships --- */

static const struct playbook *find_playbook(const char *id)
{
    size_t i = 0;
    while (i + 1 < judge.plan->count && !text_same(judge.plan->playbooks[i].id, id)) {
        i++;
    }
    return &judge.plan->playbooks[i];
}

static bool load(struct err *err)
{
    static const char *const names[] = {"outbound-network"};
    const struct intake_request request = {.names = names, .count = 1};
    struct intake intake AUTO(intake_clear) = {0};
    return arena_open(&judge.arena, ARENA_BYTES, err) && intake_collect(&request, &judge.arena, &intake, err) &&
           plan_load(intake.tables.items, intake.tables.count, intake.playbooks.items, intake.playbooks.count, NULL, 0,
                     &judge.arena, &judge.plan, err);
}

static void open_judge(void)
{
    struct err err = {0};
    if (judge.plan != NULL) {
        return;
    }
    if (!load(&err)) {
        printf("\n    %s\n", err.text);
        abort();
    }
    const struct playbook *playbook = find_playbook("outbound-network");
    judge.host.on_azure = true;
    judge.options.mode = MODE_CHECK;
    judge.playbook.playbook = playbook;
    judge.playbook.record = &judge.playbook_record;
    judge.playbook.applies = (struct truth){.word = TRUTH_TRUE};
    judge.playbook.findings = arena_array(&judge.arena, playbook->finding_count, sizeof(*judge.playbook.findings));
    judge.playbook_record.findings =
        arena_array(&judge.arena, playbook->finding_count, sizeof(*judge.playbook_record.findings));
    scope_init(&judge.playbook.scope, playbook, &judge.arena);
    judge.one = (struct plan){.playbooks = playbook, .count = 1};
    judge.run = (struct run){.plan = &judge.one,
                             .host = &judge.host,
                             .options = &judge.options,
                             .arena = &judge.arena,
                             .playbooks = &judge.playbook,
                             .record = &judge.record};
}

/* --- facts by name --- */

static size_t fact_index(const char *id)
{
    const struct playbook *playbook = judge.playbook.playbook;
    for (size_t i = 0; i < playbook->fact_count; i++) {
        if (text_same(playbook->facts[i].id, id)) {
            return i;
        }
    }
    printf("\n    no fact %s\n", id);
    abort();
}

static struct value *new_cells(const char *fact)
{
    return arena_array(&judge.arena, judge.playbook.playbook->facts[fact_index(fact)].columns->count,
                       sizeof(struct value));
}

static void put(const char *fact, struct value *cells, const char *name, struct value value)
{
    int column = columns_find(judge.playbook.playbook->facts[fact_index(fact)].columns, name);
    if (column < 0) {
        printf("\n    no property %s.%s\n", fact, name);
        abort();
    }
    cells[column] = value;
}

static struct value row_of(const char *fact, const struct value *cells)
{
    return value_row(judge.playbook.playbook->facts[fact_index(fact)].columns, cells);
}

static void set_row(const char *fact, const struct value *cells)
{
    judge.playbook.scope.facts[fact_index(fact)] = row_of(fact, cells);
}

/* A fact with one property that matters. */
static void set_fact(const char *fact, const char *name, struct value value)
{
    struct value *cells = new_cells(fact);
    put(fact, cells, name, value);
    set_row(fact, cells);
}

static void set_rows(const char *fact, const struct value *rows, size_t count)
{
    judge.playbook.scope.facts[fact_index(fact)] = value_rows(rows, count);
}

/* --- what the looks can see --- */

static const char *const addresses[] = {"20.118.99.224", "40.83.235.53"};
enum { ADDRESSES = COUNT_OF(addresses) };

static const char *const binds[] = {"accepted", "reset", "denied", "garbage", "timeout", NULL};
static const char *const opens[] = {"none", "partial", "all"};
enum { BINDS = COUNT_OF(binds), OPENS = COUNT_OF(opens), SIGHTS = BINDS * OPENS, PAIRS = SIGHTS * (SIGHTS + 1) / 2 };

static void split_pair(size_t pair, size_t ret_sights[ADDRESSES])
{
    size_t first = 0;
    for (; pair >= SIGHTS - first; first++) {
        pair -= SIGHTS - first;
    }
    ret_sights[0] = first;
    ret_sights[1] = first + pair;
}

static const char *pair_name(size_t pair)
{
    static char text[64];
    size_t sights[ADDRESSES] = {0};
    split_pair(pair, sights);
    const char *left = binds[sights[0] / OPENS];
    const char *right = binds[sights[1] / OPENS];
    (void)snprintf(text, sizeof(text), "%s/%s+%s/%s", left != NULL ? left : "unknown", opens[sights[0] % OPENS],
                   right != NULL ? right : "unknown", opens[sights[1] % OPENS]);
    return text;
}

static const char *const firewalls[] = {"blocks", "allows", "unknown"};
static const char *const egresses[] = {"none", "some", "unknown"};
static const char *const balancers[] = {"none", "present without rules", "present with rules", "unknown"};
/* Tries of this run in a row that were refused, and requests in the log in a row that nobody answered. */
static const char *const refusals[] = {"under 2", "2 by this run", "2 in the log", "2 in the log for the time",
                                       "unknown"};
enum { REFUSED_NOW = 1, REFUSED_BEFORE, REFUSED_FOR_TIME, REFUSED_UNKNOWN };
static const char *const renewals[] = {"yes", "no", "unknown"};
static const char *const systems[] = {"current", "other", "no_name", "timeout", "unknown"};
static const char *const azures[] = {"answered", "no_name", "timeout", "unknown"};

static const struct dimension path_dimensions[PATH_DIMENSIONS] = {
    [FIREWALL] = {"firewall", firewalls, NULL, COUNT_OF(firewalls)},
    [PAIR] = {"addresses", NULL, pair_name, PAIRS},
    [EGRESS] = {"egress", egresses, NULL, COUNT_OF(egresses)},
    [BALANCER] = {"balancer", balancers, NULL, COUNT_OF(balancers)},
    [REFUSED] = {"refused", refusals, NULL, COUNT_OF(refusals)},
    [WORKS] = {"renews", renewals, NULL, COUNT_OF(renewals)},
};
static const struct dimension name_dimensions[NAME_DIMENSIONS] = {
    [SYSTEM] = {"system", systems, NULL, COUNT_OF(systems)},
    [AZURE] = {"168.63.129.16", azures, NULL, COUNT_OF(azures)},
    [NAME_WORKS] = {"renews", renewals, NULL, COUNT_OF(renewals)},
};

static struct value word_or_unknown(const char *word)
{
    return word != NULL ? value_text(word) : value_unknown("not learnt");
}

static void see_license(size_t works, size_t refused)
{
    static const char *const statuses[] = {"licensed", "notification", NULL};
    struct value *cells = new_cells("license");
    put("license", cells, "status", word_or_unknown(statuses[works]));
    put("license", cells, "channel", value_text("VOLUME_KMSCLIENT"));
    put("license", cells, "renewalAgeDays", value_int(2));
    put("license", cells, "refusedInRow", value_int(refused == REFUSED_NOW ? 2 : 0));
    set_row("license", cells);
}

static void see_log(size_t refused)
{
    struct value *cells = new_cells("events");
    bool is_refused = refused == REFUSED_BEFORE || refused == REFUSED_FOR_TIME;
    put("events", cells, "unansweredInRow",
        refused == REFUSED_UNKNOWN ? value_unknown("not read") : value_int(is_refused ? 2 : 1));
    put("events", cells, "lastInnerCode", value_text(refused == REFUSED_FOR_TIME ? "0xC004F06C" : "0xC004F074"));
    set_row("events", cells);
}

/* What never differs: a machine of the public cloud that asks the right name. */
static void see_machine(void)
{
    struct value *azure = new_cells("azure");
    put("azure", azure, "reachable", value_bool(true));
    put("azure", azure, "onAzure", value_bool(true));
    put("azure", azure, "cloud", value_text("AzurePublicCloud"));
    set_row("azure", azure);
    struct value *target = new_cells("target");
    put("target", target, "host", value_text("azkms.core.windows.net"));
    put("target", target, "name", value_text("azkms.core.windows.net"));
    put("target", target, "port", value_int(1688));
    set_row("target", target);
}

static void see_dns(const char *system, const char *address, const char *azure)
{
    struct value *cells = new_cells("dns");
    struct value *items = arena_array(&judge.arena, 1, sizeof(*items));
    items[0] = value_text(address);
    put("dns", cells, "systemOutcome", word_or_unknown(system));
    put("dns", cells, "azureOutcome", word_or_unknown(azure));
    put("dns", cells, "resolves", system != NULL ? value_bool(address != NULL) : value_unknown("not learnt"));
    put("dns", cells, "system",
        system != NULL ? value_list(TYPE_TEXT, items, address != NULL ? 1 : 0) : value_unknown("not learnt"));
    set_row("dns", cells);
}

static void see_addresses(size_t pair)
{
    size_t sights[ADDRESSES] = {0};
    struct value *kms = arena_array(&judge.arena, ADDRESSES, sizeof(*kms));
    struct value *tcp = arena_array(&judge.arena, ADDRESSES, sizeof(*tcp));
    split_pair(pair, sights);
    for (size_t i = 0; i < ADDRESSES; i++) {
        struct value *bind = new_cells("kms");
        put("kms", bind, "each", value_text(addresses[i]));
        put("kms", bind, "bind", word_or_unknown(binds[sights[i] / OPENS]));
        kms[i] = row_of("kms", bind);
        struct value *open = new_cells("tcp");
        put("tcp", open, "each", value_text(addresses[i]));
        put("tcp", open, "openCount", value_int((int64_t)(sights[i] % OPENS) * 2));
        put("tcp", open, "tries", value_int(4));
        tcp[i] = row_of("tcp", open);
    }
    set_rows("kms", kms, ADDRESSES);
    set_rows("tcp", tcp, ADDRESSES);
}

static void see_egress(size_t egress)
{
    struct value *cells = new_cells("egress");
    struct value *rows = arena_array(&judge.arena, 1, sizeof(*rows));
    put("egress", cells, "openCount", egress < 2 ? value_int((int64_t)egress) : value_unknown("not learnt"));
    rows[0] = row_of("egress", cells);
    set_rows("egress", rows, 1);
}

static void see_balancer(size_t balancer)
{
    static const char *const states[] = {"none", "present", "present", NULL};
    struct value *cells = new_cells("balancer");
    put("balancer", cells, "state", word_or_unknown(states[balancer]));
    if (balancer > 0) {
        put("balancer", cells, "outboundRules", balancer < 3 ? value_int((int64_t)balancer - 1) : value_unknown("x"));
    }
    set_row("balancer", cells);
}

/* --- judging one combination --- */

/* 0: nothing; 1: unknown; else 2 + index of the finding. */
static size_t winner(size_t *ret_standing, size_t *ret_unknown)
{
    const struct playbook *playbook = judge.playbook.playbook;
    size_t answer = 0;
    *ret_standing = 0;
    *ret_unknown = 0;
    for (size_t i = 0; i < playbook->finding_count; i++) {
        enum finding_state state = decide_state(&judge.playbook.findings[i].input);
        if (!text_same(playbook->findings[i].group, judge.group) || state == FINDING_ABSENT) {
            continue;
        }
        *(state == FINDING_UNKNOWN ? ret_unknown : ret_standing) += 1;
        answer = state == FINDING_UNKNOWN ? (answer == 0 ? 1 : answer) : i + 2;
    }
    return answer;
}

static size_t judge_now(bool works)
{
    size_t standing = 0;
    size_t unknown = 0;
    const struct playbook *playbook = judge.playbook.playbook;
    scope_reset(&judge.playbook.scope);
    for (size_t i = 0; i < playbook->finding_count; i++) {
        judge.playbook.findings[i] = (struct finding_run){.captured = true};
    }
    findings_evaluate(&judge.run);
    size_t answer = winner(&standing, &unknown);
    ROW_ASSERT(judge.group, standing <= 1 && (standing == 0 || unknown == 0));
    if (answer >= 2) {
        ROW_ASSERT(playbook->findings[answer - 2].id,
                   (judge.playbook_record.findings[answer - 2].severity == SEVERITY_INFO) == works);
    }
    return answer;
}

static size_t judge_path(const size_t *at)
{
    size_t mark = arena_mark(&judge.arena);
    struct value blocks = at[FIREWALL] < 2 ? value_bool(at[FIREWALL] == 0) : value_unknown("not learnt");
    see_machine();
    see_license(at[WORKS], at[REFUSED]);
    see_log(at[REFUSED]);
    see_dns("answered", addresses[0], "answered");
    see_addresses(at[PAIR]);
    see_egress(at[EGRESS]);
    see_balancer(at[BALANCER]);
    set_fact("firewall", "blocks", blocks);
    size_t answer = judge_now(at[WORKS] == 0);
    size_t sights[ADDRESSES] = {0};
    split_pair(at[PAIR], sights);
    bool all_accept = sights[0] < OPENS && sights[1] < OPENS;
    ROW_ASSERT(pair_name(at[PAIR]), answer != 0 || all_accept);
    arena_release(&judge.arena, mark);
    return answer;
}

static size_t judge_name(const size_t *at)
{
    static const char *const words[] = {"answered", "answered", "no_name", "timeout", NULL};
    static const char *const given[] = {"20.118.99.224", "10.0.0.9", NULL, NULL, NULL};
    static const char *const from_azure[] = {"answered", "no_name", "timeout", NULL};
    size_t mark = arena_mark(&judge.arena);
    see_machine();
    see_license(at[NAME_WORKS], 0);
    see_log(0);
    see_dns(words[at[SYSTEM]], given[at[SYSTEM]], from_azure[at[AZURE]]);
    see_addresses(0);
    see_egress(1);
    see_balancer(0);
    set_fact("firewall", "blocks", value_bool(false));
    size_t answer = judge_now(at[NAME_WORKS] == 0);
    ROW_ASSERT(systems[at[SYSTEM]], (answer == 0) == (at[SYSTEM] == 0));
    arena_release(&judge.arena, mark);
    return answer;
}

static const char *answer_name(size_t answer)
{
    static const char *const words[] = {"(nothing)", "(unknown)"};
    return answer < 2 ? words[answer] : judge.playbook.playbook->findings[answer - 2].id;
}

/* --- the tests --- */

static void write_group(struct buf *buf, const char *group, const struct truth_table *table)
{
    judge.group = group;
    buf_format(buf, "group %s\n", group);
    truth_table_write(buf, table);
}

static bool same_as_golden(const struct buf *buf)
{
    static char golden[256 * 1024];
    FILE *file = fopen(GOLDEN, "rb");
    size_t size = file != NULL ? fread(golden, 1, sizeof(golden), file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return size == buf->size && memcmp(golden, buf_string(buf), size) == 0;
}

static void test_every_combination(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    const struct truth_table path = {path_dimensions, PATH_DIMENSIONS, judge_path, answer_name};
    const struct truth_table name = {name_dimensions, NAME_DIMENSIONS, judge_name, answer_name};
    open_judge();
    buf_init(&buf, 256 * 1024);
    buf_text(
        &buf,
        "What outbound-network says to everything that its looks can see. Made by tests/unit/test_outbound_truth.c.\n"
        "addresses: RPC bind / TCP connections that opened, of each KMS address; *: whatever it is.\n\n");
    write_group(&buf, "name", &name);
    buf_text(&buf, "\n");
    write_group(&buf, "path", &path);
    FILE *file = fopen(ACTUAL, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT(fwrite(buf_string(&buf), 1, buf.size, file) == buf.size);
    CU_ASSERT(fclose(file) == 0);
    ROW_ASSERT("compare " ACTUAL " with " GOLDEN, same_as_golden(&buf));
    arena_close(&judge.arena);
    judge.plan = NULL;
}

void suite_outbound_truth(void);

void suite_outbound_truth(void)
{
    UNIT_SUITE("outbound-network: truth table", UNIT_TEST(test_every_combination));
}
