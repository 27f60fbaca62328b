"""Check which advice on pages becomes advice on the document."""

import pytest

from intake.safe_copies.make import advice_on
from intake.sandbox.protocol.rendition import PageImage, Rendition

BLANK = ("advice_blank",)
DARK = ("advice_dark",)


@pytest.mark.parametrize(
    ("pages", "advice"),
    [
        ([(BLANK, "")], {"advice_blank"}),
        ([(BLANK, ""), (BLANK, " \n")], {"advice_blank"}),
        # The empty back of a sheet.
        ([((), "Remiss"), (BLANK, "")], set()),
        # Three words on a page are little ink, and no blank page.
        ([(BLANK, "Se bifogad fil")], set()),
        ([(BLANK, ""), (BLANK, "Se bifogad fil")], set()),
        ([(DARK, "Remiss"), ((), "Samtycke")], {"advice_dark"}),
    ],
)
def test_a_document_is_blank_only_when_nothing_stands_on_it(
    pages: list[tuple[tuple[str, ...], str]], advice: set[str]
) -> None:
    drawn = tuple(PageImage(100, 140, 150, b"", text, (), codes) for codes, text in pages)

    assert advice_on(Rendition(drawn, "", is_complete=True, page_count=len(drawn))) == advice
