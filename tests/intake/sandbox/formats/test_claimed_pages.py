"""Hold that a paper called a page is corrected, unless a browser would show a page of it."""

import pytest

from intake.sandbox.formats.claims import AGREES, CORRECTED, DISAGREES
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from tests.intake.sandbox import samples
from tests.samples.files import office

HTML = "text/html"
CLAIMS = [
    (samples.pdf(), HTML, "a.pdf", CORRECTED),
    (samples.pdf(), HTML, "", CORRECTED),
    (samples.pdf(), "text/xml", "a.pdf", CORRECTED),
    (samples.pdf(), "application/xhtml+xml", "a.jpg", CORRECTED),
    (samples.pdf(), HTML, "a.html", DISAGREES),
    (samples.pdf(), "text/javascript", "a.pdf", DISAGREES),
    (samples.pdf() + b"<script>alert(1)</script>", HTML, "a.pdf", DISAGREES),
    (samples.pdf() + "<ScRipt x>".encode("utf-16-le"), HTML, "a.pdf", DISAGREES),
    (samples.pdf() + b"<svg/onload=alert(1)>", "image/svg+xml", "a.pdf", DISAGREES),
    (samples.pdf() + b"<x onfocus=alert(1) autofocus tabindex=1>", HTML, "a.pdf", DISAGREES),
    (samples.pdf() + b"<select/onfocus =alert(1) autofocus>", HTML, "a.pdf", DISAGREES),
    (samples.pdf() + b"<frameset/onload='alert(1)'>", HTML, "a.pdf", DISAGREES),
    (samples.pdf() + b"<sc\x1b(Bript >", HTML, "a.pdf", DISAGREES),
    (samples.pdf() + b"<x:script >", "text/xml", "a.pdf", DISAGREES),
    (samples.pdf(OpenAction=samples.script()), HTML, "a.pdf", DISAGREES),
    (samples.picture("JPEG"), HTML, "a.jpg", CORRECTED),
    (samples.picture("PNG"), "image/svg+xml", "a.png", CORRECTED),
    (office.docx(), HTML, "a.docx", CORRECTED),
    (office.docx(), "text/xml", "a.docx", CORRECTED),
    (office.docx(), HTML, "", DISAGREES),
    (office.docx(main=office.WORD_MACRO_MAIN), HTML, "a.docm", DISAGREES),
    (b"Hej, Anna kommer i morgon.\r\n", "text", "", AGREES),
    (samples.pdf(), "pdf", "a.pdf", AGREES),
    (b"<html><body><p>Hej</p></body></html>", "application/xhtml+xml", "", AGREES),
]


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize(("content", "claimed", "name", "finding"), CLAIMS)
def test_a_paper_that_is_called_a_page_is_read_as_a_browser_would(
    inspector: Inspector, content: bytes, claimed: str, name: str, finding: str
) -> None:
    found = inspector.inspect(content, claimed, name)

    assert {CORRECTED, DISAGREES}.intersection(found.findings) == {finding} - {AGREES}
    assert (found.state == "held") or finding != DISAGREES
