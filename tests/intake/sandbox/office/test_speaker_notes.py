"""Hold which slides have a speaker's notes, and that a head or a number is none."""

import pytest

from intake.sandbox.office import legacy_binary, ooxml, opendocument, unseen
from intake.sandbox.office.speaker_notes import FINDING, has_notes
from tests.intake.sandbox.office.samples import slides
from tests.samples.files.office import docx, odt

P = "xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'"
A = "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"


def notes_page(words: str, kind: str = "", element: str = "notes") -> bytes:
    """Return a notes page of a presentation with one shape."""
    place = f"<p:ph type='{kind}'/>" if kind else ""
    return (
        f"<p:{element} {P} {A}><p:sp><p:nvPr>{place}</p:nvPr><p:txBody><a:p><a:r><a:t>{words}"
        f"</a:t></a:r></a:p></p:txBody></p:sp></p:{element}>"
    ).encode()


@pytest.mark.parametrize(
    ("content", "is_found"),
    [
        (notes_page("Say it", "body"), True),
        (notes_page("In a box of its own"), True),
        (notes_page(" ", "body"), False),
        (notes_page("7", "sldNum"), False),
        (notes_page("Confidential", "ftr"), False),
        (notes_page("Click to edit", "body", "notesMaster"), False),
        (notes_page("On the slide", "body", "sld"), False),
        (slides(notes="Say it"), True),
        (slides(notes="7", role="page-number"), False),
        (slides(), False),
        (b"<p:notes", False),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><notes>x</notes>", False),
    ],
)
def test_words_that_belong_to_no_slide_are_found(content: bytes, is_found: bool) -> None:
    assert has_notes(content) is is_found


def test_they_are_told_of_each_kind_of_package() -> None:
    page = notes_page("Say it", "body")

    assert FINDING in ooxml.find_in_office(docx(members={"ppt/notesSlides/notesSlide1.xml": page}))
    assert FINDING in opendocument.find_in_opendocument(odt(members={"a.xml": page}))
    assert FINDING in set(unseen.in_part("ppt/other.xml", page))


def record(kind: int, body: bytes, version: int = 0) -> bytes:
    """Return a record of an old presentation."""
    return b"".join(
        (
            version.to_bytes(2, "little"),
            kind.to_bytes(2, "little"),
            len(body).to_bytes(4, "little"),
            body,
        )
    )


def old_notes(slide: int, text: bytes) -> bytes:
    """Return a notes page of an old presentation; no slide is the pattern of all."""
    atom = record(0x03F1, slide.to_bytes(4, "little") + bytes(4), 1)
    return record(0x03F0, atom + text, 0xF)


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        (old_notes(256, record(0x0FA8, b"Say it")), [FINDING]),
        (old_notes(256, record(0x0FA0, "Säg".encode("utf-16-le"))), [FINDING]),
        (old_notes(256, record(0x0FA8, b"*\r")), []),
        (old_notes(256, record(0x0FA8, b"")), []),
        (old_notes(0, record(0x0FA8, b"Click to edit")), []),
        (old_notes(256, b"") + record(0x0FA8, b"On a slide"), []),
    ],
)
def test_notes_of_an_old_presentation_are_found(stream: bytes, found: list[str]) -> None:
    assert list(legacy_binary.read_slides(stream)) == found
