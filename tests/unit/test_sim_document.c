/* SPDX-License-Identifier: MIT */
#include "json/json.h"
#include "sim_fixture.h"

void suite_sim_document(void);

static const struct {
    const char *name, *document, *place, *says;
} wrong[] = {
    {"no object", "[]", "t.json:1", "object"},
    {"no format", "{}", "$", "machine"},
    {"other format", "{'machine': 'azmend.machine/2'}", "$.machine", ""},
    {"unknown section", SIM_DOCUMENT(",\n'register': {}"), "t.json:2", "register"},
    {"unknown member of a section", SIM_DOCUMENT(", 'system': {'nam': 'x'}"), "$.system", "nam"},
    {"clock without a date", SIM_DOCUMENT(", 'clock': {'utc': 'today'}"), "$.clock.utc", "2026"},
    {"clock with month 13", SIM_DOCUMENT(", 'clock': {'utc': '2026-13-01T00:00:00Z'}"), "$.clock.utc", "2026"},
    {"product type 4", SIM_DOCUMENT(", 'system': {'productType': 4}"), "$.system.productType", ""},
    {"registry is a list", SIM_DOCUMENT(", 'registry': []"), "$.registry", "object"},
    {"key is true", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': true}"), "$.registry", "false"},
    {"key of another hive", SIM_DOCUMENT(", 'registry': {'HKCU\\\\A': {}}"), "$.registry", "HKLM"},
    {"key with an empty part", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A\\\\\\\\B': {}}"), "$.registry", "empty"},
    {"key twice but for case", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {}, 'hklm\\\\a': {}}"), "$.registry", "twice"},
    {"value is null", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': null}}"), ".v", "expected"},
    {"value is negative", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': -1}}"), ".v", "32 bits"},
    {"value twice but for case", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': 1, 'V': 2}}"), ".V", "twice"},
    {"value of two forms", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'dword': 1, 'qword': 1}}}"), ".v",
     "one of"},
    {"value with a type alone", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'type': 3}}}"), ".v", "hex"},
    {"value with half a byte", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'type': 3, 'hex': '0'}}}"), ".hex",
     "pairs"},
    {"value that is no hex", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'type': 3, 'hex': '0g'}}}"), ".hex",
     "pairs"},
    {"denied key with values", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'denied': true, 'v': 1}}"), "$.registry",
     "values"},
    {"service is true", SIM_DOCUMENT(", 'services': {'a': true}"), "$.services.a", "object"},
    {"service without a start type", SIM_DOCUMENT(", 'services': {'a': {'state': 'stopped'}}"), "$.services.a",
     "start"},
    {"service in no known state", SIM_DOCUMENT(", 'services': {'a': {'state': 'on', 'start': 'manual'}}"), ".state",
     ""},
    {"file without a drive", SIM_DOCUMENT(", 'files': {'hosts': {'text': ''}}"), "$.files.hosts", "drive"},
    {"file that climbs", SIM_DOCUMENT(", 'files': {'C:/a/../b': {'text': ''}}"), "$.files", "drive"},
    {"file of two contents", SIM_DOCUMENT(", 'files': {'C:/a': {'text': '', 'size': 1}}"), "$.files", "one of"},
    {"file of no content", SIM_DOCUMENT(", 'files': {'C:/a': {}}"), "$.files", "one of"},
    {"file that is no folder", SIM_DOCUMENT(", 'files': {'C:/a': {'folder': false}}"), "$.files", "one of"},
    {"file twice, by another name", SIM_DOCUMENT(", 'files': {'%windir%/a': {'size': 1}, 'c:/WINDOWS/a': false}"),
     "$.files", "twice"},
    {"file of no time", SIM_DOCUMENT(", 'files': {'C:/a': {'size': 1, 'changedAt': 'now'}}"), "$.files", "times"},
    {"licensing with a word for a code", SIM_DOCUMENT(", 'licensing': {'error': 'broken'}"), "$.licensing.error", "0x"},
    {"product without an id", SIM_DOCUMENT(", 'licensing': {'products': [{'status': 1}]}"), "$.licensing.products[0]",
     "id"},
    {"product in status 7", SIM_DOCUMENT(", 'licensing': {'products': [{'id': 'a', 'status': 7}]}"), ".status", ""},
    {"log that is no list", SIM_DOCUMENT(", 'events': {'Application': {}}"), "$.events.Application", "array"},
    {"log that is true", SIM_DOCUMENT(", 'events': {'Application': true}"), "$.events.Application", "array"},
    {"event that is no text", SIM_DOCUMENT(", 'events': {'Application': [1]}"), "$.events.Application[0]", "text"},
    {"key without a product", SIM_DOCUMENT(", 'licensing': {'keys': [{'key': 'A'}]}"), "$.licensing.keys[0]", "id"},
    {"KMS that serves perhaps", SIM_DOCUMENT(", 'licensing': {'kmsServes': 'perhaps'}"), "$.licensing.kmsServes",
     "0xC004F074"},
    {"KMS that serves with success", SIM_DOCUMENT(", 'licensing': {'kmsServes': ['0x00000000']}"),
     "$.licensing.kmsServes[0]", "0xC004F074"},
    {"KMS without an answer", SIM_DOCUMENT(", 'licensing': {'kmsServes': []}"), "$.licensing.kmsServes", "one"},
    {"store that is damaged somehow", SIM_DOCUMENT(", 'licensing': {'store': {'damaged': 'somehow'}}"),
     "$.licensing.store.damaged", "no_products"},
    {"store that lists products without a code",
     SIM_DOCUMENT(", 'licensing': {'store': {'damaged': 'no_products', 'lists': true}}"), "$.licensing.store.lists",
     "damaged"},
    {"store without licences whose products have keys",
     SIM_DOCUMENT(", 'licensing': {'store': {'lacks': 1}, 'products': [{'id': 'a', 'partialKey': 'XXXXX'}]}"),
     "$.licensing.store.lacks", "products"},
    {"file of a word for nobody", SIM_DOCUMENT(", 'files': {'C:/a': {'size': 1, 'acl': ['me']}}"), "$.files", "SID"},
    {"file of half a SID", SIM_DOCUMENT(", 'files': {'C:/a': {'size': 1, 'acl': ['S-1-5-']}}"), "$.files", "SID"},
    {"file of one right", SIM_DOCUMENT(", 'files': {'C:/a': {'size': 1, 'acl': 'system'}}"), "$.files", "array"},
    {"unknown part of the network", SIM_DOCUMENT(", 'network': {'udp': {}}"), "$.network", "udp"},
    {"outcome of something else", SIM_DOCUMENT(", 'network': {'tcp': {'a:1': 'accepted'}}"), "$.network.tcp", "TCP"},
    {"unknown outcome", SIM_DOCUMENT(", 'network': {'kms': {'a:1': 'fine'}}"), "$.network.kms", "KMS"},
    {"answer of another form", SIM_DOCUMENT(", 'network': {'tcp': {'a:1': {'status': 200}}}"), "$.network.tcp",
     "status"},
    {"empty sequence", SIM_DOCUMENT(", 'network': {'tcp': {'a:1': {'sequence': []}}}"), "$.network.tcp", "sequence"},
    {"empty sequence of a value", SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'sequence': []}}}"),
     "$.registry[\"HKLM\\A\"].v.sequence", "sequence"},
    {"sequence of a value, and more",
     SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'sequence': ['a'], 'dword': 1}}}"),
     "$.registry[\"HKLM\\A\"].v.sequence", "sequence"},
    {"sequence and more", SIM_DOCUMENT(", 'network': {'tcp': {'a:1': {'sequence': ['open'], 'ms': 1}}}"),
     "$.network.tcp", "sequence"},
    {"name that resolves to a name", SIM_DOCUMENT(", 'network': {'resolve': {'system': {'a': ['b']}}}"),
     "$.network.resolve.system.a", "addresses"},
    {"name that resolves to nothing", SIM_DOCUMENT(", 'network': {'resolve': {'system': {'a': []}}}"),
     "$.network.resolve.system.a", "no_name"},
    {"server by name", SIM_DOCUMENT(", 'network': {'resolve': {'ns': {}}}"), "$.network.resolve.ns", "address"},
    {"service record without a target",
     SIM_DOCUMENT(", 'network': {'resolve': {'10.0.0.1': {'SRV a': [{'port': 1}]}}}"), "$.network.resolve", "target"},
    {"metadata without versions", SIM_DOCUMENT(", 'network': {'imds': {'instance': {}}}"), "$.network.imds",
     "versions"},
    {"redirect to the outside", SIM_DOCUMENT(", 'network': {'connectTo': {'a:80': '10.0.0.1:80'}}"),
     "$.network.connectTo", "loopback"},
};

static void wrong_documents_are_refused_with_their_place(void)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct sim *sim = NULL;
        struct err err = {0};
        ROW_ASSERT(wrong[i].name, !sim_try(wrong[i].document, "t.json", &sim, &err));
        ROW_ASSERT(wrong[i].name, sim == NULL && err.code == ERR_INVALID);
        bool is_placed = strncmp(err.text, "t.json:", 7) == 0 && strstr(err.text, wrong[i].place) != NULL;
        bool is_said = strstr(err.text, wrong[i].says) != NULL;
        ROW_ASSERT(wrong[i].name, is_placed && is_said);
        if (!is_placed || !is_said) {
            printf("    it says: %s\n", err.text);
        }
    }
}

/* Every section, in the canonical spelling: saving it must give back these very bytes. */
static const char canonical[] =
    "{\"machine\": \"azmend.machine/1\", \"about\": \"all sections\","
    " \"clock\": {\"utc\": \"2026-01-15T08:00:00Z\", \"uptimeSeconds\": 5, \"skewSeconds\": -3},"
    " \"system\": {\"name\": \"vm\", \"elevated\": false, \"dnsSuffixes\": [\"b\", \"a\"]},"
    " \"registry\": {\"HKLM\\\\A\": {\"$readOnly\": true, \"\": \"default\", \"b\": {\"dword\": 1}, \"C\": 7,"
    " \"d\": {\"expand\": \"%x%\"}, \"e\": {\"qword\": 9}, \"f\": {\"type\": 3, \"hex\": \"00FF\"}, \"g\": "
    "{\"sequence\": [1, \"x\"]}},"
    " \"HKLM\\\\A\\\\B\": false, \"HKLM\\\\D\": {\"denied\": true}},"
    " \"services\": {\"a\": {\"state\": \"running\", \"start\": \"automatic\", \"delayed\": false, \"stops\": "
    "\"never\"},"
    " \"B\": false},"
    " \"files\": {\"%ProgramData%\\\\x\": {\"hex\": \"00\", \"readOnly\": true}, \"%windir%\\\\y\": {\"folder\": true, "
    "\"acl\": [\"system\", "
    "\"S-1-5-10\"]},"
    " \"C:\\\\Windows\\\\z\": false},"
    " \"fileRoot\": \"root\","
    " \"events\": {\"Application\": [\"<Event/>\"], \"Gone\": false},"
    " \"licensing\": {\"version\": \"1\", \"products\": [{\"id\": \"z\", \"status\": 0, \"reason\": \"0xC004F074\"}],"
    " \"keys\": [{\"key\": \"K\", \"id\": \"i\", \"description\": \"d\"}], \"store\": {\"damaged\": \"no_products\"},"
    " \"kmsServes\": [false, \"0xC004F038\", true], \"activateMs\": 5},"
    " \"network\": {\"imds\": {\"instance\": {\"compute\": {}, \"network\": []}, \"versions\": [\"2021-02-01\"]},"
    " \"resolve\": {\"10.0.0.1\": \"timeout\", \"system\": {\"n\": [\"10.0.0.2\"]}},"
    " \"hosts\": {\"n\": [\"10.0.0.3\"]}, \"tcp\": {\"10.0.0.2:1\": {\"sequence\": [\"open\", \"refused\"]}},"
    " \"kms\": {\"10.0.0.2:1688\": \"accepted\"}, \"http\": {\"http://n/\": {\"body\": \"x\", \"status\": 200}},"
    " \"connectTo\": {\"a:80\": \"127.0.0.1:8111\"}}}";

/* One member order and one layout, so that two documents can be compared by bytes. */
static const char *on_one_line(const char *text)
{
    char *line = arena_text(&sim_arena, text);
    size_t used = 0;
    bool in_text = false;
    for (const char *at = line; *at != '\0'; at++) {
        bool is_quote = *at == '"' && (at == line || at[-1] != '\\');
        in_text = is_quote ? !in_text : in_text;
        if (in_text || (*at != ' ' && *at != '\n')) {
            line[used++] = *at;
        }
    }
    line[used] = '\0';
    return line;
}

static void an_unchanged_document_is_saved_as_it_was(void)
{
    struct sim *sim = sim_make(canonical);
    CU_ASSERT_STRING_EQUAL(on_one_line(sim_text(sim)), on_one_line(canonical));
    sim_close(sim);
}

static void members_and_names_are_saved_sorted(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'network': {'tcp': {'b:1': 'open', 'a:1': 'open'}},"
                                            " 'registry': {'HKLM\\\\b': {'y': 1, 'X': 2}, 'HKLM\\\\A': {}},"
                                            " 'about': 'order'"));
    CU_ASSERT_STRING_EQUAL(on_one_line(sim_text(sim)),
                           sim_json("{'machine':'azmend.machine/1','about':'order','registry':{'HKLM\\\\A':{},"
                                    "'HKLM\\\\b':{'X':2,'y':1}},'network':{'tcp':{'a:1':'open','b:1':'open'}}}"));
    sim_close(sim);
}

static const char *const machines[] = {
    "server-2022-datacenter",
    "server-2022-azure-edition",
    "server-2019-datacenter",
    "server-2016-datacenter",
    "server-2025-datacenter",
    "windows-11-enterprise",
    "us-government",
    "china",
    "off-azure",
};

/* Saved again, it is the very file. */
static bool is_canonical(const char *path, struct err *err)
{
    struct sim *sim = NULL;
    struct buf bytes AUTO(buf_clear) = {0};
    if (!port_file_read(path, LIMIT_MACHINE_BYTES, &bytes, err) ||
        !sim_open(bytes.bytes, bytes.size, path, &sim_arena, &sim, err)) {
        return false;
    }
    bool is_same = strcmp(sim_text(sim), buf_string(&bytes)) == 0;
    sim_close(sim);
    return is_same;
}

static void the_base_machines_load_and_are_canonical(void)
{
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        struct err err = {0};
        bool canonical_now = is_canonical(arena_format(&sim_arena, SIM_MACHINES "%s.json", machines[i]), &err);
        ROW_ASSERT(arena_format(&sim_arena, "%s %s", machines[i], err.text), canonical_now);
    }
}

/* The page that explains the format shows a document: it must be one. */
static void the_example_of_the_page_loads(void)
{
    static const char start[] = "```json\n{\"machine\"";
    struct err err = {0};
    struct sim *sim = NULL;
    struct buf page AUTO(buf_clear) = {0};
    CU_ASSERT_FATAL(port_file_read(SIM_MACHINES "../README.md", LIMIT_MACHINE_BYTES, &page, &err));
    const char *block = strstr(buf_string(&page), start);
    CU_ASSERT(block != NULL);
    const char *json = block != NULL ? block + strlen("```json\n") : "";
    const char *end = strstr(json, "```");
    bool opened = end != NULL && sim_open(json, (size_t)(end - json), "README.md", &sim_arena, &sim, &err);
    ROW_ASSERT(err.text, opened);
    sim_close(sim);
}

static void the_schema_is_json_and_defines_what_it_refers_to(void)
{
    struct buf bytes AUTO(buf_clear);
    struct writer writer;
    struct err err = {0};
    const struct json *schema = NULL;
    struct json_source source = {.file = "schema", .limit = LIMIT_MACHINE_BYTES};
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &bytes, WRITER_INDENTED);
    sim_schema(&writer);
    writer_finish(&writer);
    CU_ASSERT_FATAL(json_load(buf_string(&bytes), bytes.size, &source, &sim_arena, &schema, &err));
    const struct json *definitions = json_find(schema, "$defs");
    size_t references = 0;
    for (const char *at = strstr(buf_string(&bytes), "#/$defs/"); at != NULL; at = strstr(at + 1, "#/$defs/")) {
        const char *name = at + strlen("#/$defs/");
        const char *copied = arena_copy(&sim_arena, name, strcspn(name, "\""));
        ROW_ASSERT(copied, json_find(definitions, copied) != NULL);
        references++;
    }
    CU_ASSERT(references > 20);
}

static void calls_are_counted_and_can_be_made_to_fail(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': 1}}"));
    struct err err = {0};
    struct registry_value value = {0};
    struct system_facts facts = {0};
    CU_ASSERT(sim_calls(sim) == 0);
    sim_fail_call(sim, 2);
    CU_ASSERT(sim_ops.registry->query(sim, "HKLM\\A", "v", &sim_arena, &value, &err) && value.number == 1);
    sim_ops.clock->sleep_ms(sim, 5);
    CU_ASSERT(sim_ops.clock->now_ms(sim) == 5 && sim_calls(sim) == 1);
    CU_ASSERT(!sim_ops.system->query(sim, &sim_arena, &facts, &err) && err.code == ERR_IO);
    CU_ASSERT_STRING_EQUAL(err.text, "injected");
    CU_ASSERT(sim_ops.system->query(sim, &sim_arena, &facts, &err) && sim_calls(sim) == 3);
    CU_ASSERT(sim_unscripted(sim) == NULL);
    sim_close(sim);
}

static void a_part_of_the_system_that_is_left_out_is_unknown(void)
{
    static const struct {
        const char *name, *document;
        unsigned known;
    } rows[] = {
        {"nothing", SIM_DOCUMENT(""), SYSTEM_ELEVATED},
        {"name", SIM_DOCUMENT(", 'system': {'name': 'a'}"), SYSTEM_ELEVATED | SYSTEM_NAME},
        {"half a version", SIM_DOCUMENT(", 'system': {'major': 10, 'build': 1}"), SYSTEM_ELEVATED},
        {"a version", SIM_DOCUMENT(", 'system': {'major': 10, 'minor': 0, 'build': 1}"),
         SYSTEM_ELEVATED | SYSTEM_VERSION},
        {"empty tag and no suffix", SIM_DOCUMENT(", 'system': {'assetTag': '', 'dnsSuffixes': []}"),
         SYSTEM_ELEVATED | SYSTEM_ASSET_TAG | SYSTEM_SUFFIXES},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(rows[i].document);
        struct system_facts facts = {0};
        struct err err = {0};
        ROW_ASSERT(rows[i].name, sim_ops.system->query(sim, &sim_arena, &facts, &err));
        ROW_ASSERT(rows[i].name, facts.known == rows[i].known && facts.is_elevated);
        sim_close(sim);
    }
}

static void time_is_virtual_and_not_saved(void)
{
    const char *document = SIM_DOCUMENT(", 'clock': {'utc': '2026-01-15T08:00:00Z', 'uptimeSeconds': 60},"
                                        " 'system': {'bootId': 'b', 'elevated': false}");
    struct sim *sim = sim_make(document);
    struct system_facts facts = {0};
    struct err err = {0};
    sim_ops.clock->sleep_ms(sim, 1500);
    sim_ops.clock->sleep_ms(sim, -7);
    CU_ASSERT(sim_ops.clock->utc_ms(sim) == 1768464001500);
    CU_ASSERT(sim_ops.system->query(sim, &sim_arena, &facts, &err) && facts.uptime_ms == 61500 && !facts.is_elevated);
    CU_ASSERT(sim_is(sim, document));
    sim_close(sim);
}

void suite_sim_document(void)
{
    SIM_SUITE("sim_document", UNIT_TEST(wrong_documents_are_refused_with_their_place),
              UNIT_TEST(an_unchanged_document_is_saved_as_it_was), UNIT_TEST(members_and_names_are_saved_sorted),
              UNIT_TEST(the_base_machines_load_and_are_canonical), UNIT_TEST(the_example_of_the_page_loads),
              UNIT_TEST(the_schema_is_json_and_defines_what_it_refers_to),
              UNIT_TEST(calls_are_counted_and_can_be_made_to_fail),
              UNIT_TEST(a_part_of_the_system_that_is_left_out_is_unknown), UNIT_TEST(time_is_virtual_and_not_saved));
}
