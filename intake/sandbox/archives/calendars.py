"""Find the files that are written into calendar entries and contacts (RFC 5545, RFC 6350).

b"BEGIN:VCARD\\nKEY;ENCODING=b;FMTTYPE=text/plain:QUJD\\nEND:VCARD" -> ("", "text/plain", b"ABC")

Lines are folded, in the editions of the nineties (vCard 2.1, vCalendar 1.0) otherwise than today.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from ..calendars import forms
from ..calendars.lines import unfolded

START = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*begin[ \t]*:[ \t]*v(?:calendar|card|event|todo|journal)",
    re.IGNORECASE | re.MULTILINE,
)
# UTF-16 and UTF-32 of the ASCII that a file is written in.
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
# The name of a property and its parameters, whose values may stand in quotes.
PROPERTY = re.compile(rb"(?:[\w-]+\.)?([\w-]+)((?:[ \t]*;(?:\"[^\"\r\n]*+\"|[^\":;\r\n])*+)*+):")
PARAMETER = re.compile(rb";[ \t]*(?:([\w-]+)[ \t]*=[ \t]*)?(\"[^\"]*+\"|(?:\"[^\"]*+\"|[^\";])*+)")
# Only these hold files where letters are escaped one by one, as text is too.
OF_FILES = frozenset({b"ATTACH", b"PHOTO", b"LOGO", b"KEY", b"SOUND", b"IMAGE", b"AGENT"})
NAME_PARAMETERS = ("X-FILENAME", "FILENAME", "X-APPLE-FILENAME", "X-ORACLE-FILENAME", "X-NAME")
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=\t ]+\Z")
MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,100}")
# RFC 4648 §5: the letters of base64 in addresses.
FROM_SAFE = bytes.maketrans(b"-_", b"+/")
OUTSIDE_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
ESCAPED = re.compile(rb"\\([,;:\\])")
ESCAPED_LINE_END = re.compile(rb"\\n", re.IGNORECASE)
ESCAPED_CARD = re.compile(rb"\s*begin[ \t]*:[ \t]*vcard\\n", re.IGNORECASE)
AROUND_ADDRESS = b" \t\r\n\"'<>"


class Attached(NamedTuple):
    """Hold one file: its name and its media type as claimed, both maybe empty, and its bytes."""

    name: str
    claimed_type: str
    content: bytes


def is_calendar(content: bytes) -> bool:
    """Say whether a calendar or a contact begins anywhere in a text."""
    written = in_ascii(content)
    return START.search(unfolded(written)) is not None or forms.is_one(written)


def files_in(content: bytes) -> Iterator[Attached]:
    """Yield each file in order, whatever the property is called that holds it."""
    yield from _in_other_forms(content)
    written = unfolded(in_ascii(content))
    if START.search(written) is None:
        return
    lines = written.split(b"\n")
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        match = PROPERTY.match(line)
        if match is None:
            continue
        parameters = _parameters(match[2])
        pieces = [line[match.end() :]]
        encoding = _encoding(match[1].upper(), parameters)
        while encoding and at < len(lines) and _goes_on(encoding, pieces[-1], lines[at]):
            pieces.append(lines[at])
            at += 1
        is_card = match[1].upper() == b"AGENT" and ESCAPED_CARD.match(pieces[0]) is not None
        found = _card(pieces[0]) if is_card else _content(encoding, pieces)
        if found is not None and found[1]:
            claimed = found[0] or _claimed_type(parameters)
            yield Attached(_name(parameters), claimed, found[1])


def _in_other_forms(content: bytes) -> Iterator[Attached]:
    """Yield the files of a calendar that is written as XML or as JSON."""
    for each in forms.files_in(content, in_ascii(content)):
        value = each.value.encode("utf-8", "replace")
        found = _of_address(value) if each.is_address else ("", _from_base64(value))
        if found is not None and found[1]:
            kind = each.claimed_type if MEDIA_TYPE.fullmatch(each.claimed_type) else ""
            yield Attached(each.name, found[0] or kind, found[1])


def in_ascii(content: bytes) -> bytes:
    """Return the letters of ASCII in a text of wide characters, and any other text as it is."""
    is_wide = content.startswith(BYTE_ORDER_MARKS) or b"\0" in content[:4]
    return content.lstrip(b"\xff\xfe\0").replace(b"\0", b"") if is_wide else content


def _parameters(written: bytes) -> dict[str, str]:
    """Return the parameters by their names; one without a name is its own (vCard 2.1)."""
    found: dict[str, str] = {}
    for match in PARAMETER.finditer(written):
        value = match[2].decode("utf-8", "replace").strip().strip('"')
        found.setdefault((match[1] or match[2]).decode("utf-8", "replace").strip().upper(), value)
    return found


def _encoding(name: bytes, parameters: dict[str, str]) -> str:
    """Return `base64`, `quoted-printable`, or nothing where a value stands as it is."""
    encoding = parameters.get("ENCODING", "").lower()
    if (
        encoding == "b"
        or encoding.startswith("base64")
        or "BASE64" in parameters
        or "B" in parameters
    ):
        return "base64"
    if parameters.get("VALUE", "").lower() == "binary":
        return "base64"
    is_quoted = encoding == "quoted-printable" or "QUOTED-PRINTABLE" in parameters
    return "quoted-printable" if is_quoted and name in OF_FILES else ""


def _goes_on(encoding: str, last: bytes, line: bytes) -> bool:
    """Say whether a value goes on in a line that is not folded, as old programs write it."""
    if encoding == "quoted-printable":
        return last.rstrip(b" \t").endswith(b"=")
    return BASE64_LINE.match(line) is not None


def _content(encoding: str, pieces: list[bytes]) -> tuple[str, bytes] | None:
    """Return the media type that stands in the value, if any, and the bytes; None of a text."""
    start = pieces[0][:200].lstrip(AROUND_ADDRESS).lower()
    if start.startswith(b"data:"):
        return _of_address(b"".join(pieces).strip(AROUND_ADDRESS))
    if encoding == "base64":
        return "", _from_base64(b"".join(pieces))
    if encoding == "quoted-printable":
        return "", binascii.a2b_qp(b"\n".join(pieces))
    return None


def _card(written: bytes) -> tuple[str, bytes]:
    """Return the contact that is written into another one (RFC 2426 §3.5.4)."""
    return "text/vcard", ESCAPED.sub(rb"\1", ESCAPED_LINE_END.sub(b"\n", written))


def _of_address(written: bytes) -> tuple[str, bytes] | None:
    head, comma, value = ESCAPED.sub(rb"\1", written).partition(b",")
    if not comma:
        return None
    kind = head[len(b"data:") :].partition(b";")[0].decode("latin-1").strip().lower()
    plain = unquote_to_bytes(value)
    content = _from_base64(plain) if head.lower().rstrip().endswith(b";base64") else plain
    return kind if MEDIA_TYPE.fullmatch(kind) else "", content


def _from_base64(written: bytes) -> bytes:
    """Return the bytes of each run between signs of equality; other letters are left out."""
    runs = OUTSIDE_BASE64.sub(b"", written.translate(FROM_SAFE)).split(b"=")
    # A single letter at the end of a run holds no whole byte.
    whole = (run[:-1] if len(run) % 4 == 1 else run for run in runs)
    return b"".join(binascii.a2b_base64(run + b"=" * (-len(run) % 4)) for run in whole)


def _claimed_type(parameters: dict[str, str]) -> str:
    """Return the media type that the parameters name: "FMTTYPE=application/pdf", "TYPE=JPEG"."""
    named = (parameters.get(name, "").lower() for name in ("FMTTYPE", "MEDIATYPE", "TYPE"))
    for kind in named:
        if MEDIA_TYPE.fullmatch(kind):
            return kind
        if kind in ("jpeg", "png", "gif", "bmp", "tiff"):
            return f"image/{kind}"
    return ""


def _name(parameters: dict[str, str]) -> str:
    return next((parameters[name] for name in NAME_PARAMETERS if parameters.get(name)), "")
