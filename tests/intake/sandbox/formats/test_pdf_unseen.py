"""Hold what is found in the bytes of a PDF that its reader leaves out."""

import pytest

from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from intake.sandbox.formats.pdf_unseen import OBJECT, REFERENCE
from tests.intake.sandbox import samples
from tests.samples.files.pdf_writing import document, stream
from tests.support.growth.measure import is_linear

PDF = "application/pdf"
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
PAGES = {
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>",
}


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


def catalogue(entries: bytes, others: dict[int, bytes] | None = None) -> bytes:
    """Return a PDF of one page with entries in its catalogue."""
    root = b"<</Type/Catalog/Pages 2 0 R%s>>" % entries
    return document({1: root, **PAGES, **(others or {})})


def packed(objects: bytes) -> bytes:
    """Return a stream of objects that no table names."""
    head = b"8 0 "
    return stream(head + objects, b"/Type/ObjStm/N 1/First %d" % len(head))


@pytest.mark.parametrize("entry", [
    b"/OpenAction 9 0 R", b"/Names 9 0 R", b"/AA 9 0 R", b"/Open#41ction 9 0 R",
    b"/OpenAction%a\n9 0 R", b"/Names<</JavaScript 9 0 R>>", b"/OpenAction<</S/Named/JS 9 0 R>>",
    b"/Names<</EmbeddedFiles 9 0 R>>",
])  # fmt: skip
@pytest.mark.parametrize("is_broken", [False, True])
def test_action_that_leads_nowhere_is_said(
    inspector: Inspector, entry: bytes, is_broken: bool
) -> None:
    content = catalogue(entry)
    content = content.replace(b"startxref\n", b"startxref\n9") if is_broken else content

    found = inspector.inspect(content, PDF, "a.pdf")

    assert found.state == "active"
    assert "pdf_leads_nowhere" in found.findings


def test_action_in_objects_that_no_table_names_is_said(inspector: Inspector) -> None:
    content = catalogue(b"/OpenAction 8 0 R", {5: packed(SCRIPT)})

    assert "pdf_leads_nowhere" in inspector.inspect(content, PDF, "a.pdf").findings


@pytest.mark.parametrize("end", [b"", b"\n%%EOF\n", b"\ntrailer<</Root 1 0 R/Size 4>>\n"])
def test_objects_behind_the_end_are_held(inspector: Inspector, end: bytes) -> None:
    behind = b"\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction%s>>\nendobj" % SCRIPT

    found = inspector.inspect(catalogue(b"") + behind + end, PDF, "a.pdf")

    assert (found.state, found.reason) == ("held", "pdf_objects_behind_end")


@pytest.mark.parametrize(
    "content",
    [
        catalogue(b""),
        catalogue(b"/Names 9 0 R", {9: b"<<>>"}),
        catalogue(b"/Outlines 9 0 R/NamesOfAll 9 0 R"),
        catalogue(b"") + b"\r\n" + bytes(9),
        samples.pdf(),
        samples.pdf()[:-1] + b"\n<!-- sent by a gateway -->\n",
    ],
)
def test_honest_pdf_stays_clean(inspector: Inspector, content: bytes) -> None:
    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, found.findings) == ("clean", ())


@pytest.mark.parametrize("unit", ["/AA ", "/AA 9 ", "/AA%", "/AA%\n", "9 0 ", "\n9 ", " ", "%\n"])
def test_references_are_found_in_time(unit: str) -> None:
    def look(text: str) -> None:
        assert not list(REFERENCE.finditer(text.encode()))
        assert OBJECT.search(text.encode()) is None

    assert is_linear(look, lambda size: unit * (size // len(unit)), 400_000)


REFERRING = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(other.pdf)/Page 0>>"


def test_drawing_of_a_page_in_another_file_is_an_external_stream(inspector: Inspector) -> None:
    found = inspector.inspect(catalogue(b"", {5: stream(b"0 g", REFERRING)}), PDF, "a.pdf")

    assert (found.state, "pdf_external_stream" in found.findings) == ("active", True)


def test_tags_that_refer_to_each_other_are_none(inspector: Inspector) -> None:
    tag = b"<</Type/StructElem/S/Reference/Ref[6 0 R]>>"

    found = inspector.inspect(catalogue(b"", {5: tag, 6: tag}), PDF, "a.pdf")

    assert (found.state, found.findings) == ("clean", ())
