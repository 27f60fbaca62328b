"""Check words about documents.

Sentences for findings, copies and acts, and no code without words.
"""

import pytest

from intake.documents.actions import AUDITED
from intake.documents.views import CopyStanding, CopyView
from intake.inspection import findings
from portal.text import audit_acts, documents, labels
from storage.documents.quarantine import QuarantineActKind


@pytest.mark.parametrize("code", sorted(findings.FINDINGS))
def test_every_finding_is_a_sentence(code: str) -> None:
    assert documents.finding(code) == findings.FINDINGS[code]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("malware:EICAR", "Malware was found. It is never shown. (EICAR)"),
        ("released_despite_malware", "It was released although malware was found in it."),
        ("something_new", "Something that has no words yet: something new."),
        ("a\u202eb", "Something that has no words yet: a\ufffdb."),
    ],
)
def test_what_stands_in_no_table_is_still_said(code: str, sentence: str) -> None:
    assert documents.finding(code) == sentence


def test_advice_stands_apart() -> None:
    codes = ("advice_dark", "pdf_javascript")

    assert documents.findings(codes) == ["The PDF contains a script."]
    assert documents.advice(codes) == [findings.FINDINGS["advice_dark"]]


@pytest.mark.parametrize(
    ("copy", "sentence"),
    [
        (CopyView(), ""),
        (CopyView(CopyStanding.BEING_MADE), "Safe copy is being made."),
        (CopyView(CopyStanding.READY), ""),
        (
            CopyView(CopyStanding.READY, "too_many_pages"),
            "The safe copy is incomplete. It has more pages than are drawn.",
        ),
        (
            CopyView(CopyStanding.FAILED, "picture_too_large"),
            "No safe copy: The picture has too many pixels.",
        ),
        (
            CopyView(CopyStanding.FAILED, "no_copy_password_needed"),
            "No safe copy could be made. Locked with a password.",
        ),
    ],
)
def test_a_copy_says_how_it_stands(copy: CopyView, sentence: str) -> None:
    assert documents.copy_words(copy) == sentence


def test_every_act_has_its_words() -> None:
    assert set(documents.ACTS_DONE) == set(QuarantineActKind)
    assert set(AUDITED) == set(QuarantineActKind)
    assert set(AUDITED.values()) <= set(audit_acts.ACTS)


@pytest.mark.parametrize("code", sorted(findings.REASONS))
def test_reasons_of_the_inspection_have_sentences(code: str) -> None:
    assert not labels.reason(code).startswith("Reason:")
