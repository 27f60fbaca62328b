"""Check a case as its officers read it: whole, audited, and closed to the other programme."""

from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.cases import hand_over
from intake.cases import read as case_reading
from intake.cases.views import CaseView, EventKind
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft, new_message_id
from intake.outbox.mail_texts import MailTexts
from storage.base import new_id
from storage.cases import filing_acts, participants
from storage.cases.cases import Case
from storage.cases.confirmations import Confirmation
from storage.cases.filing_acts import FilingAct
from storage.crypto.keys import DataKeyRow
from storage.crypto.sealing import seal
from storage.documents import documents
from storage.documents.people import Person
from storage.submissions.submissions import Submission, place
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.waiting import ADDRESS, Waiting, seed_waiting

PHRASE = "a test phrase of the capital region"


@pytest.fixture
def waiting(sqlite_services: Services) -> Waiting:
    """Give a case with one referral of two typed documents."""
    seeded = seed_waiting(sqlite_services, "REF-FORM", "ID-PASS")
    name_documents(seeded)
    return seeded


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def name_documents(waiting: Waiting) -> None:
    """Seal names where the planter left a placeholder."""
    with waiting.services.database.transaction() as session:
        for submission_id in waiting.submission_ids:
            submission = session.get_one(Submission, submission_id)
            key = waiting.services.keyring.open(session, submission.data_key_id)
            for row in documents.of_submission(session, submission_id):
                name = f"part {row.position}.pdf"
                row.name = seal(key, place("documents", "name", row.id), name)


def read(waiting: Waiting, officer: SignedInUser) -> CaseView:
    return case_reading.read_case(
        waiting.services, gate.case_to_read(waiting.services, officer, waiting.case().reference)
    )


def add_person(waiting: Waiting, name: str, *, confirmed: bool = False) -> None:
    with waiting.services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        key = waiting.services.keyring.open(session, submission.data_key_id)
        person_id = new_id()
        session.add(
            Person(
                id=person_id,
                submission_id=submission.id,
                data_key_id=key.id,
                name=seal(key, place("people", "name", person_id), name),
                born=seal(key, place("people", "born", person_id), "1987"),
                added_at=waiting.services.now(),
                confirmed_at=waiting.services.now() if confirmed else None,
            )
        )


def test_each_look_is_in_the_trail(waiting: Waiting, officer: SignedInUser) -> None:
    read(waiting, officer)
    read(waiting, officer)

    events = waiting.events(("case", waiting.case_id), "case.viewed")
    assert [(event.actor, event.detail) for event in events] == [(officer.actor, {})] * 2


def test_documents_stand_under_their_types(waiting: Waiting, officer: SignedInUser) -> None:
    view = read(waiting, officer)

    assert view.types == ("ID-PASS", "REF-FORM")
    (passport,) = view.of_type("ID-PASS")
    assert (passport.name, passport.is_confirmed) == ("part 1.pdf", True)
    assert passport.reference == waiting.reference()
    assert [filed.reference for filed in view.filed] == [waiting.reference()]


def test_what_is_missing_is_the_checklists_word(waiting: Waiting, officer: SignedInUser) -> None:
    waiting.know(officer)

    view = read(waiting, officer)

    assert view.missing is not None
    assert "RISK-ASM" in {item.type for item in view.missing.missing}
    assert view.facts.age == "adult"


def test_person_in_several_documents_shows_once_and_confirmed(
    waiting: Waiting, officer: SignedInUser
) -> None:
    add_person(waiting, "Demo Person Two")
    add_person(waiting, "Demo Person One")
    waiting.arrive("REF-FORM")
    name_documents(waiting)
    add_person(waiting, "Demo Person One", confirmed=True)

    first, second = read(waiting, officer).people

    assert (first.name, first.born, first.is_confirmed) == ("Demo Person One", "1987", True)
    assert len(first.references) == 2
    assert (second.name, second.is_confirmed) == ("Demo Person Two", False)


def test_dates_show_once_the_nearest_first(waiting: Waiting, officer: SignedInUser) -> None:
    waiting.date("trial", date(2027, 1, 10))
    waiting.date("reflection_end", date(2026, 12, 1), confirmed=False)
    waiting.arrive()
    waiting.date("reflection_end", date(2026, 12, 1))

    dates = read(waiting, officer).dates

    assert [(each.kind, each.is_confirmed) for each in dates] == [
        ("reflection_end", True),
        ("trial", True),
    ]


def test_participants_show_by_label_and_never_by_address(
    waiting: Waiting, officer: SignedInUser
) -> None:
    before = read(waiting, officer).participants
    create_with_password(waiting.services, ADDRESS, "COORD", "STHLM", PHRASE)

    view = read(waiting, officer)

    assert [who.label for who in before] == [""]
    assert [(who.label, who.region) for who in view.participants] == [("Coordinator 1", "STHLM")]
    assert ADDRESS not in repr(view)


def test_who_left_the_case_does_not_show(waiting: Waiting, officer: SignedInUser) -> None:
    with waiting.services.database.transaction() as session:
        participants.end(session, waiting.case_id, waiting.sender_id, waiting.services.now())

    assert read(waiting, officer).participants == ()


def test_the_timeline_tells_everything_newest_first(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    services, reference = waiting.services, waiting.case().reference
    texts = MailTexts(MAIL_TEXTS)
    taker = create_with_password(services, "next@office.example", "CASEW", None, PHRASE)
    clock.advance(timedelta(minutes=1))
    _act_and_confirm(waiting, officer)
    clock.advance(timedelta(minutes=1))
    case_messages.write_note(
        services,
        gate.case_to_change(services, officer, reference),
        MessageDraft(new_message_id(), "A note."),
    )
    clock.advance(timedelta(minutes=1))
    hand_over.hand_over(
        services,
        gate.case_to_change(services, officer, reference),
        to_id=taker.id,
        reason="absence",
        seen_owner_id="",
    )
    clock.advance(timedelta(minutes=1))
    draft = MessageDraft(new_message_id(), "Please look again.")
    case_messages.write_to_coordinator(
        services, texts, gate.case_to_change(services, officer, reference), draft
    )

    events = read(waiting, officer).events

    assert {event.kind for event in events[:2]} == {EventKind.TO_COORDINATOR, EventKind.MAIL}
    assert [event.kind for event in events[2:4]] == [EventKind.HAND_OVER, EventKind.NOTE]
    assert {event.kind for event in events[4:6]} == {EventKind.CONFIRMATION, EventKind.FILING}
    assert events[6].kind is EventKind.ARRIVAL
    assert (events[2].code, events[2].state, events[2].by) == (
        "absence",
        taker.label,
        officer.label,
    )
    assert events[3].text == "A note."


def test_an_erased_case_is_not_there(waiting: Waiting, officer: SignedInUser) -> None:
    _erase(waiting, waiting.case().data_key_id)

    with pytest.raises(NotFound):
        read(waiting, officer)


def test_an_erased_submission_leaves_the_rest_readable(
    waiting: Waiting, officer: SignedInUser
) -> None:
    waiting.arrive("REF-FORM")
    name_documents(waiting)
    with waiting.services.database.reading() as session:
        key_id = session.get_one(Submission, waiting.submission_ids[0]).data_key_id
    _erase(waiting, key_id)

    names = {document.name for document in read(waiting, officer).documents}

    assert names == {None, "part 0.pdf"}


@pytest.mark.parametrize(
    ("role", "sees_referrals", "sees_cash"),
    [
        ("INTAKE", True, False),
        ("CASEW", False, False),
        ("CASH", False, True),
        ("PROT", True, False),
        ("MGR", False, False),
        ("ADMIN", False, False),
        ("COORD", False, False),
    ],
)
def test_the_programmes_are_closed_to_each_other(
    waiting: Waiting, role: str, sees_referrals: bool, sees_cash: bool
) -> None:
    user = plant_user(waiting.services, f"{role} 9", role)
    with waiting.services.database.transaction() as session:
        planter = Planter(session, waiting.services.keyring, waiting.services.now())
        cash = planter.case(programme="cash").reference

    assert _is_there(waiting.services, user, waiting.case().reference) is sees_referrals
    assert _is_there(waiting.services, user, cash) is sees_cash


@pytest.mark.parametrize("reference", ["", "K7M-4QX-9T", "K7M-4QX-9X", "no code", "'; --"])
def test_what_is_no_case_is_not_there(
    waiting: Waiting, officer: SignedInUser, reference: str
) -> None:
    assert not _is_there(waiting.services, officer, reference)


def test_a_merged_case_and_its_mail_lead_to_where_it_went(
    waiting: Waiting, officer: SignedInUser
) -> None:
    old = waiting.case()
    with waiting.services.database.transaction() as session:
        into = Planter(session, waiting.services.keyring, waiting.services.now()).case()
        session.get_one(Case, old.id).merged_into = into.id
        session.get_one(Submission, waiting.submission_id).case_id = into.id
    codes = (old.reference, waiting.reference(), into.reference.lower().replace("-", ""))

    led = {
        case_reading.standing_reference(
            waiting.services, gate.case_to_read(waiting.services, officer, code)
        )
        for code in codes
    }
    view = case_reading.read_case(
        waiting.services, gate.case_to_read(waiting.services, officer, old.reference)
    )

    assert led == {into.reference}
    assert (view.reference, view.merged) == (into.reference, (old.reference,))
    assert [who.region for who in view.participants] == ["STHLM"]


def _act_and_confirm(waiting: Waiting, officer: SignedInUser) -> None:
    now = waiting.services.now()
    with waiting.services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        act = FilingAct(
            id=new_id(),
            submission_id=submission.id,
            batch=new_id(),
            act="accepted",
            to_case_id=waiting.case_id,
            state_before="HOLDING",
            user_id=officer.id,
            at=now,
        )
        filing_acts.add(session, act)
        session.add(
            Confirmation(
                id=new_id(),
                submission_id=submission.id,
                number=1,
                kind="R2",
                user_id=officer.id,
                content=b"sealed",
                pdf_blob_id=submission.raw_blob_id,
                digest="ab" * 32,
                signature="cd" * 64,
                signed_at=now,
            )
        )


def _erase(waiting: Waiting, key_id: str) -> None:
    with waiting.services.database.transaction() as session:
        row = session.get_one(DataKeyRow, key_id)
        row.wrapped, row.destroyed_at = b"", waiting.services.now()


def _is_there(services: Services, user: SignedInUser, reference: str) -> bool:
    try:
        case_reading.read_case(services, gate.case_to_read(services, user, reference))
    except NotFound:
        return False
    return True
