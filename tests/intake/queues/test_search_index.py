"""Check the search index.

Which words stand for which, and that it is written with what it is about.
"""

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.queues import search_index
from intake.triage import decisions
from storage.accounts.users import Role
from storage.lists import search_words
from tests.samples.mail.mails import REGISTERED_SENDER, referral
from tests.support.desk import Desk


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Återvändande, José!", ["atervandande", "jose"]),
        ("STRASSE straße ﬁn", ["strasse", "strasse", "fin"]),
        ("Łódź Ørsted Đuro", ["lodz", "orsted", "duro"]),
        ("a bb c3", ["bb", "c3"]),
        ("<Anna@Region.example>", ["anna@region.example", "anna", "region", "example"]),
        ("fil_namn-2.pdf", ["fil", "namn", "pdf"]),
        ("أحمد كِتاب", ["احمد", "كتاب"]),
        ("کتابی", ["كتابي"]),
        ("x" * 40, ["x" * 32]),
        ("\x00\u202e  -- ", []),
    ],
)
def test_words_are_made_alike(text: str, words: list[str]) -> None:
    assert list(search_index.words_of(text)) == words


def test_an_address_is_asked_for_as_a_whole() -> None:
    assert list(search_index.asked_for("från Anna@Region.example.")) == [
        "anna@region.example",
        "fran",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("k7m-4qx-9t", "K7M4QX9T"),
        ("4qx 9t", "4QX9T"),
        ("9t", "9T"),
        ("hej", None),
        ("hejd", "HEJD"),
        ("remiss", None),
        ("K7M4QX9TX", None),
        ("", None),
    ],
)
def test_what_may_be_a_part_of_a_code(text: str, part: str | None) -> None:
    assert search_index.code_part(text) == part


def test_a_mail_can_be_found_when_it_stands_in_its_queue(desk: Desk) -> None:
    submission_id = desk.handle(referral(subject="Kanarieord"))

    with desk.services.database.reading() as session:
        for word in ("kanarieord", REGISTERED_SENDER):
            (hashed,) = search_index.hashes(
                desk.services, session, "referrals", [search_index.word_key(word)]
            )
            ids = search_words.with_all(session, [hashed], reach=9, limit=9)
            assert ids == [submission_id], word


def test_what_is_handed_on_is_found_by_the_other_programme_alone(sqlite_desk: Desk) -> None:
    services = sqlite_desk.services
    submission_id = sqlite_desk.handle(referral("stranger@example.org", subject="Kanarieord"))
    officer = SignedInUser("0" * 32, "Intake officer 1", Role.INTAKE, None)

    decisions.hand_on_submission(
        services,
        gate.submission_to_change(
            services, officer, sqlite_desk.submission(submission_id).reference
        ),
    )

    with services.database.reading() as session:
        for programme, ids in (("referrals", []), ("cash", [submission_id])):
            hashed = search_index.hashes(
                services, session, programme, [search_index.word_key("kanarieord")]
            )
            assert search_words.with_all(session, hashed, reach=9, limit=9) == ids
