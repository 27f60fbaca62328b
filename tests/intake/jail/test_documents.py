"""Hold how one document is judged."""

import pytest
from pikepdf import Array, Dictionary, Name, String

from intake.jail.documents import Inspector, load_inspector
from tests.intake.jail import samples

PDF, TEXT, JPEG, PNG = "application/pdf", "text/plain", "image/jpeg", "image/png"


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


CLEAN = [
    (samples.pdf(), PDF, "a.pdf", PDF, 1),
    (samples.pdf(), "application/octet-stream", "a.PDF", PDF, 1),
    (samples.pdf(), "", "", PDF, 1),
    (samples.pdf(), "application/x-pdf; name=a.pdf", "a.pdf", PDF, 1),
    (samples.pdf(), PDF, "Scan 2026.03.12", PDF, 1),
    (samples.picture("JPEG"), "image/jpg", "a.jpeg", JPEG, 1),
    (samples.picture("JPEG"), "image/pjpeg", "a.JPG", JPEG, 1),
    (samples.picture("PNG"), PNG, "a.png", PNG, 1),
    (samples.picture("TIFF"), "image/tiff", "a.tif", "image/tiff", 1),
    (samples.picture("WEBP"), "image/webp", "a.webp", "image/webp", 1),
    (samples.picture("GIF"), "image/gif", "a.gif", "image/gif", 1),
    (b"hello\r\n", TEXT, "a.txt", TEXT, None),
    ("på\n".encode(), "text/csv", "a.csv", TEXT, None),
    (b"p\xe5 svenska\n", TEXT, "", TEXT, None),
    ("på\n".encode("utf-16"), TEXT, "a.txt", TEXT, None),
    (b"hello", "text/markdown", "readme.md", TEXT, None),
]


@pytest.mark.parametrize(("content", "claimed", "name", "detected", "pages"), CLEAN)
def test_whole_document_is_clean(
    inspector: Inspector, content: bytes, claimed: str, name: str, detected: str, pages: int | None
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.state, found.reason, found.findings) == ("clean", "", ())
    assert (found.detected_type, found.page_count) == (detected, pages)


ACTIVE = [
    (samples.pdf(OpenAction=samples.script()), {"open_action", "javascript"}),
    (samples.pdf(AA=Dictionary(WC=samples.script())), {"additional_actions", "javascript"}),
    (samples.pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))), {"javascript"}),
    (samples.pdf(AcroForm=Dictionary(XFA=String("x"))), {"xfa"}),
    (samples.pdf_with_attachment(), {"embedded_files"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.Launch, F=String("x.exe"))), {"launch"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.GoToE, D=String("x"))), {"goto_embedded"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.SubmitForm)), {"submit_form"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.ImportData)), {"import_data"}),
    (samples.pdf_with_annotation(Dictionary(Subtype=Name.RichMedia)), {"rich_media"}),
    (samples.pdf().replace(b"/Type /Catalog", b"/J#53 (x) /T /X"), {"javascript", "damaged"}),
]


@pytest.mark.parametrize(("content", "findings"), ACTIVE)
def test_pdf_that_does_more_than_show_is_active(
    inspector: Inspector, content: bytes, findings: set[str]
) -> None:
    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, set(found.findings)) == ("active", findings)


@pytest.mark.parametrize(
    ("content", "findings"),
    [
        (samples.pdf_with_annotation(Dictionary(S=Name.URI, URI=String("http://x"))), ("uri",)),
        (samples.pdf(Lang=String("see /JS and /Launch (here)")), ()),
        (samples.pdf().replace(b"startxref\n", b"startxref\n9"), ("damaged",)),
        (samples.locked_pdf(user=""), ("encrypted_without_password",)),
    ],
)
def test_pdf_with_links_or_words_only_stays_clean(
    inspector: Inspector, content: bytes, findings: tuple[str, ...]
) -> None:
    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, found.findings) == ("clean", findings)


OTHER = [
    (b"", PDF, "a.pdf", "unreadable", "empty"),
    (samples.locked_pdf(user="secret"), PDF, "a.pdf", "locked", "password_needed"),
    (b"%PDF-1.7\nnothing", PDF, "a.pdf", "unreadable", "pdf_cannot_be_opened"),
    (samples.picture("JPEG")[:-600], JPEG, "a.jpg", "unreadable", "picture_cannot_be_read"),
    (samples.picture("PNG")[:-600], PNG, "a.png", "unreadable", "picture_cannot_be_read"),
    (samples.huge_picture(), PNG, "a.png", "held", "picture_too_large"),
    (b"<html><body>x</body></html>", "text/html", "a.html", "held", "html_not_shown"),
    (b"<?xml version='1.0'?><a/>", "text/xml", "a.xml", "held", "xml_not_shown"),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "image/svg+xml",
        "a.svg",
        "held",
        "svg_not_shown",
    ),
    (samples.archive(), "application/zip", "a.zip", "held", "archive_not_opened"),
    (b"{\\rtf1 hello}", "text/rtf", "a.rtf", "held", "office_not_opened"),
    (
        b"From: a@example.org\r\nSubject: x\r\nReceived: y\r\n\r\nx",
        "message/rfc822",
        "a.eml",
        "held",
        "mail_not_opened",
    ),
    (b"#!/bin/sh\necho x\n", "", "", "held", "type_not_allowed"),
    (b"MZ" + bytes(200), "", "a.exe", "held", "type_not_allowed"),
    (b"\x7fELF\x02\x01\x01" + bytes(100), "", "", "held", "type_not_allowed"),
    (bytes(range(256)) * 4, "", "", "held", "type_not_allowed"),
    (samples.pdf(), JPEG, "a.pdf", "held", "type_disagrees"),
    (samples.pdf(), PDF, "a.exe.jpg", "held", "type_disagrees"),
    (samples.pdf(), "", "a.exe", "held", "type_disagrees"),
    (samples.picture("PNG"), JPEG, "a.jpg", "held", "type_disagrees"),
    (b"hello", "text/html", "a.html", "held", "type_disagrees"),
    (samples.pdf(OpenAction=samples.script()), JPEG, "a.jpg", "held", "type_disagrees"),
    (b"junk\n" + samples.pdf(), PDF, "a.pdf", "held", "polyglot"),
    (samples.pdf() + samples.archive(), PDF, "a.pdf", "held", "polyglot"),
    (samples.picture("JPEG") + samples.archive(), JPEG, "a.jpg", "held", "polyglot"),
    (b"hello\n" * 100 + b"%PDF-1.4\n", TEXT, "a.txt", "held", "polyglot"),
    (samples.picture("GIF") + b"Rar!\x1a\x07\x00", "image/gif", "a.gif", "held", "polyglot"),
    (
        samples.picture("GIF")[:20] + b"%PDF-1.4",
        "image/gif",
        "a.gif",
        "unreadable",
        "picture_cannot_be_read",
    ),
    (b"hello\n%PDF-1.4\n", TEXT, "a.txt", "unreadable", "pdf_cannot_be_opened"),
    (b"hello\x1b[2J", TEXT, "a.txt", "held", "text_with_control_characters"),
]


@pytest.mark.parametrize(("content", "claimed", "name", "state", "reason"), OTHER)
def test_document_that_is_not_plainly_good_is_not_clean(
    inspector: Inspector, content: bytes, claimed: str, name: str, state: str, reason: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.state, found.reason) == (state, reason)
