"""Check that a sentence which only speaks about a paper, or denies it, makes no page that paper."""

import pytest

from intake.recognition.classification.classify import classify_document
from intake.recognition.classification.mentions import without_mentions
from intake.recognition.classification.model import TypeModel
from intake.recognition.classification.rules import DocumentFacts, RuleBook


@pytest.mark.parametrize(
    "page",
    [
        "Räkning\nPolisanmälan görs ej. Nr 31",
        "Hej Karin\nPolisanmälan görs ej. Nr 14",
        "Räkning\nIngen polisanmälan är gjord. Nr 31",
        "Räkning 31\nVi betalar inte för er polisanmälan",
        "Hej Karin\nHändelsen är inte polisanmäld. Nr 14",
        "Hej Karin\nPolisanmälan kommer i morgon. Nr 14",
        "Hej, vi har gjort en polisanmälan nr 14",
        "Hej\nPolisanmälan saknas. Nr 5000-K447711-26",
        "Police report not available. No 4412",
        "Hej\nRikosilmoitusta ei tehdä. Nro 4412",
        "Kvitto\nLäkarintyg behövs ej. Nr 4412",
    ],
)
def test_a_sentence_about_a_paper_types_nothing(model: TypeModel, page: str) -> None:
    (found,) = classify_document([page], DocumentFacts(), model)

    assert found.document_type == "UNK"


def test_a_long_invoice_that_denies_a_report_is_none(model: TypeModel) -> None:
    rows = "\n".join(f"Rad {n} säng och frukost {n * 100} kronor" for n in range(12))

    (found,) = classify_document(
        [f"Räkning\nIngen polisanmälan har gjorts.\n{rows}"], DocumentFacts(), model
    )

    assert found.document_type != "POL-RPT"


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("Räkning\nPolisanmälan görs ej. Nr 12", "Räkning\n  Nr 12"),
        ("Polisanmälan\n5000-K447711-26", "Polisanmälan\n5000-K447711-26"),
        ("Polisanmälan dnr. 4412", "Polisanmälan dnr. 4412"),
        ("Police report no. 4412", "Police report no. 4412"),
        ("Bekräftelse på polisanmälan 4412", "Bekräftelse på polisanmälan 4412"),
        ("Hon vill inte resa. Läkarintyg 4412", "Hon vill inte resa. Läkarintyg 4412"),
    ],
)
def test_only_such_a_sentence_is_left_out(book: RuleBook, page: str, left: str) -> None:
    assert without_mentions(book, page) == left


@pytest.mark.parametrize(
    "text", ["polisanmälan inte " * 200_000, "." * 2_000_000, "a-\n" * 700_000]
)
def test_a_hostile_page_is_cut(book: RuleBook, text: str) -> None:
    assert len(without_mentions(book, text)) <= 6_000
