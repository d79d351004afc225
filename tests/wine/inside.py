#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One scenario under Wine, inside namespaces of its own (tests/wine/run starts it through tests/net/with-namespace).

    inside.py SETTINGS      a JSON object: scenario root and path, exe, stage, template, work

Prints one JSON line: {"tests": [[name, "ok" | "fail" | "skip", why]...], "skipped": why-or-null}. Its wineserver starts inside and dies with the
namespace. Written apart from the native scenario runner, so that neither hides the other's mistake.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "net"))
import documents  # noqa: E402
import prefixes  # noqa: E402
import standins  # noqa: E402

STAGE_SECONDS = 60
RUN_SECONDS = 240  # six tries of an activation wait up to 135 s, by chance
STDOUT_BYTES = 4096
CANNOT_STAGE = 3
HOSTS = "drive_c/windows/system32/drivers/etc/hosts"
CODES = {"healthy": 0, "fixed": 0, "failed": 1, "would_fix": 10, "needs_reboot": 11, "needs_azure_change": 12,
         "needs_decision": 13, "not_fixed": 14, "undetermined": 15}


def dos(path):
    return "Z:" + str(path).replace("/", "\\")


def replace_file(path):
    """A place for a new file; what may stand there is a link or shared."""
    path.unlink(missing_ok=True)
    return path


def dress_resolver(system, work, hosts):
    """An /etc of its own: the hosts file is the prefix's as it is at any time, a run may replace it."""
    etc = work / "etc"
    # What goes away while it is copied is not missed.
    subprocess.run(["cp", "-a", "/etc", str(etc)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=30)
    replace_file(etc / "hosts").symlink_to(hosts)
    replace_file(etc / "nsswitch.conf").write_text("hosts: files dns\n", encoding="utf-8")
    suffixes = "".join(f" {suffix}" for suffix in system.get("dnsSuffixes", []))
    search = f"search{suffixes}\n" if suffixes else ""
    text = f"nameserver {standins.SYSTEM_RESOLVER}\n{search}options timeout:2 attempts:1\n"
    replace_file(etc / "resolv.conf").write_text(text, encoding="utf-8")
    shutil.rmtree(etc / "ssl", ignore_errors=True)  # Wine's own Root store would have all of these
    standins.run("mount", "--bind", str(etc), "/etc")


def dress(machine, work, hosts):
    """What Wine takes from the system below it: name, firmware tables, resolver."""
    system = machine.get("system", {})
    socket.sethostname(system.get("name", "machine").lower())
    dress_resolver(system, work, hosts)
    standins.run("mount", "-t", "tmpfs", "tmpfs", "/sys/class")
    table = pathlib.Path("/sys/class/dmi/id")
    table.mkdir(parents=True)
    # Wine 8 builds its SMBIOS table from these files; it reads the asset tag as `chassis_tag`.
    words = {"chassis_tag": system.get("assetTag", ""), "chassis_vendor": "Vendor", "chassis_type": "3",
             "sys_vendor": "Vendor", "product_name": "Machine", "board_vendor": "Vendor", "bios_vendor": "Vendor"}
    for file, word in words.items():
        (table / file).write_text(f"{word}\n", encoding="utf-8")


def copy_files(machine, prefix):
    root = machine.get("fileRoot")
    if root:
        for drive in pathlib.Path(root).iterdir():
            folder = prefix.path / f"drive_{drive.name.lower()}"
            for source in sorted(drive.rglob("*")):
                place_file(source, folder, source.relative_to(drive))


def place_file(source, folder, relative):
    """Folder names of the prefix differ in case: Windows, windows."""
    target = folder
    for part in relative.parts:
        same = [entry for entry in target.iterdir() if entry.name.lower() == part.lower()] if target.is_dir() else []
        target = same[0] if same else target / part
    if source.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.unlink(missing_ok=True)
        shutil.copy2(source, target)


def last_json(out):
    """The last line; with --json the whole text, which may have more than one."""
    text = out.decode("ascii").strip()
    try:
        return json.loads(text.splitlines()[-1] if text else "{}")
    except ValueError:
        return json.loads(text)


def states(result):
    return {
        finding["id"]: finding["state"]
        for playbook in result.get("playbooks", [])
        for finding in playbook.get("findings", [])
        if isinstance(finding, dict) and finding.get("state", "absent") != "absent"
    }


class Case:
    def __init__(self, settings):
        self.settings = settings
        self.scenario = documents.Scenario(settings["path"], pathlib.Path(settings["root"]))
        self.work = pathlib.Path(settings["work"])
        self.prefix = prefixes.Prefix(pathlib.Path(settings["template"]), self.work)
        self.document = self.work / "machine.json"
        self.tests = []
        self.lacking = []

    def note(self, name, why):
        self.tests.append([name, "fail" if why else "ok", why])

    def note_licensed(self, name, why):
        """As note; but what depends on what Wine lacks cannot be told here from what is wrong."""
        if why and self.lacking:
            self.tests.append([name, "skip", f"needs what Wine lacks for {', '.join(self.lacking)}: {why}"])
        else:
            self.note(name, why)

    def start(self, *words, seconds, **environment):
        """stage.exe; what Wine could not start says nothing, or that (seen on a busy machine), and is started once more."""
        code, out, told = self.prefix.run(self.settings["stage"], *words, seconds=seconds, **environment)
        if code == 1 and not out and (not told or told.startswith("stage: cannot start Z:")):
            return self.prefix.run(self.settings["stage"], *words, seconds=seconds, **environment)
        return code, out, told

    def stage(self, verb):
        code, out, told = self.start(verb, dos(self.document), seconds=STAGE_SECONDS)
        if code == CANNOT_STAGE:
            raise standins.CannotStage(told.strip())
        if code != 0:
            raise RuntimeError(f"stage {verb}: {code}: {told.strip()}")
        return documents.staged(json.loads(out)) if verb == "dump" else None

    def azmend(self, mode, *more, **environment):
        args = [mode] + self.scenario.args[1:] + list(more)
        if "--probe-timeout" not in args:
            args += ["--probe-timeout", "1s"]
        return self.command(*args, **environment)

    def command(self, *args, **environment):
        """azmend.exe, with stand-ins for single functions (imports/)."""
        return self.start("run", dos(self.settings["exe"]), *args, seconds=RUN_SECONDS, **environment)

    def prepare(self):
        """The namespace and the prefix in it, as the document says."""
        self.document.write_text(json.dumps(self.scenario.machine), encoding="utf-8")
        dress(self.scenario.machine, self.work, self.prefix.path / HOSTS)
        standins.start(self.scenario.machine.get("network", {}), self.scenario.machine.get("clock"))
        self.fill()

    def fill(self):
        machine = self.scenario.machine
        copy_files(machine, self.prefix)
        if "uptimeSeconds" in machine.get("clock", {}):
            self.prefix.be_up(machine["clock"]["uptimeSeconds"])
        self.prefix.serve()
        self.stage("load")

    def dry_run(self, mode, before):
        """Changes nothing, counts nothing, and its output is bounded."""
        code, out, told = self.azmend(mode)
        why = None
        try:
            result = last_json(out)
        except ValueError as error:
            result, why = {}, f"last line: {error}; exit {code}; {told.strip()}"
        after = self.stage("dump")
        if why is None and result.get("changes") != 0:
            why = f"{mode}: changes {result.get('changes')}"
        if after != before:
            why = f"{mode} changed the machine: {documents.difference(before, after)[:5]}"
        self.note(f"{mode} changes nothing", why)
        self.note(f"{mode} is bounded", None if len(out) <= STDOUT_BYTES else f"{len(out)} bytes")

    def outcome(self, code, out, told):
        expect = self.scenario.expect
        try:
            result = last_json(out)
        except ValueError as error:
            return {}, f"last line is no JSON: {error}; exit {code}; stderr: {told.strip()}"
        wrong = []
        if result.get("verdict") != expect.get("verdict"):
            wrong.append(f"verdict {result.get('verdict')}, expected {expect.get('verdict')}")
        self.lacking = lacking(result, self.scenario)
        wanted, found = ({name: state for name, state in given.items() if name not in self.lacking}
                         for given in (self.scenario.findings, states(result)))
        if found != wanted:
            wrong += documents.difference(wanted, found, "findings")
        status = expect.get("exit", CODES.get(expect.get("verdict")))
        if code != status:
            wrong.append(f"exit {code}, expected {status}")
        if "changesCount" in self.scenario.data and result.get("changes") != self.scenario.data["changesCount"]:
            wrong.append(f"changes {result.get('changes')}, expected {self.scenario.data['changesCount']}")
        return result, "; ".join(wrong) or None

    def run(self):
        mode = self.scenario.args[0]
        before = self.stage("dump")
        if mode == "fix":
            self.dry_run("plan", before)
        code, out, told = self.azmend(mode, "--json")
        _, why = self.outcome(code, out, told)
        self.note_licensed("result", why)
        after = self.stage("dump")
        wanted = documents.merge_patch(before, documents.folded_patch(self.scenario.changes))
        wanted = documents.follow_services(before, wanted)
        self.note_licensed("changes", "; ".join(documents.difference(wanted, after)) if wanted != after else None)
        if mode == "fix":
            self.again(after)
        self.note("stand-ins", self.refused())

    def refused(self):
        """What the stand-ins were asked and do not have: the document's mistake or azmend's."""
        told = self.prefix.path / "drive_c" / "azmend-standins" / "refused.txt"
        return told.read_text(encoding="utf-8").strip() if told.exists() else None

    def again(self, before):
        code, out, told = self.azmend("fix", "--json")
        try:
            changes = last_json(out).get("changes")
            why = None if changes == 0 else f"second fix: changes {changes}"
        except ValueError as error:
            why = f"second fix: {error}; exit {code}; {told.strip()}"
        after = self.stage("dump")
        if after != before:
            why = f"second fix: {documents.difference(before, after)[:5]}"
        self.note("idempotent", why)


def lacking(result, scenario):
    """Findings that Wine cannot have as the scenario wants them."""
    wanted, found = scenario.expect.get("findings", {}), states(result)
    differing = {name for name in set(wanted) | set(found) if wanted.get(name) != found.get(name)}
    return sorted(name for name in differing if any(lacks(name, scenario.machine, result) for lacks in LACKS))


def details(name, result):
    return json.dumps([finding for playbook in result.get("playbooks", []) for finding in playbook.get("findings", [])
                       if isinstance(finding, dict) and finding.get("id") == name])


def no_provider(name, _, result):
    """Its WMI has no SoftwareLicensing classes (0x80041017, invalid query) where the document says nothing of licensing."""
    return "0x80041017" in details(name, result)


LACKS = (no_provider,)


def main():
    settings = json.loads(sys.argv[1])
    case = Case(settings)
    answer = {"skipped": None}
    try:
        case.prepare()
        case.run()
    except standins.CannotStage as reason:
        answer["skipped"] = str(reason)
    except Exception:  # pylint: disable=broad-except # a broken harness is a failed test, told in full
        case.note("harness", traceback.format_exc())
    finally:
        case.prefix.kill()
    answer["tests"] = case.tests
    print(json.dumps(answer), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
