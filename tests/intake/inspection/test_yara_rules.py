"""Check that the built-in rules catch what must never pass, even without a scanner."""

import io
import zipfile

import pytest

from intake.inspection.scanner import Scan, ScanOutcome
from intake.inspection.yara_rules import BuiltInRules
from mailbox.demo.eicar import eicar
from tests.samples.mail.mails import tiny_jpeg, tiny_pdf, tiny_png

RULES = BuiltInRules.load()
PE = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(100)
ELF = b"\x7fELF" + bytes(60)

SHORTCUT = bytes.fromhex("4c0000000114020000000000c000000000000046")
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
ONENOTE = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
ONENOTE_FILE = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")


def dos_program() -> bytes:
    """Return the beginning of a Windows program as linkers write it, with nothing to run."""
    stub = b"This program cannot be run in DOS mode.\r\r\n$"
    head = b"MZ" + bytes(58) + (128).to_bytes(4, "little") + bytes(14) + stub
    return head.ljust(128, b"\0") + b"PE\0\0" + bytes(100)


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


MORE_MALWARE = [
    (b"\xcf\xfa\xed\xfe" + bytes(60), "mac_program"),
    (b"%PDF-1.4\n" + dos_program() + b"\n%%EOF", "program_inside"),
    (b"\xd0\xcf\x11\xe0" + bytes(600) + dos_program(), "program_inside"),
    (b"{\\rtf1{\\objdata 4d5a9000 0300 0000 04000000ffff0000}}", "program_inside_rtf"),
    (SHORTCUT + bytes(60), "shortcut"),
    (b"<html><HTA:APPLICATION id=x>", "html_application"),
    (b"\xd0\xcf\x11\xe0" + bytes(600) + INSTALLER, "installer"),
    (ONENOTE + bytes(99) + ONENOTE_FILE + b"@echo off", "onenote_with_script"),
]


@pytest.mark.parametrize(("content", "rule"), MORE_MALWARE)
def test_what_no_honest_document_holds_is_malware(content: bytes, rule: str) -> None:
    assert RULES.scan(content) == Scan(ScanOutcome.FOUND, f"rule:{rule}")


SUSPICIOUS = [
    (ONENOTE + bytes(99), "onenote_section"),
    (b"\xd0\xcf\x11\xe0" + bytes(600) + SHORTCUT, "shortcut_inside"),
    (bytes(0x8001) + b"CD001\1", "disk_image"),
    (b"conectix" + bytes(600), "disk_image"),
    (b"vhdxfile" + bytes(600), "disk_image"),
    (b'Set x = CreateObject("WScript.Shell")', "script_runs_program"),
    (b"powershell -w hidden -c x", "powershell_command"),
    ("powershell.exe -enc ".encode("utf-16-le") + ("A" * 80).encode("utf-16-le"),
     "powershell_command"),
    (b"\xd0\xcf\x11\xe0 Document_Open x Shell y", "macro_runs_by_itself"),
    (b"{\\rtf1{\\objdata 4571756174696F6E2E33}}", "equation_object_in_rtf"),
    (b"<a href='ms-msdt:/id PCW'>", "handler_of_diagnostics"),
    (b"ITSF" + bytes(60), "help_file"),
    (b"\xca\xfe\xba\xbe" + bytes(60), "java_program"),
    (b"@ECHO OFF\r\n", "batch_file"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "rule"), SUSPICIOUS)
def test_what_an_honest_document_may_hold_is_suspicious_only(content: bytes, rule: str) -> None:
    assert RULES.suspicions(content) == (rule,)
    assert RULES.scan(content) == Scan(ScanOutcome.CLEAN)


@pytest.mark.parametrize(
    "content",
    [
        b"This program cannot be run in DOS mode, said the manual.",
        b"We use PowerShell at the office.",
        b"Please open the workbook with care; the shell is broken.",
        tiny_pdf("MZ This program cannot be run in DOS mode PE"),
    ],
)
def test_words_about_programs_are_no_suspicion(content: bytes) -> None:
    assert RULES.suspicions(content) == ()
    assert RULES.scan(content) == Scan(ScanOutcome.CLEAN)


def test_the_rules_have_a_version() -> None:
    assert RULES.version() == "built-in rules 3"
