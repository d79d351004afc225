# SPDX-License-Identifier: MIT
"""Scenarios and machine documents: reading, merge patches (RFC 7396), and one spelling for comparing."""
import copy
import json
import pathlib
import re


def merge_patch(target, patch):
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


def read_json(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Scenario:
    def __init__(self, path, root):
        self.path = pathlib.Path(path)
        self.name = str(self.path.relative_to(root).with_suffix("")) if root in self.path.parents else self.path.stem
        self.data = read_json(path)
        base = self.data.get("base")
        start = read_json(root / "machines" / f"{base}.json") if base else {}
        self.machine = merge_patch(start, self.data.get("machine", {}))
        if "fileRoot" in self.machine:
            folder = root / "machines" if base and "fileRoot" in start else self.path.parent
            self.machine["fileRoot"] = str((folder / self.machine["fileRoot"]).resolve())
        self.args = self.data.get("args", [])
        self.expect = self.data.get("expect", {})
        self.findings = {name: state for name, state in self.expect.get("findings", {}).items() if state != "absent"}
        self.changes = self.data.get("changes", {})
        self.excluded = self.data.get("not", [])


def scenarios(root):
    """All of them, in order of their names."""
    return [
        Scenario(path, root)
        for path in sorted(root.glob("*/**/*.json"))
        if "machines" not in path.relative_to(root).parts
        and "root" not in path.relative_to(root).parts
    ]


def _value(value):
    """A registry value in the one spelling that a dump uses."""
    if isinstance(value, bool) or not isinstance(value, (int, dict)):
        return value
    if isinstance(value, int):
        return {"dword": value}
    if "hex" in value and value.get("type") == 4 and len(value["hex"]) == 8:
        return {"dword": int.from_bytes(bytes.fromhex(value["hex"]), "little")}
    return value


def _keys(section):
    return {
        key.lower(): {name.lower(): _value(value) for name, value in entry.items()} if isinstance(entry, dict) else entry
        for key, entry in section.items()
    }


def _content(entry):
    """What is kept of a file; nothing but zeros is a size, as files are staged of which no more is known."""
    if not isinstance(entry, dict):
        return entry
    kept = {name: value for name, value in entry.items() if name in ("text", "hex", "folder", "size")}
    if kept.get("hex") and not kept["hex"].strip("0"):
        return {"size": len(kept["hex"]) // 2}
    return kept


def _path(path):
    """One spelling of the system's folder; a backup is named by when it was made."""
    return re.sub(r"\.azmend-\d+$", ".azmend-then", path.lower().replace("%windir%", "%systemroot%"))


def _files(section):
    return {_path(path): _content(entry) for path, entry in section.items()}


def _services(section):
    kept = ("state", "start", "delayed")
    return {
        name.lower(): {word: value for word, value in entry.items() if word in kept} if isinstance(entry, dict) else entry
        for name, entry in section.items()
    }


def _certificates(section):
    """What stands where, by thumbprint."""
    return {
        store: {thumbprint: None if entry is None else True for thumbprint, entry in entries.items()}
        for store, entries in section.items()
    }


# These come from the stand-ins, which keep the document's own spelling.
STOOD_IN = {name: (lambda section: section) for name in ("firewall", "licensing", "tasks")}
SECTIONS = {"registry": _keys, "services": _services, "files": _files, "certificates": _certificates, **STOOD_IN}


def staged(document):
    """What a prefix can hold of a document or of a patch, names folded."""
    return {name: spell(document.get(name) or {}) for name, spell in SECTIONS.items()}


def folded_patch(patch):
    """A patch over `staged`: null removes a member and must stay."""
    result = {}
    for name, spell in SECTIONS.items():
        if name in patch:
            result[name] = spell(patch[name])
    return result


STARTS = ("boot", "system", "automatic", "manual", "disabled")


def follow_services(before, after):
    """Where a start type was changed, the service manager of a prefix, as that of Windows, writes it to the registry too."""
    for name, service in after["services"].items():
        key = after["registry"].get(f"hklm\\system\\currentcontrolset\\services\\{name}")
        was = before["services"].get(name)
        if key and "start" in key and service and was and service["start"] != was["start"]:
            key["start"] = {"dword": STARTS.index(service["start"])}
    return after


def difference(before, after, path="$"):
    """Where two documents differ, one line each; for people."""
    if isinstance(before, dict) and isinstance(after, dict):
        lines = []
        for name in sorted(set(before) | set(after)):
            if before.get(name) != after.get(name):
                lines += difference(before.get(name), after.get(name), f"{path}.{name}")
        return lines
    return [f"{path}: expected {json.dumps(before)}, is {json.dumps(after)}"]
