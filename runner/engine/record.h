/* SPDX-License-Identifier: MIT */
/*
 * The record of a run: append-only while the engine runs, then read by the report. Facts only; every text for people in
 * both languages, chosen by the sink. Memory: the arena.
 */
#ifndef AZMEND_ENGINE_RECORD_H
#define AZMEND_ENGINE_RECORD_H

#include "engine/narrowing.h"
#include "host/op.h"
#include "plan/plan.h"

enum run_mode { MODE_CHECK, MODE_PLAN, MODE_FIX, MODE_UNDO, MODE_COUNT };
extern const char *const run_mode_names[MODE_COUNT + 1];

enum finding_state {
    FINDING_ABSENT,
    FINDING_UNKNOWN,
    FINDING_EXPLAINED,
    FINDING_REFUSED,
    FINDING_HANDED_OFF,
    FINDING_PRESENT,
    FINDING_WOULD_FIX,
    FINDING_FIXED,
    FINDING_PENDING_REBOOT,
    FINDING_NOT_FIXED,
    FINDING_STATE_COUNT
};
extern const char *const finding_state_names[FINDING_STATE_COUNT + 1];

enum step_outcome {
    STEP_UNNEEDED,
    STEP_WOULD_CHANGE,
    STEP_CHANGED,
    STEP_NOT_CONVERGED,
    STEP_FAILED,
    STEP_UNKNOWN,
    STEP_NOT_RUN,
    STEP_CONFLICT,
    STEP_OUTCOME_COUNT
};
extern const char *const step_outcome_names[STEP_OUTCOME_COUNT + 1];

/* Worst first. */
enum verdict {
    VERDICT_FAILED,
    VERDICT_NOT_FIXED,
    VERDICT_NEEDS_AZURE_CHANGE,
    VERDICT_NEEDS_DECISION,
    VERDICT_UNDETERMINED,
    VERDICT_NEEDS_REBOOT,
    VERDICT_WOULD_FIX,
    VERDICT_FIXED,
    VERDICT_HEALTHY,
    VERDICT_OFF, /* the owner of the VM leaves the run nothing to do: nothing was looked at */
    VERDICT_COUNT
};
extern const char *const verdict_names[VERDICT_COUNT + 1];

struct spoken {
    const char *en, *ja; /* ja NULL: en serves; both NULL: nothing said */
};

/* A step of a plan that cannot be told yet: what it would do if the finding were present, or what is planned before it
 * had been made. */
struct preview {
    const char *wants; /* "host azkms.core.windows.net, port 1688": the properties, with their values as far as known */
    struct spoken effect; /* what could not be taken back */
    enum op_class class;  /* as its kind declares; costly where it would need consent */
};

struct step_record {
    const char *ensure; /* kind */
    const char *item;   /* forEach element for people, or NULL */
    enum step_outcome outcome;
    size_t op_first, op_count;     /* its ops in the host's log */
    const struct preview *preview; /* NOT_RUN since it cannot be told yet; else NULL */
    const char *may_follow; /* of a plan: "kms_target, license", kinds of this plan that may be due then; NULL: none */
    int64_t attempts;
    int64_t duration_ms;
    struct err err; /* FAILED, UNKNOWN, NOT_RUN, CONFLICT: why; else ERR_NONE */
};

struct evidence {
    const char *name; /* "target.host" */
    struct value value;
};

struct handoff_command {
    const char *set;
    bool is_value; /* words is one: what the variable is, and no command */
    enum expect expect;
    struct spoken stop;       /* why nothing after it runs; empty: it was not found */
    const char *const *words; /* argv behind `az`, every element validated by its shape */
    size_t count;
    const char *const *unless; /* argv of a command: when it prints something, this one does not run */
    size_t unless_count;
};

struct handoff_record {
    struct spoken title, why;
    struct spoken effect, back; /* empty: not said */
    const char *page;           /* or NULL */
    const struct handoff_command *commands;
    size_t count;
    const char *unknown; /* an input was unknown or ill-shaped: no commands, and this is why */
};

/* What a person may decide where azmend does not fix: a parameter that is given, or a step. */
struct choice_record {
    const char *parameter; /* "name=value", or NULL: a step */
    struct spoken step, then, otherwise;
};

struct finding_record {
    const struct finding *finding;
    enum finding_state state;
    enum severity severity;
    enum confidence confidence;
    struct spoken title, detail, reason; /* reason: why refused or unknown */
    const char *explained_by;            /* finding id */
    const struct evidence *evidence;
    size_t evidence_count;
    struct arena_list steps; /* struct step_record, all passes */
    const struct handoff_record *handoffs;
    size_t handoff_count;
    const struct choice_record *choices; /* of a refused one */
    size_t choice_count;
};

struct playbook_record {
    const struct playbook *playbook;
    enum verdict verdict;
    bool applies, applies_unknown;
    struct spoken title;
    struct finding_record *findings; /* one per playbook->findings */
};

struct machine_record { /* NULL: not known */
    const char *name, *vm_id, *resource_id, *cloud, *os;
    const char *boot_id; /* differs after every start; not in the result */
    const char *tag;     /* value of the VM's tag azmend; not in the result */
    bool on_azure, azure_known;
};

struct license_record {
    bool known;
    const char *status, *channel, *partial_key;
    int64_t expires_in_days; /* -1: not told */
};

/* What undo did with one change of an earlier run. */
enum undo_outcome {
    UNDO_RESTORED, /* put back, and seen */
    UNDO_UNNEEDED, /* it was as before already */
    UNDO_KEPT,     /* one-way or costly: nothing gives it back */
    UNDO_DIVERGED, /* somebody changed it since: left alone */
    UNDO_FAILED,   /* err says why */
    UNDO_OUTCOME_COUNT
};
extern const char *const undo_outcome_names[UNDO_OUTCOME_COUNT + 1];

struct undo_step {
    const struct op *op; /* of the earlier run */
    enum undo_outcome outcome;
    struct err err;
};

struct undo_record {
    const char *run_id;            /* whose changes; NULL: there was no run with changes */
    const struct undo_step *steps; /* the last change first */
    size_t count;
};

/* A part of the state folder that another user had made: not read, and renamed. */
struct aside_record {
    const char *path, *name; /* its new name, in the same folder */
};

/* What of the state folder is left as it is. */
struct history_record {
    size_t others;       /* runs with changes that are not known to be this VM's: not resumed, not undone */
    const char *machine; /* whose the newest of them is; NULL: not known */
    size_t damaged;      /* undo: runs whose journal cannot be trusted, among those that would be taken back first */
    const char *run_id;  /* the newest of them; NULL: none */
    const struct aside_record *asides;
    size_t aside_count;       /* at most LIMIT_ASIDE: further ones are told on stderr alone */
    const char *rebuild_run;  /* it was ended in a rebuild of the license store that nobody has finished; NULL: none */
    const char *rebuild_note; /* how to finish it by hand: the file's path; NULL: as rebuild_run */
    bool has_no_key;          /* of rebuild_run: Windows has no product key; false: that could not be read */
};

/* A run that was cut off: its changes, each with what a later run saw of it. */
struct interrupted_record {
    const char *closed_by; /* run id */
    const struct op *ops;
    size_t count;
};

/* A fix that is held to a plan (engine/approval.h). */
struct approval_record {
    const char *given;            /* the name of the approved plan; NULL: the run is held to none */
    const char *is;               /* that of the plan as it is now; both the same: it is made */
    const char *const *differing; /* findings that would be fixed now and were not approved so */
    size_t differing_count;
    size_t gone;            /* what was approved and is not due any more, or otherwise */
    const char *const *ids; /* findings that would be fixed now */
    size_t id_count;
    const char *const *followers; /* kinds that their steps name as due behind them: step_record.may_follow */
    size_t follower_count;
};

/* A look as it was last made. */
struct look_record {
    const struct kind *kind;
    const struct value *params; /* one per kind->params */
    struct value result;        /* a row of kind->properties, or unknown */
};

/* A part of a condition, or of what it names, as a trace tells it. */
enum trace_form {
    TRACE_ALL,
    TRACE_ANY,
    TRACE_NOT,
    TRACE_NAMED,     /* the condition `name`: opened further down */
    TRACE_COMPARE,   /* value, op, operand */
    TRACE_COUNT,     /* of the list `name`: value, op, operand */
    TRACE_ROW,       /* row `number` of a list */
    TRACE_CASE,      /* case `number` of a value */
    TRACE_PART,      /* what such a case or one of several gives */
    TRACE_APPLIES,   /* appliesTo of the playbook, while it is not true */
    TRACE_CONDITION, /* a named condition, opened */
    TRACE_VALUE,     /* a named value, opened */
    TRACE_FACT,      /* a look */
    TRACE_FORM_COUNT
};
extern const char *const trace_form_names[TRACE_FORM_COUNT + 1];

/* A value as a trace shows it: long ones are cut, what is no scalar is a text, secrets are gone. */
struct trace_value {
    struct value value;
    const char *shown; /* a known one, for people; else NULL */
};

struct trace_node {
    enum trace_form form;
    unsigned depth;                    /* 0: begins a tree */
    const char *truth;                 /* "true", "false", "unknown"; NULL: it has none */
    const char *why;                   /* unknown: the first reason; else NULL */
    const char *name;                  /* reference or id; NULL: none */
    const char *op;                    /* COMPARE, COUNT */
    const char *operand_name;          /* NULL: a constant */
    struct trace_value value, operand; /* of a FACT whether it was looked at: absent, unknown, or known */
    const char *look,
        *with;       /* FACT: kind, and "name=value, ..." of its parameters; with NULL: none, or several looks */
    size_t number;   /* ROW, CASE: from 1; FACT: how many looks */
    size_t left_out; /* rows of it that are not shown */
};

/* Why a finding is as it is: its condition over the facts of the last pass, then whatever that names. */
struct trace_record {
    const struct playbook *playbook;
    const struct finding_record *finding;
    const char *outranked_by; /* another of its group; NULL: none */
    const struct trace_node *nodes;
    size_t count;
    size_t left_out; /* parts beyond the bound; of no nodes at all: memory is short */
};

struct record {
    const char *run_id;
    int64_t started_utc_ms;
    int64_t duration_ms;
    enum run_mode mode;
    const char *channel;
    struct machine_record machine;
    struct license_record license;
    enum verdict verdict;
    size_t changes;
    bool reboot_required;
    size_t passes;
    struct playbook_record *playbooks;
    size_t playbook_count;
    const struct look_record *looks; /* in the order they were first wanted */
    size_t look_count;
    const struct trace_record *traces; /* as they were asked for */
    size_t trace_count;
    const struct host *host;                      /* its op log */
    struct err err;                               /* VERDICT_FAILED: what ended the run */
    const struct undo_record *undo;               /* MODE_UNDO, else NULL */
    const struct interrupted_record *interrupted; /* NULL: the run ended by itself */
    struct history_record history;
    struct narrowing narrowing;
    int64_t held_until_ms; /* UTC: when the first of what an unattended run held back is tried again; 0: nothing was */
    const char *plan_name; /* MODE_PLAN: what it would change, by name; NULL: nothing, or not known */
    struct approval_record approval;
    struct plan_clouds clouds; /* who made more of them known to this run */
};

#endif
