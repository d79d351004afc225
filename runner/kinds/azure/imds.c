/* SPDX-License-Identifier: MIT */
#include "kinds/azure/imds.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/platform.h"

enum { FIRST_DELAY_MS = 500, FIRST_DELAYS = 4 };

/* What has happened so far, one reply after the other. */
struct walk {
    const struct look *look;
    const struct imds_question *question;
    struct imds_answer answer;
    size_t version; /* next one of the question's own list */
    size_t silences;
    size_t delays;
    int64_t spent_ms;
    bool is_lean;
    bool took_hint;
};

static bool is_html(const struct net_reply *reply)
{
    if (reply->content_type != NULL && text_contains(reply->content_type, "html")) {
        return true;
    }
    const char *body = reply->body != NULL ? reply->body : "";
    return body[strspn(body, " \t\r\n")] == '<';
}

static void end_walk(struct walk *walk, enum imds_outcome outcome, const struct net_reply *reply, const char *what)
{
    walk->answer.outcome = outcome;
    if (reply->outcome == NET_ANSWERED) {
        walk->answer.why = arena_format(walk->look->arena, "IMDS: status %ld, %s", reply->status, what);
    } else {
        walk->answer.why = arena_format(walk->look->arena, "IMDS: %s, %s", net_outcome_names[reply->outcome], what);
    }
}

/* Later, if the time for all tries allows it. Retry-After is honoured as far as that. */
static void ask_later(struct walk *walk, const struct net_reply *reply)
{
    int64_t delay_ms = (int64_t)FIRST_DELAY_MS << (walk->delays < FIRST_DELAYS ? walk->delays : FIRST_DELAYS);
    if (reply->retry_after_ms > delay_ms) {
        delay_ms = reply->retry_after_ms;
    }
    if (delay_ms + LIMIT_IMDS_MS > LIMIT_IMDS_RETRY_MS - walk->spent_ms) {
        end_walk(walk, is_html(reply) ? IMDS_PROXIED : IMDS_BROKEN, reply, "to the end of our patience");
        return;
    }
    walk->delays++;
    walk->spent_ms += delay_ms;
    walk->answer.delay_ms = delay_ms;
}

static bool is_version(const char *text)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool fits = form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) {
            return false;
        }
    }
    return text[sizeof form - 1] == '\0';
}

/* A 400 names the versions that it knows. The first well-formed one, or NULL. */
static const char *hinted_version(const struct walk *walk, const struct net_reply *reply)
{
    const struct json_source source = {.file = "imds", .limit = LIMIT_IMDS_BYTES};
    const struct json *document = NULL;
    struct err err = {0};
    if (reply->body == NULL || !json_load(reply->body, reply->body_size, &source, walk->look->arena, &document, &err)) {
        return NULL;
    }
    const struct json *versions = json_find(document, "newest-versions");
    if (versions == NULL || versions->type != JSON_ARRAY) {
        return NULL;
    }
    for (uint32_t i = 0; i < versions->count; i++) {
        const struct json *item = &versions->as.items[i];
        if (item->type == JSON_TEXT && is_version(item->as.text)) {
            return item->as.text;
        }
    }
    return NULL;
}

static void ask_other_version(struct walk *walk, const struct net_reply *reply)
{
    const char *hint = walk->took_hint ? NULL : hinted_version(walk, reply);
    walk->took_hint = true;
    if (hint != NULL && !text_same(hint, walk->answer.version)) {
        walk->answer.version = hint;
        return;
    }
    const char *own = walk->question->versions[walk->version];
    if (own == NULL) {
        end_walk(walk, IMDS_BROKEN, reply, "no version suits it");
        return;
    }
    walk->version++;
    walk->answer.version = own;
}

/* The instance carries the user data, up to 64 KiB of it; older versions do not. */
static void ask_leaner(struct walk *walk, const struct net_reply *reply)
{
    if (walk->is_lean || walk->question->lean_version == NULL) {
        end_walk(walk, IMDS_BROKEN, reply, "larger than IMDS answers are");
        return;
    }
    walk->is_lean = true;
    walk->answer.version = walk->question->lean_version;
}

static void take_document(struct walk *walk, const struct net_reply *reply)
{
    const struct json_source source = {.file = "imds", .limit = LIMIT_IMDS_BYTES};
    const struct json *document = NULL;
    struct err err = {0};
    const char *body = reply->body != NULL ? reply->body : "";
    bool is_object =
        json_load(body, reply->body_size, &source, walk->look->arena, &document, &err) && document->type == JSON_OBJECT;
    if (!is_object) {
        end_walk(walk, is_html(reply) ? IMDS_PROXIED : IMDS_BROKEN, reply, "not the JSON object expected");
        return;
    }
    walk->answer.outcome = IMDS_ANSWERED;
    walk->answer.document = document;
}

static void take_status(struct walk *walk, const struct net_reply *reply)
{
    long status = reply->status;
    if (status == 200) {
        take_document(walk, reply);
    } else if (status == 400) {
        ask_other_version(walk, reply);
    } else if (status == 404) {
        end_walk(walk, IMDS_NONE, reply, "not found");
    } else if (status == 410 || status == 429 || (status >= 500 && status <= 599)) {
        ask_later(walk, reply);
    } else if ((status >= 300 && status <= 399) || status == 407 || is_html(reply)) {
        end_walk(walk, IMDS_PROXIED, reply, "which IMDS never says");
    } else if (status == 403) {
        end_walk(walk, IMDS_RESTRICTED, reply, "this program is not on the allow list of the VM");
    } else {
        end_walk(walk, IMDS_BROKEN, reply, "not expected");
    }
}

static bool is_silence(enum net_outcome outcome)
{
    return outcome == NET_TIMEOUT || outcome == NET_REFUSED || outcome == NET_UNREACHABLE || outcome == NET_DENIED;
}

static void take_reply(struct walk *walk, const struct net_reply *reply)
{
    walk->spent_ms += reply->elapsed_ms;
    walk->answer.delay_ms = 0;
    if (reply->outcome == NET_ANSWERED) {
        take_status(walk, reply);
    } else if (reply->outcome == NET_TOO_LARGE) {
        ask_leaner(walk, reply);
    } else if (reply->outcome == NET_TIMEOUT && walk->question->patient && walk->silences == 0) {
        walk->silences++;
        ask_later(walk, reply);
    } else if (is_silence(reply->outcome)) {
        end_walk(walk, IMDS_SILENT, reply, "nobody there");
    } else {
        end_walk(walk, IMDS_BROKEN, reply, "no answer to go by");
    }
}

struct imds_answer imds_follow(const struct look *look, const struct imds_question *question)
{
    struct walk walk = {
        .look = look,
        .question = question,
        .answer = {.outcome = IMDS_ASK, .version = question->versions[0]},
        .version = 1,
    };
    for (size_t i = 0; i < look->reply_count && walk.answer.outcome == IMDS_ASK; i++) {
        take_reply(&walk, &look->replies[i]);
    }
    return walk.answer;
}

size_t imds_next(const struct look *look, const struct imds_question *question, struct net_job *jobs, size_t room)
{
    static const char *const headers[] = {"Metadata: true", NULL};
    struct imds_answer answer = imds_follow(look, question);
    if (answer.outcome != IMDS_ASK || room == 0) {
        return 0;
    }
    jobs[0] = (struct net_job){
        .type = NET_HTTP,
        .url = arena_format(look->arena, "http://" PLATFORM_IMDS "%s?api-version=%s%s", question->path, answer.version,
                            question->more != NULL ? question->more : ""),
        .headers = headers,
        .limit_bytes = LIMIT_IMDS_BYTES,
        .timeout_ms = LIMIT_IMDS_MS,
        .delay_ms = answer.delay_ms,
    };
    return 1;
}

struct value imds_restricted(const struct imds_answer *answer)
{
    if (answer->outcome == IMDS_ASK || answer->outcome == IMDS_BROKEN) {
        return value_unknown(answer->outcome == IMDS_BROKEN && answer->why != NULL ? answer->why
                                                                                   : "IMDS was not asked to the end");
    }
    return value_bool(answer->outcome == IMDS_RESTRICTED);
}

const char *imds_text(const struct json *object, const char *name)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_TEXT ? member->as.text : NULL;
}
