#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every command that scripts and tests call comes from a package of scripts/packages, or from what every Debian has. Usage: commands.py ROOT

Which package a command is of is asked of dpkg on this machine; what every Debian has are the packages marked essential or required. What a
listed package depends on comes with it; what it recommends does not.
Read are shell scripts, what they and Python programs give to a shell as text, and lists that Python gives to subprocess.
"""
import ast
import os
import pathlib
import re
import shutil
import subprocess
import sys

import shell_words
import texts

FOLDERS = (".ci", "scripts", "tests", "extension-manifest")
CALLS = {"run", "Popen", "check_output", "check_call", "call"}


def is_shell(path, text):
    return bool(re.match(r"#!.*\b(ba|da)?sh\b", text.split("\n", 1)[0]))


def is_python(path, text):
    return path.suffix == ".py" or "python3" in text.split("\n", 1)[0]


def first_words(node):
    """The first word of a list, when it stands there as text; what a shell is given behind -c counts as a script."""
    words = [item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else None for item in node.elts]
    if words and words[0]:
        yield from shell_words.of_list([word if word is not None else "$" for word in words])


def python_commands(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if called in CALLS and getattr(node.func.value, "id", "") == "subprocess" and node.args and isinstance(node.args[0], ast.List):
            yield from first_words(node.args[0])


def used(root):
    """command -> the first file that calls it"""
    found = {}
    for path in texts.files(root):
        name = path.relative_to(root)
        text = texts.text_of(path) if name.parts[0] in FOLDERS and path.stat().st_size < 256 * 1024 else None
        if not text or not text.startswith("#!") and path.suffix != ".py":
            continue
        words = shell_words.commands(text) if is_shell(path, text) else python_commands(text) if is_python(path, text) else ()
        for word in words:
            found.setdefault(word, name)
    return found


def listed(root):
    lines = (root / "scripts" / "packages").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line and line[0] != "#"}


def owners(paths):
    """path -> package, as dpkg has it; a path may be known without /usr, or only behind its links."""
    spellings = {form for path in paths for form in (path, path.removeprefix("/usr"), os.path.realpath(path))}
    done = subprocess.run(["dpkg-query", "-S", *sorted(spellings)], capture_output=True, text=True, check=False)
    rows = [line.rsplit(": ", 1) for line in done.stdout.splitlines() if ": " in line and not line.startswith("diversion ")]
    known = {path: packages.split(",")[0].split(":")[0] for packages, path in rows}
    # What is a link of one package to a file of another one is the link's.
    return {path: next((known[form] for form in (path, path.removeprefix("/usr"), os.path.realpath(path)) if form in known), None) for path in paths}


def brought(packages):
    """What the packages depend on, those of them that are here."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}\n", *sorted(packages)], capture_output=True, text=True, check=False)
    return {re.split(r"[ :(]", word.strip())[0] for word in re.split(r"[,|\n]", done.stdout) if word.strip()}


def everywhere():
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Essential} ${Priority}\n"], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in done.stdout.splitlines() if " yes " in line or line.endswith(" required")}


def main():
    root = pathlib.Path(sys.argv[1])
    found = used(root)
    paths = {word: shutil.which(word, path="/usr/sbin:/usr/bin:/sbin:/bin") for word in found}
    owner = owners([path for path in paths.values() if path])
    right = listed(root) | brought(listed(root)) | everywhere()
    wrong = []
    for word, name in sorted(found.items()):
        package = owner.get(paths[word])
        if package not in right:
            wrong.append(f"{name}: {word}: " + (f"of package {package}, which scripts/packages lacks" if package else "of no package on this machine"))
    print("\n".join(wrong) or f"{len(found)} commands, all of known packages")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
