#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What authors of playbooks keep to. Usage: playbooks.py ROOT

No line of a playbook is longer than 140 characters but one that holds nothing but one argument of a command, and no JSON of more than 120 bytes stands in playbooks twice: it has a name. Every refusal and every needed parameter has a choice.
Every finding has a scenario where it is present, and a near miss, where it is absent although its neighbourhood is touched. A scenario is a near miss of what its `nearMiss` names; without it
`X-near-miss...` is one of the findings that the scenarios `X...` of the same folder have.
"""
import collections
import json
import pathlib
import re
import sys

LINE = 140
TWICE = 120
NEAR = "near-miss"


# One argument of a command, alone on its line: a word, or an array of its own where it has blanks.
WORD = re.compile(r'\s*(?:"[^"\s]+"|\["[^"]+"\])[\]},]*')


def playbooks(root):
    for path in sorted((root / "playbooks").glob("*.json")):
        if not path.name.endswith(".schema.json"):
            yield path, path.read_text(encoding="utf-8")


def subtrees(value, place):
    if isinstance(value, (dict, list)):
        yield place, json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from subtrees(item, f"{place}.{name}")


def repeated(documents):
    places = collections.defaultdict(list)
    for name, document in documents.items():
        for place, text in subtrees(document, name):
            if len(text.encode()) > TWICE:
                places[text].append(place)
    return [f"{len(text.encode())} bytes twice: {', '.join(where)}" for text, where in places.items()
            if len(where) > 1]


def findings(document):
    """The id of each."""
    for entry in document.get("findings", []):
        for finding in entry.get("firstOf", entry.get("each", [entry])):
            yield finding["id"]


def undecided(document, name):
    """Refusals, and parameters that findings need, of which nothing is said to decide."""
    choices = document.get("choices", {})
    given = {choice.get("parameter") for choice in choices.values()}
    refusals = list(document.get("refusals", {}).items())
    for entry in document.get("findings", []):
        for finding in [entry, *entry.get("firstOf", []), *entry.get("each", [])]:
            refusals += [(f"{finding.get('id')} {one.get('id')}", one) for one in finding.get("refuse", []) if isinstance(one, dict)]
            for need in finding.get("needs", []):
                if need not in given:
                    yield f"{name}: {finding['id']} needs {need}, and no choice gives it"
    for what, refusal in refusals:
        if not refusal.get("handoff") and not refusal.get("choices"):
            yield f"{name}: {what}: a refusal without choices"


class Scenario:
    def __init__(self, path):
        document = json.loads(path.read_text(encoding="utf-8"))
        self.folder, self.stem = path.parent.name, path.stem
        states = document.get("expect", {}).get("findings", {})
        self.listed, self.present = set(states), {name for name, state in states.items() if state != "unknown"}
        self.named = document.get("nearMiss", [])
        self.is_patched = bool(document.get("machine"))
        words = document.get("args", [])
        self.playbooks = [word for option, word in zip(words, words[1:]) if option == "--playbook"]

    def runs(self, owner, required):
        """Whether the playbook with this id is among those that it runs."""
        return not self.playbooks or any(owner == one or owner in required.get(one, []) for one in self.playbooks)

    def topic(self):
        """What its name is about: `dns-stale` of `dns-stale-near-miss-renewing`."""
        return re.split(rf"-?{NEAR}", self.stem)[0]

    def is_about(self, other):
        """The other one's name begins with this one's topic."""
        topic = self.topic()
        return NEAR in self.stem and other.folder == self.folder and topic and (other.stem + "-").startswith(topic + "-")


def near_misses(scenarios):
    """By finding: the scenarios in which it is nearly present."""
    by_finding = collections.defaultdict(list)
    for near in scenarios:
        meant = set(near.named)
        for other in scenarios:
            if not near.named and NEAR not in other.stem and near.is_about(other):
                meant |= other.present
        for finding in meant - near.listed:
            by_finding[finding].append(near.stem)
    return by_finding


def uncovered(documents, scenarios):
    near = near_misses(scenarios)
    present = set().union(*(one.present for one in scenarios))
    known = {finding: document["id"] for document in documents.values() for finding in findings(document)}
    required = {document["id"]: document.get("requires", []) for document in documents.values()}
    for finding in sorted(known):
        if finding not in present:
            yield f"{finding}: no scenario has it"
        if finding not in near:
            yield f"{finding}: no near miss"
    for one in scenarios:
        for finding in one.named:
            if finding not in known or not one.runs(known[finding], required):
                yield f"{one.folder}/{one.stem}: nearMiss names {finding}, which no playbook has that runs in it"
            if finding in one.listed:
                yield f"{one.folder}/{one.stem}: nearMiss names {finding}, which is not absent in it"
        if one.named and not one.is_patched:
            yield f"{one.folder}/{one.stem}: nearMiss, and the machine is its base as it is"


def main():
    root, found, documents = pathlib.Path(sys.argv[1]), [], {}
    for path, text in playbooks(root):
        documents[path.stem] = json.loads(text)
        found += [f"playbooks/{path.name}:{number}: {len(line)} characters" for number, line in enumerate(text.split("\n"), 1) if len(line) > LINE and not WORD.fullmatch(line)]
    paths = sorted(path for path in (root / "tests" / "scenarios").glob("*/*.json") if path.parent.name != "machines")
    scenarios = [Scenario(path) for path in paths]
    found += [line for name, document in documents.items() for line in undecided(document, name)]
    found += repeated(documents)
    found += uncovered(documents, scenarios)
    print("\n".join(found) or f"{len(documents)} playbooks, {len(scenarios)} scenarios")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
