/* SPDX-License-Identifier: MIT */
/*
 * What bounds a run, with unit and reason: memory, time, sizes and counts that a caller can meet. The size of a buffer
 * that only one file knows stands in that file.
 */
#ifndef AZMEND_BASE_LIMITS_H
#define AZMEND_BASE_LIMITS_H

enum {
    /* --- memory --- */
    LIMIT_ARENA_BYTES = 64 * 1024 * 1024, /* a run's whole memory; committed at start so that it cannot run out later */
    LIMIT_ARENA_RESERVE_BYTES =
        LIMIT_ARENA_BYTES /
        10, /* kept for the end of a run: with less no further fix begins, and the result is whole */
    LIMIT_ARENA_END_BYTES = 1024 * 1024,        /* of that, for the record alone: no look begins that would need it */
    LIMIT_HELD_SCRATCH_BYTES = 8 * 1024 * 1024, /* one look at what holds fixes, and LIMIT_ARENA_END_BYTES beside it */
    LIMIT_FIX_RESERVE_BYTES = 256 * 1024,       /* kept free before a change's intent is written: its record must fit */

    /* One look's part of it, with the worst answers (tests/unit/test_kinds_memory.c); kind.h says what comes of it. */
    LIMIT_LOOK_SMALL_BYTES = 640 * 1024,             /* texts and numbers, events, answers of IMDS */
    LIMIT_LOOK_BYTES = 5 * 1024 * 1024 + 256 * 1024, /* a body, a file, certificates, many values of the registry */
    LIMIT_LOOK_ADAPTERS_BYTES = 14 * 1024 * 1024,    /* values of 16 adapters */
    LIMIT_LOOK_FIREWALL_BYTES = 14 * 1024 * 1024,    /* LIMIT_FIREWALL_RULES, a rule with some 1.5 KB */

    /* --- JSON --- */
    LIMIT_JSON_DEPTH = 32,                  /* deepest playbook by hand is 12 */
    LIMIT_PLAYBOOK_BYTES = 8 * 1024 * 1024, /* 10,000 generated findings fit */
    LIMIT_JSON_VALUES = 768 * 1024,         /* 40 bytes each: stays inside the arena with the plan beside it */
    LIMIT_JSON_ELEMENT_BYTES = 64 * 1024,   /* larger containers are walked, smaller ones given to cJSON whole */
    LIMIT_MACHINE_BYTES = 16 * 1024 * 1024, /* a recorded machine with its event log */
    LIMIT_TEXT_BYTES = 4 * 1024,            /* any one text of a playbook, a fact or a message */

    /* --- language --- */
    LIMIT_ENTRIES = 16384,       /* facts, values, conditions or findings of one playbook */
    LIMIT_CONDITION_NODES = 256, /* of one condition */
    LIMIT_CONDITION_DEPTH = 8,
    LIMIT_REFERENCE_DEPTH = 64, /* a value that names a value that names ...: bounds recursion at load and at run */
    LIMIT_STEPS = 16,           /* of one finding */
    LIMIT_CHOICES = 4,          /* of one refusal */
    LIMIT_EVIDENCE = 16,        /* values shown beside one finding */
    LIMIT_COMMAND_WORDS = 64,   /* of one hand-over command */
    LIMIT_RUNBOOK_BYTES = 16 * 1024, /* of one hand-over as text: 40 commands of 400 bytes */
    LIMIT_FOR_EACH = 64,             /* elements of a forEach */
    LIMIT_TABLE_ROWS = 4096,
    LIMIT_CLOUDS = 16,               /* of one file of clouds */
    LIMIT_CLOUDS_BYTES = 256 * 1024, /* of that file: a cloud has some 40 rows */
    LIMIT_PLAYBOOKS = 64,            /* in one run */
    LIMIT_PLAYBOOK_FILES = 256,      /* given: playbooks, their texts, tables: four of each of 64 */
    LIMIT_SCENARIOS = 1024,          /* beside given playbooks: twice what this tree has */
    LIMIT_PARAMETERS = 64,           /* --parameter options of one run */

    /* --- engine --- */
    LIMIT_PASSES = 3, /* over all playbooks: a fix may uncover what another playbook repairs */
    LIMIT_RETRY_ATTEMPTS = 32,

    LIMIT_TRACE_FINDINGS = 8,        /* --trace options of one run */
    LIMIT_TRACE_NODES = 512,         /* of one: a condition has 256 parts, what it names is opened beneath it */
    LIMIT_TRACE_ROWS = 8,            /* of one list, the telling ones first ... */
    LIMIT_TRACE_FALSE_ROWS = 4,      /* ... and of those that do not count no more */
    LIMIT_TRACE_TEXT_BYTES = 200,    /* of one value */
    LIMIT_TRACE_BYTES = 1024 * 1024, /* of the run's memory, for one; with less it is left out */

    /* --- time, milliseconds --- */
    LIMIT_RUN_MS = 20 * 60 * 1000, /* default deadline; Run Command allows 90 minutes */
    LIMIT_RUN_MAX_MS = 80 * 60 * 1000,
    LIMIT_LOOKS_MS = 60 * 1000,              /* kept of the deadline for the looks, whatever is waited for before */
    LIMIT_PROVISION_WAIT_MS = 5 * 60 * 1000, /* for the network while a VM is made; Azure gives it 40 minutes in all */
    LIMIT_PROBE_MS = 5000,                   /* one connect, bind, or look-up */
    LIMIT_IMDS_MS = 2000,                    /* IMDS is on the host: it answers at once or not at all */
    LIMIT_IMDS_RETRY_MS = 10 * 1000,         /* all tries together, 429 and 410 included */
    LIMIT_SERVICE_MS = 30 * 1000,            /* a start or stop through the service manager */
    LIMIT_LICENSING_MS = 60 * 1000,       /* one query or method of the licensing provider: it walks the token store */
    LIMIT_EVENTS_MS = 30 * 1000,          /* one query of the event log: the service reads through what does not fit */
    LIMIT_TASK_MS = 30 * 1000,            /* one question to the Task Scheduler, which starts on demand */
    LIMIT_ACTIVATE_MS = 120 * 1000,       /* Activate against a dropped port blocks for tens of seconds */
    LIMIT_REBUILD_MS = 15 * 60 * 1000,    /* not begun with less: it has to be ended; claim: store.license-files-time */
    LIMIT_REBUILD_KEY_MS = 5 * 60 * 1000, /* kept of it for key and KMS name: five calls of the provider */
    LIMIT_CHILD_MS = 120 * 1000,

    /* --- the distance that unattended runs keep: channel/run/distance.h --- */
    LIMIT_ASK_MS = 2 * 60 * 60 * 1000,       /* between two runs that ask a KMS: Windows itself asks every two hours */
    LIMIT_ASK_MOST_MS = 24 * 60 * 60 * 1000, /* doubled up to here while the answer is the same: a day of a person's */
    LIMIT_ONCE_MS = 7 * 24 * 60 * 60 * 1000, /* before a fix that nothing takes back is begun on the same evidence */
    LIMIT_ONCE = 32,                         /* such fixes that are remembered: the shipped playbooks have 11 */
    LIMIT_TOLD_MS = 24 * 60 * 60 * 1000,     /* before the same verdict is an event once more */
    LIMIT_DISTANCE_BYTES = 16 * 1024,        /* of the file */
    LIMIT_ANSWER_BYTES = 64,                 /* of an answer: two codes */

    /* --- network --- */
    LIMIT_HTTP_BYTES = 1024 * 1024,
    LIMIT_IMDS_BYTES = 64 * 1024,
    LIMIT_HTTP_HEADER_BYTES = 32 * 1024,
    LIMIT_REPLY_BYTES = LIMIT_HTTP_BYTES + 4 * LIMIT_HTTP_HEADER_BYTES, /* of the run's memory */
    LIMIT_NET_JOBS = 64,                                                /* of one look, over all its rounds */
    LIMIT_NET_AT_ONCE = 256,                                            /* open at the same time */
    LIMIT_ADDRESSES = 32,                                               /* of one answer */
    LIMIT_SUFFIXES = 33, /* DNS suffixes: a search list holds 32 since Windows 10 1709; one more is a cut list */

    /* --- host --- */
    LIMIT_REGISTRY_BYTES = 1024 * 1024,     /* one text that is made of values */
    LIMIT_REGISTRY_VALUE_BYTES = 64 * 1024, /* one value: the longest that is asked for, a firewall rule, has some KB */
    LIMIT_REGISTRY_NAMES = 4096,            /* sub-keys or values of one key */
    LIMIT_EVENTS = 512,                     /* of one query, newest first */
    LIMIT_EVENT_BYTES = 64 * 1024,          /* XML of one event: the largest real one has 9 KB; claim: events.size */
    LIMIT_EVENTS_BYTES = 8 * 1024 * 1024,   /* XML of one query: 512 of the largest real events are 4.4 MB */
    LIMIT_FIREWALL_RULES = 8192,            /* of one store that may decide over outbound TCP; more: unknown */
    LIMIT_LICENSE_FOLDERS = 1024,           /* of licence files: one an edition */
    LIMIT_LICENSE_FAILURES = 512,           /* licence files that are tried once more; a sound Windows has none */
    LIMIT_LICENSE_BYTES = 4 * 1024 * 1024,  /* one licence file; the largest that ship are some 1.2 MiB (inf) */
    LIMIT_REBUILD_BYTES = 4 * 1024 * 1024,  /* of the run's memory: folders, failures, and the looks that follow */
    LIMIT_LICENSE_SCRATCH_BYTES = 8 * LIMIT_LICENSE_BYTES,    /* one file, its text in every form, its folder's names */
    LIMIT_FILE_BYTES = 16 * 1024 * 1024,                      /* read whole */
    LIMIT_HOSTS_SCRATCH_BYTES = LIMIT_FILE_BYTES + 64 * 1024, /* the hosts file, of which a few addresses are kept */
    LIMIT_LIST_SCRATCH_BYTES = 16 * 1024 * 1024,              /* a folder of LIMIT_ENTRIES names, 255 characters each */
    LIMIT_CHILD_BYTES = 64 * 1024,                            /* kept of a child's output */
    LIMIT_CERTIFICATES = 2048,           /* read of one store: all roots that Windows knows are some 450 */
    LIMIT_CERTIFICATE_BYTES = 64 * 1024, /* one certificate; those of the platform are below 3 KiB */
    LIMIT_CERTIFICATE_NAMES = 128,       /* alternative names or addresses in one: a leaf of IMDS names its regions */
    LIMIT_CHAIN = 16,                    /* certificates from leaf to root; the platform's have four */
    LIMIT_MESSAGE_BYTES = 256 * 1024,    /* a signed document or an encrypted setting */

    /* --- archives --- */
    LIMIT_ARCHIVE_ENTRIES = 64,             /* files and folders */
    LIMIT_ARCHIVE_BYTES = 16 * 1024 * 1024, /* unpacked */
    LIMIT_ARCHIVE_RATIO = 100,              /* unpacked to packed; JSON by hand is below 10 */
    LIMIT_ARCHIVE_NAME_BYTES = 255,         /* the longest that file systems take for one part */
    LIMIT_ARCHIVE_FOLDERS = 4,              /* around an entry; playbooks need one, and a tree's own folder */

    /* --- playbooks by https --- */
    LIMIT_DOWNLOAD_MS = 60 * 1000, /* all redirects together */
    LIMIT_DOWNLOAD_REDIRECTS = 3,  /* a release page makes one or two */

    /* --- extension handler --- */
    LIMIT_ENVIRONMENT_BYTES = 64 * 1024,
    LIMIT_ENVIRONMENT_MS = 64 * 1000,   /* the agent may still be writing it */
    LIMIT_NO_ENVIRONMENT_MS = 4 * 1000, /* ... but not before it has begun to */
    LIMIT_SETTINGS_BYTES = 1024 * 1024, /* of one N.settings */
    LIMIT_INLINE_MS = 4 * 60 * 1000,    /* enable waits so long: the agent gives it 5 minutes */
    LIMIT_STOP_MS = 150 * 1000,         /* a worker ends between two steps, and an activation takes 120 s */
    LIMIT_REFRESH_MS = 60 * 1000,       /* of a transitioning status: the agent wants one every 2 minutes */
    LIMIT_BEGINS = 3,                   /* a run that was cut off so often is not begun again */

    /* --- output --- */
    LIMIT_STDOUT_BYTES = 4096,   /* Run Command keeps the last 4,096 bytes */
    LIMIT_STREAM_MS = 10 * 1000, /* for a pipe that nobody reads; the result is in its files by then */
    LIMIT_RESULT_BYTES = 16 * 1024 * 1024,
    LIMIT_ASIDE = 16,   /* parts of the state folder that were renamed aside in a run and its result names */
    LIMIT_PENDING = 64, /* findings that wait for a restart */
    LIMIT_PENDING_BYTES = 16 * 1024,
    LIMIT_NOTE_BYTES = 64 * 1024,    /* a text for people beside the journal */
    LIMIT_STATUS_BYTES = 100 * 1024, /* the Linux agent cuts above 128 Ki characters */
    LIMIT_JOURNAL_BYTES = 4 * 1024 * 1024,
    LIMIT_JOURNAL_RESERVE_BYTES =
        LIMIT_JOURNAL_BYTES / 4, /* kept of it for answers; undo of a full one fits in a whole one */
    LIMIT_RUNS_CHANGED = 64, /* earlier runs with changes that undo may be asked for: two months of a daily repair */
    LIMIT_RUNS_QUIET = 16,   /* earlier runs without: one every hour would fill the folder */
    LIMIT_EVIDENCE_BYTES = 16 * 1024 * 1024,
    LIMIT_EXCERPTS = 12,              /* queries of the event log that the evidence shows: a run has eight purposes */
    LIMIT_EXCERPT_BYTES = 256 * 1024, /* events of one of them: the newest tell the story, and the run keeps them all */
    /* --- azmend report: many results on one page --- */
    LIMIT_FLEET_VMS = 256 * 1024,               /* VMs told apart; 32 bytes each, twice */
    LIMIT_FLEET_KEPT_BYTES = 12 * 1024 * 1024,  /* texts of findings and actions, and machines by action */
    LIMIT_FLEET_FINDINGS = 512,                 /* different ones; the shipped playbooks have some 110 */
    LIMIT_FLEET_ACTIONS = 512,                  /* different ones; the shipped playbooks have some 40 */
    LIMIT_FLEET_WEEKS = 104,                    /* a KMS activation lasts 26 */
    LIMIT_FLEET_MACHINES = 500,                 /* of one action on the page: a person reads no more */
    LIMIT_FLEET_NAMED = 100,                    /* inputs that could not be read, on the page; all are in the JSON */
    LIMIT_FLEET_PAGE_BYTES = 128 * 1024 * 1024, /* what is kept, escaped, is below it */
    LIMIT_FLEET_DEPTH = 16,                     /* folders in folders */
    LIMIT_FLEET_PATH_BYTES = 4096,              /* of a file in them */

    LIMIT_EVENT_TEXT = 31839,        /* characters of one text that ReportEvent takes */
    LIMIT_EVENT_WRITE_MS = 5 * 1000, /* the event service answers at once, or is ill: nobody waits for it at the end */
};

#endif
