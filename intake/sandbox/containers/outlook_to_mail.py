"""Write a message that exists only as Outlook's properties as a mail (RFC 5322).

This is for messages in messages, so that the next level is opened like any other mail. Every value
is one clean line and encoded, so none can become a second header.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..protocol.results import MAX_NAME_CHARS, MAX_SUBJECT_CHARS
from ..protocol.text import one_line
from .outlook_text import words_of_rtf

BOUNDARY = "rebuilt-by-the-intake-portal-0f6b1c52"
FORMS = "forms-of-the-letter-0f6b1c52"
WORD_BYTES = 42
# What may stand between the brackets of a Content-ID; any other is left out.
PLAIN_ID = re.compile(r"[!-;=?-~]{1,250}")


@dataclass(frozen=True)
class Piece:
    """Hold one part of the mail: a text, a file or a whole message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class OutlookMail:
    """Hold what Outlook's properties say about a mail; all of it is claimed."""

    claimed_from: str
    subject: str
    date: str
    text: str = field(repr=False)
    html: bytes = field(repr=False)
    pieces: tuple[Piece, ...]
    packed_rtf: bytes = field(default=b"", repr=False)

    def summary(self) -> str:
        """Return sender, date and subject as the lines that a person reads first."""
        lines = (("From", self.claimed_from), ("Date", self.date), ("Subject", self.subject))
        said = ((label, one_line(value, MAX_SUBJECT_CHARS)) for label, value in lines)
        return "\n".join(f"{label}: {value}" for label, value in said if value)


def write_mail(mail: OutlookMail) -> bytes:
    """Return the mail as bytes with CRLF line ends; every part is base64."""
    lines = [f"From: {_words(mail.claimed_from)}", f"Subject: {_words(mail.subject)}"]
    lines += [f"X-Claimed-Date: {_words(mail.date)}", "MIME-Version: 1.0"]
    lines += [f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"', ""]
    lines += [f"--{BOUNDARY}", f'Content-Type: multipart/alternative; boundary="{FORMS}"', ""]
    for form in _texts(mail):
        lines += [f"--{FORMS}", *_part(form)]
    lines += [f"--{FORMS}--", ""]
    for piece in mail.pieces:
        lines += [f"--{BOUNDARY}", *_part(piece)]
    return "\r\n".join([*lines, f"--{BOUNDARY}--", ""]).encode("ascii")


def _texts(mail: OutlookMail) -> Sequence[Piece]:
    """Return the forms of the letter; the words of RTF where there is no other."""
    text = mail.text if mail.text or mail.html else words_of_rtf(mail.packed_rtf)
    texts = [Piece("", "text/plain; charset=utf-8", text.encode("utf-8", "replace"))]
    if mail.html:
        texts.append(Piece("", "text/html; charset=utf-8", mail.html))
    return texts


def _part(piece: Piece) -> list[str]:
    lines = [f"Content-Type: {piece.media_type}", "Content-Transfer-Encoding: base64"]
    if piece.name:
        lines.append(f'Content-Disposition: attachment; filename="{_words(piece.name)}"')
    if PLAIN_ID.fullmatch(piece.content_id):
        lines.append(f"Content-ID: <{piece.content_id}>")
    return [*lines, "", base64.encodebytes(piece.content).decode().replace("\n", "\r\n")]


def _words(text: str) -> str:
    """Return one clean line as encoded words (RFC 2047), cut between characters."""
    words, pending = [], b""
    for character in one_line(text, MAX_NAME_CHARS):
        encoded = character.encode("utf-8", "replace")
        if len(pending) + len(encoded) > WORD_BYTES:
            words.append(pending)
            pending = b""
        pending += encoded
    words.append(pending)
    return " ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words if word)
