"""Hold that what is said about a form is refused unless each of its parts is as agreed."""

import pytest

from intake.sandbox import OutputRefused
from intake.sandbox.checks.pdf import read_pdf_facts
from intake.sandbox.protocol.pdf import FormField, PdfFacts

FIELD: dict[str, object] = {"name": "språk", "kind": "text", "value": "a\nb"}
HEAD: dict[str, object] = {"fields": [FIELD], "page_sizes_mm": [[210, 297.0], None], "reason": ""}


def test_good_answer_becomes_a_value() -> None:
    assert read_pdf_facts(HEAD) == PdfFacts(
        (FormField("språk", "text", "a\nb"),), ((210.0, 297.0), None), ""
    )


@pytest.mark.parametrize(
    "change",
    [
        {"fields": None},
        {"fields": {}},
        {"fields": [None]},
        {"fields": [FIELD] * 501},
        {"fields": [{**FIELD, "name": ""}]},
        {"fields": [{**FIELD, "name": None}]},
        {"fields": [{**FIELD, "name": "x" * 128}]},
        {"fields": [{**FIELD, "name": "a\nb"}]},
        {"fields": [{**FIELD, "kind": "script"}]},
        {"fields": [{**FIELD, "kind": ["text"]}]},
        {"fields": [{**FIELD, "value": 1}]},
        {"fields": [{**FIELD, "value": "x" * 2001}]},
        {"fields": [{**FIELD, "value": "\u202e"}]},
        {"page_sizes_mm": None},
        {"page_sizes_mm": [None] * 51},
        {"page_sizes_mm": [[210]]},
        {"page_sizes_mm": [[210, 297, 1]]},
        {"page_sizes_mm": [["210", "297"]]},
        {"page_sizes_mm": [[0, 297]]},
        {"page_sizes_mm": [[-1, 297]]},
        {"page_sizes_mm": [[True, 297]]},
        {"page_sizes_mm": [[float("nan"), 297]]},
        {"page_sizes_mm": [[float("inf"), 297]]},
        {"page_sizes_mm": [[210, 10**400]]},
        {"reason": None},
        {"reason": "Not a code"},
    ],
)
def test_answer_that_is_not_as_agreed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(OutputRefused):
        read_pdf_facts({**HEAD, **change})
