"""Note what an officer was told about a referral, and let readings fill what is not known.

Any officer of the desk may note an answer; each one is kept, and the newest counts. The audit trail
says how many answers were noted, never which: they tell of health, children and whereabouts. A
reading never replaces an answer: where it says otherwise, the page asks.
"""

from typing import TYPE_CHECKING, Any

from intake.access import derived, edit_conflicts
from intake.cases import completeness
from intake.cases.known import fields, noted_answers
from intake.cases.known.fields import WHO_SAID_IT, KnownField, ToldAnswer, ToldInvalid, TypedAnswers
from intake.core import audit, office_clock
from intake.core.errors import Conflict, NotFound
from intake.triage.known import known_facts
from intake.triage.known.readings import answers_of
from storage.audit_acts import Act
from storage.documents import extracted_values
from storage.documents.documents import Document
from storage.documents.extracted_values import ValueState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.known.known_facts import KnownFacts
    from storage.database import Session
    from storage.documents.extracted_values import ExtractedValue
    from storage.submissions.submissions import Submission

# In the detail of audit events: the ids of the answers that an act noted.
NOTED, FILLED = "told", "filled"


def tell(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    typed: TypedAnswers,
    *,
    seen_version: int | None = None,
) -> int:
    """Note what differs from what is known already; return how many answers that were.

    Raises NotFound, ToldInvalid, and ChangedMeanwhile when a colleague noted something since.
    """
    now = services.now()
    answers = fields.checked_answers(typed, office_clock.office_day(services.offices, now))
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        known = _known(services, session, opened.user, submission)
        changed = _changed(known, answers)
        if not changed:
            return 0
        contact = changed.get(KnownField.SAFE_CONTACT)
        if contact is not None and not contact.said_by:
            raise ToldInvalid({"said_by": WHO_SAID_IT})
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.TOLD_FACTS, seen_version
        )
        _note(services, session, opened.user, submission, changed)
        return len(changed)


def answer_question(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    value_id: str,
    field: KnownField,
    *,
    takes_reading: bool,
) -> None:
    """ToldAnswer whether what stands is kept, or what a confirmed reading says is taken.

    Raises NotFound for a reading that the user may not see, and Conflict when it asks nothing.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        value = extracted_values.by_id(session, value_id)
        document = session.get(Document, value.document_id) if value is not None else None
        if value is None or document is None or document.submission_id != submission.id:
            raise NotFound
        derived.require_value(services, session, opened.user, submission, value)
        known = _known(services, session, opened.user, submission)
        reads = _answers(services, session, submission, value).get(field)
        stands = known.answers.get(field)
        is_asked = value.state == ValueState.CONFIRMED and (field, value_id) not in known.answered
        if not is_asked or reads is None or stands is None or stands.answer.value == reads:
            raise Conflict
        answer = ToldAnswer(reads) if takes_reading else stands.answer
        _note(
            services, session, opened.user, submission, {field: answer},
            value=value, is_read=takes_reading,
        )  # fmt: skip


def fill(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    value: "ExtractedValue",
) -> dict[str, list[str]]:
    """Fill what nobody has told from a confirmed reading; return the audit detail of it."""
    known = _known(services, session, user, submission)
    key = services.keyring.open(session, submission.data_key_id)
    ids = [
        noted_answers.note(
            session, submission, key, field, ToldAnswer(answer), by=user.id, at=services.now(),
            reading_id=value.id, document_id=value.document_id,
        )
        for field, answer in _answers(services, session, submission, value).items()
        if field not in known.answers
    ]  # fmt: skip
    if ids and submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
    return {FILLED: ids} if ids else {}


def take_back(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    detail: "dict[str, Any]",  # Any: an audited act's codes and numbers
) -> None:
    """Take back the answers that an audited act noted or filled in."""
    ids = [str(each) for name in (NOTED, FILLED) for each in detail.get(name, [])]
    if ids:
        noted_answers.end(session, submission.id, ids, user.id, services.now())


def _note(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    answers: dict[KnownField, ToldAnswer],
    *,
    value: "ExtractedValue | None" = None,
    is_read: bool = False,
) -> None:
    key = services.keyring.open(session, submission.data_key_id)
    ids = [
        noted_answers.note(
            session, submission, key, field, answer, by=user.id, at=services.now(),
            reading_id=value.id if value is not None else None,
            document_id=value.document_id if value is not None and is_read else None,
        )
        for field, answer in answers.items()
    ]  # fmt: skip
    if submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
    audit.note(
        services,
        session,
        user,
        Act.FACTS_TOLD,
        ("submission", submission.id),
        {"known": len(ids), NOTED: ids},
    )


def _known(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> "KnownFacts":
    key = services.keyring.open(session, submission.data_key_id)
    seen = derived.visibilities_to_change(services, session, user, submission)
    return known_facts.known_of(services, session, submission, key, seen)


def _changed(
    known: "KnownFacts", answers: dict[KnownField, ToldAnswer]
) -> dict[KnownField, ToldAnswer]:
    """Return the answers that are new; the safe contact also when somebody says it once more."""
    changed = {field: each for field, each in answers.items() if _is_new(known, field, each)}
    contact = answers.get(KnownField.SAFE_CONTACT)
    if not changed and contact is not None and contact.said_by:
        return {KnownField.SAFE_CONTACT: contact}
    return changed


def _is_new(known: "KnownFacts", field: KnownField, answer: ToldAnswer) -> bool:
    stands = known.answers.get(field)
    if stands is None:
        return True
    return (stands.answer.value, stands.answer.detail) != (answer.value, answer.detail)


def _answers(
    services: "Services", session: "Session", submission: "Submission", value: "ExtractedValue"
) -> dict[KnownField, str]:
    key = services.keyring.open(session, submission.data_key_id)
    said = extracted_values.value_of(key, value)
    return answers_of(value.kind, str(value.place.get("fact", "")), said)
