"""The sentences of a paper, in both languages, for each way a submission can stand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.access.programmes import READERS
from intake.confirmations.content import (
    ChecklistResult,
    FileOutcome,
    NotedDate,
    Paper,
    PaperFile,
    Promise,
    Sentence,
)
from intake.confirmations.drafts import PREPARED
from intake.confirmations.wording import (
    CHANNEL_WORDS,
    DATE_WORDS,
    OUTCOME_WORDS,
    ROLE_WORDS_SV,
    Style,
    blocks,
)
from storage.accounts.users import Role
from storage.cases.confirmations import PaperKind
from storage.cases.legal_dates import LegalDateKind
from storage.submissions.submissions import Channel
from tests.intake.confirmations.test_content import LOCKED, PAPER, READABLE

CONSENT = Sentence("Consent", "Samtycke")


def words(paper: Paper, language: str) -> str:
    return "\n".join(block.text for block in blocks(paper) if block.language == language)


def test_every_code_has_words_in_both_languages() -> None:
    assert set(OUTCOME_WORDS) == set(FileOutcome)
    assert set(DATE_WORDS) == {kind.value for kind in LegalDateKind}
    assert set(CHANNEL_WORDS) == {channel.value for channel in Channel}
    assert set(ROLE_WORDS_SV) == set(READERS) - {Role.PROT, Role.MGR}


@pytest.mark.parametrize(
    ("files", "english", "swedish"),
    [
        (
            (READABLE,),
            "and have been opened and found readable.",
            "och att de har öppnats och är läsbara.",
        ),
        (
            (READABLE, LOCKED),
            "except: no. 2 (could not be opened: locked with a password). Readable: 1 of 2.",
            "är läsbara utom: nr 2 (kunde inte öppnas: låst med lösenord). Läsbara: 1 av 2.",
        ),
        (
            (LOCKED,),
            "None of them is readable so far: no. 1 (could not be opened: locked with a password).",
            "Ingen av dem är läsbar hittills: nr 1 (kunde inte öppnas: låst med lösenord).",
        ),
        ((), "It held no documents.", "Det innehöll inga handlingar."),
    ],
)
def test_what_is_readable_is_said(files: tuple[PaperFile, ...], english: str, swedish: str) -> None:
    paper = replace(PAPER, files=files)

    assert english in words(paper, "en")
    assert swedish in words(paper, "sv")


@pytest.mark.parametrize(
    ("checked", "english", "swedish"),
    [
        (None, "not been checked against a checklist", "Ingen kontroll mot checklista"),
        (
            ChecklistResult("3", (CONSENT,), is_complete=False),
            "checklist version 3: the following are still needed: Consent.",
            "checklista version 3: följande saknas ännu: Samtycke.",
        ),
        (
            ChecklistResult("0", (), is_complete=True),
            "the standard checklist: complete.",
            "standardchecklistan: komplett.",
        ),
        (
            ChecklistResult("3", (), is_complete=True),
            "version 3: complete.",
            "version 3: komplett.",
        ),
        (
            ChecklistResult("3", (), is_complete=False),
            "nothing is known to be missing, but the check is not finished",
            "inget känt saknas, men kontrollen är inte avslutad",
        ),
    ],
)
def test_what_is_missing_is_said(
    checked: ChecklistResult | None, english: str, swedish: str
) -> None:
    paper = replace(PAPER, checked=checked)

    assert english in words(paper, "en")
    assert swedish in words(paper, "sv")


@pytest.mark.parametrize(
    ("received_at", "written"),
    [
        (datetime(2026, 11, 24, 8, 42, tzinfo=UTC), "10:42 (Helsinki, EET, UTC+02:00)"),
        (datetime(2026, 7, 24, 8, 42, tzinfo=UTC), "11:42 (Helsinki, EEST, UTC+03:00)"),
    ],
)
def test_the_time_of_receipt_names_its_zone(received_at: datetime, written: str) -> None:
    assert written in words(replace(PAPER, received_at=received_at), "en")


def test_officer_next_step_and_dates_are_said() -> None:
    promise = Promise(
        "Intake officer 1", "INTAKE", "Caseworker 2", "We call", date(2026, 11, 30), "Bra skick."
    )
    noted = (NotedDate("reflection_end", date(2026, 12, 24)),)

    paper = replace(PAPER, promise=promise, dates=noted)

    assert "Your contact: Intake officer 1 (Intake officer). Deputy: Caseworker 2." in words(
        paper, "en"
    )
    assert "Next step: as written below. By 30 November 2026." in words(paper, "en")
    printed = [block.text for block in blocks(paper)]
    assert [text for text in printed if "We call" in text] == ["We call."]
    assert "Legal dates noted: Reflection period ends: 24 December 2026." in words(paper, "en")
    assert "Noterade datum: Betänketiden går ut: 24 december 2026." in words(paper, "sv")
    assert "Bra skick." in [block.text for block in blocks(paper)]


@pytest.mark.parametrize("step", PREPARED)
def test_a_prepared_step_is_printed_in_each_language_once(step: str) -> None:
    swedish, english = PREPARED[step]
    promise = Promise("Intake officer 1", "INTAKE", "", step, None, "")

    paper = replace(PAPER, promise=promise)

    assert f"Next step: {english}" in words(paper, "en")
    assert f"Nästa steg: {swedish}" in words(paper, "sv")
    printed = " ".join(block.text for block in blocks(paper))
    assert (printed.count(swedish), printed.count(english)) == (1, 1)


def test_a_receipt_says_received_and_nothing_of_what_became_of_it() -> None:
    paper = Paper(
        kind=PaperKind.RECEIPT,
        number=1,
        reference=PAPER.reference,
        received_at=PAPER.received_at,
        issued_on=PAPER.issued_on,
        channel="email",
        files=(replace(LOCKED, outcome=FileOutcome.RECEIVED),),
        confirm_by=datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
    )

    text = "\n".join(block.text for block in blocks(paper))

    assert "We have received 1 document on 24 November 2026 at 10:42" in text
    assert "confirm in writing by 25 November 2026, 16:00." in text
    assert "senast den 25 november 2026 kl. 16.00." in text
    assert "readable" not in text
    assert "locked" not in text


def test_each_file_is_listed_with_its_facts() -> None:
    typed = replace(READABLE, kind=CONSENT)

    small = [b.text for b in blocks(replace(PAPER, files=(typed,))) if b.style is Style.SMALL]

    assert small == [
        "Nr / No. 1 · 10 byte / bytes · 2 sidor / pages · Samtycke / Consent",
        "öppnad och läsbar / opened and readable",
        f"SHA-256 {'ab' * 32}",
    ]


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (10, "10 byte / bytes"),
        (1_511, "1,5 kB / 1.5 kB"),
        (242_000, "242 kB"),
        (1_400_000, "1,4 MB / 1.4 MB"),
        (30_000_000, "30 MB"),
    ],
)
def test_a_size_is_written_as_people_say_it(size_bytes: int, words: str) -> None:
    paper = replace(PAPER, files=(replace(READABLE, size=size_bytes, pages=1),))

    about = next(each.text for each in blocks(paper) if each.style is Style.SMALL)

    assert about == f"Nr / No. 1 · {words} · 1 sida / page"
