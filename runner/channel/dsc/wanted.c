/* SPDX-License-Identifier: MIT */
#include "channel/dsc/wanted.h"

#include "channel/run/parameters.h"

#define INPUT "stdin"

enum allowed { ALLOWED_CHECK, ALLOWED_FIX };
static const char *const allowed_names[] = {[ALLOWED_CHECK] = "check", [ALLOWED_FIX] = "fix", NULL};

struct members {
    enum allowed mode;
    struct field_texts playbooks;
    const struct json *parameters;
    /* What a state tells; in what is wanted it is read past, so that a state may be sent back. */
    const char *verdict;
    const struct json *findings, *reasons;
    bool in_desired_state;
};

static const struct field rows[] = {
    TEXTS_FIELD("playbooks", struct members, playbooks, 0, 1, LIMIT_PARAMETERS,
                "which playbooks to run; all built-in ones when left out"),
    JSON_FIELD("parameters", struct members, parameters, 0, NULL, "parameters of the playbooks: {NAME: VALUE, ...}"),
    WORD_FIELD("mode", struct members, mode, 0, allowed_names,
               "what set may do: check changes nothing, which is the default; fix repairs"),
    TEXT_FIELD("verdict", struct members, verdict, 0, 1, 64, "reported: how the run ended"),
    JSON_FIELD("findings", struct members, findings, 0, NULL, "reported: id, severity and state of each finding"),
    JSON_FIELD("reasons", struct members, reasons, 0, NULL,
               "reported: code and phrase of the verdict and each finding"),
    BOOL_FIELD("_inDesiredState", struct members, in_desired_state, 0, "reported: the verdict is healthy or fixed"),
};
const struct fields dsc_fields = FIELDS("azmend", struct members, rows, "one VM as DSC sees it");

bool dsc_wanted_read(const char *bytes, size_t size, struct arena *arena, struct dsc_wanted *ret_wanted,
                     struct err *err)
{
    static const struct json_source source = {.file = INPUT, .limit = LIMIT_SETTINGS_BYTES};
    struct members given = {0};
    struct dsc_wanted wanted = {.mode = MODE_CHECK};
    const struct json *document = NULL, *bad = NULL;
    if (size == 0) {
        *ret_wanted = wanted;
        return true;
    }
    if (!json_load(bytes, size, &source, arena, &document, err) ||
        !fields_decode(&dsc_fields, document, INPUT, arena, &given, err)) {
        return false;
    }
    if (given.parameters != NULL && !parameters_collect(given.parameters, arena, &wanted.parameters, &bad)) {
        return json_refuse(bad, INPUT, err,
                           "expected a text, a whole number, a bool or a list of texts for each of at most %d names",
                           LIMIT_PARAMETERS);
    }
    wanted.mode = given.mode == ALLOWED_FIX ? MODE_FIX : MODE_CHECK;
    wanted.playbooks = given.playbooks;
    *ret_wanted = wanted;
    return true;
}
