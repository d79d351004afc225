/* SPDX-License-Identifier: MIT */
/* Hand-overs as blocks that a person pastes: what they say, and what stops them. */
#include "base/limits.h"
#include "base/text.h"
#include "report/runbook.h"
#include "unit.h"

static const char *const show_words[] = {"vm", "show", "--ids", "@vm"};
static const char *const check_words[] = {"subnet", "show", "--ids", "@nic"};
static const char *const list_words[] = {"route", "list", "--query", "[?name=='kms']"};
static const char *const make_words[] = {"route", "create", "--name", "@{nic}-kms"};
static const char *const vm_words[] = {"vm 1"};

/* A value, a query, a guard, what is made once, and what always runs. */
static const struct handoff_command commands[] = {
    {.set = "vm", .is_value = true, .words = vm_words, .count = 1},
    {.set = "nic", .words = show_words, .count = COUNT_OF(show_words)},
    {.set = "any", .expect = EXPECT_ANYTHING, .words = show_words, .count = COUNT_OF(show_words)},
    {.set = "table",
     .expect = EXPECT_NOTHING,
     .stop = {"it's taken", "\xe4\xbd\xbf\xe7\x94\xa8\xe4\xb8\xad"},
     .words = check_words,
     .count = COUNT_OF(check_words)},
    {.words = make_words, .count = COUNT_OF(make_words), .unless = list_words, .unless_count = COUNT_OF(list_words)},
    {.words = check_words, .count = COUNT_OF(check_words)},
};
static const struct handoff_record handoff = {.title = {"Do it", NULL},
                                              .why = {"So\nit is", NULL},
                                              .effect = {"Costs nothing", NULL},
                                              .back = {"Delete it", NULL},
                                              .page = "https://learn.microsoft.com/azure",
                                              .commands = commands,
                                              .count = COUNT_OF(commands)};

static const char bash_block[] =
    "( set -e; trap 'echo \"Stopped: az failed\"' ERR; stop() { echo \"Stopped: $1\"; exit 1; }; "
    "need() { [ \"$2\" ] || stop \"$1 not found\"; }\n"
    "vm='vm 1'\n"
    "nic=$(az vm show --ids \"$vm\")\n"
    "need nic \"$nic\"\n"
    "any=$(az vm show --ids \"$vm\")\n"
    "table=$(az subnet show --ids \"$nic\")\n"
    "[ -z \"$table\" ] || stop \"it's taken\"\n"
    "found=$(az route list --query \"[?name=='kms']\")\n"
    "[ \"$found\" ] || az route create --name \"${nic}-kms\"\n"
    "az subnet show --ids \"$nic\"\n"
    ")\n";

static const char powershell_block[] = "& { $failed = 'Stopped: az failed'\n"
                                       "$vm = 'vm 1'\n"
                                       "$nic = az vm show --ids $vm\n"
                                       "if (-not $nic) { return 'Stopped: nic not found' }\n"
                                       "$any = az vm show --ids $vm\n"
                                       "if ($LASTEXITCODE) { return $failed }\n"
                                       "$table = az subnet show --ids $nic\n"
                                       "if ($LASTEXITCODE) { return $failed }\n"
                                       "if ($table) { return 'Stopped: it''s taken' }\n"
                                       "$found = az route list --query \"[?name=='kms']\"\n"
                                       "if ($LASTEXITCODE) { return $failed }\n"
                                       "if (-not $found) { az route create --name \"${nic}-kms\" }\n"
                                       "if ($LASTEXITCODE) { return $failed }\n"
                                       "az subnet show --ids $nic\n"
                                       "if ($LASTEXITCODE) { return $failed }\n"
                                       "}\n";

static void a_block_stops_where_it_should(void)
{
    static const char *const wanted[SHELL_COUNT] = {bash_block, powershell_block};
    for (enum shell shell = SHELL_BASH; shell < SHELL_COUNT; shell++) {
        const struct runbook_style style = {.shell = shell, .is_ascii = true};
        struct buf buf AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&buf, LIMIT_RUNBOOK_BYTES);
        ROW_ASSERT(shell_names[shell], runbook_commands(&buf, &handoff, &style, &err));
        ROW_ASSERT(shell_names[shell], text_same(buf_string(&buf), wanted[shell]));
    }
}

static void comments_are_lines(void)
{
    const struct runbook_style style = {.shell = SHELL_BASH};
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, LIMIT_RUNBOOK_BYTES);
    runbook_head(&buf, &handoff, &style);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "# Do it\n# Effect: Costs nothing\n# To take it back: Delete it\n");
    buf.size = 0;
    runbook_comments(&buf, &handoff, &style);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "# Do it\n# Why: So?it is\n# Effect: Costs nothing\n"
                                             "# To take it back: Delete it\n# https://learn.microsoft.com/azure\n");
}

static void what_cannot_be_quoted_is_not_written(void)
{
    static const char *const words[] = {"show", ""};
    static const struct handoff_command rows[] = {
        {.words = words, .count = COUNT_OF(words)},
        {.set = "x", .words = words, .count = COUNT_OF(words)},
        {.set = "x", .is_value = true, .words = words + 1, .count = 1},
        {.words = show_words, .count = 1, .unless = words, .unless_count = COUNT_OF(words)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct handoff_record one = {.commands = &rows[i], .count = 1};
        const struct runbook_style style = {.shell = SHELL_BASH};
        struct buf buf AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&buf, LIMIT_RUNBOOK_BYTES);
        CU_ASSERT(!runbook_commands(&buf, &one, &style, &err));
        CU_ASSERT_EQUAL(err.code, ERR_REFUSED);
        CU_ASSERT_EQUAL(buf.size, 0);
    }
}

/* More than anybody pastes. */
static void a_block_has_a_limit(void)
{
    static struct handoff_command many[1024];
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i] = commands[5];
    }
    const struct handoff_record one = {.commands = many, .count = COUNT_OF(many)};
    const struct runbook_style style = {.shell = SHELL_BASH};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&buf, 1 << 20);
    CU_ASSERT(!runbook_commands(&buf, &one, &style, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    CU_ASSERT_EQUAL(buf.size, 0);
}

void suite_runbook(void);
void suite_runbook(void)
{
    UNIT_SUITE("runbook", UNIT_TEST(a_block_stops_where_it_should), UNIT_TEST(comments_are_lines),
               UNIT_TEST(what_cannot_be_quoted_is_not_written), UNIT_TEST(a_block_has_a_limit));
}
