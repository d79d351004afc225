#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Servers that misbehave, each in one way, on loopback and ports of the system's choice.

server.py COMMAND ARGUMENT...   runs the command with AZMEND_NET_<NAME>=port for each server, and ends with its exit code.
server.py                       prints the ports as JSON and serves until stdin closes.
"""
import json
import os
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time

LOOPBACK = "127.0.0.1"
DRIP_SECONDS = 0.02
LAST_SECONDS = 20  # no handler outlives this: the tests are over by then


def reset(conn):
    """Closes with RST instead of FIN."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def hold(conn):
    """Says nothing until the other side goes away."""
    conn.settimeout(LAST_SECONDS)
    while conn.recv(4096):
        pass


def drip(conn, data, seconds=DRIP_SECONDS):
    for i in range(len(data)):
        conn.sendall(data[i:i + 1])
        time.sleep(seconds)


def flood(conn, block):
    """The same bytes without an end."""
    end = time.monotonic() + LAST_SECONDS
    while time.monotonic() < end:
        conn.sendall(block)


# --- HTTP: the path says what goes wrong ---------------------------------------------------------

DATE = "Tue, 15 Nov 1994 08:12:31 GMT"


def answer(status, body=b"", *headers):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def chunked(*chunks):
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


HTTP_BYTES = {
    "/missing": answer("404 Not Found", b"none"),
    "/busy": answer("429 Too Many Requests", b"", "Retry-After: 7"),
    "/busy-date": answer("503 Service Unavailable", b"", "Retry-After: " + DATE),
    "/busy-forever": answer("503 Service Unavailable", b"", "Retry-After: 9999999999999999999"),
    "/redirect": answer("302 Found", b"", "Location: /right"),
    "/bad-date": answer("200 OK", b"x", "Date: yesterday"),
    "/empty": answer("200 OK"),
    "/nul": answer("200 OK", b"a\0b"),
    "/exact": answer("200 OK", b"x" * 1000),
    "/one-more": answer("200 OK", b"x" * 1001),
    "/length-lie": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx",
    "/length-junk": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
    "/partial": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.",
    "/no-length": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end",
    "/half-header": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "/one-header": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
    "/chunked": chunked(b"first,", b"second"),
    "/bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "/half-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf",
    "/interim": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer("200 OK", b"after"),
    "/interim-only": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
    "/junk-behind": answer("200 OK", b"whole") + b"HTTP/1.1 500 Junk\r\n\r\n",
    "/version-0.9": b"<html>no status line at all</html>",
    "/garbage": bytes(range(1, 256)),
    "/version-9": b"HTTP/9.9 200 OK\r\nContent-Length: 1\r\n\r\nx",
    "/close": b"",
}


def http_right(conn, request):
    """Gives the request back, so that the test can read what was sent."""
    conn.sendall(answer("200 OK", request, "Content-Type: application/json; charset=utf-8", "Date: " + DATE))


def http_huge(conn, _):
    conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    flood(conn, b"x" * 65536)


def http_huge_chunks(conn, _):
    conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    flood(conn, b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


def http_huge_headers(conn, _):
    conn.sendall(b"HTTP/1.1 200 OK\r\n")
    flood(conn, b"X-Filler: " + b"x" * 1000 + b"\r\n")


def http_huge_header(conn, _):
    conn.sendall(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    flood(conn, b"x" * 1000)


def http_interim_for_ever(conn, _):
    flood(conn, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def http_drip(conn, _):
    drip(conn, answer("200 OK", b"x" * 900))


def http_header_drip(conn, _):
    drip(conn, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 900)


def http_reset(conn, _):
    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.")
    time.sleep(0.1)
    reset(conn)


HTTP_HANDLERS = {
    "/right": http_right,
    "/huge": http_huge,
    "/huge-chunks": http_huge_chunks,
    "/huge-headers": http_huge_headers,
    "/huge-header": http_huge_header,
    "/interim-for-ever": http_interim_for_ever,
    "/drip": http_drip,
    "/header-drip": http_header_drip,
    "/reset": http_reset,
    "/silent": lambda conn, _: hold(conn),
}


def serve_http(conn):
    request = b""
    while b"\r\n\r\n" not in request:
        part = conn.recv(4096)
        if not part:
            return
        request += part
    path = request.split(b" ")[1].decode()
    if path in HTTP_BYTES:
        conn.sendall(HTTP_BYTES[path])
    else:
        HTTP_HANDLERS[path](conn, request)


# --- DCE/RPC, from C706 chapter 12 and [MS-RPCE] 2.2.2 -----------------------------------------------

KMS = bytes.fromhex("7521c851 4e84 5047 b0d8 ec255555bc06 01000000")
NDR = bytes.fromhex("045d888a eb1c c911 9fe8 08002b104860 02000000")
NDR_BIG = bytes.fromhex("8a885d04 1ceb 11c9 9fe8 08002b104860 00000002")
ACCEPTED, USER_REJECTION, PROVIDER_REJECTION = 0, 1, 2


def read_bind(conn):
    """The call id of the one bind a KMS probe sends; anything else gets no answer."""
    data = b""
    while len(data) < 72:
        part = conn.recv(72 - len(data))
        if not part:
            return None
        data += part
    version, minor, kind, flags, drep, length, auth, call = struct.unpack_from("<BBBB4sHHI", data)
    header_is_right = (version, minor, kind, flags, length, auth) == (5, 0, 11, 3, 72, 0) and drep[0] >> 4 == 1
    contexts, context, syntaxes = struct.unpack_from("<B3xHBx", data, 24)
    context_is_right = (contexts, context, syntaxes) == (1, 0, 1) and data[32:52] == KMS and data[52:72] == NDR
    return call if header_is_right and context_is_right else None


def pdu(kind, call, body, flags=3, big=False):
    order = ">" if big else "<"
    return struct.pack(order + "BBBB4sHHI", 5, 0, kind, flags, bytes([0 if big else 0x10, 0, 0, 0]),
                       16 + len(body), 0, call) + body


def bind_ack(call, result=ACCEPTED, reason=0, syntax=NDR, address=b"1688\0", tail=b"", big=False):
    order = ">" if big else "<"
    body = struct.pack(order + "HHIH", 4096, 4096, 0x1234, len(address)) + address
    body += b"\0" * (-(16 + len(body)) % 4)
    body += struct.pack(order + "BxxxHH", 1, result, reason) + syntax + tail
    return pdu(12, call, body, big=big)


def bind_nak(call):
    return pdu(13, call, struct.pack("<HBBB", 4, 1, 5, 0))


def fault(call):
    return pdu(3, call, struct.pack("<IHBxI4x", 0, 0, 0, 0x1C010003))


RPC_REPLIES = {
    "accept": bind_ack,
    "accept_without_address": lambda call: bind_ack(call, address=b""),
    "accept_big_endian": lambda call: bind_ack(call, syntax=NDR_BIG, big=True),
    "reject": lambda call: bind_ack(call, PROVIDER_REJECTION, 1, bytes(20)),
    "user_reject": lambda call: bind_ack(call, USER_REJECTION, 0, bytes(20)),
    "nak": bind_nak,
    "fault": fault,
    "wrong_call": lambda call: bind_ack(call + 1),
    "wrong_syntax": lambda call: bind_ack(call, syntax=KMS),
    "wrong_length": lambda call: bind_ack(call, tail=bytes(8)),
    "half": lambda call: bind_ack(call)[:30],
}


def rpc_server(reply):
    def serve(conn):
        call = read_bind(conn)
        if call is not None:
            conn.sendall(reply(call))
    return serve


def serve_rpc_drip(conn):
    call = read_bind(conn)
    if call is not None:
        drip(conn, bind_ack(call), 0.005)
        hold(conn)


def serve_rpc_slow(conn):
    call = read_bind(conn)
    if call is not None:
        drip(conn, bind_ack(call), 0.2)


# --- bare TCP --------------------------------------------------------------------------------------------

def serve_reset(conn):
    conn.recv(1)
    reset(conn)


def serve_close(conn):
    conn.recv(4096)


def serve_garbage(conn):
    conn.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    hold(conn)


def serve_rpc_garbage(conn):
    """Starts like an RPC server, then claims more than any answer to a bind has."""
    conn.sendall(pdu(12, 1, b"")[:8] + b"\xff\xff\0\0\1\0\0\0")
    hold(conn)


TCP_SERVERS = {
    "HTTP": serve_http,
    "SILENT": hold,
    "RESET": serve_reset,
    "RESET_AT_ONCE": reset,
    "CLOSE": serve_close,
    "GARBAGE": serve_garbage,
    "RPC_GARBAGE": serve_rpc_garbage,
    "RPC_DRIP": serve_rpc_drip,
    "RPC_SLOW": serve_rpc_slow,
    **{"RPC_" + name.upper(): rpc_server(reply) for name, reply in RPC_REPLIES.items()},
}


# --- DNS: the first label of the name says what comes -----------------------------------------------------

A, CNAME, SOA, AAAA, SRV = 1, 5, 6, 28, 33
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, REFUSED = 0, 1, 2, 3, 5


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(name, kind, data):
    return name + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def v4(number):
    return socket.inet_aton(f"192.0.2.{number}")


def srv(priority, weight, port, target):
    return struct.pack(">HHH", priority, weight, port) + wire_name(target)


SAME = b"\xc0\x0c"  # a pointer to the question's name


def records_of(label, kind):
    """The answer section: a list of records."""
    if label == "v6":
        return [record(SAME, AAAA, socket.inet_pton(socket.AF_INET6, "2001:DB8:0:0:0:0:0:1"))] if kind == AAAA else []
    if label == "srv":
        rows = [srv(20, 5, 1688, "b.kms.test"), srv(10, 1, 1688, "c.kms.test"), srv(10, 9, 1689, "a.kms.test")]
        return [record(SAME, SRV, row) for row in rows] if kind == SRV else []
    if label in ("many", "truncated"):
        return [record(SAME, A, v4(number)) for number in range(40, 0, -1)]
    if label == "alias":
        return [record(SAME, CNAME, wire_name("real.test")), record(wire_name("real.test"), A, v4(7))]
    if label == "loop":
        return [record(SAME, CNAME, wire_name("loop2.test")), record(wire_name("loop2.test"), CNAME, SAME)]
    if label == "self":
        return [record(SAME, CNAME, SAME)]
    if label == "pointer":
        return [record(b"\xc0\x1e", A, v4(1))]  # points into itself
    if label == "twice":
        return [record(SAME, A, v4(9)), record(SAME, A, v4(9))]
    if label == "nodata":
        return []
    return [record(SAME, A, v4(3)), record(SAME, A, v4(1)), record(SAME, A, v4(2))] if kind == A else []


RCODES = {"nxdomain": NXDOMAIN, "servfail": SERVFAIL, "refused": REFUSED, "formerr": FORMERR}


class Dns:
    def __init__(self):
        self.seen = {}

    def reply(self, query, is_tcp):
        """Bytes for a query, or None."""
        ident, flags = struct.unpack_from(">HH", query)
        end = query.index(b"\0", 12) + 5
        question, label = query[12:end], query[13:13 + query[12]].decode().lower()
        kind = struct.unpack_from(">H", query, end - 4)[0]
        self.seen[label] = self.seen.get(label, 0) + 1
        if label == "dead" or (label == "lost" and self.seen[label] == 1):
            return None
        if label == "junk":
            return b"\xff" * 40
        if label == "short":
            return query[:12] + b"\x03"
        if label == "wrongid":
            ident ^= 0x5555
        records = [] if label in RCODES else records_of(label, kind)
        is_cut = label in ("truncated", "cut") and not is_tcp
        header = struct.pack(">HHHHHH", ident, 0x8180 | (flags & 0x100) | (0x200 if is_cut else 0) | RCODES.get(label, NOERROR),
                             1, 0 if is_cut else len(records), 0, 0)
        if label == "otherquestion":
            question = wire_name("elsewhere.test") + question[-4:]
        if label == "lies":
            header = header[:6] + struct.pack(">H", 200) + header[8:]
        return header + question + (b"" if is_cut else b"".join(records))

    def serve_tcp(self, conn):
        size = conn.recv(2, socket.MSG_WAITALL)
        query = conn.recv(struct.unpack(">H", size)[0], socket.MSG_WAITALL)
        if query[13:16] == b"cut":
            return
        data = self.reply(query, True)
        if data is not None:
            conn.sendall(struct.pack(">H", len(data)) + data)
            hold(conn)

    def serve_udp(self, server):
        while True:
            query, peer = server.recvfrom(4096)
            data = self.reply(query, False)
            if data is not None:
                server.sendto(data, peer)


# --- running them -----------------------------------------------------------------------------------------

class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, serve, address=(LOOPBACK, 0)):
        super().__init__(address, None)
        self.serve = serve
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        try:
            self.serve(request)
        except OSError:
            pass  # the other side went away, as it should

    def shutdown_request(self, request):
        try:
            request.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        request.close()


def start_dns():
    """UDP and TCP on one port."""
    dns = Dns()
    tcp = Server(dns.serve_tcp)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(tcp.server_address)
    threading.Thread(target=dns.serve_udp, args=(udp,), daemon=True).start()
    return tcp.server_address[1]


def start_closed(keep):
    """A port nobody listens on, kept so that nobody else gets it."""
    closed = socket.socket()
    closed.bind((LOOPBACK, 0))
    keep.append(closed)
    return closed.getsockname()[1]


def start_full(keep):
    """A listener whose queue is full: further SYNs are dropped."""
    listener = socket.socket()
    listener.bind((LOOPBACK, 0))
    listener.listen(0)
    keep.append(listener)
    for _ in range(3):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
        keep.append(filler)
    return listener.getsockname()[1]


def start_all(keep):
    ports = {name: Server(serve).server_address[1] for name, serve in TCP_SERVERS.items()}
    ports["DNS"] = start_dns()
    ports["CLOSED"] = start_closed(keep)
    ports["FULL"] = start_full(keep)
    return ports


def main():
    keep = []
    ports = start_all(keep)
    if len(sys.argv) == 1:
        print(json.dumps(ports), flush=True)
        sys.stdin.read()
        return 0
    variables = {"AZMEND_NET_" + name: str(port) for name, port in ports.items()}
    hostile = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "ALL_PROXY": "socks5://127.0.0.1:9"}
    return subprocess.run(sys.argv[1:], env={**os.environ, **hostile, **variables}, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
