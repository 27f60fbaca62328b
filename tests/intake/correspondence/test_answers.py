"""Check answers: what was shown is what leaves, once, to whoever wrote, after a person looked."""

import dataclasses
import email
import email.policy
from datetime import date
from typing import Any

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.core.typed_text import tidy
from intake.correspondence import answers
from intake.correspondence.answers import (
    KINDS,
    AnswerApproval,
    AnswerDraft,
    AnswerRefused,
    LetterChanged,
    TextRefused,
)
from intake.correspondence.recipients import AnswerTools
from intake.filing.misdirected import MisdirectionKind
from intake.outbox import stop_list
from intake.reference_data.prepared_answers import (
    AnswerIncomplete,
    AnswerMissing,
    AnswerWriter,
    PreparedAnswer,
    find_answer,
)
from intake.sandbox.mail.message import open_mail
from storage.database import Session
from tests.intake.correspondence.answer_forms import (
    CALL,
    name_person,
    raw_of,
    reference_of,
    send,
    sent,
)
from tests.intake.documents.held import FACTS, Held, seed_held
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user

ADDRESS = str(FACTS["from_address"])


@pytest.fixture
def office(sqlite_services: Services) -> AnswerTools:
    """Give the office with its own letters and texts."""
    return AnswerTools(sqlite_services, AnswerWriter(MAIL_TEXTS), find_answer)


@pytest.fixture
def held(sqlite_services: Services) -> Held:
    """Give a submission from a registered sender."""
    return seed_held(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_what_was_shown_is_what_leaves(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    answer = answers.preview_answer(
        office, gate.submission_to_change(office.services, officer, reference_of(held)), CALL
    ).answer

    send(office, officer, held)

    (row,) = sent(held)
    message = email.message_from_bytes(raw_of(held, row), policy=email.policy.default)
    assert (row.state, row.kind, message["To"]) == ("due", "ANS1", ADDRESS)
    assert message["Subject"] == answer.subject == f"Meddelande {reference_of(held)}"
    assert message.get_content().splitlines() == answer.text.splitlines()
    assert message["In-Reply-To"] == FACTS["message_id"]


def test_two_readers_read_an_answer_alike(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, officer, held, AnswerDraft("call_us", "sv", "Vi väntar på dig. مرحبا"))

    raw = raw_of(held, sent(held)[0])
    theirs = email.message_from_bytes(raw, policy=email.policy.default)
    ours = open_mail(raw)
    assert ours.flags == ()
    assert ours.body_text.split() == theirs.get_content().split()
    assert ours.facts.subject == theirs["Subject"]
    assert ours.facts.message_id == theirs["Message-ID"]
    assert ours.facts.to_addresses == (theirs["To"],) == (ADDRESS,)
    assert ours.facts.in_reply_to == theirs["In-Reply-To"]


def test_it_is_one_audit_event_with_codes_only(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, officer, held, AnswerDraft("call_us", "en", "Canary words."))

    (event,) = held.events("answer.sent")
    first, length = event.detail.pop("own")
    assert event.detail == {
        "kind": "ANS1",
        "answer": "call_us",
        "language": "en",
        "confirmed": 0,
    }
    # Where the officer's own words stand in the sealed mail, as two numbers.
    assert (type(first), length) == (int, len("Canary words."))
    assert event.actor == officer.actor


def test_the_same_form_twice_sends_one_mail(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, officer, held)
    send(office, officer, held)

    assert len(sent(held)) == 1
    assert len(held.events("answer.sent")) == 1


def test_a_second_answer_has_a_number_of_its_own(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    kinds = []
    for _ in KINDS:
        kind = answers.open_answer_page(
            office, gate.submission_to_change(office.services, officer, reference_of(held))
        ).kind
        assert kind is not None
        kinds.append(kind)
        send(office, officer, held, kind=kind)

    assert kinds == list(KINDS)
    assert (
        answers.open_answer_page(
            office, gate.submission_to_change(office.services, officer, reference_of(held))
        ).kind
        is None
    )
    assert len({row.message_id for row in sent(held)}) == 9


@pytest.mark.parametrize("kind", ["", "R1", "ANS10", "ANS0", "ASK"])
def test_a_form_with_another_kind_is_refused(
    office: AnswerTools, held: Held, officer: SignedInUser, kind: str
) -> None:
    with pytest.raises(Conflict):
        send(office, officer, held, kind=kind)


def test_answer_that_changed_meanwhile_is_shown_again(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    reference = reference_of(held)
    shown = answers.preview_answer(
        office, gate.submission_to_change(office.services, officer, reference), CALL
    ).answer.digest
    edited = AnswerDraft("call_us", "sv", "Nya ord.")

    with pytest.raises(LetterChanged):
        answers.send_answer(
            office,
            gate.submission_to_change(office.services, officer, reference),
            edited,
            AnswerApproval("ANS1", shown, is_read=True),
        )

    assert sent(held) == []


def test_a_known_name_never_leaves(office: AnswerTools, held: Held, officer: SignedInUser) -> None:
    name_person(held, "Demo Persson")

    with pytest.raises(TextRefused) as raised:
        send(office, officer, held, AnswerDraft("call_us", "sv", "Hälsa persson"), is_read=True)

    assert [finding.code for finding in raised.value.findings] == ["known_name"]
    assert sent(held) == []


def test_a_doubtful_number_leaves_after_it_was_read(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    draft = AnswerDraft("call_us", "sv", "Ring 070-123 45 67")

    with pytest.raises(TextRefused):
        send(office, officer, held, draft)
    assert sent(held) == []
    send(office, officer, held, draft, is_read=True)

    assert len(sent(held)) == 1
    assert held.events("answer.sent")[0].detail["confirmed"] == 1


@pytest.mark.parametrize("language", ["ar", "fa", "ckb", "so"])
def test_a_missing_language_is_said_and_never_replaced(
    office: AnswerTools, held: Held, officer: SignedInUser, language: str
) -> None:
    with pytest.raises(AnswerMissing) as raised:
        send(office, officer, held, AnswerDraft("call_us", language))

    assert "it needs a translator" in raised.value.public
    assert sent(held) == []
    assert answers.languages_in_force(office, "call_us")[language] is False


def test_a_text_with_an_unknown_blank_says_so(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    def find(session: Session, code: str, language: str, on_day: date) -> PreparedAnswer | None:
        return PreparedAnswer(code, language, 1, "Message", "Room {room}.")

    with pytest.raises(AnswerIncomplete) as raised:
        send(dataclasses.replace(office, find=find), officer, held)

    assert "«room»" in raised.value.public
    assert sent(held) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"from_address": None}, "no_usable_sender"),
        ({"return_path": "<>"}, "null_return_path"),
        ({"from_address": "no-reply@partner.example"}, "robot_address"),
    ],
)
def test_nobody_is_written_to_who_cannot_read(
    office: AnswerTools, held: Held, officer: SignedInUser, facts: dict[str, Any], code: str
) -> None:
    held.say(**facts)

    with pytest.raises(AnswerRefused) as raised:
        send(office, officer, held)

    assert raised.value.code == code
    assert (
        answers.open_answer_page(
            office, gate.submission_to_change(office.services, officer, reference_of(held))
        ).refused
        == code
    )


def test_a_stopped_address_gets_no_answer(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    with held.services.database.transaction() as session:
        stop_list.stop_address(held.services, session, ADDRESS, "bounce_hard", held.submission_id)

    with pytest.raises(AnswerRefused) as raised:
        send(office, officer, held)

    assert raised.value.code == "address_stopped"


def test_another_programme_finds_nothing(office: AnswerTools, held: Held) -> None:
    cash = plant_user(held.services, "Cash officer 1", "CASH")

    for reference in (reference_of(held), "K7M-4QX-9T", "nonsense"):
        with pytest.raises(NotFound):
            answers.open_answer_page(
                office, gate.submission_to_change(office.services, cash, reference)
            )
        with pytest.raises(NotFound):
            answers.preview_answer(
                office, gate.submission_to_change(office.services, cash, reference), CALL
            )


def test_the_desk_suggests_and_sends_nothing(
    sqlite_services: Services, office: AnswerTools
) -> None:
    held = seed_held(sqlite_services, programme="cash", body_text="När får jag 350 000 kr?")
    cash = plant_user(sqlite_services, "Cash officer 1", "CASH")

    desk = answers.open_answer_page(
        office, gate.submission_to_change(office.services, cash, reference_of(held))
    )

    assert [(each.kind, each.answer) for each in desk.suggestions] == [
        (MisdirectionKind.REPATRIATION_GRANT, "wrong_door_repatriation_grant")
    ]
    assert (desk.recipient, desk.kind, desk.refused) == (ADDRESS, "ANS1", None)
    assert sent(held) == []
    assert len(held.events("answer.opened")) == 1


def test_only_the_register_gets_an_address_that_names_the_submission(
    sqlite_services: Services, office: AnswerTools, officer: SignedInUser
) -> None:
    settings = dataclasses.replace(sqlite_services.settings, reply_address="box@portal.example")
    services = dataclasses.replace(sqlite_services, settings=settings)
    with_box = dataclasses.replace(office, services=services)
    registered, stranger = seed_held(services), seed_held(services, verdict="unverified")

    send(with_box, officer, registered)
    send(with_box, officer, stranger)

    assert b"\r\nReply-To: box+" in raw_of(registered, sent(registered)[0])
    assert b"\r\nReply-To" not in raw_of(stranger, sent(stranger)[0])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  a \r\n b\t\r\n\r\n", "a\n b"),
        ("a\u202eb\u200bc\x00d\ud800", "abcd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("A\u030a", "Å"),
        ("", ""),
    ],
)
def test_free_text_has_one_form(written: str, kept: str) -> None:
    assert tidy(written) == kept
