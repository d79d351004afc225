/* SPDX-License-Identifier: MIT */
#include "channel/dsc/dsc.h"

#include "base/text.h"
#include "channel/dsc/state.h"
#include "channel/run/emergency.h"
#include "channel/run/session.h"
#include "channel/run/share.h"
#include "host/port.h"

enum operation { OPERATION_GET, OPERATION_TEST, OPERATION_SET, OPERATION_SCHEMA, OPERATION_COUNT };
static const char *const operation_names[OPERATION_COUNT] = {
    [OPERATION_GET] = "get", [OPERATION_TEST] = "test", [OPERATION_SET] = "set", [OPERATION_SCHEMA] = "schema"};

static void say(const char *level, const char *text)
{
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&line, LIMIT_RESULT_BYTES);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    writer_open_object(&writer);
    writer_named_text(&writer, level, text);
    writer_close_object(&writer);
    writer_finish(&writer);
    port_write(PORT_STDERR, buf_string(&line), line.size);
}

static void print(const struct buf *buf)
{
    port_write(PORT_STDOUT, buf_string(buf), buf->size);
    emergency_disarm();
}

static int refuse(enum ending ending, const struct err *err)
{
    emergency_disarm(); /* stderr says it */
    say("error", err->text);
    return exit_code_early(ending, EXIT_COMPLETED);
}

static void drop_reader(struct port_reader **reader)
{
    port_reader_close(*reader);
}

/* All of it, up to the bound. */
static bool read_input(struct arena *arena, const char **ret_bytes, size_t *ret_size, struct err *err)
{
    struct port_reader *reader AUTO(drop_reader) = NULL;
    char *bytes = arena_alloc(arena, LIMIT_SETTINGS_BYTES + 1);
    size_t size = 0;
    size_t got = 1;
    if (!port_reader_open_input(&reader, err)) {
        return false;
    }
    while (got > 0 && size <= LIMIT_SETTINGS_BYTES) {
        if (!port_reader_read(reader, bytes + size, LIMIT_SETTINGS_BYTES + 1 - size, &got, err)) {
            return err_context(err, "stdin");
        }
        size += got;
    }
    *ret_bytes = bytes;
    *ret_size = size;
    return size <= LIMIT_SETTINGS_BYTES ||
           err_set(err, ERR_LIMIT, 0, "stdin: more than %d bytes", LIMIT_SETTINGS_BYTES);
}

static int print_schema(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&buf, LIMIT_RESULT_BYTES);
    writer_init(&writer, &buf, WRITER_ONE_LINE);
    dsc_schema_write(&writer);
    print(&buf);
    return 0;
}

/* A set comes by itself, every some minutes: it keeps the distance that a VM keeps by itself. */
static struct options options_of(const struct options *given, const struct dsc_wanted *wanted, enum run_mode mode)
{
    struct options options = *given;
    options.command = mode == MODE_FIX ? COMMAND_FIX : COMMAND_CHECK;
    options.operands = (struct option_texts){.count = 0};
    options.unattended = mode == MODE_FIX;
    options.parameters = wanted->parameters;
    options.playbooks = (struct option_texts){.count = wanted->playbooks.count};
    for (size_t i = 0; i < wanted->playbooks.count; i++) {
        options.playbooks.items[i] = wanted->playbooks.items[i];
    }
    return options;
}

static int answer(struct session *session, const struct dsc_wanted *wanted)
{
    struct buf line AUTO(buf_clear) = {0};
    struct err err = {0};
    bool is_kept = session_keep(session, &err);
    buf_init(&line, LIMIT_RESULT_BYTES);
    dsc_state_write(&line, wanted, &session->record, session->arena);
    print(&line);
    if (!is_kept) {
        say("error", err.text);
    }
    if (session->record.verdict == VERDICT_FAILED) {
        say("error", session->record.err.text);
    }
    return session_share(session) && is_kept ? exit_code(session->record.verdict, EXIT_COMPLETED)
                                             : exit_code(VERDICT_FAILED, EXIT_COMPLETED);
}

static int run(const struct options *given, const struct dsc_wanted *wanted, enum run_mode mode, struct arena *arena)
{
    const struct options options = options_of(given, wanted, mode);
    struct session session AUTO(session_close) = {.options = &options, .arena = arena, .mode = mode, .channel = "dsc"};
    struct err err = {0};
    enum ending ending = session_prepare(&session, &err);
    if (ending != ENDING_NONE) {
        return refuse(ending, &err);
    }
    session_run(&session);
    return answer(&session, wanted);
}

int dsc_run(const struct options *options, struct arena *arena)
{
    struct dsc_wanted *wanted = arena_alloc(arena, sizeof(*wanted));
    struct err err = {0};
    const char *bytes = NULL;
    size_t size = 0;
    unsigned operation = 0;
    while (operation < OPERATION_COUNT && !text_same(operation_names[operation], options->operands.items[0])) {
        operation++;
    }
    if (operation == OPERATION_COUNT) {
        (void)err_set(&err, ERR_INVALID, 0, "dsc %.40s: expected get, test, set or schema", options->operands.items[0]);
        return refuse(ENDING_USAGE, &err);
    }
    if (operation == OPERATION_SCHEMA) {
        return print_schema();
    }
    if (!read_input(arena, &bytes, &size, &err) || !dsc_wanted_read(bytes, size, arena, wanted, &err)) {
        return refuse(err.code == ERR_IO ? ENDING_FAILED : ENDING_USAGE, &err);
    }
    return run(options, wanted, operation == OPERATION_SET ? wanted->mode : MODE_CHECK, arena);
}
