/* SPDX-License-Identifier: MIT */
#include "channel/run/distance.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/system/system.h"

#define FORMAT "azmend.distance/1"

enum { DIGEST_BYTES = 16, NAME_BYTES = 256 };

static const struct field once_rows[] = {
    TEXT_FIELD("evidence", struct distance_once, evidence, FIELD_REQUIRED, DIGEST_BYTES, DIGEST_BYTES, "digest"),
    INT_FIELD("atMs", struct distance_once, at_ms, FIELD_REQUIRED, 0, INT64_MAX, "begun last"),
    INT_FIELD("begun", struct distance_once, begun, FIELD_REQUIRED, 1, LIMIT_BEGINS, "how often"),
    BOOL_FIELD("ended", struct distance_once, has_ended, FIELD_REQUIRED, "its run ended by itself"),
};
static const struct fields once_fields = FIELDS("once", struct distance_once, once_rows, "a fix that lasts");

static const struct field rows[] = {
    TEXT_FIELD("distance", struct distance_kept, format, FIELD_REQUIRED, 1, 32, FORMAT),
    TEXT_FIELD("vmId", struct distance_kept, vm_id, 0, 1, NAME_BYTES, "whose it is"),
    TEXT_FIELD("machine", struct distance_kept, machine, 0, 1, NAME_BYTES, "whose it is"),
    INT_FIELD("askedMs", struct distance_kept, asked_ms, FIELD_REQUIRED, 0, INT64_MAX, "when a run last asked"),
    INT_FIELD("waitMs", struct distance_kept, wait_ms, FIELD_REQUIRED, 0, LIMIT_ASK_MOST_MS, "how long none does"),
    TEXT_FIELD("bootId", struct distance_kept, boot_id, 0, 1, NAME_BYTES, "of the machine then"),
    INT_FIELD("uptimeMs", struct distance_kept, uptime_ms, FIELD_REQUIRED, 0, INT64_MAX, "then"),
    TEXT_FIELD("answer", struct distance_kept, answer, 0, 0, LIMIT_ANSWER_BYTES, "the last one"),
    LIST_FIELD("once", struct distance_kept, once, FIELD_REQUIRED, 0, LIMIT_ONCE, &once_fields, "fixes that last"),
    WORD_FIELD("told", struct distance_kept, told, FIELD_REQUIRED, verdict_names, "the last event"),
    INT_FIELD("toldMs", struct distance_kept, told_at_ms, FIELD_REQUIRED, 0, INT64_MAX, "its time"),
    WORD_FIELD("toldHeld", struct distance_kept, told_held, FIELD_REQUIRED, verdict_names, "of a run that held back"),
    INT_FIELD("toldHeldMs", struct distance_kept, told_held_at_ms, FIELD_REQUIRED, 0, INT64_MAX, "its time"),
};
static const struct fields fields = FIELDS("distance", struct distance_kept, rows, "what unattended runs remember");

bool distance_read(const char *bytes, size_t size, struct arena *arena, struct distance_kept *ret_kept)
{
    static const struct json_source source = {.file = STATE_DISTANCE, .limit = LIMIT_DISTANCE_BYTES};
    struct distance_kept kept = {0};
    const struct json *json = NULL;
    struct err err = {0};
    bool is_read = json_load(bytes, size, &source, arena, &json, &err) &&
                   fields_decode(&fields, json, STATE_DISTANCE, arena, &kept, &err) && text_same(kept.format, FORMAT);
    bool is_sound = is_read && (kept.asked_ms == 0 || kept.wait_ms >= LIMIT_ASK_MS);
    if (is_sound) {
        *ret_kept = kept;
    }
    return is_sound;
}

/* --- opening --- */

static bool is_of_another(const struct distance_kept *kept, const struct state *state)
{
    const struct journal_owner owner = {.machine = kept->machine, .vm_id = kept->vm_id};
    return journal_ownership(&owner, &state->owner) == OWNED_ELSEWHERE;
}

static bool was_renamed(const struct state *state)
{
    const char *at = state->asides != NULL ? state_shown(state, STATE_DISTANCE, state->asides->arena) : NULL;
    for (size_t i = 0; at != NULL && i < state->asides->count; i++) {
        if (text_same(state->asides->items[i].path, at)) {
            return true;
        }
    }
    return false;
}

static void read_it(struct distance *distance)
{
    const struct state *state = distance->state;
    struct buf bytes AUTO(buf_clear) = {0};
    struct distance_kept kept = {0};
    struct err err = {0};
    if (!port_state_read(state->port, STATE_DISTANCE, LIMIT_DISTANCE_BYTES, &bytes, &err)) {
        distance->was_there = err.code != ERR_NOT_FOUND;
        distance->is_damaged = distance->was_there || was_renamed(state);
        return;
    }
    distance->was_there = true;
    distance->is_damaged = !distance_read(buf_string(&bytes), bytes.size, distance->arena, &kept);
    if (!distance->is_damaged && !is_of_another(&kept, state)) {
        distance->now = kept;
    }
}

void distance_open(const struct state *state, struct host *host, bool is_unattended, struct arena *arena,
                   struct distance *ret_distance)
{
    *ret_distance = (struct distance){.state = state, .host = host, .arena = arena, .is_unattended = is_unattended};
    read_it(ret_distance);
    ret_distance->now.vm_id = state->owner.vm_id;
    ret_distance->now.machine = state->owner.machine;
    ret_distance->answer_before = ret_distance->now.answer;
}

/* --- writing --- */

static void spell_once(struct writer *writer, const struct distance_kept *kept)
{
    const struct distance_once *items = kept->once.items;
    writer_name(writer, "once");
    writer_open_array(writer);
    for (size_t i = 0; i < kept->once.count; i++) {
        writer_open_object(writer);
        writer_named_text(writer, "evidence", items[i].evidence);
        writer_named_int(writer, "atMs", items[i].at_ms);
        writer_named_int(writer, "begun", items[i].begun);
        writer_named_bool(writer, "ended", items[i].has_ended);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void spell_text(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL) {
        writer_named_text(writer, name, text);
    }
}

static void spell(struct buf *buf, const struct distance_kept *kept)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    writer_named_text(&writer, "distance", FORMAT);
    spell_text(&writer, "vmId", kept->vm_id);
    spell_text(&writer, "machine", kept->machine);
    writer_named_int(&writer, "askedMs", kept->asked_ms);
    writer_named_int(&writer, "waitMs", kept->wait_ms);
    spell_text(&writer, "bootId", kept->boot_id);
    writer_named_int(&writer, "uptimeMs", kept->uptime_ms);
    spell_text(&writer, "answer", kept->answer);
    spell_once(&writer, kept);
    writer_named_text(&writer, "told", verdict_names[kept->told]);
    writer_named_int(&writer, "toldMs", kept->told_at_ms);
    writer_named_text(&writer, "toldHeld", verdict_names[kept->told_held]);
    writer_named_int(&writer, "toldHeldMs", kept->told_held_at_ms);
    writer_close_object(&writer);
    writer_finish(&writer);
}

static bool write_it(const struct distance *distance, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    buf_init(&bytes, LIMIT_DISTANCE_BYTES);
    spell(&bytes, &distance->now);
    if (bytes.failed) {
        return err_set(err, ERR_MEMORY, 0, "no memory for what unattended runs remember");
    }
    return port_state_replace(distance->state->port, STATE_DISTANCE, buf_string(&bytes), bytes.size, err);
}

/* --- time --- */

static struct distance_moment now_of(struct host *host)
{
    struct distance_moment now = {.utc_ms = host_utc_ms(host)};
    struct system_facts facts = {0};
    struct err err = {0};
    if (host_system_query(host, &facts, &err) && (facts.known & SYSTEM_BOOT) != 0) {
        now.boot_id = facts.boot_id;
        now.uptime_ms = facts.uptime_ms;
    }
    return now;
}

/* --- asking --- */

/* How long it is held from now on. What cannot be known counts as asked now, and is known from then on. */
static bool hold(struct distance *distance, const struct distance_moment *now, int64_t *ret_left_ms, struct err *err)
{
    struct distance_kept *kept = &distance->now;
    bool is_known = !distance->is_damaged && distance_is_known(kept, now);
    if (!is_known) {
        distance->is_damaged = false;
        distance_asked(kept, now, LIMIT_ASK_MS);
    }
    *ret_left_ms = distance_left_ms(kept, now);
    return is_known || write_it(distance, err);
}

/* Written as the worst comes out, so that a run that is killed leaves no less distance. */
static bool begin_asking(struct distance *distance, const struct distance_moment *now, struct err *err)
{
    distance->longer_ms = distance_longer_ms(&distance->now, distance->is_unattended);
    distance->has_asked = true;
    distance_asked(&distance->now, now, distance->longer_ms);
    return write_it(distance, err) || !distance->is_unattended;
}

static bool ask(void *context, int64_t *ret_until_ms, struct err *err)
{
    struct distance *distance = context;
    int64_t left_ms = 0;
    *ret_until_ms = 0;
    if (distance->has_asked) {
        return true;
    }
    const struct distance_moment now = now_of(distance->host);
    if (distance->is_unattended && !hold(distance, &now, &left_ms, err)) {
        return false;
    }
    *ret_until_ms = left_ms > 0 ? now.utc_ms + left_ms : 0;
    return left_ms > 0 || begin_asking(distance, &now, err);
}

static bool answered(void *context, const char *answer)
{
    struct distance *distance = context;
    struct distance_kept *kept = &distance->now;
    struct err unkept = {0}; /* what was written before this try holds for longer */
    const char *shown = arena_format(distance->arena, "%.*s", LIMIT_ANSWER_BYTES, answer);
    bool is_same = distance->answer_before != NULL && text_same(distance->answer_before, shown);
    distance_heard(kept, shown, is_same, distance->longer_ms);
    (void)!write_it(distance, &unkept);
    return distance_may_repeat(is_same, distance->is_unattended);
}

/* --- once --- */

static const struct distance_once *find_once(const struct distance_kept *kept, const char *evidence)
{
    const struct distance_once *items = kept->once.items;
    for (size_t i = kept->once.count; i > 0; i--) {
        if (text_same(items[i - 1].evidence, evidence)) {
            return &items[i - 1];
        }
    }
    return NULL;
}

/* The newest stay; the one of this evidence goes to the end. */
static void note_once(struct distance *distance, const struct distance_once *noted)
{
    struct distance_kept *kept = &distance->now;
    const struct distance_once *items = kept->once.items;
    struct distance_once *all = arena_array(distance->arena, LIMIT_ONCE, sizeof(*all));
    size_t count = 0;
    size_t first = kept->once.count == LIMIT_ONCE ? 1 : 0;
    for (size_t i = first; i < kept->once.count; i++) {
        if (!text_same(items[i].evidence, noted->evidence)) {
            all[count++] = items[i];
        }
    }
    all[count++] = *noted;
    kept->once = (struct field_list){.items = all, .count = count};
    distance->own++;
}

static bool is_own(const struct distance *distance, const struct distance_once *once)
{
    const struct distance_once *items = distance->now.once.items;
    return (size_t)(once - items) + distance->own >= distance->now.once.count;
}

static bool once(void *context, const char *evidence, int64_t *ret_until_ms, struct err *err)
{
    struct distance *distance = context;
    const struct distance_once *earlier = find_once(&distance->now, evidence);
    int64_t now_ms = host_utc_ms(distance->host);
    *ret_until_ms = 0;
    if (!distance->is_unattended || (earlier != NULL && is_own(distance, earlier))) {
        return true;
    }
    bool is_recent = earlier != NULL && now_ms >= earlier->at_ms && now_ms - earlier->at_ms < LIMIT_ONCE_MS;
    bool is_over = is_recent && (earlier->has_ended || earlier->begun >= LIMIT_BEGINS);
    if (is_over) {
        *ret_until_ms = earlier->at_ms + LIMIT_ONCE_MS;
        return true;
    }
    const struct distance_once noted = {
        .evidence = evidence, .at_ms = now_ms, .begun = is_recent ? earlier->begun + 1 : 1};
    note_once(distance, &noted);
    return write_it(distance, err);
}

struct distance_sink distance_sink(struct distance *distance)
{
    return (struct distance_sink){.ask = ask, .answered = answered, .once = once, .context = distance};
}

/* --- the end --- */

static void end_once(struct distance *distance)
{
    struct distance_once *items = distance->now.once.items;
    for (size_t i = distance->now.once.count - distance->own; i < distance->now.once.count; i++) {
        items[i].has_ended = true;
    }
}

static bool is_event(const struct distance *distance, const struct record *record, enum verdict told, int64_t told_ms)
{
    int64_t since_ms = host_utc_ms(distance->host) - told_ms;
    return !distance->is_unattended || told_ms == 0 || told != record->verdict || since_ms < 0 ||
           since_ms >= LIMIT_TOLD_MS;
}

static void tell(struct distance *distance, const struct record *record)
{
    struct distance_kept *kept = &distance->now;
    enum verdict *told = record->held_until_ms > 0 ? &kept->told_held : &kept->told;
    int64_t *told_ms = record->held_until_ms > 0 ? &kept->told_held_at_ms : &kept->told_at_ms;
    distance->is_quiet = !is_event(distance, record, *told, *told_ms);
    if (!distance->is_quiet) {
        *told = record->verdict;
        *told_ms = host_utc_ms(distance->host);
    }
}

bool distance_close(struct distance *distance, const struct record *record, struct err *err)
{
    if (distance->state == NULL) {
        return true;
    }
    end_once(distance);
    tell(distance, record);
    bool is_kept = distance->is_unattended || distance->has_asked || distance->was_there;
    return !is_kept || write_it(distance, err);
}
