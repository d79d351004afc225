/* SPDX-License-Identifier: MIT */
/*
 * One KMS host, whoever owns it: what its name means, what it resolves to for this machine, of which class that is, and
 * what a bind ends with. Whether it is somebody's choice is a playbook's to say.
 */
#include "base/address.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/licensing/kms_name.h"
#include "kinds/licensing/kms_target.h"
#include "kinds/licensing/own_host.h"

#define DOMAIN_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"

enum { PARAM_HOST, PARAM_PORT, PARAM_COUNT };
enum {
    HOST_NAME,
    HOST_RESOLUTION,
    HOST_ADDRESSES,
    HOST_PLACES,
    HOST_IS_PRIVATE,
    HOST_IS_SELF,
    HOST_IN_OWN_DOMAIN,
    HOST_BIND,
    HOST_PORT,
    HOST_COUNT
};

enum resolution { RESOLUTION_ADDRESS, RESOLUTION_RESOLVED, RESOLUTION_NO_NAME, RESOLUTION_FAILED };
static const char *const resolution_words[] = {"address", "resolved", "no_name", "failed", NULL};

static const struct column params[] = {
    [PARAM_HOST] = TEXT_COLUMN("host", COLUMN_REQUIRED, "name or address, as it is stored"),
    [PARAM_PORT] = INT_COLUMN("port", 0, 65535, UNIT_NUMBER, 0, "1688 when left out, or 0"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [HOST_NAME] = TEXT_COLUMN("name", 0, "what host means: without blanks, scheme, port, dot at the end"),
    [HOST_RESOLUTION] = WORD_COLUMN("resolution", resolution_words, 0,
                                    "address: nothing to resolve; no_name: DNS answers that there is none; failed: "
                                    "no resolver could tell"),
    [HOST_ADDRESSES] = LIST_COLUMN("addresses", TYPE_TEXT, 0, "from the system's resolver, or host itself"),
    [HOST_PLACES] = LIST_COLUMN("places", TYPE_TEXT, 0, "their classes: loopback, link_local, private, public"),
    [HOST_IS_PRIVATE] = BOOL_COLUMN("isPrivate", 0, "there are addresses, and each is private"),
    [HOST_IS_SELF] = BOOL_COLUMN("isSelf", 0, "the name or an address is this machine's own"),
    [HOST_IN_OWN_DOMAIN] = BOOL_COLUMN("inOwnDomain", 0, "the name lies in the machine's primary DNS domain"),
    [HOST_BIND] = WORD_COLUMN("bind", net_outcome_names, 0, "accepted: a KMS answers; reset, rejected, timeout, ..."),
    [HOST_PORT] = INT_COLUMN("port", 1, 65535, UNIT_NUMBER, 0, "as asked"),
};
_Static_assert(COUNT_OF(properties) == HOST_COUNT, "one row a property");

static uint16_t port_of(const struct look *look)
{
    int64_t port = look_int(look, PARAM_PORT, KMS_PORT);
    return (uint16_t)(port != 0 ? port : KMS_PORT);
}

static bool is_literal(const struct look *look)
{
    return text_is_address(look->cells[HOST_NAME].as.text);
}

/* "kms01.corp.example" in "corp.example"; a domain of one label is nobody's own. */
static struct value in_own_domain(struct look *look, struct host *host, const char *name)
{
    struct value domain = cell_registry_text(look->arena, host, DOMAIN_KEY, "Domain");
    if (domain.state != VALUE_KNOWN || !text_contains(domain.as.text, ".")) {
        return domain.state == VALUE_UNKNOWN ? domain : value_bool(false);
    }
    return value_bool(!text_is_address(name) && text_ends(name, arena_format(look->arena, ".%s", domain.as.text)));
}

static bool kms_host_look(struct look *look, struct host *host, struct err *err)
{
    (void)err;
    const char *name = kms_name_meant(look->arena, look_text(look, PARAM_HOST));
    struct own_host *own = arena_alloc(look->arena, sizeof *own);
    own_host_look_names(own, host);
    own_host_look_addresses(own, look->arena, host);
    look->local = own;
    look->cells[HOST_NAME] = value_text(name);
    look->cells[HOST_PORT] = value_int(port_of(look));
    look->cells[HOST_IN_OWN_DOMAIN] = in_own_domain(look, host, name);
    return true;
}

/* The bind last; in front of it, where there is a name, what it resolves to. */
static size_t kms_host_next(struct look *look, struct net_job *jobs, size_t room)
{
    const char *name = look->cells[HOST_NAME].as.text;
    const struct net_job all[] = {
        {.type = NET_RESOLVE_SYSTEM, .record = NET_RECORD_A, .host = name, .timeout_ms = look->probe_ms},
        {.type = NET_KMS_BIND, .host = name, .port = port_of(look), .timeout_ms = look->probe_ms},
    };
    size_t first = look->reply_count + (is_literal(look) ? 1U : 0U);
    size_t count = 0;
    for (size_t i = first; i < COUNT_OF(all) && count < room; i++) {
        jobs[count++] = all[i];
    }
    return count;
}

static enum resolution resolution_of(const struct net_reply *reply)
{
    if (reply->outcome == NET_ANSWERED && reply->address_count > 0) {
        return RESOLUTION_RESOLVED;
    }
    bool is_none = reply->outcome == NET_ANSWERED || reply->outcome == NET_NO_NAME || reply->outcome == NET_NO_DATA;
    return is_none ? RESOLUTION_NO_NAME : RESOLUTION_FAILED;
}

static void fill_addresses(struct look *look)
{
    if (is_literal(look)) {
        struct value *item = arena_alloc(look->arena, sizeof *item);
        *item = look->cells[HOST_NAME];
        look->cells[HOST_RESOLUTION] = value_text(resolution_words[RESOLUTION_ADDRESS]);
        look->cells[HOST_ADDRESSES] = value_list(TYPE_TEXT, item, 1);
        return;
    }
    look->cells[HOST_RESOLUTION] = value_text(resolution_words[resolution_of(&look->replies[0])]);
    look->cells[HOST_ADDRESSES] = cell_addresses(look->arena, &look->replies[0]);
}

static void fill_places(struct look *look)
{
    const struct value *addresses = &look->cells[HOST_ADDRESSES];
    if (addresses->state != VALUE_KNOWN) {
        look->cells[HOST_PLACES] = *addresses;
        look->cells[HOST_IS_PRIVATE] = *addresses;
        return;
    }
    size_t count = addresses->as.list.count;
    bool is_private = count > 0;
    struct value *places = arena_array(look->arena, count, sizeof *places);
    for (size_t i = 0; i < count; i++) {
        enum address_class place = address_class_of(addresses->as.list.items[i].as.text);
        places[i] = value_text(address_class_words[place]);
        is_private = is_private && place == ADDRESS_PRIVATE;
    }
    look->cells[HOST_PLACES] = value_list(TYPE_TEXT, places, count);
    look->cells[HOST_IS_PRIVATE] = value_bool(is_private);
}

static struct value is_self(const struct look *look)
{
    const struct own_host *own = look->local;
    const struct value *addresses = &look->cells[HOST_ADDRESSES];
    bool is_own = own_host_is(own, look->arena, look->cells[HOST_NAME].as.text);
    for (size_t i = 0; addresses->state == VALUE_KNOWN && i < addresses->as.list.count; i++) {
        is_own = is_own || own_host_has(own, addresses->as.list.items[i].as.text);
    }
    if (!is_own && (own->why != NULL || addresses->state == VALUE_UNKNOWN)) {
        return own->why != NULL ? value_unknown(own->why) : *addresses;
    }
    return value_bool(is_own);
}

static void kms_host_read(struct look *look)
{
    fill_addresses(look);
    fill_places(look);
    look->cells[HOST_IS_SELF] = is_self(look);
    look->cells[HOST_BIND] = cell_outcome(look->arena, &look->replies[look->reply_count - 1]);
}

const struct kind kind_kms_host = {
    .name = "kms_host",
    .about = "one KMS host, whoever owns it: what it resolves to, whether that is private or this machine, and a bind",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY) | NOUN_BIT(NOUN_SYSTEM) | NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FILE) |
             NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"host\": \"kms.contoso.com\"}",
    .look = kms_host_look,
    .next = kms_host_next,
    .read = kms_host_read,
};
