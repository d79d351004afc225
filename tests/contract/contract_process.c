/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "contract.h"

enum { SHORT_MS = 500, LONG_MS = 30 * 1000, BIG_CODE = 0x40000005 };

static bool run(struct contract *contract, const struct process_order *order, struct process_result *ret_result)
{
    *ret_result = (struct process_result){0};
    return contract->ops->process->run(contract->backend, order, contract->arena, ret_result, &contract->err);
}

static void code_and_output(struct contract *contract)
{
    static const struct process_order order = {.program = CONTRACT_CHILD_CODE, .timeout_ms = LONG_MS};
    struct process_result result;
    EXPECT(contract, run(contract, &order, &result));
    EXPECT(contract, result.exit_code == BIG_CODE);
    EXPECT(contract, result.output != NULL && strcmp(result.output, "out\nerr\n") == 0);
}

/* Quotes, spaces and backslashes are what command lines go wrong by. */
static void arguments_as_given(struct contract *contract)
{
    static const char *const arguments[] = {"plain",  "two words",           "",          "a\"b",
                                            "tail\\", "two \\\\\"tails\\\\", "%PATH% & x"};
    const struct process_order order = {.program = CONTRACT_CHILD_ECHO,
                                        .arguments = arguments,
                                        .argument_count = COUNT_OF(arguments),
                                        .timeout_ms = LONG_MS};
    struct process_result result;
    EXPECT(contract, run(contract, &order, &result) && result.exit_code == 0);
    EXPECT(contract, text_same(result.output,
                               "[plain]\n[two words]\n[]\n[a\"b]\n[tail\\]\n[two \\\\\"tails\\\\]\n[%PATH% & x]\n"));
}

static void overdue_is_ended(struct contract *contract)
{
    static const struct process_order order = {.program = CONTRACT_CHILD_WAIT, .timeout_ms = SHORT_MS};
    struct process_result result;
    int64_t began_ms = contract->ops->clock->now_ms(contract->backend);
    EXPECT(contract, !run(contract, &order, &result) && contract->err.code == ERR_TIMEOUT);
    EXPECT(contract, contract->ops->clock->now_ms(contract->backend) - began_ms < LONG_MS);
}

static void absent(struct contract *contract)
{
    static const struct process_order order = {.program = "%SystemDrive%\\azmend-nothing.exe", .timeout_ms = LONG_MS};
    struct process_result result;
    EXPECT(contract, !run(contract, &order, &result) && contract->err.code == ERR_NOT_FOUND);
}

const struct contract_row contract_process[] = {
    {"process: exit code and both outputs", code_and_output},
    {"process: arguments as given", arguments_as_given},
    {"process: an overdue one is ended", overdue_is_ended},
    {"process: an absent program", absent},
    {NULL, NULL},
};
