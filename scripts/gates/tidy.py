#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy over a build folder's compile commands and the Windows host, two at a time, remembering what was clean.

    tidy.py ROOT BUILD [--analyzer] [--all] [PATH-PART...]

--analyzer runs `gcc -fanalyzer` instead. A file is asked again when it, what it includes, its command, the settings or the tools changed;
what was clean is remembered outside the tree, so that a new clone asks only about what is new. --all asks about everything.

A machine that remembers nothing would ask clang-tidy about every file, a quarter of an hour of a processor. --recent asks, of those that are
not known to be clean, only what the last commits or nobody's commit yet changed, what stands beside a header that they changed, and every
TURNSth of the rest, in turn with AZMEND_TURN: all of them within TURNS days. What is put off is counted in the last line. Where
the settings (.clang-tidy) changed with them, or without a history, all are asked.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

WORKERS = 2
SECONDS = 300
TELL_SECONDS = 10
KEPT_SECONDS = 60 * 86400
COMMITS = 60  # whose changes are asked about at once: twice the longest landing
TURNS = 6  # days within which a file that nobody changes is asked about
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)
WINDOWS = "runner/host/windows"  # no build for this machine has it: read with mingw's headers
MINGW = "x86_64-w64-mingw32"
WINDOWS_WORDS = ["-std=c17", "-Werror", "-D_WIN32_WINNT=0x0603", "-DUNICODE", "-D_UNICODE", "-D__USE_MINGW_ANSI_STDIO=1",
                 "-I", "runner"]


def tools(root):
    """What asks, and the system's headers: the packages that building needs, with their versions."""
    words = [line.split()[0] for line in (root / "scripts" / "packages").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *words], capture_output=True, check=False)
    return done.stdout


def settings(root):
    digest = hashlib.sha256(tools(root))
    for path in (root / ".clang-tidy", root / "tests" / ".clang-tidy", root / WINDOWS / ".clang-tidy", pathlib.Path(__file__)):
        digest.update(path.read_bytes())
    return digest


class Files:
    """Files with all that they include, each read once."""

    def __init__(self):
        self.known = {}  # path -> (digest, names it includes)

    def read(self, path):
        if path not in self.known:
            text = path.read_bytes() if path.is_file() else b""
            self.known[path] = hashlib.sha256(text).digest(), [name.decode() for name in INCLUDE.findall(text)]
        return self.known[path]

    def closure(self, path, folders):
        """Digests of the file and of every file of ours that it comes to include; what is found nowhere is the system's."""
        found, waiting = {}, [path]
        while waiting:
            at = waiting.pop()
            if at in found:
                continue
            found[at], names = self.read(at)
            for name in names:
                places = [pathlib.Path(os.path.normpath(folder / name)) for folder in (at.parent, *folders)]
                waiting += [place for place in places if self.read(place)[0] != self.read(pathlib.Path(os.devnull))[0]][:1]
        return b"".join(found[at] for at in sorted(found))


def places(entry):
    """Folders that the command looks for includes in."""
    words = shlex.split(entry["command"])
    behind = [words[i + 1] for i, word in enumerate(words[:-1]) if word in ("-I", "-isystem")]
    joined = [word[2:] for word in words if word.startswith("-I") and word != "-I"]
    return [pathlib.Path(entry["directory"], folder) for folder in joined + behind]


def fingerprint(entry, common, files, root, build):
    """The same in every clone: the command counts without the places of tree and build folder."""
    digest = common.copy()
    command = entry["command"].replace(str(build), "BUILD").replace(str(root.resolve()), "ROOT").replace(str(root), "ROOT")
    digest.update(command.replace("ccache ", "", 1).encode())
    digest.update(files.closure(pathlib.Path(entry["directory"], entry["file"]), places(entry)))
    return digest.hexdigest()


def cache_folder(name):
    home = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    cache = pathlib.Path(os.environ.get("AZMEND_CACHE") or f"{home}/azmend") / "gates" / name
    cache.mkdir(parents=True, exist_ok=True)
    for stamp in cache.iterdir():
        if time.time() - stamp.stat().st_mtime > KEPT_SECONDS:
            stamp.unlink(missing_ok=True)
    return cache


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


# --- what is new ---


def changed_names(root):
    """Paths that the last commits or the work on top of them changed; None: there is no such history."""
    words = ["git", "-C", str(root), "-c", "core.quotePath=false"]
    log = subprocess.run([*words, "log", f"-{COMMITS}", "--format=", "--name-only"], capture_output=True, text=True, check=False)
    work = subprocess.run([*words, "status", "--porcelain", "--no-renames", "--untracked-files=all"], capture_output=True, text=True, check=False)
    # A copy whose history is cut off says that every file is new.
    if log.returncode or work.returncode or not log.stdout:
        return None
    return {name for name in log.stdout.splitlines() if name} | {line[3:].strip('"') for line in work.stdout.splitlines()}


def is_new(path, changed):
    """A header is seen through the file of its name, or through what else of its folder is asked."""
    return path.as_posix() in changed or path.with_suffix(".h").as_posix() in changed


def in_turn(path, turn):
    """Every TURNSth file: by its name, so that none is passed over when others come and go."""
    return int.from_bytes(hashlib.sha256(path.as_posix().encode()).digest()[:4], "big") % TURNS == turn % TURNS


def put_off(root, wanted, turn):
    """Those of wanted that may wait for their day."""
    changed = changed_names(root)
    if changed is None or any(pathlib.PurePosixPath(name).name == ".clang-tidy" for name in changed):
        return []
    names = {id(one): pathlib.Path(one[0]["file"]).resolve().relative_to(root.resolve()) for one in wanted}
    return [one for one in wanted if not is_new(names[id(one)], changed) and not in_turn(names[id(one)], turn)]


def ask(command, entry):
    done = subprocess.run(command, cwd=entry["directory"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def chosen_entries(root, build, parts):
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in [*entries, *windows_entries(root)]:
        path = pathlib.Path(entry["file"]).resolve()
        if root.resolve() in path.parents and build not in path.parents and (not parts or any(part in entry["file"] for part in parts)):
            yield entry


def ask_all(wanted, make, build):
    """How many had findings; what is clean gets its stamp."""
    failed, told = 0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        answers = pool.map(lambda one: ask(make(one[0], build), one[0]), wanted)
        for number, ((entry, clean), (code, text)) in enumerate(zip(wanted, answers), 1):
            if code == 0:
                clean.touch()
            else:
                failed += 1
                lines = [line for line in text.split("\n") if "warnings generated" not in line]
                print(entry["file"], *lines[:12], sep="\n")
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                print(f"{number} of {len(wanted)} files asked", flush=True)
    return failed


def main():
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    make = analyzer_command if "--analyzer" in sys.argv else tidy_command
    cache, common, files = cache_folder(make.__name__), settings(root), Files()
    parts = [word for word in sys.argv[3:] if not word.startswith("--")]
    wanted, clean = [], 0
    for entry in chosen_entries(root, build, parts):
        stamp = cache / fingerprint(entry, common, files, root, build)
        if stamp.exists() and "--all" not in sys.argv:
            stamp.touch()
            clean += 1
        else:
            wanted.append((entry, stamp))
    waiting = put_off(root, wanted, int(os.environ.get("AZMEND_TURN", "0"))) if "--recent" in sys.argv else []
    wanted = [one for one in wanted if one not in waiting]
    failed = ask_all(wanted, make, build)
    later = f"; {len(waiting)} that nobody changed lately wait for their turn of {TURNS} (scripts/torture gates asks all)" if waiting else ""
    print(f"{len(wanted)} files asked, {failed} with findings; {clean} were clean before and are the same{later}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
