/* SPDX-License-Identifier: MIT */
#include "licensing_fixture.h"
#include "unit.h"

void suite_kinds_clock(void);

#define W32TIME "HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\W32Time"
#define MACHINE(clock, role, registry, network)                                                                        \
    "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z'" clock "}, 'system': {" role              \
    "}, 'registry': {" registry "}, 'network': {" network "}}"
#define ALONE "'productType': 3, 'sku': 8, 'domainRole': 2"
#define SET(type, enabled)                                                                                             \
    "'" W32TIME "\\\\Parameters': {" type "}, '" W32TIME "\\\\TimeProviders\\\\VMICTimeProvider': {" enabled "}"
#define IMDS "'imds': {'versions': ['2021-02-01'], 'instance': {'compute': {'vmId': 'x'}}, 'ms': 3}"
#define OLD_IMDS "'imds': {'versions': ['2017-03-01'], 'instance': {}}"
#define DEAD_IMDS "'imds': {'outcome': 'timeout'}"
#define WIRE(answer) ", 'http': {'http://168.63.129.16/?comp=versions': " answer "}"
#define NTP SET("'Type': 'NTP'", "'Enabled': 1")

static const struct {
    const char *name, *document;
    struct expected_cell cells[5];
} rows[] = {
    {"right, by the host",
     MACHINE("", ALONE, NTP, IMDS),
     {{"skewSeconds", "0"}, {"witness", "IMDS"}, {"source", "host"}, {"domainMember", "false"}}},
    {"five hours ahead", MACHINE(", 'skewSeconds': 18000", ALONE, NTP, IMDS), {{"skewSeconds", "18000"}}},
    {"years behind", MACHINE(", 'skewSeconds': -100000000", ALONE, NTP, IMDS), {{"skewSeconds", "-100000000"}}},
    {"an IMDS that knows no such version still has a clock",
     MACHINE(", 'skewSeconds': 7", ALONE, NTP, OLD_IMDS),
     {{"skewSeconds", "7"}, {"witness", "IMDS"}}},
    {"a dead IMDS, and the time that it took",
     MACHINE(", 'skewSeconds': 60", ALONE, NTP, DEAD_IMDS WIRE("{'date': 'now', 'ms': 3}")),
     {{"skewSeconds", "60"}, {"witness", "wire server"}}},
    {"nobody dates an answer",
     MACHINE("", ALONE, NTP, DEAD_IMDS WIRE("{'status': 200}")),
     {{"skewSeconds", "unknown"}, {"witness", "absent"}}},
    {"nobody answers", MACHINE("", ALONE, NTP, DEAD_IMDS WIRE("'timeout'")), {{"skewSeconds", "unknown"}}},
    {"by NTP", MACHINE("", ALONE, SET("'Type': 'NTP'", "'Enabled': 0"), IMDS), {{"source", "ntp"}}},
    {"by the domain",
     MACHINE("", "'productType': 3, 'sku': 8, 'domainRole': 3", SET("'Type': 'NT5DS'", "'Enabled': 1"), IMDS),
     {{"source", "domain"}, {"domainMember", "true"}}},
    {"a domain controller",
     MACHINE("", "'productType': 2, 'sku': 8, 'domainRole': 5", SET("'Type': 'AllSync'", ""), IMDS),
     {{"source", "domain"}, {"domainMember", "true"}}},
    {"by nobody", MACHINE("", ALONE, SET("'Type': 'NoSync'", ""), IMDS), {{"source", "none"}}},
    {"a type that is a number",
     MACHINE("", "", SET("'Type': 5", ""), IMDS),
     {{"source", "unknown"}, {"domainMember", "unknown"}}},
};

static void clocks_are_compared(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture, rows[i].document);
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_clock));
        ROW_ASSERT(rows[i].name, cells_match(&fixture, &kind_clock, rows[i].cells));
    }
}

void suite_kinds_clock(void)
{
    UNIT_SUITE("kinds: clock", UNIT_TEST(clocks_are_compared));
}
