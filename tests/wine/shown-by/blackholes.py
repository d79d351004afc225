# SPDX-License-Identifier: MIT
"""Twenty real blackholes cost about one timeout: packets are dropped by nft, the program is the shipped one."""
import json

import inside

# One after another would be twenty; what else the machine does must not decide (a busy one was seen to need 1.07).
TIMES_ONE = 1.9
PROBE = "5s"


def playbook(addresses):
    """Unconnected looks of two kinds at each address."""
    looks = {"hole": {"look": "kms_rpc", "forEach": addresses, "with": {"address": "${item}"}},
             "port": {"look": "tcp", "forEach": addresses, "with": {"host": "${item}", "port": 443}}}
    when = {"allOf": [{"count": {"of": name, "where": {"fact": f"item.{word}", "equals": "timeout"}},
                       "equals": len(addresses)} for name, word in (("hole", "bind"), ("port", "outcome"))]}
    return {"id": "blackholes", "version": "1", "title": {"en": "Addresses that never answer"}, "source": "RFC 5737",
            "facts": looks, "findings": [{"id": "HOLES_SILENT", "severity": "info", "when": when,
                                          "title": {"en": "All are silent"}, "detail": {"en": "All are silent."}}]}


def measure(case, count):
    """(milliseconds as the result says, whether all were silent)."""
    file = case.work / f"blackholes-{count}.json"
    file.write_text(json.dumps(playbook([f"203.0.113.{100 + i}" for i in range(count)])), encoding="utf-8")
    _, out, _ = case.prefix.run(case.settings["exe"], "check", "--json", "--probe-timeout", PROBE, "--playbook",
                                inside.dos(file), seconds=90)
    result = inside.last_json(out)
    return result["durationMs"], inside.states(result) == {"HOLES_SILENT": "present"}


def twenty(case):
    measure(case, 1)  # the prefix's first network call loads what later ones find loaded
    one, silent = measure(case, 1)
    yield "one blackhole is silent", silent
    all_of_them, silent = measure(case, 20)
    yield "twenty blackholes are silent", silent
    ratio = all_of_them / one
    yield f"twenty cost {ratio:.3f} of one, at most {TIMES_ONE}", ratio <= TIMES_ONE
