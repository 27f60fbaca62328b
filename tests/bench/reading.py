"""Measure what reading a submission costs beside the bare library calls for the same mail.

Run by `python -m tests.bench.reading`. It is processor time of the whole way, from the arrival to
what the documents say, jails included; the floor parses the mail, opens its files and draws their
pages, in this process and in the same run. A rule that is added to reading raises the multiple, so
compare it with that of the release before.
"""

import io
import os
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import magic
import pikepdf
from PIL import Image

from intake.pipeline.read_documents import read_documents
from intake.safe_copies.make import make_safe_copies
from intake.sandbox import Duty, JailPool
from tests.bench.documents import DOCX, JPEG, PDF, TICKS, WORDS, scan
from tests.bench.rendering import bare
from tests.bench.timing import letter
from tests.components.server import descendants
from tests.intake.sandbox.office.samples import docx
from tests.intake.sandbox.samples import picture
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import referral
from tests.support.building import ScriptedScanner, make_services, make_worker_services
from tests.support.desk import Desk

ROUNDS = 6
# People say something else in each letter; only a program's note is compared word by word.
SAID = ("först", "sedan", "därefter", "senare", "igen", "därtill", "slutligen")
PARAGRAPH = "<p class=MsoNormal><span lang=SV>Hon är orolig &amp; ber om ett svar i dag.</span></p>"
HTML = (
    f"<html><body>{PARAGRAPH * 40}<blockquote type=cite>{PARAGRAPH * 40}</blockquote></body></html>"
)


@dataclass(frozen=True)
class Kind:
    """One kind of everyday mail; `write` makes a mail of its own for each number."""

    name: str
    write: Callable[[str], bytes]


def main() -> None:
    """Measure and print."""
    families = ((Duty.MAIL,), (Duty.DOCUMENTS,), (Duty.PICTURES,))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(JailPool(1, allow_reduced=False, families=families)) as jails,
    ):
        services = make_services(Path(folder))
        with closing(services.database):
            jails.start()
            desk = Desk(make_worker_services(services, jails, scanner=ScriptedScanner()))
            desk.register()
            show(desk)


def show(desk: Desk) -> None:
    """Print each kind's processor time and its multiple of the floor, and those of the whole."""
    whole = floor = 0.0
    for kind in kinds():
        ours = theirs = 0.0
        for number in range(ROUNDS + 1):
            raw = kind.write(f"{kind.name}, {SAID[number]}")
            spent, least = measured(partial(read, desk, raw)), measured(partial(call_bare, raw))
            # The first of a kind loads what all others find loaded.
            ours, theirs = ours + spent * (number > 0), theirs + least * (number > 0)
        print(
            f"reading {kind.name:24} {1000 * ours / ROUNDS:6.1f} ms of a processor, "
            f"bare calls {1000 * theirs / ROUNDS:6.1f}: {ours / theirs:5.2f} times"
        )
        whole, floor = whole + ours, floor + theirs
    print(f"reading one of each: {whole / floor:.2f} times the bare calls")


def kinds() -> list[Kind]:
    """Return the mixed set."""
    page, photo, scanned = letter(1), picture("JPEG", size=(4000, 3000)), scan()
    archive = plain_zip({"a.pdf": letter(1), "b.pdf": letter(2)})
    return [
        Kind("a letter alone", _with()),
        Kind("a letter as HTML", lambda token: referral(token=token, html=_html(token))),
        Kind("a PDF of 3 pages", _with(("a.pdf", PDF, letter(3)))),
        Kind("HTML and a PDF", lambda token: referral(
            token=token, html=_html(token), attachments=[("a.pdf", PDF, page)])),
        Kind("a scan", _with(("scan.pdf", PDF, scanned))),
        Kind("a photograph of 12 Mpx", _with(("IMG_1.jpg", JPEG, photo))),
        Kind("a DOCX, as words", _with(("a.docx", DOCX, docx(WORDS * 60)))),
        Kind("a ZIP of 2 PDFs", _with(("a.zip", "application/zip", archive))),
        Kind("a forwarded mail", _forwarded),
    ]  # fmt: skip


def _html(token: str) -> str:
    return f"{HTML}<p>{token}</p>"


def _with(*attachments: tuple[str, str, bytes]) -> Callable[[str], bytes]:
    return lambda token: referral(token=token, attachments=attachments)


def _forwarded(token: str) -> bytes:
    inner = referral(token=token, attachments=[("a.pdf", PDF, letter(1))])
    message = message_from_bytes(referral(token=token), policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.add_attachment(message_from_bytes(inner, policy=policy.SMTP))
    return message.as_bytes()


def read(desk: Desk, raw: bytes) -> None:
    """Take a mail its whole way, as a worker does."""
    submission_id = desk.handle(raw)
    make_safe_copies(desk.worker_services.copies, submission_id)
    read_documents(desk.worker_services, submission_id)


def call_bare(raw: bytes) -> None:
    """Parse a mail, and open and draw its files, as the libraries do without any of our code.

    Nothing is packed: how long that takes hangs on the packing alone, and would hide all else.
    """
    for part in message_from_bytes(raw, policy=policy.SMTP).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            _open_bare(content)


def _open_bare(content: bytes) -> None:
    kind = magic.from_buffer(content[:4096], mime=True)
    if kind == PDF:
        with pikepdf.open(io.BytesIO(content)) as opened:
            len(opened.pages)
        list(bare(content))
    elif kind == JPEG:
        Image.open(io.BytesIO(content)).load()
    elif kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                _open_bare(archive.read(member))


def measured(call: Callable[[], object]) -> float:
    """Return the processor time of a call in this process and all below it, ended ones too."""
    before = _cpu_seconds()
    call()
    return _cpu_seconds() - before


def _cpu_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    below = sum(map(_of_process, descendants(os.getpid())))
    return time.process_time() + ended.ru_utime + ended.ru_stime + below


def _of_process(process: int) -> float:
    """Return the time of a process and its ended children; the kernel counts in hundredths."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    main()
