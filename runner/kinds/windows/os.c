/* SPDX-License-Identifier: MIT */
/*
 * Source: https://learn.microsoft.com/windows/win32/cimwin32prov/win32-operatingsystem (product type, SKU),
 * https://learn.microsoft.com/windows/win32/cimwin32prov/win32-computersystem (domain role).
 */
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "host/nouns/system/system.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

#define CURRENT_VERSION "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define OFFICE_SCOPE CURRENT_VERSION "\\SoftwareProtectionPlatform\\0ff1ce15-a989-479d-af46-f275c6370663"
#define CLICK_TO_RUN "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"

enum {
    OS_FAMILY,
    OS_NAME,
    OS_ARCH,
    OS_EDITION_ID,
    OS_INSTALLATION_TYPE,
    OS_PRODUCT_TYPE,
    OS_SKU,
    OS_BUILD,
    OS_UBR,
    OS_DOMAIN_ROLE,
    OS_MEMORY_BYTES,
    OS_UPTIME_SECONDS,
    OS_BOOT_ID,
    OS_ELEVATED,
    OS_OFFICE_KMS_CLIENT,
    OS_COUNT
};

static const char *const product_types[] = {"workstation", "domain_controller", "server", NULL};

static const char *const architectures[] = {"x64", "arm64", "x86", NULL};

static const struct column properties[] = {
    [OS_FAMILY] = TEXT_COLUMN("family", 0, "windows"),
    [OS_NAME] = TEXT_COLUMN("name", 0, "computer name"),
    [OS_ARCH] = WORD_COLUMN("arch", architectures, 0, "of Windows: x64, arm64 (azmend runs there in emulation) or x86"),
    [OS_EDITION_ID] = TEXT_COLUMN("editionId", 0, "EditionID, never localised: ServerDatacenter, ServerTurbine, ..."),
    [OS_INSTALLATION_TYPE] = TEXT_COLUMN("installationType", 0, "Server, Server Core or Client"),
    [OS_PRODUCT_TYPE] = WORD_COLUMN("productType", product_types, 0, "workstation, domain_controller or server"),
    [OS_SKU] = INT_COLUMN("sku", 0, 0, UNIT_NUMBER, 0, "OperatingSystemSKU, the number of the edition"),
    [OS_BUILD] = INT_COLUMN("build", 0, 0, UNIT_NUMBER, 0, "build number: 20348 is Windows Server 2022"),
    [OS_UBR] = INT_COLUMN("ubr", 0, 0, UNIT_NUMBER, 0, "update build revision: the part behind the dot"),
    [OS_DOMAIN_ROLE] =
        INT_COLUMN("domainRole", 0, 5, UNIT_NUMBER, 0, "0 and 2 stand alone, 1 and 3 are members, 4 and 5 controllers"),
    [OS_MEMORY_BYTES] = INT_COLUMN("memoryBytes", 0, 0, UNIT_BYTES, 0, "physical memory"),
    [OS_UPTIME_SECONDS] = INT_COLUMN("uptimeSeconds", 0, 0, UNIT_SECONDS, 0, "how long ago the system was started"),
    [OS_BOOT_ID] = TEXT_COLUMN("bootId", 0, "changes with every start of the system"),
    [OS_ELEVATED] = BOOL_COLUMN("elevated", 0, "this run has administrator rights"),
    [OS_OFFICE_KMS_CLIENT] = BOOL_COLUMN("officeKmsClient", 0, "a volume edition of Office shares the KMS settings"),
};
_Static_assert(COUNT_OF(properties) == OS_COUNT, "one row a property");

static struct value product_type(int64_t type)
{
    return type >= 1 && type <= 3 ? value_text(product_types[type - 1]) : value_unknown("no such product type");
}

static struct value arch(const char *name)
{
    for (size_t i = 0; architectures[i] != NULL; i++) {
        if (text_same(name, architectures[i])) {
            return value_text(architectures[i]);
        }
    }
    return value_unknown("no such architecture");
}

static struct value registry_number(struct look *look, struct host *host, const char *name)
{
    struct err err = {0};
    struct registry_value value = {0};
    if (!host_registry_query(host, CURRENT_VERSION, name, &value, &err)) {
        return cell_failed(look->arena, &err);
    }
    if (!value.exists) {
        return value_absent();
    }
    return value.is_number ? value_int(value.number) : value_unknown("not a number");
}

/* Either sign is enough: the licensing platform keeps a scope for Office, or Click-to-Run names a volume product. */
static struct value office_kms_client(struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_names scope = {0};
    if (!host_registry_subkeys(host, OFFICE_SCOPE, &scope, &err)) {
        return cell_failed(look->arena, &err);
    }
    if (scope.exists) {
        return value_bool(true);
    }
    struct value products = cell_registry_text(look->arena, host, CLICK_TO_RUN, "ProductReleaseIds");
    if (products.state == VALUE_UNKNOWN) {
        return products;
    }
    return value_bool(products.state == VALUE_KNOWN && text_contains(products.as.text, "Volume"));
}

static void fill_from_system(struct look *look, const struct system_facts *facts)
{
    const struct {
        size_t property;
        unsigned bit;
        struct value value;
    } rows[] = {
        {OS_NAME, SYSTEM_NAME, cell_text(look->arena, facts->computer_name)},
        {OS_ARCH, SYSTEM_ARCH, arch(facts->arch)},
        {OS_PRODUCT_TYPE, SYSTEM_PRODUCT, product_type(facts->product_type)},
        {OS_SKU, SYSTEM_PRODUCT, value_int(facts->sku)},
        {OS_DOMAIN_ROLE, SYSTEM_ROLE, value_int(facts->domain_role)},
        {OS_BUILD, SYSTEM_VERSION, value_int(facts->build)},
        {OS_MEMORY_BYTES, SYSTEM_MEMORY, value_int(facts->memory_bytes)},
        {OS_UPTIME_SECONDS, SYSTEM_BOOT, value_int(facts->uptime_ms / 1000)},
        {OS_BOOT_ID, SYSTEM_BOOT, cell_text(look->arena, facts->boot_id)},
        {OS_ELEVATED, SYSTEM_ELEVATED, value_bool(facts->is_elevated)},
    };
    look->cells[OS_FAMILY] = cell_text(look->arena, facts->family);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look->cells[rows[i].property] = cell_when_known(facts->known, rows[i].bit, rows[i].value);
    }
}

static bool os_look(struct look *look, struct host *host, struct err *err)
{
    struct system_facts facts = {0};
    if (!host_system_query(host, &facts, err)) {
        return false;
    }
    fill_from_system(look, &facts);
    look->cells[OS_EDITION_ID] = cell_registry_text(look->arena, host, CURRENT_VERSION, "EditionID");
    look->cells[OS_INSTALLATION_TYPE] = cell_registry_text(look->arena, host, CURRENT_VERSION, "InstallationType");
    look->cells[OS_UBR] = registry_number(look, host, "UBR");
    look->cells[OS_OFFICE_KMS_CLIENT] = office_kms_client(look, host);
    return true;
}

const struct kind kind_os = {
    .name = "os",
    .about = "the operating system: edition, build, role, and whether Office shares its KMS settings",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_SYSTEM) | NOUN_BIT(NOUN_REGISTRY),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .look = os_look,
};
