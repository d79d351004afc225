# SPDX-License-Identifier: MIT
"""The handler in a Wine prefix, under the folders that the Windows agent uses."""
import copy
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "wine"), str(HERE.parents[1] / "net")]
import agent  # noqa: E402
import prefixes  # noqa: E402
import waagent  # noqa: E402

FIX = {"mode": "fix", "playbooks": ["kms-target"]}
PLUGINS = pathlib.Path("Packages") / "Plugins" / agent.NAME
WORKER_SECONDS = 20


class WindowsHandler(agent.Handler):
    def __init__(self, case, version, extra=()):
        super().__init__(case.prefix.path / "drive_c" / PLUGINS, version, extra, [*case.prefix.clock, prefixes.WINE])
        self.prefix, self.case = case.prefix, case
        self.folder = case.prefix.path / "drive_c" / PLUGINS / version
        self.config, self.status, self.logs = (self.folder / name for name in ("RuntimeSettings", "status", "logs"))

    def known(self):
        """It is there already."""
        self.manifest = waagent.read_manifest(self.folder / "HandlerManifest.json")
        return self

    def counted(self, stage):
        """The same, its commands with stand-ins for single functions (tests/wine/imports)."""
        other = copy.copy(self)
        other.starter = [*self.starter, stage, "run"]
        return other

    def command(self, verb):
        words = getattr(self.manifest, f"get_{verb}_command")().replace("\\", "/").split()
        return [*self.starter, self.path(self.folder / words[0]), *words[1:], *self.extra]

    def path(self, place):
        return "C:\\" + str(place.relative_to(self.prefix.path / "drive_c")).replace("/", "\\")

    def start(self, verb, number=0, extra=(), **variables):
        """Files, not pipes: what outlives the command inherits the handles."""
        environment = {**self.prefix.environment, "ConfigSequenceNumber": str(number), **variables}
        return subprocess.Popen([*self.command(verb), *extra], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def run(self, verb, number=0, extra=(), **variables):
        process = self.start(verb, number, extra, **variables)
        return process.wait(timeout=agent.COMMAND_SECONDS), ""

    def worker(self):
        """Who took the worker's lock last, as it says itself; it may have ended."""
        path = self.folder / "worker"
        return path.read_text(encoding="ascii").split() if path.exists() else []

    def wait_for_worker(self, before):
        """Another one than before; a slow machine takes its time to start one."""
        end = time.monotonic() + WORKER_SECONDS
        while self.worker() in (before, []) and time.monotonic() < end:
            time.sleep(0.01)

    def end_worker(self):
        """TerminateProcess on whoever holds the worker's lock. False: nobody does."""
        words = self.worker()
        return bool(words) and self.prefix.run("taskkill", "/f", "/pid", words[-1], seconds=60)[0] == 0


def install(case, version="0.1.0", extra=()):
    handler = WindowsHandler(case, version, extra).unzip(case.settings["package"]).write_environment()
    return handler


def state_of(case):
    return case.prefix.path / "drive_c" / "ProgramData" / "azmend"
