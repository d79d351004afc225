#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/package: the same bytes from another folder, what it refuses, the handler zip, and a signature.

    tests/delivery/package.py EXE DIST      DIST: what scripts/package made of EXE. Ends with 'N passed, N failed'.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom
import zipfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGE_SECONDS = 120
PASSWORD = "a password of this test alone"


def tree(work):
    """What scripts/package reads, elsewhere and with other times."""
    copy = work / "tree"
    (copy / "scripts").mkdir(parents=True)
    for name in ("package", "made_of.py"):
        shutil.copy(ROOT / "scripts" / name, copy / "scripts" / name)
    shutil.copy(ROOT / "CMakeLists.txt", copy)
    shutil.copytree(ROOT / "extension-manifest", copy / "extension-manifest", copy_function=shutil.copyfile)
    return copy


def package(root, exe, out, *options):
    return subprocess.run([root / "scripts" / "package", "--exe", exe, "--out", out, *options], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PACKAGE_SECONDS, check=False)


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Rows:
    def __init__(self):
        self.passed = self.failed = 0

    def row(self, name, right, seen=""):
        self.passed, self.failed = self.passed + bool(right), self.failed + (not right)
        if not right:
            print(f"FAIL {name}: {str(seen)[:1000]}")


def reproducible(rows, work, exe, dist):
    done = package(tree(work), exe, work / "again")
    first, second = contents(dist), contents(work / "again")
    differ = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    rows.row("another run in another folder gives the same bytes", done.returncode == 0 and not differ, differ or done.stderr)


def handler_zip(rows, exe, dist):
    with zipfile.ZipFile(next(dist.glob("azmend-handler-*.zip"))) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("HandlerManifest.json").decode("utf-8"))[0]["handlerManifest"]
        places = {text.split()[0].replace("\\", "/") for name, text in manifest.items() if name.endswith("Command")}
        rows.row("handler zip: every command names a file of it", places <= set(names), (places, names))
        rows.row("handler zip: the program is the packaged one", all(archive.read(place) == exe.read_bytes() for place in places))
        rows.row("handler zip: names no time of its making", {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)})
        rows.row("handler zip: no link, no path out of it", not [name for name in names if name.startswith("/") or ".." in name])


def refusals(rows, work, exe):
    cases = (("a word that nothing is known for", "run-command/azmend.ps1", lambda text: text + "# @AZMEND_COLOUR@\n"),
             ("a text that a deployment would take for an expression", "run-command/azmend.ps1", lambda text: "[x]\n" + text),
             ("a link to itself", "run-command/parts/variables.json", lambda text: '{"@file": "run-command/parts/variables.json"}'),
             ("a form that does not exist", "run-command/parts/variables.json", lambda text: '{"a": {"@file": "run-command/azmend.ps1", "@as": "poem"}}'),
             ("a member that is there twice", "run-command/parts/parameters.json", lambda text: text.replace('"command"', '"vmName"', 1)),
             ("handler commands that name two programs", "handler/HandlerManifest.json", lambda text: text.replace("azmend.exe", "other.exe", 1)))
    for about, name, change in cases:
        shutil.rmtree(work / "tree", ignore_errors=True)
        path = tree(work) / "extension-manifest" / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        done = package(work / "tree", exe, work / "refused")
        rows.row(f"refused: {about}", done.returncode != 0 and done.stderr.startswith("package: "), done.stderr or done.stdout)
        shutil.rmtree(work / "refused", ignore_errors=True)
    (work / "mine").mkdir()
    (work / "mine" / "letter.txt").write_text("mine", encoding="ascii")
    done = package(ROOT, exe, work / "mine")
    rows.row("a folder that is no package is left alone", done.returncode != 0 and (work / "mine" / "letter.txt").exists(), done.stdout)


# What each library says of itself inside the program, after the version in the document: {} stands for it.
SELF_NAMES = {"curl": "{}", "expat": "expat_{}", "libarchive": "libarchive {}", "zlib": "deflate {} Copyright"}


def documents(rows, exe, dist):
    """The SPDX document, the provenance and the notices, against their published forms and against the program's own bytes."""
    program = exe.read_bytes()
    read = {name: json.loads((dist / f"azmend.{name}.json").read_text(encoding="ascii")) for name in ("spdx", "provenance")}
    for name, document in read.items():
        schema = json.loads((ROOT / "tests" / "delivery" / "schemas" / f"{name}.json").read_text(encoding="ascii"))
        wrong = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(document)]
        rows.row(f"{name}: its published form", not wrong, wrong)
        for member in schema["required"]:
            lacking = {key: value for key, value in document.items() if key != member}
            rows.row(f"{name}: without {member} it is refused", not jsonschema.Draft7Validator(schema).is_valid(lacking))
    digest = hashlib.sha256(program).hexdigest()
    rows.row("spdx: the hashes are the program's", {one["checksumValue"] for one in read["spdx"]["files"][0]["checksums"]} ==
             {hashlib.sha1(program).hexdigest(), digest})
    rows.row("provenance: its subject is the program", read["provenance"]["subject"] == [{"name": "azmend.exe", "digest": {"sha256": digest}}])
    parts = {one["name"]: one["versionInfo"] for one in read["spdx"]["packages"] if one["name"] != "azmend"}
    ids = {"SPDXRef-DOCUMENT", "SPDXRef-azmend.exe"} | {one["SPDXID"] for one in read["spdx"]["packages"]}
    rows.row("spdx: relationships name what is there", all({one["spdxElementId"], one["relatedSpdxElement"]} <= ids for one in read["spdx"]["relationships"]))
    rows.row("spdx: all that is linked in is named", set(parts) == {"zlib", "c-ares", "cjson", "expat", "libarchive", "curl", "mingw-w64", "gcc-mingw-w64"}, parts)
    for name, form in SELF_NAMES.items():
        upstream = re.match(r"(?:\d+:)?(\d+(?:\.\d+)+)", parts[name]).group(1)
        rows.row(f"spdx: the program itself names {name} {upstream}", form.format(upstream).encode() in program)
    notices = (dist / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
    rows.row("notices: a text for each part", all(f"\n{name} {version} (" in notices for name, version in parts.items()))
    rows.row("notices: the texts are there", all(words in notices for words in ("Daniel Stenberg", "Dave Gamble", "Mark Adler", "Tim Kientzle")))


def without_made_of(rows, work, exe):
    (work / "alone").mkdir()
    alone = shutil.copy(exe, work / "alone" / "azmend.exe")
    done = package(ROOT, alone, work / "unknown")
    rows.row("a program of unknown parts is packed without documents, with a word", done.returncode == 0 and "no SPDX document" in done.stderr and
             not (work / "unknown" / "azmend.spdx.json").exists(), done.stderr)


def key_and_certificate(work):
    (work / "password").write_text(PASSWORD + "\n", encoding="ascii")
    key, certificate, both = work / "key.pem", work / "certificate.pem", work / "both.p12"
    for command in (["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                     "-subj", "/CN=azmend test signer", "-addext", "extendedKeyUsage=codeSigning"],
                    ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", both, "-passout", f"file:{work / 'password'}"]):
        subprocess.run(["openssl", *command], check=True, capture_output=True, timeout=60)
    return certificate, both


def signature(rows, work, exe):
    certificate, both = key_and_certificate(work)
    out = work / "signed"
    done = package(ROOT, exe, out, "--sign", both, "--password-file", work / "password")
    rows.row("signing", done.returncode == 0, done.stderr)
    signed = out / "azmend.exe"
    asked = subprocess.run(["osslsigncode", "verify", "-CAfile", certificate, "-in", signed], capture_output=True, text=True, timeout=60, check=False)
    rows.row("the signature holds", asked.returncode == 0, asked.stdout)
    spoiled = bytearray(signed.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (work / "spoiled.exe").write_bytes(spoiled)
    asked = subprocess.run(["osslsigncode", "verify", "-CAfile", certificate, "-in", work / "spoiled.exe"], capture_output=True, text=True, timeout=60, check=False)
    rows.row("the signature of a changed program does not", asked.returncode != 0, asked.stdout)
    digest = hashlib.sha256(signed.read_bytes()).hexdigest()
    rows.row("the script holds the hash of the signed program", f"'{digest}'" in (out / "run-command" / "azmend.ps1").read_text(encoding="ascii"))
    rows.row("the SPDX document is of the signed program", digest in (out / "azmend.spdx.json").read_text(encoding="ascii"))
    rows.row("the manifest says signed", json.loads((out / "manifest.json").read_text(encoding="ascii"))["signed"] is True)
    with zipfile.ZipFile(next(out.glob("azmend-handler-*.zip"))) as archive:
        rows.row("the handler zip holds the signed program", signed.read_bytes() in [archive.read(name) for name in archive.namelist()])


TOKEN_MODULE = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN_PIN = "1234"
SIGNER = """#!/usr/bin/env bash
set -euo pipefail
engine=$(openssl version -e | cut -d '"' -f 2)/pkcs11.so
osslsigncode sign -pkcs11engine "$engine" -pkcs11module "$1" -certs "$2" -key 'pkcs11:token=azmend;object=signer;type=private' \\
    -readpass "$3" -h sha256 -n azmend -in "$4" -out "$4.signed" >/dev/null
mv "$4.signed" "$4"
"""


def token(work):
    """A software token that holds the key alone; the key file is gone. SoftHSM reads where it is from the environment."""
    certificate, _ = key_and_certificate(work)
    key, pin, folder = work / "key.pem", work / "pin", work / "tokens"
    folder.mkdir()
    pin.write_text(TOKEN_PIN, encoding="ascii")
    (work / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8")
    os.environ["SOFTHSM2_CONF"] = str(work / "softhsm2.conf")
    for command in (["softhsm2-util", "--init-token", "--free", "--label", "azmend", "--pin", TOKEN_PIN, "--so-pin", "5678"],
                    ["softhsm2-util", "--import", key, "--token", "azmend", "--label", "signer", "--id", "01", "--pin", TOKEN_PIN]):
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    key.unlink()
    return certificate, pin


def signed_by_command(rows, work, exe):
    """A command of one's own, as for a cloud service or a token: here a software token by PKCS#11."""
    certificate, pin = token(work)
    signer, out = work / "signer", work / "signed with"
    signer.write_text(SIGNER, encoding="utf-8")
    signer.chmod(0o755)
    done = package(ROOT, exe, out, "--sign-with", f"'{signer}' '{TOKEN_MODULE}' '{certificate}' '{pin}'")
    rows.row("--sign-with", done.returncode == 0, done.stderr)
    signed = out / "azmend.exe"
    asked = subprocess.run(["osslsigncode", "verify", "-CAfile", certificate, "-in", signed], capture_output=True, text=True, timeout=60, check=False)
    rows.row("--sign-with: the signature holds", asked.returncode == 0, asked.stdout)
    digest = hashlib.sha256(signed.read_bytes()).hexdigest()
    rows.row("--sign-with: all hashes are of the signed program",
             f"{digest}  azmend.exe" in (out / "SHA256SUMS").read_text(encoding="ascii") and
             f"'{digest}'" in (out / "run-command" / "azmend.ps1").read_text(encoding="ascii"))
    rows.row("--sign-with: the manifest says signed", json.loads((out / "manifest.json").read_text(encoding="ascii"))["signed"] is True)
    for name, command, word in (("fails", "false", "failed"), ("does nothing", "true", "as it was"), ("is not there", "/no/such/signer", "No such file"),
                                ("is empty", "", "failed"), ("is cut off", "'a", "No closing quotation"),
                                ("spoils the program", "truncate -s 100", "no signature"), ("removes it", "rm", "as it was")):
        done = package(ROOT, exe, work / "unsigned", "--sign-with", command)
        rows.row(f"--sign-with: a command that {name} is refused", done.returncode == 1 and word in done.stderr and not (work / "unsigned" / "manifest.json").exists(),
                 done.stderr)
        shutil.rmtree(work / "unsigned", ignore_errors=True)


def xml_files(rows, dist):
    for path in sorted(dist.rglob("*.xml")):
        document = xml.dom.minidom.parse(str(path))
        names = [node.tagName for node in document.documentElement.childNodes if node.nodeType == node.ELEMENT_NODE]
        expected = {"ExtensionImage": ["ProviderNameSpace", "Type", "Version", "Label", "HostingResources", "MediaLink"],
                    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]}[document.documentElement.tagName]
        rows.row(f"{path.name}: elements in the documented order", names[:len(expected)] == expected, names)
        if document.documentElement.tagName == "ExtensionImage":
            version = document.getElementsByTagName("Version")[0].firstChild.data
            rows.row(f"{path.name}: four numbers in the version", len(version.split(".")) == 4 and version.replace(".", "").isdigit(), version)


def main():
    exe, dist = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    rows = Rows()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        reproducible(rows, work, exe, dist)
        handler_zip(rows, exe, dist)
        documents(rows, exe, dist)
        without_made_of(rows, work, exe)
        refusals(rows, work, exe)
        signature(rows, work, exe)
        signed_by_command(rows, work, exe)
        xml_files(rows, dist)
    print(f"{rows.passed} passed, {rows.failed} failed")
    return rows.failed > 0


if __name__ == "__main__":
    sys.exit(main())
