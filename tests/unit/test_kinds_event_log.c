/* SPDX-License-Identifier: MIT */
/* A log by its name alone: all of it, of no time and no ids in particular. */
#include "kinds_fixture.h"
#include "unit.h"

#define EVENT(id, time)                                                                                                \
    "<Event xmlns=`http://schemas.microsoft.com/win/2004/08/events/event`><System><Provider Name=`A`/><EventID>" id    \
    "</EventID><TimeCreated SystemTime=`" time "`/><Channel>Log</Channel></System><EventData><Data>one</Data>"         \
    "<Data>two</Data></EventData></Event>"

static void newest_of_all(void)
{
    static const struct expected_cell cells[] = {{"count", "2"}, {"newestId", "8"}, {"newestData", "one, two"}, {0}};
    static const char document[] =
        "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z', 'uptimeSeconds': 100}, 'events': "
        "{'Log': "
        "['" EVENT("7", "2026-01-15T07:00:00.0000000Z") "', '" EVENT("8", "2026-01-15T07:30:00.0000000Z") "']}}";
    char xml[sizeof document];
    for (size_t i = 0; i < sizeof document; i++) {
        xml[i] = document[i] == '\'' ? '"' : document[i] == '`' ? '\'' : document[i];
    }
    struct fixture fixture AUTO(fixture_close);
    fixture_machine(&fixture, xml);
    fixture.params[0] = value_text("Log");
    CU_ASSERT(fixture_look(&fixture, &kind_event_log));
    CU_ASSERT(cells_match(&fixture, &kind_event_log, cells));
}

void suite_kinds_event_log(void);
void suite_kinds_event_log(void)
{
    UNIT_SUITE("kinds: event_log", UNIT_TEST(newest_of_all));
}
