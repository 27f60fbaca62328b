"""Check which end is suggested, whose mail is a machine's, and that what comes next is not lost."""

import pytest

from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.accounts.accounts import SignedInUser
from intake.arrivals.accept import MailArrival, accept_mail
from intake.core.services import Services
from intake.filing.misdirected import MisdirectionKind
from intake.queues.bulk_actions import BulkOutcome, Selected, SkipReason
from intake.queues.tasks import add_task
from intake.triage.endings import finish, outcomes
from intake.triage.endings.outcomes import BY_MISDIRECTION, Ways
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate
from storage.database import Session
from storage.mail.outbox import MessageState
from storage.submissions import queue_items
from storage.submissions.arrivals import Place
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Submission
from tests.intake.triage.test_decisions import Waiting, plant
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf
from tests.samples.mail.wire import STRANGER, mail
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter

PDF = ("remiss.pdf", "application/pdf", tiny_pdf("x"))
NOTE = mail("note", subject=b"Autosvar", headers=[b"Auto-Submitted: auto-replied"])
NEWS = mail(
    "news", sender=STRANGER.encode(), subject=b"News", headers=[b"Auto-Submitted: auto-generated"]
)
LISTED = mail("listed", sender=STRANGER.encode(), headers=[b"List-Id: <a.b.example>"])
PERSON = mail("person", sender=STRANGER.encode(), subject=b"Hello")


def ways(services: Services, submission_id: str) -> Ways:
    """Return how a submission may end."""
    with services.database.reading() as session:
        row = session.get_one(Submission, submission_id)
        found = outcomes.ways_of(
            services, session, row, services.keyring.open(session, row.data_key_id)
        )
    assert found is not None
    return found


def opened(desk: Desk, user: SignedInUser, submission_id: str) -> OpenedToChange[Submission]:
    reference = desk.submission(submission_id).reference
    return gate.submission_to_change(desk.services, user, reference)


@pytest.mark.components
@pytest.mark.parametrize(
    ("raw", "likely", "is_of_machine"),
    [
        (NOTE, Outcome.AUTOMATIC, True),
        (NEWS, Outcome.AUTOMATIC, True),
        (LISTED, Outcome.AUTOMATIC, False),
        (PERSON, None, False),
    ],
)
def test_mail_of_a_machine_is_known_by_its_header_whoever_sent_it(
    sqlite_desk: Desk, raw: bytes, likely: Outcome | None, *, is_of_machine: bool
) -> None:
    sqlite_desk.register()

    found = ways(sqlite_desk.services, sqlite_desk.handle(raw))

    assert (found.likely, found.is_of_machine, found.obstacle) == (likely, is_of_machine, "")


@pytest.mark.components
def test_papers_of_a_machine_are_looked_at(sqlite_desk: Desk) -> None:
    raw = referral(attachments=[PDF], sender=STRANGER)
    raw = raw.replace(b"Subject:", b"Auto-Submitted: auto-generated\r\nSubject:", 1)

    found = ways(sqlite_desk.services, sqlite_desk.handle(raw))

    assert (found.likely, found.is_of_machine) == (Outcome.AUTOMATIC, False)


@pytest.mark.components
def test_the_same_mail_once_more_opens_it_again(sqlite_desk: Desk) -> None:
    officer = plant_user(sqlite_desk.services)
    first = sqlite_desk.handle(PERSON)
    finish.finish_submission(
        sqlite_desk.services, opened(sqlite_desk, officer, first), Outcome.NOTHING_TO_DO
    )

    assert sqlite_desk.accept(PERSON) == first

    submission = sqlite_desk.submission(first)
    assert (submission.state, submission.outcome) == ("HOLDING", None)
    (item,) = [item for item in sqlite_desk.items(first) if item.closed_at is None]
    assert (item.queue, item.reason, item.kind) == ("Q3", "arrived_again", "submission")
    assert item.opened_at == sqlite_desk.services.now()


@pytest.mark.components
def test_a_folder_that_is_numbered_anew_opens_nothing(sqlite_desk: Desk) -> None:
    officer = plant_user(sqlite_desk.services)
    first = sqlite_desk.handle(PERSON)
    finish.finish_submission(
        sqlite_desk.services, opened(sqlite_desk, officer, first), Outcome.NOTHING_TO_DO
    )
    accept_mail(
        sqlite_desk.services,
        MailArrival("referrals", Place("referrals", "INBOX", 8, 1), PERSON, "aa" * 32),
    )

    assert sqlite_desk.submission(first).state == "CLOSED"


@pytest.mark.components
@pytest.mark.parametrize("sender", [STRANGER, REGISTERED_SENDER])
def test_an_answer_in_the_thread_of_what_ended_waits_for_itself(
    sqlite_desk: Desk, sender: str
) -> None:
    officer = plant_user(sqlite_desk.services)
    sqlite_desk.register()
    first = sqlite_desk.handle(
        mail("first", sender=sender.encode(), headers=[b"Precedence: auto_reply"])
    )
    finish.finish_submission(
        sqlite_desk.services, opened(sqlite_desk, officer, first), Outcome.AUTOMATIC
    )
    code = sqlite_desk.submission(first).reference.encode()

    answer = sqlite_desk.handle(mail("answer", sender=sender.encode(), subject=b"Re: " + code))

    assert sqlite_desk.submission(answer).state == "HOLDING"
    assert [item.closed_at for item in sqlite_desk.items(answer) if item.kind == "submission"] == [
        None
    ]


@pytest.mark.components
def test_the_same_note_again_waits_when_the_first_was_finished(sqlite_desk: Desk) -> None:
    officer = plant_user(sqlite_desk.services)
    sqlite_desk.register()
    first = sqlite_desk.handle(NOTE)
    finish.finish_submission(
        sqlite_desk.services, opened(sqlite_desk, officer, first), Outcome.AUTOMATIC
    )

    second = sqlite_desk.handle(NOTE.replace(b"09:15:00", b"09:16:00"))

    assert [item.closed_at for item in sqlite_desk.items(second)] == [None]


@pytest.fixture
def unfiled(sqlite_services: Services) -> Waiting:
    """Give a submission that waits to be matched."""
    return plant(sqlite_services, is_filed=False)


def set_fields(waiting: Waiting, **fields: object) -> None:
    with waiting.services.database.transaction() as session:
        row = session.get_one(Submission, waiting.submission_id)
        for name, value in fields.items():
            setattr(row, name, value)


@pytest.mark.parametrize("kind", list(MisdirectionKind))
def test_a_misdirection_suggests_its_end(unfiled: Waiting, kind: MisdirectionKind) -> None:
    set_fields(unfiled, flags=[f"wrong_door:{kind.value}"])

    assert ways(unfiled.services, unfiled.submission_id).likely == BY_MISDIRECTION.get(kind)


@pytest.mark.parametrize(
    ("fields", "likely"),
    [
        ({"sender_reasons": ["address_not_registered", "look_alike"]}, Outcome.FORGED),
        ({"sender_reasons": ["looks_like_registered_domain"]}, Outcome.FORGED),
        ({"sender_reasons": ["address_registered", "dmarc_failed"]}, Outcome.FORGED),
        ({"sender_reasons": ["address_not_registered"]}, None),
        ({"possible_duplicate_of": "0" * 32}, Outcome.DUPLICATE),
        ({"filing_reason": "automatic_mail"}, Outcome.AUTOMATIC),
        (
            {"flags": ["wrong_door:press", "wrong_door:trafficking_signs"]},
            None,
        ),
    ],
)
def test_what_is_known_suggests_an_end(
    unfiled: Waiting, fields: dict[str, object], likely: Outcome | None
) -> None:
    set_fields(unfiled, **fields)

    assert ways(unfiled.services, unfiled.submission_id).likely == likely


@pytest.mark.parametrize(
    ("state", "likely"), [("sent", Outcome.ANSWERED), (MessageState.SUPPRESSED, None)]
)
def test_what_was_answered_likely_ends_so(
    unfiled: Waiting, state: str, likely: Outcome | None
) -> None:
    services = unfiled.services
    with services.database.transaction() as session:
        row = session.get_one(Submission, unfiled.submission_id)
        Planter(session, services.keyring, services.now()).message(row, kind="ANS1", state=state)

    assert ways(services, unfiled.submission_id).likely == likely


def bulk(services: Services, user: SignedInUser, *waiting: Waiting) -> BulkOutcome:
    """Finish what is selected as mail of machines."""
    ids = {}
    with services.database.reading() as session:
        for each in waiting:
            rows = queue_items.of_submission(session, each.submission_id)
            ids[next(row.id for row in rows if row.kind == TaskKind.SUBMISSION)] = ""
    found = gate.items_to_change(services, user, ids)
    return finish.finish_automatic(
        services, [Selected(each, ids[item_id]) for item_id, each in found.items()]
    )


def test_several_are_finished_and_the_others_named(sqlite_services: Services) -> None:
    services, user = sqlite_services, plant_user(sqlite_services)
    robots = [plant(services, is_filed=False) for _ in range(5)]
    for each in robots:
        set_fields(each, filing_reason="automatic_mail")
    person, filed = plant(services, is_filed=False), plant(services, is_filed=True)
    danger, taken, dated = robots[2:]
    beside(filed)
    other = plant_user(services, "Officer 2")
    with services.database.transaction() as session:
        kind = TaskKind.PROTECTION_SIGN
        add_task(services, session, danger.submission_id, kind=kind, reason=kind)
        _take(session, taken, other)
        _date(services, session, dated)

    outcome = bulk(services, user, *robots, person, filed)

    assert outcome.done == 2
    assert {each.reference: each.why for each in outcome.left_alone} == {
        danger.reference: SkipReason.PROTECTION_OPEN,
        taken.reference: SkipReason.SOMEBODY_HAS_IT,
        dated.reference: SkipReason.LEGAL_DATE_OPEN,
        person.reference: SkipReason.NOT_AUTOMATIC,
        filed.reference: SkipReason.HAS_OTHER_END,
    }
    assert [each.submission().outcome for each in robots] == ["automatic"] * 2 + [None] * 3
    assert robots[0].acts() == ["submission.finished"]
    again = bulk(services, user, robots[0])
    assert [each.why for each in again.left_alone] == [SkipReason.DONE_MEANWHILE]


def beside(waiting: Waiting) -> None:
    """File something else in the same case."""
    services = waiting.services
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, waiting.submission_id).case_id
        planter = Planter(session, services.keyring, services.now())
        planter.submission(case_id=case_id, state="QUEUED")


def _take(session: Session, waiting: Waiting, user: SignedInUser) -> None:
    item = queue_items.of_submission(session, waiting.submission_id)[0]
    item.claimed_by = user.id


def _date(services: Services, session: Session, waiting: Waiting) -> None:
    now = services.now()
    row = LegalDate(
        id=new_id(),
        submission_id=waiting.submission_id,
        kind="trial",
        day=now.date(),
        noted_at=now,
        confirmed_at=now,
    )
    legal_dates.note(session, row)


@pytest.mark.components
def test_what_a_person_may_have_written_is_never_finished_unseen(sqlite_desk: Desk) -> None:
    user = plant_user(sqlite_desk.services)
    listed, news = sqlite_desk.handle(LISTED), sqlite_desk.handle(NEWS)
    waiting = [
        Waiting(sqlite_desk.services, each, sqlite_desk.submission(each).reference)
        for each in (listed, news)
    ]

    outcome = bulk(sqlite_desk.services, user, *waiting)

    assert outcome.done == 1
    assert [(each.reference, each.why) for each in outcome.left_alone] == [
        (waiting[0].reference, SkipReason.MAY_BE_A_PERSON)
    ]
