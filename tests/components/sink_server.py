"""Serve the SMTP sink: answer each command as ordered, and keep messages.

It imports aiosmtpd's controller and server but not its handlers, which want the standard library's
`mailbox`, which this project's package hides. Orders are read from a file at every command, so
that they can change while it runs and from another process. A message is written and synced to
disk before it is answered with 250.

`python -m tests.components.sink_server FOLDER PORT` runs it alone, from the project's root.
"""

import asyncio
import datetime
import json
import os
import sys
import threading
import time
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.components.server import LOOPBACK

ORDERS_NAME = "orders.json"
LEDGER_NAME = "received.jsonl"


class Conduct(Enum):
    """The ways in which the sink treats a message."""

    ACCEPT = "accept"
    ANSWER = "answer"
    DROP_MID_DATA = "drop mid data"
    DROP_BEFORE_ANSWER = "drop before answer"


@dataclass(frozen=True)
class Orders:
    """What the sink is told to do; `reply` and `at` belong to ANSWER."""

    conduct: Conduct = Conduct.ACCEPT
    reply: str = ""
    at: str = "DATA"


class _Handler:
    """Keeps messages; aiosmtpd calls the methods by their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    @property
    def orders(self) -> Orders:
        try:
            told = json.loads((self._folder / ORDERS_NAME).read_text())
        except FileNotFoundError:
            return Orders()
        return replace(Orders(**told), conduct=Conduct(told["conduct"]))

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self._reply_at("MAIL"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self._reply_at("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if reply := self._reply_at("DATA"):
            return reply
        self._keep(envelope)
        if self.orders.conduct is Conduct.DROP_BEFORE_ANSWER:
            _break_off(server)
        return "250 OK"

    def _reply_at(self, command: str) -> str:
        orders = self.orders
        return orders.reply if orders.conduct is Conduct.ANSWER and orders.at == command else ""

    def _keep(self, envelope: Envelope) -> None:
        """Write the message, then its line in the ledger: a line always has its message."""
        raw = bytes(envelope.original_content or b"")
        now = datetime.datetime.now(datetime.UTC)
        entry = {
            "mail_from": (envelope.mail_from or "").removeprefix("<").removesuffix(">"),
            "recipients": envelope.rcpt_tos,
            "file": f"{time.time_ns()}-{os.getpid()}.eml",
            "at": now.isoformat(),
            "monotonic_seconds": time.monotonic(),
        }
        with self._lock:
            _append_synced(self._folder / str(entry["file"]), raw)
            _append_synced(self._folder / LEDGER_NAME, json.dumps(entry).encode() + b"\n")


class _Server(SMTP):
    """aiosmtpd's server with the one fault that a handler cannot make."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        if self.event_handler.orders.conduct is not Conduct.DROP_MID_DATA:
            await super().smtp_DATA(arg)
            return
        await self.push("354 Send, but not to the end")
        await self._reader.read(1)
        _break_off(self)


class SinkController(Controller):
    """A sink in a thread; `start` and `stop` are aiosmtpd's."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(_Handler(folder), hostname=LOOPBACK, port=port)

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


def _break_off(server: SMTP) -> None:
    transport = server.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _append_synced(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _main(folder: Path, port: int) -> None:
    controller = SinkController(folder, port)
    controller.start()
    try:
        threading.Event().wait()
    finally:
        controller.stop()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
