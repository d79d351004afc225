/* SPDX-License-Identifier: MIT */
#include "host/nouns/service/service.h"

#include "base/limits.h"
#include "base/text.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_NAME, PARAM_COUNT };
enum {
    SERVICE_EXISTS,
    SERVICE_STATE,
    SERVICE_START,
    SERVICE_DELAYED,
    SERVICE_PROTECTED,
    SERVICE_IMAGE,
    SERVICE_EXIT_CODE,
    SERVICE_START_DENIED,
    SERVICE_COUNT
};

static const struct column params[] = {
    [PARAM_NAME] = TEXT_COLUMN("name", COLUMN_REQUIRED, "short name in the service manager"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

/* The licensing service answers again: then it shows whether another KMS host, and activation, are due. */
static const char *const with_an_answer[] = {"kms_target", "license", NULL};

static const char *const states_reached[] = {"running", "stopped", NULL};
static const char *const starts_written[] = {"automatic", "manual", "disabled", NULL};

static const struct column properties[] = {
    [SERVICE_EXISTS] = BOOL_COLUMN("exists", 0, "the service manager knows it"),
    [SERVICE_STATE] = WANTED_WORD_COLUMN("state", service_state_names, states_reached, 0, "what it does now"),
    [SERVICE_START] = {.name = "start",
                       .about = "how it starts",
                       .base = TYPE_TEXT,
                       .words = service_start_names,
                       .wants = starts_written,
                       .flags = COLUMN_ENSURE,
                       .brings = with_an_answer},
    [SERVICE_DELAYED] = BOOL_COLUMN("delayed", COLUMN_ENSURE, "automatic, but a while after the others"),
    [SERVICE_PROTECTED] = BOOL_COLUMN("protected", 0, "launch-protected: changing its configuration may be denied"),
    [SERVICE_IMAGE] = TEXT_COLUMN("image", 0, "binary path as configured"),
    [SERVICE_EXIT_CODE] = INT_COLUMN("exitCode", 0, UINT32_MAX, UNIT_NUMBER, 0, "Windows error code of the last run"),
    [SERVICE_START_DENIED] = BOOL_COLUMN("startDenied", 0, "this run was denied a change of its start type"),
};
_Static_assert(COUNT_OF(properties) == SERVICE_COUNT, "one row a property");

static bool was_denied(const struct host *host, const char *name)
{
    const struct op *op = host_op_last(host, NOUN_SERVICE, "set_start", name);
    return op != NULL && op->outcome == OP_FAILED && op->err.code == ERR_DENIED;
}

static bool service_look(struct look *look, struct host *host, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, look_text(look, PARAM_NAME), &facts, err)) {
        return false;
    }
    look->cells[SERVICE_EXISTS] = value_bool(facts.exists);
    if (!facts.exists) {
        return true;
    }
    look->cells[SERVICE_STATE] = value_text(service_state_names[facts.state]);
    look->cells[SERVICE_START] = value_text(service_start_names[facts.start]);
    look->cells[SERVICE_DELAYED] = value_bool(facts.delayed);
    look->cells[SERVICE_PROTECTED] = value_bool(facts.is_protected);
    look->cells[SERVICE_IMAGE] = cell_text(look->arena, facts.image);
    look->cells[SERVICE_EXIT_CODE] = value_int(facts.exit_code);
    look->cells[SERVICE_START_DENIED] = value_bool(was_denied(host, look_text(look, PARAM_NAME)));
    return true;
}

/* What a step leaves open stays as it is. */
static const struct value *wanted_or_found(const struct wanted *wanted, size_t property)
{
    const struct value *cell = &wanted->cells[property];
    return cell->state == VALUE_KNOWN ? cell : &wanted->facts[property];
}

static bool set_start(struct host *host, const struct wanted *wanted, const char *name, struct err *err)
{
    const char *word = wanted_text(wanted_or_found(wanted, SERVICE_START));
    int start = word != NULL ? text_word(service_start_names, word) : -1;
    if (start < 0) {
        return err_set(err, ERR_INVALID, 0, "service %s: no start type to set", name);
    }
    bool delayed = start == SERVICE_STARTS_AUTOMATIC && wanted_bool(wanted_or_found(wanted, SERVICE_DELAYED), false);
    return host_service_set_start(host, name, (enum service_start)start, delayed, err);
}

static bool set_state(struct host *host, const char *name, const char *state, struct err *err)
{
    if (text_equal(state, service_state_names[SERVICE_IS_RUNNING])) {
        return host_service_start(host, name, err);
    }
    if (text_equal(state, service_state_names[SERVICE_IS_STOPPED])) {
        return host_service_stop(host, name, err);
    }
    return err_set(err, ERR_INVALID, 0, "service %s: %s is no state to bring it to", name, state);
}

/* The start type first: a disabled service does not start. */
static bool service_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *name = wanted->params[PARAM_NAME].as.text;
    bool is_configured = wanted->differs[SERVICE_START] || wanted->differs[SERVICE_DELAYED];
    if (is_configured && !set_start(host, wanted, name, err)) {
        return false;
    }
    return !wanted->differs[SERVICE_STATE] || set_state(host, name, wanted_text(&wanted->cells[SERVICE_STATE]), err);
}

const struct kind kind_service = {
    .name = "service",
    .about = "a Windows service",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_SERVICE),
    .changes = NOUN_BIT(NOUN_SERVICE),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"name\": \"sppsvc\"}",
    .example_step = "{\"name\": \"sppsvc\", \"start\": \"automatic\", \"delayed\": true}",
    .look = service_look,
    .set = service_set,
};
