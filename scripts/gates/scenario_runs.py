#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the program over every scenario as it stands, for what measures the program: coverage, valgrind.

    scenario_runs.py ROOT [--every N] COMMAND...

COMMAND ends with the program. Exit code 1: a run ended by a signal, or with a code that is not the scenario's.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 120


def main():
    root = pathlib.Path(sys.argv[1])
    words = sys.argv[2:]
    every = int(words[1]) if words[0] == "--every" else 1
    command = words[2:] if words[0] == "--every" else words
    sys.path.insert(0, str(root / "tests" / "wine"))
    import documents
    passed = failed = 0
    for number, scenario in enumerate(documents.scenarios(root / "tests" / "scenarios")):
        expected = scenario.expect.get("exit")
        if number % every or expected is None:
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as machine:
            json.dump(scenario.machine, machine)
            machine.flush()
            done = subprocess.run([*command, *scenario.args, "--machine", machine.name], cwd=root, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=SECONDS, check=False)
        passed += done.returncode == expected
        failed += done.returncode != expected
        if done.returncode != expected:
            print(f"FAIL {scenario.name}: exit {done.returncode}, expected {expected}: {done.stderr[-2000:].decode(errors='replace')}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
