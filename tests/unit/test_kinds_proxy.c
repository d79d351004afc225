/* SPDX-License-Identifier: MIT */
/* Which proxy would get a request to IMDS: WinHTTP's bytes, hostile ones too, and the environment. */
#include "host/hex.h"
#include "kinds/azure/proxy.h"
#include "kinds_fixture.h"
#include "unit.h"

#define IMDS "169.254.169.254"
#define CONNECTIONS "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Internet Settings\\\\Connections"
#define ENVIRONMENT "HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\Session Manager\\\\Environment"

/* proxy and bypass NULL: as Microsoft shows "direct access". */
static const char *winhttp_hex(struct arena *arena, const char *proxy, const char *bypass)
{
    if (proxy == NULL) {
        return "1800000000000000010000000000000000000000";
    }
    return arena_format(arena, "180000000000000003000000%02x000000%s%02x000000%s", (unsigned)strlen(proxy),
                        hex_encode(arena, proxy, strlen(proxy)), (unsigned)strlen(bypass),
                        hex_encode(arena, bypass, strlen(bypass)));
}

static const struct {
    const char *name, *proxy, *bypass, *shown; /* shown NULL: no proxy gets it */
} winhttp[] = {
    {"direct access", NULL, NULL, NULL},
    {"a proxy", "proxy.corp.example:8080", "", "proxy.corp.example:8080"},
    {"local names only", "proxy:8080", "<local>", "proxy:8080"},
    {"the address is exempt", "proxy:8080", "*.corp.example;169.254.169.254", NULL},
    {"with stars", "proxy:8080", "169.254.*", NULL},
    {"everything is exempt", "proxy:8080", "*", NULL},
    {"another address is exempt", "proxy:8080", "169.254.169.25", "proxy:8080"},
    {"by scheme", "http=one:80;https=two:443", "", "one:80"},
    {"https only", "https=two:443", "", NULL},
    {"an empty one", "", "", NULL},
    {"with user and password", "alice:pass@proxy:8080", "", "proxy:8080"},
    {"with a password as a URL has it", "http://CORP\\alice:p@ss:w@proxy:8080", "", "http://proxy:8080"},
    {"by scheme, with a password", "http=alice:pass@one:80;https=two:443", "", "one:80"},
    {"an IPv6 literal", "[fd00::1]:8080", "", "[fd00::1]:8080"},
};

static struct value ask_winhttp(struct fixture *fixture, const char *value)
{
    struct arena texts AUTO(arena_close) = {0};
    struct err err = {0};
    must(arena_open(&texts, LIMIT_TEXT_BYTES * 4, &err));
    fixture_quoted(
        fixture, arena_format(&texts, "{'machine': 'azmend.machine/1', 'registry': {'" CONNECTIONS "': {%s}}}", value));
    return proxy_of_winhttp(&fixture->arena, &fixture->host, IMDS);
}

static void reads_winhttp(void)
{
    struct arena texts AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&texts, LIMIT_MACHINE_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(winhttp); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value value =
            ask_winhttp(&fixture, arena_format(&texts, "'WinHttpSettings': {'type': 3, 'hex': '%s'}",
                                               winhttp_hex(&texts, winhttp[i].proxy, winhttp[i].bypass)));
        ROW_ASSERT(winhttp[i].name, value.state == (winhttp[i].shown != NULL ? VALUE_KNOWN : VALUE_ABSENT));
        ROW_ASSERT(winhttp[i].name, value.state != VALUE_KNOWN || text_same(value.as.text, winhttp[i].shown));
    }
}

/* Not of the form known: unknown, never "none". */
static const struct {
    const char *name, *value;
    enum value_state state;
} odd[] = {
    {"no value", "", VALUE_ABSENT},
    {"empty", "'WinHttpSettings': {'type': 3, 'hex': ''}", VALUE_UNKNOWN},
    {"a text", "'WinHttpSettings': 'proxy:8080'", VALUE_UNKNOWN},
    {"head only, manual", "'WinHttpSettings': {'type': 3, 'hex': '180000000000000003000000'}", VALUE_UNKNOWN},
    {"a length beyond the end", "'WinHttpSettings': {'type': 3, 'hex': '180000000000000003000000ffffffff41'}",
     VALUE_UNKNOWN},
    {"a list that ends within a password",
     "'WinHttpSettings': {'type': 3, 'hex': '180000000000000003000000"
     "11000000687474703d613a703b772073404f6e653a3800000000'}",
     VALUE_UNKNOWN},
    {"no bypass list", "'WinHttpSettings': {'type': 3, 'hex': '1800000000000000030000000100000041'}", VALUE_UNKNOWN},
};

static void odd_bytes(void)
{
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct fixture fixture AUTO(fixture_close);
        ROW_ASSERT(odd[i].name, ask_winhttp(&fixture, odd[i].value).state == odd[i].state);
    }
}

static const struct {
    const char *name, *values, *shown;
} environment[] = {
    {"nothing set", "", NULL},
    {"http_proxy", "'http_proxy': 'http://proxy:8080'", "http://proxy:8080"},
    {"in capitals", "'HTTP_PROXY': 'http://proxy:8080'", "http://proxy:8080"},
    {"all_proxy", "'ALL_PROXY': 'socks5://proxy:1080'", "socks5://proxy:1080"},
    {"empty", "'HTTP_PROXY': ''", NULL},
    {"https only", "'HTTPS_PROXY': 'http://proxy:8080'", NULL},
    {"exempt", "'HTTP_PROXY': 'http://proxy:8080', 'NO_PROXY': 'localhost, 169.254.169.254'", NULL},
    {"exempt as a network", "'HTTP_PROXY': 'http://proxy:8080', 'NO_PROXY': '10.0.0.0/8,169.254.0.0/16'", NULL},
    {"a user", "'HTTP_PROXY': 'http://alice@proxy:8080/'", "http://proxy:8080/"},
    {"user and password", "'HTTP_PROXY': 'http://alice:pa/ss@w@proxy:8080'", "http://proxy:8080"},
    {"without a scheme", "'all_proxy': 'alice:pass@proxy:8080'", "proxy:8080"},
    {"a scheme's mark within a password", "'all_proxy': 'alice:a://b@proxy:8080'", "proxy:8080"},
    {"others exempt", "'HTTP_PROXY': 'http://proxy:8080', 'NO_PROXY': 'localhost,10.0.0.0/8'", "http://proxy:8080"},
};

static void reads_the_environment(void)
{
    struct arena texts AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&texts, LIMIT_MACHINE_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(environment); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_quoted(&fixture,
                       arena_format(&texts, "{'machine': 'azmend.machine/1', 'registry': {'" ENVIRONMENT "': {%s}}}",
                                    environment[i].values));
        struct value value = proxy_of_environment(&fixture.arena, &fixture.host, IMDS);
        ROW_ASSERT(environment[i].name, value.state == (environment[i].shown != NULL ? VALUE_KNOWN : VALUE_ABSENT));
        ROW_ASSERT(environment[i].name, value.state != VALUE_KNOWN || text_same(value.as.text, environment[i].shown));
    }
}

void suite_kinds_proxy(void);
void suite_kinds_proxy(void)
{
    UNIT_SUITE("kinds: proxy", UNIT_TEST(reads_winhttp), UNIT_TEST(odd_bytes), UNIT_TEST(reads_the_environment));
}
