/* SPDX-License-Identifier: MIT */
/* Which DNS servers Windows is told to ask, and by whom: what was typed in, DHCP, policy, and adapters that are gone.
 */
#include "kinds_fixture.h"
#include "unit.h"

#define TCPIP "'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\\\\Interfaces"
#define POLICY "'HKLM\\\\SOFTWARE\\\\Policies\\\\Microsoft\\\\Windows NT\\\\DNSClient"
#define OWN_RULES "'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Dnscache\\\\Parameters\\\\DnsPolicyConfig"
#define NAMES "'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\Network\\\\{4D36E972-E325-11CE-BFC1-08002BE10318}"
#define NO_POLICY "," POLICY "':false," POLICY "\\\\DnsPolicyConfig':false," OWN_RULES "':{}"
#define ADAPTER(id, values) "," TCPIP "\\\\" id "':{" values "}"
#define NAMED(id, name) "," NAMES "\\\\" id "\\\\Connection':{'Name':'" name "'}"

static const struct {
    const char *name, *registry, *address;
    const char *told; /* typed | adapters | given | policy | local | rules */
} rows[] = {
    {"from DHCP", ADAPTER("{a}", "'NameServer':'','DhcpNameServer':'10.0.0.4 10.0.0.5'") NO_POLICY, NULL,
     "[] [] [\"10.0.0.4\",\"10.0.0.5\"] [] false 0"},
    {"typed in",
     ADAPTER("{a}", "'NameServer':'10.0.0.4,10.0.0.5','DhcpNameServer':'1.2.3.4'") NAMED("{a}", "LAN") NO_POLICY, NULL,
     "[\"10.0.0.4\",\"10.0.0.5\"] [\"LAN\"] [] [] false 0"},
    {"blanks are nothing typed in", ADAPTER("{a}", "'NameServer':' , ','DhcpNameServer':'1.2.3.4'") NO_POLICY, NULL,
     "[] [] [\"1.2.3.4\"] [] false 0"},
    {"what is no address is passed over",
     ADAPTER("{a}", "'NameServer':'x;10.0.0.4 300.1.1.1'") NAMED("{a}", "LAN") NO_POLICY, NULL,
     "[\"10.0.0.4\"] [\"LAN\"] [] [] false 0"},
    {"a name that cannot be read", ADAPTER("{a}", "'NameServer':'10.0.0.4'") NO_POLICY, NULL,
     "[\"10.0.0.4\"] [\"{a}\"] [] [] false 0"},
    {"the loopback address", ADAPTER("{a}", "'NameServer':'127.0.0.1'") NAMED("{a}", "LAN") NO_POLICY, NULL,
     "[\"127.0.0.1\"] [\"LAN\"] [] [] true 0"},
    {"an adapter that is gone",
     ADAPTER("{a}", "'DhcpIPAddress':'10.0.0.9','DhcpNameServer':'1.2.3.4'")
         ADAPTER("{b}", "'DhcpIPAddress':'10.0.0.8','NameServer':'10.0.0.4'") NO_POLICY,
     "10.0.0.9", "[] [] [\"1.2.3.4\"] [] false 0"},
    {"an address that was typed in",
     ADAPTER("{a}", "'IPAddress':{'type':7,'hex':'31002e0032002e0033002e003400000000000000'},'NameServer':'9.9.9.9'")
         ADAPTER("{b}", "'DhcpIPAddress':'10.0.0.8','DhcpNameServer':'10.0.0.4'") NAMED("{a}", "LAN") NO_POLICY,
     "1.2.3.4", "[\"9.9.9.9\"] [\"LAN\"] [] [] false 0"},
    {"an address that no adapter has",
     ADAPTER("{a}", "'DhcpIPAddress':'10.0.0.9','DhcpNameServer':'1.2.3.4'") NO_POLICY, "10.0.0.1",
     "[] [] [\"1.2.3.4\"] [] false 0"},
    {"policy and its rules",
     ADAPTER("{a}", "'DhcpNameServer':'1.2.3.4'") "," POLICY "':{'NameServer':'10.9.0.1 10.9.0.2'}," POLICY
                                                  "\\\\DnsPolicyConfig':{}," POLICY
                                                  "\\\\DnsPolicyConfig\\\\{r}':{}," OWN_RULES "':{}," OWN_RULES
                                                  "\\\\{s}':{}",
     NULL, "[] [] [\"1.2.3.4\"] [\"10.9.0.1\",\"10.9.0.2\"] false 2"},
    {"a policy that cannot be read hides no adapter", ADAPTER("{a}", "'DhcpNameServer':'1.2.3.4'"), NULL,
     "[] [] [\"1.2.3.4\"] ? false ?"},
    {"an adapter that cannot be read hides no policy", ADAPTER("{a}", "'NameServer':{'dword':4}") NO_POLICY, NULL,
     "? ? ? [] ? 0"},
    {"no adapter", NO_POLICY, NULL, "[] [] [] [] false 0"},
};

static void add_cell(struct buf *buf, const struct value *value)
{
    if (value->state == VALUE_UNKNOWN) {
        buf_text(buf, "?");
    } else if (value->base == TYPE_LIST) {
        buf_text(buf, "[");
        for (size_t i = 0; i < value->as.list.count; i++) {
            buf_format(buf, "%s\"%s\"", i > 0 ? "," : "", value->as.list.items[i].as.text);
        }
        buf_text(buf, "]");
    } else if (value->base == TYPE_BOOL) {
        buf_text(buf, value->as.boolean ? "true" : "false");
    } else {
        buf_format(buf, "%d", (int)value->as.integer);
    }
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct buf document AUTO(buf_clear) = {0};
        struct buf told AUTO(buf_clear) = {0};
        buf_init(&document, LIMIT_MACHINE_BYTES);
        buf_init(&told, LIMIT_TEXT_BYTES);
        buf_format(&document, "{'machine':'azmend.machine/1','registry':{" TCPIP "':{}%s}}", rows[i].registry);
        fixture_quoted(&fixture, buf_string(&document));
        if (rows[i].address != NULL) {
            fixture.params[0] = value_text(rows[i].address);
        }
        ROW_ASSERT(rows[i].name, fixture_look(&fixture, &kind_dns_servers));
        for (size_t k = 0; k < kind_dns_servers.properties.count; k++) {
            buf_text(&told, k > 0 ? " " : "");
            add_cell(&told, &fixture.cells[k]);
        }
        ROW_ASSERT(rows[i].name, text_same(buf_string(&told), rows[i].told));
        if (!text_same(buf_string(&told), rows[i].told)) {
            printf("\n    %s: %s", rows[i].name, buf_string(&told));
        }
    }
}

void suite_kinds_dns_servers(void);
void suite_kinds_dns_servers(void)
{
    UNIT_SUITE("kinds: dns_servers", UNIT_TEST(test_rows));
}
