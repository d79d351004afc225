# SPDX-License-Identifier: MIT
"""TerminateProcess on a command of the handler, or on its worker, before each change that it makes (tests/wine/imports/count.c).

After each the agent does what it would do, and the next enable with the same settings must come to a valid terminal status.
"""
import collections
import json
import shutil
import sys
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "wine")]
import agent  # noqa: E402
import documents  # noqa: E402
from windows_agent import FIX, PLUGINS, WindowsHandler, install, state_of  # noqa: E402

NEWER = "0.1.1"
MENDED = "azkms.core.windows.net"
STAYS = ["HandlerEnvironment.json", "HandlerManifest.json", "RuntimeSettings", "bin", "logs", "status"]
# verb: which process is ended; with its parent: as where a machine loses its power; begins: who has run before, and is as it was
Kill = collections.namedtuple("Kill", "verb command with_parent begins")
KILLS = {
    "killed_enable": Kill("handler enable", "enable", False, "installed"),
    "killed_worker": Kill("handler worker", "enable", False, "installed"),
    "killed_worker_and_enable": Kill("handler worker", "enable", True, "installed"),
    "killed_update": Kill("handler update", "update", False, "enabled"),
    "killed_disable": Kill("handler disable", "disable", False, "enabled"),
    "killed_uninstall": Kill("handler uninstall", "uninstall", False, "disabled"),
}


class Life:
    """One handler, brought to where a command begins, and back to there."""

    def __init__(self, case, kill):
        self.case, self.kill = case, kill
        self.standins = case.prefix.path / "drive_c" / "azmend-standins"
        self.folders = [case.prefix.path / "drive_c" / PLUGINS.parent, state_of(case)]
        self.kept = case.work / "kept"
        self.bring()
        for index, folder in enumerate(self.folders):
            shutil.copytree(folder, self.kept / str(index)) if folder.is_dir() else None

    def bring(self):
        self.handler = install(self.case)
        self.handler.run("install")
        self.handler.set(0, FIX)
        if self.kill.begins in ("enabled", "disabled"):
            self.handler.run("enable")
        if self.kill.begins == "disabled":
            self.handler.run("disable")
        if self.kill.command == "update":
            install(self.case, NEWER).set(0, FIX)

    def bring_back(self):
        """Folders as they were; of the registry, what the document says."""
        for index, folder in enumerate(self.folders):
            shutil.rmtree(folder, ignore_errors=True)
            if (self.kept / str(index)).is_dir():
                shutil.copytree(self.kept / str(index), folder)
        (self.standins / "killed.txt").unlink(missing_ok=True)
        if self.kill.begins == "installed":
            self.case.stage("load")  # wrong again

    def newer(self):
        return WindowsHandler(self.case, NEWER).known()

    def run(self, number):
        """The command, ended before its n-th change; 0: by nobody. Exit code."""
        handler = self.newer() if self.kill.command == "update" else self.handler
        variables = {"AZMEND_STANDIN_KILL_VERB": self.kill.verb, "AZMEND_STANDIN_KILL_AT": str(number)}
        if self.kill.with_parent:
            variables["AZMEND_STANDIN_KILL_PARENT"] = "1"
        if self.kill.command == "update":
            variables["VERSION"] = NEWER
        return handler.counted(self.case.settings["stage"]).run(self.kill.command, 0, **variables)[0]

    def changes(self):
        return int((self.standins / "changes.txt").read_text(encoding="ascii"))

    def was_killed(self):
        return (self.standins / "killed.txt").exists()

    def go_on(self):
        """What the agent does after a command that failed, up to the next enable: the handler that is enabled."""
        if self.kill.command == "update":
            self.handler.run("uninstall")
            shutil.rmtree(self.handler.folder)
            return self.newer()
        if self.kill.command == "uninstall":
            self.handler.run("install")
        return self.handler


def wrong_end(life, mended):
    """Why the handler is not where it must be at the end; None: it is."""
    case, handler = life.case, life.go_on()
    with agent.Watcher(handler.status_path(0)) as watcher:
        code = handler.run("enable")[0]
        status = handler.wait_for_end(0)
    if code != 0 or status.status != "success" or status.code != 0:
        return f"enable: exit {code}, {status.status} {status.code} {status.message}"
    # Whoever is uninstalled has forgotten what it did: enabled again it does it again.
    again = [["success", "transitioning", "success"]] if life.kill.command == "uninstall" else []
    if watcher.faults or watcher.words not in (["transitioning", "success"], ["success"], *again):
        return f"the status was {watcher.words}, {watcher.faults[:1]}"
    is_now = case.stage("dump")
    if is_now != mended:
        return "; ".join(documents.difference(mended, is_now))
    return wrong_again(life, handler) or left_behind(life, handler)


def left_behind(life, handler):
    runs = agent.runs_of(state_of(life.case))
    untold = [run.name for run in runs if not (run / "result.json").exists()]
    torsos = [path.name for folder in (handler.folder, state_of(life.case)) for path in folder.rglob(".azmend-*.tmp")]
    return f"no result {untold}, temporary {torsos}" if untold or torsos else None


def wrong_again(life, handler):
    """Enabled once more nothing runs; uninstalled nothing of its own stays."""
    runs = agent.runs_of(state_of(life.case))
    if handler.run("enable")[0] != 0 or agent.runs_of(state_of(life.case)) != runs:
        return "enabled once more it runs once more"
    if life.kill.command not in ("disable", "uninstall"):
        return None
    codes = handler.run("disable")[0], handler.run("uninstall")[0]
    left = sorted(path.name for path in handler.folder.iterdir())
    return None if codes == (0, 0) and left == STAYS else f"disable, uninstall: exit {codes}, left {left}"


def points_of(total, stride):
    return sorted({*range(1, total + 1, stride), total})


def ended_before(life, number, mended):
    life.bring_back()
    code = life.run(number)
    return wrong_end(life, mended) if life.was_killed() else f"was not ended: exit {code}"


def undisturbed(life):
    """How many changes the command makes, and the machine in the end. The first time it also registers a source of events,
    which nobody takes back here (tests/wine/killed has those points)."""
    for _ in range(2):
        life.bring_back()
        life.run(0)
    total, handler = life.changes(), life.go_on()
    handler.run("enable")
    handler.wait_for_end(0)
    return total, life.case.stage("dump")


def rows(case, name):
    """(row, why it does not hold or None) of one of KILLS."""
    life = Life(case, KILLS[name])
    total, mended = undisturbed(life)
    yield f"nobody ends it: {total} changes", None if total > 0 and MENDED in json.dumps(mended) else "it does not mend"
    for number in points_of(total, case.settings["stride"]):
        yield f"ended before change {number} of {total}", ended_before(life, number, mended)
