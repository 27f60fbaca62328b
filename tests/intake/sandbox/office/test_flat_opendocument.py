"""Hold that an OpenDocument file in one XML file is known, judged, opened and shown as a ZIP is."""

import pytest

from intake.sandbox import Duty, Jail
from intake.sandbox.office import flat_opendocument
from intake.sandbox.render import office_text
from tests.intake.sandbox.containers.unpacking import answer, unpack
from tests.samples.files import compound
from tests.samples.files.flat_office import flat, framed, table
from tests.samples.files.office import docx, package
from tests.samples.mail.mails import tiny_png

DUTIES = (Duty.DOCUMENTS, Duty.PICTURES)
START = "application/vnd.oasis.opendocument."
FODT = f"{START}text-flat-xml"
LIBRARY = '<ooo:library-embedded ooo:name="Standard"><ooo:module/></ooo:library-embedded>'
OTHER_PREFIX = (
    flat()
    .replace(b"office:", b"o:")
    .replace(b":o:1.0", b":office:1.0")
    .replace(b"xmlns:office=", b"xmlns:o=")
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (flat(), FODT),
        (flat(kind="spreadsheet"), f"{START}spreadsheet-flat-xml"),
        (b"\xef\xbb\xbf" + flat(), FODT),
        (OTHER_PREFIX, FODT),
        (flat().replace(b"opendocument.text", b"opendocument.text-template"), FODT),
        (flat().replace(b"opendocument.text", b"opendocument.chart"), None),
        (flat(before="<!DOCTYPE a>"), None),
        (flat().replace(b"office:document ", b"office:letter "), None),
        (b"<a>urn:oasis:names:tc:opendocument:xmlns:office:1.0</a>", None),
        (b"Read urn:oasis:names:tc:opendocument:xmlns:office:1.0", None),
        (b"", None),
    ],
)
def test_its_first_element_tells_the_kind(content: bytes, kind: str | None) -> None:
    assert flat_opendocument.kind_of(content) == kind


FOUND = [
    (flat(), "clean", ""),
    (flat(scripts=LIBRARY), "active", "office_basic_macro"),
    (flat('<text:p><text:script script:language="JavaScript">x</text:script></text:p>'), "active",
     "office_basic_macro"),
    (flat('<script:event-listener script:event-name="dom:load"/>'), "active", "office_basic_macro"),
    (flat('<draw:image xlink:href="http://a.example/1.png"/>'), "active", "office_external_link"),
    (flat('<text:section-source xlink:href="\\\\server\\a.odt"/>'), "active",
     "office_external_link"),
    (flat('<table:table-cell table:formula="of:=DDE(&quot;a&quot;)"/>'), "active", "office_dde"),
    (flat(framed("object-ole", compound.write({"\x01Ole10Native": b"x"}))), "active",
     "office_ole_package"),
    (flat(framed("image", package({"a.exe": b"x"}))), "active", "office_ole_package"),
    (flat(framed("image", docx())), "clean", "office_embedded_document"),
    (flat(framed("image", tiny_png())), "clean", ""),
    (flat('<text:tracked-changes><text:changed-region text:id="a"/></text:tracked-changes>'),
     "clean", "office_tracked_changes"),
    (flat() + b"<a/>", "held", "office_malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "state", "finding"), FOUND)
def test_what_is_inside_is_named(jail: Jail, content: bytes, state: str, finding: str) -> None:
    found = jail.inspect(content, "", "a.fodt")

    assert (found.detected_type, found.state) == (FODT, state)
    assert not finding or finding in found.findings


def test_a_named_style_that_hides_text_counts_for_nothing() -> None:
    style = '<style:style><style:text-properties text:display="none"/></style:style>'
    named = f"<office:styles>{style}</office:styles>".encode()
    change = '<text:p>&#65;</text:p><text:changed-region text:id="a"/>'
    content = flat(change).replace(b"<office:scripts>", named + b"<office:scripts>")

    assert flat_opendocument.in_flat(content) == {"office_tracked_changes"}
    assert "office_hidden_text" in flat_opendocument.in_flat(flat(style))


@pytest.mark.parametrize(
    ("claimed_type", "name", "note"),
    [
        ("application/vnd.oasis.opendocument.text-flat-xml", "a.fodt", ()),
        ("application/octet-stream", "a.fodt", ()),
        ("text/xml", "a.fodt", ()),
        ("application/xml", "a.xml", ("type_corrected",)),
        ("text/xml", "a.html", ("type_disagrees",)),
        ("image/png", "a.png", ("type_disagrees",)),
    ],
)
def test_what_it_is_called_is_compared(
    jail: Jail, claimed_type: str, name: str, note: tuple[str, ...]
) -> None:
    assert jail.inspect(flat(), claimed_type, name).findings == note


def test_what_stands_in_base64_comes_out(jail: Jail) -> None:
    content = flat(
        framed("image", tiny_png())
        + framed("object-ole", b"packed")
        + framed("image", b"its picture", beside="<draw:object/>")
    )

    unpacked = unpack(jail, content, "a.fodt")

    assert answer(unpacked) == ("opened", "")
    assert [(child.content, child.role, child.defects) for child in unpacked.children] == [
        (tiny_png(), "inline", ()),
        (b"packed", "attachment", ()),
        (b"its picture", "inline", ("office_part",)),
    ]


def test_words_are_those_of_the_body(jail: Jail) -> None:
    content = flat("<text:p>Second <text:span>part</text:span></text:p>" + framed("image", b"x"))

    rendition = jail.render(content, FODT)

    assert rendition.pages[0].text.split() == ["A", "letter.", "Second", "part"]
    sheet = flat(table("7"), kind="spreadsheet")
    written = office_text.READERS[f"{START}spreadsheet-flat-xml"](sheet)
    assert written.split() == ["A", "letter.", "7"]
