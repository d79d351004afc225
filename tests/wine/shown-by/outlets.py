# SPDX-License-Identifier: MIT
"""Where azmend.exe leaves its result besides stdout: page, evidence, event log; and provisioning, done once.

Wine's ReportEventW keeps no log: it prints the call to its debug channel, text cut short. So what is shown is that the source
is registered as Windows wants it and that the call is made with the documented values; not that a viewer shows it.
"""
import json
import re
import zipfile

import inside

SOURCE = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\azmend"


def source(case):
    """Name, type and value of what the source is registered with; None: it is not."""
    code, out, _ = case.prefix.run("reg.exe", "query", SOURCE, seconds=inside.STAGE_SECONDS)
    lines = [line.split(None, 2) for line in out.decode("ascii", "replace").splitlines() if line.startswith(" ")]
    return {name: (kind, value) for name, kind, value in lines} if code == 0 else None


def reported(case, mode, *more):
    """What a run gave to ReportEventW, as Wine's debug channels tell: (type, id)."""
    case.prefix.environment["WINEDEBUG"] = "fixme+advapi,+eventlog"
    code, out, told = case.azmend(mode, *more)
    case.prefix.environment["WINEDEBUG"] = "-all"
    calls = re.findall(r"ReportEventW \([^,]*,(0x[0-9a-f]+),0x[0-9a-f]+,(0x[0-9a-f]+),", told)
    return code, inside.last_json(out), [(int(kind, 16), int(number, 16)) for kind, number in calls], told


def outlets(case):
    work = case.work
    _, result, calls, _ = reported(case, "check", "--html", inside.dos(work / "check.html"))
    yield "a check registers no event source and reports no event", source(case) is None and not calls
    page = (work / "check.html").read_text(encoding="utf-8")
    _, _, calls, _ = reported(case, "check", "--event-log")
    yield "unless it is asked to", calls == [(2, 110)] and source(case) is not None
    case.prefix.run("reg.exe", "delete", SOURCE, "/f", seconds=inside.STAGE_SECONDS)
    yield "a check writes its page", "KMS_TARGET_RETIRED_ADDRESS" in page and page.endswith("</html>\n")
    code, result, calls, told = reported(case, "fix", "--evidence", inside.dos(work / "fix.zip"))
    registered = source(case)
    yield "a fix registers the source with the message table of EventCreate.exe", registered == {
        "TypesSupported": ("REG_DWORD", "0x7"), "EventMessageFile": ("REG_EXPAND_SZ", r"%SystemRoot%\System32\EventCreate.exe")}
    yield "and reports one information event, id 101, its result", (
        code == 0 and calls == [(4, 101)] and '{\\"result\\":\\"azmend.result/1\\"' in told)
    with zipfile.ZipFile(work / "fix.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    yield "the evidence is whole, its journal read while it is open", (
        json.loads(files["result.json"])["runId"] == result["runId"] and b"23.102.135.246" in files["journal.jsonl"])
    yield "it names the playbook by its SHA-256", (
        len(json.loads(files["configuration.json"])["playbooks"][0]["sha256"]) == 64)
    _, _, calls, _ = reported(case, "fix")
    yield "a second fix reports again and registers nothing anew", calls == [(4, 100)] and source(case) == registered


def provisioning(case):
    state = case.prefix.path / "drive_c" / "ProgramData" / "azmend"
    code, out, _ = case.azmend("provision", "--json")
    first = inside.last_json(out)
    yield "provision repairs", code == 0 and first["verdict"] == "fixed" and first["changes"] == 1
    yield "and keeps the instance by its vmId", [one.name for one in (state / "instances").iterdir()] == [first["machine"]["vmId"]]
    code, out, _ = case.azmend("provision")
    yield "a second start repeats the result and runs nothing", (
        code == 0 and inside.last_json(out)["runId"] == first["runId"] and b"already provisioned" in out
        and len(list((state / "runs").iterdir())) == 1)
