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
        enum text_shape shape;
        const char *text;
        bool fits;
    } cases[] = {
        {SHAPE_FREE, "abc", false},
        {SHAPE_FREE, "", false},
        {SHAPE_NAME, "vm-web-01", true},
        {SHAPE_NAME, "rg_(prod).x1", true},
        {SHAPE_NAME, "_x", true},
        {SHAPE_NAME, "", false},
        {SHAPE_NAME, "-o", false},
        {SHAPE_NAME, "--query", false},
        {SHAPE_NAME, ".", false},
        {SHAPE_NAME, "..", false},
        {SHAPE_NAME, "name.", false},
        {SHAPE_NAME, SIXTY TEN TEN TEN, true},
        {SHAPE_NAME, SIXTY TEN TEN TEN "x", false},
        {SHAPE_NAME, "a/b", false},
        {SHAPE_NAME, "r\xC3\xA4ume", false},
        {SHAPE_GUID, GUID, true},
        {SHAPE_GUID, GUID "0", false},
        {SHAPE_GUID, "0000aaaa-1b1b-2222-3333-44444444444", false},
        {SHAPE_GUID, "0000aaaa-1b1b-2222-3333-44444444444g", false},
        {SHAPE_GUID, "0000aaaa01b1b-2222-3333-444444444444", false},
        {SHAPE_GUID, "{000aaaa-1b1b-2222-3333-444444444444", false},
        {SHAPE_GUID, "", false},
        {SHAPE_RESOURCE, RESOURCE, true},
        {SHAPE_RESOURCE, RESOURCE "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1", true},
        {SHAPE_RESOURCE, "/SUBSCRIPTIONS/" GUID "/resourceGroups/RG", true},
        {SHAPE_RESOURCE, RESOURCE "/", false},
        {SHAPE_RESOURCE, RESOURCE "//x", false},
        {SHAPE_RESOURCE, RESOURCE "/resourceGroups/../x", false},
        {SHAPE_RESOURCE, RESOURCE "/resourceGroups/-rg", false},
        {SHAPE_RESOURCE, "/subscriptions/not-a-guid/resourceGroups/rg", false},
        {SHAPE_RESOURCE, "subscriptions/" GUID, false},
        {SHAPE_RESOURCE, "/providers/" GUID, false},
        {SHAPE_RESOURCE, "https://example.test" RESOURCE, false},
        {SHAPE_RESOURCE,
         RESOURCE "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY
                  "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY "/" SIXTY,
         false},
        {SHAPE_ADDRESS, "20.118.99.224", true},
        {SHAPE_ADDRESS, "fe80::1", true},
        {SHAPE_ADDRESS, "fe80::1%eth0", false},
        {SHAPE_ADDRESS, "20.118.99.224/32", false},
        {SHAPE_HOST, "azkms.core.windows.net", true},
        {SHAPE_HOST, "_vlmcs._tcp.corp.example", true},
        {SHAPE_HOST, "localhost", true},
        {SHAPE_HOST, "host.", false},
        {SHAPE_HOST, ".host", false},
        {SHAPE_HOST, "a..b", false},
        {SHAPE_HOST, "-a.b", false},
        {SHAPE_HOST, "a-.b", false},
        {SHAPE_HOST, "", false},
        {SHAPE_HOST, "host:1688", false},
        {SHAPE_HOST, SIXTY "abc.net", true},
        {SHAPE_HOST, SIXTY "abcd.net", false},
        {SHAPE_HOST, SIXTY "." SIXTY "." SIXTY "." SIXTY ".abcdefghi", true},
        {SHAPE_HOST, SIXTY "." SIXTY "." SIXTY "." SIXTY ".abcdefghij", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].text, shape_accepts(cases[i].shape, cases[i].text) == cases[i].fits);
    }
}

/* Every byte that a shell, a terminal or az could take for more than itself, at either end and in the middle. */
static void refuses_every_byte_with_a_meaning(void)
{
    static const char *const good[] = {
        [SHAPE_FREE] = "a",
        [SHAPE_NAME] = "vmname",
        [SHAPE_GUID] = GUID,
        [SHAPE_RESOURCE] = RESOURCE "/rgs/r",
        [SHAPE_ADDRESS] = "20.118.99.224",
        [SHAPE_HOST] = "kms.example",
    };
    static const char meaning[] = " \t\r\n\x0b\x0c\"'`$&|;<>*?[]{}!~#%^=+,\\@:\x01\x1b\x7f\x80\xC2\xA0\xE2\x80\xAE\xFF";
    for (int shape = 0; shape < SHAPE_COUNT; shape++) {
        size_t size = strlen(good[shape]);
        ROW_ASSERT(good[shape], shape_accepts((enum text_shape)shape, good[shape]) == (shape != SHAPE_FREE));
        for (size_t i = 0; meaning[i] != '\0'; i++) {
            for (size_t at = 0; at <= size; at++) {
                char text[128];
                (void)snprintf(text, sizeof(text), "%.*s%c%s", (int)at, good[shape], meaning[i], good[shape] + at);
                ROW_ASSERT(text, !shape_accepts((enum text_shape)shape, text));
            }
        }
    }
}

void suite_shape(void);
void suite_shape(void)
{
    UNIT_SUITE("shape", UNIT_TEST(accepts_what_fits), UNIT_TEST(refuses_every_byte_with_a_meaning));
}
