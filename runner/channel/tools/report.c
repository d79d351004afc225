/* SPDX-License-Identifier: MIT */
/* report DIR|FILE...: many results as one page and one document. */
#include "base/text.h"
#include "channel/run/load.h"
#include "channel/run/say.h"
#include "channel/tools/sources.h"
#include "channel/tools/tools.h"
#include "host/port.h"

enum { FLUSH_BYTES = 256 * 1024 };

struct work {
    struct fleet *fleet;
    struct writer *writer; /* NULL: no document is wanted */
};

/* --- words of the built-in playbooks --- */

static char *spoken(const struct said *said, enum language language, struct arena *arena)
{
    return said->in[language] != NULL ? arena_text(arena, tools_spell(said->in[language], arena)) : NULL;
}

static void map_text(struct map *words, const struct said *said, enum language language, struct arena *arena)
{
    const char *en = spoken(said, LANGUAGE_EN, arena);
    char *text = spoken(said, language, arena);
    if (en != NULL && text != NULL) {
        map_set(arena, words, en, text);
    }
}

static void map_finding(struct map *words, const struct finding *finding, enum language language, struct arena *arena)
{
    char *title = spoken(&finding->title, language, arena);
    if (title != NULL) {
        map_set(arena, words, finding->id, title);
    }
    for (size_t i = 0; i < finding->handoff_count; i++) {
        const struct handoff *handoff = &finding->handoffs[i];
        const struct said *all[] = {&handoff->title, &handoff->why, &handoff->effect, &handoff->back};
        for (size_t at = 0; at < COUNT_OF(all); at++) {
            map_text(words, all[at], language, arena);
        }
    }
}

/* Results speak English; what the built-in playbooks say in English they also say in the language of the page. */
static bool load_words(const struct options *options, struct arena *arena, struct map *words, struct err *err)
{
    const struct options built_in = {.command = COMMAND_LIST, .language = options->language};
    const struct plan *plan = NULL;
    if (!load_plan(&built_in, arena, &plan, err)) {
        return false;
    }
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->playbooks[i].finding_count; j++) {
            map_finding(words, &plan->playbooks[i].findings[j], (enum language)options->language, arena);
        }
    }
    return true;
}

/* --- reading twice --- */

static void flush(struct writer *writer, size_t above)
{
    if (writer != NULL && writer->buf->size > above) {
        port_write(PORT_STDOUT, buf_string(writer->buf), writer->buf->size);
        writer->buf->size = 0;
    }
}

static void refuse(void *context, const struct fleet_place *place, const char *why)
{
    const struct work *work = context;
    fleet_refuse(work->fleet, place, why, work->writer);
    flush(work->writer, FLUSH_BYTES);
}

static void learn(void *context, const struct json *result, const struct fleet_place *place)
{
    const struct work *work = context;
    struct err err = {0};
    if (!fleet_learn(work->fleet, result, &err)) {
        refuse(context, place, err.text);
    }
}

static void add(void *context, const struct json *result, const struct fleet_place *place)
{
    const struct work *work = context;
    (void)fleet_add(work->fleet, result, place, work->writer);
    flush(work->writer, FLUSH_BYTES);
}

/* Said the first time. */
static void pass_over(void *context, const struct fleet_place *place, const char *why)
{
    (void)context;
    (void)place;
    (void)why;
}

static void read_all(const struct options *options, struct arena *arena, const struct source_sink *sink)
{
    for (size_t i = 0; i < options->operands.count; i++) {
        sources_read(options->operands.items[i], arena, sink);
    }
}

static void collect(const struct options *options, struct arena *arena, struct work *work)
{
    const struct source_sink first = {.context = work, .take = learn, .refuse = refuse};
    const struct source_sink second = {.context = work, .take = add, .refuse = pass_over};
    if (work->writer != NULL) {
        fleet_json_begin(work->writer);
    }
    read_all(options, arena, &first);
    if (work->writer != NULL) {
        fleet_json_machines(work->writer);
    }
    read_all(options, arena, &second);
    fleet_close(work->fleet);
    if (work->writer != NULL) {
        fleet_json_end(work->writer, work->fleet);
        flush(work->writer, 0);
    }
}

/* --- going out --- */

static bool write_page(const struct options *options, const struct fleet *fleet, struct err *err)
{
    struct buf page AUTO(buf_clear) = {0};
    if (options->html == NULL) {
        return true;
    }
    buf_init(&page, LIMIT_FLEET_PAGE_BYTES);
    fleet_html(&page, fleet, (enum language)options->language);
    if (page.failed) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the page");
    }
    return port_file_replace(options->html, buf_string(&page), page.size, err) || err_context(err, "--html");
}

static void write_text(const struct options *options, const struct fleet *fleet)
{
    struct buf text AUTO(buf_clear) = {0};
    if (!options->json) {
        buf_init(&text, LIMIT_RESULT_BYTES);
        fleet_text(&text, fleet, (enum language)options->language);
        tools_print(&text);
    }
}

static int end(const struct options *options, const struct fleet *fleet)
{
    struct err err = {0};
    if (!write_page(options, fleet, &err)) {
        complain(err.text);
        return exit_code_early(ENDING_FAILED, EXIT_PLAIN);
    }
    write_text(options, fleet);
    if (fleet->results > 0) {
        return 0;
    }
    const struct fleet_unread *first = &fleet->unread[0];
    (void)err_set(&err, ERR_NOT_FOUND, 0, "report: no result was found%s%.200s%s%.200s",
                  fleet->unread_count > 0 ? ": " : "", fleet->unread_count > 0 ? first->place.file : "",
                  fleet->unread_count > 0 ? ": " : "", fleet->unread_count > 0 ? first->why : "");
    complain(err.text);
    return exit_code_early(ENDING_USAGE, EXIT_PLAIN);
}

int tools_report(const struct options *options, struct arena *arena)
{
    struct buf document AUTO(buf_clear) = {0};
    struct writer writer = {0};
    struct map words = {0};
    struct err err = {0};
    struct fleet *fleet = arena_alloc(arena, sizeof(*fleet));
    struct work work = {.fleet = fleet, .writer = options->json ? &writer : NULL};
    if (!load_words(options, arena, &words, &err)) {
        complain(err.text);
        return exit_code_early(ENDING_USAGE, EXIT_PLAIN);
    }
    buf_init(&document, LIMIT_RESULT_BYTES);
    writer_init(&writer, &document, WRITER_ONE_LINE);
    fleet_open(fleet, &words, arena);
    collect(options, arena, &work);
    return document.failed ? exit_code_early(ENDING_FAILED, EXIT_PLAIN) : end(options, fleet);
}
