"""Read what an officer typed into a mail or a confirmation, before taking it back deletes it.

It stands in its form again, so that who sees a slip after sending corrects it and types nothing
twice. Only who typed it gets it; until then it stays sealed where it was, and nowhere else.
"""

import email
import json
from dataclasses import dataclass, field
from email.policy import SMTP
from typing import TYPE_CHECKING

from intake.access.edit_conflicts import PERSON
from intake.correspondence.answers import OWN_WORDS
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.crypto.sealing import unseal, unseal_bytes
from storage.documents import documents, quarantine
from storage.documents.quarantine import QuarantineActKind
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

    Reader = Callable[[Services, Session, SignedInUser, Submission, str], dict[str, str] | None]

OF_PAPER = ("next_step", "next_step_on", "deputy", "remark")


@dataclass(frozen=True)
class TypedAgain:
    """What stood in the form of a mail or a confirmation that was taken back.

    `fields` are {name of the field: text}, and for another copy {id of the document: reason}, in
    the order in which they were asked for.
    """

    kind: MailKind
    fields: dict[str, str] = field(repr=False)


def typed_into(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    code: str,
) -> TypedAgain | None:
    """Return what a user typed into the mail of a code, or its paper; None when another wrote it.

    The caller takes it back in the same transaction.
    """
    kind = next((each for each in READ if code.startswith(each)), None)
    fields = READ[kind](services, session, user, submission, code) if kind is not None else None
    return TypedAgain(kind, fields) if kind is not None and fields is not None else None


def _of_answer(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    code: str,
) -> dict[str, str] | None:
    subject, mail = ("submission", submission.id), _mail(session, submission, code)
    acts = audit_trail.newest_acts(session, subject, [Act.ANSWER_SENT], by=PERSON)
    sent = next((event for event in acts if event.detail.get("kind") == code), None)
    if sent is None or sent.actor != user.actor or mail is None or mail.content is None:
        return None
    first, length = sent.detail.get(OWN_WORDS, (0, 0))
    key = services.keyring.open(session, mail.data_key_id)
    written = unseal_bytes(key, place("outbox", "content", mail.id), mail.content)
    return {
        "code": str(sent.detail["answer"]),
        "answer_language": str(sent.detail["language"]),
        "more": _text_of(written)[first : first + length],
    }


def _of_paper(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    _code: str,
) -> dict[str, str] | None:
    papers = confirmations.of_submission(session, submission.id)
    paper = next((row for row in reversed(papers) if row.kind == PaperKind.CONFIRMATION), None)
    if paper is None or paper.user_id != user.id:
        return None
    key = services.keyring.open(session, submission.data_key_id)
    content = unseal_bytes(key, place("confirmations", "content", paper.id), paper.content)
    promise = json.loads(content)["promise"]
    return {name: promise[name] or "" for name in OF_PAPER}


def _of_another_copy(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    code: str,
) -> dict[str, str] | None:
    mail = _mail(session, submission, code)
    if mail is None:
        return None
    key = services.keyring.open(session, submission.data_key_id)
    ids = [row.id for row in documents.of_submission(session, submission.id)]
    acts = [
        act
        for of_one in quarantine.acts_on_many(session, ids).values()
        for act in of_one
        if act.act == QuarantineActKind.ASK_TO_RESEND
        and act.at >= mail.created_at
        and act.user_id == user.id
    ]
    return {
        act.document_id: unseal(key, place("quarantine_acts", "reason", act.id), act.reason)
        for act in sorted(acts, key=lambda act: (act.at, ids.index(act.document_id)))
    } or None


def _mail(session: "Session", submission: "Submission", code: str) -> "OutboxMessage | None":
    rows = outbox.of_submission(session, submission.id)
    return next((row for row in rows if row.kind == code), None)


def _text_of(message: bytes) -> str:
    """Return the text of a mail of ours as it was before it was composed."""
    body = email.message_from_bytes(message, policy=SMTP).get_body(("plain",))
    text: str = body.get_content() if body is not None else ""
    return text.replace("\r\n", "\n")


READ: "dict[MailKind, Reader]" = {
    MailKind.ANSWER: _of_answer,
    MailKind.CONFIRMATION: _of_paper,
    MailKind.RESEND_REQUEST: _of_another_copy,
}
