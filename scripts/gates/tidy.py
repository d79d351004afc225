#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy over a build folder's compile commands and the Windows host, two at a time, remembering what was clean.

    tidy.py ROOT BUILD [--analyzer] [PATH-PART...]

--analyzer runs `gcc -fanalyzer` instead. A file is asked again when it, a header, its command or .clang-tidy changed.
"""
import concurrent.futures
import hashlib
import json
import pathlib
import shlex
import subprocess
import sys

import c_text

WORKERS = 2
SECONDS = 300
WINDOWS = "runner/host/windows"  # no build for this machine has it: read with mingw's headers
MINGW = "x86_64-w64-mingw32"
WINDOWS_WORDS = ["-std=c17", "-Werror", "-D_WIN32_WINNT=0x0603", "-DUNICODE", "-D_UNICODE", "-D__USE_MINGW_ANSI_STDIO=1",
                 "-I", "runner"]


def state(root):
    """All headers and the settings: any change asks every file again."""
    digest = hashlib.sha256()
    for path in (root / ".clang-tidy", root / "tests" / ".clang-tidy", root / WINDOWS / ".clang-tidy", pathlib.Path(__file__)):
        digest.update(path.read_bytes())
    for path in c_text.sources(root, "runner", "tests"):
        if path.suffix == ".h":
            digest.update(path.read_bytes())
    return digest


# The analyzers do not know that err_set, which stands in another file, always returns false (see .clang-tidy there).
def windows_entries(root):
    for path in sorted((root / WINDOWS).glob("*.c")):
        command = shlex.join([f"{MINGW}-gcc", *WINDOWS_WORDS, "-Wno-analyzer-null-dereference", "-o", "/dev/null", "-c", str(path)])
        yield {"file": str(path), "directory": str(root), "command": command}


def tidy_command(entry, build):
    if entry["command"].startswith(MINGW):
        # clang does not know gnu_printf, with which mingw's own compiler checks formats.
        words = [f"--target={MINGW}", "-Wno-ignored-attributes", *WINDOWS_WORDS]
        return ["clang-tidy-14", "--quiet", entry["file"], "--", *words]
    return ["clang-tidy-14", "--quiet", "--extra-arg=-Wno-unknown-warning-option", "-p", str(build), entry["file"]]


# What only clang knows, and what would make the analyzer write an object.
def analyzer_command(entry, _):
    words = shlex.split(entry["command"])
    out = words.index("-o")
    return words[:out] + words[out + 2 :] + ["-fanalyzer", "-O1", "-o", "/dev/null"]


def ask(command, entry):
    done = subprocess.run(command, cwd=entry["directory"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def main():
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    make = analyzer_command if "--analyzer" in sys.argv else tidy_command
    cache = build / "gates" / make.__name__
    cache.mkdir(parents=True, exist_ok=True)
    common = state(root)
    parts = [word for word in sys.argv[3:] if not word.startswith("--")]
    wanted = []
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in [*entries, *windows_entries(root)]:
        path = pathlib.Path(entry["file"])
        if root.resolve() not in path.resolve().parents or build in path.resolve().parents:
            continue
        if parts and not any(part in entry["file"] for part in parts):
            continue
        digest = common.copy()
        digest.update(path.read_bytes() + entry["command"].encode())
        if not (cache / digest.hexdigest()).exists():
            wanted.append((entry, cache / digest.hexdigest()))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        answers = pool.map(lambda one: ask(make(one[0], build), one[0]), wanted)
        for (entry, clean), (code, text) in zip(wanted, answers):
            if code == 0:
                clean.touch()
            else:
                failed += 1
                lines = [line for line in text.split("\n") if "warnings generated" not in line]
                print(entry["file"], *lines[:12], sep="\n")
    print(f"{len(wanted)} files asked, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
