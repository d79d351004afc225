# SPDX-License-Identifier: MIT
"""azmend.exe from a faulty machine to a repaired one: check names it, plan shows it, fix repairs it, a second fix has nothing to do."""
import json

import documents
import inside

PLATFORM = "hklm\\software\\microsoft\\windows nt\\currentversion\\softwareprotectionplatform"


def scopes(machine: dict) -> dict:
    """Root, application and products."""
    return {key: values for key, values in machine["registry"].items() if key.startswith(PLATFORM)}


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
    yield f"the registry holds {NEW}", case.stage("dump")["registry"][PLATFORM]["keymanagementservicename"] == NEW


def scoped_override(case):
    yield from show(case, "KMS_TARGET_SCOPED_OVERRIDE", "KeyManagementServiceName")


def journals(case):
    """The lines of every run's journal."""
    runs = case.prefix.path / "drive_c" / "ProgramData" / "azmend" / "runs"
    return [json.loads(line) for journal in sorted(runs.glob("*/journal.jsonl"))
            for line in journal.read_text(encoding="utf-8").splitlines()]


def custom_2016_image(case):
    """Everything wrong at once: a disabled service, a retired address in two scopes, a retail key."""
    before = case.stage("dump")
    code, out, _ = case.azmend("plan")
    yield "plan cannot tell what is behind a disabled service, and changes nothing", (
        code == 15 and inside.last_json(out)["changes"] == 0 and case.stage("dump") == before)
    code, out, _ = case.azmend("fix", "--json")
    result = inside.last_json(out)
    yield "one fix ends fixed", code == 0 and result["verdict"] == "fixed"
    yield "it says what was wrong, and that each is fixed", inside.states(result) == case.scenario.findings
    yield "it ends licensed, by a KMS client key", (
        result["license"]["status"] == "licensed" and result["license"]["channel"] == "VOLUME_KMSCLIENT")
    activations = [line for line in journals(case) if line.get("intent") == "activate"]
    yield "it activated once", len(activations) == 1
    after = case.stage("dump")
    wanted = documents.merge_patch(before, documents.folded_patch(case.scenario.changes))
    yield "the machine holds what it should, and nothing else moved", after == documents.follow_services(before, wanted)
    code, out, _ = case.azmend("fix", "--json")
    yield "a second fix has 0 changes", (
        code == 0 and inside.last_json(out)["changes"] == 0 and case.stage("dump") == after)
    code, out, told = case.command("undo", "--json")
    undone = case.stage("dump")
    outcomes = {(change["verb"], change["what"].split("|")[0]): change["outcome"]
                for change in inside.last_json(out)["undo"]["changes"]}
    yield f"undo ends well: {code} {told.strip()}", code == 0
    yield "undo gives back both targets and the start of the service", (
        scopes(undone) == scopes(before) != scopes(after) and undone["services"] == before["services"])
    yield "undo leaves the key and what it activated", undone["licensing"] == after["licensing"] != before["licensing"]
    yield "undo says which is which", outcomes == {
        ("set_start", "sppsvc"): "restored", ("set_kms", "SoftwareLicensingService"): "restored",
        # The product went with its key and the provider knows it no more: its target is put back where it is stored.
        ("set_kms", "SoftwareLicensingProduct"): "restored",
        ("install_key", "SoftwareLicensingService"): "not_undone", ("activate", "SoftwareLicensingProduct"): "not_undone"}
