#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sizes: functions of at most 70 lines and 6 parameters, files of at most 500 lines. Usage: sizes.py ROOT

clang-format puts a function's braces, and no others, alone at the start of a line.
"""
import pathlib
import re
import sys

import c_text

FUNCTION_LINES = 70
FUNCTION_LINES_P95 = 45
FILE_LINES = 500
PARAMETERS = 6
# plan_load takes three lists, each with its length; the C library's start has the parameters it has.
WIDE = {("plan_load.c", "plan_load"), ("faults.c", "__libc_start_main")}


# What the system calls back has the parameters the system says.
CALLED_BACK = re.compile(r"\b(STDMETHODCALLTYPE|STDMETHODIMP|WINAPI|CALLBACK|APIENTRY)\b")


def parameters(signature):
    """Commas outside brackets inside the last outer pair."""
    if CALLED_BACK.search(signature):
        return 0
    signature = re.sub(r"\b(PRINTF_LIKE|AUTO|__attribute__)\s*\(\(?[^()]*\)?\)", "", signature)
    match = re.search(r"\w+\s*\((.*)\)\s*[A-Z_\s]*$", signature, re.DOTALL)
    if not match or match.group(1).strip() in ("", "void"):
        return 0
    depth = count = 0
    for sign in match.group(1):
        depth += (sign == "(") - (sign == ")")
        count += sign == "," and depth == 0
    return count + 1


def functions(text):
    """(line, name, lines, parameters) of each function."""
    lines = text.split("\n")
    opened = None
    for number, line in enumerate(lines):
        if line == "{":
            opened = number
        elif line == "}" and opened is not None:
            first = opened
            while first > 0 and lines[first - 1].strip() and lines[first - 1][0] != "#" and lines[first - 1][0] != "}":
                first -= 1
            signature = "\n".join(lines[first:opened])
            name = re.search(r"(\w+)\s*\(", signature)
            yield first + 1, name.group(1) if name else "?", number - first + 1, parameters(signature)
            opened = None


def main():
    root = pathlib.Path(sys.argv[1])
    found, sizes = [], []
    for path in c_text.sources(root, "runner", "tests"):
        name = path.relative_to(root)
        length = path.read_text(encoding="utf-8").count("\n")
        if length > FILE_LINES:
            found.append(f"{name}:{length}: {length} lines, {FILE_LINES} allowed")
        for line, function, lines, count in functions(c_text.code(path)):
            sizes.append(lines)
            if lines > FUNCTION_LINES:
                found.append(f"{name}:{line}: {function}: {lines} lines, {FUNCTION_LINES} allowed")
            if count > PARAMETERS and (name.name, function) not in WIDE:
                found.append(f"{name}:{line}: {function}: {count} parameters, {PARAMETERS} allowed")
    sizes.sort()
    p95 = sizes[int(len(sizes) * 0.95)] if sizes else 0
    median = sizes[len(sizes) // 2] if sizes else 0
    print(f"{len(sizes)} functions: median {median} lines, p95 {p95}, longest {sizes[-1] if sizes else 0}")
    if p95 > FUNCTION_LINES_P95:
        found.append(f"p95 of function lengths is {p95}, {FUNCTION_LINES_P95} allowed")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
