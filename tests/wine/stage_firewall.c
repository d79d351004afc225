/* SPDX-License-Identifier: MIT */
/*
 * Rules and settings of group policy and of MDM, in the form of their registry stores. Source: MS-GPFAS 2.2.2
 * (profiles: DefaultOutboundAction 1 blocks) and 2.2.2.19 (rules: "v2.31|Action=Allow|Active=TRUE|Dir=Out|...").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

#define LOCAL "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
enum { TEXT_MOST = 2048, NAME_MOST = 256 };

static const struct store {
    const char *word, *key, *private_profile;
} stores[] = {
    {"policy", "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall", "PrivateProfile"},
    {"mdm", LOCAL "\\Mdm", "StandardProfile"},
};

/* NULL: the local store, which is the stand-in's. */
static const struct store *store_of(const char *word)
{
    for (size_t i = 0; word != NULL && i < sizeof stores / sizeof stores[0]; i++) {
        if (strcmp(stores[i].word, word) == 0) {
            return &stores[i];
        }
    }
    return NULL;
}

static void set_value(const char *key, const char *name, cJSON *value)
{
    cJSON *holder = cJSON_CreateObject();
    cJSON_AddItemToObject(holder, name, value);
    registry_set(key, value);
    cJSON_Delete(holder);
}

static void load_profile(const char *word, const cJSON *profile)
{
    const struct store *store = store_of(member_text(profile, "decidedBy"));
    char key[NAME_MOST];
    if (store == NULL) {
        return;
    }
    const char *name = strcmp(word, "domain") == 0   ? "DomainProfile"
                       : strcmp(word, "public") == 0 ? "PublicProfile"
                                                     : store->private_profile;
    (void)snprintf(key, sizeof key, "%s\\%s", store->key, name);
    int blocks = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(profile, "blocksOutbound"));
    set_value(key, "DefaultOutboundAction", cJSON_CreateNumber(blocks));
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(profile, "mergesLocalRules"))) {
        set_value(key, "AllowLocalPolicyMerge", cJSON_CreateNumber(0));
    }
}

/* --- a rule --- */

static void add(char text[static TEXT_MOST], const char *keyword, const char *value)
{
    size_t size = strlen(text);
    if (value != NULL &&
        (size_t)snprintf(text + size, TEXT_MOST - size, "%s=%s|", keyword, value) >= TEXT_MOST - size) {
        die(0, "a firewall rule is too long");
    }
}

/* One keyword an item of a list. */
static void add_each(char text[static TEXT_MOST], const char *keyword, const char *list)
{
    char items[TEXT_MOST];
    if (list == NULL || strcmp(list, "*") == 0) {
        return;
    }
    (void)snprintf(items, sizeof items, "%s", list);
    for (char *at = items, *next = NULL; at != NULL; at = next) {
        next = strchr(at, ',');
        if (next != NULL) {
            *next++ = '\0';
        }
        add(text, keyword, at);
    }
}

static void add_profiles(char text[static TEXT_MOST], const cJSON *rule)
{
    static const struct {
        const char *word, *value;
    } words[] = {{"domain", "Domain"}, {"private", "Private"}, {"public", "Public"}};
    const cJSON *profile = NULL;
    cJSON_ArrayForEach (profile, cJSON_GetObjectItemCaseSensitive(rule, "profiles")) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            add(text, "Profile", strcmp(words[i].word, cJSON_GetStringValue(profile)) == 0 ? words[i].value : NULL);
        }
    }
}

static void load_rule(const struct store *store, const cJSON *rule, int number)
{
    char text[TEXT_MOST] = "v2.31|", protocol[16], name[32], key[NAME_MOST];
    double given = member_number(rule, "protocol", 256);
    (void)snprintf(protocol, sizeof protocol, "%.0f", given);
    add(text, "Action", cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rule, "allows")) ? "Allow" : "Block");
    add(text, "Active", cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(rule, "enabled")) ? "FALSE" : "TRUE");
    add(text, "Dir", "Out");
    add(text, "Protocol", given < 256 ? protocol : NULL);
    add_profiles(text, rule);
    add_each(text, "RPort", member_text(rule, "remotePorts"));
    add_each(text, "RA4", member_text(rule, "remoteAddresses"));
    add(text, "App", member_text(rule, "application"));
    add(text, "Svc", member_text(rule, "service"));
    add(text, "Name", member_text(rule, "name"));
    add(text, "EmbedCtxt", member_text(rule, "group"));
    (void)snprintf(name, sizeof name, "{%d}", number);
    (void)snprintf(key, sizeof key, "%s\\FirewallRules", store->key);
    set_value(key, name, cJSON_CreateString(text));
}

void firewall_load(const cJSON *section)
{
    const cJSON *entry = NULL;
    int number = 0;
    cJSON_ArrayForEach (entry, cJSON_GetObjectItemCaseSensitive(section, "profiles")) {
        load_profile(entry->string, entry);
    }
    cJSON_ArrayForEach (entry, cJSON_GetObjectItemCaseSensitive(section, "rules")) {
        const struct store *store = store_of(member_text(entry, "store"));
        number++;
        if (store != NULL) {
            load_rule(store, entry, number);
        }
    }
}
