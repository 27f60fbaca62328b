"""Hold that the content decides, and which claims are corrected, held or called a script."""

import hashlib

import pysequoia
import pytest

from intake.sandbox.formats import claims
from intake.sandbox.formats.claims import AGREES, CORRECTED, DISAGREES, SCRIPT
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from tests.intake.sandbox import samples
from tests.samples.files import benign, office
from tests.samples.mail.signatures import PGP_SIGNATURE, cms_signature
from tests.support.growth.measure import is_linear

PDF, TEXT, JPEG, PNG = "application/pdf", "text/plain", "image/jpeg", "image/png"
EXCEL, WORD = "application/vnd.ms-excel", "application/msword"
TABLE = b"<table><tr><td>Anna</td><td>7</td></tr></table>"
EXCEL_PAGE = b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><link rel=Relationship>'
WORKBOOK = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row>'
    b"<Cell><Data>Anna</Data></Cell><Cell><Data>7</Data></Cell></Row></Table></Worksheet></Workbook>"
)


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


CLAIMS = [
    (office.docx(), WORD, "a.docx", AGREES),
    (office.docx(), "application/zip", "a.docx", AGREES),
    (office.docx(), "application/zip", "", DISAGREES),
    (office.docx(), EXCEL, "a.docx", CORRECTED),
    (office.docx(), TEXT, "a.docx", CORRECTED),
    (office.docx(), "application/wps-office.docx", "a.docx", CORRECTED),
    (office.docx(), "", "a.zip", DISAGREES),
    (office.docx(), WORD, "a.doc", CORRECTED),
    (office.docx(), "", "a.xlsx", DISAGREES),
    (office.docx(main=office.WORD_MACRO_MAIN), "", "a.docx", DISAGREES),
    (office.docx(main=office.WORD_MACRO_MAIN), WORD, "a.doc", DISAGREES),
    (office.odt(), "", "a.docx", CORRECTED),
    (b"a;b\r\n", EXCEL, "a.csv", AGREES),
    (b"a;b\r\n", EXCEL, "a.xls", CORRECTED),
    (b"{\\rtf1 a}", WORD, "a.rtf", AGREES),
    (b"{\\rtf1 a}", WORD, "a.doc", CORRECTED),
    (samples.pdf(), "application/wps-office.pdf", "a.pdf", CORRECTED),
    (samples.pdf(), "application/haansoftpdf", "a.pdf", CORRECTED),
    (samples.pdf(), "application/x-msdownload", "a.pdf", CORRECTED),
    (samples.pdf(), "application/x-msdownload", "a.exe", DISAGREES),
    (samples.pdf(), PDF, "a.exe", DISAGREES),
    (samples.pdf(), "application/unknown", "", CORRECTED),
    (samples.pdf(), "text/pdf", "a.pdf", CORRECTED),
    (samples.pdf(), JPEG, "a.pdf", CORRECTED),
    (samples.pdf(), JPEG, "a.jpg", CORRECTED),
    (samples.pdf(), "", "a.exe.jpg", DISAGREES),
    (samples.pdf(OpenAction=samples.script()), JPEG, "a.jpg", DISAGREES),
    (samples.picture("JPEG"), PDF, "a.pdf", CORRECTED),
    (samples.picture("PNG"), "", "a.pdf", CORRECTED),
    (samples.picture("TIFF"), "application/octet-stream", "a.pdf", CORRECTED),
    (office.docx(), PDF, "a.pdf", CORRECTED),
    (office.docx(), "", "a.wps", CORRECTED),
    (office.docx(), "application/octet-stream", "a.wps", CORRECTED),
    (office.docx(main=office.WORD_MACRO_MAIN), PDF, "a.pdf", DISAGREES),
    (office.docx(main=office.WORD_MACRO_MAIN), "", "a.wps", DISAGREES),
    (b"<html><p>Hej</html>", PDF, "a.pdf", DISAGREES),
    (samples.pdf(), "text/javascript", "a.pdf", DISAGREES),
    (samples.pdf(), "", "a.scan", CORRECTED),
    (samples.pdf(), WORD, "a.doc", CORRECTED),
    (samples.pdf(), "", "a.xls", CORRECTED),
    (samples.picture("JPEG"), "image/*", "a.jpg", CORRECTED),
    (samples.picture("JPEG"), JPEG, "a.png", CORRECTED),
    (samples.picture("PNG"), JPEG, "a.jpg", CORRECTED),
    (samples.picture("WEBP"), JPEG, "a.jpg", CORRECTED),
    (samples.picture("WEBP"), "application/octet-stream", "a.jpg", CORRECTED),
    (benign.picture("HEIF"), "image/heif", "a.heic", AGREES),
    (benign.picture("HEIF"), JPEG, "a.jpg", CORRECTED),
    (benign.MAIL, TEXT, "a.txt", AGREES),
    (benign.MAIL, "message/rfc822", "a.eml", AGREES),
    (benign.MAIL, PDF, "a.pdf", DISAGREES),
    (benign.MAIL, WORD, "a.doc", CORRECTED),
    (b"ID;PWXL\r\n", "text/csv", "a.csv", DISAGREES),
    (b'{"a": 1}', TEXT, "a.json", AGREES),
    (b'{"a": 1}\n{"a": 2}\n', TEXT, "a.ndjson", AGREES),
    (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar", "a.ics", AGREES),
]


@pytest.mark.parametrize(("content", "claimed", "name", "finding"), CLAIMS)
def test_claim_is_weighed_against_the_content(
    inspector: Inspector, content: bytes, claimed: str, name: str, finding: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert {CORRECTED, DISAGREES}.intersection(found.findings) == {finding} - {AGREES}
    assert (found.state == "held") or finding != DISAGREES


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.picture("JPEG") + samples.archive(), "a.pdf"),
        (samples.pdf() + samples.archive(), "a.jpg"),
    ],
)
def test_paper_with_two_readings_is_held(inspector: Inspector, content: bytes, name: str) -> None:
    assert inspector.inspect(content, "", name).state == "held"


@pytest.mark.parametrize("name", ["a.mht", "a.foo", "a.eml"])
def test_mail_under_another_name_stays_a_mail(inspector: Inspector, name: str) -> None:
    assert inspector.inspect(benign.MAIL, TEXT, name).detected_type == "message/rfc822"


@pytest.mark.parametrize(
    "content",
    [
        b"<div dir='ltr'>Hej, remiss bifogas.</div>",
        b"<p>Hej, remiss bifogas.</p>",
        b"<b>Hej</b> remiss bifogas",
        b"<body><p>Hej</p></body>",
        b"<!-- formular 12 --><p>Hej</p>",
        b"<meta http-equiv='Content-Type' content='text/html; charset=utf-8'><p>Hej</p>",
        b"Hej,<br>remiss bifogas.<br>Mvh Eva",
        b"Hej",
        b"function x() { return 1 } is what I wrote<br>",
    ],
)
def test_fragment_of_html_is_html_when_it_is_called_so(
    inspector: Inspector, content: bytes
) -> None:
    found = inspector.inspect(content, "text/html", "")

    assert (found.detected_type, found.state) == ("text/html", "active")
    assert found.reason == "shown_as_text"


@pytest.mark.parametrize(
    ("content", "name", "detected"),
    [
        (TABLE, "Lista.xls", "text/html"),
        (b"<html>" + TABLE, "Lista.xls", "text/html"),
        (EXCEL_PAGE + b"<p>7<br>8", "Lista.xls", "text/html"),
        (b"<p>Journal</p>", "Journal.doc", "text/html"),
        (WORKBOOK, "Lista.xls", "text/xml"),
    ],
)
def test_table_of_another_program_is_shown_as_its_words(
    inspector: Inspector, content: bytes, name: str, detected: str
) -> None:
    found = inspector.inspect(content, EXCEL if name.endswith("xls") else WORD, name)

    assert (found.detected_type, found.state) == (detected, "active")
    assert (found.reason, found.findings) == ("shown_as_text", ("type_corrected",))


def test_sheet_in_xml_that_asks_something_is_shown_as_one_in_a_zip_is(inspector: Inspector) -> None:
    content = WORKBOOK.replace(b"<Cell>", b"<Cell Formula='=WEBSERVICE(1)'>", 1)

    found = inspector.inspect(content, EXCEL, "Lista.xls")

    assert (found.state, found.reason) == ("active", "active_content")


@pytest.mark.parametrize(
    "content",
    [
        TABLE + b"<script>x()</script>",
        b"<html><iframe src=x></iframe>",
        EXCEL_PAGE + b"<script>x()</script>",
    ],
)
def test_table_that_runs_or_asks_something_stays_held(inspector: Inspector, content: bytes) -> None:
    assert inspector.inspect(content, EXCEL, "Lista.xls").state == "held"


@pytest.mark.parametrize(
    "name",
    [
        "a.com", "a.ica", "a.udl", "a.dqy", "a.rqy", "a.oqy", "a.inetloc", "a.webloc", "a.fileloc",
        "a.contact", "a.terminal", "a.ins", "a.isp", "a.hlp", "a.bas", "a.vba", "a.xla", "a.rbw",
        "a.tool", "a.maf", "a.diagcab", "a.msh2xml", "a.COM. ", "anna@region.com",
        "a.cjs", "a.msrcincident", "a.kix", "a.wbt", "a.rexx", "a.service", "a.htaccess",
        "a.bat", "a.cmd", "a.ps1", "a.jse", "a.reg", "a.scf", "a.rdp", "a.py", "a.sh", "a.desktop",
        "a.BAT", "a.bat.", "a.bat . ", "a.pdf.cmd", "a.settingcontent-ms", "a.hta", "a.url",
    ],
)  # fmt: skip
@pytest.mark.parametrize("claimed", [TEXT, "application/octet-stream", "text/html"])
def test_name_of_a_script_is_held(inspector: Inspector, name: str, claimed: str) -> None:
    found = inspector.inspect(b"del /q files\r\n", claimed, name)

    assert (found.state, found.reason) == ("held", SCRIPT)


def test_name_of_a_script_on_a_picture_is_held(inspector: Inspector) -> None:
    assert inspector.inspect(samples.picture("PNG"), PNG, "a.png.js").reason == SCRIPT


def test_active_document_stays_active_when_its_claim_is_corrected(inspector: Inspector) -> None:
    found = inspector.inspect(samples.pdf(OpenAction=samples.script()), "text/pdf", "a.pdf")

    assert (found.state, "pdf_javascript" in found.findings) == ("active", True)


SIGNED = cms_signature(b"Hej")


@pytest.mark.parametrize(
    ("content", "claimed", "name"),
    [
        (SIGNED, "application/pkcs7-signature", "smime.p7s"),
        (SIGNED, "application/x-pkcs7-signature", "smime.p7s"),
        (SIGNED + b"\r\n", "application/octet-stream", "smime.p7s"),
        (PGP_SIGNATURE, "application/pgp-signature", "signature.asc"),
        (PGP_SIGNATURE, "application/pgp-signature", "OpenPGP_signature"),
    ],
)
def test_signature_of_the_mail_is_noted(
    inspector: Inspector, content: bytes, claimed: str, name: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.state, "detached_signature" in found.findings) == ("clean", True)


@pytest.mark.parametrize("claimed", ["application/pkcs7-mime", "application/x-pkcs7-mime"])
def test_signed_mail_is_what_it_says(inspector: Inspector, claimed: str) -> None:
    found = inspector.inspect(cms_signature(b"Hej", is_detached=False), claimed, "smime.p7m")

    assert (found.detected_type, found.state) == ("application/pkcs7-mime", "held")
    assert found.findings == ()


@pytest.mark.parametrize(
    "content",
    [
        cms_signature(b"Hej", is_detached=False),
        SIGNED + b"PK\x03\x04",
        cms_signature(b"Hej", is_detached=False)[:-9],
        b"0\x80",
        PGP_SIGNATURE + b"and more",
        b"MZ" + PGP_SIGNATURE,
        PGP_SIGNATURE * 2,
        PGP_SIGNATURE.replace(b"iQEz", b"<script>"),
    ],
)
def test_what_is_more_than_a_signature_is_not_noted_as_one(
    inspector: Inspector, content: bytes
) -> None:
    found = inspector.inspect(content, "application/pkcs7-signature", "smime.p7s")

    assert (found.state == "held", "detached_signature" in found.findings) == (True, False)


def test_mail_that_only_its_readers_account_opens_is_locked(inspector: Inspector) -> None:
    content = bytes.fromhex("76e80460c411e386") + bytes(range(256))

    found = inspector.inspect(content, "application/x-microsoft-rpmsg-message", "message.rpmsg")

    assert (found.state, found.reason) == ("locked", "microsoft_encrypted")
    assert found.findings == ()


def test_blanks_without_end_are_read_once() -> None:
    def read(text: str) -> tuple[str, str]:
        return claims.read_as(TEXT, text.encode(), "application/msword", "a.doc")

    assert read(" \n" * 200_000 + "x") == (TEXT, "")
    assert is_linear(read, lambda size: " \n" * (size // 2) + "x", 400_000)


@pytest.mark.parametrize("lead", [b"", b"\r\n", b"\xef\xbb\xbf", b" \xef\xbb\xbf\n"])
def test_page_behind_blanks_is_a_page(lead: bytes) -> None:
    found = claims.read_as(TEXT, lead + b"<table><tr><td>Hej", "application/msword", "a.doc")

    assert found == ("text/html", "")


@pytest.mark.parametrize(
    ("content", "claimed", "name", "reason"),
    [
        (b"Hej, remissen kommer i morgon med posten.\r\n", TEXT, "Mail from anna@region.com", ""),
        (b"Hej, remissen kommer i morgon med posten.\r\n", TEXT, "www.region.com", ""),
        (b"Hej, remissen kommer i morgon med posten.\r\n", TEXT, "install.com", SCRIPT),
        (b"X5$Z(P%)7}$hej$H+H*", TEXT, "anna@region.com", SCRIPT),
        (samples.pdf(), "application/octet-stream", "Mail from anna@region.com", ""),
        (samples.pdf(), PDF, "region.com", ""),
        (samples.pdf(), PDF, "Protokoll 12.mar", ""),
        (samples.pdf(), "application/x-msdownload", "region.com", SCRIPT),
        (samples.picture("JPEG"), JPEG, "foto region.com", ""),
        (samples.picture("JPEG"), JPEG, "foto.ica", SCRIPT),
    ],
)
def test_a_name_that_ends_as_a_sites_is_no_program_by_itself(
    inspector: Inspector, content: bytes, claimed: str, name: str, reason: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.reason, found.state) == (reason, "held" if reason else "clean")


KEY = bytes(pysequoia.Tsk.generate(user_id="eva <eva@region.example>").extract_certificate())
ARMOURED_KEY = (
    b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nComment: made by hand\r\n\r\n"
    b"xjMEZ7h0m0=\r\n=aB3d\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n"
)
SIGNED_START = bytes.fromhex("3082027006092a864886f70d010702a0820261")
BINARY_SIGNATURE = b"\x88\x0d\x04" + bytes(12)


@pytest.mark.parametrize(
    ("content", "claimed", "name"),
    [
        (ARMOURED_KEY, "application/pgp-keys", "OpenPGP_0x12AB.asc"),
        (ARMOURED_KEY, TEXT, "publickey - eva@region.example - 0x12AB.asc"),
        (ARMOURED_KEY * 2, "application/octet-stream", "keys.txt"),
        (KEY, "application/octet-stream", "eva.gpg"),
        (KEY, "application/pgp-keys", "eva.key"),
        (KEY, "application/pgp-keys", ""),
    ],
)
def test_a_public_key_is_noted(
    inspector: Inspector, content: bytes, claimed: str, name: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.detected_type, found.state) == ("application/pgp-keys", "clean")
    assert found.findings == ("public_key",)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (ARMOURED_KEY + b"and more", "a.asc"),
        (ARMOURED_KEY.replace(b"xjME", b"<b> "), "a.asc"),
        (KEY + b"PK\x03\x04", "a.gpg"),
        (KEY[:-9], "a.gpg"),
        (ARMOURED_KEY, "a.pdf"),
        (ARMOURED_KEY, "a.bat"),
        (ARMOURED_KEY.replace(b"PUBLIC", b"PRIVATE"), "a.asc"),
    ],
)
def test_what_is_more_than_a_public_key_is_not_noted_as_one(
    inspector: Inspector, content: bytes, name: str
) -> None:
    found = inspector.inspect(content, "application/octet-stream", name)

    assert found.state == "held" or "public_key" not in found.findings


@pytest.mark.parametrize(
    ("content", "claimed", "name", "finding"),
    [
        (BINARY_SIGNATURE, "application/octet-stream", "R.pdf.sig", "detached_signature"),
        (BINARY_SIGNATURE, "application/pgp-signature", "signature.asc", "detached_signature"),
        (PGP_SIGNATURE, "application/octet-stream", "R.pdf.sig", "detached_signature"),
        (SIGNED, "application/octet-stream", "R.pdf.sig", "detached_signature"),
        (SIGNED[:-9], "application/pkcs7-signature", "smime.p7s", "called_signature"),
        (SIGNED[:200], "application/octet-stream", "smime.p7s", "called_signature"),
        (bytes(2), "application/x-pkcs7-signature", "smime.p7s", "called_signature"),
        (SIGNED_START, "application/pkcs7-signature", "smime.p7s", "called_signature"),
        (SIGNED_START + bytes(99), "application/pkcs7-signature", "smime.p7s", "called_signature"),
        (
            hashlib.sha512(b"a").digest(),
            "application/octet-stream",
            "R.pdf.sig",
            "called_signature",
        ),
    ],
)
def test_a_signature_that_nobody_can_check_is_noted(
    inspector: Inspector, content: bytes, claimed: str, name: str, finding: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert (found.state, found.findings) == ("clean", (finding,))


@pytest.mark.parametrize(
    ("content", "claimed", "name"),
    [
        (samples.pdf(), "application/pkcs7-signature", "smime.p7s"),
        (b"\0" * 30 + samples.archive(), "application/pkcs7-signature", "smime.p7s"),
        (b"MZ" + bytes(300), "application/octet-stream", "a.sig"),
        (bytes(2), "application/pkcs7-signature", "a.pdf"),
        (bytes(2), "application/pkcs7-signature", "a.p7s.exe"),
        (bytes(2), "application/octet-stream", "a.bin"),
        (bytes(300_000), "application/octet-stream", "a.sig"),
    ],
)
def test_nothing_else_passes_for_a_signature(
    inspector: Inspector, content: bytes, claimed: str, name: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert found.state == "held"
    assert "called_signature" not in found.findings
