/* SPDX-License-Identifier: MIT */
/* The WMI client against classes that every Windows has, Wine's too; the licensing provider is not among them. */
#include <wchar.h>

#include "base/text.h"
#include "contract.h"
#include "contract_child.h"
#include "events_given.h"
#include "host/port.h"
#include "host/windows/wmi.h"

enum { WMI_MS = 60 * 1000, NAME = 0, MEMORY = 1, MISSING_COLUMN = 2 };

static const wchar_t *const system_columns[] = {L"Name", L"OperatingSystemSKU", NULL};

static void reads_rows(struct contract *contract)
{
    const struct wmi_request request = {
        .class = L"Win32_OperatingSystem", .columns = system_columns, .where = L"Name <> NULL"};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    EXPECT(contract, wmi_run(&request, WMI_MS, &answer, &contract->err));
    EXPECT(contract, answer != NULL && wmi_rows(answer) == 1);
    if (answer == NULL || wmi_rows(answer) == 0) {
        return;
    }
    EXPECT(contract, text_contains(wmi_text(answer, 0, NAME, contract->arena), "Windows"));
    EXPECT(contract, wmi_number(answer, 0, MEMORY, -1) > 0);
    EXPECT(contract, wmi_number(answer, 0, NAME, -1) == -1);
    EXPECT(contract, wmi_text(answer, 0, MEMORY, contract->arena) == NULL);
    EXPECT(contract, wmi_number(answer, 0, MISSING_COLUMN, -1) == -1 && !wmi_bool(answer, 0, NAME));
}

/* An older class lacks what a newer one has: that column is empty, the others are there. */
static void no_column(struct contract *contract, const wchar_t *class, const wchar_t *column)
{
    const wchar_t *const columns[] = {column, L"AzmendNothing", NULL};
    const struct wmi_request request = {.class = class, .columns = columns};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    EXPECT(contract, wmi_run(&request, WMI_MS, &answer, &contract->err));
    EXPECT(contract, answer != NULL && wmi_rows(answer) == 1);
    if (answer != NULL && wmi_rows(answer) == 1) {
        EXPECT(contract, wmi_text(answer, 0, 0, contract->arena) != NULL);
        EXPECT(contract, wmi_text(answer, 0, 1, contract->arena) == NULL && wmi_number(answer, 0, 1, -1) == -1);
    }
}

static void older_class(struct contract *contract)
{
    no_column(contract, L"Win32_OperatingSystem", L"Name");
    no_column(contract, L"SoftwareLicensingService", L"Version");
}

static void no_row(struct contract *contract)
{
    struct wmi_request request = {.class = L"Win32_Service",
                                  .columns = (const wchar_t *const[]){L"Name", NULL},
                                  .where = L"Name = 'azmend-nothing'"};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    EXPECT(contract, wmi_run(&request, WMI_MS, &answer, &contract->err));
    EXPECT(contract, answer != NULL && wmi_rows(answer) == 0);
    struct wmi_answer *called AUTO(wmi_drop) = NULL;
    request.method = L"StartService";
    bool done = wmi_run(&request, WMI_MS, &called, &contract->err);
    EXPECT(contract, !done && contract->err.code == ERR_NOT_FOUND);
}

static void no_class(struct contract *contract)
{
    const struct wmi_request request = {.class = L"Azmend_Nothing", .columns = system_columns};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    bool done = wmi_run(&request, WMI_MS, &answer, &contract->err);
    bool is_said = !done && contract->err.code == ERR_UNSUPPORTED && contract->err.os != 0;
    bool is_empty = done && wmi_rows(answer) == 0; /* what Wine 8 makes of it */
    EXPECT(contract, is_said || is_empty);
}

static void calls_a_method(struct contract *contract)
{
    static const wchar_t *const columns[] = {L"Name", NULL};
    const struct wmi_request request = {
        .class = L"Win32_Service", .columns = columns, .where = L"Name = 'RpcSs'", .method = L"StartService"};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    EXPECT(contract, wmi_run(&request, WMI_MS, &answer, &contract->err));
}

/* Nobody waits any more: the worker goes on alone, with memory of its own. */
static void abandoned(struct contract *contract)
{
    const struct wmi_request request = {.class = L"Win32_OperatingSystem", .columns = system_columns};
    for (int i = 0; i < 5; i++) { /* one after the other: Wine's own provider is not made for two threads */
        struct wmi_answer *answer AUTO(wmi_drop) = NULL;
        bool done = wmi_run(&request, 0, &answer, &contract->err);
        EXPECT(contract, !done && contract->err.code == ERR_TIMEOUT);
        contract->ops->clock->sleep_ms(contract->backend, 1000);
    }
}

/* --- a run that is over --- */

static bool asks_for_events(struct contract *contract)
{
    const struct event_query query = {.channel = "azmend-contract/Silent", .xpath = "*", .most = 1};
    struct events_given given = {.arena = contract->arena};
    return events_ask(contract->ops, contract->backend, &query, &given, &contract->err);
}

static bool asks_for_products(struct contract *contract)
{
    struct licensing_products products;
    return contract->ops->licensing->products(contract->backend, contract->arena, &products, &contract->err);
}

/* The rows before this one show that all of them answer, but for the log that never does. */
static void nothing_waits_past_the_deadline(struct contract *contract)
{
    enum { LEFT_MS = 300, PROMPT_MS = 5000 };
    int64_t began_ms = port_now_ms();
    contract->ops->clock->set_deadline(contract->backend, began_ms + LEFT_MS);
    bool done = asks_for_events(contract);
    EXPECT(contract, !done && contract->err.code == ERR_TIMEOUT && port_now_ms() >= began_ms + LEFT_MS);
    done = asks_for_products(contract);
    EXPECT(contract, !done && contract->err.code == ERR_TIMEOUT);
    EXPECT(contract, port_now_ms() - began_ms < PROMPT_MS);
    contract->ops->clock->set_deadline(contract->backend, 0);
    contract->ops->clock->sleep_ms(contract->backend, 1000);
}

/* --- events that are larger than anything Windows writes --- */

/* Each is passed over, and the others are read; more than fits into a query's bound is left out behind it. */
static void events_over_their_bound(struct contract *contract)
{
    struct events_given given = {.arena = contract->arena};
    const struct event_query one = {.channel = "azmend-contract/Large", .xpath = "*", .most = 3};
    EXPECT(contract, events_ask(contract->ops, contract->backend, &one, &given, &contract->err));
    EXPECT(contract, given.items.count == 3 && events_at(&given, 0) == NULL);
    const char *within = given.items.count == 3 ? events_at(&given, 1) : NULL;
    EXPECT(contract, within != NULL && strlen(within) == LIMIT_EVENT_BYTES);
    const struct event_query all = {.channel = "azmend-contract/Large", .xpath = "*", .most = LIMIT_EVENTS + 1};
    EXPECT(contract, events_ask(contract->ops, contract->backend, &all, &given, &contract->err));
    EXPECT(contract, given.items.count == LIMIT_EVENTS_BYTES / LIMIT_EVENT_BYTES + 2);
}

const struct contract_row contract_machine[] = {
    {"events: over their bound", events_over_their_bound},
    {"wmi: reads rows", reads_rows},
    {"wmi: a column that the class lacks", older_class},
    {"wmi: no such row", no_row},
    {"wmi: no such class", no_class},
    {"wmi: calls a method", calls_a_method},
    {"wmi: an overdue worker is abandoned", abandoned},
    {"a run that is over: nothing waits past its deadline", nothing_waits_past_the_deadline},
    {"firewall: group policy's store", contract_firewall_store},
    {"file: a writer waits for who holds the file", contract_replace_waits},
    {"file: a file held for good stays as it was", contract_replace_gives_up},
    {"file: an exchange that was cut off is settled", contract_replace_settles},
    {"crypto: a look changes no store, of the machine or of the account", contract_stores_unchanged},
    {"process: a grandchild holds nobody up and dies", contract_child_grandchild},
    {"process: of much output the beginning is kept", contract_child_much},
    {"process: there is no input", contract_child_input},
    {"process: what it writes is text, in whatever encoding", contract_child_words},
    {"process: an abandoned worker holds up no end", contract_child_stuck},
    {"process: only one of this very program is ended", contract_child_ended},
    {NULL, NULL},
};
