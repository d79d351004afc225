#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What lies below the state folder is reached through host/port_state.h alone. Usage: state.py ROOT

One file opens the folder. Above host, a call that opens, lists, deletes or moves by a path of its own stands in PATHS with
what that path is; a row that no call needs is reported, too.
"""
import pathlib
import re
import sys

import c_text

OPENS = "runner/channel/run/state.c"  # the one that calls port_state_open
# File: what its paths are. None of them leads below the state folder.
PATHS = {
    "runner/channel/tools/explain_result.c": "--from FILE",
    "runner/channel/tools/report.c": "report --html",
    "runner/channel/tools/sources.c": "report DIR|FILE",
    "runner/channel/tools/sources_read.c": "report DIR|FILE",
    "runner/channel/handler/handler.c": "the agent's folder of this extension",
    "runner/channel/handler/place.c": "the agent's folder of this extension",
    "runner/channel/handler/record.c": "the agent's folder of this extension",
    "runner/channel/handler/worker.c": "the agent's folders of this extension",
    "runner/channel/run/machine.c": "--machine, --save-machine",
    "runner/channel/console/provision.c": "--result",
    "runner/channel/console/recording.c": "record FILE",
    "runner/intake/intake.c": "--playbook",
    "runner/intake/beside.c": "the folder that validate is given",
    "runner/channel/scenario/scenario.c": "a file that beside.c found in that folder",
    "runner/report/sinks.c": "--result, --html, --evidence",
}
ROOMS = ("runner/channel/", "runner/report/", "runner/engine/", "runner/intake/", "runner/plan/", "runner/kinds/",
         "runner/exe/", "runner/main.c")
BY_PATH = re.compile(r"(?<![\w.>])(port_file_\w+|port_folder_\w+|port_path_query|port_is_folder|port_reader_open|port_appender_open|port_lock_take|"
                     r"journal_open)\s*\(")
SYSTEM = re.compile(r"(?<![\w.>])(fopen|freopen|open|openat|opendir|creat|remove|rename|renameat|unlink|unlinkat|rmdir|mkdir|mkdirat|"
                    r"CreateFile[AW]|DeleteFile[AW]|MoveFile\w*|ReplaceFile[AW]|RemoveDirectory[AW]|CreateDirectory[AW])\s*\(")
ROOT = re.compile(r"(?<![\w.>])(port_state_open|port_state_folder)\s*\(")


def check_file(root, path, used):
    name = str(path.relative_to(root))
    if not name.startswith(ROOMS):
        return
    for number, line in enumerate(c_text.code(path).split("\n"), 1):
        by_path, system, opened = BY_PATH.search(line), SYSTEM.search(line), ROOT.search(line)
        if by_path and name in PATHS:
            used.add(name)
        elif by_path:
            yield f"{name}:{number}: {by_path.group(1)} by a path of its own: port_state_* below the state folder, or a row in {__file__}"
        if system:
            yield f"{name}:{number}: {system.group(1)}: files belong to the port"
        if opened and opened.group(1) == "port_state_open" and name != OPENS:
            yield f"{name}:{number}: {opened.group(1)}: only {OPENS} opens the state folder"


def main():
    root = pathlib.Path(sys.argv[1])
    used = set()
    found = [line for path in c_text.sources(root, "runner") for line in check_file(root, path, used)]
    found += [f"{name}: no call needs its row in state.py" for name in sorted(set(PATHS) - used)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
