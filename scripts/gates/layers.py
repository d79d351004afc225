#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A room includes only rooms to its left; each library and windows.h live in one room. Usage: layers.py ROOT"""
import pathlib
import re
import sys

import c_text

# Rooms a room may include, besides itself.
ROOMS = {
    "base": [],
    "json": ["base"],
    "embed": ["base", "json"],
    "pack": ["base", "json"],
    "host": ["base", "json", "pack"],
    "kinds": ["base", "json", "pack", "host"],
    "plan": ["base", "json", "pack", "host", "kinds"],
    "intake": ["base", "json", "pack", "host", "plan"],
    "engine": ["base", "json", "pack", "host", "kinds", "plan"],
    "report": ["base", "json", "pack", "host", "kinds", "plan", "engine"],
    "channel": ["base", "json", "pack", "host", "kinds", "plan", "engine", "report", "intake"],
    "exe": ["base", "json", "pack", "host", "kinds", "plan", "engine", "report", "intake", "channel"],
}
# From plan, intake takes the shape of a source and nothing else.
ONLY_HEADER = {("intake", "plan"): "plan/plan.h"}
# What a noun may include of other nouns: time, which is how every one of them waits and dates; else nothing, but for
# what is told in another one's words: messages, chains and keys in certificates; what a licensing provider was told in
# the registry, what came of it in the event log, its licences in files.
NOUNS = "host/nouns"
NOUN_NEEDS = {"": {"clock"}, "crypto": {"certificate"}, "licensing": {"event", "file", "registry"}}
# What a wing may include of its neighbours in the same room. sim and windows never meet; net is shared. Who asks for a
# run (console, dsc, handler) and who looks at no machine (tools) know nothing of each other.
WINGS = {
    NOUNS: [], "host/net": [NOUNS], **{f"host/{wing}": ["host/net", NOUNS] for wing in ("sim", "windows", "posix")},
    "host/record": ["host/sim", NOUNS],
    "kinds/windows": [], "kinds/network": [], "kinds/azure": [], "kinds/licensing": ["kinds/windows"],
    "channel/options": [], "channel/run": ["channel/options"], "channel/scenario": ["channel/options", "channel/run"],
    **{f"channel/{wing}": ["channel/options", "channel/run"] for wing in ("console", "dsc", "handler")},
    "channel/tools": ["channel/options", "channel/run", "channel/scenario"],
}
LIBRARIES = [
    (re.compile(r"^(curl/|ares)"), "host/net/"),
    (re.compile(r"^(cjson/|cJSON)"), "json/"),
    (re.compile(r"^archive"), "pack/"),
    (re.compile(r"^(windows|winsvc|winreg|winsock2|ws2tcpip|wbem|shellapi|aclapi|sddl|iphlpapi|lm[a-z]*|tchar)[a-z0-9]*\.h$"),
     "host/windows/"),
    (re.compile(r"^openssl/"), ("host/sim/", "host/posix/")),
]
WIN32 = re.compile(r"\b(_WIN32|_WIN64|__MINGW32__|__MINGW64__|_MSC_VER)\b")
# attr.h: printf formats differ in what GCC calls them.
WIN32_ALLOWED = {"base/attr.h"}
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)")


def room_of(name):
    return name.split("/")[0] if "/" in name else "exe"


def noun_of(name):
    words = name.split("/")
    return words[2] if name.startswith(NOUNS + "/") and len(words) > 3 else None


def check_include(name, included):
    noun, other = noun_of(name), noun_of(included)
    if noun and other and other not in {noun, *NOUN_NEEDS[""], *NOUN_NEEDS.get(noun, ())}:
        return f"the noun {noun} must not include {included}"
    room, target = room_of(name), room_of(included)
    if target not in ROOMS or room not in ROOMS:
        return f"no such room: {included}"
    if target != room and target not in ROOMS[room]:
        return f"{room} must not include {included}"
    if ONLY_HEADER.get((room, target), included) != included:
        return f"{room} takes only {ONLY_HEADER[(room, target)]} from {target}, not {included}"
    folder, wanted = "/".join(name.split("/")[:2]), "/".join(included.split("/")[:2])
    if room == target and wanted in WINGS and folder in WINGS and wanted not in (folder, *WINGS[folder]):
        return f"{folder} must not include {included}"
    return None


def check_library(name, header):
    for pattern, home in LIBRARIES:
        if pattern.search(header) and not name.startswith(home):
            return f"<{header}> belongs to {home} alone"
    return None


def check_file(root, path):
    name = str(path.relative_to(root / "runner"))
    for number, line in enumerate(c_text.code(path).split("\n"), 1):
        include = INCLUDE.match(line)
        found = []
        if include and include.group(1) == '"':
            quoted = include.group(2)
            if not (path.parent / quoted).is_file() or (root / "runner" / quoted).is_file():
                found.append(check_include(name, quoted))
        elif include:
            found.append(check_library(name, include.group(2)))
        if WIN32.search(line) and not name.startswith("host/windows/") and name not in WIN32_ALLOWED:
            found.append("asks for the system; only host/windows may")
        yield from (f"runner/{name}:{number}: {why}" for why in found if why)


def main():
    root = pathlib.Path(sys.argv[1])
    found = [line for path in c_text.sources(root, "runner") for line in check_file(root, path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
