/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "report/redact.h"
#include "unit.h"

#define KEY "WX4NM-KYWYW-QJJR4-XV3QB-6VM33"
#define STARS "*****-*****-*****-*****-6VM33"

static const char *const secrets[] = {"hunter-two", "say \"ja\"", "abc", NULL};

static const struct {
    const char *name, *before, *after;
} cases[] = {
    {"nothing", "", ""},
    {"no secret", "KeyManagementServiceName=azkms.core.windows.net:1688", NULL},
    {"a key", KEY, STARS},
    {"a key in a text", "key \"" KEY "\" installed", "key \"" STARS "\" installed"},
    {"a key in small letters", "wx4nm-kywyw-qjjr4-xv3qb-6vm33", "*****-*****-*****-*****-6vm33"},
    {"a key without dashes", "<Data>WX4NMKYWYWQJJR4XV3QB6VM33</Data>", "<Data>********************6VM33</Data>"},
    {"two keys", KEY "," KEY, STARS "," STARS},
    {"a key at the end of a longer word", "A" KEY, NULL},
    {"a key with a sixth group", KEY "-ABCDE", STARS "-ABCDE"},
    {"a masked key", STARS, NULL},
    {"a GUID", "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03", NULL},
    {"a run id", "20261122T040000Z-3c6f7f3a", NULL},
    {"a SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NULL},
    {"twenty-five digits with a vowel", "AAAAABBBBBCCCCCDDDDD12345", NULL},
    {"a SAS", "https://a.test/p.zip?sv=2021&sig=aB%2Bc%3D&se=2026",
     "https://a.test/p.zip?sv=2021&sig=*********&se=2026"},
    {"a SAS in JSON", "?sv=1\\u0026sig=abc\\u0026se=2", "?sv=1\\u0026sig=***\\u0026se=2"},
    {"a SAS in capitals", "?SIG=abc", "?SIG=***"},
    {"a SAS, encoded", "url=https%3A%2F%2Fa.test%2F%3Fsig%3DaB%252Bc%26se%3D2026&x=1",
     "url=https%3A%2F%2Fa.test%2F%3Fsig%3D********%26se%3D2026&x=1"},
    {"user and password", "proxy http://alice:hunter2@proxy:8080 set", "proxy http://*************@proxy:8080 set"},
    {"a user", "ftp://alice@a.test/x", "ftp://*****@a.test/x"},
    {"a password with everything", "http://CORP\\a:p\"w<d>&x/y?z#@q@proxy:80/",
     "http://**********************@proxy:80/"},
    {"a password in JSON", "{\"u\":\"http://a:p\\\"w\\u0026x@h\",\"m\":\"b@c\"}",
     "{\"u\":\"http://*************@h\",\"m\":\"b@c\"}"},
    {"a password in XML", "<Data>http://a:p&quot;w&lt;@h</Data><Data>b@c</Data>",
     "<Data>http://**************@h</Data><Data>b@c</Data>"},
    {"slashes in JSON", "http:\\/\\/a:bc@h\\/p", "http:\\/\\/****@h\\/p"},
    {"a URL, encoded", "to=http%3A%2F%2Fa%3Abc%40h%2Fp", "to=http%3A%2F%2F******%40h%2Fp"},
    {"a URL, encoded twice", "http%253a%252f%252fa%253abc%2540h", "http%253a%252f%252f********%2540h"},
    {"a password that was cut", "cannot reach http://alice:hunt", "cannot reach http://alice:****"},
    {"a port at the end", "cannot reach http://a.test:8080", NULL},
    {"a port in quotes", "\"http://a.test:8080\"", NULL},
    {"a mail address behind", "see http://a.test:80/x or b@c.test", NULL},
    {"an at sign in a path", "https://a.test/p@q?r=s@t", NULL},
    {"no scheme", "C:\\a\\b@c, b@c.test", NULL},
    {"an account key", "DefaultEndpointsProtocol=https;AccountKey=aB+/c==;EndpointSuffix=x",
     "DefaultEndpointsProtocol=https;AccountKey=*******;EndpointSuffix=x"},
    {"an account key, encoded", "x?c=accountkey%3DaB%2Bc%3D%3D%3BEndpointSuffix%3Dx",
     "x?c=accountkey%3D************%3BEndpointSuffix%3Dx"},
    {"a SAS behind an escaped mark", "\\u003Fsig=abc", "\\u003Fsig=***"},
    {"the key of a bus", "SharedAccessKey=abc", "SharedAccessKey=***"},
    {"a password of a database", "Server=a;User=b;PWD=\"c;d\";Password=e f", "Server=a;User=b;PWD=****\";Password=* f"},
    {"a token", "authorization: bearer eyJ0.eyJ1.c2ln, then", "authorization: bearer **************, then"},
    {"a token, encoded", "Bearer%20abc%2Bd%20e", "Bearer%20*******%20e"},
    {"basic", "Authorization: Basic YWxpY2U6aHVudGVy", "Authorization: Basic ****************"},
    {"words only", "The bearer, a passwordless sig; basic authentication", NULL},
    {"letters around", "http://\xe3\x81\x82:\xe3\x81\x84@h \xe3\x81\x86", "http://*******@h \xe3\x81\x86"},
    {"a SAS at the end", "?sig=abcdef", "?sig=******"},
    {"a word that ends so", "design=new", NULL},
    {"a secret parameter", "was hunter-two, is hunter-two", "was ******-***, is ******-***"},
    {"a secret parameter in JSON", "{\"a\": \"say \\\"ja\\\"\"}", "{\"a\": \"**********\"}"},
    {"too short to be hidden", "abcd abc", NULL},
};

static void rows(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf bytes AUTO(buf_clear) = {0};
        buf_init(&bytes, LIMIT_TEXT_BYTES);
        buf_text(&bytes, cases[i].before);
        redact(&bytes, secrets);
        ROW_ASSERT(cases[i].name,
                   text_same(buf_string(&bytes), cases[i].after != NULL ? cases[i].after : cases[i].before));
    }
}

static void behind_a_nul(void)
{
    static const char text[] = "a\0?sig=abc\0" KEY;
    struct buf bytes AUTO(buf_clear) = {0};
    buf_init(&bytes, LIMIT_TEXT_BYTES);
    buf_add(&bytes, text, sizeof(text) - 1);
    redact(&bytes, NULL);
    CU_ASSERT_EQUAL(memcmp(bytes.bytes, "a\0?sig=***\0" STARS, sizeof(text) - 1), 0);
}

void suite_redact(void);

void suite_redact(void)
{
    UNIT_SUITE("redact", UNIT_TEST(rows), UNIT_TEST(behind_a_nul));
}
