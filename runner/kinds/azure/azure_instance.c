/* SPDX-License-Identifier: MIT */
/*
 * Which machine of which cloud this is. Two witnesses: the SMBIOS chassis asset tag, and IMDS.
 * Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (compute, network).
 * claim: azure.asset-tag
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/system/system.h"
#include "host/platform.h"
#include "json/json.h"
#include "kinds/azure/imds.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum {
    AZURE_ON_AZURE,
    AZURE_REACHABLE,
    AZURE_PROXIED,
    AZURE_CLOUD,
    AZURE_VM_ID,
    AZURE_SUBSCRIPTION_ID,
    AZURE_RESOURCE_GROUP,
    AZURE_NAME,
    AZURE_RESOURCE_ID,
    AZURE_SCALE_SET,
    AZURE_INSTANCE_ID,
    AZURE_LOCATION,
    AZURE_PUBLISHER,
    AZURE_OFFER,
    AZURE_SKU,
    AZURE_LICENSE_TYPE,
    AZURE_PRIVATE_IP,
    AZURE_PUBLIC_IP,
    AZURE_TAG,
    AZURE_CUSTOM_IMAGE,
    AZURE_ASSET_TAG_TEXT,
    AZURE_RESTRICTED,
    AZURE_COUNT
};

/* Known spellings: names of clouds have no case. AzureStack: Azure Stack Hub, whose metadata service answers
 * since 1.2108.2.73 (doc). claim: azure.stack-hub */
static const char *const clouds[] = {
    "AzurePublicCloud", "AzureUSGovernmentCloud", "AzureChinaCloud", "AzureGermanCloud", "AzureStack", NULL};

static const struct column properties[] = {
    [AZURE_ON_AZURE] = BOOL_COLUMN("onAzure", 0, "by the asset tag or by IMDS; false only when both say no"),
    [AZURE_REACHABLE] = BOOL_COLUMN("reachable", 0, "IMDS itself answers"),
    [AZURE_PROXIED] = BOOL_COLUMN("proxied", 0, "another program answers in its place"),
    [AZURE_CLOUD] =
        SHAPED_COLUMN("cloud", SHAPE_NAME, 0, "azEnvironment; one that is not known here as it stands there"),
    [AZURE_VM_ID] = SHAPED_COLUMN("vmId", SHAPE_GUID, 0, "unique id of the machine"),
    [AZURE_SUBSCRIPTION_ID] = SHAPED_COLUMN("subscriptionId", SHAPE_GUID, 0, "its subscription"),
    [AZURE_RESOURCE_GROUP] = SHAPED_COLUMN("resourceGroup", SHAPE_GROUP, 0, "its resource group"),
    [AZURE_NAME] = SHAPED_COLUMN("name", SHAPE_NAME, 0, "its name in Azure"),
    [AZURE_RESOURCE_ID] = SHAPED_COLUMN("resourceId", SHAPE_RESOURCE, 0, "/subscriptions/..."),
    [AZURE_SCALE_SET] = SHAPED_COLUMN("scaleSet", SHAPE_NAME, 0, "its scale set, if any"),
    [AZURE_INSTANCE_ID] = SHAPED_COLUMN("instanceId", SHAPE_NAME, 0, "in a Uniform scale set; absent: a VM by itself"),
    [AZURE_LOCATION] = SHAPED_COLUMN("location", SHAPE_NAME, 0, "region"),
    [AZURE_PUBLISHER] = TEXT_COLUMN("publisher", 0, "of the Marketplace image; absent on a custom one"),
    [AZURE_OFFER] = TEXT_COLUMN("offer", 0, "of the Marketplace image; absent on a custom one"),
    [AZURE_SKU] = TEXT_COLUMN("sku", 0, "of the Marketplace image; absent on a custom one"),
    [AZURE_LICENSE_TYPE] = TEXT_COLUMN("licenseType", 0, "Windows_Server or Windows_Client with hybrid benefit"),
    [AZURE_PRIVATE_IP] = SHAPED_COLUMN("privateIp", SHAPE_ADDRESS, 0, "first address of the first interface"),
    [AZURE_PUBLIC_IP] = SHAPED_COLUMN("publicIp", SHAPE_ADDRESS, 0, "absent also when it is a Standard one"),
    [AZURE_TAG] = TEXT_COLUMN("azmendTag", 0, "value of its tag azmend; absent: it has none"),
    [AZURE_CUSTOM_IMAGE] = BOOL_COLUMN("customImage", 0, "not from the Marketplace"),
    [AZURE_ASSET_TAG_TEXT] = TEXT_COLUMN("assetTag", 0, "SMBIOS chassis asset tag"),
    [AZURE_RESTRICTED] = BOOL_COLUMN("restricted", 0, "IMDS answers, but not this program (403 on /metadata/instance)"),
};
_Static_assert(COUNT_OF(properties) == AZURE_COUNT, "one row a property");

/* Text members of `compute`, each checked by its column. */
static const struct {
    size_t property;
    const char *member;
} compute_members[] = {
    {AZURE_CLOUD, "azEnvironment"},
    {AZURE_VM_ID, "vmId"},
    {AZURE_SUBSCRIPTION_ID, "subscriptionId"},
    {AZURE_RESOURCE_GROUP, "resourceGroupName"},
    {AZURE_NAME, "name"},
    {AZURE_RESOURCE_ID, "resourceId"},
    {AZURE_SCALE_SET, "vmScaleSetName"},
    {AZURE_LOCATION, "location"},
    {AZURE_PUBLISHER, "publisher"},
    {AZURE_OFFER, "offer"},
    {AZURE_SKU, "sku"},
    {AZURE_LICENSE_TYPE, "licenseType"},
};

static const char *const versions[] = {"2025-04-07", "2021-02-01", "2020-09-01", "2019-11-01", "2018-10-01", NULL};

/* A machine whose asset tag is another maker's is not asked twice. */
static struct imds_question question_of(const struct look *look)
{
    const struct value *tag = look->local;
    bool is_elsewhere = tag->state == VALUE_KNOWN && !text_equal(tag->as.text, PLATFORM_ASSET_TAG);
    return (struct imds_question){
        .path = "/metadata/instance",
        .versions = versions,
        .lean_version = "2020-09-01",
        .patient = !is_elsewhere,
    };
}

static bool azure_instance_look(struct look *look, struct host *host, struct err *err)
{
    struct system_facts facts = {0};
    struct value *tag = arena_alloc(look->arena, sizeof *tag);
    if (!host_system_query(host, &facts, err)) {
        *tag = cell_failed(look->arena, err);
        *err = (struct err){0}; /* IMDS may still tell */
    } else {
        *tag = cell_when_known(facts.known, SYSTEM_ASSET_TAG, cell_text(look->arena, facts.asset_tag));
    }
    look->local = tag;
    return true;
}

static size_t azure_instance_next(struct look *look, struct net_job *jobs, size_t room)
{
    struct imds_question question = question_of(look);
    return imds_next(look, &question, jobs, room);
}

static const struct json *first_of(const struct json *object, const char *name)
{
    const struct json *list = object != NULL ? json_find(object, name) : NULL;
    return list != NULL && list->type == JSON_ARRAY && list->count > 0 ? &list->as.items[0] : NULL;
}

static void fill_network(struct look *look, const struct json *document)
{
    const struct json *interface = first_of(json_find(document, "network"), "interface");
    const struct json *ipv4 = interface != NULL ? json_find(interface, "ipv4") : NULL;
    const struct json *address = first_of(ipv4, "ipAddress");
    if (address == NULL) {
        return;
    }
    look->cells[AZURE_PRIVATE_IP] =
        cell_checked(look->arena, &properties[AZURE_PRIVATE_IP], imds_text(address, "privateIpAddress"));
    look->cells[AZURE_PUBLIC_IP] =
        cell_checked(look->arena, &properties[AZURE_PUBLIC_IP], imds_text(address, "publicIpAddress"));
}

/* A Uniform instance is a part of its scale set: .../virtualMachineScaleSets/NAME/virtualMachines/ID. */
static struct value instance_id(const struct look *look)
{
    const struct value *resource = &look->cells[AZURE_RESOURCE_ID];
    if (resource->state != VALUE_KNOWN) {
        return *resource;
    }
    bool is_uniform = text_contains(resource->as.text, "/virtualMachineScaleSets/");
    const char *last = strrchr(resource->as.text, '/');
    return cell_checked(look->arena, &properties[AZURE_INSTANCE_ID], is_uniform ? last + 1 : NULL);
}

/*
 * Names of tags are not case-sensitive (doc); tagsList is there since 2019-06-04, before only in tags, as
 * "name:value;name:value". Source: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
static struct value azmend_tag(struct look *look, const struct json *compute)
{
    static const char name[] = "azmend";
    const struct json *list = json_find(compute, "tagsList");
    const char *tags = imds_text(compute, "tags");
    if (list != NULL && list->type == JSON_ARRAY) {
        for (uint32_t i = 0; i < list->count; i++) {
            const char *tag = imds_text(&list->as.items[i], "name");
            if (tag != NULL && text_equal(tag, name)) {
                return cell_text(look->arena, imds_text(&list->as.items[i], "value"));
            }
        }
        return value_absent();
    }
    for (const char *at = tags; at != NULL; at = strchr(at, ';')) {
        at += *at == ';';
        if (text_starts(at, name) && at[strlen(name)] == ':') {
            const char *value = at + strlen(name) + 1;
            return value_text(arena_copy(look->arena, value, strcspn(value, ";")));
        }
    }
    return value_absent();
}

/* One that is not known here is told as it stands there: a file of clouds may know it. */
static void fill_cloud(struct look *look)
{
    struct value *cloud = &look->cells[AZURE_CLOUD];
    for (size_t i = 0; cloud->state == VALUE_KNOWN && clouds[i] != NULL; i++) {
        if (text_equal(clouds[i], cloud->as.text)) {
            *cloud = value_text(clouds[i]);
        }
    }
}

static void fill_compute(struct look *look, const struct json *compute)
{
    for (size_t i = 0; i < COUNT_OF(compute_members); i++) {
        size_t property = compute_members[i].property;
        const char *text = imds_text(compute, compute_members[i].member);
        look->cells[property] = cell_checked(look->arena, &properties[property], text);
    }
    fill_cloud(look);
    look->cells[AZURE_INSTANCE_ID] = instance_id(look);
    bool has_image = look->cells[AZURE_PUBLISHER].state != VALUE_ABSENT;
    look->cells[AZURE_CUSTOM_IMAGE] = value_bool(!has_image);
    look->cells[AZURE_TAG] = azmend_tag(look, compute);
}

/* Everything that only IMDS tells is unknown for the same reason; off Azure there is nothing to tell. */
static void fill_silence(struct look *look, const struct value *why)
{
    for (size_t i = AZURE_CLOUD; i <= AZURE_CUSTOM_IMAGE; i++) {
        look->cells[i] = *why;
    }
}

static struct value on_azure(const struct value *tag, const struct value *vm_id, bool is_silent)
{
    bool tag_known = tag->state == VALUE_KNOWN;
    if ((tag_known && text_equal(tag->as.text, PLATFORM_ASSET_TAG)) || vm_id->state == VALUE_KNOWN) {
        return value_bool(true);
    }
    if (tag_known && is_silent) {
        return value_bool(false);
    }
    return value_unknown("neither the asset tag nor IMDS settles it");
}

static void fill_answer(struct look *look, const struct json *document)
{
    const struct json *compute = json_find(document, "compute");
    if (compute == NULL || compute->type != JSON_OBJECT) {
        struct value why = value_unknown("IMDS: an answer without compute");
        fill_silence(look, &why);
        look->cells[AZURE_REACHABLE] = why;
        look->cells[AZURE_PROXIED] = why;
        return;
    }
    look->cells[AZURE_REACHABLE] = value_bool(true);
    look->cells[AZURE_PROXIED] = value_bool(false);
    fill_compute(look, compute);
    fill_network(look, document);
}

static void azure_instance_read(struct look *look)
{
    struct imds_question question = question_of(look);
    struct imds_answer answer = imds_follow(look, &question);
    const struct value *tag = look->local;
    bool is_silent = answer.outcome == IMDS_SILENT;
    if (answer.outcome == IMDS_ANSWERED) {
        fill_answer(look, answer.document);
    } else {
        struct value why = value_unknown(answer.why != NULL ? answer.why : "IMDS was not asked to the end");
        bool is_proxied = answer.outcome == IMDS_PROXIED;
        fill_silence(look, &why);
        look->cells[AZURE_REACHABLE] = is_silent || is_proxied ? value_bool(false) : why;
        look->cells[AZURE_PROXIED] = is_silent || is_proxied ? value_bool(is_proxied) : why;
    }
    look->cells[AZURE_RESTRICTED] = imds_restricted(&answer);
    look->cells[AZURE_ASSET_TAG_TEXT] = *tag;
    look->cells[AZURE_ON_AZURE] = on_azure(tag, &look->cells[AZURE_VM_ID], is_silent);
    bool is_elsewhere = look->cells[AZURE_ON_AZURE].state == VALUE_KNOWN && !look->cells[AZURE_ON_AZURE].as.boolean;
    if (is_elsewhere) {
        struct value none = value_absent();
        fill_silence(look, &none);
    }
}

const struct kind kind_azure_instance = {
    .name = "azure_instance",
    .about = "is this an Azure machine, which one, of which cloud",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_SYSTEM) | NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .look = azure_instance_look,
    .next = azure_instance_next,
    .read = azure_instance_read,
};
