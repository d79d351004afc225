/* SPDX-License-Identifier: MIT */
/* What is told of certificates without a system: thumbprints as people paste them, armour, names. */
#include <string.h>

#include "host/nouns/certificate/certificate.h"
#include "sim_fixture.h"

#define DIGITS "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4"

static const struct {
    const char *name, *text;
    bool is_thumbprint;
} thumbprints[] = {
    {"as it is written", DIGITS, true},
    {"lower case", "df3c24f9bfd666761b268073fe06d1cc8d4f82a4", true},
    {"in pairs", "df 3c 24 f9 bf d6 66 76 1b 26 80 73 fe 06 d1 cc 8d 4f 82 a4", true},
    {"with colons", "DF:3C:24:F9:BF:D6:66:76:1B:26:80:73:FE:06:D1:CC:8D:4F:82:A4", true},
    {"left-to-right mark in front", "\xE2\x80\x8E" DIGITS, true},
    {"byte order mark in front", "\xEF\xBB\xBF" DIGITS, true},
    {"empty", "", false},
    {"one digit short", "F3C24F9BFD666761B268073FE06D1CC8D4F82A4", false},
    {"one digit more", DIGITS "0", false},
    {"not a digit", "XF3C24F9BFD666761B268073FE06D1CC8D4F82A4", false},
    {"half a mark", "\xE2\x80" DIGITS, false},
};

static void reads_thumbprints(void)
{
    for (size_t i = 0; i < COUNT_OF(thumbprints); i++) {
        const char *found = certificate_thumbprint(&sim_arena, thumbprints[i].text);
        ROW_ASSERT(thumbprints[i].name, text_same(found, thumbprints[i].is_thumbprint ? DIGITS : NULL));
    }
}

static const struct {
    const char *name, *text, *der;
} forms[] = {
    {"DER", "0\x03\x02\x01\x05", "0\x03\x02\x01\x05"},
    {"base64", "MAMCAQU=", "0\x03\x02\x01\x05"},
    {"PEM", "words\n-----BEGIN CERTIFICATE-----\nMAMC\nAQU=\n-----END CERTIFICATE-----\n", "0\x03\x02\x01\x05"},
    {"PEM without an end", "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n", "0\x03\x02\x01\x05"},
    {"the first of two",
     "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n",
     "0\x03\x02\x01\x05"},
    {"a page", "<html>", "<html>"},
    {"nothing", "", ""},
};

static void takes_armour_off(void)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const uint8_t *der = NULL;
        size_t size = 0;
        certificate_der(&sim_arena, forms[i].text, strlen(forms[i].text), &der, &size);
        ROW_ASSERT(forms[i].name, size == strlen(forms[i].der) && memcmp(der, forms[i].der, size) == 0);
    }
}

static const struct {
    const char *name, *common_name, *dns_name, *wanted;
    bool is_for;
} names[] = {
    {"common name", "metadata.azure.com", NULL, "metadata.azure.com", true},
    {"below", "westeurope.metadata.azure.com", NULL, "metadata.azure.com", true},
    {"alternative name", "other", "eastus.metadata.azure.com", "metadata.azure.com", true},
    {"case", "METADATA.azure.com", NULL, "metadata.AZURE.com", true},
    {"no dot between", "evilmetadata.azure.com", NULL, "metadata.azure.com", false},
    {"as a prefix", "metadata.azure.com.evil.example", NULL, "metadata.azure.com", false},
    {"of another cloud", "metadata.azure.us", NULL, "metadata.azure.com", false},
    {"none", NULL, NULL, "metadata.azure.com", false},
};

static void tells_names(void)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct certificate certificate = {
            .common_name = names[i].common_name,
            .dns_names = {.items = &names[i].dns_name, .count = names[i].dns_name != NULL ? 1 : 0}};
        ROW_ASSERT(names[i].name, certificate_is_for(&certificate, names[i].wanted) == names[i].is_for);
    }
}

void suite_certificate(void);
void suite_certificate(void)
{
    SIM_SUITE("certificate", UNIT_TEST(reads_thumbprints), UNIT_TEST(takes_armour_off), UNIT_TEST(tells_names));
}
