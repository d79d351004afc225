#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No two files of the program need each other, by the symbols of the native object files. Usage: circles.py ROOT BUILD

A recursion that has to be stands in ALLOWED with its reason; one that is gone has to leave it.
"""
import collections
import pathlib
import re
import subprocess
import sys

# What calls itself through several files, and why it must.
ALLOWED = {
    ("plan/common.c", "plan/cond.c", "plan/expr.c", "plan/fact_build.c", "plan/value_build.c"):
        "the parser of expressions: a value stands on facts, a fact on conditions, a condition on values; what refers to a later one, or to one of common.json, builds it first",
}

SYMBOL = re.compile(r"^[0-9a-f ]{16} ([A-Za-z]) (\S+)$")


def name_of(build, path):
    """runner/engine/CMakeFiles/azmend_engine.dir/run.c.o -> engine/run.c"""
    words = path.relative_to(build / "runner").as_posix().split("/")
    at = words.index("CMakeFiles")
    return "/".join([*words[:at], *words[at + 2:]]).removesuffix(".o")


def symbols(path):
    """(what a file gives, what it asks for)"""
    given, asked = set(), set()
    out = subprocess.run(["nm", "--extern-only", path], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        found = SYMBOL.match(line)
        if found:
            (asked if found.group(1) in "Uw" else given).add(found.group(2))
    return given, asked


def graph(root, build):
    """Who needs whom: {file: {file: a symbol}}."""
    owner, wants = {}, {}
    for path in sorted((build / "runner").rglob("*.c.o")):
        name = name_of(build, path)
        if not (root / "runner" / name).is_file():
            continue  # of a source that has gone
        given, wants[name] = symbols(path)
        owner.update(dict.fromkeys(given, name))
    return {name: {owner[symbol]: symbol for symbol in sorted(asked) if symbol in owner and owner[symbol] != name}
            for name, asked in wants.items()}


def reachable(edges, start):
    seen, left = set(), [start]
    while left:
        for other in edges[left.pop()]:
            if other not in seen:
                seen.add(other)
                left.append(other)
    return seen


def circles(edges):
    """The sets of files that all reach each other."""
    reach = {name: reachable(edges, name) for name in edges}
    found = collections.defaultdict(set)
    for name, others in reach.items():
        if name in others:
            members = frozenset(other for other in others if name in reach[other])
            found[members] |= members
    return sorted(sorted(members) for members in found)


def arrows(edges, members):
    return [f"    {name} -> {other} ({symbol})" for name in members for other, symbol in edges[name].items() if other in members]


def main():
    root, build = map(pathlib.Path, sys.argv[1:3])
    edges = graph(root, build)
    if not edges:
        print(f"no object files below {build.relative_to(root)}/runner")
        return 1
    found = circles(edges)
    allowed = {tuple(sorted(members)) for members in ALLOWED}
    wrong = [f"{' '.join(members)} need each other:\n" + "\n".join(arrows(edges, members)) for members in found if tuple(members) not in allowed]
    wrong += [f"{' '.join(members)}: this recursion is gone; take it out of scripts/gates/circles.py" for members in allowed if list(members) not in found]
    print("\n".join(wrong) or f"{len(edges)} files, {len(found)} named recursions, no circle")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
