/* SPDX-License-Identifier: MIT */
#include "host/nouns/firewall/firewall.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/windows/firewall_com.h"
#include "host/windows/firewall_store.h"

enum { ANSWER_MS = LIMIT_SERVICE_MS };
static const uint32_t not_registered = 0x800706D9; /* EPT_S_NOT_REGISTERED: the firewall service is off */

/* --- from a row --- */

/* NULL: empty, or no text. */
static const char *row_text(const struct firewall_row *row, enum firewall_column column, struct arena *arena)
{
    const VARIANT *cell = &row->cells[column];
    bool is_text = V_VT(cell) == VT_BSTR && V_BSTR(cell) != NULL && SysStringLen(V_BSTR(cell)) > 0;
    return is_text ? narrow_part(arena, V_BSTR(cell), SysStringLen(V_BSTR(cell))) : NULL;
}

static int64_t row_number(const struct firewall_row *row, enum firewall_column column)
{
    const VARIANT *cell = &row->cells[column];
    return V_VT(cell) == VT_I4 ? V_I4(cell) : V_VT(cell) == VT_BOOL ? V_BOOL(cell) != VARIANT_FALSE : 0;
}

static bool is_any(const char *list)
{
    return list == NULL || text_equal(list, "*");
}

/* Conditions that struct firewall_rule has no member for. */
static bool is_narrower(const struct firewall_row *row, struct arena *arena)
{
    static const enum firewall_column users[] = {COLUMN_OWNER, COLUMN_LOCAL_USERS, COLUMN_REMOTE_USERS,
                                                 COLUMN_REMOTE_MACHINES};
    bool narrower = !is_any(row_text(row, COLUMN_LOCAL_PORTS, arena)) ||
                    !is_any(row_text(row, COLUMN_LOCAL_ADDRESSES, arena)) ||
                    (V_VT(&row->cells[COLUMN_INTERFACES]) & VT_ARRAY) != 0 || row_number(row, COLUMN_SECURE_FLAGS) != 0;
    for (size_t i = 0; i < COUNT_OF(users); i++) {
        narrower = narrower || row_text(row, users[i], arena) != NULL;
    }
    return narrower;
}

/* What cannot be read as a list is some part of all. */
static const char *normal_or_any(const char *normal, bool *is_part)
{
    *is_part = *is_part || normal == NULL;
    return normal != NULL ? normal : "*";
}

static struct firewall_rule rule_from_row(const struct firewall_row *row, struct arena *arena)
{
    const char *name = row_text(row, COLUMN_NAME, arena);
    const char *types = row_text(row, COLUMN_INTERFACE_TYPES, arena);
    bool narrower = is_narrower(row, arena);
    struct firewall_rule rule = {
        .store = FIREWALL_LOCAL,
        .name = name != NULL ? name : "",
        .group = row_text(row, COLUMN_GROUP, arena),
        .enabled = row_number(row, COLUMN_ENABLED) != 0,
        .outbound = true,
        .allows = row_number(row, COLUMN_ACTION) == FIREWALL_ACTION_ALLOW,
        .for_package = row_text(row, COLUMN_PACKAGE, arena) != NULL,
        .protocol = row_number(row, COLUMN_PROTOCOL),
        .application = firewall_normal_program(arena, row_text(row, COLUMN_APPLICATION, arena)),
        .service = row_text(row, COLUMN_SERVICE, arena),
        .interface_types = types != NULL ? types : "All",
        .profiles = (unsigned)row_number(row, COLUMN_PROFILES) & FIREWALL_ALL,
    };
    rule.remote_ports =
        normal_or_any(firewall_normal_ports(arena, row_text(row, COLUMN_REMOTE_PORTS, arena)), &narrower);
    rule.remote_addresses =
        normal_or_any(firewall_normal_addresses(arena, row_text(row, COLUMN_REMOTE_ADDRESSES, arena)), &narrower);
    rule.is_narrower = narrower;
    return rule;
}

/* --- look --- */

/* A service that is not there is not known to be off: the firewall itself will say. */
static bool is_stopped(const char *name, struct arena *arena)
{
    struct service_facts facts = {0};
    struct err err = {0};
    return windows_service_ops.query(NULL, name, arena, &facts, &err) && facts.exists &&
           facts.state == SERVICE_IS_STOPPED;
}

static void take_answer(const struct firewall_call *call, struct arena *arena, struct firewall_facts *facts,
                        struct arena_list *rules)
{
    facts->running = true;
    facts->active = call->active;
    facts->is_cut = call->is_cut;
    for (size_t i = 0; i < FIREWALL_PROFILE_COUNT; i++) {
        facts->profiles[i] = (struct firewall_profile_facts){
            .enabled = call->enabled[i], .blocks_outbound = !call->allows[i], .merges_local_rules = true};
    }
    for (size_t i = 0; i < call->row_count; i++) {
        *(struct firewall_rule *)arena_push(arena, rules, sizeof(struct firewall_rule)) =
            rule_from_row(&call->rows[i], arena);
    }
}

static bool no_memory(struct err *err)
{
    return err_set(err, ERR_MEMORY, 0, "no memory to ask the firewall");
}

static bool query(void *backend, struct arena *arena, struct firewall_facts *ret_facts, struct err *err)
{
    struct firewall_facts facts = {0};
    struct arena_list rules = {0};
    struct err why = {0};
    if (is_stopped("MpsSvc", arena) || is_stopped("BFE", arena)) {
        *ret_facts = facts;
        return true;
    }
    struct firewall_call *call AUTO(firewall_call_drop) = firewall_call_open(FIREWALL_LOOK);
    if (call == NULL) {
        return no_memory(err);
    }
    if (!worker_run(&call->worker, "the firewall", windows_wait_ms(backend, ANSWER_MS), &why)) {
        if (why.os != not_registered) {
            *err = why;
            return false;
        }
        *ret_facts = facts;
        return true;
    }
    if (!port_program(arena, &facts.program, &why)) {
        facts.program = NULL;
    }
    take_answer(call, arena, &facts, &rules);
    if (!firewall_store_read(FIREWALL_MDM, arena, &facts, &rules, err) ||
        !firewall_store_read(FIREWALL_POLICY, arena, &facts, &rules, err)) {
        return false;
    }
    facts.rules = rules.items;
    facts.rule_count = rules.count;
    *ret_facts = facts;
    return true;
}

/* --- change --- */

static bool give_text(struct firewall_row *row, enum firewall_column column, const char *text, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (text == NULL) {
        return true;
    }
    if (!wide_open(text, &wide, err)) {
        return false;
    }
    VARIANT *cell = &row->cells[column];
    V_BSTR(cell) = SysAllocString(wide);
    V_VT(cell) = VT_BSTR;
    return V_BSTR(cell) != NULL || no_memory(err);
}

static void give_number(struct firewall_row *row, enum firewall_column column, int64_t number)
{
    V_VT(&row->cells[column]) = VT_I4;
    V_I4(&row->cells[column]) = (LONG)number;
}

/* "*" is what a new rule has: a rule of any protocol refuses to be given ports. */
static const char *unless_any(const char *list)
{
    return is_any(list) ? NULL : list;
}

static bool give_rule(struct firewall_row *row, const struct firewall_rule *rule, struct err *err)
{
    give_number(row, COLUMN_DIRECTION, FIREWALL_DIRECTION_OUT);
    give_number(row, COLUMN_ACTION, rule->allows ? FIREWALL_ACTION_ALLOW : 0);
    give_number(row, COLUMN_PROTOCOL, rule->protocol);
    give_number(row, COLUMN_PROFILES, rule->profiles);
    V_VT(&row->cells[COLUMN_ENABLED]) = VT_BOOL;
    V_BOOL(&row->cells[COLUMN_ENABLED]) = rule->enabled ? VARIANT_TRUE : VARIANT_FALSE;
    return give_text(row, COLUMN_NAME, rule->name, err) && give_text(row, COLUMN_GROUP, rule->group, err) &&
           give_text(row, COLUMN_REMOTE_PORTS, unless_any(rule->remote_ports), err) &&
           give_text(row, COLUMN_REMOTE_ADDRESSES, unless_any(rule->remote_addresses), err) &&
           give_text(row, COLUMN_APPLICATION, rule->application, err) &&
           give_text(row, COLUMN_SERVICE, rule->service, err) &&
           give_text(row, COLUMN_INTERFACE_TYPES, rule->interface_types, err);
}

static bool add_rule(void *backend, const struct firewall_rule *rule, struct err *err)
{
    struct firewall_call *call AUTO(firewall_call_drop) = firewall_call_open(FIREWALL_ADD);
    return call == NULL ? no_memory(err)
                        : give_rule(&call->given, rule, err) && worker_run(&call->worker, "add a firewall rule",
                                                                           windows_wait_ms(backend, ANSWER_MS), err);
}

static bool remove_rule(void *backend, const char *name, struct err *err)
{
    struct firewall_call *call AUTO(firewall_call_drop) = firewall_call_open(FIREWALL_REMOVE);
    return call == NULL
               ? no_memory(err)
               : give_text(&call->given, COLUMN_NAME, name, err) &&
                     worker_run(&call->worker, "remove a firewall rule", windows_wait_ms(backend, ANSWER_MS), err);
}

const struct firewall_ops windows_firewall_ops = {
    .query = query,
    .add = add_rule,
    .remove = remove_rule,
};
