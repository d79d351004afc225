#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Calls that are banned, and where an exception lives. Usage: words.py ROOT"""
import pathlib
import re
import sys

import c_text

HEAP = ("runner/base/arena.c", "runner/base/buf.c", "runner/host/journal.c", "runner/host/net/", "runner/host/windows/",
        "runner/host/posix/", "tests/")
# Banned call, why, and the paths where it is right.
CALLS = [
    (r"strcpy|strcat|sprintf|vsprintf|gets|strncpy|strncat", "no length that the compiler could check", ()),
    (r"strtok|setjmp|longjmp|_setjmp", "hidden state", ()),
    (r"system|popen|_popen|_wsystem|_wpopen", "a shell", ()),
    (r"atoi|atol|atoll|atof", "no way to say that it is no number", ()),
    (r"alloca|_alloca", "stack without a bound", ()),
    (r"malloc|calloc|realloc|free|strdup|_strdup|strndup|_wcsdup", "the arena and buf do this", HEAP),
    (r"setlocale|_wsetlocale|toupper|tolower|isalpha|isspace|isalnum", "depends on the locale", ("tests/",)),
    (r"sleep|usleep|Sleep", "waits belong to the clock of the host", ("runner/host/windows/", "runner/host/posix/",
                                                                      "runner/host/net/", "tests/")),
]
# Behind a dot, an arrow or a word it is a member or a declaration of our own, not the C library's function.
PATTERNS = [(re.compile(rf"(?<![\w.>])({names})\s*\("), why, allowed) for names, why, allowed in CALLS]
GOTO = re.compile(r"\bgoto\b")
TYPEDEF = re.compile(r"^\s*typedef\b")


def check_file(root, path):
    name = str(path.relative_to(root))
    for number, line in enumerate(c_text.code(path).split("\n"), 1):
        for pattern, why, allowed in PATTERNS:
            word = pattern.search(line)
            if word and not name.startswith(allowed):
                yield f"{name}:{number}: {word.group(1)}: {why}"
        if GOTO.search(line):
            yield f"{name}:{number}: goto: handles are declared with AUTO()"
        if TYPEDEF.search(line):
            yield f"{name}:{number}: typedef: a struct is called a struct"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [line for path in c_text.sources(root, "runner", "tests") for line in check_file(root, path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
