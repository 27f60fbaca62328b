"""Hold when a safe copy counts as whole."""

import pytest

from intake.safe_copies.make import _missing
from intake.sandbox.protocol.rendition import Rendition
from storage.documents.documents import Document

WHOLE = Rendition((), "", is_complete=True)


@pytest.mark.parametrize(
    ("rendition", "findings", "reason"),
    [
        (WHOLE, ["advice_dark", "pdf_remote_link"], ""),
        # A layout does not tell of a hidden sheet of an old workbook; the inspection found it.
        (WHOLE, ["office_comments", "office_hidden_sheets"], "office_hidden_sheets"),
        (Rendition((), "page_failed", is_complete=False), ["pdf_notes"], "page_failed"),
    ],
)
def test_copy_of_a_file_with_something_unseen_is_not_whole(
    rendition: Rendition, findings: list[str], reason: str
) -> None:
    assert _missing(rendition, Document(findings=findings)) == reason
