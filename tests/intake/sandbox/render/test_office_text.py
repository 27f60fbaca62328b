"""Hold how the words of office files are found, and that their bombs are refused."""

import io
import zipfile

import pytest

from intake.sandbox import Duty
from intake.sandbox.render import office_parts
from intake.sandbox.render.office_text import DOCX, OPEN, PPTX, READERS, XLSX
from intake.sandbox.render.page import NotDrawn
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.office.samples import RELATION, docx, laughing, packed, workbook

DUTIES = (Duty.PICTURES,)


def test_words_of_a_docx_are_found_in_order() -> None:
    first = "<w:p><w:r><w:t>Åsa</w:t><w:tab/><w:t>B</w:t></w:r></w:p>"
    second = "<w:p><w:t>rad &amp; två</w:t></w:p>"

    assert READERS[DOCX](docx(first + second)) == "Åsa\tB\nrad & två\n"


def test_cells_of_an_xlsx_are_found_row_by_row() -> None:
    assert READERS[XLSX](workbook([["Namn", "7"], ["Åsa", "9"]])) == "Namn\t7\t\nÅsa\t9\t\n"


def renamed(content: bytes, old: str, new: str) -> bytes:
    """Return an office file in which a part has another name, as its relationships say."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    return packed(
        {
            name.replace(old, new): written.replace(f"/{old}", f"/{new}").replace(
                f"'{old}'", f"'{new}'"
            )
            for name, written in members.items()
        }
    )


def test_docx_whose_main_part_has_another_name_is_read() -> None:
    named_as_word_online_does = renamed(docx("<w:p><w:t>Hej</w:t></w:p>"), "document.xml", "d2.xml")

    assert READERS[DOCX](named_as_word_online_does) == "Hej\n"


@pytest.mark.parametrize("old", ["sheet1.xml", "workbook.xml", "sharedStrings.xml"])
def test_xlsx_whose_parts_have_other_names_is_read(old: str) -> None:
    content = renamed(workbook([["Namn", "7"], ["Åsa", "9"]]), old, "other.xml")

    assert READERS[XLSX](content) == "Namn\t7\t\nÅsa\t9\t\n"


def test_slides_come_in_the_order_of_the_presentation() -> None:
    relation = f"<Relationship Id='{{}}' Type='{RELATION}/{{}}' Target='{{}}'/>"
    relations = "<Relationships>{}</Relationships>".format
    slide = "<a><p><t>{}</t></p></a>".format
    content = packed(
        {
            "_rels/.rels": relations(relation.format("a", "officeDocument", "/deck/main.xml")),
            "deck/main.xml": "<p xmlns:r='r'><sldId id='9' r:id='x'/><sldId id='8' r:id='y'/></p>",
            "deck/_rels/main.xml.rels": relations(
                relation.format("y", "slide", "s/one.xml")
                + relation.format("x", "slide", "../two.xml")
                + relation.format("z", "slide", "../../outside.xml")
            ),
            "deck/s/one.xml": slide("last"),
            "two.xml": slide("first"),
        }
    )

    assert READERS[PPTX](content) == "first\n\nlast\n"


def test_words_of_slides_and_open_documents_are_found() -> None:
    slide = packed({"ppt/slides/slide1.xml": "<a><p><t>Hej</t></p></a>"})
    text = packed({"content.xml": "<t:text xmlns:t='t'><t:h>A</t:h><t:p>b<t:tab/>c</t:p></t:text>"})

    assert READERS[PPTX](slide) == "Hej\n"
    assert READERS[OPEN + "text"](text) == "A\nb\tc\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (laughing(), "xml_entities"),
        (docx("", before="<!DOCTYPE a SYSTEM 'file:///etc/passwd'>"), "xml_entities"),
        (docx("<w:p>" * 1000), "xml_too_deep"),
        (docx("<w:p>"), "office_cannot_be_read"),
        (docx(" " * 30_000_000), "office_too_large"),
        (packed({"other.xml": ""}), "office_cannot_be_read"),
        (packed({f"{number}": "" for number in range(5001)}), "office_too_many_members"),
        (b"PK\x03\x04", "office_cannot_be_read"),
    ],
)
def test_bombs_and_broken_files_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotDrawn) as caught:
        READERS[DOCX](content)

    assert caught.value.reason == reason


def test_archive_that_lies_about_its_sizes_is_refused() -> None:
    content = bytearray(docx("x" * 2000))
    at = content.rindex(b"PK\x01\x02")
    content[at + 20 : at + 28] = b"\x01\0\0\0\x01\0\0\0"

    with pytest.raises(NotDrawn):
        READERS[DOCX](bytes(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rb"{\rtf1\ansi {\b Hi} d\'e5\par}", "Hi då\n"),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0}", "Пр"),
        (rb"{\rtf1 {\fonttbl{\f0 Arial;}}{\*\generator X;}A\u8364 ?B\uc0\u229 C}", "A€BåC"),
        (rb"{\rtf1 \u-10179 ?\u-8704 ?}", "\U0001f600"),
        (rb"{\rtf1 a{\object{\*\objdata 0102}}{\pict ffd8}\bin3 {{{b}", "ab"),
        (rb"{\rtf1 \{x\}\\ \~y", "{x}\\ \u00a0y"),
        (b"{\\rtf1 a\\", "a"),
    ],
)
def test_words_of_an_rtf_are_found(content: bytes, expected: str) -> None:
    assert READERS["text/rtf"](content) == expected


@pytest.mark.parametrize("content", [b"{\\rtf1" + b"{" * 501, b"not rtf"])
def test_rtf_bombs_are_refused(content: bytes) -> None:
    with pytest.raises(NotDrawn):
        READERS["text/rtf"](content)


def test_rtf_of_many_megabytes_is_read_in_linear_time() -> None:
    text = READERS["text/rtf"](b"{\\rtf1 " + b"\\'e5{\\b}" * 200_000 + b"}")

    assert len(text) == 200_000


def test_office_file_is_shown_as_text_and_says_so(jail: ProbedJail) -> None:
    rendition = jail.render(docx("<w:p><w:t>Hej</w:t></w:p>"), DOCX)

    assert (rendition.reason, rendition.pages[0].text) == ("layout_not_available", "Hej\n")
    assert not rendition.is_complete


def test_billion_laughs_end_without_pages(jail: ProbedJail) -> None:
    assert jail.render(laughing(), DOCX).reason == "xml_entities"


def test_members_are_counted_as_they_come_out() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", " " * (office_parts.MAX_MEMBER_BYTES + 10))

    with pytest.raises(NotDrawn) as caught:
        READERS[DOCX](target.getvalue())

    assert caught.value.reason == "office_too_large"
