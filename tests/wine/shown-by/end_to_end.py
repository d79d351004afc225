# SPDX-License-Identifier: MIT
"""azmend.exe from a faulty machine to a mended one: check names it, plan shows it, fix mends it, a second fix has nothing to do."""
import documents
import inside

OLD, NEW = "23.102.135.246", "azkms.core.windows.net"


def found(result, scenario):
    return set(inside.states(result)) - set(inside.lacking(result, scenario))


def show(case, finding, verdict_line):
    """Each row: what is shown, and whether it is so."""
    before = case.stage("dump")
    code, out, _ = case.azmend("check")
    result = inside.last_json(out)
    yield "check exits 10", code == 10
    yield f"check names {finding} and nothing else", found(result, case.scenario) == {finding}
    yield "check says it in the table for people", finding in out.decode("ascii").split("{")[0]
    yield "check changes nothing", result["changes"] == 0 and case.stage("dump") == before
    code, out, _ = case.azmend("plan")
    yield "plan exits 10", code == 10
    yield "plan prints before and after", OLD in out.decode("ascii") and verdict_line in out.decode("ascii")
    yield "plan changes nothing", inside.last_json(out)["changes"] == 0 and case.stage("dump") == before
    code, out, _ = case.azmend("fix", "--json")
    result = inside.last_json(out)
    yield "fix exits 0", code == 0 and result["verdict"] == "fixed"
    yield "fix says fixed", inside.states(result).get(finding) == "fixed" and result["changes"] > 0
    after = case.stage("dump")
    wanted = documents.merge_patch(before, documents.folded_patch(case.scenario.changes))
    yield "the registry holds what it should, and nothing else moved", after == wanted
    code, out, _ = case.azmend("fix", "--json")
    yield "a second fix exits 0 with 0 changes", code == 0 and inside.last_json(out)["changes"] == 0
    yield "a second fix changes nothing", case.stage("dump") == after


def retired_address(case):
    yield from show(case, "KMS_TARGET_RETIRED_ADDRESS", NEW)
    key = "hklm\\software\\microsoft\\windows nt\\currentversion\\softwareprotectionplatform"
    yield f"the registry holds {NEW}", case.stage("dump")["registry"][key]["keymanagementservicename"] == NEW


def scoped_override(case):
    yield from show(case, "KMS_TARGET_SCOPED_OVERRIDE", "KeyManagementServiceName")
