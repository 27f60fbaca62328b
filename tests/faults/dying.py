"""Run a process of ours that dies by SIGKILL at one persistence boundary.

Run as `python -m tests.faults.dying ROLE BOUNDARY NTH [WORD]` with the settings in the
environment; with a WORD, only drawing a content that holds the word passes a boundary. Nothing of
ours is patched: a boundary is a wrapper around a real part, handed in where the part would be, or
a hook of SQLAlchemy.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from intake.bootstrap import build_services
from intake.core.services import Services
from intake.core.settings import MailboxSettings, SmtpSettings, read_settings
from intake.pipeline import engine, work_queue
from intake.pipeline.build_worker import build_worker_services
from intake.sandbox import Rendition
from intake.sandbox.interface import Jails
from mailbox.imap import RemoteMailbox, open_mailbox
from mailbox.poller import poll_once
from mailbox.sender import send_once
from mailbox.smtp import Answer, SmtpConnection, open_smtp
from storage.blobs.blobs import Backend, BlobStore
from wsgi import MAIL_TEXTS

POLLER_BOUNDARIES = (
    "after_fetch",
    "before_blob",
    "after_blob",
    "before_commit",
    "after_commit",
    "before_move",
    "after_move",
)
WORKER_BOUNDARIES = ("before_blob", "after_blob", "before_commit", "after_commit")
# Boundaries while a safe copy is made; those of storage count from the first drawing on.
COPY_BOUNDARIES = (
    "before_drawing",
    "after_drawing",
    *(f"copy_{each}" for each in WORKER_BOUNDARIES),
)
SENDER_BOUNDARIES = (
    "before_commit",
    "after_commit",
    "before_deliver",
    "after_deliver",
)


class Death:
    """Counts how often one boundary is passed, and ends the process at the nth time."""

    def __init__(self, boundary: str, nth: int) -> None:
        self._boundary = boundary
        self._left = nth
        self._prefix = ""
        self._lock = threading.Lock()

    def begin(self, phase: str) -> None:
        """Name later boundaries by a phase: `before_blob` becomes `copy_before_blob`."""
        self._prefix = f"{phase}_"

    def at(self, boundary: str) -> None:
        """Pass a boundary, perhaps for the last time."""
        if self._prefix + boundary != self._boundary:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingBackend:
    """A blob backend around the real one."""

    def __init__(self, real: Backend, death: Death) -> None:
        self._real = real
        self._death = death

    def put_all(self, items: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Store for real, with a boundary on each side."""
        self._death.at("before_blob")
        self._real.put_all(items)
        self._death.at("after_blob")

    def get(self, key: str) -> Iterator[bytes]:
        """Read for real."""
        return self._real.get(key)

    def delete(self, key: str) -> None:
        """Delete for real."""
        self._real.delete(key)

    def listing(self) -> Iterator[tuple[str, float]]:
        """List for real."""
        return self._real.listing()


class DyingRenderers:
    """The jails that draw, around the real ones; everything else passes through."""

    def __init__(self, real: Jails, death: Death, word: bytes) -> None:
        self._real = real
        self._death = death
        self._word = word

    def __getattr__(self, name: str) -> Any:  # Any: stands for whatever the real one has
        return getattr(self._real, name)

    def render(self, content: bytes, detected_type: str) -> Rendition:
        """Draw for real, with a boundary on each side; what follows is the copy's storing."""
        if self._word not in content:
            return self._real.render(content, detected_type)
        self._death.at("before_drawing")
        rendition = self._real.render(content, detected_type)
        self._death.at("after_drawing")
        self._death.begin("copy")
        return rendition


class DyingMailbox:
    """A remote mailbox around the real one; everything else passes through."""

    def __init__(self, real: RemoteMailbox, death: Death) -> None:
        self._real = real
        self._death = death

    def __getattr__(self, name: str) -> Any:  # Any: stands for whatever the real one has
        return getattr(self._real, name)

    def __enter__(self) -> "DyingMailbox":
        self._real.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:  # Any: handed on as given
        self._real.__exit__(*error)

    def whole(self, uids: list[int]) -> dict[int, bytes]:
        """Fetch for real, then perhaps die with the bytes only in memory."""
        found = self._real.whole(uids)
        self._death.at("after_fetch")
        return found

    def move(self, uids: list[int], folder: str) -> None:
        """Move for real, with a boundary on each side."""
        self._death.at("before_move")
        self._real.move(uids, folder)
        self._death.at("after_move")


class DyingSmtp:
    """An SMTP connection around the real one."""

    def __init__(self, real: SmtpConnection, death: Death) -> None:
        self._real = real
        self._death = death

    def __getattr__(self, name: str) -> Any:  # Any: stands for whatever the real one has
        return getattr(self._real, name)

    def deliver(
        self, recipient: str, content: bytes, keep: Callable[[], None], **asked: Any
    ) -> Answer:
        """Deliver for real, with a boundary before DATA and one after the 250."""
        self._death.at("before_deliver")
        answer = self._real.deliver(recipient, content, keep, **asked)
        self._death.at("after_deliver")
        return answer


def run(role: str, death: Death, word: bytes = b"") -> None:
    """Run one role until it has nothing to do, or dies."""
    services = build_services(read_settings(os.environ))
    services = replace(services, blobs=BlobStore(DyingBackend(services.blobs.backend, death)))
    event.listen(Session, "before_commit", lambda _session: death.at("before_commit"))
    event.listen(Session, "after_commit", lambda _session: death.at("after_commit"))
    if role == "poll":
        _poll(services, death)
    elif role == "work":
        _work(services, death, word)
    else:
        send_once(services, connect=lambda settings: _smtp(settings, death))


def _poll(services: Services, death: Death) -> None:
    def connect(mailbox: MailboxSettings) -> RemoteMailbox:
        return DyingMailbox(open_mailbox(mailbox), death)  # type: ignore[return-value] # a stand-in

    poll_once(services, services.settings.mailboxes[0], connect)


def _smtp(settings: SmtpSettings, death: Death) -> SmtpConnection:
    return DyingSmtp(open_smtp(settings), death)  # type: ignore[return-value] # a stand-in


def _work(services: Services, death: Death, word: bytes) -> None:
    queue = work_queue.IntakeQueue(services.database)
    worker_services = build_worker_services(services, MAIL_TEXTS)
    renderers: Any = DyingRenderers(
        worker_services.renderers, death, word
    )  # Any: a stand-in for all of it
    worker = engine.Worker(replace(worker_services, renderers=renderers), queue, slot="1")
    worker.start()
    while not worker.is_idle():
        time.sleep(0.1)
    worker.stop()


if __name__ == "__main__":
    run(sys.argv[1], Death(sys.argv[2], int(sys.argv[3])), "".join(sys.argv[4:]).encode())
