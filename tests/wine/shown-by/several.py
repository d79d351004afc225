# SPDX-License-Identifier: MIT
"""Several azmend.exe at once in one system. Natively: fifty (tests/golden/undo)."""
import json
import subprocess
import time

import inside
import prefixes

SECONDS = 120
AT_ONCE = 8
BUSY = 4


def results(case):
    runs = case.prefix.path / "drive_c" / "ProgramData" / "azmend" / "runs"
    return [json.loads((run / "result.json").read_text(encoding="utf-8")) for run in sorted(runs.iterdir())]


def start(case, number):
    """Files, not pipes: what starts meanwhile inherits the handles."""
    out = (case.work / f"out.{number}").open("wb")
    told = (case.work / f"told.{number}").open("wb")
    with out, told:
        return subprocess.Popen([*case.prefix.clock, prefixes.WINE, case.settings["exe"], *case.scenario.args],
                                env=case.prefix.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=told)


def at_once(case):
    """The one that has the lock holds it for 16 s and more: it waits for a tunnelled time of a file to pass."""
    began = time.monotonic()
    processes = [start(case, number) for number in range(AT_ONCE)]
    codes, seconds = {}, {}
    while len(codes) < AT_ONCE and time.monotonic() - began < SECONDS:
        for number, process in enumerate(processes):
            if number not in codes and process.poll() is not None:
                codes[number], seconds[number] = process.returncode, time.monotonic() - began
        time.sleep(0.05)
    winners = [number for number, code in codes.items() if code != BUSY]
    yield f"{AT_ONCE} at once: one fixes, the others exit {BUSY}: {sorted(codes.values())}", (
        len(codes) == AT_ONCE and [codes[number] for number in winners] == [inside.CODES["needs_reboot"]])
    last = max((seconds[number] for number in codes if number not in winners), default=0)
    yield f"the others at once, the last after {last:.1f} s, before the one is done", last < min(seconds[number] for number in winners)
    kept = results(case)
    yield "one run, one result", [one["verdict"] for one in kept] == ["needs_reboot"]
    said = [(case.work / f"told.{number}").read_text(encoding="utf-8", errors="replace") for number in codes if number not in winners]
    yield f"the others name it: {said[:1]}", all(f"run {kept[0]['runId']}, process " in one for one in said)
    code, out, _ = case.azmend("fix", "--json")
    yield "the lock is free afterwards", code == inside.CODES["needs_reboot"] and inside.last_json(out)["changes"] == 0
