# SPDX-License-Identifier: MIT
"""Does what a guest agent does with a handler's package: unzip, environment, settings, commands, update. And reads its status all the time."""
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
import zipfile

import waagent

NAME = "Azmend.Activation"
COMMAND_SECONDS = 120
WAIT_SECONDS = 60


class Watcher(threading.Thread):
    """Reads a status file continuously. Whenever it is there, the agent's parser must take it."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.over = path, threading.Event()
        self.words, self.faults, self.reads = [], [], 0

    def look(self):
        try:
            text = self.path.read_bytes().decode("ascii")
        except FileNotFoundError:
            return
        try:
            word = waagent.parse(text).status
        except Exception as fault:  # noqa: BLE001 whatever the agent would trip over
            self.faults.append(f"{type(fault).__name__}: {fault}: {text[:200]!r}")
            return
        self.reads += 1
        if not self.words or self.words[-1] != word:
            self.words.append(word)

    def run(self):
        while not self.over.is_set():
            self.look()
            time.sleep(0.002)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        self.look()


class Handler:
    """One version of the handler in its folder. extra: words behind every command, as another manifest would have them."""

    def __init__(self, root, version="0.1.0", extra=(), starter=()):
        self.folder = root / f"{NAME}-{version}"
        self.extra, self.starter = list(extra), list(starter)
        self.config, self.status, self.logs = (self.folder / name for name in ("config", "status", "logs"))

    def unzip(self, package):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(self.folder)
        for folder in (self.config, self.status, self.logs):
            folder.mkdir()
        for path in self.folder.rglob("*.exe"):
            path.chmod(0o755)
        self.manifest = waagent.read_manifest(self.folder / "HandlerManifest.json")
        return self

    def path(self, place):
        return str(place)

    def environment(self):
        folders = {"logFolder": self.logs, "configFolder": self.config, "statusFolder": self.status,
                   "heartbeatFile": self.folder / "heartbeat.log", "eventsFolder": self.folder / "events"}
        return json.dumps([{"name": NAME, "version": 1.0, "deploymentid": "",
                            "handlerEnvironment": {name: self.path(place) for name, place in folders.items()}}])

    def write_environment(self):
        (self.folder / "HandlerEnvironment.json").write_text(self.environment(), encoding="utf-8")
        return self

    def set(self, number, public=None, protected=None, thumbprint=None):
        """None at all: no settings given, which is a file of no bytes."""
        settings = {"publicSettings": public, "protectedSettings": protected, "protectedSettingsCertThumbprint": thumbprint}
        is_given = public is not None or protected is not None
        text = json.dumps({"runtimeSettings": [{"handlerSettings": settings}]}) if is_given else ""
        return self.set_bytes(number, text.encode())

    def set_bytes(self, number, data):
        (self.config / f"{number}.settings").write_bytes(data)
        return self

    def command(self, verb):
        """The manifest's own words; a native run has slashes."""
        words = getattr(self.manifest, f"get_{verb}_command")().replace("\\", "/").split()
        return [*self.starter, str(self.folder / words[0]), *words[1:], *self.extra]

    def start(self, verb, number=0, extra=(), **variables):
        environment = {**os.environ, "AZURE_GUEST_AGENT_EXTENSION_PATH": str(self.folder), **variables}
        if number is not None:
            environment["ConfigSequenceNumber"] = str(number)
        return subprocess.Popen([*self.command(verb), *extra], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def run(self, verb, number=0, extra=(), **variables):
        """Exit code and output, as the agent has them."""
        process = self.start(verb, number, extra, **variables)
        try:
            output = process.communicate(timeout=COMMAND_SECONDS)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output = process.communicate()[0] + f"\n{verb} did not end in {COMMAND_SECONDS} s"
        return process.returncode, output

    def status_path(self, number):
        return self.status / f"{number}.status"

    def read(self, number):
        return waagent.parse(self.status_path(number).read_text(encoding="ascii"))

    def wait_for_end(self, number, seconds=WAIT_SECONDS):
        """The status when it is terminal, else the last one."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.status_path(number).exists() and self.read(number).status in waagent.TERMINAL:
                break
            time.sleep(0.02)
        return self.read(number)

    def worker(self):
        """Process id of who holds the worker's lock; None: nobody."""
        words = (self.folder / "worker").read_text().split() if (self.folder / "worker").exists() else []
        return int(words[-1]) if words and is_alive(words[-1]) else None


def is_alive(process):
    """A zombie is not: it has only nobody who asks after it."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def carry_over(old, new):
    """What the Linux agent takes along to a new version (ExtHandlerInstance.copy_status_files)."""
    if (old.folder / "mrseq").is_file():
        shutil.copy2(old.folder / "mrseq", new.folder)
    for path in old.status.iterdir():
        shutil.copy2(path, new.status)


class Certificate:
    """The machine's certificate that the agent envelopes protected settings for, by openssl."""

    def __init__(self, folder, name="agent"):
        self.certificate, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        self.ask("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj",
                 "/CN=Windows Azure CRP Certificate Generator", "-keyout", self.key, "-out", self.certificate)
        print_ = self.ask("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha1")
        self.thumbprint = print_.decode().split("=")[1].strip().replace(":", "")

    @staticmethod
    def ask(*words, data=None):
        done = subprocess.run(["openssl", *map(str, words)], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())
        return done.stdout

    def envelope(self, settings, cipher="-aes-256-cbc"):
        text = settings if isinstance(settings, bytes) else json.dumps(settings).encode()
        der = self.ask("cms", "-encrypt", "-binary", "-outform", "DER", cipher, self.certificate, data=text)
        return base64.b64encode(der).decode()

    def store(self):
        """As a machine document has it."""
        return {"My": {self.thumbprint: {"certificate": self.certificate.read_text(), "key": self.key.read_text()}}}


def runs_of(state):
    folder = pathlib.Path(state) / "runs"
    return sorted(folder.iterdir()) if folder.is_dir() else []
