# SPDX-License-Identifier: MIT
"""What a program was made of: the folder `made-of` beside it, and the documents of a package that are written from it.

    python3 scripts/made_of.py LIBRARIES OUT     writes the folder OUT; LIBRARIES: the prefix of scripts/deps-windows

made-of/source.json       commit, its time in UTC, and whether the tree was as committed (null: not known)
made-of/components.json   what is linked in: Debian source package, version, license
made-of/notices/NAME      its license texts and copyright lines, as Debian keeps them

Document forms: SPDX 2.3 (github.com/spdx/spdx-spec, schemas/spdx-schema.json: required members and words), in-toto Statement 1 and
SLSA provenance 1 (slsa.dev/provenance/v1: buildDefinition, runDetails). Read November 2026.
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = "made-of"
# Without a commit: the oldest time that the zip of the handler can name too.
NO_TIME = "1980-01-01T00:00:00Z"
BUILD_TYPE = "urn:azmend:build:scripts-package:1"
LOCAL_BUILDER = "urn:azmend:builder:local"

# License of what is linked in, as its own files say (SPDX list names). cunit is for tests only.
LICENSES = {
    "zlib": "Zlib",
    "c-ares": "MIT",
    "cjson": "MIT",
    "expat": "MIT",
    # Of most of its files; Debian's copyright file, kept among the notices, lists the others.
    "libarchive": "BSD-2-Clause",
    "curl": "curl",
    "mingw-w64": "ZPL-2.1",
    "gcc-mingw-w64": "GPL-3.0-or-later WITH GCC-exception-3.1",
}
# The runtime that the compiler links in: source package, a package of this machine that comes from it.
RUNTIME = (("mingw-w64", "mingw-w64-x86-64-dev"), ("gcc-mingw-w64", "gcc-mingw-w64-x86-64-win32-runtime"))


# --- while the program is built ----------------------------------------------------------------


def answer(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def source():
    """The commit of this tree; nothing where it is no repository of its own."""
    if answer("git", "rev-parse", "--show-toplevel") != str(ROOT):
        return {"commit": None, "time": None, "clean": None}
    seconds = answer("git", "log", "-1", "--format=%ct")
    return {"commit": answer("git", "rev-parse", "HEAD"),
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds))) if seconds else None,
            "clean": answer("git", "status", "--porcelain") == ""}


def components(libraries):
    """(component, file with its notices) of each."""
    for row in json.loads((libraries / "versions.json").read_text(encoding="utf-8")):
        if row["package"] in LICENSES:
            yield row["package"], row["version"], libraries / "licenses" / row["package"]
    for name, package in RUNTIME:
        version = answer("dpkg-query", "-W", "-f", "${source:Version}", package)
        if version:
            yield name, version, pathlib.Path("/usr/share/doc") / package / "copyright"


def write(libraries, out):
    shutil.rmtree(out, ignore_errors=True)
    (out / "notices").mkdir(parents=True)
    rows = []
    for name, version, notices in sorted(components(libraries)):
        rows.append({"package": name, "version": version, "license": LICENSES[name]})
        shutil.copyfile(notices, out / "notices" / name)
    (out / "components.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="ascii")
    (out / "source.json").write_text(json.dumps(source(), indent=1) + "\n", encoding="ascii")


# --- for a package -----------------------------------------------------------------------------


class MadeOf:
    """What stands beside a program; None where nothing does."""

    def __init__(self, folder):
        self.source = json.loads((folder / "source.json").read_text(encoding="ascii"))
        self.components = json.loads((folder / "components.json").read_text(encoding="ascii"))
        self.notices = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "notices").iterdir())}

    @staticmethod
    def beside(program):
        folder = pathlib.Path(program).parent / FOLDER
        return MadeOf(folder) if folder.is_dir() else None


def origin(row):
    """Package URL of a Debian source package."""
    return f"pkg:deb/debian/{row['package']}@{row['version'].replace(':', '%3A')}?arch=source"


def spdx_package(name, version, license_name, **more):
    return {"SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": license_name, "copyrightText": "NOASSERTION", **more}


def spdx(made, version, program):
    """What is in azmend.exe. `program`: its bytes as shipped, signed or not."""
    digest = hashlib.sha256(program).hexdigest()
    file = {"SPDXID": "SPDXRef-azmend.exe", "fileName": "./azmend.exe", "fileTypes": ["BINARY"],
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(program).hexdigest()},
                          {"algorithm": "SHA256", "checksumValue": digest}],
            "licenseConcluded": "NOASSERTION", "copyrightText": "NOASSERTION"}
    packages = [spdx_package("azmend", version, "MIT", primaryPackagePurpose="APPLICATION")]
    packages += [spdx_package(row["package"], row["version"], row["license"], primaryPackagePurpose="LIBRARY", externalRefs=[
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": origin(row)}]) for row in made.components]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-azmend"), ("SPDXRef-azmend", "CONTAINS", "SPDXRef-azmend.exe")]
    relations += [("SPDXRef-azmend.exe", "STATIC_LINK", f"SPDXRef-{row['package']}") for row in made.components]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"azmend-{version}",
            "documentNamespace": f"urn:azmend:spdx:{version}:{digest}",
            "creationInfo": {"created": made.source["time"] or NO_TIME, "creators": [f"Tool: azmend scripts/package-{version}"]},
            "packages": packages, "files": [file],
            "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other} for one, kind, other in relations]}


def provenance(made, version, program, builder):
    """How azmend.exe came about, as far as the machine that packs it knows; not signed. A builder that signs it wraps this statement."""
    commit = made.source["commit"]
    sources = [{"name": "azmend", "digest": {"gitCommit": commit}}] if commit else []
    definition = {"buildType": BUILD_TYPE, "externalParameters": {"version": version, "target": "x86_64-w64-mingw32"},
                  "internalParameters": {"sourceIsAsCommitted": made.source["clean"]},
                  "resolvedDependencies": sources + [{"uri": origin(row), "name": row["package"]} for row in made.components]}
    return {"_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "azmend.exe", "digest": {"sha256": hashlib.sha256(program).hexdigest()}}],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {"buildDefinition": definition, "runDetails": {"builder": {"id": builder or LOCAL_BUILDER}}}}


def notices(made):
    """The license texts that have to go with the program."""
    head = "azmend.exe contains the following software. Each part keeps its own license.\n"
    parts = [f"\n{'=' * 100}\n{row['package']} {row['version']} ({row['license']})\n{'=' * 100}\n\n{made.notices[row['package']]}" for row in made.components]
    return head + "".join(parts)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: made_of.py LIBRARIES OUT")
    os.umask(0o022)
    write(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
