"""Hold that a password opens a locked file, and that a wrong one says only that it is wrong."""

import io
import zipfile

import pikepdf
import py7zr
import pytest

from intake.sandbox import Duty, Jail
from tests.samples.mail.mails import tiny_pdf

DUTIES = (Duty.LOCKS,)
PASSWORD = "kaffe-1897"


@pytest.fixture(scope="module")
def locked_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(tiny_pdf("hemligt"))) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user=PASSWORD))
    return target.getvalue()


def locked_archive() -> bytes:
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=PASSWORD) as archive:
        archive.writestr(b"inside", "inside.txt")
    return target.getvalue()


def test_right_password_gives_the_pdf_without_its_lock(jail: Jail, locked_pdf: bytes) -> None:
    opened = jail.unlock(locked_pdf, "application/pdf", PASSWORD)

    assert opened is not None
    with pikepdf.open(io.BytesIO(opened)) as pdf:
        assert not pdf.is_encrypted
        assert len(pdf.pages) == 1


def test_wrong_password_gives_nothing(jail: Jail, locked_pdf: bytes) -> None:
    assert jail.unlock(locked_pdf, "application/pdf", "wrong") is None
    assert jail.unlock(locked_archive(), "application/x-7z-compressed", "wrong") is None


def test_archive_comes_out_as_a_plain_zip(jail: Jail) -> None:
    opened = jail.unlock(locked_archive(), "application/x-7z-compressed", PASSWORD)

    assert opened is not None
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [b"inside"]


def test_bytes_that_are_no_file_stay_locked(jail: Jail) -> None:
    assert jail.unlock(b"%PDF-1.4 nonsense", "application/pdf", PASSWORD) is None
    assert jail.unlock(b"nonsense", "text/plain", PASSWORD) is None
