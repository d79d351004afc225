/* SPDX-License-Identifier: MIT */
/* Rules of the registry stores; forms from MS-GPFAS 2.2.2.19 and as Windows writes them. */
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "unit.h"

void suite_firewall_rule(void);

enum { ARENA_BYTES = 4 * 1024 * 1024 };

#define OUT "v2.31|Action=Allow|Active=TRUE|Dir=Out|"

static const struct {
    const char *name, *text;
    struct firewall_rule rule; /* name "": none given; lists NULL: any */
} forms[] = {
    {"plain",
     OUT "Protocol=6|RPort=1688|Name=KMS|",
     {.enabled = true, .outbound = true, .allows = true, .protocol = 6, .remote_ports = "1688", .name = "KMS"}},
    {"no bar at the end",
     OUT "Protocol=6|RPort=1688|Name=KMS",
     {.enabled = true, .outbound = true, .allows = true, .protocol = 6, .remote_ports = "1688", .name = "KMS"}},
    {"the oldest version, any protocol",
     "v2.0|Action=Block|Active=TRUE|Dir=Out|Name=all|",
     {.enabled = true, .outbound = true, .protocol = 256, .name = "all"}},
    {"off", "v2.31|Action=Block|Active=FALSE|Dir=Out|Name=off|", {.outbound = true, .protocol = 256, .name = "off"}},
    {"inbound",
     "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=in|",
     {.enabled = true, .allows = true, .is_narrower = true, .protocol = 6, .name = "in"}},
    {"words without case",
     "v2.31|action=ALLOW|active=true|dir=OUT|protocol=17|name=u|",
     {.enabled = true, .outbound = true, .allows = true, .protocol = 17, .name = "u"}},
    {"ports one by one and a range",
     OUT "Protocol=6|RPort=443|RPort=80|RPort2_10=1600-1700|Name=p|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 6,
      .remote_ports = "80,443,1600-1700",
      .name = "p"}},
    {"addresses of both versions",
     OUT "RA4=20.118.99.224|RA42=10.0.0.0/8|RA6=fe80::/64|RA4=LocalSubnet|Name=a|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 256,
      .remote_addresses = "10.0.0.0/255.0.0.0,20.118.99.224/255.255.255.255,fe80::/64,LocalSubnet",
      .name = "a"}},
    {"two profiles",
     OUT "Profile=Domain|Profile=Public|Name=two|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 256,
      .profiles = FIREWALL_DOMAIN | FIREWALL_PUBLIC,
      .name = "two"}},
    {"a program, a group, and words for people",
     OUT "App=%SystemRoot%\\System32\\SppExtComObj.exe|Name=@FirewallAPI.dll,-1|Desc=x=y|EmbedCtxt=g|Edge=FALSE|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 256,
      .application = "%SystemRoot%\\System32\\SppExtComObj.exe",
      .name = "@FirewallAPI.dll,-1",
      .group = "g"}},
    {"a service",
     OUT "App=%SystemRoot%\\system32\\svchost.exe|Svc=Winmgmt|Name=s|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 256,
      .application = "%SystemRoot%\\system32\\svchost.exe",
      .service = "Winmgmt",
      .name = "s"}},
    {"interface types",
     OUT "IFType=Wireless|IFType=RemoteAccess|Name=w|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .protocol = 256,
      .interface_types = "Wireless,RemoteAccess",
      .name = "w"}},
    {"a store app",
     OUT "Name=app|LUOwn=S-1-5-21-1|AppPkgId=S-1-15-2-1|Platform=2:6:2|",
     {.enabled = true,
      .outbound = true,
      .allows = true,
      .for_package = true,
      .is_narrower = true,
      .protocol = 256,
      .name = "app"}},
    {"a user",
     OUT "LUAuth=O:LSD:(A;;CC;;;S-1-5-84-0-0-0-0-0)|Name=u|",
     {.enabled = true, .outbound = true, .allows = true, .is_narrower = true, .protocol = 256, .name = "u"}},
    {"a keyword of a later version",
     OUT "Tomorrow=1|Name=t|",
     {.enabled = true, .outbound = true, .allows = true, .is_narrower = true, .protocol = 256, .name = "t"}},
    {"only authenticated",
     "v2.31|Action=ByPass|Active=TRUE|Dir=Out|Name=b|",
     {.enabled = true, .outbound = true, .allows = true, .is_narrower = true, .protocol = 256, .name = "b"}},
    {"a port by a word",
     OUT "Protocol=6|RPort=IPTLSOut|Name=w|",
     {.enabled = true, .outbound = true, .allows = true, .is_narrower = true, .protocol = 6, .name = "w"}},
    {"no name", OUT, {.enabled = true, .outbound = true, .allows = true, .protocol = 256, .name = ""}},
};

static struct firewall_rule filled(struct firewall_rule rule)
{
    rule.remote_ports = rule.remote_ports != NULL ? rule.remote_ports : "*";
    rule.remote_addresses = rule.remote_addresses != NULL ? rule.remote_addresses : "*";
    rule.interface_types = rule.interface_types != NULL ? rule.interface_types : "All";
    rule.profiles = rule.profiles != 0 ? rule.profiles : FIREWALL_ALL;
    return rule;
}

static void test_forms(void)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct arena arena AUTO(arena_close) = {0};
        struct err err = {0};
        struct firewall_rule rule = {0}, wanted = filled(forms[i].rule);
        CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
        ROW_ASSERT(forms[i].name, firewall_rule_parse(&arena, FIREWALL_MDM, forms[i].text, &rule));
        ROW_ASSERT(forms[i].name, rule.store == FIREWALL_MDM && firewall_rule_same(&rule, &wanted));
    }
}

static void test_no_rule(void)
{
    static const char *const texts[] = {
        "",
        "v2.31",
        "x|Action=Allow|",
        "v3.0|Action=Allow|Active=TRUE|Dir=Out|",
        OUT "Protocol=x|",
        OUT "RA4=300.0.0.1|",
        OUT "nonsense|",
        OUT "Profile=Cafe|",
        "v2.31|Action=Maybe|Active=TRUE|Dir=Out|",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct arena arena AUTO(arena_close) = {0};
        struct err err = {0};
        struct firewall_rule rule = {.name = "untouched"};
        CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
        ROW_ASSERT(texts[i], !firewall_rule_parse(&arena, FIREWALL_POLICY, texts[i], &rule));
        ROW_ASSERT(texts[i], text_same(rule.name, "untouched"));
    }
}

static void test_same(void)
{
    const struct firewall_rule base = filled((struct firewall_rule){.name = "n", .group = "g", .enabled = true});
    struct {
        const char *name;
        struct firewall_rule other;
        bool same;
    } cases[] = {
        {"itself", base, true},         {"store", base, true},       {"case of the name", base, true},
        {"enabled", base, false},       {"allows", base, false},     {"protocol", base, false},
        {"ports", base, false},         {"addresses", base, false},  {"application", base, false},
        {"service", base, false},       {"interfaces", base, false}, {"profiles", base, false},
        {"group missing", base, false}, {"narrower", base, false},
    };
    cases[1].other.store = FIREWALL_POLICY;
    cases[2].other.name = "N";
    cases[3].other.enabled = false;
    cases[4].other.allows = true;
    cases[5].other.protocol = 6;
    cases[6].other.remote_ports = "1688";
    cases[7].other.remote_addresses = "LocalSubnet";
    cases[8].other.application = "C:\\a.exe";
    cases[9].other.service = "a";
    cases[10].other.interface_types = "Lan";
    cases[11].other.profiles = FIREWALL_PUBLIC;
    cases[12].other.group = NULL;
    cases[13].other.is_narrower = true;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].name, firewall_rule_same(&base, &cases[i].other) == cases[i].same);
        ROW_ASSERT(cases[i].name, firewall_rule_same(&cases[i].other, &base) == cases[i].same);
    }
}

void suite_firewall_rule(void)
{
    UNIT_SUITE("firewall rules", UNIT_TEST(test_forms), UNIT_TEST(test_no_rule), UNIT_TEST(test_same));
}
