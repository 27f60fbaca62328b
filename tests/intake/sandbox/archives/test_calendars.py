"""Hold that each way of writing a file into a calendar entry or a contact is read."""

import base64
from urllib.parse import quote

import pytest

from intake.sandbox.archives.calendars import files_in, is_calendar
from tests.support.growth.measure import is_linear

PAPER = b"%PDF-1.4 decision\n" * 9
LETTERS = base64.b64encode(PAPER).decode()
FOLDED = "\r\n ".join(LETTERS[at : at + 60] for at in range(0, len(LETTERS), 60))
LINES = FOLDED.replace("\r\n ", "\n")
ESCAPED = "".join(f"={byte:02X}" for byte in PAPER)
QUOTED = "=\r\n".join(ESCAPED[at : at + 60] for at in range(0, len(ESCAPED), 60))
PDF = "application/pdf"
PROPERTIES = {
    "binary": (f"ATTACH;FMTTYPE={PDF};ENCODING=BASE64;VALUE=BINARY:{FOLDED}", "", PDF),
    "value alone": (f"ATTACH;VALUE=binary:{LETTERS}", "", ""),
    "named": (f'ATTACH;X-FILENAME="a: b.pdf";ENCODING=BASE64:{FOLDED}', "a: b.pdf", ""),
    "folded early": (
        f"ATT\r\n ACH;ENCOD\r\n\tING=BASE64;FILENAME=b.pdf:\r\n {FOLDED}",
        "b.pdf",
        "",
    ),
    "address": (f"ATTACH:data:{PDF};base64,{FOLDED}", "", PDF),
    "address in percents": (f"ATTACH:data:{PDF},{quote(PAPER)}", "", PDF),
    "contact 3": (f"PHOTO;ENCODING=b;TYPE=JPEG:{FOLDED}", "", "image/jpeg"),
    "contact 4": (f"KEY;MEDIATYPE={PDF}:data:{PDF};base64\\,{LETTERS}", "", PDF),
    "contact 2.1": (f"PHOTO;JPEG;BASE64:\n{LINES}\n", "", ""),
    "contact 2.1, indented": (
        f"item1.LOGO;TYPE=png;ENCODING=BASE64:\r\n {FOLDED}",
        "",
        "image/png",
    ),
    "quoted": (f"SOUND;ENCODING=QUOTED-PRINTABLE:{QUOTED}", "", ""),
    "address in quotes": (f'ATTACH:"data:{PDF};base64,{LETTERS}"', "", PDF),
    "letters of addresses": (
        f"ATTACH;ENCODING=base64url:{base64.urlsafe_b64encode(PAPER).decode()}",
        "",
        "",
    ),
    "another property": (f"X-ACME-FILE;ENCODING=b:{FOLDED}", "", ""),
}


def entry(properties: str, kind: str = "VCARD") -> bytes:
    return f"BEGIN:{kind}\r\nVERSION:3.0\r\n{properties}\r\nFN:Eva\r\nEND:{kind}\r\n".encode()


@pytest.mark.parametrize("line_end", [b"\r", b"\n", b"\r\r\n"])
@pytest.mark.parametrize("case", PROPERTIES)
def test_file_comes_out_whole_whatever_ends_the_lines(case: str, line_end: bytes) -> None:
    written, name, claimed_type = PROPERTIES[case]
    content = entry(written).replace(b"\r\n", b"\n").replace(b"\n", line_end)
    after_words = b"Kort:" + line_end + content

    assert list(files_in(content)) == [(name, claimed_type, PAPER)]
    assert is_calendar(after_words)
    assert list(files_in(after_words)) == [(name, claimed_type, PAPER)]


@pytest.mark.parametrize("kind", ["VCARD", "VCALENDAR", "vcard"])
@pytest.mark.parametrize("case", PROPERTIES)
def test_file_comes_out_whole(kind: str, case: str) -> None:
    written, name, claimed_type = PROPERTIES[case]

    found = list(files_in(b"\xef\xbb\xbf" + entry(written, kind)))

    assert found == [(name, claimed_type, PAPER)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_file_comes_out_of_wide_characters(encoding: str) -> None:
    content = entry(PROPERTIES["binary"][0]).decode().encode(encoding)

    assert [found.content for found in files_in(content)] == [PAPER]


@pytest.mark.parametrize("start", ["  BEGIN:VCALENDAR", "BEGIN:VEVENT", "begin:vtodo"])
def test_file_comes_out_of_an_entry_that_begins_otherwise(start: str) -> None:
    content = f"{start}\r\n{PROPERTIES['binary'][0]}\r\n".encode()

    assert [found.content for found in files_in(content)] == [PAPER]


def test_contact_in_a_contact_comes_out_with_its_files() -> None:
    inner = f"BEGIN:VCARD\\nFN:Bo\\, Eva\\nKEY\\;ENCODING=b:{LETTERS}\\nEND:VCARD\\n"

    (card,) = files_in(entry(f"AGENT:{inner}"))

    assert (card.claimed_type, b"FN:Bo, Eva" in card.content) == ("text/vcard", True)
    assert [found.content for found in files_in(card.content)] == [PAPER]


@pytest.mark.parametrize(
    "written",
    [
        "FN;ENCODING=QUOTED-PRINTABLE:=C3=85sa",
        "NOTE:data: and base64,",
        "PHOTO;VALUE=uri:https://a.example/a.jpg",
        "ATTACH:CID:a@b.example",
        "PHOTO;ENCODING=b:",
        "DESCRIPTION:ATTACH\\;ENCODING=BASE64:QUJD",
        "ATTENDEE;CN=Base64:mailto:a@b.example",
    ],
)
def test_words_and_addresses_are_no_files(written: str) -> None:
    assert list(files_in(entry(written))) == []


def test_text_without_an_entry_has_none() -> None:
    text = PROPERTIES["binary"][0].encode()

    assert (is_calendar(text), list(files_in(text))) == (False, [])


@pytest.mark.parametrize(
    "unit", ["A;", 'A;B="', "\r", "\n ", "PHOTO;B:\n", "AAAA\n", "BEGIN:VCARD\n", "data:,", ";"]
)
def test_reading_takes_as_long_as_the_text(unit: str) -> None:
    def text_of(size: int) -> str:
        return "BEGIN:VCARD\nPHOTO;B:" + unit * (size // len(unit))

    assert is_linear(lambda text: list(files_in(text.encode())), text_of, 400_000)
