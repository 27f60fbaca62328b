"""Scenarios 1, 2, 5, 8 and 15, which take several steps, on real jails and storage."""

from collections import Counter
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import chunks, drafts, send
from intake.cases.cash_checks import Answer, Obstacle
from intake.cases.cash_decisions import (
    DecisionInvalid,
    TypedDecision,
    note_decision,
    noted_decision,
)
from intake.confirmations import confirm, signed_papers
from intake.core.errors import NotFound
from intake.filing import case_actions, undo
from intake.outbox.mail_texts import MailTexts
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.read_documents import read_documents
from intake.queues.escalation import escalate_late_items
from intake.safe_copies.make import make_safe_copies
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from storage import audit
from storage.cases.cases import Case
from storage.documents.documents import of_submission
from storage.submissions import queue_items
from tests.intake.confirmations import papers
from tests.intake.sandbox.samples import locked_pdf
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf
from tests.samples.paperwork.files import text_pdf
from tests.support import stepping
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.desk import Desk
from tests.support.people import plant_user

DAY = date(2026, 11, 24)
EMAIL = "coordinator.syd@region.test"
PHRASE = "a test phrase of the southern region"
DECISION = (
    "Migrationsverket\nBeslut om återetableringsstöd\n\nMigrationsverket beviljar"
    " återetableringsstöd enligt förordningen (2008:778).\nBeslutsdatum: 2020-05-04\n"
    "Land: Afghanistan\n2 vuxna och 3 barn\nBelopp: 75 000 kr"
)


def case_of(desk: Desk, submission_id: str) -> Case:
    """Return the case of a submission."""
    with desk.services.database.reading() as session:
        return session.get_one(Case, desk.submission(submission_id).case_id)


def test_2_a_look_alike_with_a_genuine_code_changes_nothing_and_is_called_back(
    sqlite_desk: Desk,
) -> None:
    desk = sqlite_desk
    desk.register()
    genuine = desk.handle(referral())
    code = case_of(desk, genuine).reference
    local, domain = REGISTERED_SENDER.split("@")
    stranger = f"{local}@{domain.replace('.', '-service.')}"
    before = case_of(desk, genuine).__dict__ | {"_sa_instance_state": None}

    spoof = desk.handle(referral(stranger, reference=code, token="Mitt nya nummer: 070-000 00 00"))

    submission = desk.submission(spoof)
    assert (submission.state, submission.case_id) == ("HOLDING", None)
    assert ("Q4", "submission") in desk.open_items(spoof)
    assert "look_alike" in submission.sender_reasons
    assert case_of(desk, genuine).__dict__ | {"_sa_instance_state": None} == before
    text = desk.letter(spoof).get_content()
    assert code not in text
    assert submission.reference not in text


def test_5_a_near_end_of_the_reflection_period_jumps_the_queue_and_warns(
    sqlite_desk: Desk, clock: Clock
) -> None:
    desk = sqlite_desk
    desk.register()
    paper = f"Beslut om betänketid\nBlankett 195011\nBetänketid till och med: {DAY + timedelta(4)}"
    submission_id = desk.handle(
        referral(attachments=[("a.pdf", "application/pdf", text_pdf([paper]))])
    )
    assert ("Q2", "submission") in desk.open_items(submission_id)
    make_safe_copies(desk.worker_services.copies, submission_id)

    read_documents(desk.worker_services, submission_id)

    (item,) = [item for item in desk.items(submission_id) if item.closed_at is None]
    # The two working hours of an emergency end before the legal date: they are the due time.
    assert (item.queue, item.priority, item.clock) == ("Q1", "emergency", "service")
    assert item.reason == "legal_date_suggested"
    # Two working hours, and nobody has confirmed: the manager is told.
    clock.advance(timedelta(hours=2, minutes=1))
    assert escalate_late_items(desk.services, clock.now()) == 1
    with desk.services.database.reading() as session:
        acts = [e.act for e in audit.of_subject(session, "submission", submission_id)]
        (late,) = [
            item
            for item in queue_items.of_submission(session, submission_id)
            if item.closed_at is None
        ]
    assert "item.escalated" in acts
    assert late.escalated_at == clock.now()


def test_8_a_decision_stands_on_the_list_of_its_day_and_paying_is_another_question(
    sqlite_desk: Desk,
) -> None:
    desk = sqlite_desk
    officer = plant_user(desk.services, "Cash officer 1", "CASH")
    submission_id = desk.handle(
        referral(
            "agency@decisions.test",
            attachments=[("beslut.pdf", "application/pdf", text_pdf([DECISION]))],
        ),
        programme="cash",
    )
    make_safe_copies(desk.worker_services.copies, submission_id)
    read_documents(desk.worker_services, submission_id)
    reference = desk.submission(submission_id).reference
    paper = desk.documents(submission_id)[-1]
    assert paper.document_type == "CASH-DEC"

    typed = TypedDecision(
        "AFG", date(2020, 5, 4), adults=2, children=3, amount_sek=75_000, document_id=paper.id
    )
    found = note_decision(
        desk.services, gate.submission_to_change(desk.services, officer, reference), typed
    ).checks

    assert found.is_valid
    assert found.is_payable is Answer.NO
    assert found.obstacles == (Obstacle.NOT_PAYABLE_TODAY,)
    assert found.calculated is not None
    assert (found.calculated.uncapped_sek, found.calculated.amount_sek) == (105_000, 75_000)
    with desk.services.database.reading() as session:
        again = noted_decision(desk.services, session, desk.submission(submission_id))
    assert again is not None
    assert again.checks == found


@pytest.mark.parametrize(
    "typed",
    [
        TypedDecision("AF", date(2020, 5, 4)),
        TypedDecision("afg", date(2020, 5, 4)),
        TypedDecision("AFG", DAY + timedelta(days=1)),
        TypedDecision("AFG", date(2020, 5, 4), adults=-1),
        TypedDecision("AFG", date(2020, 5, 4), children=31),
        TypedDecision("AFG", date(2020, 5, 4), amount_sek=-1),
        TypedDecision("AFG", date(2020, 5, 4), document_id="0" * 32),
    ],
)
def test_a_decision_that_cannot_be_meant_is_refused(
    sqlite_desk: Desk, typed: TypedDecision
) -> None:
    desk = sqlite_desk
    officer = plant_user(desk.services, "Cash officer 1", "CASH")
    submission_id = desk.handle(referral(), programme="cash")

    with pytest.raises(DecisionInvalid):
        note_decision(
            desk.services,
            gate.submission_to_change(
                desk.services, officer, desk.submission(submission_id).reference
            ),
            typed,
        )


def test_a_referral_takes_no_cash_decision(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    officer = plant_user(desk.services)
    submission_id = desk.handle(referral())
    reference = desk.submission(submission_id).reference

    with pytest.raises(DecisionInvalid):
        note_decision(
            desk.services,
            gate.submission_to_change(desk.services, officer, reference),
            TypedDecision("IRQ", date(2020, 5, 4)),
        )


def test_a_held_mail_is_accepted_confirmed_and_taken_back(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    officer = plant_user(desk.services)
    desk.register()
    first = desk.handle(referral())
    code = case_of(desk, first).reference
    held = desk.handle(referral("colleague@elsewhere.test", reference=code))

    act = case_actions.accept_submission(
        desk.services,
        gate.submission_to_file(desk.services, officer, desk.submission(held).reference),
        gate.case_to_file_into(desk.services, officer, code),
    )
    confirm_without_paper(
        desk.services,
        gate.submission_to_change(desk.services, officer, desk.submission(held).reference),
        ClosedWithout.INTERNAL,
    )
    stepping.undo_last(
        desk.services,
        gate.submission_to_change(desk.services, officer, desk.submission(held).reference),
    )
    undo.undo_filing(desk.services, gate.filing_to_undo(desk.services, officer, act))

    submission = desk.submission(held)
    assert (submission.state, submission.case_id) == ("HOLDING", None)
    with desk.services.database.reading() as session:
        assert audit.check_chain(session, desk.services.keyring) == []
        assert of_submission(session, held)


def test_1_six_uploads_with_a_locked_one_and_15_the_wrong_coordinators_link(
    sqlite_desk: Desk,
) -> None:
    desk, services = sqlite_desk, sqlite_desk.services
    user = create_with_password(services, EMAIL, "COORD", "SYD", PHRASE)
    draft_id = drafts.start_draft(services, user)
    for number in range(5):
        _upload(desk, user, draft_id, f"{number}.pdf", tiny_pdf(f"paper {number}"))
    _upload(desk, user, draft_id, "pass.pdf", locked_pdf(user="another word"))
    sent = send.send_draft(
        services, MailTexts(MAIL_TEXTS), gate.own_draft(services, user, draft_id)
    )

    inspect_and_file(desk.worker_services, sent.submission_id)
    make_safe_copies(desk.worker_services.copies, sent.submission_id)
    read_documents(desk.worker_services, sent.submission_id)

    # R1 counts six; the locked one stands in quarantine, and the referral in its queue.
    assert "6 items" in desk.letter(sent.submission_id).get_content()
    assert desk.open_items(sent.submission_id) == {("Q2", "submission"), ("Q6", "quarantine")}
    states = [state for state, _ in desk.states(sent.submission_id)]
    assert (states.count("CLEAN"), states.count("LOCKED")) == (5, 1)
    # R2 says one unreadable and five usable.
    officer = plant_user(services)
    case = papers.Case(services, sent.submission_id, sent.reference)
    paper_id = case.sign(officer)
    shown = confirm.preview_confirmation(
        case.office,
        gate.submission_to_change(case.office.services, officer, sent.reference),
        case.draft,
    )
    outcomes = [file.outcome for file in shown.paper.files]
    assert len(outcomes) == 6
    assert sorted(Counter(outcomes).values()) == [1, 5]
    assert desk.submission(sent.submission_id).state == "CONFIRMED"

    # 15: somebody else's link opens nothing, and a person learns that it was tried.
    assert signed_papers.open_paper(
        services, signed_papers.paper_to_read(services, user, paper_id)
    ).startswith(b"%PDF")
    other = create_with_password(services, "other@region.test", "COORD", "VAST", PHRASE)
    with pytest.raises(NotFound):
        signed_papers.open_paper(services, signed_papers.paper_to_read(services, other, paper_id))
    assert ("Q4", "wrong_reader") in desk.open_items(sent.submission_id)
    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", sent.submission_id)
        assert audit.check_chain(session, services.keyring) == []
    (refused,) = [event for event in events if event.act == "paper.refused"]
    assert refused.actor == other.actor


def _upload(desk: Desk, user: SignedInUser, draft_id: str, name: str, content: bytes) -> None:
    upload_id = chunks.begin_file(
        desk.services,
        gate.draft_to_change(desk.services, user, draft_id),
        claimed_name=name,
        claimed_type="application/pdf",
        size=len(content),
    )
    chunks.take_chunk(
        desk.services,
        gate.upload_to_change(desk.services, user, upload_id),
        0,
        len(content),
        [content],
    )
    chunks.finish_file(desk.services, gate.upload_to_change(desk.services, user, upload_id))
