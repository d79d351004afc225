/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { STATUS_MIN = 100, STATUS_MAX = 999 };
enum { PARAM_URL, PARAM_CONTAINS, PARAM_COUNT };
enum {
    HTTP_OUTCOME,
    HTTP_STATUS,
    HTTP_BODY_BYTES,
    HTTP_CONTAINS_TEXT,
    HTTP_CONTENT_TYPE,
    HTTP_DATE,
    HTTP_ADDRESS,
    HTTP_COUNT
};

static const struct column params[] = {
    [PARAM_URL] = TEXT_COLUMN("url", COLUMN_REQUIRED, "http:// or https://; no proxy, no redirect is followed"),
    [PARAM_CONTAINS] = TEXT_COLUMN("contains", 0, "what containsText looks for, ASCII letters in either case"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [HTTP_OUTCOME] = WORD_COLUMN("outcome", net_outcome_names, 0, "answered: there was a whole answer, of any status"),
    [HTTP_STATUS] = INT_COLUMN("status", STATUS_MIN, STATUS_MAX, UNIT_NUMBER, 0, "of the answer"),
    [HTTP_BODY_BYTES] = INT_COLUMN("bodyBytes", 0, LIMIT_HTTP_BYTES, UNIT_BYTES, 0, "size of the body"),
    [HTTP_CONTAINS_TEXT] = BOOL_COLUMN("containsText", 0, "the parameter contains occurs in it; absent when not given"),
    [HTTP_CONTENT_TYPE] = TEXT_COLUMN("contentType", 0, "as the answer says"),
    [HTTP_DATE] = INT_COLUMN("date", 0, 0, UNIT_TIME, 0, "the far end's clock"),
    [HTTP_ADDRESS] = SHAPED_COLUMN("address", SHAPE_ADDRESS, 0, "the one that was connected"),
};
_Static_assert(COUNT_OF(properties) == HTTP_COUNT, "one row a property");

static size_t http_next(struct look *look, struct net_job *jobs, size_t room)
{
    if (look->reply_count > 0 || room == 0) {
        return 0;
    }
    jobs[0] = (struct net_job){
        .type = NET_HTTP,
        .url = look_text(look, PARAM_URL),
        .limit_bytes = LIMIT_HTTP_BYTES,
        .timeout_ms = look->probe_ms,
    };
    return 1;
}

static struct value status_of(const struct net_reply *reply)
{
    bool is_status = reply->status >= STATUS_MIN && reply->status <= STATUS_MAX;
    return is_status ? value_int(reply->status) : value_unknown("an answer with a number that is no status");
}

static void http_read(struct look *look)
{
    const struct net_reply *reply = &look->replies[0];
    look->cells[HTTP_OUTCOME] = cell_outcome(look->arena, reply);
    if (reply->outcome != NET_ANSWERED) {
        return;
    }
    const char *part = look_text(look, PARAM_CONTAINS);
    look->cells[HTTP_STATUS] = status_of(reply);
    look->cells[HTTP_BODY_BYTES] = value_int((int64_t)reply->body_size);
    look->cells[HTTP_CONTENT_TYPE] = cell_text(look->arena, reply->content_type);
    if (part != NULL) {
        look->cells[HTTP_CONTAINS_TEXT] = value_bool(reply->body != NULL && text_contains(reply->body, part));
    }
    if (reply->date >= 0) {
        look->cells[HTTP_DATE] = value_int(reply->date);
    }
    if (reply->address_count > 0) {
        look->cells[HTTP_ADDRESS] = cell_checked(look->arena, &properties[HTTP_ADDRESS], reply->addresses[0].text);
    }
}

const struct kind kind_http = {
    .name = "http",
    .about = "one GET: was there an answer, and what kind",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"url\": \"https://www.microsoft.com/\"}",
    .next = http_next,
    .read = http_read,
};
