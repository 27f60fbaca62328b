"""Built-in rules: what must never pass, even where no scanner is configured."""

import io
import zipfile

import pytest

from intake.rules import BuiltInRules
from intake.scanner import Scan, ScanOutcome
from tests.samples.eicar import eicar
from tests.samples.mails import tiny_jpeg, tiny_pdf, tiny_png

RULES = BuiltInRules.load()
PE = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(100)
ELF = b"\x7fELF" + bytes(60)


def zipped(content: bytes) -> bytes:
    """Put content into an uncompressed archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (eicar(), "eicar_test_file"),
        (b"text before " + eicar() + b" and after", "eicar_test_file"),
        (zipped(eicar()), "eicar_test_file"),
        (tiny_pdf("x") + eicar(), "eicar_test_file"),
        (PE, "windows_program"),
        (ELF, "linux_program"),
    ],
)
def test_malware_is_found(content: bytes, rule: str) -> None:
    assert RULES.scan(content) == Scan(ScanOutcome.FOUND, f"rule:{rule}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ",
        b"MZ is how this letter begins",
        b"x" + ELF,
        b"\x7fELv",
        eicar()[:-1],
        tiny_pdf("x"),
        tiny_png(),
        tiny_jpeg(),
        zipped(b"harmless"),
        "Hej! Bifogat finns ansökan.".encode(),
        bytes(1024 * 1024),
    ],
)
def test_ordinary_documents_pass(content: bytes) -> None:
    assert RULES.scan(content) == Scan(ScanOutcome.CLEAN)


def test_the_rules_have_a_version() -> None:
    assert RULES.version() == "built-in rules 1"
