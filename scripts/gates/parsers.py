#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every parser of bytes from outside has a fuzz target, or stands in parsers.json with its reason. Usage: parsers.py ROOT

A parser is known by its form, not by a list: a function below runner/ that takes bytes with their size, or a struct that
carries bytes of the machine (CARRIERS), or a text under a reader's verb (VERBS); and one that loads JSON or looks into an array of
bytes, whatever it takes. It has a target when tests/fuzz reaches it by calls: from a target's source along the names of functions, and of
constant tables of the same file. What goes through a table of another file (a backend, a kind) is not counted as reached, but
for the sections of the machine document, which sim_open loads.
"""
import json
import pathlib
import re
import sys

import c_text

FUNCTION = re.compile(r"^((?:[a-zA-Z_][\w*]*[ *]+)+)(\w+)\(([^;{}]*?)\)\s*\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^(?:static )?const [\w ]*?\*?(?:const )?(\w+)(?:\[[^\]\n]*\])* = \{?(.*?);\n|^static const struct (?:\w+ )?\{.*?^\} (\w+)\[\w*\] = \{(.*?)^\};",
                   re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"sim_\w+_section$")
NAME = re.compile(r"\b[A-Za-z_]\w*\b")
BYTES = re.compile(r"const (?:void|char|uint8_t|unsigned char|wchar_t|BYTE) \*\w+, (?:size_t|int|DWORD|ULONG|uint32_t) \w*(?:size|count|length)\b")
CARRIED = re.compile(r"(?:->|\.)(?:bytes|text|data|body|location|content_type|content)\b")
CARRIERS = re.compile(r"\bstruct (?:registry_value|file_bytes|file_security|outside|net_reply|event_record) \*?(?!ret_)\w+")
TEXT = re.compile(r"(?:const char \*|char \*\*)(?!(?:path|folder|file|name|key|at|id)\b)\w+")
VERBS = re.compile(r"(?:^|_)(?:parse|read|decode|lint|scan)(?:_|$)")
LOOKS_INTO = re.compile(r"\bjson_load\s*\(|(?<![.\w])(?:bytes|\w+(?:\.|->)bytes)\[(?![^\]\n]*\] = )")


class Function:
    def __init__(self, path, match):
        self.path, self.name, self.takes = path, match.group(2), " ".join(match.group(3).split())
        self.is_static = "static" in match.group(1).split()
        self.body = match.group(4)
        self.names = set(NAME.findall(self.body))

    def is_parser(self):
        takes_text = VERBS.search(self.name) and TEXT.search(self.takes)
        carries = CARRIERS.search(self.takes) and CARRIED.search(self.body)
        return bool(BYTES.search(self.takes) or carries or takes_text or LOOKS_INTO.search(self.body))


def read_file(path, name):
    """The functions of a file, and its tables with the names in them."""
    code = c_text.code(path)
    functions = [Function(name, match) for match in FUNCTION.finditer(code)]
    tables = {one or two: set(NAME.findall(inside or more or "")) for one, inside, two, more in TABLE.findall(code)}
    return functions, tables


def reached(files, targets):
    """The functions that the targets reach."""
    own = {(function.path, function.name): function for functions, _ in files.values() for function in functions}
    public = {}
    for function in own.values():
        if not function.is_static and "host/windows/" not in function.path:
            public.setdefault(function.name, []).append(function)
    objects = {name for path, (_, tables) in files.items() if path.startswith("runner/kinds/") for name in targets & set(tables) for name in tables[name]}
    seen, waiting = set(), [found for name in targets for found in public.get(name, [])]
    waiting += [function for function in own.values() if function.name in objects and function.path.startswith("runner/kinds/")]
    if "sim_open" in targets:
        waiting += [own[(path, name)] for path, (_, tables) in files.items() for table in tables if SECTION.match(table)
                    for name in tables[table] if (path, name) in own]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        names = set(function.names)
        tables = files[function.path][1]
        for name in function.names & set(tables):
            names |= tables[name]
        waiting += [found for name in names for found in ([own[(function.path, name)]] if (function.path, name) in own else public.get(name, []))]
    return seen


def check(root):
    files = {str(path.relative_to(root)): None for path in c_text.sources(root, "runner") if path.suffix == ".c"}
    files = {name: read_file(pathlib.Path(root, name), name) for name in files}
    targets = set()
    for path in sorted(pathlib.Path(root, "tests/fuzz").glob("*.c")):
        targets |= set(NAME.findall(c_text.code(path))) if path.stem not in ("fuzz", "replay", "shipped") else set()
    rows = json.loads(pathlib.Path(root, "scripts/gates/parsers.json").read_text(encoding="utf-8"))
    used, covered = set(), reached(files, targets)
    for functions, _ in files.values():
        for function in functions:
            if not function.is_parser() or function in covered:
                continue
            key = next((key for key in rows["reasons"] if f"{function.path}:{function.name}" == key or function.path.startswith(key)), None)
            kind = next((word for word in rows["other"] if re.search(word, function.name)), None)
            used |= {key or kind}
            if key is None and kind is None:
                yield f"{function.path}: {function.name} takes bytes from outside: a target in tests/fuzz, or a row with its reason in scripts/gates/parsers.json"
    for key in sorted((set(rows["reasons"]) | set(rows["other"])) - used):
        yield f"scripts/gates/parsers.json: nothing needs {key}"
    if not any(function.is_parser() for function in covered):
        yield "the targets reach no parser at all"


def main():
    found = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
