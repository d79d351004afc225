#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Archives for test_pack.c: good ones, hostile ones, bombs.

pack_archives.py COMMAND ARGUMENT...   makes them in a folder of its own, runs the command with its name in
                                       AZMEND_PACK_FOLDER, removes the folder.

The folder holds one file an archive and `index`, a line an archive: FILE, tab, the words that a refusal must have; or '=' and
the files that the archive must give, parted by blanks. A good file's bytes are its name and a newline, repeated.
"""
import gzip
import io
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

CONTENT_LINES = 3


def content(name):
    return (name + "\n").encode() * CONTENT_LINES


# --- writers that write anything ------------------------------------------------------------------

def entry(name, data=b"{}\n", mode=0o100644, **lies):
    """One zip entry; a lie replaces a field: flags, method, size, crc, promised (the directory's name), offset."""
    name = name.encode() if isinstance(name, str) else name
    return {"name": name, "data": data, "mode": mode, "lies": lies}


def raw_zip(*entries, **lies):
    """Entries stored or, given `packed`, as they are. Lies: count, comment, start."""
    body, directory = b"", b""
    for one in entries:
        say = one["lies"].get
        packed = say("packed", one["data"])
        method = say("method", 8 if "packed" in one["lies"] else 0)
        crc, size = say("crc", zlib.crc32(one["data"])), say("size", len(one["data"]))
        common = struct.pack("<HHHHIIIH", say("flags", 0), method, 0, 0x21, crc, len(packed), size, len(one["name"]))
        promised = say("promised", one["name"])
        offset = say("offset", len(body))
        directory += b"PK\1\2" + struct.pack("<HH", 0x031E, 20) + common[:-2] + struct.pack(
            "<HHHHHII", len(promised), 0, 0, 0, 0, one["mode"] << 16, offset) + promised
        body += b"PK\3\4" + struct.pack("<H", 20) + common + struct.pack("<H", 0) + one["name"] + packed
    count, comment = lies.get("count", len(entries)), lies.get("comment", b"")
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), lies.get("start", len(body)), len(comment))
    return body + directory + b"PK\5\6" + end + comment


def tar(*members, form=tarfile.GNU_FORMAT):
    """Members: (name, data) or a ready TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for member in members:
            info, data = (member, b"") if isinstance(member, tarfile.TarInfo) else (tarfile.TarInfo(member[0]), member[1])
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def packed_tar(*members, **options):
    return gzip.compress(tar(*members, **options), mtime=0)


def typed(kind, name="a.json", target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zeros_deflated(megabytes):
    """A deflate stream of that many MiB of zeros, made of one block repeated: fast to make, long to read."""
    step = 64
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(step << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (megabytes // step) + packer.flush()


def gzip_of(stream, crc, size):
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stream + struct.pack("<II", crc, size & 0xFFFFFFFF)


# --- names ----------------------------------------------------------------------------------------

DEVICES = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", *(f"COM{i}" for i in range(10)),
           *(f"LPT{i}" for i in range(10))]
HOSTILE = {
    "absolute or has an empty part": ["/a.json", "/etc/passwd", "//server/share/a.json", "///a", "a//b.json", "a/b//c"],
    "leads out of its folder": ["..", "../a.json", "a/..", "a/../b", "../../../../x", "./../a", "a/./b", "a/../../b.json",
                                "tables/..", "tables/../../x.json"],
    "colon": [f"{chr(letter)}:/a.json" for letter in range(ord("A"), ord("Z") + 1)] +
             ["c:a.json", "a.json:stream", "a.json::$DATA", "tables:x/a.json", ":", "a/b:c"],
    "backslash": ["\\a.json", "..\\a.json", "tables\\a.json", "C\\a", "\\\\server\\share\\a.json", "\\\\?\\UNC\\a\\b",
                  "\\\\.\\PhysicalDrive0", "a/..\\b", "a\\"],
    "reserves for a device": [name + end for name in DEVICES for end in ("", ".json", " .txt")] +
                             [f"tables/{name.lower()}.tar.gz" for name in DEVICES] + ["aux/a.json", "a/NuL/b.json"],
    "ends with a dot or a blank": ["a.", "a ", "a.json.", "a.json ", "...", "a../b", "tables./a.json", "tables /a.json", " ",
                                   "a. ", "a .", "tables/a.json ."],
    "short name": ["PLAYBO~1.JSO", "a~1", "~9", "tables/x~2.json", "TABLES~1/a.json"],
    "Windows forbids": [f"a{letter}b.json" for letter in '<>"|?*'] + ["*", "tables/?.json"],
    "not printable ASCII": [f"a{chr(code)}b.json" for code in [*range(1, 32), 127]] +
                           [b"a\xff.json", b"\xc3", b"a\xed\xa0\x80b", b"\xc0\xae\xc0\xae/a", b"\x80", "\u00e4.json",
                            "a\u202enosj.json", "\u2024\u2024/a", "\uff0e\uff0e\uff0fa", "\ufb01.json", "CO\u004e\u0301.json",
                            "COM\u00b9.json"],
    "too long a name": ["a" * 256, "b/" + "c" * 300],
    "too many folders": ["a/b/c/d/e/f.json", "1/2/3/4/5/6/7/8/9/a"],
}
ONLY_ZIP = {"not printable ASCII": ["a\0b.json", "a.json\0"], "absolute or has an empty part": ["", "/"]}


def hostile_names():
    for words, names in HOSTILE.items():
        for name in names:
            text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
            yield "zip", words, raw_zip(entry(name)), name
            # A pax header would have to be UTF-8; the others keep the bytes.
            yield "tgz", words, packed_tar((text, b"{}\n")), name
    for words, names in ONLY_ZIP.items():
        for name in names:
            yield "zip", words, raw_zip(entry(name)), name


def clashes():
    for words, one, two in [("twice", "a.json", "a.json"), ("twice", "a.json", "A.JSON"), ("twice", "tables/t", "TABLES/T"),
                            ("twice", "tables", "Tables")]:
        yield "zip", words, raw_zip(entry(one), entry(two)), one
        yield "tgz", words, packed_tar((one, b"1"), (two, b"2")), one
    yield "tgz", "twice", packed_tar(("./a.json", b"1"), ("a.json", b"2")), "./a.json"
    yield "tgz", "twice", packed_tar(typed(tarfile.DIRTYPE, "tables/"), ("tables", b"2")), "tables"


# --- what is no file ------------------------------------------------------------------------------

def no_files():
    links = {"symbolic link": 0o120777, "character device": 0o020644, "block device": 0o060644, "FIFO": 0o010644,
             "socket": 0o140755}
    for words, mode in links.items():
        yield "zip", words, raw_zip(entry("a.json", b"target", mode)), words
    for words, kind in [("symbolic link", tarfile.SYMTYPE), ("hard link", tarfile.LNKTYPE),
                        ("character device", tarfile.CHRTYPE), ("block device", tarfile.BLKTYPE), ("FIFO", tarfile.FIFOTYPE)]:
        yield "tgz", words, packed_tar(("b.json", b"{}"), typed(kind, target="b.json")), words
        yield "tgz", words, packed_tar(("b.json", b"{}"), typed(kind, target="/etc/passwd")), words + " out"
    yield "tgz", "\"A.json\" is a hard link", packed_tar(typed(tarfile.LNKTYPE, "A.json", "A.json")), "hard link to itself"
    yield "zip", "folder with content", raw_zip(entry("a.json", b"{}", 0o040755)), "folder with content"
    holes = tarfile.TarInfo("a.json")
    holes.pax_headers = {"GNU.sparse.numblocks": "1", "GNU.sparse.name": "a.json", "GNU.sparse.size": "9000000",
                         "GNU.sparse.map": "8999999,0"}
    yield "tgz", "has holes", packed_tar(holes, form=tarfile.PAX_FORMAT), "holes"


# --- lies and bombs -------------------------------------------------------------------------------

def lies():
    good = content("a.json")
    deflated = zlib.compress(good)[2:-4]
    broken = "truncated or damaged"
    for name, words, one in [
            ("encrypted", "is encrypted", entry("a.json", flags=1)),
            ("strongly encrypted", "is encrypted", entry("a.json", flags=0x41)),
            ("masked", "is encrypted", entry("a.json", flags=0x2000)),
            ("bzip2", "other than deflate", entry("a.json", method=12)),
            ("lzma", "other than deflate", entry("a.json", method=14)),
            ("shrunk", "other than deflate", entry("a.json", method=1)),
            ("wrong crc", broken, entry("a.json", good, crc=1)),
            ("wrong crc, deflated", broken, entry("a.json", good, packed=deflated, crc=1)),
            ("told longer", broken, entry("a.json", good, packed=deflated, size=len(good) + 1)),
            ("told shorter", broken, entry("a.json", good, packed=deflated, size=len(good) - 1)),
            ("told empty", broken, entry("a.json", good, packed=deflated, size=0)),
            ("two names", "another name", entry("a.json", promised=b"b.json")),
            ("beyond the end", "", entry("a.json", offset=1 << 30)),
            ("into the directory", "", entry("a.json", offset=44)),
    ]:
        yield "zip", words, raw_zip(one), name
    for name, words, data in [
            ("count too low", "contradicts", raw_zip(entry("a"), entry("b"), count=1)),
            ("count too high", "contradicts", raw_zip(entry("a"), entry("b"), count=3)),
            ("start too low", "contradicts", raw_zip(entry("a"), start=0)),
            ("bytes before", "", b"MZ" + raw_zip(entry("a"))),
            ("bytes behind", "contradicts", raw_zip(entry("a")) + b"x"),
            ("two ends", "contradicts", raw_zip(entry("a"), comment=raw_zip() + b"x")),
            ("an end in the comment", "contradicts", raw_zip(entry("a"), comment=raw_zip())),
            ("one place twice", "", raw_zip(entry("a"), entry("b", offset=0))),
    ]:
        yield "zip", words, data, name
    whole = tar(("a.json", good), ("b.json", good))
    two = gzip.compress(whole, mtime=0)
    for name, words, data in [
            ("gzip twice", "truncated or damaged", gzip.compress(two)),
            ("two members", "more than one gzip", two + two),
            ("bytes behind", "", two + b"x"),
            ("zeros behind", "truncated or damaged", two + bytes(512)),
            ("cut between two files", "not a whole tar", gzip.compress(whole[:1024])),
            ("cut behind the last file", "not a whole tar", gzip.compress(whole[:2048])),
            ("no tar", "not a whole tar", gzip.compress(b"{}")),
            ("text of zeros", "", gzip.compress(b"{}" + bytes(2046))),
            ("broken header", "truncated or damaged", gzip.compress(b"x" + whole[1:])),
            ("nothing", "truncated or damaged", gzip.compress(b"")),
            ("a zip inside gzip", "not a whole tar", gzip.compress(raw_zip(entry("a.json")))),
    ]:
        yield "tgz", words, data, name
    for name, data in [("plain tar", tar(("a.json", b"{}"))), ("bzip2", b"BZh91AY"), ("xz", b"\xfd7zXZ\0"), ("7z", b"7z\xbc\xaf'"),
                       ("rar", b"Rar!\x1a"), ("zstd", b"\x28\xb5\x2f\xfd"), ("cabinet", b"MSCF")]:
        yield "bin", "has to be a zip or a tar.gz", data, name
    yield "zip", "not a whole zip", b"PK\3\4", "four bytes"
    yield "tgz", "not a whole gzip", b"\x1f\x8b", "two bytes"


def bombs():
    long_way = zeros_deflated(10 << 10)
    yield "tgz", "more than 16777216 bytes", gzip_of(long_way, 0, 10 << 30), "10 GiB"
    yield "tgz", "truncated or damaged", gzip_of(long_way, 0, 1000), "10 GiB told as 1000"
    yield "zip", "more than 16777216 bytes", raw_zip(entry("a.json", packed=long_way, size=(1 << 31) - 1)), "2 GiB"
    yield "zip", "not as long as told", raw_zip(entry("a.json", packed=long_way, size=1000)), "10 GiB told as 1000"
    yield "zip", "times its size", raw_zip(entry("a.json", bytes(1 << 20), packed=zlib.compress(bytes(1 << 20))[2:-4])), "ratio"
    yield "tgz", "times its size", packed_tar(("a.json", bytes(1 << 20))), "ratio"
    noise = b"".join(zlib.crc32(struct.pack("<I", i)).to_bytes(4, "little") for i in range(60000))
    half = noise + bytes((9 << 20) - len(noise))
    yield "zip", "more than 16777216 bytes", raw_zip(*(entry(name, half, packed=zlib.compress(half)[2:-4]) for name in "ab")), "sum"
    record = b"PK\1\2" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    for told, words in [(0xFFFF, "more than 64 entries"), (1, "")]:
        end = struct.pack("<HHHHIIH", 0, 0, told, told, len(record) * 10**6, 4, 0)
        yield "zip", words, b"PK\3\4" + record * 10**6 + b"PK\5\6" + end, f"a million told as {told}"
    yield "zip", "more than 64 entries", raw_zip(*(entry(f"{i}") for i in range(65))), "65"
    yield "tgz", "more than 64 entries", packed_tar(*((f"{i}", b"") for i in range(65))), "65"
    yield "tgz", "more than 64 entries", packed_tar(*((f"{i}", b"") for i in range(30000))), "30000"
    yield "tgz", "more than 64 entries", packed_tar(*((f"{i}/", b"") for i in range(65))), "65 folders"


# --- good ones ------------------------------------------------------------------------------------

FILES = ["kms.json", "tables/t.json"]


def zip_by_library(names, method, comment=b"", **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name in names:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", **options) as file:
                file.write(content(name) if not name.endswith("/") else b"")
    return out.getvalue()


class Pipe(io.RawIOBase):
    """Takes bytes and cannot go back: the writer has to put lengths behind."""

    def __init__(self):
        super().__init__()
        self.taken = b""

    def writable(self):
        return True

    def write(self, data):
        self.taken += bytes(data)
        return len(data)


def zip_through_pipe(names):
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content(name))
    return pipe.taken


def by_tar(folder, *arguments):
    for name in FILES:
        path = os.path.join(folder, "tree", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content(name))
    return subprocess.run(["tar", "-C", os.path.join(folder, "tree"), "-cz", *arguments], check=True, capture_output=True).stdout


def good(folder):
    pairs = [(name, content(name)) for name in FILES]
    yield "zip", FILES, zip_by_library(FILES, zipfile.ZIP_STORED), "stored"
    yield "zip", FILES, zip_by_library(FILES, zipfile.ZIP_DEFLATED), "deflated"
    yield "zip", FILES, zip_by_library(["tables/", *FILES], zipfile.ZIP_DEFLATED), "with folders"
    yield "zip", FILES, zip_by_library(FILES, zipfile.ZIP_DEFLATED, b"a comment"), "comment"
    yield "zip", FILES, zip_by_library(FILES, zipfile.ZIP_DEFLATED, force_zip64=True), "zip64 lengths"
    yield "zip", FILES, zip_through_pipe(FILES), "lengths behind"
    yield "zip", [], raw_zip(), "empty"
    yield "zip", [f"{i}.json" for i in range(64)], zip_by_library([f"{i}.json" for i in range(64)], zipfile.ZIP_STORED), "64"
    names = ["a~b.json", "COM.json", "COM10.json", "CONS", "console/nul1", "a b.json", ".hidden", "..a", "a" * 255, "1/2/3/4/f"]
    yield "zip", names, zip_by_library(names, zipfile.ZIP_DEFLATED), "strange names"
    yield "tgz", names, packed_tar(*((name, content(name)) for name in names)), "strange names"
    for form, name in [(tarfile.USTAR_FORMAT, "ustar"), (tarfile.GNU_FORMAT, "gnu"), (tarfile.PAX_FORMAT, "pax")]:
        yield "tgz", FILES, packed_tar(*pairs, form=form), name
    yield "tgz", FILES, by_tar(folder, *FILES), "by tar"
    yield "tgz", FILES, by_tar(folder, "--sort=name", "."), "by tar, the folder"
    yield "tgz", FILES, packed_tar(typed(tarfile.DIRTYPE, "tables"), *pairs), "with folders"
    yield "tgz", [], packed_tar(), "empty"


# --- the folder -----------------------------------------------------------------------------------

def write_all(folder):
    count, lines = 0, []
    for prefix, rows in [("name", hostile_names()), ("clash", clashes()), ("type", no_files()), ("lie", lies()), ("bomb", bombs()),
                         ("good", good(folder))]:
        for ending, expected, data, label in rows:
            text = label.decode("latin-1") if isinstance(label, bytes) else label
            label = "".join(letter if letter.isalnum() else "-" for letter in text[:40].encode("ascii", "replace").decode())
            count += 1
            file = f"{prefix}-{count:03}-{label}.{ending}"
            with open(os.path.join(folder, file), "wb") as out:
                out.write(data)
            lines.append(f"{file}\t" + (expected if isinstance(expected, str) else "=" + " ".join(
                name.replace(" ", "+") for name in expected)))
    with open(os.path.join(folder, "index"), "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


def main():
    with tempfile.TemporaryDirectory(prefix="azmend-pack-") as folder:
        write_all(folder)
        return subprocess.run(sys.argv[1:], env={**os.environ, "AZMEND_PACK_FOLDER": folder}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
