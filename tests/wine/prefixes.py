# SPDX-License-Identifier: MIT
"""Wine prefixes: one template a machine and Wine version, a clone by hard links for each use."""
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NAMESPACE = ROOT / "tests" / "net" / "with-namespace"
PROGRAMS = dict(line.split("=") for line in (ROOT / "tests" / "wine" / "programs").read_text(encoding="ascii").split() if "=" in line)
WINE, WINESERVER = PROGRAMS["WINE"], PROGRAMS["WINESERVER"]
TEMPLATE_SECONDS = 240
SERVER_SECONDS = 60
STALE_SECONDS = 86400


def cache_folder():
    given = os.environ.get("AZMEND_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    return pathlib.Path(given or f"{home}/azmend") / "wine"


def wine_version():
    done = subprocess.run([WINE, "--version"], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.split()[0]


def make_template(path):
    """wineboot in a namespace: even a prefix in the making must not reach the network."""
    environment = dict(os.environ, WINEPREFIX=str(path), WINEARCH="win64", WINEDEBUG="-all", HOME=str(path.parent),
                       WINEDLLOVERRIDES="mscoree,mshtml=")
    script = f"{WINE} wineboot -i && {WINESERVER} -w"
    subprocess.run([NAMESPACE, "bash", "-c", script], env=environment, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=TEMPLATE_SECONDS, check=True)
    if not (path / "system.reg").is_file():
        sys.exit("wineboot made no prefix")


def sweep(cache):
    """What a killed run left behind: nothing runs for a day."""
    for left in [*cache.glob("run.*"), *cache.glob("making.*")]:
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def template(cache):
    """The prefix all clones come from: made once per machine and Wine version."""
    cache.mkdir(parents=True, exist_ok=True)
    done = cache / f"template-{wine_version()}"
    with open(cache / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(cache)
        if not done.is_dir():
            making = pathlib.Path(tempfile.mkdtemp(prefix="making.", dir=cache))
            make_template(making / "prefix")
            (making / "prefix").rename(done)
            shutil.rmtree(making)
    return done


class Prefix:
    """A clone of the template with its own wineserver."""

    def __init__(self, template, work):
        self.path = work / "prefix"
        self.clock = []
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(work), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "WINEPREFIX": str(self.path), "WINEARCH": "win64", "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
            **{name: value for name, value in os.environ.items() if name.startswith(("AZMEND_NET_", "AZMEND_PACK_"))},
        }
        shutil.copytree(template, self.path, symlinks=True, copy_function=os.link)
        for registry in self.path.glob("*.reg"):
            registry.unlink()
            shutil.copy2(template / registry.name, registry)

    def be_up(self, seconds):
        """How long the machine has been up, for everything that starts from now on: a time namespace."""
        offset = str(int(seconds - time.clock_gettime(time.CLOCK_BOOTTIME)))
        self.clock = ["unshare", "--time", "--monotonic", offset, "--boottime", offset, "--"]

    def serve(self):
        # An empty folder of this namespace's own: no wineserver from outside can be found through it.
        folder = pathlib.Path(f"/tmp/.wine-{os.getuid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", str(folder)], check=True, timeout=SERVER_SECONDS)
        if any(folder.iterdir()):
            raise RuntimeError("a wineserver is up already")
        subprocess.run([*self.clock, WINESERVER, "-p"], env=self.environment, check=True, timeout=SERVER_SECONDS)

    def run(self, exe, *arguments, seconds, **environment):
        """(exit code, stdout, stderr); a program that does not end in time has code 124. Files, not pipes: services that
        start meanwhile inherit the handles, and a pipe would stay open with them."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
            try:
                done = subprocess.run([*self.clock, WINE, exe, *arguments], env={**self.environment, **environment},
                                      stdin=subprocess.DEVNULL, stdout=out, stderr=told, timeout=seconds, check=False, cwd=ROOT)
                code = done.returncode
            except subprocess.TimeoutExpired:
                code = 124
            out.seek(0)
            told.seek(0)
            return code, out.read(), told.read().decode("utf-8", "replace")

    def kill(self):
        subprocess.run([WINESERVER, "-k"], env=self.environment, check=False, timeout=SERVER_SECONDS)
