/* SPDX-License-Identifier: MIT */
/* The log as documented, as recorded, and as nobody should write it. */
#include "kinds/licensing/spp_events.h"
#include "licensing_fixture.h"
#include "unit.h"

void suite_kinds_kms_events(void);

#define MACHINE(events) LICENSING_MACHINE("", events, "", "'products': []", "")
#define AUTO_ACTIVATE                                                                                                  \
    DATA("RuleId=31e71c49-8da7-4a2f-ad92-45d98a1c79ba;Action=AutoActivate;AppId=55c92734-d682-4d71-983e-d6ec3f16059f;" \
         "SkuId=ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03;NotificationInterval=1440;Trigger=NetworkAvailable")
#define FAILED_8198(time, code) SPP_EVENT("8198", time, DATA("hr=" code) AUTO_ACTIVATE)

static const struct {
    const char *name, *document;
    struct expected_cell cells[12];
} rows[] = {
    {"an empty log",
     MACHINE(""),
     {{"requests", "0"},
      {"answered", "0"},
      {"unanswered", "0"},
      {"failed", "0"},
      {"failedInRow", "0"},
      {"lastInnerCode", "absent"},
      {"lastHost", "absent"},
      {"newestAt", "absent"},
      {"others", ""},
      {"cut", "false"}}},
    {"renewed",
     MACHINE(REQUEST("2026-01-14T08:00:00.1000000", "0x0") ", " RESPONSE("2026-01-14T08:00:00.9000000", "0x0", "1")),
     {{"requests", "1"},
      {"answered", "1"},
      {"unanswered", "0"},
      {"failed", "0"},
      {"failedInRow", "0"},
      {"lastInnerCode", "0x00000000"},
      {"lastHost", "kms.example:1688"},
      {"newestAt", "1768377600"}}},
    {"refused by its own first field",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0xC004F06C")),
     {{"requests", "1"}, {"unanswered", "1"}, {"failed", "1"}, {"failedInRow", "1"}, {"lastInnerCode", "0xC004F06C"}}},
    {"sent, and never answered",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0x0")),
     {{"answered", "0"}, {"unanswered", "1"}, {"failed", "1"}, {"failedInRow", "1"}}},
    {"sent just now",
     MACHINE(REQUEST("2026-01-15T07:59:55.000", "0x0")),
     {{"requests", "1"}, {"unanswered", "0"}, {"failed", "0"}, {"failedInRow", "0"}}},
    {"answered with a refusal",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0x0") ", " RESPONSE("2026-01-14T08:00:01.000", "0xC004F042", "0")),
     {{"answered", "1"}, {"unanswered", "0"}, {"failed", "1"}, {"failedInRow", "1"}}},
    {"answered, not bound",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0x0") ", " RESPONSE("2026-01-14T08:00:01.000", "0x0", "0")),
     {{"answered", "1"}, {"failed", "1"}}},
    {"a response hours later is another's",
     MACHINE(REQUEST("2026-01-14T08:00:00.000", "0x0") ", " RESPONSE("2026-01-14T10:00:00.000", "0x0", "1")),
     {{"answered", "0"}, {"unanswered", "1"}, {"failed", "1"}}},
    {"a response without a request",
     MACHINE(RESPONSE("2026-01-14T10:00:00.000", "0x0", "1")),
     {{"requests", "0"}, {"answered", "0"}, {"unreadable", "0"}}},
    {"the last ones in a row",
     MACHINE(
         REQUEST("2026-01-11T08:00:00.000", "0xC004F074") ", " REQUEST("2026-01-12T08:00:00.000", "0x0") ", " RESPONSE(
             "2026-01-12T08:00:01.000", "0x0", "1") ", " REQUEST("2026-01-13T08:00:00.000",
                                                                 "0xC004F074") ", " REQUEST("2026-01-"
                                                                                            "14T08:"
                                                                                            "00:00."
                                                                                            "000",
                                                                                            "0xC0020"
                                                                                            "017")),
     {{"requests", "4"}, {"answered", "1"}, {"failed", "3"}, {"failedInRow", "2"}, {"lastInnerCode", "0xC0020017"}}},
    {"the last ones without an answer",
     MACHINE(REQUEST("2026-01-12T08:00:00.000", "0x0") ", " RESPONSE(
         "2026-01-12T08:00:01.000", "0xC004F042",
         "0") ", " REQUEST("2026-01-13T08:00:00.000", "0xC004F074") ", " REQUEST("2026-01-14T08:00:00.000", "0x0")),
     {{"failedInRow", "3"}, {"unansweredInRow", "2"}, {"lastInnerCode", "0x00000000"}}},
    {"too old to count",
     MACHINE(REQUEST("2025-12-31T08:00:00.000", "0xC004F074")),
     {{"requests", "0"}, {"failed", "0"}}},
    {"everything else, by id and code",
     MACHINE(SPP_EVENT("8229", "2026-01-13T08:00:00.000", DATA("0x80070005") DATA("rule")) ", " FAILED_8198(
         "2026-01-13T09:00:00.000",
         "0xC0020017") ", " FAILED_8198("2026-01-14T08:00:00.000",
                                        "0x80072EE7") ", " FAILED_8198("2026-01-14T09:00:00.000",
                                                                       "0xC0020017") ", " SPP_EVENT("16384",
                                                                                                    "2026-01-14T09:00:"
                                                                                                    "30.000",
                                                                                                    DATA("2126-01-14T08"
                                                                                                         ":00:30Z"))),
     {{"others", "id=8198, code=0xC0020017, times=2; id=8198, code=0x80072EE7, "
                 "times=1; id=8229, code=0x80070005, times=1"},
      {"requests", "0"},
      {"cut", "false"}}},
    {"not as documented",
     MACHINE(SPP_EVENT("12288", "2026-01-14T08:00:00.000", "") ", " SPP_EVENT("12288", "2026-01-14T08:00:00.000", DATA("0xC004F074")) ", " SPP_EVENT(
         "12288", "2026-01-14T08:00:00.000",
         DATA(
             "0xC004F0740, 0, a")) ", " SPP_EVENT("12288", "2026-01-14T08:00:00.000",
                                                  DATA(
                                                      "1, 2, 3")) ", " SPP_EVENT("12289", "2026-01-14T08:00:00.000",
                                                                                 DATA(
                                                                                     "0x0, 0x0, yes")) ", " SPP_EVENT("12289",
                                                                                                                      "2026-01-14T08:00:00.000",
                                                                                                                      DATA(
                                                                                                                          ",,,,,,"))),
     {{"requests", "0"}, {"unreadable", "6"}, {"failed", "0"}}},
    {"fields in several Data are not what is documented",
     MACHINE(SPP_EVENT("12288", "2026-01-14T08:00:00.000", DATA("0x0") DATA("0x0") DATA("kms.example:1688"))),
     {{"requests", "0"}, {"unreadable", "1"}}},
};

static void the_log_is_counted(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, rows[i].document);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_kms_events, rows[i].cells));
    }
}

/* The same log, judged by something that was changed since. */
static void evidence_ages(void)
{
    static const struct {
        const char *name;
        int64_t days, since;
        const char *requests;
    } ages[] = {
        {"14 days when nothing is said", 0, 0, "2"},
        {"30 days", 30, 0, "3"},
        {"2 days", 2, 0, "1"},
        {"since noon of the 13th", 0, 1768305600, "1"},
        {"since just before the oldest of 14 days", 0, 1, "2"},
        {"since tomorrow", 0, 1768550400, "0"},
    };
    for (size_t i = 0; i < COUNT_OF(ages); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, MACHINE(REQUEST("2025-12-31T08:00:00.000", "0xC004F074") ", " REQUEST(
                                     "2026-01-12T08:00:00.000", "0xC004F074") ", " REQUEST("2026-01-14T08:00:00.000",
                                                                                           "0xC004F074")));
        fixture.params[0] = ages[i].days > 0 ? value_int(ages[i].days) : value_absent();
        fixture.params[1] = ages[i].since > 0 ? value_int(ages[i].since) : value_absent();
        ROW_ASSERT(ages[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(ages[i].name, text_same(shown(&fixture, &kind_kms_events, "requests"), ages[i].requests));
    }
}

/* The log of an earlier KMS host or of an earlier key says nothing of the present ones. */
static void others_are_left_out(void)
{
    static const struct {
        const char *name, *host, *product, *requests, *unanswered, *products;
    } picks[] = {
        {"everybody's", NULL, NULL, "2", "1", NULL},
        {"of the host", "KMS.example", NULL, "2", "1", NULL},
        {"of a host with the same beginning", "kms.exam", NULL, "0", "0", NULL},
        {"of another host", "azkms.core.windows.net", NULL, "0", "0", NULL},
        {"of the product", NULL, "EF6CFC9F-8c5d-44ac-9aad-de6a2ea0ae03", "2", "1", NULL},
        {"of another product", NULL, "21c56779-b449-4d20-adfc-eece0e1ad74b", "0", "0", NULL},
        {"of both", "kms.example", "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03", "2", "1", NULL},
        {"of the host, another product", "kms.example", "21c56779-b449-4d20-adfc-eece0e1ad74b", "0", "0", NULL},
        {"of one of several products", NULL, NULL, "2", "1", "EF6CFC9F-8c5d-44ac-9aad-de6a2ea0ae03"},
        {"of none of several products", NULL, NULL, "0", "0", "d450596f-894d-49e0-966a-fd39ed4c4c64"},
    };
    for (size_t i = 0; i < COUNT_OF(picks); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, MACHINE(REQUEST("2026-01-12T08:00:00.000", "0x0") ", " RESPONSE(
                                     "2026-01-12T08:00:01.000", "0x0", "1") ", " REQUEST("2026-01-14T08:00:00.000",
                                                                                         "0xC004F074")));
        fixture.params[2] = value_text(picks[i].host);
        fixture.params[3] = value_text(picks[i].product);
        const struct value several[] = {value_text("21c56779-b449-4d20-adfc-eece0e1ad74b"),
                                        value_text(picks[i].products)};
        fixture.params[4] = picks[i].products != NULL ? value_list(TYPE_TEXT, several, 2) : value_absent();
        ROW_ASSERT(picks[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(picks[i].name, text_same(shown(&fixture, &kind_kms_events, "requests"), picks[i].requests));
        ROW_ASSERT(picks[i].name, text_same(shown(&fixture, &kind_kms_events, "unansweredInRow"), picks[i].unanswered));
    }
}

/* Whoever may write to the log may write as many codes as he likes. */
static void more_kinds_than_places_are_cut(void)
{
    static const struct {
        const char *name, *cut;
        size_t count, rows;
    } logs[] = {{"all have a place", "false", 32, 32}, {"one has none", "true", 33, 33}};
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf events AUTO(buf_clear);
        buf_init(&events, LIMIT_MACHINE_BYTES);
        for (size_t code = 0; code < logs[i].count; code++) {
            buf_format(&events, "%s" SPP_EVENT("8198", "2026-01-14T08:00:00.000", DATA("0x8000%04zX")),
                       code > 0 ? ", " : "", code);
        }
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_MACHINE_BYTES);
        buf_format(&document, MACHINE("%s"), buf_string(&events));
        fixture_quoted(&fixture, buf_string(&document));
        ROW_ASSERT(logs[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(logs[i].name, cell_named(&fixture, &kind_kms_events, "others")->as.list.count == logs[i].rows);
        ROW_ASSERT(logs[i].name, text_same(shown(&fixture, &kind_kms_events, "cut"), logs[i].cut));
    }
}

static void a_log_that_cannot_be_read_is_unknown(void)
{
    struct fixture fixture AUTO(fixture_close);
    fixture_quoted(&fixture, "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z'}, 'events': {}}");
    CU_ASSERT(!fixture_look(&fixture, &kind_kms_events) && fixture.err.code == ERR_UNSCRIPTED);
}

#define OFFICE "fbdb3e18-a8ef-4fb3-9183-dffd60bd0984"
#define OF_OFFICE(time, code)                                                                                          \
    SPP_EVENT("12288", time,                                                                                           \
              DATA(code ", 0x00000000, kms-office.example:1688, 36f27b39-0f71-4f4b-9a5e-0a4f3e2b1c00, "                \
                        "2026/01/14 08:00, 1, 2, 0, " OFFICE ", 5"))
#define T(second) "2026-01-14T08:00:" second

/* A response names no product: it is its request's, and where two products asked at once it may be either's. */
static void whose_response_it_was(void)
{
    static const struct {
        const char *name, *events;
        struct expected_cell cells[6];
    } logs[] = {
        {"one after the other",
         REQUEST(T("00.0"), "0x0") ", " RESPONSE(T("00.4"), "0x0", "1") ", " OF_OFFICE(T("01.0"), "0x0") ", " RESPONSE(
             T("01.4"), "0xC004F042", "0"),
         {{"requests", "1"}, {"answered", "1"}, {"failed", "0"}, {"failedInRow", "0"}}},
        {"at once, the same answers",
         REQUEST(T("00.0"), "0x0") ", " OF_OFFICE(T("00.1"), "0x0") ", " RESPONSE(T("00.4"), "0x0", "1") ", " RESPONSE(
             T("00.5"), "0x0", "1"),
         {{"requests", "1"}, {"answered", "1"}, {"failed", "0"}, {"failedInRow", "0"}}},
        {"at once, one is refused",
         REQUEST(T("00.0"), "0x0") ", " OF_OFFICE(T("00.1"), "0x0") ", " RESPONSE(
             T("00.4"), "0xC004F042", "0") ", " RESPONSE(T("00.5"), "0x0", "1"),
         {{"requests", "1"}, {"answered", "0+"}, {"failed", "0+"}, {"failedInRow", "0+"}, {"unansweredInRow", "0+"}}},
        {"at once, one answer",
         REQUEST(T("00.0"), "0x0") ", " OF_OFFICE(T("00.1"), "0x0") ", " RESPONSE(T("00.4"), "0xC004F042", "0"),
         {{"requests", "1"}, {"answered", "0+"}, {"failed", "0+"}, {"failedInRow", "0+"}, {"unansweredInRow", "0+"}}},
        {"the other did not go out",
         REQUEST(T("00.0"), "0x0") ", " OF_OFFICE(T("00.1"), "0xC004F074") ", " RESPONSE(T("00.4"), "0x0", "1"),
         {{"requests", "1"}, {"answered", "1"}, {"failed", "0"}}},
        {"ours did not go out",
         OF_OFFICE(T("00.0"), "0x0") ", " REQUEST(T("00.1"), "0xC004F074") ", " RESPONSE(T("00.4"), "0x0", "1"),
         {{"requests", "1"}, {"answered", "0"}, {"failed", "1"}, {"failedInRow", "1"}}},
        {"the other's, unanswered minutes ago",
         OF_OFFICE("2026-01-14T07:50:00.0", "0x0") ", " REQUEST(T("00.1"), "0x0") ", " RESPONSE(T("00.4"), "0x0", "1"),
         {{"requests", "1"}, {"answered", "1"}, {"failed", "0"}}},
    };
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear);
        buf_init(&document, LIMIT_MACHINE_BYTES);
        buf_format(&document, MACHINE("%s"), logs[i].events);
        fixture_quoted(&fixture, buf_string(&document));
        fixture.params[3] = value_text(SKU);
        ROW_ASSERT(logs[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(logs[i].name, cells_match(&fixture, &kind_kms_events, logs[i].cells));
    }
}

static void fill(struct buf *events, size_t count, const char *event)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(events, "%s%s", events->size > 0 ? ", " : "", event);
    }
}

/* What stands behind the newest 512 is not known: a number is at least, and what was not seen may be there. */
static void a_cut_list_is_not_a_no(void)
{
    static const char ours[] = REQUEST("2026-01-14T08:00:00.0", "0xC004F074");
    static const char theirs[] = OF_OFFICE("2026-01-14T08:00:01.0", "0xC004F074");
    static const char served[] =
        REQUEST("2026-01-14T08:00:02.0", "0x0") ", " RESPONSE("2026-01-14T08:00:02.4", "0x0", "1");
    static const struct {
        const char *name;
        size_t ours, theirs, served;
        struct expected_cell cells[8];
    } logs[] = {
        {"as many as are read", 1, 511, 0, {{"requests", "1"}, {"failedInRow", "1"}, {"cut", "false"}}},
        {"one more",
         1,
         512,
         0,
         {{"requests", "0+"},
          {"answered", "0+"},
          {"failedInRow", "0+"},
          {"lastInnerCode", "unknown"},
          {"cut", "true"}}},
        {"more of ours", 600, 0, 0, {{"requests", "512+"}, {"failedInRow", "512+"}, {"lastInnerCode", "0xC004F074"}}},
        {"the newest one was served",
         600,
         0,
         1,
         {{"requests", "511+"}, {"failedInRow", "0"}, {"unansweredInRow", "0"}}},
    };
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf events AUTO(buf_clear);
        struct buf document AUTO(buf_clear);
        buf_init(&events, LIMIT_MACHINE_BYTES);
        buf_init(&document, LIMIT_MACHINE_BYTES);
        fill(&events, logs[i].ours, ours);
        fill(&events, logs[i].theirs, theirs);
        fill(&events, logs[i].served, served);
        buf_format(&document, MACHINE("%s"), buf_string(&events));
        fixture_quoted(&fixture, buf_string(&document));
        fixture.params[3] = value_text(SKU);
        ROW_ASSERT(logs[i].name, fixture_look(&fixture, &kind_kms_events));
        ROW_ASSERT(logs[i].name, cells_match(&fixture, &kind_kms_events, logs[i].cells));
    }
}

static void codes_are_read_strictly(void)
{
    static const struct {
        const char *text;
        bool is_code;
        uint32_t code;
    } codes[] = {{"0x0", true, 0},
                 {"0xC004F074", true, 0xC004F074},
                 {"hr=0x800704CF", true, 0x800704CF},
                 {"0xc004f074, 1", true, 0xC004F074},
                 {"0x", false, 0},
                 {"0xC004F0741", false, 0},
                 {"C004F074", false, 0},
                 {"0xG", false, 0},
                 {"", false, 0},
                 {"0x1x", false, 0},
                 {" 0x1", false, 0},
                 {"-0x1", false, 0}};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        uint32_t code = 0;
        ROW_ASSERT(codes[i].text, spp_events_code(codes[i].text, &code) == codes[i].is_code && code == codes[i].code);
    }
}

void suite_kinds_kms_events(void)
{
    UNIT_SUITE("kinds: kms_events", UNIT_TEST(the_log_is_counted), UNIT_TEST(evidence_ages),
               UNIT_TEST(others_are_left_out), UNIT_TEST(more_kinds_than_places_are_cut),
               UNIT_TEST(a_log_that_cannot_be_read_is_unknown), UNIT_TEST(whose_response_it_was),
               UNIT_TEST(a_cut_list_is_not_a_no), UNIT_TEST(codes_are_read_strictly));
}
