#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is believed about Windows stands in runner/claims.json, and whatever rests on it names it. Usage: claims.py ROOT

A use is `claim: ID` in a comment of C, of a script or of a query, or in a text of JSON, below runner/, playbooks/, tests/ and extension-manifest/; an id has a dot in it. Every id that is named
exists, every use that a claim lists is there and every other one is listed, a mark is one of the table's, a source is named, and a
claim that rests on a real artefact names a file below tests/artefacts that is in the tree.
"""
import json
import pathlib
import re
import sys

USE = re.compile(r"\bclaim: ([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+$")
ARTEFACT = re.compile(r"tests/artefacts/[\w./-]*\w")
ROOMS, ENDINGS = ("runner", "playbooks", "tests", "extension-manifest"), (".c", ".h", ".json", ".kql", ".py", ".mjs", ".vbs", "")
MEMBERS = {"id", "claim", "mark", "source", "usedIn"}


def uses(root, table):
    """Of each id the files that name it."""
    found = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            # Playbooks of format 1 hold what was believed then; they are read, and nothing rests on them.
            is_old = path.is_relative_to(root / "tests" / "version-1")
            if path.suffix not in ENDINGS or path == table or is_old or not path.is_file():
                continue
            for name in USE.findall(path.read_text(encoding="utf-8", errors="replace")):
                found.setdefault(name, set()).add(path.relative_to(root).as_posix())
    return found


def flaws_of(claim, marks, root, used):
    """What is wrong with one row."""
    name = claim.get("id", "a row without an id")
    if set(claim) != MEMBERS or not ID.match(name):
        return [f"{name}: a row has {', '.join(sorted(MEMBERS))}, and its id has a dot"]
    flaws = []
    if claim["mark"] not in marks:
        flaws.append(f"{name}: no such mark: {claim['mark']}")
    if not claim["claim"].strip() or not claim["source"].strip():
        flaws.append(f"{name}: the claim or its source is not said")
    if claim["mark"] == "real artefact":
        named = ARTEFACT.findall(claim["source"])
        flaws += [f"{name}: there is no {path}" for path in named or ["artefact in its source"] if not (root / path).is_file()]
    listed = set(claim["usedIn"])
    flaws += [f"{name}: {path} does not name it" for path in sorted(listed - used)]
    flaws += [f"{name}: {path} names it and is not listed" for path in sorted(used - listed)]
    return flaws if listed or flaws else [f"{name}: nothing rests on it"]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    table = root / "runner" / "claims.json"
    data = json.loads(table.read_text(encoding="utf-8"))
    used = uses(root, table)
    names = [claim.get("id") for claim in data["claims"]]
    flaws = [f"{name}: there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for claim in data["claims"]:
        flaws += flaws_of(claim, data["marks"], root, used.get(claim.get("id"), set()))
    for name in sorted(set(used) - set(names)):
        flaws.append(f"{name}: named in {', '.join(sorted(used[name]))}, and no claim")
    for flaw in flaws:
        print(flaw)
    if not flaws:
        print(f"{len(names)} claims, named in {len(set().union(*used.values()))} files")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main())
