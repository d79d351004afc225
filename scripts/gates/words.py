#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Calls that are banned, and where an exception lives; words that texts for people avoid. Usage: words.py ROOT [--shrink]

The avoided words are those of the last column of the glossary in CONTRIBUTING.md. How many of them a file still has stands in words.json:
no file may have more. --shrink writes the numbers that have become smaller.
"""
import json
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


# --- texts for people ---

COUNTS = pathlib.Path(__file__).with_name("words.json")
STRINGS = re.compile(r'"((?:\\.|[^"\\\n])*)"')


def glossary(root):
    """(avoided, of it), (right words, the longest first); terms in a cell stand in backticks, or apart by semicolons."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## Words\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")][1:]
    avoided = [word for row in rows for word in re.findall(r"`([^`]+)`", row[3])]
    right = [term.strip() for row in rows for cell in row[1:3] for term in cell.split(";")]
    return avoided, sorted(right, key=len, reverse=True)


def json_texts(value):
    """Every text of a file of texts."""
    for inner in value.values():
        yield from ([inner] if isinstance(inner, str) else json_texts(inner))


def prose(text):
    """Of a page: without code, which has the names that it has."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def texts_for_people(root):
    """name -> what a person reads of it"""
    for path in sorted((root / "playbooks/texts").glob("*.json")):
        yield path.relative_to(root), "\n".join(json_texts(json.loads(path.read_text(encoding="utf-8"))))
    for path in sorted([*root.glob("runner/**/words.c"), *root.glob("runner/**/options_*.c")]):
        whole = re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
        yield path.relative_to(root), "\n".join(STRINGS.findall(whole))
    yield pathlib.Path("README.md"), prose((root / "README.md").read_text(encoding="utf-8"))


def avoided_counts(root):
    """file -> avoided word -> how often; a right word that has an avoided one in it does not count."""
    avoided, right = glossary(root)
    patterns = {word: re.compile(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", re.IGNORECASE) for word in avoided}
    allowed = re.compile("|".join(map(re.escape, right)), re.IGNORECASE)
    counts = {}
    for name, text in texts_for_people(root):
        bare = allowed.sub(" . ", text)
        found = {word: len(pattern.findall(bare)) for word, pattern in patterns.items()}
        counts[str(name)] = {word: count for word, count in sorted(found.items()) if count}
    return counts


def check_texts(root):
    held, now = json.loads(COUNTS.read_text(encoding="utf-8")), avoided_counts(root)
    for name, words in now.items():
        for word, count in words.items():
            known = held.get(name, {}).get(word, 0)
            if count > known:
                yield f"{name}: '{word}' {count} times, {known} allowed: CONTRIBUTING.md says which word stands for it"


def shrink(root):
    held, now = json.loads(COUNTS.read_text(encoding="utf-8")), avoided_counts(root)
    less = {name: {word: min(count, now.get(name, {}).get(word, 0)) for word, count in words.items()} for name, words in held.items()}
    kept = {name: {word: count for word, count in words.items() if count} for name, words in less.items()}
    COUNTS.write_text(json.dumps({name: words for name, words in kept.items() if words}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    root = pathlib.Path(sys.argv[1])
    if "--shrink" in sys.argv:
        shrink(root)
    found = [line for path in c_text.sources(root, "runner", "tests") for line in check_file(root, path)]
    found += check_texts(root)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
