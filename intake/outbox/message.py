"""Compose outgoing messages: the bytes with their header.

The header has what RFC 3834 asks for: `Auto-Submitted`, In-Reply-To and References. The sending
process sets the envelope sender (`intake.outbox.return_paths`).
"""

import quopri
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

# «IOM Helsinki – document service», as an encoded word (RFC 2047): the dash is not ASCII.
SENDER_NAME = "=?utf-8?q?IOM_Helsinki_=E2=80=93_document_service?="
# RFC 5322 §3.6.4, narrowed to what cannot break a header line or hide in an encoded word.
MESSAGE_ID = re.compile(r"<(?!.*=\?)[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")
MAX_REFERENCES = 20


@dataclass(frozen=True)
class Answered:
    """The message that is answered, as far as a reply's headers need it."""

    message_id: str | None
    references: tuple[str, ...]


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, under which identity, and when (aware UTC).

    `reply_to` is the address for answers, or empty; it is never taken from a stranger's mail.
    """

    mail_from: str
    recipient: str
    message_id: str
    written_at: datetime
    reply_to: str = ""


def message_id_for(token: str, kind: str, mail_from: str) -> str:
    """Return the one Message-ID of a receipt; `token` is a keyed hash of its submission."""
    return f"<{kind.lower()}.{token[:32]}@{mail_from.rpartition('@')[2]}>"


def compose(
    envelope: Envelope,
    subject: str,
    text: str,
    answered: Answered,
    *,
    is_automatic: bool = True,
) -> bytes:
    """Return a whole message (RFC 5322, CRLF) that answers another.

    What a person sends says `Auto-Submitted: no`: RFC 3834 §5 keeps the other values for
    mail that no person sent.

    The header is written here line by line. The standard library's header objects decode
    encoded words, and so would put a line break that a stranger hid in a Message-ID into our
    header (threat B8).
    """
    thread = [item for item in answered.references if is_harmless_id(item)]
    headers = [
        ("From", f"{SENDER_NAME} <{envelope.mail_from}>"),
        ("To", envelope.recipient),
        ("Subject", subject),
        ("Date", format_datetime(envelope.written_at)),
        ("Message-ID", envelope.message_id),
    ]
    if envelope.reply_to:
        headers.append(("Reply-To", envelope.reply_to))
    if answered.message_id is not None and is_harmless_id(answered.message_id):
        headers.append(("In-Reply-To", answered.message_id))
        thread = [*(item for item in thread if item != answered.message_id), answered.message_id]
    if thread:
        headers.append(("References", "\r\n ".join(thread[-MAX_REFERENCES:])))
    headers += [
        ("Auto-Submitted", "auto-replied" if is_automatic else "no"),
        # Keeps Exchange from answering our answer (MS-OXCMAIL §2.2.3.2.14).
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    block = "".join(f"{name}: {value}\r\n" for name, value in headers)
    body = quopri.encodestring(text.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    # Only an address beyond ASCII is: it leaves by SMTPUTF8 alone, where it is UTF-8 (RFC 6532).
    return block.encode("ascii" if envelope.recipient.isascii() else "utf-8") + b"\r\n" + body


def is_harmless_id(text: str) -> bool:
    """Tell whether a Message-ID may stand in a header of ours."""
    return MESSAGE_ID.fullmatch(text) is not None and "=?" not in text
