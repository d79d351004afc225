/* SPDX-License-Identifier: MIT */
#include "report/status.h"

#include <stddef.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "json/fields.h"
#include "report/clean.h"
#include "report/headline.h"
#include "report/text.h"
#include "report/version.h"

#define STATUS_NAME "azmend"
#define CLARIFICATION "ErrorClarification"

const char *const status_words[STATUS_WORD_COUNT + 1] = {[STATUS_TRANSITIONING] = "transitioning",
                                                         [STATUS_WARNING] = "warning",
                                                         [STATUS_ERROR] = "error",
                                                         [STATUS_SUCCESS] = "success"};
static const char *const status_languages[LANGUAGE_COUNT] = {[LANGUAGE_EN] = "en-US", [LANGUAGE_JA] = "ja-JP"};

/* --- what stands in it --- */

static void init(struct status *status, struct arena *arena, enum status_word word, struct buf *headline)
{
    size_t size = text_cut(buf_string(headline), STATUS_HEADLINE_BYTES);
    *status = (struct status){.operation = "enable", .word = word};
    status->headline = arena_copy(arena, buf_string(headline), size);
}

void status_of_work(const char *mode, const char *what, struct arena *arena, struct status *ret_status)
{
    struct buf headline AUTO(buf_clear) = {0};
    buf_init(&headline, LIMIT_TEXT_BYTES);
    buf_format(&headline, "azmend %s%s%s: at work", version_number, mode != NULL ? " " : "", mode != NULL ? mode : "");
    buf_text(&headline, what != NULL ? ", waiting for " : "");
    text_clean(&headline, what != NULL ? what : "", LANGUAGE_EN);
    init(ret_status, arena, STATUS_TRANSITIONING, &headline);
}

void status_of_failure(enum status_cause cause, const char *why, struct arena *arena, struct status *ret_status)
{
    static const struct {
        int64_t code;
        const char *words;
    } causes[STATUS_CAUSE_COUNT] = {
        [STATUS_CAUSE_SETTINGS] = {20, "the settings are refused"},
        [STATUS_CAUSE_PLAYBOOK] = {21, "a playbook or parameter is refused"},
        [STATUS_CAUSE_UNSUPPORTED] = {22, "this system is not supported"},
        [STATUS_CAUSE_FAILED] = {-1, "azmend itself failed"},
        [STATUS_CAUSE_NOT_ELEVATED] = {-20, "not started with administrator rights"},
        [STATUS_CAUSE_PROTECTED] = {-21, "the protected settings cannot be decrypted"},
        [STATUS_CAUSE_BUSY] = {-22, "another run holds this machine"},
        [STATUS_CAUSE_CUT_OFF] = {-23, "cut off again and again"},
        [STATUS_CAUSE_STOPPED] = {-24, "stopped before it was done"},
    };
    must(cause > STATUS_CAUSE_NONE && cause < STATUS_CAUSE_COUNT);
    struct buf headline AUTO(buf_clear) = {0};
    buf_init(&headline, LIMIT_TEXT_BYTES);
    buf_format(&headline, "azmend %s: %s: ", version_number, causes[cause].words);
    text_clean(&headline, why, LANGUAGE_EN);
    init(ret_status, arena, STATUS_ERROR, &headline);
    ret_status->code = causes[cause].code;
    ret_status->parts[ret_status->part_count++] = (struct substatus){
        .name = CLARIFICATION, .word = STATUS_ERROR, .code = causes[cause].code, .message = ret_status->headline};
}

/* "azmend 0.1.0 fix: vm-web-01: fixed: what was wrong is right now; KMS_TARGET_RETIRED_ADDRESS fixed; unknown: 2" */
static void say_headline(struct buf *headline, const struct record *record)
{
    size_t unknown = 0;
    buf_format(headline, "azmend %s %s: ", version_number, run_mode_names[record->mode]);
    if (record->machine.name != NULL) {
        text_clean(headline, record->machine.name, LANGUAGE_EN);
        buf_text(headline, ": ");
    }
    headline_write(headline, record->verdict, record->playbooks, record->playbook_count, LANGUAGE_EN);
    if (record->history.rebuild_run != NULL) {
        bool has_none = record->history.has_no_key;
        buf_format(headline, "; %s: %s", words_phrase(has_none ? PHRASE_NO_KEY : PHRASE_MAY_HAVE_NO_KEY, LANGUAGE_EN),
                   record->history.rebuild_run);
    }
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook_record *playbook = &record->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            enum finding_state state = playbook->findings[j].state;
            unknown += state == FINDING_UNKNOWN ? 1 : 0;
            if (state != FINDING_ABSENT && state != FINDING_UNKNOWN) {
                buf_format(headline, "; %s %s", playbook->findings[j].finding->id, finding_state_names[state]);
            }
        }
    }
    if (unknown > 0) {
        buf_format(headline, "; %s: %zu", finding_state_names[FINDING_UNKNOWN], unknown);
    }
}

static enum status_word word_of(enum verdict verdict)
{
    static const enum status_word words[VERDICT_COUNT] = {
        [VERDICT_FAILED] = STATUS_ERROR,
        [VERDICT_NOT_FIXED] = STATUS_ERROR,
        [VERDICT_NEEDS_AZURE_CHANGE] = STATUS_ERROR,
        [VERDICT_NEEDS_DECISION] = STATUS_WARNING,
        [VERDICT_UNDETERMINED] = STATUS_WARNING,
        [VERDICT_NEEDS_REBOOT] = STATUS_WARNING,
        [VERDICT_WOULD_FIX] = STATUS_WARNING,
        [VERDICT_FIXED] = STATUS_SUCCESS,
        [VERDICT_HEALTHY] = STATUS_SUCCESS,
        [VERDICT_OFF] = STATUS_SUCCESS,
    };
    return words[verdict];
}

static const char *part_message(const struct record *record, size_t playbook, enum language language,
                                struct arena *arena)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_RESULT_BYTES);
    headline_write(&text, record->playbooks[playbook].verdict, &record->playbooks[playbook], 1, language);
    buf_text(&text, "\n");
    text_write_playbook(&text, record, playbook, language);
    text_shorten(&text, STATUS_MESSAGE_BYTES, language);
    return arena_copy(arena, buf_whole(&text), text.size - 1); /* without the last line's end */
}

/* Verdicts are an enum from the worst on; the last place is kept for what did not fit. */
void status_of_record(const struct record *record, const int codes[static VERDICT_COUNT], enum language language,
                      struct arena *arena, struct status *ret_status)
{
    struct buf headline AUTO(buf_clear) = {0};
    buf_init(&headline, LIMIT_RESULT_BYTES);
    say_headline(&headline, record);
    init(ret_status, arena, STATUS_SUCCESS, &headline);
    ret_status->code = codes[record->verdict];
    size_t left_out = 0;
    for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        for (size_t i = 0; i < record->playbook_count; i++) {
            const struct playbook_record *playbook = &record->playbooks[i];
            if ((unsigned)playbook->verdict != verdict) {
                continue;
            }
            if (ret_status->part_count + 1 == STATUS_SUBSTATUS_MAX) {
                left_out++;
                continue;
            }
            ret_status->parts[ret_status->part_count++] =
                (struct substatus){.name = playbook->playbook->id,
                                   .word = word_of(playbook->verdict),
                                   .code = codes[playbook->verdict],
                                   .language = language,
                                   .message = part_message(record, i, language, arena)};
        }
    }
    if (left_out > 0) {
        ret_status->parts[ret_status->part_count++] =
            (struct substatus){.name = "more",
                               .word = STATUS_SUCCESS,
                               .message = arena_format(arena, "%zu further playbooks, none of them worse", left_out)};
    }
}

/* --- as bytes --- */

static void write_message(struct writer *writer, enum language language, const char *message)
{
    writer_name(writer, "formattedMessage");
    writer_open_object(writer);
    writer_named_text(writer, "lang", status_languages[language]);
    writer_named_text(writer, "message", message);
    writer_close_object(writer);
}

static void write_part(struct writer *writer, const struct substatus *part)
{
    writer_open_object(writer);
    writer_named_text(writer, "name", part->name);
    writer_named_text(writer, "status", status_words[part->word]);
    writer_named_int(writer, "code", part->code);
    write_message(writer, part->language, part->message);
    writer_close_object(writer);
}

static void write_document(struct writer *writer, const struct status *status, size_t part_count, const char *utc)
{
    writer_open_array(writer);
    writer_open_object(writer);
    writer_named_text(writer, "version", "1.0");
    writer_named_text(writer, "timestampUTC", utc);
    writer_name(writer, "status");
    writer_open_object(writer);
    writer_named_text(writer, "name", STATUS_NAME);
    writer_named_text(writer, "operation", status->operation);
    writer_named_text(writer, "configurationAppliedTime", utc);
    writer_named_text(writer, "status", status_words[status->word]);
    writer_named_int(writer, "code", status->code);
    write_message(writer, LANGUAGE_EN, status->headline);
    writer_name(writer, "substatus");
    writer_open_array(writer);
    for (size_t i = 0; i < part_count; i++) {
        write_part(writer, &status->parts[i]);
    }
    writer_close_array(writer);
    writer_close_object(writer);
    writer_close_object(writer);
    writer_close_array(writer);
    writer_finish(writer);
}

void status_write(struct buf *buf, const struct status *status)
{
    _Alignas(max_align_t) char bytes[64];
    struct arena clock = {.bytes = bytes, .size = sizeof(bytes)};
    const char *utc = clock_format_utc(&clock, status->utc_ms);
    size_t part_count = status->part_count;
    do {
        struct writer writer;
        buf_clear(buf);
        buf_init(buf, LIMIT_STATUS_BYTES);
        writer_init(&writer, buf, WRITER_INDENTED);
        write_document(&writer, status, part_count, utc);
    } while (buf->failed && part_count-- > 0);
    must(!buf->failed);
}

/* --- the rules --- */

struct lint_message {
    const char *lang, *message;
};

struct lint_part {
    const char *name;
    enum status_word word;
    int64_t code;
    struct lint_message message;
};

struct lint_status {
    const char *name, *operation, *applied;
    enum status_word word;
    int64_t code;
    struct lint_message message;
    struct field_list parts;
};

struct lint_document {
    const char *version, *utc;
    struct lint_status status;
};

static const struct field message_rows[] = {
    TEXT_FIELD("lang", struct lint_message, lang, FIELD_REQUIRED, 2, 35, "language of the message"),
    TEXT_FIELD("message", struct lint_message, message, FIELD_REQUIRED, 1, STATUS_MESSAGE_BYTES, "for people"),
};
static const struct fields message_fields = FIELDS("formattedMessage", struct lint_message, message_rows, "");

static const struct field part_rows[] = {
    TEXT_FIELD("name", struct lint_part, name, FIELD_REQUIRED, 1, 128, "what it is about"),
    WORD_FIELD("status", struct lint_part, word, FIELD_REQUIRED, status_words, "how it stands"),
    INT_FIELD("code", struct lint_part, code, FIELD_REQUIRED, INT32_MIN, INT32_MAX, "number"),
    OBJECT_FIELD("formattedMessage", struct lint_part, message, struct lint_message, FIELD_REQUIRED, &message_fields,
                 "text"),
};
static const struct fields part_fields = FIELDS("substatus", struct lint_part, part_rows, "");

static const struct field status_rows[] = {
    TEXT_FIELD("name", struct lint_status, name, FIELD_REQUIRED, 1, 128, "the handler"),
    TEXT_FIELD("operation", struct lint_status, operation, FIELD_REQUIRED, 1, 64, "what it did"),
    TEXT_FIELD("configurationAppliedTime", struct lint_status, applied, FIELD_REQUIRED, 20, 20, "time"),
    WORD_FIELD("status", struct lint_status, word, FIELD_REQUIRED, status_words, "how it stands"),
    INT_FIELD("code", struct lint_status, code, FIELD_REQUIRED, INT32_MIN, INT32_MAX, "number"),
    OBJECT_FIELD("formattedMessage", struct lint_status, message, struct lint_message, FIELD_REQUIRED, &message_fields,
                 "headline"),
    LIST_FIELD("substatus", struct lint_status, parts, FIELD_REQUIRED, 0, STATUS_SUBSTATUS_MAX, &part_fields, "parts"),
};
static const struct fields status_fields = FIELDS("status", struct lint_status, status_rows, "");

static const struct field document_rows[] = {
    TEXT_FIELD("version", struct lint_document, version, FIELD_REQUIRED, 3, 3, "1.0"),
    TEXT_FIELD("timestampUTC", struct lint_document, utc, FIELD_REQUIRED, 20, 20, "time"),
    OBJECT_FIELD("status", struct lint_document, status, struct lint_status, FIELD_REQUIRED, &status_fields, "status"),
};
static const struct fields document_fields = FIELDS("document", struct lint_document, document_rows, "");

bool status_lint(const char *bytes, size_t size, struct arena *arena, enum status_word *ret_word, struct err *err)
{
    static const struct json_source source = {.file = "status", .limit = LIMIT_STATUS_BYTES};
    const struct json *document = NULL;
    struct lint_document lint = {0};
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)bytes[i] > '~') {
            return err_set(err, ERR_INVALID, 0, "status: the byte %zu is not ASCII", i);
        }
    }
    if (!json_load(bytes, size, &source, arena, &document, err) || !json_want(document, JSON_ARRAY, "status", err)) {
        return false;
    }
    if (document->count != 1) {
        return json_refuse(document, "status", err, "expected an array of one");
    }
    if (!fields_decode(&document_fields, &document->as.items[0], "status", arena, &lint, err)) {
        return false;
    }
    if (!text_is_ascii(lint.status.message.message)) {
        return err_set(err, ERR_INVALID, 0, "status: the headline is not ASCII");
    }
    *ret_word = lint.status.word;
    return true;
}
