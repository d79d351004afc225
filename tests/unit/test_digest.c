/* SPDX-License-Identifier: MIT */
/* Source: FIPS 180-4 and the examples with it, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines */
#include <string.h>

#include "base/text.h"
#include "host/port.h"
#include "unit.h"

void suite_digest(void);

enum { MILLION = 1000000 };

static char million[MILLION];

static const struct {
    const char *name, *bytes;
    size_t size;
    const char *hex;
} vectors[] = {
    {"nothing", "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a NUL within", "a\0c", 3, "b179f49283f586ae1922b625af4017aecdf77e7ee175c0af675abea14252a666"},
    {"a million times a", million, MILLION, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void digests_are_those_of_the_standard(void)
{
    memset(million, 'a', sizeof(million));
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        uint8_t digest[PORT_SHA256_BYTES];
        char hex[2 * PORT_SHA256_BYTES + 1];
        struct err err = {0};
        ROW_ASSERT(vectors[i].name, port_sha256(vectors[i].bytes, vectors[i].size, digest, &err));
        for (size_t k = 0; k < sizeof(digest); k++) {
            (void)snprintf(hex + 2 * k, 3, "%02x", digest[k]);
        }
        ROW_ASSERT(vectors[i].name, text_same(hex, vectors[i].hex));
    }
}

void suite_digest(void)
{
    UNIT_SUITE("digest", UNIT_TEST(digests_are_those_of_the_standard));
}
