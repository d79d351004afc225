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
REPAIRED = "azkms.core.windows.net"
STAYS = ["HandlerEnvironment.json", "HandlerManifest.json", "RuntimeSettings", "bin", "logs", "status"]
AT_WORK = {"network": {"imds": {"outcome": "timeout"}}}  # a run takes 2 s and more, enable waits for one; it ends with a diagnosis
LONG_SECONDS = 180
# verb: which process is ended; with its parent: as where a machine loses its power; begins: who has run before, and is as it was
Kill = collections.namedtuple("Kill", "verb command with_parent begins")
Ending = collections.namedtuple("Ending", "code machine")
KILLS = {
    "killed_enable": Kill("handler enable", "enable", False, "installed"),
    "killed_worker": Kill("handler worker", "enable", False, "installed"),
    "killed_worker_and_enable": Kill("handler worker", "enable", True, "installed"),
    "killed_update": Kill("handler update", "update", False, "enabled"),
    "killed_disable": Kill("handler disable", "disable", False, "enabled"),
    "killed_disable_at_work": Kill("handler disable", "disable", False, "at work"),
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
        self.handler = install(self.case, extra=["--inline", "1s"] if self.kill.begins == "at work" else [])
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
        if self.kill.begins in ("installed", "at work"):
            self.case.stage("load")  # wrong again
        if self.kill.begins == "at work":
            self.handler.run("enable")

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


def wrong_end(life, ending):
    """Why the handler is not where it must be at the end; None: it is."""
    case, handler = life.case, life.go_on()
    with agent.Watcher(handler.status_path(0)) as watcher:
        code = handler.run("enable")[0]
        status = handler.wait_for_end(0, LONG_SECONDS)
    if (code, status.status, status.code) != (0, "success", ending.code):
        return f"enable: exit {code}, {status.status} {status.code} {status.message}"
    if watcher.faults or watcher.words not in (["transitioning", "success"], ["success"], *may_say_again(life.kill)):
        return f"the status was {watcher.words}, {watcher.faults[:1]}"
    is_now = case.stage("dump")
    if is_now != ending.machine:
        return "; ".join(documents.difference(ending.machine, is_now))
    return wrong_again(life, handler) or left_behind(life, handler)


def may_say_again(kill):
    """Whoever is uninstalled has forgotten what it did, and whoever disable stopped did not do it: enabled, it is done."""
    return {"uninstall": [["success", "transitioning", "success"]], "disable": [["error", "transitioning", "success"]]}.get(kill.command, [])


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


def ended_before(life, number, ending):
    life.bring_back()
    code = life.run(number)
    return wrong_end(life, ending) if life.was_killed() else f"was not ended: exit {code}"


def undisturbed(life):
    """How many changes the command makes, and the end. The first time it also registers a source of events,
    which nobody takes back here (tests/wine/killed has those points)."""
    for _ in range(2):
        life.bring_back()
        life.run(0)
    total, handler = life.changes(), life.go_on()
    handler.run("enable")
    code = handler.wait_for_end(0, LONG_SECONDS).code
    return total, Ending(code, life.case.stage("dump"))


def rows(case, name):
    """(row, why it does not hold or None) of one of KILLS."""
    life = Life(case, KILLS[name])
    total, ending = undisturbed(life)
    is_mended = ending.code == 0 and REPAIRED in json.dumps(ending.machine)
    holds = total > 0 and (is_mended or life.kill.begins == "at work")
    yield f"nobody ends it: {total} changes", None if holds else f"ends with {ending.code}"
    for number in points_of(total, case.settings["stride"]):
        yield f"ended before change {number} of {total}", ended_before(life, number, ending)
