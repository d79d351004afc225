# SPDX-License-Identifier: MIT
"""Machine documents out of scenarios."""
import json
import pathlib

SCENARIOS = pathlib.Path(__file__).resolve().parent.parent / "scenarios"


def patched(document, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    document = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = patched(document.get(name), value)
    return document


def machine_of(path):
    scenario = json.loads(path.read_text(encoding="utf-8"))
    base = json.loads((SCENARIOS / "machines" / f"{scenario['base']}.json").read_text(encoding="utf-8"))
    return patched(base, scenario.get("machine", {}))
