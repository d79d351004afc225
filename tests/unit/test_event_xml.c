/* SPDX-License-Identifier: MIT */
/* Events as the system's viewer shows them, as they were recorded, and as somebody hostile would write them. */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/event/event.h"
#include "unit.h"

void suite_event_xml(void);

static struct arena arena;

static int open_arena(void)
{
    struct err err = {0};
    return arena_open(&arena, LIMIT_ARENA_BYTES, &err) ? 0 : 1;
}

static int close_arena(void)
{
    arena_close(&arena);
    return 0;
}

#define PROVIDER                                                                                                       \
    "<Provider Name=\"Microsoft-Windows-Security-SPP\" Guid=\"{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}\" "               \
    "EventSourceName=\"Software Protection Platform Service\" />"
#define EVENT(system, rest)                                                                                            \
    "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System>" system "</System>" rest "</"     \
    "Event>"
#define TIME "<TimeCreated SystemTime=\"2025-08-30T03:50:25.5412832Z\" />"
#define DATA(text) "<EventData><Data>" text "</Data></EventData>"

static const struct {
    const char *name, *xml, *provider;
    uint32_t id;
    uint64_t record_id;
    int64_t utc_ms;
    const char *data[3];
} events[] = {
    {"a request, one Data",
     EVENT(PROVIDER "<EventID Qualifiers=\"16384\">12288</EventID><Version>0</Version><Level>4</Level>"
                    "<Keywords>0x80000000000000</Keywords>" TIME "<EventRecordID>53</EventRecordID><Correlation />"
                    "<Execution ProcessID=\"0\" ThreadID=\"0\" /><Channel>Application</Channel>"
                    "<Computer>vm</Computer><Security />",
           DATA("0xC004F074, 0x00000000, kms.core.windows.net:1688")),
     "Microsoft-Windows-Security-SPP",
     12288,
     53,
     1756525825541,
     {"0xC004F074, 0x00000000, kms.core.windows.net:1688"}},
    {"two Data, blanks between, apostrophes",
     "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>\r\n  <System>\r\n    <Provider "
     "Name='Microsoft-Windows-Security-SPP'/>\r\n    <EventID>8198</EventID>\r\n    <TimeCreated "
     "SystemTime='2025-08-30T03:50:25Z'/>\r\n  </System>\r\n  <EventData>\r\n    <Data>hr=0x800704CF</Data>\r\n    "
     "<Data>RuleId=1;Action=AutoActivate</Data>\r\n  </EventData>\r\n</Event>\r\n",
     "Microsoft-Windows-Security-SPP",
     8198,
     0,
     1756525825000,
     {"hr=0x800704CF", "RuleId=1;Action=AutoActivate"}},
    {"no data",
     EVENT(PROVIDER "<EventID>903</EventID>" TIME, "<EventData />"),
     "Microsoft-Windows-Security-SPP",
     903,
     0,
     1756525825541,
     {NULL}},
    {"entities of XML itself",
     EVENT(PROVIDER "<EventID>1</EventID>" TIME, DATA("a&amp;b &lt;c&gt; &#65;")),
     "Microsoft-Windows-Security-SPP",
     1,
     0,
     1756525825541,
     {"a&b <c> A"}},
    {"an id outside System is not one",
     EVENT(PROVIDER "<EventID>1</EventID>" TIME, "<UserData><EventID>2</EventID></UserData>"),
     "Microsoft-Windows-Security-SPP",
     1,
     0,
     1756525825541,
     {NULL}},
};

static void documented_events_are_read(void)
{
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        struct event_record record = {0};
        struct err err = {0};
        bool read = event_parse(events[i].xml, strlen(events[i].xml), &arena, &record, &err);
        ROW_ASSERT(events[i].name, read);
        ROW_ASSERT(events[i].name, text_same(record.provider, events[i].provider) && record.id == events[i].id);
        ROW_ASSERT(events[i].name, record.record_id == events[i].record_id && record.utc_ms == events[i].utc_ms);
        size_t count = 0;
        while (count < COUNT_OF(events[i].data) && events[i].data[count] != NULL) {
            bool same = count < record.data_count && text_same(record.data[count], events[i].data[count]);
            ROW_ASSERT(events[i].name, same);
            count++;
        }
        ROW_ASSERT(events[i].name, record.data_count == count);
    }
}

static const struct {
    const char *name, *xml;
} hostile[] = {
    {"nothing", ""},
    {"no XML", "12288"},
    {"cut off", "<Event><System>" PROVIDER "<EventID>1</EventID>"},
    {"two documents", EVENT(PROVIDER "<EventID>1</EventID>" TIME, "") EVENT(PROVIDER, "")},
    {"no provider", EVENT("<EventID>1</EventID>" TIME, "")},
    {"no time", EVENT(PROVIDER "<EventID>1</EventID>", "")},
    {"a time that is none",
     EVENT(PROVIDER "<EventID>1</EventID><TimeCreated SystemTime=\"yesterday at noon 1\"/>", "")},
    {"an id that is no number", EVENT(PROVIDER "<EventID>0x1</EventID>" TIME, "")},
    {"an id that is negative", EVENT(PROVIDER "<EventID>-1</EventID>" TIME, "")},
    {"an id over 32 bits", EVENT(PROVIDER "<EventID>4294967296</EventID>" TIME, "")},
    {"a document type",
     "<!DOCTYPE Event [<!ENTITY a \"b\">]>" EVENT(PROVIDER "<EventID>1</EventID>" TIME, DATA("&a;"))},
    {"a file to be read", "<!DOCTYPE Event [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" EVENT(
                              PROVIDER "<EventID>1</EventID>" TIME, DATA("&a;"))},
    {"an entity of nobody", EVENT(PROVIDER "<EventID>1</EventID>" TIME, DATA("&b;"))},
    {"a byte that is no UTF-8", EVENT(PROVIDER "<EventID>1</EventID>" TIME, DATA("\xFF"))},
    {"a control character", EVENT(PROVIDER "<EventID>1</EventID>" TIME, DATA("\x01"))},
};

static void everything_else_is_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct event_record record = {0};
        struct err err = {0};
        ROW_ASSERT(hostile[i].name, !event_parse(hostile[i].xml, strlen(hostile[i].xml), &arena, &record, &err));
        ROW_ASSERT(hostile[i].name, err.code == ERR_INVALID && record.provider == NULL);
    }
}

static char *repeated(const char *head, const char *part, size_t times, const char *tail)
{
    struct buf text AUTO(buf_clear);
    buf_init(&text, LIMIT_MACHINE_BYTES);
    buf_text(&text, head);
    for (size_t i = 0; i < times; i++) {
        buf_text(&text, part);
    }
    buf_text(&text, tail);
    return arena_copy(&arena, buf_string(&text), text.size);
}

#define HEAD "<Event><System>" PROVIDER "<EventID>1</EventID>" TIME "</System><EventData>"
static void bounds_hold(void)
{
    const struct {
        const char *name, *part;
        size_t times;
        enum err_code code;
    } rows[] = {
        {"64 Data", "<Data>x</Data>", 64, ERR_NONE},
        {"65 Data", "<Data>x</Data>", 65, ERR_INVALID},
        {"a hundred deep", "<a>", 100, ERR_INVALID},
        {"over 64 KiB", "<Data>0123456789012345678901234567890123456789</Data>", 2000, ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct event_record record = {0};
        struct err err = {0};
        const char *xml = repeated(HEAD, rows[i].part, rows[i].times, "</EventData></Event>");
        bool read = event_parse(xml, strlen(xml), &arena, &record, &err);
        ROW_ASSERT(rows[i].name, read == (rows[i].code == ERR_NONE) && err.code == rows[i].code);
        ROW_ASSERT(rows[i].name, !read || record.data_count == rows[i].times);
    }
}

void suite_event_xml(void)
{
    OPENED_SUITE("event_xml", open_arena, close_arena, UNIT_TEST(documented_events_are_read),
                 UNIT_TEST(everything_else_is_refused), UNIT_TEST(bounds_hold));
}
