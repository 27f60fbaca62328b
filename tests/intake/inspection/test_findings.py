"""Hold that every finding has a sentence, and that states hang on known codes only."""

from intake.inspection.findings import FINDINGS, REASONS, sentence
from intake.inspection.scanner import REMARKS
from intake.sandbox.formats import pdf, severity
from intake.sandbox.formats.media_types import HELD
from intake.sandbox.protocol.rendition import UNSEEN


def test_every_finding_that_decides_has_a_sentence() -> None:
    deciding = {*severity.ACTIVE, *severity.HOLDING, *pdf.CODES.values(), *REMARKS.values()}

    assert deciding - FINDINGS.keys() == set()


def test_all_that_a_copy_does_not_show_has_a_sentence() -> None:
    assert set(UNSEEN) - FINDINGS.keys() == set()


def test_every_reason_to_hold_has_a_sentence() -> None:
    assert set(severity.HOLDING) - REASONS.keys() == set()
    assert {reason for _, reason in HELD} <= REASONS.keys() | OLDER


def test_sentences_are_whole_and_short() -> None:
    for code, words in {**FINDINGS, **REASONS}.items():
        assert words[0].isupper(), code
        assert words.endswith("."), code
        assert len(words) <= 100, code


def test_unknown_finding_is_shown_as_it_is() -> None:
    assert sentence("odd_thing") == "Something that has no words yet: odd thing."


# Reasons that pages had words for before.
OLDER = {
    "html_not_shown",
    "svg_not_shown",
    "xml_not_shown",
    "archive_not_opened",
    "mail_not_opened",
}
