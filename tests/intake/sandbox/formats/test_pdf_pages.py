"""Hold that a PDF whose tree of pages is damaged is shown only where no page can be missing."""

import pytest

from intake.sandbox import Jail
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from tests.intake.sandbox import samples

PDF = "application/pdf"


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize("pages", [1, 2, 5])
def test_a_loop_behind_all_pages_takes_none_of_them(inspector: Inspector, pages: int) -> None:
    content = samples.pdf_with_loop(*["page"] * pages, "loop", count=pages)

    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, found.findings, found.page_count) == ("clean", ("pdf_damaged",), pages)


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf_with_loop("page", "loop", "page", count=2),
        samples.pdf_with_loop("loop", "page", count=1),
        samples.pdf_with_loop("page", "loop", count=2),
        samples.pdf_with_loop("page", "page", "loop", count=1),
        samples.pdf_with_loop("page", "loop", count=1, other_pages=1),
    ],
)
def test_a_loop_that_may_hide_a_page_is_held(inspector: Inspector, content: bytes) -> None:
    found = inspector.inspect(content, PDF, "a.pdf")

    assert (found.state, found.reason) == ("held", "page_count_disagrees")


def test_what_stands_beside_a_loop_is_found_and_all_pages_are_drawn(jail: Jail) -> None:
    content = samples.pdf_with_loop("page", "page", "loop", count=2, opens=samples.script())

    found = jail.inspect(content, PDF, "a.pdf")
    drawn = jail.render(content, PDF)

    assert (found.state, "pdf_javascript" in found.findings) == ("active", True)
    assert (len(drawn.pages), drawn.page_count, drawn.reason) == (2, 2, "")


def test_files_in_a_pdf_with_a_loop_come_out(jail: Jail) -> None:
    content = samples.pdf_with_loop("page", "loop", count=1, attached=b"inside")

    unpacked = jail.unpack(content, PDF, "a.pdf")

    assert [child.content for child in unpacked.children] == [b"inside"]
