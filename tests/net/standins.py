#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stand-ins for the network of a machine document, on real sockets of a network namespace.

    tests/net/with-namespace tests/net/standins.py MACHINE [--] COMMAND...

Puts the document's addresses on lo, answers as its section `network` says (IMDS, DNS, TCP, DCE/RPC bind, HTTP), lets nft drop
or reject what times out or is unreachable, then runs COMMAND and ends with its exit code. Refuses to run where there is a
route out. Without COMMAND it prints "ready" and serves until its standard input ends.
"""
import asyncio
import base64
import datetime
import email.utils
import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.parse

SYSTEM_RESOLVER = "127.0.0.53"
IMDS = ("169.254.169.254", 80)
DNS_TYPES = {1: "A", 28: "AAAA", 33: "SRV"}
DNS_CODES = {"answered": 0, "no_data": 0, "server_failure": 2, "no_name": 3, "refused": 5}
BOUND_SECONDS = 600
HEAD_BYTES = 64 * 1024
NDR32 = bytes.fromhex("045d888aeb1cc9119fe808002b104860")
KMS_INTERFACE = bytes.fromhex("7521c8514e845047b0d8ec255555bc06")


class CannotStage(Exception):
    """The document asks for what a namespace cannot be made to do."""


def as_answer(entry, form="addresses"):
    """A bare word, a list or an object, as an object."""
    if isinstance(entry, str):
        return {"outcome": entry}
    if isinstance(entry, list):
        services = bool(entry) and isinstance(entry[0], dict)
        return {"outcome": "answered", ("services" if services else form): entry}
    return dict(entry)


class Answers:
    """One answer a call; the last repeats."""

    def __init__(self, entry):
        sequence = entry.get("sequence") if isinstance(entry, dict) else None
        self.items = [as_answer(item) for item in (sequence or [entry])]
        self.next = 0

    def take(self):
        answer = self.items[min(self.next, len(self.items) - 1)]
        self.next += 1
        return answer

    def outcomes(self):
        return {item.get("outcome") for item in self.items}


def split_port(key, port=None):
    host, _, digits = key.rpartition(":")
    return (host, int(digits)) if host else (key, port)


def is_ipv4(text):
    try:
        return ipaddress.ip_address(text).version == 4
    except ValueError:
        return False


class Network:
    """What the section asks of the namespace: addresses, packet rules, and who listens where."""

    TRANSPORT = {"timeout", "refused", "unreachable", "denied"}

    def __init__(self, section):
        self.section = section
        resolve = section.get("resolve", {})
        self.names = {name.lower(): Answers(entry) for name, entry in resolve.get("system", {}).items()}
        self.servers = {
            server: {question.lower(): Answers(entry) for question, entry in table.items()}
            if isinstance(table, dict) and "outcome" not in table
            else {"*": Answers(table)}
            for server, table in resolve.items()
            if server not in ("system", "hosts")
        }
        self.addresses = {server for server in self.servers if is_ipv4(server)}
        self.rules = []
        self.listeners = {}
        self.prohibited = set()
        for key, entry in section.get("tcp", {}).items():
            self.add_port(key, Answers(entry), "tcp")
        for key, entry in section.get("kms", {}).items():
            self.add_port(key, Answers(entry), "kms")
        for url, entry in section.get("http", {}).items():
            self.add_url(url, Answers(entry))
        self.add_imds(section.get("imds"))

    def addresses_of(self, host):
        if is_ipv4(host):
            return [host]
        answers = self.names.get(host.lower())
        found = answers.items[-1].get("addresses", []) if answers else []
        return [address for address in found if is_ipv4(address)]

    def add_port(self, key, answers, kind):
        host, port = split_port(key)
        outcomes = answers.outcomes()
        if len(outcomes) > 1 and outcomes & self.TRANSPORT:
            raise CannotStage(f"a sequence that mixes {sorted(map(str, outcomes))} at {key}")
        for address in self.addresses_of(host):
            self.add_address_port((address, port), answers, kind, outcomes)

    def add_address_port(self, place, answers, kind, outcomes):
        address, port = place
        if outcomes == {"denied"}:
            self.prohibited.add(address)
            return
        self.addresses.add(address)
        if "unreachable" in outcomes:
            self.rules.append(f"ip daddr {address} tcp dport {port} reject with icmp type host-unreachable")
        elif "timeout" in outcomes and (kind == "tcp" or place not in self.listeners):
            self.rules.append(f"ip daddr {address} tcp dport {port} drop")
        elif "refused" not in outcomes:
            self.listeners.setdefault(place, {})[kind] = answers

    def add_url(self, url, answers):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http":
            raise CannotStage(f"{parts.scheme}: there is no certificate for {url}")
        for address in self.addresses_of(parts.hostname):
            place = (address, parts.port or 80)
            self.addresses.add(address)
            if answers.outcomes() <= {"timeout"}:
                self.rules.append(f"ip daddr {place[0]} tcp dport {place[1]} drop")
            elif "refused" not in answers.outcomes():
                path = parts.path or "/"
                routes = self.listeners.setdefault(place, {}).setdefault("http", {})
                routes[path + ("?" + parts.query if parts.query else "")] = answers

    def add_imds(self, imds):
        if imds is None:
            return
        self.addresses.add(IMDS[0])
        answers = Answers(imds) if isinstance(imds, str) or "outcome" in imds or "sequence" in imds else None
        if answers and answers.outcomes() & self.TRANSPORT:
            self.add_address_port(IMDS, answers, "tcp", answers.outcomes())
        else:
            self.listeners[IMDS] = {"imds": answers or imds}


# --- the namespace ---


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=30)


def refuse_way_out():
    """Two independent looks: the routing table, and a connect to an address of nobody (TEST-NET-2)."""
    found = subprocess.run(["ip", "-4", "route", "show"], capture_output=True, text=True, timeout=30, check=True)
    if found.stdout.strip():
        sys.exit(f"standins: there is a route out: {found.stdout.strip()}")
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("198.51.100.78", 80)) != 101:  # ENETUNREACH
            sys.exit("standins: 198.51.100.78 is not unreachable: not in a namespace of its own?")


def prepare(network):
    refuse_way_out()
    run("ip", "link", "set", "lo", "up")
    for address in sorted(network.addresses):
        if not ipaddress.ip_address(address).is_loopback:
            run("ip", "address", "replace", f"{address}/32", "dev", "lo")
    for address in sorted(network.prohibited - network.addresses):
        run("ip", "route", "add", "prohibit", f"{address}/32")
    if network.rules:
        rules = "\n".join(network.rules)
        text = f"table inet standins {{ chain input {{ type filter hook input priority 0;\n{rules}\n}}\n}}\n"
        subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True, timeout=30)


# --- DNS ---


def dns_question(packet):
    name, at = [], 12
    while packet[at]:
        length = packet[at]
        name.append(packet[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += length + 1
    (kind,) = struct.unpack_from(">H", packet, at + 1)
    return ".".join(name).lower(), kind, packet[12 : at + 5]


def dns_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"


def dns_records(answer, kind):
    if kind == 33:
        return [
            struct.pack(">HHH", one.get("priority", 0), one.get("weight", 0), one["port"]) + dns_name(one["target"])
            for one in answer.get("services", [])
        ]
    version = {1: 4, 28: 6}.get(kind)
    return [
        ipaddress.ip_address(one).packed
        for one in answer.get("addresses", [])
        if ipaddress.ip_address(one).version == version
    ]


def dns_reply(packet, answer):
    name, kind, question = dns_question(packet)
    outcome = answer.get("outcome") or "answered"
    if outcome == "garbage":
        return packet[:2] + b"\x81\x80\xff\xff\xff\xff not an answer"
    records = dns_records(answer, kind) if outcome == "answered" else []
    head = packet[:2] + struct.pack(">HHHHH", 0x8180 | DNS_CODES.get(outcome, 2), 1, len(records), 0, 0)
    body = b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(one)) + one for one in records)
    return head + question + body


class Dns(asyncio.DatagramProtocol):
    """`find(name, type)` gives the answer, or None for a name nobody scripted: no such name."""

    def __init__(self, find):
        self.find = find

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        name, kind, _ = dns_question(data)
        answer = self.find(name, DNS_TYPES.get(kind, str(kind))) or {"outcome": "no_name"}
        if answer.get("outcome") != "timeout":
            reply = dns_reply(data, answer)
            asyncio.get_running_loop().call_later(
                answer.get("ms", 0) / 1000, self.transport.sendto, reply, addr
            )


def find_system(network):
    def find(name, kind):
        answers = network.names.get(name)
        if answers is None:
            return None
        # A and AAAA of one look-up are one call.
        return answers.take() if kind == "A" else answers.items[min(max(answers.next - 1, 0), len(answers.items) - 1)]

    return find


def find_server(table):
    def find(name, kind):
        answers = table.get(f"{kind} {name}".lower()) or table.get("*")
        return answers.take() if answers else None

    return find


# --- TCP ---


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def until_closed(reader):
    while await reader.read(4096):
        pass


def bind_ack(packet, accepted):
    """The answer to a DCE/RPC bind: NDR 2.0 of the KMS interface, if that is what `accepted` says."""
    call = packet[12:16]
    count = packet[24]
    results, at = b"", 28
    for _ in range(count):
        syntaxes = packet[at + 2]
        interface = packet[at + 4 : at + 20]
        transfer = packet[at + 24 : at + 40]
        fits = accepted and interface == KMS_INTERFACE and transfer == NDR32
        results += struct.pack("<HH", 0, 0) + NDR32 + struct.pack("<I", 2) if fits else struct.pack("<HH", 2, 2) + bytes(20)
        at += 24 + 20 * syntaxes
    address = b"1688\0"
    body = struct.pack("<HHIH", 5840, 5840, 0x1000, len(address)) + address + b"\0" * (-(2 + len(address)) % 4)
    body += struct.pack("<B3x", count) + results
    return b"\x05\0\x0c\x03\x10\0\0\0" + struct.pack("<HH", 16 + len(body), 0) + call + body


async def serve_kms(reader, writer, answer):
    outcome = answer.get("outcome")
    head = await reader.readexactly(16)
    (length,) = struct.unpack_from("<H", head, 8)
    packet = head + await reader.readexactly(max(length, 16) - 16)
    if outcome in ("accepted", "rejected"):
        if head[2] != 11:
            sys.stderr.write("standins: a KMS client sent something else than a bind\n")
        writer.write(bind_ack(packet, outcome == "accepted"))
        await writer.drain()
        await until_closed(reader)
    elif outcome == "garbage":
        writer.write(b"SSH-2.0-not-rpc\r\n")
        await writer.drain()
    elif outcome == "reset":
        reset(writer)
    elif outcome == "timeout":
        await until_closed(reader)


class Clock:
    """The clocks of a document as they stand here: its now is this machine's now."""

    began = None  # the document's now, seconds since 1970
    skew = 0  # how far this machine is ahead of everybody else, seconds

    @classmethod
    def set(cls, clock):
        utc = clock.get("utc")
        cls.began = datetime.datetime.fromisoformat(utc.replace("Z", "+00:00")).timestamp() if utc else None
        cls.skew = clock.get("skewSeconds", 0)

    @classmethod
    def date(cls, word):
        """A Date as a server here sends it: "now" by a right clock, or a time of the document."""
        now = time.time()
        if word == "now":
            return email.utils.formatdate(now - cls.skew, usegmt=True)
        told = datetime.datetime.fromisoformat(word.replace("Z", "+00:00")).timestamp()
        return email.utils.formatdate(told + (now - cls.began if cls.began else 0), usegmt=True)


def http_bytes(answer):
    body = answer.get("body", "")
    body = body if isinstance(body, str) else json.dumps(body)
    raw = body.encode()
    lines = [f"HTTP/1.1 {answer.get('status', 200)} Stand-in", f"Content-Length: {len(raw)}", "Connection: close"]
    if answer.get("contentType"):
        lines.append(f"Content-Type: {answer['contentType']}")
    if "retryAfter" in answer:
        lines.append(f"Retry-After: {answer['retryAfter']}")
    if "date" in answer:
        lines.append(f"Date: {Clock.date(answer['date'])}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def as_pem(certificate):
    """PEM as it is, DER as base64 in lines."""
    if certificate.startswith("-----"):
        return certificate
    return "-----BEGIN CERTIFICATE-----\n" + "\n".join(textwrap.wrap(certificate, 64)) + "\n-----END CERTIFICATE-----\n"


def attested_document(attested, query):
    """As the service puts it: nonce and six hours from a right clock, unless they stand in the content; signed now."""
    now = time.time() - Clock.skew
    stamps = [time.strftime("%m/%d/%y %H:%M:%S -0000", time.gmtime(moment)) for moment in (now, now + 6 * 3600)]
    given = {"nonce": query.get("nonce", [time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))])[0],
             "timeStamp": {"createdOn": stamps[0], "expiresOn": stamps[1]}}
    content = json.dumps({**given, **attested["content"]}).encode()
    with tempfile.TemporaryDirectory() as folder:
        files = {name: f"{folder}/{name}.pem" for name in ("certificate", "key", "extra") if attested.get(name)}
        for name, path in files.items():
            with open(path, "w", encoding="ascii") as file:
                file.write(attested[name] if name == "key" else as_pem(attested[name]))
        extra = ["-certfile", files["extra"]] if "extra" in files else []
        signed = subprocess.run(["openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256",
                                 "-signer", files["certificate"], "-inkey", files["key"], *extra],
                                input=content, stdout=subprocess.PIPE, check=True, timeout=30)
    return {"encoding": "pkcs7", "signature": base64.b64encode(signed.stdout).decode()}


def imds_answer(imds, target, headers):
    """As documented: the header, no forwarding proxy, a known api-version; the tree by path."""
    parts = urllib.parse.urlsplit(target)
    query = urllib.parse.parse_qs(parts.query)
    if headers.get("metadata", "").lower() != "true" or "x-forwarded-for" in headers:
        return {"status": 400, "body": {"error": "Bad request. Required metadata header not specified"}}
    versions = imds.get("versions", [])
    path = [part for part in parts.path.split("/") if part]
    if path == ["metadata", "versions"]:
        return {"status": 200, "body": {"apiVersions": versions}, "contentType": "application/json"}
    if query.get("api-version", [""])[0] not in versions:
        body = {"error": "Bad request. api-version is invalid or was not specified in the request.",
                "newest-versions": versions[::-1]}
        return {"status": 400, "body": body, "contentType": "application/json"}
    attested = imds.get("attested")
    if path == ["metadata", "attested", "document"] and isinstance(attested, dict) and "content" in attested:
        attested = attested_document(attested, query)
    place = {"metadata": {"instance": imds.get("instance"), "loadbalancer": imds.get("loadbalancer"),
                          "attested": {"document": attested}}}
    if path == ["metadata", "loadbalancer"] and isinstance(imds.get("loadbalancer"), dict):
        return {"status": 200, "body": {"loadbalancer": imds["loadbalancer"]} if "loadbalancer" not in imds["loadbalancer"]
                else imds["loadbalancer"], "contentType": "application/json"}
    for part in path:
        place = place.get(part) if isinstance(place, dict) else None
    if place in (None, False):
        return {"status": 404, "body": {"error": "Not found"}, "contentType": "application/json"}
    return {"status": 200, "body": place, "contentType": "application/json; charset=utf-8"}


async def serve_http(reader, writer, how):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    target = head[0].split(" ")[1]
    headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in head[1:] if ":" in line}
    if "imds" in how:
        imds = how["imds"]
        answer = imds.take() if isinstance(imds, Answers) else {"date": "now", **imds_answer(imds, target, headers)}
    else:
        answers = how["http"].get(target)
        answer = answers.take() if answers else {"status": 404, "body": "not scripted"}
    await asyncio.sleep(answer.get("ms", 0) / 1000)
    outcome = answer.get("outcome", "answered")
    if outcome == "answered":
        writer.write(http_bytes(answer))
        await writer.drain()
    elif outcome == "reset":
        reset(writer)
    elif outcome == "garbage":
        writer.write(b"\x00\x01 this is no HTTP\r\n\r\n")
        await writer.drain()
    elif outcome == "timeout":
        await until_closed(reader)


def serve(how):
    async def client(reader, writer):
        try:
            if "imds" in how or "http" in how:
                await serve_http(reader, writer, how)
            elif "kms" in how:
                answer = how["kms"].take()
                await asyncio.sleep(answer.get("ms", 0) / 1000)
                await serve_kms(reader, writer, answer)
            else:
                answer = how["tcp"].take()
                if answer.get("outcome") == "reset":
                    reset(writer)
                elif answer.get("outcome") == "open":
                    await until_closed(reader)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()

    return client


async def listen(network):
    loop = asyncio.get_running_loop()
    finds = {SYSTEM_RESOLVER: find_system(network)}
    finds.update({server: find_server(table) for server, table in network.servers.items() if is_ipv4(server)})
    for server, find in finds.items():
        await loop.create_datagram_endpoint(lambda find=find: Dns(find), local_addr=(server, 53))
    for (address, port), how in network.listeners.items():
        await asyncio.start_server(serve(how), address, port, limit=HEAD_BYTES)


def start(section, clock=None):
    """Prepares the namespace and serves from a thread that ends with the process."""
    Clock.set(clock or {})
    network = Network(section)
    prepare(network)
    ready = threading.Event()
    failed = []

    async def main():
        try:
            await listen(network)
        except Exception as error:  # told to the caller, who waits
            failed.append(error)
        ready.set()
        await asyncio.sleep(BOUND_SECONDS)

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    if not ready.wait(20) or failed:
        raise RuntimeError(f"stand-ins do not start: {failed}")
    return network


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: standins.py MACHINE [--] COMMAND...")
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    start(document.get("network", {}), document.get("clock"))
    command = sys.argv[2:]
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        print("ready", flush=True)
        sys.stdin.read()
        return 0
    return subprocess.run(command, timeout=BOUND_SECONDS, check=False).returncode


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
