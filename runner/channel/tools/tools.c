/* SPDX-License-Identifier: MIT */
#include "channel/tools/tools.h"

#include "base/text.h"
#include "channel/options/nearest.h"
#include "channel/run/load.h"
#include "channel/run/say.h"
#include "channel/tools/kinds.h"
#include "host/port.h"
#include "host/sim/sim.h"
#include "plan/plan_schema.h"
#include "report/clean.h"
#include "report/fleet.h"
#include "report/result.h"
#include "report/version.h"

#define LIST_KINDS "kinds"
enum { HINT_SIZE = 64 };

void tools_print(const struct buf *buf)
{
    port_write(PORT_STDOUT, buf_string(buf), buf->size);
}

static int refuse(const struct err *err)
{
    complain(err->text);
    return exit_code_early(ENDING_USAGE, EXIT_PLAIN);
}

/* --- texts of a plan --- */

static void spell_leaf(struct buf *buf, const struct expr *expr, struct arena *arena)
{
    if (expr->form == EXPR_REF) {
        buf_format(buf, "${%s}", expr->ref.text);
    } else if (expr->form == EXPR_LITERAL) {
        buf_text(buf, value_display(arena, &expr->literal));
    }
}

/* A text is made of leaves and optional parts of them; a list of leaves and texts: the loader lets nothing deeper
 * through. */
static void spell_text(struct buf *buf, const struct expr *expr, struct arena *arena)
{
    spell_leaf(buf, expr, arena);
    for (size_t i = 0; expr->form == EXPR_TEXT && i < expr->count; i++) {
        const struct expr *part = &expr->items[i];
        bool is_optional = part->form == EXPR_OPTIONAL;
        spell_leaf(buf, part, arena);
        buf_text(buf, is_optional ? "[" : "");
        for (size_t k = 0; is_optional && k < part->count; k++) {
            spell_leaf(buf, &part->items[k], arena);
        }
        buf_text(buf, is_optional ? "]" : "");
    }
}

const char *tools_spell(const struct expr *expr, struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, LIMIT_TEXT_BYTES);
    spell_text(&buf, expr, arena);
    for (size_t i = 0; expr->form == EXPR_LIST && i < expr->count; i++) {
        buf_text(&buf, i == 0 ? "" : " ");
        spell_text(&buf, &expr->items[i], arena);
    }
    return arena_text(arena, buf_string(&buf));
}

const char *tools_said(const struct said *said, int language, struct arena *arena)
{
    const struct expr *expr = said->in[language] != NULL ? said->in[language] : said->in[LANGUAGE_EN];
    return expr != NULL ? tools_spell(expr, arena) : NULL;
}

/* --- commands --- */

static void list_playbook(struct buf *buf, const struct playbook *playbook, enum language language, struct arena *arena)
{
    const char *title = tools_said(&playbook->title, (int)language, arena);
    buf_format(buf, "%s %s  ", playbook->id, playbook->version);
    text_clean(buf, title != NULL ? title : "", language);
    buf_text(buf, "\n");
    for (size_t i = 0; i < playbook->finding_count; i++) {
        const struct finding *finding = &playbook->findings[i];
        title = tools_said(&finding->title, (int)language, arena);
        buf_format(buf, "  %s (%s)  ", finding->id,
                   words_severity((enum severity)finding->severity.otherwise, language));
        text_clean(buf, title != NULL ? title : "", language);
        buf_text(buf, "\n");
    }
}

static int list_kinds(const struct options *options)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&buf, LIMIT_RESULT_BYTES);
    if (options->json) {
        writer_init(&writer, &buf, WRITER_INDENTED);
        kinds_write_all(&writer);
        writer_finish(&writer);
    } else {
        kinds_list(&buf, (enum language)options->language);
    }
    tools_print(&buf);
    return 0;
}

/* Without an operand: the playbooks. */
static bool is_list_known(const struct options *options, struct err *err)
{
    char hint[HINT_SIZE];
    const char *asked = options->operands.count > 0 ? options->operands.items[0] : NULL;
    if (asked == NULL) {
        return !options->json || err_set(err, ERR_INVALID, 0, "list: --json is for list kinds");
    }
    struct nearest nearest = nearest_to(asked);
    nearest_offer(&nearest, LIST_KINDS);
    return text_same(asked, LIST_KINDS) || err_set(err, ERR_INVALID, 0, "list %.40s: expected " LIST_KINDS "%s", asked,
                                                   nearest_hint(&nearest, hint, sizeof(hint)));
}

int tools_list(const struct options *options, struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    const struct plan *plan = NULL;
    struct err err = {0};
    if (!is_list_known(options, &err)) {
        return refuse(&err);
    }
    if (options->operands.count > 0) {
        return list_kinds(options);
    }
    if (!load_plan(options, arena, &plan, &err)) {
        return refuse(&err);
    }
    buf_init(&buf, LIMIT_RESULT_BYTES);
    for (size_t i = 0; i < plan->count; i++) {
        list_playbook(&buf, &plan->playbooks[i], (enum language)options->language, arena);
    }
    tools_print(&buf);
    return 0;
}

int tools_schema(const struct options *options, struct arena *arena)
{
    static const struct {
        const char *name;
        void (*write)(struct writer *writer);
    } schemas[] = {
        {"playbook", plan_schema}, {"result", result_schema}, {"machine", sim_schema}, {"report", fleet_schema}};
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    struct err err = {0};
    (void)arena;
    buf_init(&buf, LIMIT_RESULT_BYTES);
    writer_init(&writer, &buf, WRITER_INDENTED);
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        if (text_same(schemas[i].name, options->operands.items[0])) {
            schemas[i].write(&writer);
            writer_finish(&writer);
            tools_print(&buf);
            return 0;
        }
    }
    (void)err_set(&err, ERR_INVALID, 0, "schema %.40s: expected playbook, result, machine or report",
                  options->operands.items[0]);
    return refuse(&err);
}

int tools_version(const struct options *options, struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    (void)options;
    (void)arena;
    buf_init(&buf, LIMIT_TEXT_BYTES);
    buf_format(&buf, "azmend %s%s%s\n%s\n", version_number, version_commit[0] != '\0' ? " " : "", version_commit,
               version_libraries);
    tools_print(&buf);
    return 0;
}

int tools_help(const struct options *options, struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    (void)arena;
    buf_init(&buf, LIMIT_RESULT_BYTES);
    options_help(&buf, options);
    tools_print(&buf);
    return 0;
}
