#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What no file of the project may say, and how JSON and Python must parse. Usage: texts.py ROOT marks|project|syntax|top-level

marks      unfinished work left in the text
project    paths and hosts of the machine it was built on: the project speaks of itself alone
syntax     every JSON file parses without duplicate names, every Python file parses, every C file names its license
top-level  nothing lies in the root of the tree but what belongs there: tests write to temporary folders
"""
import ast
import json
import pathlib
import re
import subprocess
import sys

# Split, so that this file does not find itself.
MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
PATHS = re.compile(r"(?<![\w$}])/wo" + r"rk/|\.\./sha" + r"red/|/\.lib" + r"rary")
SOURCE_LISTS = ("/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/pip.conf")
TOP_LEVEL = {".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore", "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json",
             "CONTRIBUTING.md", "LICENSE", "README.md", "cmake", "extension-manifest", "playbooks", "runner", "scripts", "tests"}
SPDX = "/* SPDX-License-Identifier: MIT */"


def files(root):
    """Tracked and new files, without what .gitignore names; every file where there is no repository."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, check=False)
    if listing.returncode == 0:
        names = sorted({name for name in listing.stdout.decode().split("\0") if name})
        return [root / name for name in names if (root / name).is_file()]
    return sorted(path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts
                  and "build" not in path.relative_to(root).parts[:1])


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def build_hosts():
    """Hosts this machine gets its packages from, but for the public archive everyone has."""
    hosts = set()
    for place in map(pathlib.Path, SOURCE_LISTS):
        lists = sorted(place.iterdir()) if place.is_dir() else [place]
        for path in lists:
            if path.is_file():
                hosts.update(re.findall(r"https?://(?:[^/@\s]*@)?([^/:\s]+)", text_of(path) or ""))
    return sorted(host for host in hosts if not host.endswith(("debian.org", "python.org")))


def find(root, patterns):
    for path in files(root):
        for number, line in enumerate((text_of(path) or "").split("\n"), 1):
            for pattern in patterns:
                word = pattern.search(line)
                if word:
                    yield f"{path.relative_to(root)}:{number}: {word.group(0)}"


def check_marks(root):
    return find(root, [MARKS])


def check_project(root):
    return find(root, [PATHS] + [re.compile(re.escape(host)) for host in build_hosts()])


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"duplicate name {name}")
    return dict(pairs)


def check_one(path):
    text = text_of(path)
    first = (text or "").split("\n", 1)[0]
    if text is None:
        return
    if path.suffix == ".json":
        json.loads(text, object_pairs_hook=no_duplicates)
    elif path.suffix == ".py" or (first.startswith("#!") and "python3" in first):
        ast.parse(text)
    elif path.suffix in (".c", ".h") and first != SPDX:
        raise ValueError(f"the first line is not {SPDX}")


def check_syntax(root):
    for path in files(root):
        if "bad-input" in path.parts or "corpus" in path.parts:
            continue
        try:
            check_one(path)
        except (ValueError, SyntaxError) as error:
            yield f"{path.relative_to(root)}: {error}"


def check_top_level(root):
    names = {path.relative_to(root).parts[0] for path in files(root)}
    return (f"{name}: not known in the root of the tree; a test that wrote it has to write to a temporary folder" for name in sorted(names - TOP_LEVEL))


def main():
    checks = {"marks": check_marks, "project": check_project, "syntax": check_syntax, "top-level": check_top_level}
    found = list(checks[sys.argv[2]](pathlib.Path(sys.argv[1])))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
