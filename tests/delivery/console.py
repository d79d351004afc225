#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Run Command makes of the console output: Windows PowerShell 5.1 reads it with the OEM code page, writes its lines anew, and of
that the last 4,096 bytes are kept. The last line must come out as the program wrote it, for every scenario's machine.

    tests/delivery/console.py AZMEND        Ends with 'N passed, N failed'.
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "wine"))
import documents  # noqa: E402

KEPT_BYTES = 4096
RUN_SECONDS = 60
CODE_PAGES = ("cp437", "cp850", "cp932")
LANGUAGES = ((), ("--lang", "ja"))


def through_powershell(output, code_page):
    """What is left of the output: read by lines in the code page, written with Windows' line ends in UTF-8, cut from the front."""
    lines = output.decode(code_page, "replace").splitlines()
    return "".join(line + "\r\n" for line in lines).encode("utf-8")[-KEPT_BYTES:]


def wrong_of(output, language):
    if len(output) > KEPT_BYTES:
        return f"{len(output)} bytes"
    if not language and not output.isascii():
        return "not ASCII through a pipe"
    line = output.rstrip(b"\n").split(b"\n")[-1]
    if json.loads(line)["result"] != "azmend.result/1":
        return "the last line is no result"
    for code_page in CODE_PAGES:
        kept = through_powershell(output, code_page).rstrip(b"\r\n").split(b"\r\n")[-1]
        if kept != line:
            return f"{code_page}: the last line has changed: {kept[:80]!r}"
    return None


def run_one(azmend, scenario):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as machine:
        json.dump(scenario.machine, machine)
        machine.flush()
        found = []
        for language in LANGUAGES:
            done = subprocess.run([azmend, "check", "--machine", machine.name, *language], stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=RUN_SECONDS, check=False)
            found.append((f"{scenario.name} {' '.join(language)}".strip(), wrong_of(done.stdout, language)))
        return found


def self_test():
    """The check must see what it is there for."""
    line = b'{"result":"azmend.result/1"}\n'
    rows = (("a last line of UTF-8", '{"result":"azmend.result/1","x":"é"}\n'.encode(), ("--lang", "ja")),
            ("a table of UTF-8 through a pipe", "直\n".encode() + line, ()),
            ("too much", b"x" * KEPT_BYTES + b"\n" + line, ()))
    return [(f"seen: {name}", None if wrong_of(output, language) else "nothing was seen") for name, output, language in rows]


def main():
    azmend = sys.argv[1]
    scenarios = [one for one in documents.scenarios(ROOT / "tests" / "scenarios") if one.machine and "sim" not in one.machine]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = self_test() + [row for found in pool.map(lambda one: run_one(azmend, one), scenarios) for row in found]
    failed = [row for row in rows if row[1]]
    for name, wrong in failed:
        print(f"FAIL {name}: {wrong}")
    print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
