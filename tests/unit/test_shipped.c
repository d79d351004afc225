/* SPDX-License-Identifier: MIT */
/* What ships in playbooks/, read together: names that must fit each other, and the table of codes, code by code. */
#include <stdlib.h>
#include <string.h>

#include "activation_codes.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/text.h"
#include "intake/embedded.h"
#include "intake/intake.h"
#include "json/json.h"
#include "unit.h"

static struct {
    struct arena arena;
    const struct plan *plan;
    struct map findings; /* ids */
} shipped;

static void open_shipped(void)
{
    const struct intake_request all = {.count = 0};
    struct intake intake AUTO(intake_clear) = {0};
    struct err err = {0};
    if (shipped.plan != NULL) {
        return;
    }
    if (!arena_open(&shipped.arena, LIMIT_ARENA_BYTES, &err) || !intake_collect(&all, &shipped.arena, &intake, &err) ||
        !plan_load(intake.tables.items, intake.tables.count, intake.playbooks.items, intake.playbooks.count, NULL, 0,
                   &shipped.arena, &shipped.plan, &err)) {
        printf("\n    %s\n", err.text);
        abort();
    }
    for (size_t p = 0; p < shipped.plan->count; p++) {
        for (size_t i = 0; i < shipped.plan->playbooks[p].finding_count; i++) {
            map_set(&shipped.arena, &shipped.findings, shipped.plan->playbooks[p].findings[i].id, &shipped);
        }
    }
}

static bool is_finding(const char *id)
{
    return map_find(&shipped.findings, id) != NULL;
}

/* --- playbooks --- */

static void every_explanation_is_a_finding(void)
{
    struct err err = {0};
    open_shipped();
    bool known = plan_explanations_known(shipped.plan, shipped.plan, &shipped.arena, &err);
    ROW_ASSERT(err.text, known);
}

/* A playbook that is asked for alone brings along what it needs, and nothing else is read. */
static void every_playbook_loads_alone(void)
{
    open_shipped();
    for (const struct embedded *file = embedded_playbooks; file->name != NULL; file++) {
        const char *name = arena_copy(&shipped.arena, file->name, strlen(file->name) - strlen(".json"));
        const struct intake_request request = {.names = &name, .count = 1};
        struct intake intake AUTO(intake_clear) = {0};
        const struct plan *plan = NULL;
        struct err err = {0};
        bool loaded = intake_collect(&request, &shipped.arena, &intake, &err) &&
                      plan_load(intake.tables.items, intake.tables.count, intake.playbooks.items,
                                intake.playbooks.count, NULL, 0, &shipped.arena, &plan, &err);
        ROW_ASSERT(name, loaded);
    }
}

/* --- tables --- */

static const struct json *rows_of(const struct embedded *table)
{
    return json_find(table->document, "rows");
}

static const char *cell(const struct json *row, const char *name)
{
    const struct json *found = json_find(row, name);
    return found != NULL && found->type == JSON_TEXT ? found->as.text : "";
}

/* "2024", "2024-03", "2024-03-14": a year at least, and nothing but digits and dashes. */
static bool is_date(const char *text)
{
    return strlen(text) >= 4 && text[strspn(text, "0123456789-")] == '\0' && text_starts(text, "20");
}

static void every_row_has_a_source_and_its_date(void)
{
    open_shipped();
    for (const struct embedded *table = embedded_tables; table->name != NULL; table++) {
        const struct json *rows = rows_of(table);
        CU_ASSERT_FATAL(rows != NULL && rows->count > 0);
        for (uint32_t i = 0; i < rows->count; i++) {
            const struct json *row = &rows->as.items[i];
            const char *name = arena_format(&shipped.arena, "%s:%u", table->name, row->line);
            ROW_ASSERT(name, cell(row, "source")[0] != '\0' && is_date(cell(row, "date")));
        }
    }
}

/* --- codes --- */

/* What a letter of activation_codes.h asks of the findings: one whose id begins so. */
static const struct {
    char letter;
    const char *starts[2];
} causes[] = {
    {'A', {"KMS_TARGET_"}},
    {'B', {"KEY_"}},
    {'C', {"KMS_DNS_"}},
    {'D', {"GUEST_FIREWALL_"}},
    {'E', {"KMS_PORT_FILTERED", "KMS_INTERCEPTED"}},
    {'F', {"FORCED_TUNNELLING_"}},
    {'G', {"NO_OUTBOUND_LOAD_BALANCER"}},
    {'H', {"NO_OUTBOUND_PRIVATE_SUBNET"}},
    {'I', {"LICENSE_STORE_"}},
    {'J', {"CLOCK_SKEW"}},
    {'K', {"LICENSE_SERVICE_", "DCOM_"}},
    {'L', {"LICENSE_STORE_ACL"}},
    {'N', {"KMS_BUSY"}},
    {'S', {"NOT_LICENSED"}},
    {'T', {"KMS_ACTIVATION_TYPE"}},
};

static const struct json *findings_of(const struct json *row)
{
    const struct json *list = json_find(row, "findings");
    return list != NULL && list->type == JSON_ARRAY ? list : NULL;
}

static bool names_one(const struct json *row, const char *start)
{
    const struct json *list = findings_of(row);
    for (uint32_t i = 0; start != NULL && list != NULL && i < list->count; i++) {
        if (text_starts(list->as.items[i].as.text, start)) {
            return true;
        }
    }
    return false;
}

static bool names_cause(const struct json *row, char letter)
{
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
        if (causes[i].letter == letter) {
            return names_one(row, causes[i].starts[0]) || names_one(row, causes[i].starts[1]);
        }
    }
    return false;
}

static bool is_complete(const struct json *row)
{
    static const char *const families[] = {
        "network", "target", "key",     "store", "clock",       "service", "status", "activation-object",
        "token",   "avma",   "genuine", "info",  "attestation", "wmi",     NULL};
    const struct json *retry = json_find(row, "retry");
    return cell(row, "meaning")[0] != '\0' && cell(row, "meaningJa")[0] != '\0' &&
           text_word(families, cell(row, "family")) >= 0 && retry != NULL && retry->type == JSON_BOOL &&
           findings_of(row) != NULL;
}

/* The row of a code, by the code as it is written; ret_count: how many there are. */
static const struct json *find_code(const struct json *rows, const char *code, size_t *ret_count)
{
    const struct json *found = NULL;
    *ret_count = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        if (text_same(cell(&rows->as.items[i], "code"), code)) {
            found = &rows->as.items[i];
            ++*ret_count;
        }
    }
    return found;
}

static void every_code_of_the_documents_is_told(void)
{
    open_shipped();
    const struct json *rows = rows_of(embedded_find(embedded_tables, "error-codes"));
    for (size_t i = 0; i < sizeof(activation_codes) / sizeof(activation_codes[0]); i++) {
        const struct activation_code *known = &activation_codes[i];
        size_t count = 0;
        const struct json *row = find_code(rows, known->code, &count);
        ROW_ASSERT(known->code, count == 1);
        bool retries = count == 1 && json_find(row, "retry")->as.boolean;
        ROW_ASSERT(known->code, retries == (strchr(known->hangs_on, 'R') != NULL));
        for (const char *letter = known->hangs_on; count == 1 && *letter != '\0'; letter++) {
            ROW_ASSERT(known->code, *letter == 'R' || names_cause(row, *letter));
        }
    }
}

static void every_row_of_codes_is_complete(void)
{
    open_shipped();
    const struct json *rows = rows_of(embedded_find(embedded_tables, "error-codes"));
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct json *row = &rows->as.items[i];
        const struct json *findings = findings_of(row);
        const char *code = cell(row, "code");
        size_t count = 0;
        ROW_ASSERT(code, is_complete(row) && find_code(rows, code, &count) != NULL && count == 1);
        ROW_ASSERT(code, strlen(code) == 10 && strspn(code + 2, "0123456789ABCDEF") == 8);
        for (uint32_t k = 0; findings != NULL && k < findings->count; k++) {
            ROW_ASSERT(code, is_finding(findings->as.items[k].as.text));
        }
    }
}

static void the_group_of_digital_licences_is_told(void)
{
    size_t count = 0;
    open_shipped();
    const struct json *rows = rows_of(embedded_find(embedded_tables, "error-codes"));
    for (uint32_t i = 0; i < rows->count; i++) {
        count += text_starts(cell(&rows->as.items[i], "code"), "0x803FA0") ? 1 : 0;
    }
    CU_ASSERT_EQUAL(count, 18);
    arena_close(&shipped.arena);
    shipped.plan = NULL;
}

void suite_shipped(void);
void suite_shipped(void)
{
    UNIT_SUITE("what ships", UNIT_TEST(every_explanation_is_a_finding), UNIT_TEST(every_playbook_loads_alone),
               UNIT_TEST(every_row_has_a_source_and_its_date), UNIT_TEST(every_code_of_the_documents_is_told),
               UNIT_TEST(every_row_of_codes_is_complete), UNIT_TEST(the_group_of_digital_licences_is_told));
}
