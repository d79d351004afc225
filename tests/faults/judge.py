# SPDX-License-Identifier: MIT
"""One program run under a fault, and whether what it says and leaves behind is true.

A row is a scenario (tests/scenarios) run twice undisturbed: that is the truth. Under a fault the program must end by itself with a
documented exit code, print one whole result, never claim more than the truth, and leave a machine, a state folder and a result file from
which the next run gets to the same end.
"""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "wine"))
import documents  # noqa: E402

SECONDS = 60
STDOUT_BYTES = 4096
# From worst to best, and the exit code of each (runner/channel/options/exit_code.c).
VERDICTS = ("failed", "not_fixed", "needs_azure_change", "needs_decision", "undetermined", "needs_reboot", "would_fix", "fixed", "healthy")
EXITS = dict(zip(VERDICTS, (1, 14, 12, 13, 15, 11, 10, 0, 0)))
ENDED_EARLY = (1, 2, 3, 4)
# What an archive is read with.
ARCHIVE_LIBRARIES = ("libarchive", "libz.", "liblzma", "libbz2", "libzstd", "liblz4", "libxml2", "libicu")
# What differs in each of thousands of runs that say the same.
RUN_ID = re.compile(rb'"\d{8}T\d{6}Z-[0-9a-f]{8}"')
DURATION = re.compile(rb'("durationMs": ?)\d+')
SAYS_LITTLE = ("failed", "undetermined")
# Files that fsync need not bring to a disk: a run takes milliseconds there.
FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None


def alike(told):
    """A result with one run id and one duration for all: asked of the schema once."""
    return DURATION.sub(rb"\g<1>1", RUN_ID.sub(b'"run"', told))


class Place:
    """The folder of one run: the machine it finds, its state folder, what it writes."""

    def __init__(self, folder=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="azmend-faults.", dir=FAST))
        self.state, self.saved, self.result = (self.folder / name for name in ("state", "after.json", "result.json"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def junk(self, folder):
        return [str(path.relative_to(self.folder)) for path in folder.rglob(".azmend-*.tmp")]


class Outcome:
    def __init__(self, done, place):
        self.code = None if done is None else done.returncode
        self.stdout = b"" if done is None else done.stdout
        self.stderr = b"" if done is None else done.stderr
        self.saved = place.saved.read_bytes() if place.saved.is_file() else None
        self.result = place.result.read_bytes() if place.result.is_file() else None
        self.has_state = os.path.isdir(place.state)
        report = place.folder / "report.json"
        # None: the run ended without telling.
        self.struck = json.loads(report.read_text(encoding="utf-8"))["struck"] if report.is_file() else None
        self.crashed = self.code is None or self.code < 0 or self.code >= 128
        struck = place.folder / "struck"
        owner = pathlib.Path(struck.read_text(encoding="utf-8")).name if struck.is_file() else ""
        # An end of libarchive's own, before there was anything to answer for: promised in pack/pack.h, and counted apart.
        self.is_archive_end = self.crashed and owner.startswith(ARCHIVE_LIBRARIES) and not (
            self.has_state or self.saved or self.result)

    def last(self):
        return json.loads(self.stdout.splitlines()[-1])

    def verdict(self):
        return self.last()["verdict"]


class Row:
    """A scenario and its truth. library: the preloaded faults; words: another command line; machine: another machine, made of its own."""

    def __init__(self, exe, name, library, words=(), machine=None):
        self.name, self.exe, self.library = name, exe, library
        scenario = documents.Scenario(ROOT / "tests" / "scenarios" / f"{name}.json", ROOT / "tests" / "scenarios")
        self.words = list(words) or scenario.args
        self.command = scenario.args[0]
        self.machine = json.dumps(machine(scenario.machine) if machine else scenario.machine).encode()
        schema = subprocess.run([exe, "schema", "result"], capture_output=True, check=True).stdout
        self.schema = jsonschema.Draft202012Validator(json.loads(schema))
        self.broken = functools.lru_cache(maxsize=4096)(self.broken_rules)
        self.learn()

    def learn(self):
        with Place() as place:
            report = place.folder / "report.json"
            self.truth = self.run(place, self.machine, FAULT_REPORT=str(report))
            self.counts = json.loads(report.read_text(encoding="utf-8"))
            again = self.run(place, self.truth.saved)
            self.codes = {self.truth.code, again.code}
        with Place() as place:
            self.before = self.run(place, self.machine, command="check").saved
        self.repairs = self.truth.saved != self.before

    def run(self, place, machine, command=None, prefix=(), stdout=subprocess.PIPE, **environment):
        """One run; machine: the bytes it starts from. A run that does not end has no exit code."""
        for path in (place.saved, place.result):
            path.unlink(missing_ok=True)
        start = place.folder / "machine.json"
        start.write_bytes(machine)
        words = [*prefix, self.exe, command or self.command, *self.words[1:], "--machine", str(start), "--save-machine",
                 str(place.saved), "--result", str(place.result)]
        words += ["--state", str(place.state)] if (command or self.command) == "fix" else []
        preload = {"LD_PRELOAD": self.library, "FAULT_STRUCK": str(place.folder / "struck")} if environment else {}
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=SECONDS,
                                  check=False, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **preload, **environment})
        except subprocess.TimeoutExpired:
            done = None
        return Outcome(done, place)

    def wrong(self, outcome):
        """What is not true of an outcome; one line each."""
        if outcome.crashed:
            return [f"ends by {'itself never' if outcome.code is None else -outcome.code}: {outcome.stderr[-200:]!r}"]
        try:
            return [*self.ill_formed(outcome), *self.untrue(outcome)]
        except (ValueError, IndexError) as error:
            return [f"exit {outcome.code}, and stdout has no result ({error}): {outcome.stdout[-200:]!r} {outcome.stderr[-300:]!r}"]

    def broken_rules(self, told):
        """What of a result, as bytes, is not as the schema says."""
        return [error.message for error in self.schema.iter_errors(json.loads(told))]

    def ill_formed(self, outcome):
        last = outcome.last()
        if len(outcome.stdout) > STDOUT_BYTES:
            yield f"stdout has {len(outcome.stdout)} bytes"
        yield from (f"the last line: {rule}" for rule in self.broken(alike(outcome.stdout.splitlines()[-1])))
        if outcome.code != EXITS[last["verdict"]] and outcome.code not in ENDED_EARLY:
            yield f"exit {outcome.code} with verdict {last['verdict']}"
        if outcome.result is not None:
            whole = json.loads(outcome.result)
            yield from (f"the result file: {rule}" for rule in self.broken(alike(outcome.result)))
            # What could not be printed any more can well have been kept.
            if last["verdict"] not in (whole["verdict"], "failed"):
                yield f"the result file says {whole['verdict']}, stdout {last['verdict']}"

    def untrue(self, outcome):
        last = outcome.last()
        verdict, truth = last["verdict"], self.truth.verdict()
        if VERDICTS.index(verdict) > VERDICTS.index(truth) and verdict not in SAYS_LITTLE:
            yield f"verdict {verdict}, and the truth is {truth}"
        if outcome.saved is not None and verdict == truth and outcome.saved != self.truth.saved:
            yield f"verdict {verdict}, and the machine is another"
        if outcome.saved is not None and last.get("changes") == 0 and outcome.saved != self.before:
            yield "no change is counted, and the machine is another"

    def wrong_next(self, place, outcome):
        """The next run, undisturbed, from what the faulty one left: the end must be the same."""
        again = self.run(place, outcome.saved or self.machine)
        found = [f"the next run {line}" for line in self.ill_formed(again)]
        if again.code not in self.codes:
            found.append(f"the next run ends with {again.code}: {again.stderr[-300:]!r}")
        if again.saved != self.truth.saved:
            found.append("the next run leaves another machine")
        return found + [f"left behind: {name}" for name in place.junk(place.folder)]

    def attempt(self, **environment):
        """(outcome, what is wrong with it) of one run under these faults."""
        with Place() as place:
            outcome = self.run(place, self.machine, FAULT_REPORT=str(place.folder / "report.json"), **environment)
            found = self.wrong(outcome)
            if self.command == "fix" and (outcome.has_state or outcome.saved not in (None, self.truth.saved)):
                found += self.wrong_next(place, outcome)
            return outcome, found
