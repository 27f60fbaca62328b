"""Sending an answer as the page does, and looking at what left."""

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.correspondence import answers
from intake.correspondence.answers import KINDS, AnswerApproval, AnswerDraft
from intake.correspondence.recipients import AnswerTools
from storage.base import new_id
from storage.crypto.sealing import seal, unseal_bytes
from storage.documents.people import Person
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission, place
from tests.intake.documents.held import Held

CALL = AnswerDraft("call_us", "sv")


def reference_of(held: Held) -> str:
    """Return the reference of a submission."""
    with held.services.database.reading() as session:
        return session.get_one(Submission, held.submission_id).reference


def send(
    office: AnswerTools,
    officer: SignedInUser,
    held: Held,
    draft: AnswerDraft = CALL,
    *,
    kind: str = "ANS1",
    is_read: bool = False,
) -> None:
    """Send exactly what a preview shows."""
    reference = reference_of(held)
    shown = answers.preview_answer(
        office, gate.submission_to_change(office.services, officer, reference), draft
    ).answer.digest
    answers.send_answer(
        office,
        gate.submission_to_change(office.services, officer, reference),
        draft,
        AnswerApproval(kind, shown, is_read),
    )


def sent(held: Held) -> list[OutboxMessage]:
    """Return the answers of a submission."""
    with held.services.database.reading() as session:
        rows = outbox.of_submission(session, held.submission_id)
    return [row for row in rows if row.kind in KINDS]


def raw_of(held: Held, row: OutboxMessage) -> bytes:
    """Return a message as it would leave."""
    with held.services.database.reading() as session:
        key = held.services.keyring.open(session, row.data_key_id)
    return unseal_bytes(key, place("outbox", "content", row.id), row.content or b"")


def name_person(held: Held, name: str) -> None:
    """Let a submission name a person."""
    with held.services.database.transaction() as session:
        submission = session.get_one(Submission, held.submission_id)
        key = held.services.keyring.open(session, submission.data_key_id)
        person_id = new_id()
        session.add(
            Person(
                id=person_id,
                submission_id=submission.id,
                data_key_id=key.id,
                name=seal(key, place("people", "name", person_id), name),
                born=seal(key, place("people", "born", person_id), ""),
                added_at=held.services.now(),
            )
        )
