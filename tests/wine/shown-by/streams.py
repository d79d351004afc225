# SPDX-License-Identifier: MIT
"""azmend.exe, and a caller that does not care for what it says: pipes that nobody reads, streams that are not there.

Wine makes a Windows pipe of the pipe it is started with, so that WriteFile waits in it as it does on Windows.
"""
import contextlib
import json
import os
import subprocess
import time

import inside
import prefixes

BOUND_SECONDS = 10  # LIMIT_STREAM_MS


def fix(case, *words, **streams):
    """(exit code, seconds) of a fix with these streams; None: it did not end."""
    args = ["fix", *case.scenario.args[1:], *words, "--probe-timeout", "1s"]
    began = time.monotonic()
    try:
        done = subprocess.run([*case.prefix.clock, prefixes.WINE, inside.dos(case.settings["exe"]), *args], env=case.prefix.environment,
                              stdin=subprocess.DEVNULL, timeout=inside.RUN_SECONDS, check=False, cwd=prefixes.ROOT, **streams)
        return done.returncode, time.monotonic() - began
    except subprocess.TimeoutExpired:
        return None, time.monotonic() - began


def full_pipe():
    """Not even a first byte goes in."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, bytes(4096))
    os.set_blocking(writer, True)
    return reader, writer


def kept(case):
    """The newest result in the state folder."""
    runs = case.prefix.path / "drive_c" / "ProgramData" / "azmend" / "runs"
    return json.loads((max(runs.iterdir(), key=lambda run: run.name) / "result.json").read_text(encoding="utf-8"))


def streams(case):
    fix(case, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # repairs; from here on it is healthy
    _, usual = fix(case, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends = full_pipe()
    code, seconds = fix(case, "--json", stdout=ends[1], stderr=ends[1])
    yield f"a full pipe that nobody reads holds it up for its bound ({seconds:.0f} s, else {usual:.0f} s)", (
        code == 0 and usual + BOUND_SECONDS - 2 < seconds < usual + 3 * BOUND_SECONDS)
    yield "and its result is kept all the same", kept(case)["verdict"] == "healthy"
    for end in ends:
        os.close(end)
    reader, writer = os.pipe()
    os.close(reader)
    code, _ = fix(case, stdout=writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    yield "a pipe without a reader changes nothing", code == 0 and kept(case)["verdict"] == "healthy"
    code, _ = fix(case, stdout=None, stderr=None, preexec_fn=lambda: (os.close(1), os.close(2)))
    yield "nor do streams that are closed", code == 0 and kept(case)["verdict"] == "healthy"
