# SPDX-License-Identifier: MIT
"""What cmd.exe runs on a VM, run by Wine's cmd.exe in a fresh prefix without a network: the commands of the VM Application, the
Custom Script Extension and the provisioning scripts, taken from the package as they are.

    tests/delivery/windows.py DIST        Ends with 'N passed, N failed'.

standin_program.c stands in for certutil, which does nothing under Wine, and for azmend.exe where only the script around it is meant.
"""
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import xml.dom.minidom

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "wine"))
import prefixes  # noqa: E402

COMMAND_SECONDS = 240
IMDS = "169.254.169.254"
DOWNLOADS = "Packages/Plugins/Microsoft.CPlat.Core.VMApplicationManagerWindows/1.0.16/Downloads/azmend/0.1.0"


class Imds(http.server.BaseHTTPRequestHandler):
    """A stand-in for the metadata service that is up and knows nothing: who waits for the network need not wait."""

    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Machine:
    """A Wine prefix as the machine that gets the package."""

    def __init__(self, dist, work):
        self.dist = dist
        self.prefix = prefixes.Prefix(prefixes.template(prefixes.cache_folder()), work)
        self.drive = self.prefix.path / "drive_c"
        self.standin = (work / "standin.exe").read_bytes()
        self.installed = self.drive / "Program Files" / "azmend" / "azmend.exe"
        self.prefix.serve()

    def folder(self, name, **files):
        """An empty download folder with these files; a value is bytes or text."""
        path = self.drive / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        for file, content in files.items():
            (path / file).write_bytes(content if isinstance(content, bytes) else content.replace("\n", "\r\n").encode("ascii"))
        return path

    def cmd(self, folder, line):
        """(exit code, stdout) of a line as a batch file has it."""
        (folder / "line.cmd").write_text(f"@echo off\r\n{line}\r\n", encoding="ascii")
        return self.batch(folder, "line.cmd")

    def batch(self, folder, name, **environment):
        return self.wine(folder, "cmd.exe", "/c", name, **environment)

    def typed(self, folder, line):
        """The same as typed at the prompt, which reads a line as cmd /c does."""
        (folder / "typed.txt").write_text(f"{line}\r\nexit\r\n", encoding="ascii")
        with open(folder / "typed.txt", "rb") as keys:
            return self.wine(folder, "cmd.exe", "/q", keys=keys)

    def wine(self, folder, *words, keys=subprocess.DEVNULL, **environment):
        with tempfile.TemporaryFile() as out:
            done = subprocess.run([prefixes.WINE, *words], cwd=folder, env={**self.prefix.environment, **environment}, stdin=keys, stdout=out,
                                  stderr=subprocess.DEVNULL, timeout=COMMAND_SECONDS, check=False)
            out.seek(0)
            return done.returncode, out.read()


class Rows:
    def __init__(self):
        self.passed = self.failed = 0

    def row(self, name, right, seen=""):
        if right:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {name}: {seen!r}"[:1500], flush=True)


def is_result(out):
    """Whether a line of it is a whole result; a prompt may follow it."""
    lines = [line for line in out.decode("ascii", "replace").splitlines() if line.startswith('{"result":"azmend.result/1"')]
    try:
        return len(lines) == 1 and isinstance(json.loads(lines[0]), dict)
    except ValueError:
        return False


def vm_application(rows, machine, actions, program):
    files = {"as azmend.exe (packageFileName)": {"azmend.exe": program}, "without an extension": {"azmend": program}}
    for about, content in files.items():
        for way in ("cmd", "typed"):
            shutil.rmtree(machine.installed.parent, ignore_errors=True)
            code, out = getattr(machine, way)(machine.folder(DOWNLOADS, **content), actions["install"])
            rows.row(f"install, {about}, {way}: exit code 0", code == 0, (code, out))
            rows.row(f"install, {about}, {way}: it prints one whole result", is_result(out), out[-300:])
            rows.row(f"install, {about}, {way}: the program is in its place", machine.installed.is_file() and machine.installed.read_bytes() == program)
    machine.installed.write_bytes(b"an older release")
    code, out = machine.cmd(machine.folder(DOWNLOADS, **{"azmend.exe": program}), actions["update"])
    rows.row("update: an older release is replaced", code == 0 and machine.installed.read_bytes() == program and is_result(out), (code, out))
    code, out = machine.cmd(machine.folder(DOWNLOADS), actions["install"])
    rows.row("install without a package fails", code != 0 and not is_result(out), (code, out))
    for about in ("", ", again"):
        code, out = machine.cmd(machine.folder(DOWNLOADS), actions["remove"])
        rows.row(f"remove{about}: exit code 0, and the program is gone", code == 0 and not machine.installed.parent.exists(), (code, out))
    shutil.rmtree(machine.installed.parent, ignore_errors=True)


def actions_of(gallery):
    """The commands as the gallery has them: install and update are one text, which a deployment takes as it is where it is to check."""
    install = gallery["variables"]["installOfPackage"]
    remove = gallery["resources"][2]["properties"]["publishingProfile"]["manageActions"]["remove"]
    return {"install": install, "update": install, "remove": remove}


def certutil(line):
    """What certutil -hashfile prints, with this hash line."""
    return f"SHA256 hash of azmend.exe:\n{line}\nCertUtil: -hashfile command completed successfully.\n"


def custom_script(rows, machine, command, program):
    digest = hashlib.sha256(program).hexdigest()
    spaced = " ".join(digest[i:i + 2] for i in range(0, 64, 2))
    for about, line, runs in (("as it is", digest, True), ("with blanks (Server 2012 R2)", spaced, True),
                              ("of another program", "0" * 64, False), ("missing", "CertUtil: -hashfile command FAILED", False)):
        folder = machine.folder("CustomScript", **{"azmend.exe": program, "certutil.exe": machine.standin, "standin.txt": certutil(line)})
        code, out = machine.cmd(folder, command)
        rows.row(f"custom script, hash {about}", (code == 0 and is_result(out)) if runs else (code != 0 and not is_result(out)), (code, out))


def image_script(rows, machine, name, arguments, log=None):
    """A script of the image starts azmend with these arguments, and ends with its exit code."""
    machine.installed.parent.mkdir(parents=True, exist_ok=True)
    machine.installed.write_bytes(machine.standin)
    for exit_code in (0, 1, 77):
        folder = machine.folder("Image", **{"script.cmd": (machine.dist / "provisioning" / name).read_bytes()})
        code, out = machine.batch(folder, "script.cmd", AZMEND_STANDIN_EXIT=str(exit_code))
        rows.row(f"{name}: ends with azmend's exit code {exit_code}", code == exit_code, (code, out))
    told = log.read_bytes() if log and log.is_file() else out
    rows.row(f"{name}: starts azmend {arguments}", told.decode("ascii").split("\n")[-2].strip() == arguments, told)


def provisioning(rows, machine):
    panther = machine.drive / "windows" / "Panther"
    panther.mkdir(exist_ok=True)
    image_script(rows, machine, "cloudbase-init/azmend.cmd", "check --event-log --wait-network 5m --exit-code cloudbase")
    image_script(rows, machine, "SetupComplete2.cmd", "check --event-log --wait-network 5m --exit-code completed --quiet", panther / "azmend.log")


def daily_check(rows, machine, program):
    """The task's own command line, and that only its own word makes a check write to the event log."""
    source = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\azmend"
    task = xml.dom.minidom.parseString((machine.dist / "policy" / "daily-check.xml").read_bytes())
    words = task.getElementsByTagName("Arguments")[0].firstChild.data.split()
    machine.installed.write_bytes(program)
    folder = machine.folder("Daily")
    for about, arguments, is_there in (("a check without it", ["check", "--quiet"], False), ("the task's own line", words, True)):
        machine.wine(folder, "reg.exe", "delete", source, "/f")
        _, out = machine.wine(folder, str(machine.installed), *arguments)
        code, _ = machine.wine(folder, "reg.exe", "query", source, "/v", "EventMessageFile")
        rows.row(f"daily check, {about}: event source registered: {is_there}", is_result(out) and (code == 0) == is_there, (code, out[-300:]))
    task_is_registered(rows, machine)


def task_is_registered(rows, machine):
    folder = machine.folder("Daily", **{name: (machine.dist / "policy" / name).read_bytes() for name in ("daily-check.cmd", "daily-check.xml")})
    code, out = machine.batch(folder, "daily-check.cmd")
    task = machine.drive / "windows" / "system32" / "tasks" / "azmend" / "daily-check"
    rows.row("daily-check.cmd: the task is registered", code == 0 and task.is_file(), (code, out))
    # Wine's scheduler reads the definition, and keeps only a part of it.
    seen = task.read_bytes() if task.is_file() else b""
    rows.row("daily-check.xml: is read", b"azmend check once a day" in seen and b"<ExecutionTimeLimit>PT30M" in seen, seen[:2000])
    code, out = machine.wine(folder, "schtasks.exe", "/delete", "/tn", r"azmend\daily-check", "/f")
    rows.row("daily check: the task is removed as remove does it", code == 0 and not task.exists(), (code, out))


def inside(dist, work):
    rows, machine = Rows(), Machine(dist, pathlib.Path(work))
    imds = http.server.ThreadingHTTPServer((IMDS, 80), Imds)
    threading.Thread(target=imds.serve_forever, daemon=True).start()
    program = (dist / "azmend.exe").read_bytes()
    gallery = json.loads((dist / "vm-application" / "gallery.json").read_text(encoding="ascii"))
    settings = json.loads((dist / "custom-script-extension" / "settings.protected.json").read_text(encoding="ascii"))
    try:
        vm_application(rows, machine, actions_of(gallery), program)
        custom_script(rows, machine, settings["commandToExecute"], program)
        provisioning(rows, machine)
        daily_check(rows, machine, program)
    finally:
        machine.prefix.kill()
    print(f"{rows.passed} passed, {rows.failed} failed", flush=True)
    return rows.failed > 0


def main():
    if sys.argv[1] == "--inside":
        return inside(pathlib.Path(sys.argv[2]), sys.argv[3])
    cache = prefixes.cache_folder()
    prefixes.template(cache)
    work = tempfile.mkdtemp(prefix="run.", dir=cache)
    try:
        subprocess.run(["x86_64-w64-mingw32-gcc", "-O", "-Wall", "-Werror", "-o", f"{work}/standin.exe", HERE / "standin_program.c"], check=True, timeout=60)
        return subprocess.run([prefixes.NAMESPACE, "--address", IMDS, "--", sys.executable, __file__, "--inside", str(pathlib.Path(sys.argv[1]).resolve()), work],
                              stdin=subprocess.DEVNULL, check=False).returncode
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(int(code))
