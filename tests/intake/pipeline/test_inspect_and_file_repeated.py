"""Check routing repeated, at once, late or given up.

Nobody's submission is ever nowhere or twice.
"""

import pytest

from intake.inspection.scanner import Scan, ScanOutcome
from intake.oversight.verify import verify_storage
from intake.pipeline.inspect_and_file import hand_to_person, inspect_and_file
from storage import audit
from storage.cases.cases import Case
from storage.errors import NotFound
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.wire import mail
from tests.support.building import SCANNER_RELEASE, ScriptedScanner
from tests.support.desk import Desk
from tests.support.threads import run_together

pytestmark = pytest.mark.components

PDF = ("a.pdf", "application/pdf", tiny_pdf("x"))
AWAY = Scan(ScanOutcome.UNKNOWN, "scanner_away")


def filed(desk: Desk, submission_id: str) -> tuple[str, str | None, bool]:
    """Return (state, reason, whether it has a case)."""
    submission = desk.submission(submission_id)
    return submission.state, submission.filing_reason, submission.case_id is not None


def faults(desk: Desk) -> tuple[str, ...]:
    """Prove conservation."""
    return verify_storage(desk.services).faults


def acts(desk: Desk, submission_id: str) -> list[str]:
    """Return what the audit trail says of a submission."""
    with desk.services.database.reading() as session:
        return [event.act for event in audit.of_subject(session, "submission", submission_id)]


def test_what_no_scanner_judged_is_held_and_inspected_later(
    desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    desk.register()
    scripted_scanner.answer, scripted_scanner.release = AWAY, None
    submission_id = desk.handle(referral(attachments=[PDF]))
    assert desk.states(submission_id) == [("HELD", "scanner_away")] * 2
    assert desk.open_items(submission_id) == {("Q2", "submission"), ("Q6", "quarantine")}

    inspect_and_file(desk.worker_services, submission_id)
    assert desk.states(submission_id) == [("HELD", "scanner_away")] * 2
    scripted_scanner.answer, scripted_scanner.release = Scan(ScanOutcome.CLEAN), SCANNER_RELEASE
    inspect_and_file(desk.worker_services, submission_id)

    assert desk.states(submission_id) == [("CLEAN", "")] * 2
    assert desk.open_items(submission_id) == {("Q2", "submission")}
    assert acts(desk, submission_id).count("submission.filed") == 1
    assert faults(desk) == ()


def test_malware_found_late_quarantines_again(
    desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answer = AWAY
    submission_id = desk.handle(referral(attachments=[PDF]))

    scripted_scanner.answer = Scan(ScanOutcome.FOUND, "Late")
    inspect_and_file(desk.worker_services, submission_id)

    assert {state for state, _ in desk.states(submission_id)} == {"INFECTED"}
    assert ("Q6", "quarantine") in desk.open_items(submission_id)


def test_a_scanner_away_does_not_use_up_the_attempts(
    desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answer = AWAY
    submission_id = desk.handle(referral(attachments=[PDF]))
    for _ in range(5):
        inspect_and_file(desk.worker_services, submission_id)

    scripted_scanner.answer = Scan(ScanOutcome.CLEAN)
    inspect_and_file(desk.worker_services, submission_id)

    assert desk.states(submission_id) == [("CLEAN", "")] * 2


def test_routing_again_changes_nothing(desk: Desk) -> None:
    desk.register()
    submission_id = desk.handle(referral(attachments=[PDF]))
    before = (acts(desk, submission_id), desk.submission(submission_id).case_id)

    inspect_and_file(desk.worker_services, submission_id)

    assert (acts(desk, submission_id), desk.submission(submission_id).case_id) == before
    assert len(desk.items(submission_id)) == 1


def test_workers_that_route_at_once_open_one_case(desk: Desk) -> None:
    desk.register()
    submission_id = desk.open(referral(attachments=[PDF]))

    outcome = run_together(3, lambda _number: inspect_and_file(desk.worker_services, submission_id))

    assert outcome.errors == []
    assert acts(desk, submission_id).count("submission.filed") == 1
    assert len(desk.items(submission_id)) == 1
    with desk.services.database.reading() as session:
        assert session.query(Case).count() == 1


def test_what_is_not_opened_yet_is_left_alone(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.accept(referral())

    inspect_and_file(sqlite_desk.worker_services, submission_id)

    assert sqlite_desk.submission(submission_id).state == "RECEIVED"
    with pytest.raises(NotFound):
        inspect_and_file(sqlite_desk.worker_services, "unknown")


@pytest.mark.parametrize("is_opened", [True, False])
def test_what_failed_for_no_foreseen_reason_is_handed_to_a_person(
    desk: Desk, is_opened: bool
) -> None:
    raw = mail("failing")
    submission_id = desk.open(raw) if is_opened else desk.accept(raw)

    for _ in range(2):
        hand_to_person(desk.worker_services, submission_id)

    assert filed(desk, submission_id) == ("HOLDING", "processing_failed", False)
    kind = "not_inspected" if is_opened else "not_opened"
    assert desk.open_items(submission_id) == {("Q6", kind)}
    assert desk.receipt(submission_id).state == ("due" if is_opened else "suppressed")
    assert faults(desk) == ()


def test_what_has_a_queue_is_not_handed_over(desk: Desk) -> None:
    submission_id = desk.handle(referral())
    before = desk.open_items(submission_id)

    hand_to_person(desk.worker_services, submission_id)

    assert desk.open_items(submission_id) == before
