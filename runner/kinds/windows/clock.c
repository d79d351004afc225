/* SPDX-License-Identifier: MIT */
/*
 * The machine's clock against the one that dates Azure's own answers: IMDS, else the wire server, both on the host. UTC
 * only; the time zone is nobody's business. Source:
 * https://learn.microsoft.com/azure/virtual-machines/windows/time-sync (VMICTimeProvider, W32Time's Type).
 */
#include "host/nouns/clock/clock.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "host/nouns/system/system.h"
#include "host/platform.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

#define W32TIME "HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time"

enum { CLOCK_SKEW_SECONDS, CLOCK_WITNESS, CLOCK_SOURCE, CLOCK_DOMAIN_MEMBER, CLOCK_COUNT };
enum { SOURCE_DOMAIN, SOURCE_HOST, SOURCE_NTP, SOURCE_NONE };
static const char *const clock_sources[] = {"domain", "host", "ntp", "none", NULL};

static const struct column properties[] = {
    [CLOCK_SKEW_SECONDS] = INT_COLUMN("skewSeconds", INT64_MIN, INT64_MAX, UNIT_SECONDS, 0,
                                      "how far the clock is ahead of the witness; below 0: behind it"),
    [CLOCK_WITNESS] = TEXT_COLUMN("witness", 0, "whose clock it was compared with"),
    [CLOCK_SOURCE] = WORD_COLUMN("source", clock_sources, 0, "where the time service takes its time from"),
    [CLOCK_DOMAIN_MEMBER] = BOOL_COLUMN("domainMember", 0, "the domain owns its clock"),
};
_Static_assert(COUNT_OF(properties) == CLOCK_COUNT, "one row a property");

static const char *const metadata_header[] = {"Metadata: true", NULL};
static const struct {
    const char *name, *url;
    const char *const *headers;
} witnesses[] = {
    {"IMDS", "http://" PLATFORM_IMDS "/metadata/instance/compute/vmId?api-version=2021-02-01&format=text",
     metadata_header},
    {"wire server", "http://" PLATFORM_HOST "/?comp=versions", NULL},
};

/* --- what the machine says of itself --- */

/* Hyper-V's provider gives the host's time beside whatever else is set. */
static struct value source_cell(struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_value provider = {0};
    struct value type = cell_registry_text(look->arena, host, W32TIME "\\Parameters", "Type");
    if (!host_registry_query(host, W32TIME "\\TimeProviders\\VMICTimeProvider", "Enabled", &provider, &err)) {
        return cell_failed(look->arena, &err);
    }
    if (type.state == VALUE_UNKNOWN) {
        return type;
    }
    const char *word = type.state == VALUE_KNOWN ? type.as.text : "";
    if (text_equal(word, "NT5DS") || text_equal(word, "AllSync")) {
        return value_text(clock_sources[SOURCE_DOMAIN]);
    }
    if (provider.is_number && provider.number == 1) {
        return value_text(clock_sources[SOURCE_HOST]);
    }
    return value_text(clock_sources[text_equal(word, "NTP") ? SOURCE_NTP : SOURCE_NONE]);
}

static struct value member_cell(struct look *look, struct host *host)
{
    struct err err = {0};
    struct system_facts facts = {0};
    if (!host_system_query(host, &facts, &err)) {
        return cell_failed(look->arena, &err);
    }
    int64_t role = facts.domain_role; /* 0 and 2 stand alone */
    return cell_when_known(facts.known, SYSTEM_ROLE, value_bool(role != 0 && role != 2));
}

static bool clock_look(struct look *look, struct host *host, struct err *err)
{
    (void)err;
    int64_t *began_ms = arena_alloc(look->arena, sizeof *began_ms);
    *began_ms = host_utc_ms(host);
    look->local = began_ms;
    look->cells[CLOCK_SOURCE] = source_cell(look, host);
    look->cells[CLOCK_DOMAIN_MEMBER] = member_cell(look, host);
    return true;
}

/* --- what the witnesses say --- */

static bool is_dated(const struct net_reply *reply)
{
    return reply->outcome == NET_ANSWERED && reply->date >= 0;
}

static size_t clock_next(struct look *look, struct net_job *jobs, size_t room)
{
    size_t asked = look->reply_count;
    bool is_settled = asked > 0 && is_dated(&look->replies[asked - 1]);
    if (is_settled || asked == COUNT_OF(witnesses) || room == 0) {
        return 0;
    }
    jobs[0] = (struct net_job){.type = NET_HTTP,
                               .url = witnesses[asked].url,
                               .headers = witnesses[asked].headers,
                               .limit_bytes = LIMIT_IMDS_BYTES,
                               .timeout_ms = LIMIT_IMDS_MS};
    return 1;
}

/* One round after the other, so that the time they took adds up. */
static void clock_read(struct look *look)
{
    int64_t now_ms = *(const int64_t *)look->local;
    for (size_t i = 0; i < look->reply_count; i++) {
        const struct net_reply *reply = &look->replies[i];
        now_ms += reply->elapsed_ms;
        if (is_dated(reply)) {
            look->cells[CLOCK_SKEW_SECONDS] = value_int(now_ms / 1000 - reply->date);
            look->cells[CLOCK_WITNESS] = value_text(witnesses[i].name);
            return;
        }
    }
    look->cells[CLOCK_SKEW_SECONDS] = value_unknown("neither IMDS nor the wire server told the time");
}

const struct kind kind_clock = {
    .name = "clock",
    .about = "the machine's clock against Azure's",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_CLOCK) | NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_REGISTRY) | NOUN_BIT(NOUN_SYSTEM),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .look = clock_look,
    .next = clock_next,
    .read = clock_read,
};
