"""Hold that an Office document in one XML file is shown as words, and that its parts are judged."""

import base64

import pytest

from mailbox.demo.eicar import eicar
from tests.intake.sandbox.samples import picture
from tests.samples.mail.mails import referral
from tests.support.desk import Desk

XML = "text/xml"
PICTURE = picture("PNG", size=(600, 400))
DDE = '<w:fldSimple w:instr="DDE excel a.xlsx"/>'
OBJECT = '<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"/></w:object>'
SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table><Row>'
    '<Cell ss:Formula="=cmd|\'/c calc\'!A0"><Data ss:Type="String">Anna</Data></Cell>'
    "</Row></Table></Worksheet></Workbook>"
)


def word_2003(inner: str, name: str = "", content: bytes = b"") -> bytes:
    """Return a letter as Word 2003 writes it, with one file in base64 if it has a name."""
    written = base64.encodebytes(content).decode()
    data = f'<w:binData w:name="wordml://{name}">{written}</w:binData>' if name else ""
    return (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument'
        ' xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r>'
        f"<w:t>Anna</w:t></w:r></w:p>{inner}<w:pict>{data}</w:pict></w:body></w:wordDocument>"
    ).encode()


def package(name: str, content: bytes) -> bytes:
    """Return a letter as Word writes it into one XML package, with one part in base64."""
    return (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="http://schemas'
        '.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Anna</w:t></w:r>'
        "</w:p></w:body></w:document></pkg:xmlData></pkg:part>"
        f'<pkg:part pkg:name="{name}"><pkg:binaryData>{base64.b64encode(content).decode()}'
        "</pkg:binaryData></pkg:part></pkg:package>"
    ).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (word_2003(""), "shown_as_text"),
        (word_2003(DDE), "active_content"),
        (word_2003(OBJECT), "active_content"),
        (SHEET.encode(), "active_content"),
    ],
)
def test_its_words_are_shown_whatever_it_asks(
    sqlite_desk: Desk, content: bytes, reason: str
) -> None:
    submission_id = sqlite_desk.handle(referral(attachments=[("a.xml", XML, content)]))

    assert sqlite_desk.states(submission_id)[1:] == [("ACTIVE", reason)]
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}


@pytest.mark.parametrize(
    "content",
    [word_2003("", "02000001.png", PICTURE), package("/word/media/image1.png", PICTURE)],
)
def test_a_picture_in_it_is_a_document(sqlite_desk: Desk, content: bytes) -> None:
    submission_id = sqlite_desk.handle(referral(attachments=[("a.xml", XML, content)]))

    assert sqlite_desk.states(submission_id)[1:] == [("ACTIVE", "shown_as_text"), ("CLEAN", "")]


@pytest.mark.parametrize(
    "content",
    [word_2003(OBJECT, "oledata.mso", eicar()), package("/word/embeddings/o.bin", eicar())],
)
def test_malware_in_base64_is_found(sqlite_desk: Desk, content: bytes) -> None:
    submission_id = sqlite_desk.handle(referral(attachments=[("a.xml", XML, content)]))

    assert sqlite_desk.states(submission_id)[2] == ("INFECTED", "malware:rule:eicar_test_file")


def test_one_that_is_cut_is_held_and_what_came_before_the_cut_judged(sqlite_desk: Desk) -> None:
    content = word_2003(OBJECT, "oledata.mso", eicar()).replace(b"</w:body>", b"")

    submission_id = sqlite_desk.handle(referral(attachments=[("a.xml", XML, content)]))

    assert sqlite_desk.states(submission_id)[1:] == [
        ("HELD", "office_malformed"),
        ("INFECTED", "malware:rule:eicar_test_file"),
    ]
