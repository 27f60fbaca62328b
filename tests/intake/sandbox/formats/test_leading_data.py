"""Hold what may stand before a PDF, and that no file of another kind may."""

import io
import tarfile
import zipfile

import pytest

from intake.sandbox import Jail
from intake.sandbox.formats.detect import is_polyglot
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from intake.sandbox.formats.leading_data import pdf_start
from tests.intake.sandbox import samples
from tests.samples.files.archives import pdf_with
from tests.samples.files.packed import plain_zip

PDF = "application/pdf"
HTTP = b"HTTP/1.1 200 OK\r\nServer: a\r\nContent-Type: application/pdf\r\n\r\n"
SPELLED = b"Content-length: 812\\nContent-checksum: 1a\\nContent-type: application/pdf\\n"
MAC = (
    b"\0\x0bReferral.pd".ljust(65, b"\0") + b"PDF CARO" + b"\0" * 10 + b"\0\0\1\2" + b"\0" * 41
).ljust(128, b"\0")


PJL = (
    b"\x1b%-12345X@PJL\r\n@PJL SET RESOLUTION=600\r\n@PJL ENTER LANGUAGE=PDF\r\n",
    b'\x1b%-12345X@PJL JOB NAME = "Remiss"\n@PJL ENTER LANGUAGE = PDF \n',
    b"\x1b%-12345X",
    b"@PJL SET RESOLUTION=600\r\n@PJL ENTER LANGUAGE=PDF\r\n",
    b"@PJL COMMENT scanned\n",
)
WORDS = (
    b"just some words\n",
    b"Scanned by the office gateway.\r\n\r\n",
    b"Sent from a scanner\nPage one follows:\n",
)


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize(
    "lead", [b"", b"\r\n\r\n\r\n", b" \t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"]
)
def test_blanks_before_a_pdf_are_nothing(inspector: Inspector, lead: bytes) -> None:
    found = inspector.inspect(lead + samples.pdf(), PDF, "a.pdf")

    assert (found.detected_type, found.state, found.findings) == (PDF, "clean", ())
    assert found.page_count == 1


@pytest.mark.parametrize("lead", [HTTP, SPELLED, MAC, *PJL, *WORDS, b"TEXTmdos \0\1", b"PDF CARO"])
def test_what_programs_leave_before_a_pdf_is_said(inspector: Inspector, lead: bytes) -> None:
    found = inspector.inspect(lead + samples.pdf(), PDF, "a.pdf")

    assert (found.detected_type, found.state) == (PDF, "clean")
    assert found.findings == ("pdf_data_before_start",)
    assert found.page_count == 1


@pytest.mark.parametrize(
    "lead",
    [
        b"GIF89a",
        b"MZ\x90\0",
        b"PK\x03\x04",
        b"\xff\xd8\xff\xe0",
        b"<html><script>run()</script>",
        b"#!/bin/sh\n",
        b"just some words",
        b"words\n",
        b"From anna at noon\n",
        b"begin files here\n",
        b"echo some words\n",
        b"two words\nalert(1)\n",
        b"two words <b>here</b>\n",
        b"BM words here\n",
        b"MZ words here\n",
        b"some word5 here\n",
        b"@PJL ENTER LANGUAGE=PCL\r\n",
        b"@PJL\xff\xd8\r\n",
        b"@PJL SET A=1",
        b"From: a@example.org\r\nTo: b@example.org\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        b"Content-Type: application/pdf\\nContent-Type: text/html\\n",
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        b"\0\x0b".ljust(65, b"\0") + b"APPL" + b"\0" * 59,
        b"\0" * 128,
        b"APPLmdos",
        # First bytes of other formats that look like the name of a field.
        b"GIF89a:" + bytes(range(128, 256)) + b"\r\n\r\n",
        b"BM: and words\r\n\r\n",
        b"RIFF: a\r\n\r\n",
        b"MZ-: a\r\n\r\n",
        b"Server: \xff\xd8\xff\r\n\r\n",
        b"Server: a\0b\r\n\r\n",
        b"Rar: a\r\n\r\n",
        b"\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\r\n",
        b"\x1b%-12345X@PJL ENTER LANGUAGE=PCL\r\n",
        b"\x1b%-12345X%!PS\r\n",
        b"\x1b%-12345X@PJL SET A=\xff\xd8\r\n",
        b"\xff\xfe",
    ],
)
def test_a_pdf_behind_another_file_stays_held(inspector: Inspector, lead: bytes) -> None:
    found = inspector.inspect(lead + samples.pdf(), PDF, "a.pdf")

    assert found.state in {"held", "unreadable"}
    assert pdf_start(lead + samples.pdf()) is None


def archive_of(content: bytes, name: str = "a.pdf", comment: bytes = b"") -> bytes:
    """Return a ZIP with one member that is stored as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.extra = comment
        archive.writestr(member, content)
    return made.getvalue()


def test_a_pdf_that_is_stored_in_an_archive_makes_no_second_file_of_it() -> None:
    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode="w") as archive:
        member = tarfile.TarInfo("a.pdf")
        member.size = len(samples.pdf())
        archive.addfile(member, io.BytesIO(samples.pdf()))

    assert not is_polyglot("application/zip", archive_of(samples.pdf(), "\u043f.pdf"))
    assert not is_polyglot("application/x-tar", stored.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        archive_of(b"hej", name="%PDF-1.7"),
        archive_of(b"hej", comment=b"\xff\xff\x08\0%PDF-1.7"),
        archive_of(b"hej\n" + samples.pdf(), name="a.txt"),
        archive_of(samples.pdf(), comment=b"\xff\xff\x08\0%PDF-1.7"),
    ],
)
def test_a_pdf_anywhere_else_in_an_archive_is_a_second_file(content: bytes) -> None:
    assert is_polyglot("application/zip", content)


@pytest.mark.parametrize("lead", [b"\xef\xbb\xbf", HTTP, SPELLED, MAC])
def test_a_pdf_with_an_end_of_a_zip_stays_held(inspector: Inspector, lead: bytes) -> None:
    found = inspector.inspect(lead + samples.pdf() + plain_zip({"a": b"b"}), PDF, "a.pdf")

    assert (found.state, found.reason) == ("held", "polyglot")


def test_a_start_beyond_the_first_kibibyte_is_none() -> None:
    assert pdf_start(b" " * 1020 + b"%PDF-1.7") == 1020
    assert pdf_start(b" " * 1030 + b"%PDF-1.7") is None


@pytest.mark.parametrize("lead", [b"\xef\xbb\xbf", HTTP, SPELLED, MAC])
def test_its_files_come_out_and_its_page_is_drawn(jail: Jail, lead: bytes) -> None:
    content = lead + pdf_with({"inside.txt": b"inside"})

    unpacked = jail.unpack(content, PDF, "a.pdf")

    assert [child.content for child in unpacked.children] == [b"inside"]
    assert len(jail.render(content, PDF).pages) == 1
