/* SPDX-License-Identifier: MIT */
/* What may stand in a command that a person pastes: hostile texts pass no shape at all. */
#include <string.h>

#include "base/attr.h"
#include "json/value.h"
#include "unit.h"

#define GUID "0000aaaa-1B1B-2222-3333-444444444444"
#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define RESOURCE "/subscriptions/" GUID

static void accepts_what_fits(void)
{
    static const struct {
        const char *text;
        enum text_shape shape;
        bool fits;
    } cases[] = {
        {"abc", SHAPE_FREE, false},
        {"", SHAPE_FREE, false},
        {"vm-web-01", SHAPE_NAME, true},
        {"rg_(prod).x1", SHAPE_NAME, true},
        {"_x", SHAPE_NAME, true},
        {"", SHAPE_NAME, false},
        {"-o", SHAPE_NAME, false},
        {"--query", SHAPE_NAME, false},
        {".", SHAPE_NAME, false},
        {"..", SHAPE_NAME, false},
        {"name.", SHAPE_NAME, false},
        {SIXTY TEN TEN TEN, SHAPE_NAME, true},
        {SIXTY TEN TEN TEN "x", SHAPE_NAME, false},
        {"a/b", SHAPE_NAME, false},
        {"r\xC3\xA4ume", SHAPE_NAME, false},
        {GUID, SHAPE_GUID, true},
        {GUID "0", SHAPE_GUID, false},
        {"0000aaaa-1b1b-2222-3333-44444444444", SHAPE_GUID, false},
        {"0000aaaa-1b1b-2222-3333-44444444444g", SHAPE_GUID, false},
        {"0000aaaa01b1b-2222-3333-444444444444", SHAPE_GUID, false},
        {"{000aaaa-1b1b-2222-3333-444444444444", SHAPE_GUID, false},
        {"", SHAPE_GUID, false},
        {RESOURCE, SHAPE_RESOURCE, true},
        {RESOURCE "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1", SHAPE_RESOURCE, true},
        {"/SUBSCRIPTIONS/" GUID "/resourceGroups/RG", SHAPE_RESOURCE, true},
        {RESOURCE "/", SHAPE_RESOURCE, false},
        {RESOURCE "//x", SHAPE_RESOURCE, false},
        {RESOURCE "/resourceGroups/../x", SHAPE_RESOURCE, false},
        {RESOURCE "/resourceGroups/-rg", SHAPE_RESOURCE, false},
        {"/subscriptions/not-a-guid/resourceGroups/rg", SHAPE_RESOURCE, false},
        {"subscriptions/" GUID, SHAPE_RESOURCE, false},
        {"/providers/" GUID, SHAPE_RESOURCE, false},
        {"https://example.test" RESOURCE, SHAPE_RESOURCE, false},
        {RESOURCE "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY
                  "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY,
         SHAPE_RESOURCE, false},
        {"20.118.99.224", SHAPE_ADDRESS, true},
        {"fe80::1", SHAPE_ADDRESS, true},
        {"fe80::1%eth0", SHAPE_ADDRESS, false},
        {"20.118.99.224/32", SHAPE_ADDRESS, false},
        {"azkms.core.windows.net", SHAPE_HOST, true},
        {"_vlmcs._tcp.corp.example", SHAPE_HOST, true},
        {"localhost", SHAPE_HOST, true},
        {"host.", SHAPE_HOST, false},
        {".host", SHAPE_HOST, false},
        {"a..b", SHAPE_HOST, false},
        {"-a.b", SHAPE_HOST, false},
        {"a-.b", SHAPE_HOST, false},
        {"", SHAPE_HOST, false},
        {"host:1688", SHAPE_HOST, false},
        {SIXTY "abc.net", SHAPE_HOST, true},
        {SIXTY "abcd.net", SHAPE_HOST, false},
        {SIXTY "." SIXTY "." SIXTY "." SIXTY ".abcdefghi", SHAPE_HOST, true},
        {SIXTY "." SIXTY "." SIXTY "." SIXTY ".abcdefghij", SHAPE_HOST, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].text, shape_accepts(cases[i].shape, cases[i].text) == cases[i].fits);
    }
}

/* Of a resource group: letters and digits of every script, as .NET knows them; nothing that a shell takes for more. */
static void accepts_groups(void)
{
    static const struct {
        const char *text;
        enum text_shape shape;
        bool fits;
    } cases[] = {
        {"r\xC3\xA4ume", SHAPE_GROUP, true},
        {"\xe6\x9c\xac\xe7\x95\xaa_(1).x-2", SHAPE_GROUP, true},
        {"\xef\xbc\x91\xd9\xa3", SHAPE_GROUP, true}, /* digits of other scripts */
        {"rg", SHAPE_GROUP, true},
        {"-rg", SHAPE_GROUP, false},
        {"rg.", SHAPE_GROUP, false},
        {"", SHAPE_GROUP, false},
        {"a b", SHAPE_GROUP, false},
        {"a/b", SHAPE_GROUP, false},
        {"x\xe2\x80\x99", SHAPE_GROUP, false},    /* the quote that PowerShell takes for one */
        {"x\xe2\x80\x93", SHAPE_GROUP, false},    /* the dash that it takes for one */
        {"x\xe2\x80\xae", SHAPE_GROUP, false},    /* turns the direction */
        {"x\xe3\x80\x80", SHAPE_GROUP, false},    /* a wide blank */
        {"x\xe3\x85\xa4", SHAPE_GROUP, false},    /* a letter that nobody sees */
        {"\xf0\xa0\xae\xb7", SHAPE_GROUP, false}, /* no one UTF-16 unit: no letter to .NET */
        {"x\xc3", SHAPE_GROUP, false},
        {SIXTY TEN TEN TEN, SHAPE_GROUP, true},
        {SIXTY TEN TEN "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", SHAPE_GROUP,
         true},
        {SIXTY TEN TEN TEN "\xc3\xa4", SHAPE_GROUP, false},
        {RESOURCE "/resourceGroups/\xe6\x9c\xac/providers/Microsoft.Compute/virtualMachines/vm-1", SHAPE_RESOURCE,
         true},
        {RESOURCE "/resourcegroups/r\xc3\xa4ume", SHAPE_RESOURCE, true},
        {RESOURCE "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/\xe6\x9c\xac", SHAPE_RESOURCE, false},
        {RESOURCE "/resourceGroups/r\xe2\x80\x99", SHAPE_RESOURCE, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].text, shape_accepts(cases[i].shape, cases[i].text) == cases[i].fits);
    }
}

static void check_insertion(enum text_shape shape, const char *good, char letter)
{
    for (size_t at = 0; at <= strlen(good); at++) {
        char text[128];
        (void)snprintf(text, sizeof(text), "%.*s%c%s", (int)at, good, letter, good + at);
        ROW_ASSERT(text, !shape_accepts(shape, text));
    }
}

/* Every byte that a shell, a terminal or az could take for more than itself, at either end and in the middle. */
static void refuses_every_byte_with_a_meaning(void)
{
    static const char resource[] = RESOURCE;
    static const char *const good[] = {
        [SHAPE_FREE] = "a",           [SHAPE_NAME] = "vmname",     [SHAPE_GROUP] = "rg-prod",
        [SHAPE_GUID] = GUID,          [SHAPE_RESOURCE] = resource, [SHAPE_ADDRESS] = "20.118.99.224",
        [SHAPE_HOST] = "kms.example",
    };
    static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.()/:";
    for (int shape = 0; shape < SHAPE_COUNT; shape++) {
        ROW_ASSERT(good[shape], shape_accepts((enum text_shape)shape, good[shape]) == (shape != SHAPE_FREE));
        for (int byte = 1; byte < 256; byte++) {
            if (strchr(harmless, byte) == NULL) {
                check_insertion((enum text_shape)shape, good[shape], (char)byte);
            }
        }
    }
}

void suite_shape(void);
void suite_shape(void)
{
    UNIT_SUITE("shape", UNIT_TEST(accepts_what_fits), UNIT_TEST(accepts_groups),
               UNIT_TEST(refuses_every_byte_with_a_meaning));
}
