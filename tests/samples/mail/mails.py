"""Make ordinary mail as partners send it, with small harmless attachments; all is invented.

The same arguments give the same bytes, so that a message can be delivered twice, and a token in
one can be looked for anywhere.
"""

import datetime
import hashlib
import io
import random
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

INTAKE_ADDRESS = "intake@example.org"
REGISTERED_SENDER = "anna.registered@partner.example"
SENT_AT = datetime.datetime(2026, 11, 2, 9, 15, tzinfo=datetime.UTC)

_COVER_LETTERS = {
    "sv": """\
Hej!

Bifogat finns ansökan och underlag för en person som vill ha hjälp med frivilligt återvändande
och återintegrering. Personen är informerad och har samtyckt. Återkom gärna om något saknas.

Det här är testdata: ingen person, ingen myndighet och inget ärende finns på riktigt.

Vänliga hälsningar
Anna Exempelsson, återvändandesamordnare
""",
    "en": """\
Hello,

Please find attached the application and the supporting documents of a person who asks for
assisted voluntary return and reintegration. The person is informed and has consented.

This is test data: no person, no authority and no case in it is real.

Kind regards
Anna Example, return counsellor
""",
}


def referral(
    sender: str = REGISTERED_SENDER,
    *,
    attachments: Sequence[tuple[str, str, bytes]] = (),
    subject: str = "Remiss: frivilligt återvändande",
    to: str = INTAKE_ADDRESS,
    message_id: str | None = None,
    reference: str | None = None,
    token: str | None = None,
    in_reply_to: str | None = None,
    sent_at: datetime.datetime = SENT_AT,
    language: str = "sv",
    html: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Build one referral with CRLF line ends.

    `sender` is an address or `Name <address>`. An attachment is its name, its type as in
    `application/pdf`, and its bytes. `reference` is a case number of ours, put into subject and
    text as people do; `token` is put into the text. Without `message_id` one is made of all else.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = f"{subject} [{reference}]" if reference else subject
    message["Date"] = format_datetime(sent_at)
    message["MIME-Version"] = "1.0"
    if in_reply_to:
        message["In-Reply-To"] = in_reply_to
        message["References"] = in_reply_to
    for name, value in headers:
        message[name] = value
    text = _COVER_LETTERS[language]
    if reference:
        text += f"\nEr referens: {reference}\n"
    if token:
        text += f"\n{token}\n"
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    for name, media_type, content in attachments:
        maintype, _, subtype = media_type.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return _finished(message, message_id)


def prepend(raw: bytes, *header_lines: str) -> bytes:
    """Put header lines before a message, as each server on the way does."""
    return "".join(f"{line}\r\n" for line in header_lines).encode() + raw


def tiny_pdf(text: str, padding_bytes: int = 0) -> bytes:
    """Build a PDF 1.4 of one page that shows `text`, with a sound cross-reference table.

    `padding_bytes` adds a stream of so many bytes that do not compress, different for each text:
    240 000 make the file as large as a scanned page.
    """
    shown = text.encode("cp1252", errors="replace")
    for special in (b"\\", b"(", b")"):
        shown = shown.replace(special, b"\\" + special)
    noise = random.Random(text).randbytes(padding_bytes)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        _pdf_stream(b"BT /F1 14 Tf 72 760 Td (" + shown + b") Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    if padding_bytes:
        objects.append(_pdf_stream(noise))
    return _pdf_file(objects)


def tiny_png(text: str = "") -> bytes:
    """Draw a small PNG whose colours depend on `text`."""
    return _picture(text, "PNG")


def tiny_jpeg(text: str = "") -> bytes:
    """Draw a small JPEG whose colours depend on `text`."""
    return _picture(text, "JPEG")


def _finished(message: EmailMessage, message_id: str | None) -> bytes:
    # The boundary and the Message-ID come from the content: chance would make each build differ.
    if message.is_multipart():
        for number, part in enumerate(message.walk()):
            if part.is_multipart():
                part.set_boundary(f"==testdata=={number}==")
    digest = hashlib.sha256(message.as_bytes()).hexdigest()[:24]
    sender = message["From"].addresses[0]
    message["Message-ID"] = message_id or f"<{digest}@{_domain(sender)}>"
    return message.as_bytes()


def _domain(address: Address) -> str:
    return address.domain or "localhost.example"


def _pdf_stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _pdf_file(objects: list[bytes]) -> bytes:
    content = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(content))
    )


def _picture(text: str, picture_format: str) -> bytes:
    from PIL import Image

    colours = hashlib.sha256(text.encode()).digest()
    image = Image.new("RGB", (48, 32), tuple(colours[:3]))
    image.paste(tuple(colours[3:6]), (12, 8, 36, 24))
    content = io.BytesIO()
    image.save(content, picture_format)
    return content.getvalue()
