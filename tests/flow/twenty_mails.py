"""Make twenty mails of different shapes, each with what must come of it.

All carry the Authentication-Results that our own mail server would have put on top.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mailbox.demo.eicar import eicar
from tests.flow.installation import AUTHSERV_ID, COORDINATOR
from tests.samples.mail.bounces import bounce
from tests.samples.mail.mails import prepend, referral, tiny_jpeg, tiny_pdf, tiny_png
from tests.samples.mail.mime_ambiguity import infected_zip

Answer = Literal["receipt", "acknowledgement", "silence"]
# Not under .example, where its name would contain that of the coordinator's domain.
STRANGER = "somebody@elsewhere.test"
# What a server of ours says of a mail whose From domain passed DMARC (RFC 8601).
PASSES = "Authentication-Results: {id}; dmarc=pass (p=reject) header.from={domain}"
MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Shape:
    """One mail and what must come of it; `states` are the states of its attachments."""

    name: str
    raw: bytes
    verdict: str
    answer: Answer
    queue: str
    states: tuple[str, ...] = field(default=())


def passed(raw: bytes, domain: str = "example.org") -> bytes:
    """Put our own server's DMARC pass on top of a message."""
    return prepend(raw, PASSES.format(id=AUTHSERV_ID, domain=domain))


def _from_coordinator(name: str, **arguments: object) -> bytes:
    raw = referral(COORDINATOR, message_id=f"<{name}@example.org>", **arguments)  # type: ignore[arg-type] # passed on as given
    return passed(raw)


def twenty(corpus: Path) -> list[Shape]:
    """Return the twenty; four of them come from the public corpora."""
    pdf = ("Remiss.pdf", "application/pdf", tiny_pdf("remiss"))
    photo = ("foto.jpg", "image/jpeg", tiny_jpeg("foto"))
    infected = ("eicar.txt", "text/plain", eicar())
    return [
        Shape(
            "one-pdf",
            _from_coordinator("a1", attachments=[pdf]),
            "registered",
            "receipt",
            "Q2",
            ("CLEAN",),
        ),
        Shape(
            "three-files",
            _from_coordinator(
                "a2", attachments=[pdf, photo, ("p.png", "image/png", tiny_png("p"))]
            ),
            "registered",
            "receipt",
            "Q2",
            ("CLEAN",) * 3,
        ),
        Shape(
            "no-attachment", _from_coordinator("a3", subject="Fråga"), "registered", "receipt", "Q2"
        ),
        Shape(
            "html-and-text",
            _from_coordinator("a4", html="<p>Hej</p>", attachments=[pdf]),
            "registered",
            "receipt",
            "Q2",
            ("CLEAN",),
        ),
        Shape(
            "urgent",
            _from_coordinator("a5", subject="AKUT: betänketid", attachments=[pdf]),
            "registered",
            "receipt",
            "Q1",
            ("CLEAN",),
        ),
        Shape(
            "infected",
            _from_coordinator("a6", attachments=[infected, pdf]),
            "registered",
            "receipt",
            "Q6",
            ("INFECTED", "CLEAN"),
        ),
        Shape(
            "infected-zip",
            _from_coordinator("a7", attachments=[("a.zip", "application/zip", infected_zip())]),
            "registered",
            "receipt",
            "Q6",
            ("INFECTED",),
        ),
        Shape(
            "docx",
            _from_coordinator(
                "a8",
                attachments=[
                    (
                        "a.docx",
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                        b"PK\x03\x04" + b"\0" * 40,
                    )
                ],
            ),
            "registered",
            "receipt",
            "Q2",
            ("HELD",),
        ),
        Shape(
            "unknown-case-code",
            _from_coordinator("a9", reference="K7M-4QX-9T"),
            "registered",
            "receipt",
            "Q3",
        ),
        Shape(
            "stranger",
            referral(STRANGER, message_id="<b1@elsewhere.example>", attachments=[pdf]),
            "unknown",
            "acknowledgement",
            "Q3",
            ("CLEAN",),
        ),
        Shape(
            "stranger-names-a-case",
            referral(STRANGER, message_id="<b2@elsewhere.example>", reference="K7M-4QX-9T"),
            "unknown",
            "acknowledgement",
            "Q4",
        ),
        Shape(
            "forged-coordinator",
            referral(COORDINATOR, message_id="<b3@example.org>", attachments=[pdf]),
            "unverified",
            "acknowledgement",
            "Q4",
            ("CLEAN",),
        ),
        Shape(
            "forged-result",
            prepend(
                referral(COORDINATOR, message_id="<b4@example.org>"),
                f"Authentication-Results: {AUTHSERV_ID}; dmarc=fail header.from=example.org",
                PASSES.format(id=AUTHSERV_ID, domain="example.org"),
            ),
            "unverified",
            "silence",
            "Q4",
        ),
        Shape(
            "out-of-office",
            passed(
                referral(
                    COORDINATOR,
                    message_id="<c1@example.org>",
                    subject="Autosvar",
                    headers=[("Auto-Submitted", "auto-replied")],
                )
            ),
            "registered",
            "silence",
            "Q3",
        ),
        Shape("bounce", bounce(), "unknown", "silence", "Q3"),
        Shape(
            "too-large",
            _from_coordinator(
                "c3", attachments=[("stor.pdf", "application/pdf", tiny_pdf("stor", MAX_BYTES))]
            ),
            "registered",
            "receipt",
            "Q2",
        ),
        Shape(
            "from-corpus-1",
            _corpus(corpus, "mikel/rfc2822/example01.eml"),
            "unknown",
            "acknowledgement",
            "Q3",
        ),
        Shape(
            "from-corpus-2",
            _corpus(corpus, "mikel/mime_emails/raw_email7.eml"),
            "unknown",
            "acknowledgement",
            "Q3",
        ),
        Shape(
            "from-corpus-3",
            _corpus(corpus, "mikel/attachment_emails/attachment_content_disposition.eml"),
            "unknown",
            "acknowledgement",
            "Q3",
        ),
        Shape(
            "from-corpus-4",
            _corpus(corpus, "mikel/multi_charset/japanese.eml"),
            "unknown",
            "acknowledgement",
            "Q3",
        ),
    ]


def _corpus(corpus: Path, name: str) -> bytes:
    # The files end their lines with LF, as files do; on the wire a message has CRLF.
    lines = (corpus / "mail" / name).read_bytes().replace(b"\r\n", b"\n")
    return lines.replace(b"\n", b"\r\n")
