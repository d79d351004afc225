# SPDX-License-Identifier: MIT
"""C source as text: without comments and literals, lines kept, so that a word in a sentence is not a word of the program."""
import pathlib
import re

_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)


def _blank(match):
    text = match.group(0)
    kept = text[0] * 2 if text[0] in "\"'" else ""
    return kept + "\n" * text.count("\n")


def code(path):
    """The file's code; an #include keeps its name."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    includes = {}

    def keep(match):
        includes[len(includes)] = match.group(0)
        return f"@include{len(includes) - 1}@"

    text = re.sub(r"^[ \t]*#[ \t]*include[ \t]*[<\"][^>\"\n]+[>\"]", keep, text, flags=re.MULTILINE)
    text = _TOKEN.sub(_blank, text)
    return re.sub(r"@include(\d+)@", lambda match: includes[int(match.group(1))], text)


def sources(root, *folders):
    """C files below the folders, sorted."""
    found = []
    for folder in folders:
        for suffix in ("*.c", "*.h"):
            found += pathlib.Path(root, folder).rglob(suffix)
    return sorted(found)
