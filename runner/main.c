/* SPDX-License-Identifier: MIT */
/* The program: command line -> command -> exit code. The port's own entry point calls azmend_main. */
#include "channel/console/console.h"
#include "channel/console/provision.h"
#include "channel/console/recording.h"
#include "channel/console/seal.h"
#include "channel/dsc/dsc.h"
#include "channel/handler/handler.h"
#include "channel/run/say.h"
#include "channel/tools/tools.h"
#include "host/port.h"

static int (*const commands[COMMAND_COUNT])(const struct options *options, struct arena *arena) = {
    [COMMAND_CHECK] = console_run,       [COMMAND_PLAN] = console_run,
    [COMMAND_FIX] = console_run,         [COMMAND_UNDO] = console_run,
    [COMMAND_PROVISION] = provision_run, [COMMAND_LIST] = tools_list,
    [COMMAND_VALIDATE] = tools_validate, [COMMAND_SCHEMA] = tools_schema,
    [COMMAND_EXPLAIN] = tools_explain,   [COMMAND_SEAL] = seal_run,
    [COMMAND_VERSION] = tools_version,   [COMMAND_HELP] = tools_help,
    [COMMAND_HANDLER] = handler_run,     [COMMAND_REPORT] = tools_report,
    [COMMAND_RECORD] = recording_run,    [COMMAND_DSC] = dsc_run,
};

static int refuse(const struct err *err, enum ending ending)
{
    complain(err->text);
    return exit_code_early(ending, EXIT_PLAIN);
}

/* An answer that nobody can read is none. The agent reads the files of the handler, not its stdout. */
static int ending_of(const struct options *options, int code)
{
    if (options->command == COMMAND_HANDLER || !port_write_failed(PORT_STDOUT)) {
        return code;
    }
    complain("not all of the output could be written to stdout (is the disk full?)");
    return exit_code(VERDICT_FAILED, (enum exit_style)options->exit_style);
}

int azmend_main(int argument_count, char **arguments)
{
    struct arena arena AUTO(arena_close) = {0};
    struct options options;
    struct err err = {0};
    if (!options_parse(argument_count, arguments, &options, &err)) {
        return refuse(&err, ENDING_USAGE);
    }
    if (options.help || options.command == COMMAND_HELP) {
        return tools_help(&options, &arena);
    }
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        if (commands[options.command] == console_run) {
            console_out_of_memory(&options, &err);
        }
        return refuse(&err, ENDING_FAILED);
    }
    return ending_of(&options, commands[options.command](&options, &arena));
}
