"""Hold how one document is judged."""

import pytest
from pikepdf import Array, Dictionary, Name, String

from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from tests.intake.sandbox import samples
from tests.samples.files import benign, office

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
    (b"p\xe5 svenska\n", f"{TEXT}; charset=cp1252", "", TEXT, None),
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


@pytest.mark.parametrize("written", ["1", "?", "x", ".", "-", "12", "ok", "Å", "€", "👍", "<3"])
@pytest.mark.parametrize(("claimed", "name"), [(TEXT, ""), ("", "a.txt"), ("", "")])
def test_few_characters_are_text(
    inspector: Inspector, written: str, claimed: str, name: str
) -> None:
    found = inspector.inspect(written.encode(), claimed, name)

    assert (found.detected_type, found.state) == (TEXT, "clean")


@pytest.mark.parametrize("content", [b"\0", b"\x1b", b"a\0", b"\x1f\x8b\x08\0"])
def test_few_bytes_that_are_no_characters_are_held(inspector: Inspector, content: bytes) -> None:
    assert inspector.inspect(content, TEXT, "").state == "held"


ACTIVE = [
    (samples.pdf(OpenAction=samples.script()), {"pdf_open_action", "pdf_javascript"}),
    (samples.pdf(AA=Dictionary(WC=samples.script())), {"pdf_additional_actions", "pdf_javascript"}),
    (samples.pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))), {"pdf_javascript"}),
    (samples.pdf(AcroForm=Dictionary(XFA=String("x"))), {"pdf_xfa", "pdf_xfa_only"}),
    (samples.pdf_with_attachment(), {"pdf_embedded_files"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.Launch, F=String("x.exe"))), {"pdf_launch"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.GoToE, D=String("x"))), {"pdf_goto_embedded"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.SubmitForm)), {"pdf_submit_form"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.ImportData)), {"pdf_import_data"}),
    (samples.pdf_with_annotation(Dictionary(Subtype=Name.RichMedia)), {"pdf_rich_media"}),
    (
        samples.pdf_with_annotation(Dictionary(Type=Name("/3D"), OnInstantiate=String("x"))),
        {"pdf_javascript", "pdf_rich_media"},
    ),
    (samples.pdf_with_annotation(Dictionary(Type=Name("/3DD"))), {"pdf_rich_media"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.Sound)), {"pdf_rich_media"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.SetOCGState)), {"pdf_layer_action"}),
    (samples.pdf_with_annotation(Dictionary(S=Name.Thread)), {"pdf_thread_action"}),
    (
        samples.pdf().replace(b"/Type /Catalog", b"/J#53 (x) /T /X"),
        {"pdf_javascript", "pdf_damaged"},
    ),
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
        (
            samples.pdf_with_annotation(Dictionary(S=Name.URI, URI=String("http://x"))),
            ("pdf_remote_link",),
        ),
        (samples.pdf(Lang=String("see /JS and /Launch (here)")), ()),
        (samples.pdf(Lang=String("(/S /Thread) and /3D")), ()),
        (samples.pdf(Threads=Array([Dictionary(Type=Name.Thread)])), ()),
        (samples.pdf().replace(b"startxref\n", b"startxref\n9"), ("pdf_damaged",)),
        (samples.locked_pdf(user=""), ("pdf_owner_password",)),
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
    (samples.pdf()[:-60], PDF, "a.pdf", "held", "pdf_cut"),
    (samples.picture("JPEG")[:-600], JPEG, "a.jpg", "unreadable", "picture_cannot_be_read"),
    (samples.picture("PNG")[:-600], PNG, "a.png", "unreadable", "picture_cannot_be_read"),
    (samples.huge_picture(), PNG, "a.png", "held", "picture_too_large"),
    (b"<html><script>x</script></html>", "text/html", "a.html", "held", "html_not_shown"),
    (b"<?xml version='1.0'?><a/>", "text/xml", "a.xml", "held", "xml_not_shown"),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "image/svg+xml",
        "a.svg",
        "held",
        "svg_not_shown",
    ),
    (samples.archive(), "application/zip", "a.zip", "held", "archive_not_opened"),
    (
        b"From: a@example.org\r\nSubject: x\r\nReceived: y\r\n\r\nx",
        "message/rfc822",
        "a.eml",
        "held",
        "mail_not_opened",
    ),
    (b"#!/bin/sh\necho x\n", "", "", "held", "script_file"),
    (b"MZ" + bytes(200), "", "a.exe", "held", "type_not_allowed"),
    (b"\x7fELF\x02\x01\x01" + bytes(100), "", "", "held", "type_not_allowed"),
    (bytes(range(256)) * 4, "", "", "held", "type_not_allowed"),
    (samples.pdf() + b"<form >", "text/html", "a.pdf", "held", "type_disagrees"),
    (samples.pdf(), PDF, "a.exe.jpg", "held", "type_disagrees"),
    (samples.pdf(), "", "a.exe", "held", "type_disagrees"),
    (b"hello", PDF, "a.html", "held", "type_disagrees"),
    (samples.pdf(OpenAction=samples.script()), JPEG, "a.jpg", "held", "type_disagrees"),
    (b"junk\n" + samples.pdf(), PDF, "a.pdf", "held", "polyglot"),
    (samples.pdf() + samples.archive(), PDF, "a.pdf", "held", "polyglot"),
    (samples.picture("JPEG") + samples.archive(), JPEG, "a.jpg", "held", "polyglot"),
    (b"hello\n" * 100 + samples.pdf(), TEXT, "a.txt", "held", "polyglot"),
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


UKRAINIAN = "Добрий день! Надсилаю документи Олени."
CHARSETS = [
    (UKRAINIAN.encode("koi8-u"), f"{TEXT}; charset=koi8-u", "clean", ()),
    (UKRAINIAN.encode("koi8-u"), TEXT, "clean", ("charset_undeclared:koi8_u",)),
    (UKRAINIAN.encode(), f"{TEXT}; charset=cp1252", "clean", ("charset_differs:utf_8",)),
    (UKRAINIAN.encode("utf-16-be"), f"{TEXT}; charset=utf-16-be", "clean", ()),
    (UKRAINIAN.encode("utf-16-le"), TEXT, "clean", ("charset_undeclared:utf_16_le",)),
    (UKRAINIAN.encode() + b"\xff", TEXT, "clean", ("charset_bad_bytes",)),
    ("書類".encode("iso2022-jp"), TEXT, "clean", ()),
    ("서류".encode("iso2022-kr"), f"{TEXT}; charset=iso2022-kr", "clean", ()),
    # No declaration makes control characters or a binary file into text.
    (b"\x1b[2Jx", f"{TEXT}; charset=iso2022-jp", "held", ()),
    (b"\x1b$B\x1b[2Jx", f"{TEXT}; charset=iso2022-jp", "held", ()),
    (b'\x1b$B$"\x1b(B\x1b]0;x\x07', TEXT, "held", ()),
    (b"+ABs-[2J", f"{TEXT}; charset=utf-7", "held", ()),
    (b"a\x00\x1b\x00[\x002\x00J\x00b\x00c\x00", f"{TEXT}; charset=utf-16-le", "held", ()),
    (b"\x0e\x0fx", f"{TEXT}; charset=utf-7", "held", ()),
    (bytes(range(256)) * 4, f"{TEXT}; charset=utf-16-le", "held", ()),
]


@pytest.mark.parametrize(("content", "claimed", "state", "findings"), CHARSETS)
def test_text_is_judged_in_its_charset(
    inspector: Inspector, content: bytes, claimed: str, state: str, findings: tuple[str, ...]
) -> None:
    found = inspector.inspect(content, claimed, "a.txt")

    said = tuple(each for each in found.findings if not each.startswith("charset_offer_"))
    assert (found.state, found.state == "held" or said == findings) == (state, True)


@pytest.mark.parametrize(
    ("claimed", "findings"),
    [
        (f"{TEXT}; charset=cp949", set()),
        (TEXT, {"charset_undeclared:cp949", "charset_offer_1:iso8859_5"}),
        (f"{TEXT}; near=cp949,cp1252", {"charset_as_others:cp949", "charset_offer_1:iso8859_5"}),
        ("application/octet-stream; near=cp949", {"charset_as_others:cp949"}),
    ],
)
def test_what_was_taken_is_said_and_the_others_are_offered(
    inspector: Inspector, claimed: str, findings: set[str]
) -> None:
    found = inspector.inspect("여권".encode("cp949"), claimed, "a.txt")

    assert findings <= set(found.findings)
    assert bool(found.findings) == bool(findings)


def test_text_that_quotes_a_mail_stays_text(inspector: Inspector) -> None:
    found = inspector.inspect(benign.MAIL, TEXT, "")

    assert (found.state, found.findings) == ("clean", ("text_reads_as_mail",))


@pytest.mark.parametrize(
    ("content", "state", "finding"),
    [
        (samples.pdf(OpenAction=Array([0, Name.Fit])), "clean", "pdf_open_at_page"),
        (samples.pdf(OpenAction=Dictionary(S=Name.GoTo, D=String("x"))), "clean",
         "pdf_open_at_page"),
        (samples.pdf(OpenAction=Dictionary(S=Name.GoTo, Next=samples.script())), "active",
         "pdf_javascript"),
        (samples.pdf(OpenAction=Dictionary(S=Name.URI, URI=String("http://a"))), "active",
         "pdf_open_action"),
        (samples.pdf(OpenAction=Dictionary(S=Name.Named, N=Name.Print)), "active",
         "pdf_open_action"),
        (samples.pdf(Other=Dictionary(OpenAction=samples.script()),
                     OpenAction=Array([0, Name.Fit])), "active", "pdf_javascript"),
        (samples.pdf_with_annotation(Dictionary(S=Name.GoToR, F=String("\\\\a\\b"))), "active",
         "pdf_goto_remote"),
        (samples.pdf().replace(b"/Count 1", b"/Count 2"), "held", "page_count_disagrees"),
    ],
)  # fmt: skip
def test_what_opening_a_pdf_does_decides(
    inspector: Inspector, content: bytes, state: str, finding: str
) -> None:
    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, finding in found.findings) == (state, True)


MARKUP = [
    (b"<html><script>x</script></html>", "html_script"),
    (b"<html><a href=' javascript:x'></html>", "html_script"),
    (b"<html><a href='java&#10;script:x'></html>", "html_script"),
    (b"<html><a href='java&#x0A;script&colon;x'></html>", "html_script"),
    (b"<html><a href='java&Tab;script&#58x'></html>", "html_script"),
    (b"<html><a href='&#106;avascript:x'></html>", "html_script"),
    (b"<html><a href='&#x4A;ava\tscript:x'></html>", "html_script"),
    (b"<html><a href='v\nb\rscript:x'></html>", "html_script"),
    (b"<html><body onload=x></html>", "html_event_handler"),
    (b"<html><iframe></html>", "html_embedded"),
    (b"<html><form action=x></html>", "html_form"),
    (b"<HTML><SCRIPT>x</SCRIPT></HTML>", "html_script"),
    (b"<HTML><A HREF='JavaScript:x'></HTML>", "html_script"),
    (b"<HTML><BODY onLoad=x></HTML>", "html_event_handler"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "html_script"),
]


@pytest.mark.parametrize(("content", "finding"), MARKUP)
def test_markup_is_held_and_what_it_does_is_named(
    inspector: Inspector, content: bytes, finding: str
) -> None:
    found = inspector.inspect(content, "", "")

    assert (found.state, finding in found.findings) == ("held", True)


def test_page_that_only_loads_a_picture_is_shown_as_its_words(inspector: Inspector) -> None:
    found = inspector.inspect(b"<html>Hej<img src='https://a.example/1.png'></html>", "", "")

    assert (found.state, found.reason) == ("active", "shown_as_text")
    assert found.findings == ("html_remote",)


LETTERS = [
    (b"<p><a href='https://region.sharepoint.com/:b:/g/1'>Remiss</a>", {"cloud_link"}),
    (b"Remissen: https://drive.google.com/file/d/1", {"cloud_link"}),
    (b"https://a.safelinks.example/?url=https%3A%2F%2Fwww.dropbox.com%2Fs%2F1", {"cloud_link"}),
    (
        b"L\xc3\xa4s det s\xc3\xa4kra meddelandet: https://m.region.example/7",
        {"secure_mail_notice"},
    ),
    (
        b"L\xe4s det s\xe4kra meddelandet: https://m.region.example/7",
        {"secure_mail_notice", "charset_undeclared:cp1252"},
    ),
    (b"<p>s&auml;ker e-post <a href=https://m.region.example>", {"secure_mail_notice"}),
    (b"https://saker-epost.region.example/m/7", {"secure_mail_notice"}),
    (b"You have a secure message. https://a.example/", {"secure_mail_notice"}),
    (b"HTTPS%3A%2F%2FRegion.SharePoint.com%2F1", {"cloud_link"}),
    (b"A Secure Message: HTTP://A.example/Encryption/retrieve.ashx", {"secure_mail_notice"}),
    (b"We use secure messages only.", set()),
    (b"https://www.sharepointers.example/ and https://a.example/dropbox", set()),
    (b"https://box.com.example/", set()),
]


@pytest.mark.parametrize(("content", "findings"), LETTERS)
def test_letter_that_points_elsewhere_says_so(
    inspector: Inspector, content: bytes, findings: set[str]
) -> None:
    claimed = "text/html" if content.startswith(b"<") else TEXT

    found = inspector.inspect(content, claimed, "")

    said = {each for each in found.findings if not each.startswith("charset_offer_")}
    assert (found.state in ("clean", "active"), said) == (True, findings)


POLYGLOTS = [
    samples.pdf() + office.docx(),
    b"GIF89a" + samples.pdf(),
    b"%PDF-1.4\n" + office.docx(),
    office.docx() + samples.pdf(),
    b"%!PS\n" + office.docx(),
    samples.picture("PNG") + office.docx(),
    samples.picture("JPEG") + b"<?php x ?>",
    samples.picture("GIF") + samples.pdf(),
    samples.picture("WEBP") + b"7z\xbc\xaf\x27\x1c",
    benign.picture("HEIF") + samples.archive(),
    samples.pdf() + b"Rar!\x1a\x07\x00",
    b"{\\rtf1 a}" + samples.archive(),
    samples.pdf().replace(b"%PDF-1.3", b"%PDF-1.3\n%<html><script>x</script>"),
    bytes(257) + b"ustar",
]


@pytest.mark.parametrize("content", POLYGLOTS)
def test_file_of_two_kinds_is_never_clean(inspector: Inspector, content: bytes) -> None:
    assert inspector.inspect(content, "", "").state in ("held", "unreadable")


SCRIPT = "<html><script>x</script></html>"


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (SCRIPT.encode("utf-16-le"), "; charset=utf-16le"),
        (SCRIPT.encode("utf-16-be"), "; charset=utf-16"),
        (SCRIPT.encode("utf-32-le"), "; charset=utf-32le"),
        (SCRIPT.encode("utf-16-le"), ""),
        (SCRIPT.encode("utf-16"), ""),
        (b"<p>x</p>+ADw-script+AD4-x+ADw-/script+AD4-", "; charset=utf-7"),
        (SCRIPT.encode(), "; charset=utf-7"),
    ],
)
def test_a_script_is_found_in_every_charset(
    inspector: Inspector, content: bytes, charset: str
) -> None:
    found = inspector.inspect(content, f"text/html{charset}", "a.html")

    assert (found.state, found.findings) == ("held", ("html_script",))


def test_a_link_to_files_is_found_in_every_charset(inspector: Inspector) -> None:
    content = "https://region.sharepoint.com/:b:/g/1 åäö".encode("utf-16-le")

    assert inspector.inspect(content, f"{TEXT}; charset=utf-16le", "a.txt").findings == (
        "cloud_link",
    )
