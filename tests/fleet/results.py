# SPDX-License-Identifier: MIT
"""Results of a fleet, drawn by a seed from the runs of all scenarios, in the forms in which an administrator collects them.

Templates are real results of the program. Of each drawn one only who the VM is, when the run began and the days to expiry are put in place.
"""
import base64
import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import subprocess
import tempfile
import uuid
from xml.sax.saxutils import escape

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "scenarios"
START = datetime.datetime(2026, 11, 1, 6, 0, 0)
WHOLE_EVERY, EVENT_EVERY, OLD_EVERY, TWICE_EVERY, BAD_EVERY = 50, 10, 9, 20, 100


def merge(target, patch):
    """RFC 7396"""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def machine_of(path, scenario):
    base = {}
    if "base" in scenario:
        base = json.loads((FOLDER / "machines" / f"{scenario['base']}.json").read_text(encoding="utf-8"))
    machine = merge(base, scenario.get("machine", {}))
    if "fileRoot" in machine:
        machine["fileRoot"] = os.path.relpath(path.parent / machine["fileRoot"], "/")
    return machine


def run(azmend, path):
    """The whole result of a check and of a fix, and each as it fits on a line of 4,096 bytes."""
    scenario = json.loads(path.read_text(encoding="utf-8"))
    found = []
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for command in ("check", "fix"):
            (work / "machine.json").write_text(json.dumps(machine_of(path, scenario)))
            words = [azmend, command, "--quiet", "--machine", work / "machine.json", "--result", work / "result.json"]
            words += ["--state", work / "state"] if command == "fix" else []
            done = subprocess.run(words, cwd=FOLDER.parent.parent, capture_output=True, check=False, timeout=120)
            if (work / "result.json").exists():
                found.append((json.loads((work / "result.json").read_text()), json.loads(done.stdout.splitlines()[-1])))
                (work / "result.json").unlink()
    return found


def templates(azmend, every):
    paths = sorted(path for path in FOLDER.rglob("*.json") if path.parent.name != "machines" and "machine" in path.read_text(encoding="utf-8"))[::every]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [pair for pairs in pool.map(lambda path: try_run(azmend, path), paths) for pair in pairs]


def try_run(azmend, path):
    try:
        scenario = json.loads(path.read_text(encoding="utf-8"))
        return run(azmend, path) if isinstance(scenario, dict) and ("base" in scenario or "machine" in scenario) else []
    except (ValueError, KeyError, OSError, IndexError):
        return []


def in_old_form(document):
    """As before there were blocks to paste: each command had its line."""
    document = json.loads(json.dumps(document))
    for playbook in document.get("playbooks", []):
        for finding in playbook.get("findings", []):
            for handoff in finding.get("handoff", []):
                block = handoff.pop("bash", None)
                handoff.pop("powershell", None)
                if block is not None:
                    handoff["commands"] = [{"argv": line.split(), "line": line} for line in block.splitlines()]
    return document


class Fleet:
    """Draws results; what it yields is (form, document, bytes): bytes None where they are the document's own."""

    def __init__(self, pairs, seed, count):
        self.pairs, self.random, self.count = pairs, random.Random(seed), count

    def vm(self, number):
        chance = self.random
        name = f"vm-{number:06d}" if number % 50 else f"vm-{number:06d}<script>alert('&')</script>"
        return {"vmId": str(uuid.UUID(int=chance.getrandbits(128))), "name": name,
                "resourceId": f"/subscriptions/{number % 7}/resourceGroups/rg-{number % 40}/providers/Microsoft.Compute/virtualMachines/vm-{number:06d}"}

    def draw(self, pair, vm, old):
        chance = self.random
        moment = START + datetime.timedelta(seconds=chance.randrange(21 * 86400))
        run_id = f"{moment:%Y%m%dT%H%M%SZ}-{chance.getrandbits(32):08x}"
        days = chance.randrange(0, 181)
        drawn = []
        for document in pair:
            document = dict(in_old_form(document) if old else document)
            document.update(runId=run_id, startedAt=f"{moment:%Y-%m-%dT%H:%M:%SZ}")
            known = document.get("machine", {})
            document["machine"] = {**known, **{name: vm[name] for name in vm if name in known or name == "name"}}
            if "expiresInDays" in document.get("license", {}):
                document["license"] = {**document["license"], "expiresInDays": days}
            drawn.append(document)
        return drawn

    def __iter__(self):
        for number in range(self.count):
            vm = self.vm(number)
            pair = self.random.choice(self.pairs)
            whole, short = self.draw(pair, vm, self.random.randrange(OLD_EVERY) == 0)
            turn = self.random.randrange(WHOLE_EVERY)
            form = "file" if turn == 0 else "event" if turn <= WHOLE_EVERY // EVENT_EVERY else "line"
            yield form, whole if form == "file" else short
            if self.random.randrange(TWICE_EVERY) == 0:  # the same run once more, or another one of the same VM
                again = self.draw(self.random.choice(self.pairs), vm, False)[1] if turn % 2 else short
                yield "line", again


def spoil(chance, document):
    """A line that is cut off or hostile."""
    line = json.dumps(document, separators=(",", ":")).encode()
    ways = [
        lambda: line[:chance.randrange(30, len(line) - 1)],
        lambda: line.replace(b'"verdict":"', b'"verdict":"<script>', 1),
        lambda: line[:-1] + b',"result":"azmend.result/1"}',
        lambda: b'{"a":' * 5000,
        lambda: line.replace(b'"name":"', b'"name":"\xff\xfe', 1),
        lambda: line.replace(b"azmend.result/1", b"azmend.result/9", 1),
        lambda: line[:40] + b"\0" + line[40:],
        lambda: b'{"result":"azmend.result/1","verdict":"healthy"}',
        lambda: b'{"result":"azmend.result/1"' + base64.b64encode(chance.randbytes(300)),
    ]
    return chance.choice(ways)()


def event(document):
    """As Event Viewer and wevtutil write one, '%' escaped as azmend writes it there."""
    text = json.dumps(document, separators=(",", ":")).replace("%", "\\u0025")
    return ('<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="azmend"/><EventID>112</EventID>'
            '<TimeCreated SystemTime="2026-11-20T08:00:00.0000000Z"/><EventRecordID>7</EventRecordID></System><EventData><Data>'
            f"{escape(text)}</Data></EventData></Event>").encode()
