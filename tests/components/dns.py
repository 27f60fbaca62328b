"""Answer TXT questions by a small name server on loopback, well or in one of many bad ways.

It runs in two threads, one for datagrams and one for streams, and what it says can be changed
while it runs. Names that nobody told it about do not exist.
"""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from tests.components.server import LOOPBACK

TTL_SECONDS = 300
_MAX_DATAGRAM_BYTES = 4096
_STRING_BYTES = 255


class Conduct(Enum):
    """The ways in which a name is answered badly."""

    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENT = "no answer at all"
    GARBAGE = "bytes that are no message"
    WRONG_QUESTION = "the answer to another question"
    WRONG_ID = "the answer to another message"
    OTHER_TYPE = "an address in place of a text"
    HANG_UP = "too long for a datagram, and then the stream ends early"


Texts = Sequence[bytes]
Told = Texts | Conduct | str


class DnsServer:
    """Answer TXT questions on one loopback port, by UDP and TCP.

    `zone` gives for each name (lower case, no dot behind) its records, or a Conduct, or as str the
    name that it is an alias of. Records too long for a datagram come by TCP.
    """

    def __init__(self, zone: Mapping[str, Told] | None = None) -> None:
        self.zone: dict[str, Told] = dict(zone or {})
        self.asked: list[str] = []
        self.port = 0
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._streams = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._streams.bind((LOOPBACK, 0))
        self.port = self._streams.getsockname()[1]
        self._datagrams.bind((LOOPBACK, self.port))
        self._streams.listen()
        for serve in (self._serve_datagrams, self._serve_streams):
            thread = threading.Thread(target=serve, name="dns", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        # A shut socket wakes the thread that waits on it; a closed one may not.
        for each in (self._datagrams, self._streams):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._datagrams.close()
        self._streams.close()

    def _serve_datagrams(self) -> None:
        while True:
            try:
                question, sender = self._datagrams.recvfrom(_MAX_DATAGRAM_BYTES)
            except OSError:
                return
            if not question:
                return

            def send(reply: bytes, to: tuple[str, int] = sender) -> int:
                return self._datagrams.sendto(reply, to)

            # A test that ends before its answer was written has shut the socket.
            with suppress(OSError):
                self._answer(question, send, is_stream=False)

    def _serve_streams(self) -> None:
        while True:
            try:
                connection, _ = self._streams.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                length = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
                question = connection.recv(length, socket.MSG_WAITALL)

                def send(reply: bytes, to: socket.socket = connection) -> int:
                    to.sendall(len(reply).to_bytes(2, "big") + reply)
                    return len(reply)

                self._answer(question, send, is_stream=True)

    def _answer(self, question: bytes, send: Callable[[bytes], int], *, is_stream: bool) -> None:
        query = dns.message.from_wire(question)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        told = self.zone.get(name)
        if told is Conduct.SILENT or (told is Conduct.HANG_UP and is_stream):
            return
        if told is Conduct.GARBAGE:
            send(question[:2] + b"\xff" * 40)
            return
        send(self._reply(query, name, told, is_stream=is_stream))

    def _reply(
        self, query: dns.message.Message, name: str, told: Told | None, *, is_stream: bool
    ) -> bytes:
        if told is Conduct.WRONG_ID:
            query.id ^= 1
        if told is Conduct.WRONG_QUESTION:
            query = dns.message.make_query("other.example", "TXT", id=query.id)
            name, told = "other.example", [b"v=DKIM1; p=other"]
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if told is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif told is Conduct.SERVFAIL:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif told is Conduct.REFUSED:
            reply.set_rcode(dns.rcode.REFUSED)
        elif told is Conduct.HANG_UP:
            reply.flags |= dns.flags.TC
        elif told is Conduct.OTHER_TYPE:
            reply.answer.append(_rrset(name, "A", ["192.0.2.1"]))
        else:
            self._add_chain(reply, name)
        if is_stream:
            return reply.to_wire(max_size=65535)
        try:
            return reply.to_wire(max_size=1232)
        except dns.exception.TooBig:
            short = dns.message.make_response(query)
            short.flags |= dns.flags.TC
            return short.to_wire()

    def _add_chain(self, reply: dns.message.Message, name: str) -> None:
        """Follow aliases as a resolver does, and stop where one comes round again."""
        seen: set[str] = set()
        while isinstance(told := self.zone.get(name), str) and name not in seen:
            seen.add(name)
            reply.answer.append(_rrset(name, "CNAME", [f"{told}."]))
            name = told
        if isinstance(told, str | Conduct) or told is None:
            return
        if told:
            reply.answer.append(_rrset(name, "TXT", [_quoted(text) for text in told]))


def _rrset(name: str, kind: str, values: Sequence[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(dns.name.from_text(name), TTL_SECONDS, "IN", kind, values)


def _quoted(text: bytes) -> str:
    """Write a text as the strings of one record: b"ab" -> '"\\\\097\\\\098"'."""
    pieces = [text[at : at + _STRING_BYTES] for at in range(0, len(text), _STRING_BYTES)] or [b""]
    return " ".join('"' + "".join(f"\\{byte:03d}" for byte in piece) + '"' for piece in pieces)
