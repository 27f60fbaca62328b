"""Check filing of real messages and their queues.

Which case, which queue, and the same when repeated.
"""

import pytest

from intake.core.office_clock import due_at
from intake.oversight.verify import verify_storage
from intake.pipeline.inspect_and_file import reason_of_task
from mailbox.demo.eicar import eicar
from storage.cases import cases
from storage.cases.cases import Case
from tests.samples.mail.mails import REGISTERED_SENDER, prepend, referral, tiny_pdf
from tests.samples.mail.mime_ambiguity import MIME_AMBIGUITY
from tests.samples.mail.wire import STRANGER
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.rows import Planter

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


def faults(desk: Desk) -> tuple[str, ...]:
    """Prove conservation."""
    return verify_storage(desk.services).faults


def test_a_registered_senders_referral_opens_a_case(desk: Desk, clock: Clock) -> None:
    desk.register(region="SYD")

    submission_id = desk.handle(referral(attachments=[PDF]))

    assert filed(desk, submission_id) == ("QUEUED", "registered_sender_new_case", True)
    case = case_of(desk, submission_id)
    assert case is not None
    assert (case.region, case.programme) == ("SYD", "referrals")
    assert case.reference != desk.submission(submission_id).reference
    (item,) = desk.items(submission_id)
    assert (item.queue, item.kind, item.priority) == ("Q2", "submission", "normal")
    assert item.due_at == due_at(desk.services.offices, "Q2", clock.now())
    assert faults(desk) == ()


def test_an_unknown_senders_mail_waits_to_be_matched(desk: Desk) -> None:
    submission_id = desk.handle(referral(STRANGER, attachments=[PDF]))

    assert filed(desk, submission_id) == ("HOLDING", "sender_unknown", False)
    assert desk.open_items(submission_id) == {("Q3", "submission")}
    assert desk.submission(submission_id).priority == "unknown"
    assert faults(desk) == ()


def test_a_registered_address_without_proof_is_called_back(desk: Desk) -> None:
    desk.register()
    desk.set_authserv_id("mx.example.org")
    forged = "Authentication-Results: mx.evil.example; dmarc=pass header.from=partner.example"

    submission_id = desk.handle(prepend(referral(), forged))

    assert filed(desk, submission_id) == ("HOLDING", "sender_unverified", False)
    assert desk.open_items(submission_id) == {("Q4", "submission")}
    # The register's entry gives the officer a number to call, and proves nothing about the sender.
    assert desk.submission(submission_id).sender_id is not None


def test_a_stranger_is_in_no_entry_of_the_register(desk: Desk) -> None:
    assert desk.submission(desk.handle(referral(STRANGER))).sender_id is None


@pytest.mark.parametrize("is_case_code", [True, False])
def test_a_reference_in_the_subject_files_to_the_case(desk: Desk, is_case_code: bool) -> None:
    desk.register()
    first = desk.handle(referral())
    case = case_of(desk, first)
    assert case is not None
    code = case.reference if is_case_code else desk.submission(first).reference

    second = desk.handle(referral(subject=f"Komplettering {code.lower()}", token="second"))

    assert filed(desk, second) == ("QUEUED", "registered_sender_and_reference", True)
    assert desk.submission(second).case_id == case.id
    assert faults(desk) == ()


def test_a_reference_in_the_text_files_to_the_case(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral())

    second = desk.handle(referral(token=f"Gäller {desk.submission(first).reference}."))

    assert desk.submission(second).case_id == desk.submission(first).case_id


def test_an_answer_to_our_receipt_files_to_the_case(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral())

    second = desk.handle(referral(token="My answer", in_reply_to=desk.receipt(first).message_id))

    assert filed(desk, second) == ("QUEUED", "registered_sender_and_reference", True)
    assert desk.submission(second).case_id == desk.submission(first).case_id


def test_another_region_learns_nothing_of_a_case(desk: Desk) -> None:
    desk.register(region="STHLM")
    desk.register(COLLEAGUE, region="SYD")
    first = desk.handle(referral())
    code = desk.submission(first).reference

    other = desk.handle(referral(COLLEAGUE, reference=code))

    assert filed(desk, other) == ("HOLDING", "case_of_another_region", False)
    assert desk.open_items(other) == {("Q4", "submission")}


def test_a_stranger_with_a_reference_is_called_back(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral())

    other = desk.handle(referral(STRANGER, reference=desk.submission(first).reference))

    assert filed(desk, other) == ("HOLDING", "sender_names_a_case", False)
    assert desk.open_items(other) == {("Q4", "submission"), ("Q4", "call_back")}


def test_a_reference_of_nothing_waits_for_a_person(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral(reference="K7M-4QX-9T"))

    assert filed(desk, submission_id) == ("HOLDING", "reference_not_known", False)


def test_two_cases_named_in_one_mail_wait_for_a_person(desk: Desk) -> None:
    desk.register()
    codes = [desk.submission(desk.handle(referral(token=f"{n}"))).reference for n in range(2)]

    submission_id = desk.handle(referral(token=" ".join(codes)))

    assert filed(desk, submission_id) == ("HOLDING", "names_several_cases", False)


def test_a_case_of_the_other_programme_is_not_named(desk: Desk, clock: Clock) -> None:
    desk.register()
    with desk.services.database.transaction() as session:
        planter = Planter(session, desk.services.keyring, clock.now())
        code = planter.case(programme="cash").reference

    submission_id = desk.handle(referral(reference=code))

    assert filed(desk, submission_id) == ("HOLDING", "reference_not_known", False)


def test_the_register_says_nothing_in_the_other_programme(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral(), programme="cash")

    assert filed(desk, submission_id) == ("HOLDING", "sender_unknown", False)
    assert {item.programme for item in desk.items(submission_id)} == {"cash"}


@pytest.mark.parametrize(
    ("sender", "queue", "priority"),
    [(REGISTERED_SENDER, "Q1", "emergency"), (STRANGER, "Q3", "unknown")],
)
def test_urgent_words_raise_a_registered_senders_mail_only(
    desk: Desk, sender: str, queue: str, priority: str
) -> None:
    desk.register()

    submission_id = desk.handle(referral(sender, subject="AKUT: omedelbar fara"))

    (item,) = desk.items(submission_id)
    assert (item.queue, item.priority) == (queue, priority)
    assert desk.submission(submission_id).priority == priority


def test_high_importance_raises_a_registered_senders_mail(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral(headers=[("Importance", "High")]))

    assert desk.open_items(submission_id) == {("Q1", "submission")}


def test_a_message_with_malware_is_routed_and_quarantined(desk: Desk) -> None:
    desk.register()

    submission_id = desk.handle(referral(attachments=[("x.txt", "text/plain", eicar())]))

    assert desk.open_items(submission_id) == {("Q2", "submission"), ("Q6", "quarantine")}
    task = next(item for item in desk.items(submission_id) if item.kind == "quarantine")
    # The file that it is in may be closed to whom the queue shows this, so its name is not told.
    assert task.reason == "malware"
    assert faults(desk) == ()


@pytest.mark.parametrize("sample", MIME_AMBIGUITY[:3], ids=lambda sample: sample.name)
def test_an_ambiguous_message_is_held(desk: Desk, sample: object) -> None:
    raw = next(one for one in MIME_AMBIGUITY if one is sample).build()

    submission_id = desk.handle(raw)

    assert not {state for state, _ in desk.states(submission_id)} & {"CLEAN", "ACTIVE"}
    assert ("Q6", "quarantine") in desk.open_items(submission_id)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (["too_deep", "malware:EICAR"], "malware"),
        (["malware_elsewhere_in_message"], "malware"),
        (["pdf_cannot_be_opened"], "documents_held"),
        (["scanner_away", "signatures_stale"], "scanner_away"),
        (["scanner_away", "password_needed"], "documents_held"),
    ],
)
def test_a_task_says_nothing_that_a_single_document_tells(reasons: list[str], told: str) -> None:
    assert reason_of_task(reasons) == told
