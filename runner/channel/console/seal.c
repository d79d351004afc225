/* SPDX-License-Identifier: MIT */
#include "channel/console/seal.h"

#include "channel/run/runs.h"
#include "channel/run/say.h"
#include "host/port.h"
#include "json/writer.h"
#include "report/words.h"

enum { ANSWER_BYTES = 1024 };

static void answer(const struct options *options, const char *root, const struct forgotten *forgotten)
{
    enum phrase phrase = forgotten->was_there ? PHRASE_SEALED : PHRASE_NOTHING_TO_SEAL;
    struct buf text AUTO(buf_clear) = {0};
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&line, ANSWER_BYTES);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    writer_open_object(&writer);
    writer_named_text(&writer, "result", "azmend.seal/1");
    writer_named_text(&writer, "outcome", forgotten->was_there ? "sealed" : "nothing");
    writer_named_int(&writer, "runs", (int64_t)forgotten->gone);
    writer_close_object(&writer);
    writer_finish(&writer);
    buf_init(&text, LIMIT_STDOUT_BYTES);
    buf_format(&text, "%s: %s\n", words_phrase(phrase, (enum language)options->language), root);
    buf_add(&text, buf_string(&line), line.size);
    port_write(PORT_STDOUT, buf_whole(&text), text.size);
}

static bool seal(const struct options *options, const char *root, struct arena *arena, struct err *err)
{
    struct forgotten forgotten = {0};
    if (!runs_seal(options->state, arena, &forgotten, err)) {
        return false;
    }
    if (forgotten.kept > 0) {
        return err_set(err, ERR_REFUSED, 0, "%zu runs stay in %s: another user had made parts of them", forgotten.kept,
                       root);
    }
    answer(options, root, &forgotten);
    return true;
}

int seal_run(const struct options *options, struct arena *arena)
{
    const char *root = options->state;
    struct err err = {0};
    if ((root == NULL && !port_state_folder(arena, &root, &err)) || !seal(options, root, arena, &err)) {
        complain(err.text);
        return exit_code_early(err.code == ERR_BUSY ? ENDING_BUSY : ENDING_FAILED, EXIT_PLAIN);
    }
    return exit_code(VERDICT_HEALTHY, EXIT_PLAIN);
}
