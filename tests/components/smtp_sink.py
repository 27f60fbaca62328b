"""Run an SMTP server that keeps what it is given, and fails in the way it is told to.

`SmtpSink` lives in a thread, `SmtpSinkProcess` in a process of its own that can be killed; both
have the same methods to say what they do and to ask what they got.
"""

import abc
import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from tests.components.server import LOOPBACK, Server, ServerError, free_port, wait_until
from tests.components.sink_server import (
    LEDGER_NAME,
    ORDERS_NAME,
    Conduct,
    Orders,
    SinkController,
)

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Received:
    """One accepted message; `mail_from` is empty for the null sender `<>`."""

    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime.datetime
    monotonic_seconds: float


class _Sink(abc.ABC):
    """What both sinks share: the orders they take and the messages they show."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Give the address, as in `smtp://127.0.0.1:2525`."""
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def received(self) -> list[Received]:
        """List the accepted messages, oldest first, also those before a restart."""
        return read_received(self.folder)

    def accept(self) -> None:
        """Take every message; so it is at the start."""
        self._order(Orders())

    def answer_with(self, reply: str, at: Literal["MAIL", "RCPT", "DATA"] = "DATA") -> None:
        """Answer each such command with `reply`, as in `451 4.3.0 Try again later`.

        At DATA the whole message is read first, as a content filter does.
        """
        self._order(Orders(Conduct.ANSWER, reply, at))

    def drop_mid_data(self) -> None:
        """Break the connection after 354 and the first bytes; the message is not accepted."""
        self._order(Orders(Conduct.DROP_MID_DATA))

    def drop_before_answer(self) -> None:
        """Accept the message and break the connection instead of answering 250.

        The client cannot know that it was taken: a repeated message here is no fault of its.
        """
        self._order(Orders(Conduct.DROP_BEFORE_ANSWER))

    def wait_for(self, count: int, timeout_seconds: float = 10.0) -> list[Received]:
        """Return the messages as soon as there are `count`; raise ServerError when there are not.

        The error tells how many there were.
        """
        ledger = self.folder / LEDGER_NAME
        try:
            wait_until(
                lambda: ledger.exists() and ledger.read_bytes().count(b"\n") >= count,
                f"{count} messages have come",
                timeout_seconds,
            )
        except ServerError as error:
            raise ServerError(f"{error}; there are {len(self.received)}") from error
        return self.received

    def forget(self) -> None:
        """Remove all messages received so far."""
        (self.folder / LEDGER_NAME).unlink(missing_ok=True)

    def _order(self, orders: Orders) -> None:
        unfinished = self.folder / f"{ORDERS_NAME}.unfinished"
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(asdict(orders) | {"conduct": orders.conduct.value}))
        unfinished.rename(self.folder / ORDERS_NAME)


class SmtpSink(_Sink):
    """A sink in a thread of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._controller: SinkController | None = None

    def start(self) -> Self:
        """Start to listen, on the same port as before if there was one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self._controller = SinkController(self.folder, self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop to listen; connections are refused until `start`."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def restart(self) -> None:
        """Stop, and start again on the same port."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class SmtpSinkProcess(_Sink, Server):
    """A sink in a process of its own, which can be killed between message and answer."""

    name = "smtp-sink"

    def _prepare(self) -> None:
        pass

    def _command(self) -> Sequence[str]:
        module = "tests.components.sink_server"
        return [sys.executable, "-m", module, str(self.folder.absolute()), str(self.port)]

    def _working_folder(self) -> Path:
        return _ROOT

    def _answers(self) -> bool:
        import smtplib

        try:
            with smtplib.SMTP(LOOPBACK, self.port, timeout=5) as client:
                return client.noop()[0] == 250
        except smtplib.SMTPException:
            return False


def read_received(folder: Path) -> list[Received]:
    """Read what a sink in `folder` has accepted, oldest first; a torn last line is left out."""
    ledger = folder / LEDGER_NAME
    if not ledger.exists():
        return []
    lines = ledger.read_bytes().split(b"\n")[:-1]
    return [_read_entry(folder, line) for line in lines]


def _read_entry(folder: Path, line: bytes) -> Received:
    entry = json.loads(line)
    return Received(
        mail_from=entry["mail_from"],
        recipients=tuple(entry["recipients"]),
        raw=(folder / entry["file"]).read_bytes(),
        at=datetime.datetime.fromisoformat(entry["at"]),
        monotonic_seconds=entry["monotonic_seconds"],
    )
