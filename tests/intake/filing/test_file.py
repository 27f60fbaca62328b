"""Check placing: who belongs may file, what disagrees waits, and why is written down."""

import pytest

from intake.core import office_clock
from intake.reference_data import editions
from intake.senders.register import add_sender
from storage.cases import cases, filing_acts, participants
from storage.cases.cases import Case
from storage.cases.filing_acts import CaseRank
from storage.crypto.keys import DataKeyRow
from storage.mail import senders
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf
from tests.support.building import Clock
from tests.support.desk import Desk

pytestmark = pytest.mark.components
PDF = ("a.pdf", "application/pdf", tiny_pdf("x"))
COLLEAGUE = "bo.registered@partner.example"


def case_of(desk: Desk, submission_id: str) -> Case | None:
    """Return the case that a submission is filed to."""
    with desk.services.database.reading() as session:
        return cases.by_id(session, desk.submission(submission_id).case_id)


def filed(desk: Desk, submission_id: str) -> tuple[str, str | None, bool]:
    """Return (state, reason, whether it has a case)."""
    submission = desk.submission(submission_id)
    return submission.state, submission.filing_reason, submission.case_id is not None


def ranks(desk: Desk, submission_id: str) -> list[CaseRank]:
    """Return the cases that were ranked, the likeliest first."""
    with desk.services.database.reading() as session:
        return filing_acts.ranks_of(session, submission_id)


def join(desk: Desk, submission_id: str, address: str) -> None:
    """Let a registered address belong to the case of a submission."""
    services = desk.services
    with services.database.transaction() as session:
        entry = senders.by_address_hash(
            session, services.keyring.lookup(session, "sender", address)
        )
        case_id = desk.submission(submission_id).case_id
        assert entry is not None
        assert case_id is not None
        participants.add(session, case_id, entry.id, services.now())


def text_of(desk: Desk, submission_id: str) -> str:
    """Return a receipt's words without its reference."""
    letter, reference = desk.letter(submission_id), desk.submission(submission_id).reference
    return str(letter.get_content()).replace(reference, "REFERENCE")


DANGER = "I am in danger now. Please call me."


def test_danger_now_makes_a_registered_senders_mail_an_emergency(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral(subject="Help", token=DANGER, sender=REGISTERED_SENDER))

    items = {(each.queue, each.kind) for each in desk.items(submission_id)}
    assert desk.submission(submission_id).priority == Priority.EMERGENCY
    assert (Queue.EMERGENCY, TaskKind.SUBMISSION) in items
    # Signs of trafficking in a stranger's mail go to protection officers.
    assert not any(queue == Queue.PROTECTION for queue, _ in items)


def test_a_stranger_in_danger_now_is_an_emergency_where_such_mail_waits(desk: Desk) -> None:
    raw = referral(subject="Help", token=DANGER, sender="anna@somewhere.example")

    submission_id = desk.handle(raw)

    items = {(each.queue, each.kind, each.priority) for each in desk.items(submission_id)}
    row = desk.submission(submission_id)
    assert row.priority == Priority.EMERGENCY
    assert items == {
        (Queue.MAIL_TO_MATCH, TaskKind.SUBMISSION, Priority.EMERGENCY),
        (Queue.PROTECTION, TaskKind.PROTECTION_SIGN, Priority.EMERGENCY),
    }
    (own,) = [each for each in desk.items(submission_id) if each.kind == TaskKind.SUBMISSION]
    with desk.services.database.reading() as session:
        offices = editions.offices(desk.services, session)
    assert own.due_at == office_clock.confirm_by(offices, Priority.EMERGENCY, row.received_at)
    # What is answered by itself says nothing of it.
    assert "danger" not in text_of(desk, submission_id).replace("In danger call 112", "")


def test_mail_of_a_colleague_who_does_not_belong_is_held_with_the_case_ranked_first(
    desk: Desk,
) -> None:
    desk.register(region="STHLM")
    desk.register(COLLEAGUE, region="STHLM")
    first = desk.handle(referral())

    second = desk.handle(referral(COLLEAGUE, reference=desk.submission(first).reference))

    assert filed(desk, second) == ("HOLDING", "sender_not_of_this_case", False)
    assert desk.open_items(second) == {("Q3", "submission")}
    best = ranks(desk, second)[0]
    assert best.case_id == desk.submission(first).case_id
    assert best.reasons[0] == "guess_reference_seen"


def test_deputy_adds_to_the_cases_of_the_principal(desk: Desk) -> None:
    desk.register(region="STHLM")
    add_sender(desk.services, "operator", COLLEAGUE, "STHLM", deputy_for=REGISTERED_SENDER)
    first = desk.handle(referral())

    second = desk.handle(referral(COLLEAGUE, reference=desk.submission(first).reference))
    third = desk.handle(referral(COLLEAGUE, in_reply_to=desk.receipt(first).message_id))

    assert {desk.submission(each).case_id for each in (first, second, third)} == {
        desk.submission(first).case_id
    }


def test_whom_a_deputy_stands_in_for_does_not_belong_to_the_deputys_own_cases(desk: Desk) -> None:
    desk.register(region="STHLM")
    add_sender(desk.services, "operator", COLLEAGUE, "STHLM", deputy_for=REGISTERED_SENDER)
    first = desk.handle(referral(COLLEAGUE))

    second = desk.handle(referral(reference=desk.submission(first).reference))

    assert filed(desk, second) == ("HOLDING", "sender_not_of_this_case", False)


def test_sender_in_the_register_belongs_to_the_case(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral())

    submission = desk.submission(submission_id)
    with desk.services.database.reading() as session:
        members = participants.of_cases(session, [submission.case_id or ""])
        (act,) = filing_acts.of_submission(session, submission_id)
    assert members == {submission.case_id: frozenset({submission.sender_id})}
    assert (act.act, act.to_case_id, act.user_id) == ("opened_by_rule", submission.case_id, None)


def test_an_answer_to_our_receipt_by_somebody_else_is_held(desk: Desk) -> None:
    desk.register()
    desk.register(COLLEAGUE)
    first = desk.handle(referral())
    join(desk, first, COLLEAGUE)

    second = desk.handle(referral(COLLEAGUE, in_reply_to=desk.receipt(first).message_id))

    assert filed(desk, second) == ("HOLDING", "thread_of_somebody_else", False)


def test_a_code_and_a_thread_that_disagree_wait_for_a_person(desk: Desk) -> None:
    desk.register()
    one, other = desk.handle(referral(token="1")), desk.handle(referral(token="2"))

    mixed = desk.handle(
        referral(
            reference=desk.submission(other).reference, in_reply_to=desk.receipt(one).message_id
        )
    )

    assert filed(desk, mixed) == ("HOLDING", "names_several_cases", False)
    assert {rank.case_id for rank in ranks(desk, mixed)[:2]} == {
        desk.submission(one).case_id,
        desk.submission(other).case_id,
    }


def test_a_merged_case_leads_to_where_it_went(desk: Desk) -> None:
    desk.register()
    one, other = desk.handle(referral(token="1")), desk.handle(referral(token="2"))
    with desk.services.database.transaction() as session:
        old = cases.by_id(session, desk.submission(one).case_id)
        assert old is not None
        old.merged_into = desk.submission(other).case_id

    third = desk.handle(referral(reference=desk.submission(one).reference))

    assert desk.submission(third).case_id == desk.submission(other).case_id


def test_an_erased_case_is_not_named_any_more(desk: Desk, clock: Clock) -> None:
    desk.register()
    first = desk.handle(referral())
    case = case_of(desk, first)
    assert case is not None
    with desk.services.database.transaction() as session:
        row = session.get_one(DataKeyRow, case.data_key_id)
        row.wrapped, row.destroyed_at = b"", clock.now()

    second = desk.handle(referral(reference=case.reference))

    assert filed(desk, second) == ("HOLDING", "reference_not_known", False)


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("SV: Komplettering", "looks_like_a_reply"),
        ("re: Remiss", "looks_like_a_reply"),
        ("Remiss K7M-4QX-9S", "reference_damaged"),
        ("VB: Remiss", "registered_sender_new_case"),
        ("Remiss 943-222-33", "registered_sender_new_case"),
    ],
)
def test_what_only_looks_like_a_reply_opens_no_case(
    sqlite_desk: Desk, subject: str, reason: str
) -> None:
    sqlite_desk.register()

    submission_id = sqlite_desk.handle(referral(subject=subject))

    assert sqlite_desk.submission(submission_id).filing_reason == reason


def test_mail_in_the_thread_of_an_own_earlier_one_opens_no_case(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral(message_id="<first@partner.example>"))

    second = desk.handle(referral(token="2", in_reply_to="<first@partner.example>"))

    assert filed(desk, second) == ("HOLDING", "continues_a_thread", False)
    assert ranks(desk, second)[0].case_id == desk.submission(first).case_id


def test_the_same_documents_in_a_new_mail_are_a_hint_for_officers_only(desk: Desk) -> None:
    desk.register()
    scan = ("a.pdf", "application/pdf", tiny_pdf("scan", 2000))
    first = desk.handle(referral(attachments=[scan]))

    second = desk.handle(referral(attachments=[scan], token="again"))

    assert desk.submission(second).possible_duplicate_of == first
    assert desk.submission(first).possible_duplicate_of is None
    assert desk.submission(second).case_id not in {None, desk.submission(first).case_id}
    assert text_of(desk, second) == text_of(desk, first)
