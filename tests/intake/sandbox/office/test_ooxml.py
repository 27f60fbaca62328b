"""Hold what is found in Office Open XML files, by files that each hide one thing."""

import zipfile

import pytest

from intake.sandbox.formats.media_types import SHOWN_MACRO_FORMATS, SHOWN_OFFICE
from intake.sandbox.formats.office_files import inspect_office
from intake.sandbox.html.markup import find_in_office_xml
from intake.sandbox.office.packages import kind_of
from tests.samples.files import compound, office
from tests.samples.files.flat_office import flat
from tests.samples.files.office import docx, field, override, relationship, xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCM = "application/vnd.ms-word.document.macroenabled.12"
SIMPLE = "<w:p><w:fldSimple w:instr='{}'/></w:p>"
VBA = "application/vnd.ms-office.vbaProject"
BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = f'<externalLink xmlns="{BOOK}"><ddeLink ddeService="cmd" ddeTopic="x"/></externalLink>'
ENTITIES = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
CONTROL = {"word/activeX/activeX1.xml": "<a/>"}
LISTENER = "<script:event-listener script:event-name='on-load'/>"
OTHER_ARCHIVE = office.package({"a.exe": b"x"})
SHEET_RELATIONSHIP = {
    "xl/externalLinks/_rels/externalLink1.xml.rels": relationship(
        "externalLinkPath", "\\\\a\\b.xlsx"
    )
}


def around(*inner: str) -> str:
    """Return a field of Word that is put together from fields and text."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    pieces = (
        each if each.startswith("<") else f"<w:r><w:instrText>{each}</w:instrText></w:r>"
        for each in (part.removeprefix("<w:p>").removesuffix("</w:p>") for part in inner)
    )
    return f"<w:p>{mark.format('begin')}{''.join(pieces)}{mark.format('end')}</w:p>"


ACTIVE = [
    (docx(field("DDEAUTO c:\\\\windows\\\\none.exe")), "office_dde"),
    (docx(field("DDEAUTO none.exe x", pieces=9)), "office_dde"),
    (docx(field("QUOTE 68 68 69 65 85 84 79 32 110 111")), "office_dde"),
    (docx(SIMPLE.format('&#68;DE none.exe "x"')), "office_dde"),
    (docx(around(field('QUOTE "DD"'), field('QUOTE "EAUTO"'), " none.exe x")), "office_dde"),
    (docx(around(field("QUOTE DD 69"), " none.exe")), "office_dde"),
    (docx(around(field('IF 1=1 "DDEAUTO" "x"'), " none.exe x")), "office_dde"),
    (docx(around(field('IF 1=1 "DD" "x"'), field("REF a"), " none.exe x")), "office_dde"),
    (docx(around("IN", field("REF a"), ' "http://a.example"')), "office_dde"),
    (docx(around("INCLUDETEXT ", field('QUOTE "http:"'), "//a.example")), "office_external_link"),
    (docx(field('DATABASE \\c "DSN=a" \\s "SELECT 1"')), "office_external_link"),
    (docx(SIMPLE.format('DATABASE \\d "C:\\a.mdb"')), "office_external_link"),
    (docx(field("INCLUDEPICTURE http://a.example/x.png \\d")), "office_external_link"),
    (docx(field('INCLUDETEXT "\\\\\\\\server\\\\share\\\\a.docx"')), "office_external_link"),
    (docx(relationships=relationship("attachedTemplate", "https://a.example/t.dotm")),
     "office_remote_template"),
    (docx(relationships=relationship("attachedTemplate", "\\\\server\\t.dotm")),
     "office_remote_template"),
    (docx(relationships=relationship("attachedTemplate", "file://server/t.dotm")),
     "office_remote_template"),
    (docx(relationships=relationship("image", "http://a.example/1.png")), "office_external_link"),
    (docx(relationships=relationship("frame", "http://a.example/")), "office_external_link"),
    (docx(relationships=relationship("oleObject", "mhtml:http://a.example!x")),
     "office_external_link"),
    (docx(relationships=relationship("hyperlink", "ms-msdt:/id x")), "office_external_link"),
    (docx(relationships=relationship("hyperlink", "javascript:alert(1)")), "office_external_link"),
    (docx(relationships=relationship("aFChunk", "a.html", is_external=False)),
     "office_inserted_file"),
    (docx(types=override("/word/x.bin", VBA)), "office_vba_macro"),
    (docx(members={"word/vbaProject.bin": b"x"}), "office_vba_macro"),
    (docx(members=CONTROL), "office_activex"),
    (docx(members={"word/embeddings/a.bin": b"MZ"}), "office_ole_package"),
    (docx(members={"word/embeddings/a.zip": OTHER_ARCHIVE}), "office_ole_package"),
    (docx(members={"word/embeddings/a.docx": docx(field("DDE none x"))}), "office_dde"),
    (docx(members={"word/webextensions/a.xml": "<a/>"}), "office_web_extension"),
    (xlsx(members={"xl/externalLinks/externalLink1.xml": LINK}), "office_dde"),
    (xlsx("<c><f>none|'/c x'!A0</f></c>"), "office_dde"),
    (xlsx("<c><f>&#110;one|'/c x'!A0</f></c>"), "office_dde"),
    (xlsx('<c><f>WEBSERVICE("http://a.example/"&amp;A1)</f></c>'), "office_web_service"),
    (xlsx('<c><f>_xlfn.IMAGE("http://a.example/1.png")</f></c>'), "office_web_service"),
    (xlsx("<c><f>_xlfn.image (A1)</f></c>"), "office_web_service"),
    (xlsx('<c><f>RTD("a.b",,"c")</f></c>'), "office_program_call"),
    (xlsx("<c><f>1+register.Id (A1)</f></c>"), "office_program_call"),
    (xlsx("<c><f>webService(A1)</f></c>"), "office_web_service"),
    (xlsx('<c><f>1+CALL("kernel32","x","J")</f></c>'), "office_program_call"),
    (xlsx('<c><f>REGISTER.ID("a.dll","b")</f></c>'), "office_program_call"),
    (xlsx('<c><f>&#82;TD("a.b",,"c")</f></c>'), "office_program_call"),
    (xlsx('<definedName name="a">CALL("a","b")</definedName>'), "office_program_call"),
    (xlsx("<cfRule><formula>RTD(A1)</formula></cfRule>"), "office_program_call"),
    (xlsx(members={"xl/macrosheets/sheet1.xml": "<a/>"}), "office_xlm_macro"),
    (xlsx(members=SHEET_RELATIONSHIP), "office_external_link"),
    (xlsx(relationships=relationship("connections", "connections.xml", is_external=False)),
     "office_data_connection"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "finding"), ACTIVE)
def test_file_that_does_more_than_show_is_active(content: bytes, finding: str) -> None:
    found = inspect_office(content, DOCX)

    assert (found.state, found.reason) == ("active", "active_content")
    assert finding in found.findings


HELD = [
    (docx(members={"word/x.xml": ENTITIES}), "office_entities"),
    (docx(members={"word/x.xml": "<a>DDE<b></a>"}), "office_malformed"),
    (docx(members={"WORD/document.xml": "<a/>"}), "office_malformed"),
    (docx(members={"word/x.xml": b" " * 80_000_000}), "office_too_large_to_judge"),
    (docx(members={"word/x.xml": b" " * 20_000_000}), "office_too_large_to_judge"),
    (docx(members={f"word/{number}.xml": b"" for number in range(5001)}),
     "office_too_large_to_judge"),
    (b"junk" + docx(), "polyglot"),
    (docx() + b"%PDF-1.4", "polyglot"),
    (office.package({"[Content_Types].xml": "<a/>"}, method=zipfile.ZIP_BZIP2), "office_malformed"),
]  # fmt: skip


BY_NAME = {"word/_rels/settings.xml.rels": relationship("attachedTemplate", "brev.dotm")}
PICTURE = {"word/header1.xml": field("INCLUDEPICTURE logo.png \\d")}
PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<HyperlinkBase>{}</HyperlinkBase></Properties>"
)


def with_base(base: str, members: dict[str, str | bytes]) -> bytes:
    """Return a document with files that it names, and a base below which its links lie."""
    return docx(members=members | {"docProps/app.xml": PROPERTIES.format(base)})


@pytest.mark.parametrize(
    "base",
    [
        "http://a.example/t/",
        " https://a.example",
        "\\\\server\\t\\",
        "file://server/t/",
        "&#104;ttp://a.example/",
        "ht<!-- -->tp://a.example/",
    ],
)
@pytest.mark.parametrize(
    ("members", "finding"),
    [
        (BY_NAME, "office_remote_template"),
        ({"word/_rels/a.rels": relationship("attachedTemplate", "/t.dotm")},
         "office_remote_template"),
        (PICTURE, "office_external_link"),
    ],
)  # fmt: skip
def test_base_on_another_computer_is_where_named_files_are_loaded_from(
    base: str, members: dict[str, str | bytes], finding: str
) -> None:
    found = inspect_office(with_base(base, members), DOCX)

    assert (found.state, found.reason) == ("active", "active_content")
    assert finding in found.findings


@pytest.mark.parametrize(
    ("base", "members"),
    [
        ("", BY_NAME),
        ("C:\\brev\\", BY_NAME),
        ("mallar", BY_NAME),
        ("http://a.example/", {}),
        ("http://a.example/", {"word/_rels/a.rels": relationship("hyperlink", "sida.html")}),
        (
            "http://a.example/",
            {"word/_rels/a.rels": relationship("attachedTemplate", "file:///C:\\brev\\a.dotm")},
        ),
    ],
)
def test_base_alone_loads_nothing(base: str, members: dict[str, str | bytes]) -> None:
    found = inspect_office(with_base(base, members), DOCX)

    assert found.state == "clean"
    assert set(found.findings) <= {"office_local_template", "office_hyperlink"}


@pytest.mark.parametrize(
    ("template", "base"),
    [("http://a.example/t.dot", ""), ("t.dot", "http://a.example/")],
)
def test_template_of_a_word_2003_file_is_judged(template: str, base: str) -> None:
    content = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument'
        ' xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office"><o:DocumentProperties>'
        f"<o:HyperlinkBase>{base}</o:HyperlinkBase></o:DocumentProperties><w:docPr>"
        f'<w:attachedTemplate w:val="{template}"/></w:docPr><w:body/></w:wordDocument>'
    ).encode()

    assert "office_remote_template" in find_in_office_xml(content)


@pytest.mark.parametrize(("content", "reason"), HELD)
def test_file_that_programs_may_read_differently_is_held(content: bytes, reason: str) -> None:
    found = inspect_office(content, DOCX)

    assert (found.state, found.reason) == ("held", reason)


def test_files_inside_files_are_followed_to_a_depth() -> None:
    content = docx(field("DDE none x"))
    for _ in range(6):
        content = docx(members={"word/embeddings/a.docx": content})

    found = inspect_office(content, DOCX)

    assert (found.state, found.reason) == ("held", "office_nested_too_deep")


def test_locked_member_locks_the_file() -> None:
    content = bytearray(docx())
    content[6] |= 1
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1

    assert inspect_office(bytes(content), DOCX).state == "locked"


def test_broken_package_is_unreadable() -> None:
    assert inspect_office(docx()[:-30], DOCX).reason == "office_cannot_be_opened"


def test_kind_that_carries_macros_is_never_clean() -> None:
    content = docx(main=office.WORD_MACRO_MAIN)

    assert kind_of(content) == DOCM
    assert inspect_office(content, DOCM).findings == ("office_macro_format",)
    assert inspect_office(content, DOCM).state == "active"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (docx(), "application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
        (office.odt(kind="spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        (office.odt(kind="presentation"), "application/vnd.oasis.opendocument.presentation"),
        (office.odt(kind="graphics"), "application/vnd.oasis.opendocument.graphics"),
        *(
            (docx(), f"application/vnd.openxmlformats-officedocument.{kind}ml.template")
            for kind in ("wordprocessing", "spreadsheet", "presentation")
        ),
        *(
            (office.odt(kind=kind), f"application/vnd.oasis.opendocument.{kind}")
            for kind in ("text-template", "spreadsheet-template", "presentation-template")
        ),
    ],
)
def test_slides_drawings_and_templates_are_shown(content: bytes, kind: str) -> None:
    assert inspect_office(content, kind).state == "clean"


@pytest.mark.parametrize(
    "kind",
    [
        "ms-word.template",
        "ms-excel.template",
        "ms-excel.sheet.binary",
        "ms-powerpoint.presentation",
        "ms-powerpoint.slideshow",
        "ms-powerpoint.template",
    ],
)
def test_kind_made_for_macros_is_shown_as_a_copy_only(kind: str) -> None:
    found = inspect_office(docx(), f"application/vnd.{kind}.macroenabled.12")

    assert (found.state, found.findings) == ("active", ("office_macro_format",))


@pytest.mark.parametrize("kind", sorted(SHOWN_OFFICE | SHOWN_MACRO_FORMATS))
@pytest.mark.parametrize(
    "members",
    [
        {"word/vbaProject.bin": b"x"},
        CONTROL,
        {"word/embeddings/a.bin": b"MZ"},
        {"word/_rels/a.xml.rels": relationship("attachedTemplate", "https://a.example/t.dotm")},
    ],
)
def test_no_kind_that_is_shown_is_clean_with_active_content(
    kind: str, members: dict[str, str | bytes]
) -> None:
    if kind == "text/rtf":
        content = rb"{\rtf1 {\object\objemb}{\*\template https://a.example/t.dot}}"
    elif kind.endswith("-flat-xml"):
        content = flat(LISTENER)
    elif ".opendocument." in kind:
        content = office.odt(LISTENER, kind=kind.rpartition(".")[2], members={"Object 1": b"MZ"})
    else:
        content = docx(members=members)

    assert inspect_office(content, kind).state == "active"


@pytest.mark.parametrize("kind", ["ms-excel.addin", "ms-powerpoint.addin"])
def test_program_in_the_form_of_an_office_file_is_held(kind: str) -> None:
    found = inspect_office(docx(), f"application/vnd.{kind}.macroenabled.12")

    assert (found.state, found.reason) == ("held", "office_kind_not_allowed_active")


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ],
)
def test_kind_from_before_2007_is_shown_as_a_copy_only(stream: str, kind: str) -> None:
    found = inspect_office(compound.write({stream: bytes(5000)}), kind)

    assert (found.state, found.findings) == ("active", ("office_old_format",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx(), "office_kind_not_allowed"),
        (docx(members={"ppt/vbaProject.bin": b"x"}), "office_kind_not_allowed_active"),
    ],
)
def test_kind_that_is_not_shown_is_held_with_what_is_in_it(content: bytes, reason: str) -> None:
    kind = "application/vnd.ms-xpsdocument"

    found = inspect_office(content, kind)

    assert (found.state, found.reason) == ("held", reason)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(), DOCX),
        (xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office.odt(), "application/vnd.oasis.opendocument.text"),
        (office.odt(kind="spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        (office.package({"META-INF/MANIFEST.MF": ""}), "application/java-archive"),
        (office.package({"a.txt": ""}), None),
        (docx(types=override("/xl/workbook.xml", office.SHEET_MAIN)),
         "application/vnd.openxmlformats-package.unknown"),
        (office.package({"mimetype": "text/html"}), "application/zip"),
        (b"PK\x03\x04", None),
    ],
)  # fmt: skip
def test_kind_is_what_the_parts_say(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind
